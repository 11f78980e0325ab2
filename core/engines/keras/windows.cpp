// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/keras/setting.h"

namespace core::engines {

namespace {

Computation conv2d(const Setting& s)
{
    const auto image = s.image();
    const auto window = s.window();
    const auto groups = s.op.attributes.integer("groups", 1);
    const auto filters = s.output.shape[3];
    const float* kernel = s.weight("kernel", window.kernelHeight * window.kernelWidth * (image.channels / groups) * filters);
    const float* bias = s.weight("bias", filters, true);
    return one([=](const float* in, float* out,
                   float* scratch) { kernels::conv2d(in, image, window, kernel, bias, filters, groups, scratch, out); },
               kernels::conv2dScratch(image, window, groups));
}

Computation averagePool(const Setting& s)
{
    const auto image = s.image();
    const auto window = s.window();
    const bool countPad = s.op.attributes.boolean("count_pad", false);
    const auto divisor = s.op.attributes.integer("divisor", 0);
    return one([=](const float* in, float* out, float*) { kernels::averagePool2d(in, image, window, countPad, divisor, out); });
}

Computation maxPool(const Setting& s)
{
    const auto image = s.image();
    const auto window = s.window();
    return one([=](const float* in, float* out, float*) { kernels::maxPool2d(in, image, window, out); });
}

Computation globalAveragePool(const Setting& s)
{
    const auto image = s.image();
    return one([=](const float* in, float* out, float*) { kernels::globalAveragePool2d(in, image, out); });
}

Computation zeroPad(const Setting& s)
{
    const auto image = s.image();
    const auto pads = s.op.attributes.integers("pads", 4);
    return one([=, top = pads[0], bottom = pads[1], left = pads[2], right = pads[3]](const float* in, float* out, float*) {
        kernels::zeroPad2d(in, image, top, bottom, left, right, out);
    });
}

constexpr Maker table[] = {
    {"conv2d", conv2d}, {"avgpool2d", averagePool}, {"maxpool2d", maxPool}, {"globalavgpool2d", globalAveragePool}, {"zeropad2d", zeroPad},
};

}

std::span<const Maker> windowMakers()
{
    return table;
}

}
