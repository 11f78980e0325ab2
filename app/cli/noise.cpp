// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/noise.h"

#include "core/layers/kind.h"

#include <cmath>
#include <numbers>
#include <random>

namespace app {

using core::Framework;
using core::Shape;
using core::Tensor;

Tensor inLayoutOf(Framework framework, const Tensor& labelled, const Shape& inputShape)
{
    Shape shape{labelled.shape().front()};
    shape.insert(shape.end(), inputShape.begin(), inputShape.end());
    return labelled.relabelled(shape, core::layers::inputValue(framework, inputShape).axes);
}

Tensor noise(Framework framework, const Shape& inputShape, unsigned seed)
{
    std::mt19937 generator(seed);
    const auto uniform = [&] { return (static_cast<double>(generator()) + 0.5) / 4294967296.0; };
    std::vector<float> values(static_cast<std::size_t>(core::elementCount(inputShape)));
    for (std::size_t i = 0; i < values.size(); i += 2) {
        const double radius = std::sqrt(-2 * std::log(uniform())), angle = 2 * std::numbers::pi * uniform();
        values[i] = static_cast<float>(radius * std::cos(angle));
        if (i + 1 < values.size())
            values[i + 1] = static_cast<float>(radius * std::sin(angle));
    }
    Shape shape{1};
    shape.insert(shape.end(), inputShape.begin(), inputShape.end());
    if (inputShape.size() != 3 || framework != Framework::Keras)
        return Tensor::fromFloats(shape, values, core::layers::inputValue(framework, inputShape).axes);
    const Tensor drawn = Tensor::fromFloats({1, inputShape[2], inputShape[0], inputShape[1]}, values, core::axesOf("NCHW"));
    return inLayoutOf(framework, drawn, inputShape);
}

}
