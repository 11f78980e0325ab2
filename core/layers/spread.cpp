// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/spread.h"

#include "core/base/held.h"
#include "core/layers/imagekinds.h"
#include "core/layers/pointkinds.h"
#include "core/layers/shapekinds.h"

#include <array>

namespace core::layers {

Steps chainOf(std::vector<Step> steps)
{
    Steps result;
    for (Step& step : steps) {
        step.inputs = {result.steps.empty() ? Input(Port(-1, 0)) : Input(Port(static_cast<int>(result.steps.size()) - 1))};
        result.steps.push_back(std::move(step));
    }
    result.outputs = {Port(static_cast<int>(result.steps.size()) - 1)};
    return result;
}

Step stepOf(std::string name, const Op& op)
{
    return {std::move(name), kind(op.kind)->id, op.attributes, {}};
}

Step reshaping(std::string name, Shape sample)
{
    return {std::move(name),
            reshape.id,
            {{"start", std::int64_t{1}}, {"end", std::int64_t{-1}}, {"shape", std::move(sample)}, {"channels_last", true}},
            {}};
}

Steps reshapingOf(const Call& call)
{
    const Shape shape = inferred(*kind(call.op.kind), call).front().shape;
    return chainOf({reshaping("", Shape(shape.begin() + 1, shape.end()))});
}

std::vector<Step> cropping(const std::string& name, const Shape& shape, std::size_t place, std::int64_t begin, std::int64_t count,
                           const Shape& result)
{
    const auto at = static_cast<std::ptrdiff_t>(place);
    const std::int64_t before = elementCount(Shape(shape.begin() + 1, shape.begin() + at)),
                       behind = elementCount(Shape(shape.begin() + at + 1, shape.end()));
    const Ints cut{-begin, begin + count - shape[place]};
    Shape view{shape[place], behind}, left{count, behind};
    Ints pads = cut;
    if (before != 1) {
        view.insert(view.begin(), before);
        left.insert(left.begin(), before);
        pads.insert(pads.begin(), {0, 0});
    }
    std::vector<Step> steps;
    if (view != Shape(shape.begin() + 1, shape.end()))
        steps.push_back(reshaping(name + "_view", view));
    if (cut != Ints{0, 0})
        steps.push_back(padding(name, pads));
    if (left != result)
        steps.push_back(reshaping(name + "_shape", result));
    return steps;
}

Step padding(std::string name, const Ints& pads)
{
    constexpr std::array kinds{&zeroPad1d, &zeroPad2d, &zeroPad3d};
    return {std::move(name), heldAt(kinds, pads.size() / 2 - 1)->id, {{"pads", pads}}, {}};
}

Step rescaling(std::string name, double scale, double offset)
{
    return {std::move(name), affine.id, {{"scale", scale}, {"offset", offset}}, {}};
}

Step clipping(std::string name, double most)
{
    return {std::move(name), clippedRelu.id, {{"max", most}, {"slope", 0.0}, {"threshold", 0.0}}, {}};
}

}
