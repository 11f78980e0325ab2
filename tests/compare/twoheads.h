// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/compare/compare.h"
#include "modelbuilder.h"

inline core::Tensor rows(std::int64_t samples, const std::vector<float>& values)
{
    return core::Tensor::fromFloats({samples, static_cast<std::int64_t>(values.size()) / samples}, values, core::axesOf("NF"));
}

/// input -> relu -> two heads, `first` and `second`, of two values each; ops 2 and 3.
inline core::Model twoHeads(core::Framework framework, const std::string& first, const std::string& second,
                            const std::string& activation = {})
{
    core::Model model = ModelBuilder(framework, {2}).plain("trunk", "relu").linear(first, 2, 2).linear(second, 2, 2, activation).model();
    const int head = model.opIndex(activation.empty() ? second : second + ":linear");
    model.ops[static_cast<std::size_t>(head)].inputs = {1};
    model.outputs = {2, static_cast<int>(model.ops.size()) - 1};
    model.indexNames();
    return model;
}

inline core::mapping::Link linked(const std::string& left, const std::string& right)
{
    core::mapping::Link result;
    result.left = {left};
    result.right = {right};
    return result;
}

inline core::mapping::Mapping mappingOf(std::vector<core::mapping::Link> links)
{
    core::mapping::Mapping result;
    result.links = std::move(links);
    return result;
}

/// Two networks with two heads that tie out; each test spoils one thing.
struct Pair
{
    core::Model left = twoHeads(core::Framework::Torch, "a", "b"), right = twoHeads(core::Framework::Keras, "a", "b");
    core::mapping::Mapping mapping = mappingOf({linked("trunk", "trunk"), linked("a", "a"), linked("b", "b")});
    std::vector<core::compare::ParameterResult> parameters;
    core::engines::Trace leftTrace, rightTrace;

    Pair()
    {
        leftTrace.values = {rows(1, {1, 2}), rows(1, {1, 2}), rows(1, {3, 4}), rows(1, {5, 6})};
        rightTrace.values = leftTrace.values;
    }
    core::compare::Report report(double tolerance = 1e-5) const
    {
        return core::compare::compareTraces({&left, &leftTrace}, {&right, &rightTrace}, mapping, parameters, tolerance);
    }
    void addParameter(std::optional<double> scaledMax, const std::string& problem = {})
    {
        core::compare::ParameterResult parameter;
        parameter.link.left = {"a.weight"};
        parameter.link.right = {"a/kernel:0"};
        parameter.equal = scaledMax && *scaledMax == 0;
        parameter.maxAbs = parameter.scaledMax = scaledMax;
        parameter.problem = problem;
        parameters.push_back(parameter);
    }
};
