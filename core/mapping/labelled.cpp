// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/labelled.h"

#include <algorithm>

namespace core::mapping {

namespace {

bool isKnown(const std::optional<Shape>& shape)
{
    return shape && std::all_of(shape->begin(), shape->end(), [](std::int64_t size) { return size > 0; });
}

/// One value for each input op: its own shape when it tells one, else the model's.
std::vector<layers::Value> inputValues(const Model& model, const Shape& shape)
{
    std::vector<layers::Value> result;
    for (const int index : model.inputOps()) {
        const Attributes& attributes = model.ops[static_cast<std::size_t>(index)].attributes;
        std::optional<Shape> own;
        if (!result.empty() && attributes.has("shape"))
            own = attributes.integers("shape");
        result.push_back(layers::inputValue(model.framework, isKnown(own) ? *own : shape));
    }
    return result;
}

}

Labelled labelled(Model model, const std::optional<Shape>& inputShape)
{
    Labelled result;
    result.values.resize(model.ops.size());
    if (model.wired && isKnown(inputShape))
        result.values = layers::inferValues(model, inputValues(model, *inputShape));
    const bool hasLabels =
        std::any_of(model.parameters.begin(), model.parameters.end(), [](const Parameter& p) { return !p.axes.empty(); });
    if (model.wired || !hasLabels)
        model = layers::withParameterAxes(std::move(model), result.values);
    result.model = std::move(model);
    return result;
}

Shape shapeInLayout(const Shape& shape, Framework from, Framework to)
{
    if (shape.size() != 3 || from == to)
        return shape;
    if (to == Framework::Keras)
        return {shape[1], shape[2], shape[0]};
    return from == Framework::Keras ? Shape{shape[2], shape[0], shape[1]} : shape;
}

std::optional<layers::Value> inLayout(const std::optional<layers::Value>& value, Framework framework)
{
    if (!value || value->axes.size() != 4 || value->shape.size() != 4)
        return value;
    layers::Value result = layers::inputValue(framework, {1, 1, 1});
    for (std::size_t d = 0; d < result.axes.size(); ++d) {
        const int position = indexOf(value->axes, result.axes[d].name);
        if (position < 0)
            return value;
        result.shape[d] = value->shape[static_cast<std::size_t>(position)];
    }
    return result;
}

std::int64_t axisInLayout(std::int64_t axis, const std::optional<layers::Value>& input, Framework to)
{
    if (!input || input->axes.size() != 4)
        return axis;
    const auto rank = static_cast<std::int64_t>(input->axes.size());
    const std::int64_t absolute = axis < 0 ? axis + rank : axis;
    if (absolute < 0 || absolute >= rank)
        return axis;
    const int position = indexOf(layers::inputValue(to, {1, 1, 1}).axes, input->axes[static_cast<std::size_t>(absolute)].name);
    return position < 0 ? axis : position;
}

std::optional<Shape> inputShapeFor(const Model& model, const Model* twin)
{
    if (isKnown(model.inputShape))
        return model.inputShape;
    if (twin && isKnown(twin->inputShape))
        return shapeInLayout(*twin->inputShape, twin->framework, model.framework);
    return model.wired ? layers::guessInputShape(model) : std::nullopt;
}

}
