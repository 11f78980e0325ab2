// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compare/trace.h"
#include "core/layers/kind.h"
#include "core/model/names.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <utility>

namespace core::compare {

namespace {

bool hasNan(const Tensor& value)
{
    const auto values = value.floats();
    return std::any_of(values.begin(), values.end(), [](float element) { return std::isnan(element); });
}

/// The first parameter of the op that holds NaN; empty when none does, or it cannot be read.
std::string nanParameter(const Model& model, const Op& op)
{
    for (const auto& [role, parameterName] : op.parameters) {
        const Parameter* parameter = model.parameter(parameterName);
        if (!parameter || !parameter->problem.empty() || !isFloating(parameter->source.dtype))
            continue;
        try {
            if (hasNan(read(parameter->source).toFloat32()))
                return parameterName;
        } catch (const Error&) { // told where the parameter itself is compared
        }
    }
    return {};
}

/// The first op on the way to `op` that could not be computed although all that it takes could; what nobody asked for has no value either.
int causeOf(const Side& side, int op)
{
    for (;;) {
        const auto& inputs = side.model->ops[static_cast<std::size_t>(op)].inputs;
        const auto missing = std::find_if(inputs.begin(), inputs.end(), [&](const Input& input) {
            return input.port.op >= 0 && input.port.op < op && !valueOf(side, input.port) && side.trace->problems.contains(input.port.op);
        });
        if (missing == inputs.end())
            return op;
        op = missing->port.op;
    }
}

}

const Tensor* valueOf(const Side& side, Port port)
{
    const std::optional<Tensor>& value = std::as_const(side.trace->values)[port];
    return value ? &*value : nullptr;
}

std::string whyMissing(const Side& side, int op)
{
    const int cause = causeOf(side, op);
    const auto problem = side.trace->problems.find(cause);
    return fmt::format("{} could not be computed{}{}", shownOp(*side.model, op),
                       cause == op ? std::string() : " for want of " + shownOp(*side.model, cause),
                       problem == side.trace->problems.end() ? std::string() : ": " + problem->second);
}

std::optional<NanOrigin> nanOrigin(const Side& side)
{
    for (std::size_t i = 0; i < side.model->ops.size(); ++i) {
        const Op& op = side.model->ops[i];
        const Tensor* value = valueOf(side, static_cast<int>(i));
        if (!value || !hasNan(*value))
            continue;
        return NanOrigin{op.layer.empty() ? op.name : op.layer, nanParameter(*side.model, op)};
    }
    return {};
}

const mapping::Link* linkOf(const mapping::Mapping& mapping, const Model& model, int op, bool onLeft, bool throughActivations)
{
    for (;;) {
        const Op& candidate = model.ops[static_cast<std::size_t>(op)];
        for (const mapping::Link& link : mapping.links)
            if (const auto& names = onLeft ? link.left : link.right; std::find(names.begin(), names.end(), candidate.name) != names.end())
                return &link;
        const layers::Kind* kind = layers::kind(candidate.kind);
        const bool passes = kind && (kind->transparent || (throughActivations && kind->activation));
        if (!passes || candidate.inputs.size() != 1)
            return nullptr;
        op = onlyProducer(candidate);
    }
}

void takePairs(std::vector<Port>& left, std::vector<Port>& right, PortPairs& pairs, const std::function<bool(Port, Port)>& belong)
{
    for (std::size_t i = 0; i < left.size();) {
        const auto isMate = [&](Port port) { return belong(left[i], port); };
        const auto mate = std::find_if(right.begin(), right.end(), isMate);
        const bool alone = mate != right.end() && std::count_if(right.begin(), right.end(), isMate) == 1 &&
                           std::count_if(left.begin(), left.end(), [&](Port port) { return belong(port, *mate); }) == 1;
        if (!alone) {
            ++i;
            continue;
        }
        pairs.emplace_back(left[i], *mate);
        right.erase(mate);
        left.erase(left.begin() + static_cast<std::ptrdiff_t>(i));
    }
}

bool isNanThroughout(const Metrics& metrics, const Tensor& right)
{
    return right.count() > 0 && metrics.nansLeft == right.count() && metrics.nansRight == right.count();
}

double greater(double a, double b)
{
    return std::isnan(a) || std::isnan(b) ? std::nan("") : std::max(a, b);
}

}
