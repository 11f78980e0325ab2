// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compare/causes/subject.h"
#include "core/rules/rules.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <set>

namespace core::compare {

namespace {

std::string roleOf(const Model& model, const Parameter& parameter)
{
    for (const Op& op : model.ops)
        for (const auto& [role, name] : op.parameters)
            if (name == parameter.name)
                return role;
    return parameter.role;
}

/// What a layer without the parameter computes with.
Tensor neutralTensor(const Parameter& parameter)
{
    const double neutral = rules::neutralValue(parameter).value_or(0);
    const std::vector<float> values(static_cast<std::size_t>(count(parameter)), static_cast<float>(neutral));
    return rules::cast(Tensor::fromFloats(parameter.source.shape, values), parameter.source.dtype);
}

std::vector<Tensor> expectedFor(const Weights& weights)
{
    std::vector<Tensor> values, result;
    if (weights.left.empty()) {
        for (const Parameter* parameter : weights.right)
            result.push_back(neutralTensor(*parameter));
        return result;
    }
    for (const Parameter* parameter : weights.left)
        values.push_back(read(parameter->source));
    return rules::applyRule(weights.link->rule, values, weights.left, weights.right);
}

std::optional<Weights> weightsOf(const mapping::ParameterLink& link, const Model& left, const Model& right, double tolerance)
{
    Weights result{&link, mapping::parametersNamed(left, link.left), mapping::parametersNamed(right, link.right), {}, {}, {}};
    const auto isReadable = [](const Parameter* parameter) { return parameter->problem.empty() && isFloating(parameter->source.dtype); };
    if (result.left.size() != link.left.size() || result.right.size() != link.right.size() || result.right.empty() ||
        !std::all_of(result.left.begin(), result.left.end(), isReadable) ||
        !std::all_of(result.right.begin(), result.right.end(), isReadable) || link.rule == rules::keptRule)
        return {};
    for (const Parameter* parameter : result.right) {
        result.own.push_back(read(parameter->source));
        result.roles.push_back(roleOf(right, *parameter));
    }
    try {
        result.expected = expectedFor(result);
        result.error = distance(result.own, result.expected);
        result.differs = !(result.error <= tolerance);
    } catch (const Error&) { // of other sizes, or in no known order
        result.expected.clear();
    }
    return result;
}

/// Whether two ops are the same sort of thing: of a kind, or of one family.
bool belong(const Op& a, const Op& b)
{
    if (a.kind == b.kind)
        return a.type == b.type || !a.kind.empty();
    const layers::Kind *left = layers::kind(a.kind), *right = layers::kind(b.kind);
    return left && right && ((left->activation && right->activation) || (!left->family.empty() && left->family == right->family));
}

}

double distance(const std::vector<Tensor>& values, const std::vector<Tensor>& expected)
{
    double result = 0;
    for (std::size_t i = 0; i < values.size(); ++i)
        result = greater(result, metrics(expected[i].toFloat32(), values[i].toFloat32().reshaped(expected[i].shape())).scaledMax);
    return result;
}

std::vector<Weights> weightsOf(const Model& left, const Model& right, const std::vector<const mapping::Link*>& links, double tolerance,
                               const Progress& progress)
{
    std::vector<Weights> result;
    std::set<std::vector<std::string>> known;
    for (const mapping::Link* link : links)
        for (const mapping::ParameterLink& parameters : link->parameters) {
            progress.report(0);
            if (!known.insert(parameters.right).second)
                continue;
            if (auto weights = weightsOf(parameters, left, right, tolerance))
                result.push_back(std::move(*weights));
        }
    return result;
}

void pairOps(Subject& subject)
{
    // The longest common subsequence of both lists, from the back, as the last ops are the pair's own.
    const auto &a = subject.leftOps, &b = subject.rightOps;
    std::vector<std::vector<int>> length(a.size() + 1, std::vector<int>(b.size() + 1));
    const auto isPair = [&](std::size_t i, std::size_t j) { return belong(subject.leftOp(a[i]), subject.rightOp(b[j])); };
    for (std::size_t i = 0; i < a.size(); ++i)
        for (std::size_t j = 0; j < b.size(); ++j)
            length[i + 1][j + 1] = std::max({length[i][j + 1], length[i + 1][j], length[i][j] + (isPair(i, j) ? 1 : 0)});
    std::size_t i = a.size(), j = b.size();
    while (i > 0 && j > 0) {
        if (isPair(i - 1, j - 1) && length[i][j] == length[i - 1][j - 1] + 1)
            subject.ops.emplace_back(a[--i], b[--j]);
        else if (length[i - 1][j] >= length[i][j - 1])
            subject.onlyLeft.push_back(a[--i]);
        else
            subject.onlyRight.push_back(b[--j]);
    }
    while (i > 0)
        subject.onlyLeft.push_back(a[--i]);
    while (j > 0)
        subject.onlyRight.push_back(b[--j]);
    std::reverse(subject.ops.begin(), subject.ops.end());
    std::reverse(subject.onlyLeft.begin(), subject.onlyLeft.end());
    std::reverse(subject.onlyRight.begin(), subject.onlyRight.end());
}

std::string layerOf(const Model& model, int op)
{
    const Op& found = model.ops[static_cast<std::size_t>(op)];
    return found.layer.empty() ? found.name : found.layer;
}

std::string sideName(const Subject& subject, bool isLeft)
{
    if (subject.left.framework == subject.right.framework)
        return isLeft ? "left" : "right";
    return std::string(title(isLeft ? subject.left.framework : subject.right.framework));
}

std::string shortNumber(double value)
{
    std::string text = fmt::format("{:.2g}", value);
    const std::size_t exponent = text.find('e');
    if (exponent == std::string::npos)
        return text;
    std::size_t digits = exponent + 2;
    if (text[exponent + 1] == '+')
        text.erase(exponent + 1, 1), digits = exponent + 1;
    while (digits + 1 < text.size() && text[digits] == '0')
        text.erase(digits, 1);
    return text;
}

}
