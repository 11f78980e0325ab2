// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json/json.h"
#include "core/model/model.h"
#include "core/report/documents.h"

namespace core::report {

/// Parts that several documents share.
Json document(std::string_view command);
Json fileJson(const Model& model);
Json notesJson(const std::vector<Note>& notes);
Json messagesJson(const std::vector<Message>& messages);
Json shapeJson(const Shape& shape); ///< unknown sizes as null
Json shapesJson(const std::vector<Shape>& shapes);
Json attributesJson(const Attributes& attributes);
/// Nested lists of a float32 tensor, outermost axis first.
Json nestedJson(const Tensor& tensor);
Json inputJson(const InputInfo& input, bool pair);
/// A figure over the finite values: NaN where there are none.
double figureOf(const Statistics& statistics, double figure);
struct Summary;
Json summaryJson(const Summary& summary);
Json assumedJson(const std::optional<mapping::Assumption>& assumed); ///< null where nothing is
/// An empty text is null.
Json textOrNull(const std::string& text);

/// Class name of an op's layer, or the op's own kind where it is an inner one.
std::string shownKind(const Model& model, const Op& op);
/// The layers whose values flow into a layer, each once.
std::vector<std::string> inputLayers(const Model& model, std::string_view layer);
/// Shape of each layer's last value, batch as -1; layers that cannot be inferred are missing.
std::map<std::string, Shape> outputShapes(const Model& model);

}
