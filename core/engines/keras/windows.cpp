// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/keras/extents.h"
#include "core/engines/keras/setting.h"
#include "core/engines/kernels/points.h"
#include "core/layers/window.h"

#include <algorithm>

namespace core::engines {

namespace {

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

/// (sum of x^p)^(1/p), the sum as an average times the window's size.
Computation powerPool(const Setting& s)
{
    const auto image = imageOf(s);
    const auto window = windowOf(s);
    const auto norm = static_cast<float>(s.op.attributes.real("norm"));
    const auto places = static_cast<float>(window.kernel.depth * window.kernel.height * window.kernel.width);
    const std::int64_t taken = elementCount(s.input.shape), given = s.count();
    return inOwnLayout(s, one(
                              [=](const float* in, float* out, float* scratch) {
                                  kernels::point(kernels::Point::Power, in, taken, norm, 0, scratch);
                                  kernels::averagePool(scratch, image, window, true, 0, out);
                                  kernels::point(kernels::Point::Affine, out, given, places, 0, out);
                                  kernels::point(kernels::Point::Power, out, given, 1 / norm, 0, out);
                              },
                              taken));
}

template <void (*Function)(const float*, const kernels::Image&, float*)>
Computation globalPool(const Setting& s)
{
    const auto image = imageOf(s);
    return inOwnLayout(s, one([=](const float* in, float* out, float*) { Function(in, image, out); }));
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
    {"lppool1d", powerPool},
    {"lppool2d", powerPool},
    {"lppool3d", powerPool},
    {"globalavgpool1d", globalPool<kernels::globalAveragePool>},
    {"globalavgpool2d", globalPool<kernels::globalAveragePool>},
    {"globalavgpool3d", globalPool<kernels::globalAveragePool>},
    {"globalmaxpool1d", globalPool<kernels::globalMaxPool>},
    {"globalmaxpool2d", globalPool<kernels::globalMaxPool>},
    {"globalmaxpool3d", globalPool<kernels::globalMaxPool>},
};

}

std::span<const Maker> windowMakers()
{
    return table;
}

}
