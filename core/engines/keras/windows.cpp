// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/keras/setting.h"
#include "core/layers/window.h"

#include <algorithm>

namespace core::engines {

namespace {

/// As depth, height and width; those that are not there are `missing`.
kernels::Extent extent(const Ints& sizes, std::int64_t missing = 1)
{
    Ints three(3 - sizes.size(), missing);
    three.insert(three.end(), sizes.begin(), sizes.end());
    return {three[0], three[1], three[2]};
}

/// Dimensions of the images that the op takes.
std::size_t rankOf(const Setting& s)
{
    return s.input.shape.size() - 2;
}

layers::Picture pictureOf(const Setting& s)
{
    return layers::pictureOf(s.op, s.input, rankOf(s));
}

kernels::Image imageOf(const Setting& s)
{
    const auto picture = pictureOf(s);
    return {s.input.shape[0], extent(picture.sizes), picture.channels};
}

std::pair<kernels::Extent, kernels::Extent> sides(const Ints& pads)
{
    Ints before, after;
    for (std::size_t d = 0; d < pads.size(); d += 2) {
        before.push_back(pads[d]);
        after.push_back(pads[d + 1]);
    }
    return {extent(before, 0), extent(after, 0)};
}

kernels::Window windowOf(const Setting& s)
{
    const auto w = layers::windowOf(s.op, pictureOf(s).sizes);
    const auto [before, after] = sides(w.pads);
    return {extent(w.kernel), extent(w.stride), extent(w.dilation), before, after, extent(w.result)};
}

/// `inner` computes with channels last: where they come first the input is turned before and the output after it.
Computation inOwnLayout(const Setting& s, Computation inner)
{
    if (pictureOf(s).channel != 1)
        return inner;
    const auto turn = [](const layers::Value& value) {
        return kernels::Around{value.shape[0], value.shape[1],
                               value.shape.size() < 3 ? 1 : elementCount(Shape(value.shape.begin() + 2, value.shape.end()))};
    };
    const kernels::Around in = turn(s.input), out = turn(s.output);
    const std::int64_t taken = elementCount(s.input.shape), given = elementCount(s.output.shape);
    Computation result;
    result.scratch = taken + given + inner.scratch;
    result.run = [=, run = std::move(inner.run)](const Computation::Buffers& buffers) {
        float* turned = buffers.scratch;
        kernels::turn(buffers.inputs[0], in, turned);
        run({{turned}, {turned + taken}, turned + taken + given});
        kernels::turn(turned + taken, {out.outer, out.inner, out.size}, buffers.outputs[0]);
    };
    return result;
}

kernels::Beyond beyondOf(const std::string& mode)
{
    return mode == "reflect"     ? kernels::Beyond::Reflect
           : mode == "replicate" ? kernels::Beyond::Replicate
           : mode == "circular"  ? kernels::Beyond::Circular
                                 : kernels::Beyond::Value;
}

kernels::Image widened(const kernels::Image& image, const kernels::Extent& before, const kernels::Extent& after)
{
    return {image.batch,
            {before.depth + image.size.depth + after.depth, before.height + image.size.height + after.height,
             before.width + image.size.width + after.width},
            image.channels};
}

std::int64_t elements(const kernels::Image& image)
{
    return image.batch * image.size.depth * image.size.height * image.size.width * image.channels;
}

Computation convolution(const Setting& s)
{
    const auto image = imageOf(s);
    auto window = windowOf(s);
    const bool isDepthwise = s.op.attributes.has("multiplier");
    const auto groups = isDepthwise ? image.channels : s.op.attributes.integer("groups", 1);
    const auto filters = s.output.shape[pictureOf(s).channel];
    const auto places = window.kernel.depth * window.kernel.height * window.kernel.width;
    const float* kernel = s.weight("kernel", places * (image.channels / groups) * filters);
    const float* bias = s.weight("bias", filters, true);
    const auto beyond = beyondOf(s.op.attributes.string("padding_mode", "zeros"));
    if (beyond == kernels::Beyond::Value)
        return inOwnLayout(
            s, one([=](const float* in, float* out,
                       float* scratch) { kernels::convolution(in, image, window, kernel, bias, filters, groups, scratch, out); },
                   kernels::convolutionScratch(image, window, groups)));
    const auto before = window.before, after = window.after;
    const auto wide = widened(image, before, after);
    window.before = window.after = {0, 0, 0};
    return inOwnLayout(s, one(
                              [=](const float* in, float* out, float* scratch) {
                                  kernels::pad(in, image, before, after, beyond, 0, scratch);
                                  kernels::convolution(scratch, wide, window, kernel, bias, filters, groups, scratch + elements(wide), out);
                              },
                              elements(wide) + kernels::convolutionScratch(wide, window, groups)));
}

Computation transposedConvolution(const Setting& s)
{
    if (s.op.attributes.integer("groups", 1) != 1)
        throw Error("keras-kind").expected("a transposed convolution of one group").found("several").at(printable(s.op.name));
    const auto image = imageOf(s);
    const auto w = layers::transposedWindowOf(s.op, pictureOf(s).sizes);
    const auto [before, after] = sides(w.pads);
    const kernels::Window window{extent(w.kernel), extent(w.stride), extent(w.dilation), before, after, extent(w.result)};
    const auto filters = s.output.shape[pictureOf(s).channel];
    const auto places = window.kernel.depth * window.kernel.height * window.kernel.width;
    const float* kernel = s.weight("kernel", places * filters * image.channels);
    const float* bias = s.weight("bias", filters, true);
    return inOwnLayout(s,
                       one([=](const float* in, float* out,
                               float* scratch) { kernels::transposedConvolution(in, image, window, kernel, bias, filters, scratch, out); },
                           kernels::transposedConvolutionScratch(image, window, filters)));
}

Computation averagePool(const Setting& s)
{
    const auto image = imageOf(s);
    const auto window = windowOf(s);
    const bool countPad = s.op.attributes.boolean("count_pad", false);
    const auto divisor = s.op.attributes.integer("divisor", 0);
    return inOwnLayout(s,
                       one([=](const float* in, float* out, float*) { kernels::averagePool(in, image, window, countPad, divisor, out); }));
}

Computation maxPool(const Setting& s)
{
    const auto image = imageOf(s);
    const auto window = windowOf(s);
    return inOwnLayout(s, one([=](const float* in, float* out, float*) { kernels::maxPool(in, image, window, out); }));
}

template <void (*Function)(const float*, const kernels::Image&, float*)>
Computation globalPool(const Setting& s)
{
    const auto image = imageOf(s);
    return inOwnLayout(s, one([=](const float* in, float* out, float*) { Function(in, image, out); }));
}

Computation zeroPad(const Setting& s)
{
    const auto image = imageOf(s);
    const auto [before, after] = sides(s.op.attributes.integers("pads", 2 * rankOf(s)));
    return inOwnLayout(s, one([=, first = before, last = after](const float* in, float* out, float*) {
                           kernels::pad(in, image, first, last, kernels::Beyond::Value, 0, out);
                       }));
}

constexpr Maker table[] = {
    {"conv1d", convolution},
    {"conv2d", convolution},
    {"conv3d", convolution},
    {"convtranspose1d", transposedConvolution},
    {"convtranspose2d", transposedConvolution},
    {"convtranspose3d", transposedConvolution},
    {"avgpool1d", averagePool},
    {"avgpool2d", averagePool},
    {"avgpool3d", averagePool},
    {"maxpool1d", maxPool},
    {"maxpool2d", maxPool},
    {"maxpool3d", maxPool},
    {"globalavgpool1d", globalPool<kernels::globalAveragePool>},
    {"globalavgpool2d", globalPool<kernels::globalAveragePool>},
    {"globalavgpool3d", globalPool<kernels::globalAveragePool>},
    {"globalmaxpool1d", globalPool<kernels::globalMaxPool>},
    {"globalmaxpool2d", globalPool<kernels::globalMaxPool>},
    {"globalmaxpool3d", globalPool<kernels::globalMaxPool>},
    {"zeropad1d", zeroPad},
    {"zeropad2d", zeroPad},
    {"zeropad3d", zeroPad},
};

}

std::span<const Maker> windowMakers()
{
    return table;
}

}
