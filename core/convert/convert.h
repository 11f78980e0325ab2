// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/progress.h"
#include "core/convert/proof.h"
#include "core/convert/translate.h"
#include "core/formats/writers.h"
#include "core/mapping/mapping.h"

namespace core::convert {

/// What a file name's ending promises: the kind that is usual for it, also "npz", "safetensors" and what is not written ("onnx"); empty for
/// one that promises nothing. ".weights.h5" is no ".h5".
std::string_view promisedKind(std::string_view path);
/// Whether a file of that name may be of that kind: it promises it, or nothing.
bool mayBe(std::string_view path, std::string_view kind);
/// Throws Error("convert-ending") when the name promises another kind than `kind`.
void checkEnding(const std::string& path, std::string_view kind);

/// One row of "what will change": a parameter of the twin (in its order), or a link of layers without weights.
struct Change
{
    std::vector<std::string> fromLayers, toLayers;
    std::vector<std::string> from, to; ///< parameter names; empty for a layer without weights
    std::string rule;
    std::vector<Shape> fromShapes, toShapes;
    std::uint64_t bytes = 0;
};

/// What a conversion would write: weights of `source` in the architecture and under the names of `twin`. Both with labelled parameter axes
/// (session::prepared, session::Pair).
struct Plan
{
    std::shared_ptr<const Model> source, twin;
    mapping::Mapping mapping;
    bool sourceOnLeft = true;
    const formats::Writer* writer = nullptr;
    std::vector<Change> changes;
    std::vector<Message> warnings;
    bool isTranslated = false; ///< the twin was made from the source; no file has it
};

/// Warnings tell what the written model will compute otherwise than the source. Throws Error("convert-...") when a parameter of the twin
/// gets no values (named), or the writer does not fit the twin.
Plan plan(std::shared_ptr<const Model> source, std::shared_ptr<const Model> twin, const mapping::Mapping& mapping, bool sourceOnLeft,
          const formats::Writer& writer);

/// The same with a twin made from the source; the translation's notes are warnings.
Plan plan(const Translation& translation, const formats::Writer& writer);

/// The tensors that will be written, in the twin's order.
formats::NamedTensors convertedTensors(const Plan& plan, const Progress& progress = Progress());

/// A conversion that was carried out: all that text, documents, pages and the window say of it.
struct Conversion
{
    Result result = Result::Written;
    std::string path;                  ///< of the file that was written
    std::string sha256;                ///< of its bytes; empty when nothing was put in place
    std::string program;               ///< path of the text beside it that tells the network; empty where none was written
    std::vector<Message> remarks = {}; ///< why none was
    std::uint64_t fileSize = 0;
    std::optional<Proof> proof;
    double tolerance = 1e-5;
};

/// Writes `path`, proves what was written before it takes its place where `wish` asks for it, and puts it there unless the proof failed:
/// then, and when it is cancelled, a file that is there stays as it is. Throws Error: what cannot be read or written, "convert-same-file",
/// "convert-ending".
Conversion convert(const Plan& plan, const std::string& path, const std::optional<ProofWish>& wish, const Progress& progress = Progress());

}
