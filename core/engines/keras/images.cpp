// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/keras/extents.h"
#include "core/engines/keras/setting.h"
#include "core/engines/kernels/mixing.h"
#include "core/layers/padding.h"
#include "core/layers/pixelshuffle.h"
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

/// Of the dimensions that are padded, wherever the channels lie: those before them are a batch, those behind them channels.
Computation pad(const Setting& s)
{
    const auto [place, pads] = layers::paddedPlaces(s.op, s.input);
    const auto first = s.input.shape.begin() + static_cast<std::ptrdiff_t>(place);
    const auto last = first + static_cast<std::ptrdiff_t>(pads.size() / 2);
    const kernels::Image image{elementCount(Shape(s.input.shape.begin(), first)), extent(Ints(first, last)),
                               elementCount(Shape(last, s.input.shape.end()))};
    const auto [before, after] = sides(pads);
    const auto beyond = beyondOf(s.op.attributes.string("padding_mode", "zeros"));
    const auto value = static_cast<float>(s.op.attributes.real("value", 0.0));
    return one([=, front = before, back = after](const float* in, float* out, float*) {
        kernels::pad(in, image, front, back, beyond, value, out);
    });
}

template <Along Function>
Computation adaptivePool(const Setting& s)
{
    const auto picture = layers::pictureOf(s.op, s.input, s.input.shape.size() - 2);
    const Ints output = s.op.attributes.integers("output", picture.sizes.size());
    std::vector<layers::Mixing> windows;
    for (std::size_t d = 0; d < output.size(); ++d)
        windows.push_back(layers::evenWindows(picture.sizes[d], output[d]));
    return alongEach(s, picture, std::move(windows), Function);
}

Computation shuffle(const Setting& s)
{
    const auto [from, order] = layers::shuffleOf(s.op, s.input);
    Shape strides(from.size()), sizes, steps;
    std::int64_t next = 1;
    for (std::size_t d = from.size(); d-- > 0; next *= from[d])
        strides[d] = next;
    for (const std::size_t d : order) {
        sizes.push_back(from[d]);
        steps.push_back(strides[d]);
    }
    return one([=](const float* in, float* out, float*) {
        kernels::stretch(in, sizes.data(), steps.data(), static_cast<int>(sizes.size()), out);
    });
}

Computation centerCrop(const Setting& s)
{
    const auto picture = layers::pictureOf(s.op, s.input, 2);
    const Ints output = s.op.attributes.integers("output", 2);
    std::vector<layers::Mixing> rows;
    for (std::size_t d = 0; d < output.size(); ++d) {
        layers::Mixing kept;
        for (std::int64_t k = 0, first = (picture.sizes[d] - output[d]) / 2; k < output[d]; ++k) {
            kept.from.push_back(first + k);
            kept.weights.push_back(1);
            kept.first.push_back(k + 1);
        }
        rows.push_back(std::move(kept));
    }
    return alongEach(s, picture, std::move(rows), kernels::mix);
}

constexpr Maker table[] = {
    {"adaptiveavgpool1d", adaptivePool<kernels::mix>},
    {"adaptiveavgpool2d", adaptivePool<kernels::mix>},
    {"adaptiveavgpool3d", adaptivePool<kernels::mix>},
    {"adaptivemaxpool1d", adaptivePool<kernels::highest>},
    {"adaptivemaxpool2d", adaptivePool<kernels::highest>},
    {"adaptivemaxpool3d", adaptivePool<kernels::highest>},
    {"pixelshuffle", shuffle},
    {"pixelunshuffle", shuffle},
    {"channelshuffle", shuffle},
    {"centercrop", centerCrop},
    {"resize", resize},
    {"zeropad1d", pad},
    {"zeropad2d", pad},
    {"zeropad3d", pad},
};

}

std::span<const Maker> imageMakers()
{
    return table;
}

}
