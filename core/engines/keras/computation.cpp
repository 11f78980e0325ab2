// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/keras/setting.h"
#include "core/layers/spec.h"

#include <array>
#include <fmt/format.h>

namespace core::engines {

const float* Setting::weight(const std::string& role, std::int64_t count, bool optional) const
{
    const auto found = weights.find(role);
    if (found == weights.end() && optional)
        return nullptr;
    if (found == weights.end() || found->second.count() != count)
        throw Error("keras-weights")
            .expected(fmt::format("{} values in {}", count, role))
            .found(found == weights.end() ? "none" : std::to_string(found->second.count()))
            .at(printable(op.name));
    return found->second.floats().data();
}

kernels::Around Setting::axis() const
{
    const auto rank = static_cast<std::int64_t>(input.shape.size());
    const auto given = layers::softmaxAxis(op, input.shape.size());
    const auto axis = given < 0 ? given + rank : given;
    if (axis < 0 || axis >= rank)
        throw Error("keras-axis")
            .expected(fmt::format("an axis of {}", text(input.shape)))
            .found(std::to_string(given))
            .at(printable(op.name));
    const auto middle = input.shape.begin() + axis;
    return {elementCount(Shape(input.shape.begin(), middle)), *middle, elementCount(Shape(middle + 1, input.shape.end()))};
}

namespace {

const Maker* makerOf(std::string_view kind)
{
    for (const auto makers :
         {windowMakers(), imageMakers(), pointMakers(), normMakers(), shapeMakers(), mergeMakers(), recurrentMakers(), attentionMakers()})
        for (const Maker& maker : makers)
            if (maker.kind == kind)
                return &maker;
    return nullptr;
}

}

Computation computation(const layers::Call& call, const std::map<std::string, Tensor>& weights, const std::vector<layers::Value>& outputs)
{
    const Op& op = call.op;
    const Maker* maker = makerOf(op.kind);
    if (!maker)
        throw Error("keras-kind").expected("a kind that runs on the Keras side").found(printable(op.kind)).at(printable(op.name));
    const layers::Kind* kind = layers::kind(op.kind);
    const std::string problem = kind ? layers::inputsProblem(*kind, op) : "it is of no known kind";
    if (!call.isKnown() || outputs.empty() || !problem.empty())
        throw Error("keras-kind")
            .expected("inputs and outputs that the Keras side computes for " + op.kind)
            .found(problem.empty() ? fmt::format("{} and {}", call.count(), outputs.size()) : problem)
            .at(printable(op.name));
    return maker->make({call, weights, outputs});
}

}
