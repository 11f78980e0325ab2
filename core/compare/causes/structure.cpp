// SPDX-License-Identifier: GPL-3.0-or-later
// What one side computes with and the other does not: activations and layers that are others, missing or too many; the input's scale.
#include "core/compare/causes/hypotheses.h"
#include "core/model/names.h"
#include "core/rules/rules.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

namespace core::compare {

namespace {

bool isActivation(const Op& op)
{
    const layers::Kind* kind = layers::kind(op.kind);
    return kind && kind->activation;
}

bool isTransparent(const Op& op)
{
    const layers::Kind* kind = layers::kind(op.kind);
    return kind && kind->transparent;
}

std::string_view rescalingKind()
{
    const layers::Kind* kind = layers::kindOfClass("Rescaling");
    return kind ? kind->id : std::string_view();
}

/// The op on the right that corresponds to what the left op takes; -1 where there is none.
int producerOnRight(int leftOp, const Subject& subject)
{
    const auto& inputs = subject.leftOp(leftOp).inputs;
    if (inputs.size() != 1)
        return -1;
    for (int producer = inputs.front().port.op; producer >= 0; producer = onlyProducer(subject.leftOp(producer))) {
        for (const auto& [left, right] : subject.ops)
            if (left == producer)
                return right;
        if (std::find(subject.leftOps.begin(), subject.leftOps.end(), producer) == subject.leftOps.end())
            break;
    }
    for (const int op : subject.rightOps) // the first of all: what the pair takes
        for (const Input& input : subject.rightOp(op).inputs)
            if (std::find(subject.rightOps.begin(), subject.rightOps.end(), input.port.op) == subject.rightOps.end())
                return input.port.op;
    return -1;
}

/// A copy of a left op for the right, with parameters that lie alike in both frameworks; nothing where they do not.
std::optional<Op> copied(int leftOp, const Subject& subject, Repair& repair)
{
    Op op = subject.leftOp(leftOp);
    op.name = op.layer = subject.left.framework == subject.right.framework ? "other:" + op.name : op.name;
    op.unsupported.clear();
    if (subject.right.opIndex(op.name) >= 0 || subject.right.layer(op.layer))
        op.name = op.layer = "other:" + op.name;
    for (auto& [role, name] : op.parameters) {
        const Parameter* parameter = subject.left.parameter(name);
        if (!parameter || !parameter->problem.empty() || parameter->source.shape.size() > 1)
            return {};
        Parameter copy = *parameter;
        copy.layer = op.layer;
        copy.name = op.layer + "/" + role;
        copy.sharedWith.clear();
        name = copy.name;
        repair.added.push_back(std::move(copy));
    }
    if (op.attributes.has("axis") && subject.leftTrace && !op.inputs.empty())
        if (const Tensor* value = valueOf({&subject.left, subject.leftTrace}, op.inputs.front().port))
            op.attributes.set("axis", mapping::axisInLayout(op.attributes.integer("axis"), layers::Value{value->shape(), value->axes()},
                                                            subject.right.framework));
    return op;
}

/// A vector that the right's op lacks and would compute with as with a neutral value.
std::optional<Candidate> absentParameter(const Op& a, const Op& b, const std::string& role, const Subject& subject)
{
    const Parameter* parameter = subject.left.parameter(held(a.parameters, role));
    if (!parameter || !parameter->problem.empty() || parameter->source.shape.size() != 1 || !rules::neutralValue(*parameter))
        return {};
    Parameter copy = *parameter;
    copy.layer = b.layer;
    copy.name = b.name + "/" + role;
    copy.sharedWith.clear();
    Repair repair;
    Repair::Settings settings{b.kind, b.attributes, b.parameters};
    for (const char* flag : {"bias", "scale", "center"})
        if (a.attributes.has(flag))
            settings.attributes.set(flag, a.attributes.boolean(flag));
    settings.parameters[role] = copy.name;
    repair.added = {std::move(copy)};
    repair.settings[b.name] = std::move(settings);
    return Candidate{"bias-missing", fmt::format("{} missing on the {} side", role, sideName(subject, false)), repair, true};
}

std::string shownKind(const Op& op)
{
    return op.type.empty() ? op.kind : op.type;
}

/// -1 for an input: it is no layer that could be accused.
int onRight(int op, const Subject& subject)
{
    return subject.rightOp(op).kind == "input" ? -1 : op;
}

/// What corresponds on the left to what a right op takes; -1 where nothing does.
int onLeft(int rightOp, const Subject& subject)
{
    const int producer = onlyProducer(subject.rightOp(rightOp));
    for (const auto& [left, right] : subject.ops)
        if (right == producer)
            return left;
    const int first = subject.leftOps.empty() ? -1 : onlyProducer(subject.leftOp(subject.leftOps.front()));
    return first < 0 || subject.leftOp(first).kind == "input" ? -1 : first;
}

/// A loose op of the left put into the right, behind what corresponds to its producer.
std::optional<Candidate> insertion(int leftOp, const Subject& subject)
{
    const Op& op = subject.leftOp(leftOp);
    const int producer = producerOnRight(leftOp, subject);
    Repair repair;
    const auto copy = producer < 0 ? std::nullopt : copied(leftOp, subject, repair);
    if (!copy)
        return {};
    repair.inserted[subject.rightOp(producer).name] = {*copy};
    if (isActivation(op))
        return Candidate{"activation-differs",      fmt::format("activation {} against none", op.kind), repair, true, leftOp,
                         onRight(producer, subject)};
    return Candidate{op.kind == rescalingKind() && subject.isFirst() ? "input-scaling" : "layer-missing",
                     fmt::format("{} missing on the {} side", shownOp(subject.left, leftOp), sideName(subject, false)),
                     repair,
                     true,
                     leftOp,
                     onRight(producer, subject)};
}

std::optional<Candidate> removal(int rightOp, const Subject& subject)
{
    const Op& op = subject.rightOp(rightOp);
    if (op.inputs.size() != 1)
        return {};
    Repair repair;
    repair.removed = {op.name};
    if (isActivation(op))
        return Candidate{
            "activation-differs", fmt::format("activation none against {}", op.kind), repair, true, onLeft(rightOp, subject), rightOp};
    return Candidate{op.kind == rescalingKind() && subject.isFirst() ? "input-scaling" : "layer-missing",
                     fmt::format("{} missing on the {} side", shownOp(subject.right, rightOp), sideName(subject, true)),
                     repair,
                     true,
                     onLeft(rightOp, subject),
                     rightOp};
}

/// How bytes become floats.
struct Scaling
{
    const char* text;
    double scale, offset;
};
constexpr double mnistMean = 0.1307, mnistDeviation = 0.3081;
constexpr std::array<Scaling, 4> scalings{{{"x/255", 1 / 255.0, 0},
                                           {"x", 1, 0},
                                           {"x/127.5-1", 1 / 127.5, -1},
                                           {"(x/255-0.1307)/0.3081", 1 / (255 * mnistDeviation), -mnistMean / mnistDeviation}}};

}

std::vector<Candidate> activationCandidates(const Subject& subject)
{
    std::vector<Candidate> result;
    for (const auto& [left, right] : subject.ops) {
        const Op &a = subject.leftOp(left), &b = subject.rightOp(right);
        if (a.kind == b.kind || !a.parameters.empty() || !b.parameters.empty())
            continue;
        Attributes settings = isActivation(a) ? a.attributes : b.attributes;
        for (const auto& [name, value] : a.attributes)
            settings.set(name, value);
        Repair repair;
        repair.settings[b.name] = {a.kind, settings, {}};
        if (isActivation(a) && isActivation(b))
            result.push_back({"activation-differs", fmt::format("activation {} against {}", a.kind, b.kind), repair, true});
        else
            result.push_back({"pool-kind", fmt::format("{} against {}", shownKind(a), shownKind(b)), repair, true});
    }
    return result;
}

std::vector<Candidate> layerCandidates(const Subject& subject)
{
    std::vector<Candidate> result;
    for (const int op : subject.onlyLeft)
        if (!isTransparent(subject.leftOp(op)))
            if (auto candidate = insertion(op, subject))
                result.push_back(std::move(*candidate));
    for (const int op : subject.onlyRight)
        if (!isTransparent(subject.rightOp(op)))
            if (auto candidate = removal(op, subject))
                result.push_back(std::move(*candidate));
    return result;
}

std::vector<Candidate> absentCandidates(const Subject& subject)
{
    std::vector<Candidate> result;
    for (const auto& [left, right] : subject.ops) {
        const Op &a = subject.leftOp(left), &b = subject.rightOp(right);
        if (a.kind != b.kind)
            continue;
        for (const auto& [role, name] : a.parameters)
            if (!b.parameters.contains(role))
                if (auto candidate = absentParameter(a, b, role, subject))
                    result.push_back(std::move(*candidate));
    }
    return result;
}

std::vector<Candidate> scalingCandidates(const Subject& subject)
{
    std::vector<Candidate> result;
    if (subject.inputs.size() != 1 || rescalingKind().empty())
        return result;
    for (const Scaling& given : scalings)
        for (const Scaling& wanted : scalings) {
            if (&given == &wanted)
                continue;
            Op op;
            op.name = op.layer = "other:input-scaling";
            op.kind = rescalingKind();
            const double scale = wanted.scale / given.scale;
            op.attributes = {{"scale", scale}, {"offset", wanted.offset - scale * given.offset}};
            Repair repair;
            repair.inserted[subject.rightOp(subject.inputs.front()).name] = {op};
            result.push_back(
                {"input-scaling",
                 fmt::format("the input as {} where {} is taken on the {} side", given.text, wanted.text, sideName(subject, false)),
                 repair});
        }
    return result;
}

}
