// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/arrays.h"

#include "core/layers/kind.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::session {

namespace {

/// C,H,W as H,W,C for Keras and back: the shape that the same picture has in the model's own layout when it comes in the other one.
Shape fromOtherLayout(const Shape& other, Framework framework)
{
    if (framework == Framework::Keras)
        return {other[1], other[2], other[0]};
    return {other[2], other[0], other[1]};
}

/// Whether the model's own layout is the one that `layout` names.
bool isOwnLayout(const std::string& layout, Framework framework)
{
    return layout == (framework == Framework::Keras ? "nhwc" : "nchw");
}

Tensor seenAs(const InputArray& array, const Reading& reading, Framework framework)
{
    Shape shape = array.values.shape();
    if (!reading.batch)
        shape.insert(shape.begin(), 1);
    if (reading.own)
        return array.values.reshaped(shape, layers::inputValue(framework, reading.shape).axes);
    const Tensor labelled = array.values.reshaped(shape, axesOf(framework == Framework::Keras ? "NCHW" : "NHWC"));
    return inLayoutOf(framework, labelled, reading.shape);
}

}

bool matches(const Shape& found, const Shape& declared)
{
    return found.size() == declared.size() &&
           std::equal(found.begin(), found.end(), declared.begin(), [](std::int64_t a, std::int64_t b) { return b < 0 || a == b; });
}

std::vector<Reading> readings(const InputArray& array, Framework framework)
{
    std::vector<Reading> result;
    const Shape& shape = array.values.shape();
    for (const bool batch : {true, false}) {
        if (shape.empty())
            break;
        const Shape sample(shape.begin() + (batch ? 1 : 0), shape.end());
        const bool picture = sample.size() == 3;
        if (!picture || array.layout.empty() || isOwnLayout(array.layout, framework))
            result.push_back({sample, batch, true});
        if (picture && (array.layout.empty() || !isOwnLayout(array.layout, framework)))
            result.push_back({fromOtherLayout(sample, framework), batch, false});
    }
    return result;
}

Tensor inLayoutOf(Framework framework, const Tensor& labelled, const Shape& inputShape)
{
    Shape shape{labelled.shape().front()};
    shape.insert(shape.end(), inputShape.begin(), inputShape.end());
    return labelled.relabelled(shape, layers::inputValue(framework, inputShape).axes);
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
    for (const Reading& reading : readings(array, model.framework)) {
        if (!matches(reading.shape, *input.shape))
            continue;
        if (fit && fit->batch == reading.batch) {
            if (!sameBits(seenAs(array, *fit, model.framework), seenAs(array, reading, model.framework)))
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
    return seenAs(array, *fit, model.framework);
}

}
