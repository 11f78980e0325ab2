// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/kind.h"

#include <algorithm>
#include <cmath>

namespace core::layers {

namespace {

bool fits(const Model& model, const Shape& shape)
{
    std::map<int, std::string> problems;
    const Value value = inputValue(model, shape);
    inferValues(model, std::span(&value, 1), &problems);
    return problems.empty();
}

Shape image(Framework framework, std::int64_t channels, std::int64_t size)
{
    return framework == Framework::Keras ? Shape{size, size, channels} : Shape{channels, size, size};
}

/// Square, of as many dimensions as the op takes; of two where it does not tell.
Shape imageFor(const Op& op, Framework framework, std::int64_t channels, std::int64_t size)
{
    const Kind* known = kind(op.kind);
    for (std::size_t rank = 3; known && known->inputAxes && rank <= 5; ++rank) {
        Shape result;
        for (const char letter : known->inputAxes(op, framework, rank))
            if (letter != 'N')
                result.push_back(letter == 'C' ? channels : size);
        if (!result.empty())
            return result;
    }
    return image(framework, channels, size);
}

std::optional<Shape> squareImage(const Model& model, const Op& op, std::int64_t channels)
{
    constexpr std::int64_t usual = 28, largest = 512;
    if (const Shape shape = imageFor(op, model.framework, channels, usual); fits(model, shape))
        return shape;
    for (std::int64_t size = 1; size <= largest; ++size)
        if (const Shape shape = imageFor(op, model.framework, channels, size); fits(model, shape))
            return shape;
    return {};
}

/// A flattened input of that many values: a grey or a coloured square picture, else a plain vector.
Shape unflattened(Framework framework, std::int64_t features)
{
    for (const std::int64_t channels : {1, 3}) {
        const auto size = static_cast<std::int64_t>(std::llround(std::sqrt(static_cast<double>(features / channels))));
        if (size > 1 && size * size * channels == features)
            return image(framework, channels, size);
    }
    return {features};
}

}

std::optional<Shape> guessInputShape(const Model& model)
{
    if (model.inputShape && std::find(model.inputShape->begin(), model.inputShape->end(), -1) == model.inputShape->end())
        return model.inputShape;
    bool flat = false;
    for (const Op& op : model.ops) {
        const Kind* k = kind(op.kind);
        flat = flat || (k && k->flattens);
        if (!k || !k->roles)
            continue;
        if (k->effect == Effect::Images)
            return squareImage(model, op, parameterAxis(model, op, "i") * op.attributes.integer("groups", 1));
        constexpr std::int64_t steps = 8; // of a sequence, where any number will do
        if (k->indexes)
            return fits(model, {steps}) ? std::optional(Shape{steps}) : std::nullopt;
        if (k->effect == Effect::Makes) {
            const std::int64_t features = parameterAxis(model, op, "i");
            const Shape shape = flat ? unflattened(model.framework, features) : Shape{features};
            if (features > 0 && fits(model, shape))
                return shape;
            return features > 0 && !flat && fits(model, {steps, features}) ? std::optional(Shape{steps, features}) : std::nullopt;
        }
        if (const std::int64_t channels = parameterAxis(model, op, "o"); channels > 0 && !flat) {
            if (const auto shape = squareImage(model, op, channels))
                return shape;
            return fits(model, {channels}) ? std::optional(Shape{channels}) : std::nullopt;
        }
    }
    return {};
}

}
