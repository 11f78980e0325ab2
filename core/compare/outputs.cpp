// SPDX-License-Identifier: GPL-3.0-or-later
// Which output belongs to which, and how a pair of them is compared.
#include "core/compare/trace.h"
#include "core/layers/kind.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace core::compare {

namespace {

/// What an output means, and along which of its axes.
struct Meaning
{
    OutputForm form = OutputForm::Plain;
    std::optional<std::size_t> axis; ///< told by a softmax
};

/// The op that decides what the output means: what only passes on (Dropout, Identity) is looked through.
const Op& decidingOp(const Model& model, int op)
{
    for (;;) {
        const Op& candidate = model.ops[static_cast<std::size_t>(op)];
        const layers::Kind* kind = layers::kind(candidate.kind);
        if (!kind || !kind->transparent || candidate.inputs.size() != 1)
            return candidate;
        op = candidate.inputs.front();
    }
}

OutputForm formOf(const std::string& kind)
{
    const layers::Kind* known = layers::kind(kind);
    switch (known ? known->form : layers::Form::Plain) {
    case layers::Form::Logits:
        return OutputForm::Logits;
    case layers::Form::Probabilities:
        return OutputForm::Probabilities;
    case layers::Form::LogProbabilities:
        return OutputForm::LogProbabilities;
    case layers::Form::Plain:
        break;
    }
    return OutputForm::Plain;
}

Meaning meaningOf(const Model& model, int op, const Tensor& value)
{
    const Op& deciding = decidingOp(model, op);
    Meaning meaning{formOf(deciding.kind), {}};
    if (meaning.form != OutputForm::Probabilities && meaning.form != OutputForm::LogProbabilities)
        return meaning;
    const auto rank = static_cast<std::int64_t>(value.shape().size());
    const std::int64_t axis = deciding.attributes.integer("axis", -1);
    if (const std::int64_t absolute = axis < 0 ? axis + rank : axis; absolute >= 0 && absolute < rank)
        meaning.axis = static_cast<std::size_t>(absolute);
    return meaning;
}

std::string_view formName(OutputForm form)
{
    return form == OutputForm::Logits ? "logits" : form == OutputForm::LogProbabilities ? "log-softmax" : "softmax";
}

/// Both forms are known ones of the same thing, but not the same.
bool wantsProbabilities(OutputForm a, OutputForm b)
{
    return a != b && a != OutputForm::Plain && b != OutputForm::Plain;
}

std::vector<std::optional<int>> argmax(const Tensor& output)
{
    const std::int64_t samples = output.shape().empty() ? 1 : output.shape().front();
    std::vector<std::optional<int>> result;
    if (samples <= 0)
        return result;
    const std::span<const float> values = output.floats();
    const std::size_t stride = values.size() / static_cast<std::size_t>(samples);
    for (std::size_t i = 0; i < static_cast<std::size_t>(samples) && stride > 0; ++i) {
        const auto row = values.subspan(i * stride, stride);
        const bool hasNan = std::any_of(row.begin(), row.end(), [](float value) { return std::isnan(value); });
        result.push_back(hasNan ? std::nullopt : std::optional(static_cast<int>(std::max_element(row.begin(), row.end()) - row.begin())));
    }
    return result;
}

/// The axis of the right value along which probabilities add up to one.
std::optional<std::size_t> classAxis(const Meaning& left, const Meaning& right, const Tensor& a, const Tensor& b)
{
    if (right.axis || !left.axis || a.axes().empty())
        return right.axis;
    const int position = indexOf(b.axes(), a.axes()[*left.axis].name);
    return position < 0 ? std::nullopt : std::optional(static_cast<std::size_t>(position));
}

void measure(OutputResult& result, const Side& left, const Side& right, double tolerance, std::vector<Note>& notes)
{
    const Tensor &a = *valueOf(left, result.leftOp), &b = *valueOf(right, result.rightOp);
    const Meaning meaningLeft = meaningOf(*left.model, result.leftOp, a), meaningRight = meaningOf(*right.model, result.rightOp, b);
    try {
        result.leftValue = a;
        result.rightValue = b;
        result.leftValue = broughtToLayout(a, b);
        if (wantsProbabilities(meaningLeft.form, meaningRight.form)) {
            const auto axis = classAxis(meaningLeft, meaningRight, a, b);
            result.leftValue = toProbabilities(result.leftValue, meaningLeft.form, axis);
            result.rightValue = toProbabilities(b, meaningRight.form, axis);
            result.broughtTo = "softmax";
            const std::string forms[] = {std::string(formName(meaningLeft.form)), std::string(formName(meaningRight.form))};
            notes.push_back({{"softmax-missing",
                              {forms[0], forms[1]},
                              fmt::format("the left output is {}, the right {}: both were brought to softmax", forms[0], forms[1])},
                             Note::Severity::Info,
                             result.right});
        }
        result.metrics = metrics(result.leftValue, result.rightValue);
        if (isNanThroughout(*result.metrics, b)) {
            result.problem = fmt::format("the output {} is NaN throughout on both sides", printable(result.right));
        } else {
            result.tiesOut = result.metrics->scaledMax <= tolerance;
            result.differs = !result.tiesOut;
        }
    } catch (const Error& error) {
        result.problem = error.what();
        result.differs = true;
        notes.push_back({{"output-shapes", {}, error.what()}, Note::Severity::Warning, result.right});
    }
    result.argmaxLeft = argmax(result.leftValue);
    result.argmaxRight = argmax(result.rightValue);
}

OutputResult compareOne(int leftOp, int rightOp, const Side& left, const Side& right, double tolerance, std::vector<Note>& notes)
{
    OutputResult result;
    result.leftOp = leftOp;
    result.rightOp = rightOp;
    if (leftOp >= 0)
        result.left = left.model->ops[static_cast<std::size_t>(leftOp)].name;
    if (rightOp >= 0)
        result.right = right.model->ops[static_cast<std::size_t>(rightOp)].name;
    const Tensor* a = valueOf(left, leftOp);
    const Tensor* b = valueOf(right, rightOp);
    if (leftOp >= 0 && rightOp >= 0 && a && b) {
        measure(result, left, right, tolerance, notes);
        return result;
    }
    result.leftValue = a ? *a : Tensor();
    result.rightValue = b ? *b : Tensor();
    if (leftOp >= 0 && !a)
        result.problem = whyMissing(left, leftOp);
    else if (rightOp >= 0 && !b)
        result.problem = whyMissing(right, rightOp);
    return result;
}

/// Ops of both sides; -1 where an output has no counterpart. In the left model's order, then the right's own.
std::vector<std::pair<int, int>> pairedOutputs(const Model& left, const Model& right, const mapping::Mapping& mapping)
{
    std::vector<int> leftOver = left.outputs, rightOver = right.outputs;
    std::vector<std::pair<int, int>> pairs;
    const auto nameOf = [](const Model& model, int op) { return model.ops[static_cast<std::size_t>(op)].name; };
    takePairs(leftOver, rightOver, pairs, [&](int a, int b) { return nameOf(left, a) == nameOf(right, b); });
    takePairs(leftOver, rightOver, pairs, [&](int a, int b) {
        const mapping::Link* link = linkOf(mapping, left, a, true, true);
        return link && link == linkOf(mapping, right, b, false, true);
    });
    const bool byOrder = leftOver.size() == rightOver.size();
    for (std::size_t i = 0; i < leftOver.size(); ++i)
        pairs.emplace_back(leftOver[i], byOrder ? rightOver[i] : -1);
    const auto place = [&](int op) { return std::find(left.outputs.begin(), left.outputs.end(), op) - left.outputs.begin(); };
    std::stable_sort(pairs.begin(), pairs.end(), [&](const auto& a, const auto& b) { return place(a.first) < place(b.first); });
    for (const int op : byOrder ? std::vector<int>() : rightOver)
        pairs.emplace_back(-1, op);
    return pairs;
}

}

std::vector<OutputResult> compareOutputs(const Side& left, const Side& right, const mapping::Mapping& mapping, double tolerance,
                                         std::vector<Note>& notes)
{
    std::vector<OutputResult> results;
    for (const auto& [a, b] : pairedOutputs(*left.model, *right.model, mapping))
        results.push_back(compareOne(a, b, left, right, tolerance, notes));
    return results;
}

}
