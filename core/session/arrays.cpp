// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/arrays.h"

#include "core/layers/kind.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::session {

namespace {

/// The same axes with the channels of an image at the other end; empty where there are none.
Axes otherLayout(const Axes& axes)
{
    const int channels = indexOf(axes, "C");
    if (channels < 1)
        return {};
    return layers::inLayoutOf(channels == 1 ? Framework::Keras : Framework::Torch, axes);
}

/// "nchw" or "nhwc", as options name layouts; empty where the axes have no channels.
std::string_view layoutOf(const Axes& axes)
{
    const int channels = indexOf(axes, "C");
    return channels < 1 ? "" : channels == 1 ? "nchw" : "nhwc";
}

Tensor seenAs(const InputArray& array, const Reading& reading, const Model& model, int inputOp)
{
    layers::Value input = layers::inputValue(model, inputOp, reading.shape);
    input.shape.front() = reading.batch ? array.values.shape().front() : 1;
    if (reading.own)
        return array.values.reshaped(input.shape, input.axes);
    const Axes other = otherLayout(input.axes);
    return array.values.reshaped(layers::reordered(input.shape, input.axes, other), other).relabelled(input.shape, input.axes);
}

}

bool matches(const Shape& found, const Shape& declared)
{
    return found.size() == declared.size() &&
           std::equal(found.begin(), found.end(), declared.begin(), [](std::int64_t a, std::int64_t b) { return b < 0 || a == b; });
}

std::vector<Reading> readings(const InputArray& array, const Model& model, int inputOp)
{
    std::vector<Reading> result;
    const Shape& shape = array.values.shape();
    for (const bool batch : {true, false}) {
        if (shape.empty())
            break;
        const Shape sample(shape.begin() + (batch ? 1 : 0), shape.end());
        const layers::Value own = layers::inputValue(model, inputOp, sample);
        const Axes other = otherLayout(own.axes);
        if (other.empty() || array.layout.empty() || array.layout == layoutOf(own.axes))
            result.push_back({sample, batch, true});
        if (!other.empty() && (array.layout.empty() || array.layout == layoutOf(other))) {
            const Shape seen = layers::reordered(own.shape, other, own.axes);
            result.push_back({Shape(seen.begin() + 1, seen.end()), batch, false});
        }
    }
    return result;
}

Tensor fitted(const InputArray& array, const Model& model, const engines::ModelInput& input)
{
    if (!input.shape)
        throw Error("input-shape")
            .file(model.origin.path)
            .expected("an input whose shape is known")
            .found("none that its layers agree on")
            .at(printable(input.name));
    std::optional<Reading> fit;
    for (const Reading& reading : readings(array, model, input.op)) {
        if (!matches(reading.shape, *input.shape))
            continue;
        if (fit && fit->batch == reading.batch) {
            if (!sameBits(seenAs(array, *fit, model, input.op), seenAs(array, reading, model, input.op)))
                throw Error("input-layout")
                    .file(array.path)
                    .expected("a shape that tells the layout, or --layout nchw or nhwc")
                    .found(fmt::format("{}, which fits both", text(array.values.shape())))
                    .at(printable(array.name));
        } else if (!fit) {
            fit = reading;
        }
    }
    if (!fit)
        throw Error("input-shape")
            .file(array.path)
            .expected(fmt::format("samples of {} for the input {} of {}", text(*input.shape), printable(input.name),
                                  printable(model.origin.path)))
            .found(text(array.values.shape()))
            .at(printable(array.name));
    return seenAs(array, *fit, model, input.op);
}

}
