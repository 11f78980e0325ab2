// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/arrays.h"

#include "core/formats/numpy/npy.h"
#include "core/layers/kind.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>

namespace app {

using core::Error;
using core::Framework;
using core::Model;
using core::Shape;
using core::Tensor;

namespace {

bool isOpen(const Shape& shape)
{
    return std::any_of(shape.begin(), shape.end(), [](std::int64_t size) { return size < 0; });
}

bool matches(const Shape& found, const Shape& declared)
{
    return found.size() == declared.size() &&
           std::equal(found.begin(), found.end(), declared.begin(), [](std::int64_t a, std::int64_t b) { return b < 0 || a == b; });
}

/// C,H,W as H,W,C for Keras and back: the shape that the same picture has in the model's own layout when it comes in the other one.
Shape fromOtherLayout(const Shape& other, Framework framework)
{
    if (framework == Framework::Keras)
        return {other[1], other[2], other[0]};
    return {other[2], other[0], other[1]};
}

/// Whether the model's own layout is the one that --layout names.
bool isOwnLayout(const std::string& layout, Framework framework)
{
    return layout == (framework == Framework::Keras ? "nhwc" : "nchw");
}

bool runs(const Model& model, const Shape& shape)
{
    const core::layers::Value input = core::layers::inputValue(model.framework, shape);
    std::map<int, std::string> problems;
    core::layers::inferValues(model, std::span(&input, 1), &problems);
    return std::all_of(problems.begin(), problems.end(),
                       [&](const auto& problem) { return !model.ops[static_cast<std::size_t>(problem.first)].unsupported.empty(); });
}

/// How the array can be seen as samples of the model: as a batch or a single one, in its own layout or the other.
struct Reading
{
    Shape inputShape; ///< in the model's own layout
    bool batch = true, own = true;
};

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

Tensor seenAs(const InputArray& array, const Reading& reading, Framework framework)
{
    Shape shape = array.values.shape();
    if (!reading.batch)
        shape.insert(shape.begin(), 1);
    if (reading.own)
        return array.values.reshaped(shape, core::layers::inputValue(framework, reading.inputShape).axes);
    const Tensor labelled = array.values.reshaped(shape, core::axesOf(framework == Framework::Keras ? "NCHW" : "NHWC"));
    return inLayoutOf(framework, labelled, reading.inputShape);
}

}

Tensor inLayoutOf(Framework framework, const Tensor& labelled, const Shape& inputShape)
{
    Shape shape{labelled.shape().front()};
    shape.insert(shape.end(), inputShape.begin(), inputShape.end());
    return labelled.relabelled(shape, core::layers::inputValue(framework, inputShape).axes);
}

InputArray readInputArray(const std::string& path, const std::string& layout)
{
    const auto arrays = core::formats::readNpyOrNpz(path);
    const auto named = [&](std::string_view name) {
        return std::find_if(arrays.begin(), arrays.end(), [&](const auto& entry) { return entry.first == name; });
    };
    auto chosen = arrays.begin();
    if (arrays.size() > 1)
        chosen = named("x0") != arrays.end() ? named("x0") : named("x");
    if (chosen == arrays.end())
        throw Error("input-array")
            .file(path)
            .expected("one array, or one called x0")
            .found(fmt::format("{} arrays of other names", arrays.size()));
    if (chosen->second.count() == 0)
        throw Error("input-array").file(path).expected("at least one sample").found(core::text(chosen->second.shape()));
    return {path, chosen->second.toFloat32(), layout};
}

Model withShapeOf(const InputArray& array, Model model)
{
    if (!model.wired || (model.inputShape && !isOpen(*model.inputShape)))
        return model;
    for (const Reading& reading : readings(array, model.framework))
        if ((!model.inputShape || matches(reading.inputShape, *model.inputShape)) && runs(model, reading.inputShape)) {
            model.inputShape = reading.inputShape;
            break;
        }
    return model;
}

Tensor fitted(const InputArray& array, const Model& model)
{
    const Shape wanted = model.inputShape.value_or(Shape{});
    std::optional<Reading> fit;
    for (const Reading& reading : readings(array, model.framework)) {
        if (!matches(reading.inputShape, wanted))
            continue;
        if (fit && fit->batch == reading.batch) {
            if (!sameBits(seenAs(array, *fit, model.framework), seenAs(array, reading, model.framework)))
                throw Error("input-layout")
                    .file(array.path)
                    .expected("a shape that tells the layout, or --layout nchw or nhwc")
                    .found(fmt::format("{}, which fits both", core::text(array.values.shape())));
        } else if (!fit) {
            fit = reading;
        }
    }
    if (!fit)
        throw Error("input-shape")
            .file(array.path)
            .expected(fmt::format("samples of {} for {}", core::text(wanted), model.origin.path))
            .found(core::text(array.values.shape()));
    return seenAs(array, *fit, model.framework);
}

}
