// SPDX-License-Identifier: GPL-3.0-or-later
// Input shapes that a file leaves open: told by the twin, or by the arrays that are to be run.
#include "core/session/shapes.h"

#include "core/layers/kind.h"
#include "core/mapping/inputs.h"
#include "core/mapping/labelled.h"
#include "core/session/arrays.h"

#include <algorithm>

namespace core::session {

namespace {

using engines::ModelInput;

bool isKnown(const std::optional<Shape>& shape)
{
    return shape && std::all_of(shape->begin(), shape->end(), [](std::int64_t size) { return size > 0; });
}

/// Whether all that can run at all can run on inputs of this shape.
bool runs(const Model& model, const Shape& shape)
{
    const layers::Value input = layers::inputValue(model, shape);
    std::map<int, std::string> problems;
    layers::inferValues(model, std::span(&input, 1), &problems);
    return std::all_of(problems.begin(), problems.end(),
                       [&](const auto& problem) { return !model.ops[static_cast<std::size_t>(problem.first)].unsupported.empty(); });
}

void setShape(Model& model, const ModelInput& input, const Shape& shape)
{
    if (input.op == model.inputOps().front())
        model.inputShape = shape;
    else
        model.ops[static_cast<std::size_t>(input.op)].attributes.set("shape", shape);
}

}

Model withShapesOf(const std::vector<InputArray>& arrays, Model model)
{
    const std::vector<ModelInput> inputs = engines::inputsOf(model);
    for (std::size_t i = 0; i < std::min(inputs.size(), arrays.size()); ++i) {
        if (isKnown(inputs[i].shape) || arrays[i].values.isNull())
            continue;
        for (const Reading& reading : readings(arrays[i], model, inputs[i].op))
            if ((!inputs[i].shape || matches(reading.shape, *inputs[i].shape)) && (inputs.size() > 1 || runs(model, reading.shape))) {
                setShape(model, inputs[i], reading.shape);
                break;
            }
    }
    return model;
}

Model withShapesOf(const Model& twin, Model model)
{
    const std::vector<ModelInput> inputs = engines::inputsOf(model), theirs = engines::inputsOf(twin);
    if (inputs.size() < 2 || inputs.size() != theirs.size())
        return model;
    for (const auto& [ours, their] : mapping::pairedInputs(model, twin, {})) {
        const auto of = [](const std::vector<ModelInput>& list, int op) {
            return *std::find_if(list.begin(), list.end(), [op](const ModelInput& input) { return input.op == op; });
        };
        const ModelInput input = of(inputs, ours);
        if (const auto known = of(theirs, their).shape; !isKnown(input.shape) && isKnown(known))
            setShape(model, input, mapping::shapeInLayout(*known, twin, their, model, ours));
    }
    return model;
}

}
