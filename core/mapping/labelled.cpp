// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/labelled.h"

#include <algorithm>

namespace core::mapping {

namespace {

bool isKnown(const std::optional<Shape>& shape)
{
    return shape && std::all_of(shape->begin(), shape->end(), [](std::int64_t size) { return size > 0; });
}

int firstInput(const Model& model)
{
    const std::vector<int> inputs = model.inputOps();
    return inputs.empty() ? -1 : inputs.front();
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
        result.push_back(layers::inputValue(model, index, isKnown(own) ? *own : shape));
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
    result.model = layers::withParameterAxes(std::move(model), result.values);
    return result;
}

Shape shapeInLayout(const Shape& shape, const Model& from, int fromOp, const Model& to, int toOp)
{
    Shape sizes = layers::inputValue(from, fromOp, shape).shape;
    const Axes axes = layers::inputValue(from, fromOp, shape).axes, wanted = layers::inputValue(to, toOp, shape).axes;
    const Shape result = layers::reordered(sizes, axes, wanted);
    return Shape(result.begin() + 1, result.end());
}

std::optional<layers::Value> inLayout(const std::optional<layers::Value>& value, Framework framework)
{
    if (!value || value->axes.size() != value->shape.size())
        return value;
    const Axes axes = layers::inLayoutOf(framework, value->axes);
    return layers::Value{layers::reordered(value->shape, value->axes, axes), axes};
}

std::int64_t axisInLayout(std::int64_t axis, const std::optional<layers::Value>& input, Framework to)
{
    if (!input)
        return axis;
    const auto rank = static_cast<std::int64_t>(input->axes.size());
    const std::int64_t absolute = axis < 0 ? axis + rank : axis;
    const Axes there = layers::inLayoutOf(to, input->axes);
    if (absolute < 0 || absolute >= rank || there == input->axes)
        return axis;
    const int position = indexOf(there, input->axes[static_cast<std::size_t>(absolute)].name);
    return position < 0 ? axis : position;
}

std::optional<Shape> inputShapeFor(const Model& model, const Model* twin)
{
    if (isKnown(model.inputShape))
        return model.inputShape;
    if (twin && isKnown(twin->inputShape))
        return shapeInLayout(*twin->inputShape, *twin, firstInput(*twin), model, firstInput(model));
    return model.wired ? layers::guessInputShape(model) : std::nullopt;
}

}
