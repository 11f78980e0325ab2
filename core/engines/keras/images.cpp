// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/keras/setting.h"
#include "core/engines/kernels/mixing.h"
#include "core/layers/resampling.h"
#include "core/layers/window.h"

#include <algorithm>

namespace core::engines {

namespace {

using Along = void (*)(const float*, const kernels::Around&, const kernels::Mixing&, float*);

/// What is done along one dimension of an image.
struct Pass
{
    kernels::Around axis;
    layers::Mixing mixing;
};

std::vector<Pass> passesOf(const layers::Value& input, std::size_t first, std::vector<layers::Mixing> mixings)
{
    std::vector<Pass> passes;
    Shape shape = input.shape;
    for (std::size_t d = 0; d < mixings.size(); ++d) {
        const auto axis = shape.begin() + static_cast<std::ptrdiff_t>(first + d);
        passes.push_back({{elementCount(Shape(shape.begin(), axis)), *axis, elementCount(Shape(axis + 1, shape.end()))}, mixings[d]});
        *axis = mixings[d].count();
    }
    return passes;
}

/// One dimension of the image after the other, wherever its channels lie.
Computation alongEach(const Setting& s, const layers::Picture& picture, std::vector<layers::Mixing> mixings, Along along)
{
    const std::vector<Pass> passes = passesOf(s.input, picture.first, std::move(mixings));
    std::int64_t between = 0; // elements of the largest value between two passes
    for (std::size_t i = 1; i < passes.size(); ++i)
        between = std::max(between, passes[i].axis.outer * passes[i].axis.size * passes[i].axis.inner);
    return one(
        [=](const float* in, float* out, float* scratch) {
            for (std::size_t i = 0; i < passes.size(); ++i) {
                const auto& [axis, mixing] = passes[i];
                float* to = i + 1 == passes.size() ? out : scratch + static_cast<std::int64_t>(i % 2) * between;
                along(in, axis, {mixing.first.data(), mixing.from.data(), mixing.weights.data(), mixing.count()}, to);
                in = to;
            }
        },
        2 * between);
}

Computation resize(const Setting& s)
{
    const auto picture = layers::pictureOf(s.op, s.input, s.input.shape.size() - 2);
    return alongEach(s, picture, layers::resamplingOf(s.op, picture.sizes), kernels::mix);
}

constexpr Maker table[] = {
    {"resize", resize},
};

}

std::span<const Maker> imageMakers()
{
    return table;
}

}
