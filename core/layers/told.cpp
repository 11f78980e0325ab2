// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/told.h"

#include "core/layers/kind.h"

#include <algorithm>

namespace core::layers {

std::vector<std::optional<Shape>> toldShapes(const Model& model)
{
    std::vector<std::optional<Shape>> shapes;
    for (const int index : model.inputOps()) {
        const Attributes& settings = model.ops[static_cast<std::size_t>(index)].attributes;
        if (shapes.empty() && model.inputShape)
            shapes.push_back(model.inputShape);
        else
            shapes.push_back(settings.has("shape") ? std::optional<Shape>(settings.integers("shape")) : std::nullopt);
    }
    return shapes;
}

Values toldValues(const Model& model, std::map<int, std::string>* problems)
{
    if (!model.wired)
        return Values(model.ops.size());
    const std::vector<std::optional<Shape>> shapes = toldShapes(model);
    const std::vector<int> inputOps = model.inputOps();
    std::vector<Value> inputs(shapes.size());
    for (std::size_t i = 0; i < shapes.size(); ++i)
        if (shapes[i] && std::all_of(shapes[i]->begin(), shapes[i]->end(), [](std::int64_t size) { return size >= 0; }))
            inputs[i] = inputValue(model, inputOps[i], *shapes[i]);
    return inferValues(model, inputs, problems);
}

}
