// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/progress.h"
#include "core/formats/write.h"
#include "core/mapping/mapping.h"

namespace core::convert {

enum class OutputKind { StateDict, KerasH5 };
std::string_view name(OutputKind kind); ///< "state-dict", "h5"

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
    OutputKind kind = OutputKind::KerasH5;
    std::vector<Change> changes;
    std::vector<Message> warnings;
};

/// Warnings tell what the written model will compute otherwise than the source. Throws Error("convert-...") when a parameter of the twin
/// gets no values (named), or the kind does not fit the twin's framework.
Plan plan(std::shared_ptr<const Model> source, std::shared_ptr<const Model> twin, const mapping::Mapping& mapping, bool sourceOnLeft,
          OutputKind kind);

/// The tensors that will be written, in the twin's order.
formats::NamedTensors convertedTensors(const Plan& plan, const Progress& progress = Progress());

/// Writes `path` (never a source file: Error("convert-same-file")).
void write(const Plan& plan, const std::string& path, const Progress& progress = Progress());

struct Proof
{
    bool reopened = false;
    bool bitwise = false;
    std::optional<bool> inverse;
    std::map<std::string, bool> tensors; ///< by target parameter name: bit for bit
    int samples = 0;
    double maxAbs = 0, scaledMax = 0, argmaxAgreement = 1;
    bool outputsCompared = false;
    std::vector<Message> remarks;
    bool
    holds(double tolerance) const; ///< reopened, bitwise, inverse not false, outputs (if compared) within tolerance and argmax agreeing
};

/// Opens the written file again, compares every tensor bit for bit (and back through the inverse), and runs source and written model on
/// `inputs` (one for each sample, in the source's layout, labelled, batch first; may be empty; what has no wiring takes the other's).
Proof prove(const Plan& plan, const std::string& path, const std::vector<Tensor>& inputs, const Progress& progress = Progress());

}
