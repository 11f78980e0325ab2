// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compare/output.h"

#include "core/layers/kind.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace core::compare {

namespace {

/// The kind that decides what the output means: what only passes on (Dropout, Identity) is looked through.
std::string decidingKind(const Model& model, int op)
{
    for (;;) {
        const Op& candidate = model.ops[static_cast<std::size_t>(op)];
        const layers::Kind* kind = layers::kind(candidate.kind);
        if (!kind || !kind->transparent || candidate.inputs.size() != 1)
            return candidate.kind;
        op = candidate.inputs.front();
    }
}

OutputForm formOf(const std::string& kind)
{
    if (kind == "softmax")
        return OutputForm::Probabilities;
    if (kind == "logsoftmax")
        return OutputForm::LogProbabilities;
    const bool linear = kind == "linear" || kind == "conv2d" || kind == "batchnorm" || kind == "flatten" || kind == "globalavgpool2d";
    return linear ? OutputForm::Logits : OutputForm::Plain;
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

std::vector<int> argmax(const Tensor& output)
{
    const std::int64_t samples = output.shape().empty() ? 1 : output.shape().front();
    std::vector<int> result;
    if (samples <= 0)
        return result;
    const std::span<const float> values = output.floats();
    const std::size_t stride = values.size() / static_cast<std::size_t>(samples);
    for (std::size_t i = 0; i < static_cast<std::size_t>(samples) && stride > 0; ++i) {
        const auto row = values.subspan(i * stride, stride);
        const auto less = [](float a, float b) { return std::isnan(a) ? !std::isnan(b) : a < b; };
        result.push_back(static_cast<int>(std::max_element(row.begin(), row.end(), less) - row.begin()));
    }
    return result;
}

Note softmaxNote(OutputForm left, OutputForm right)
{
    const std::string forms[] = {std::string(formName(left)), std::string(formName(right))};
    return {{"softmax-missing",
             {forms[0], forms[1]},
             fmt::format("the left output is {}, the right {}: both were brought to softmax", forms[0], forms[1])},
            Note::Severity::Info,
            ""};
}

}

const Tensor* valueOf(const Side& side, int op)
{
    const auto index = static_cast<std::size_t>(op);
    return op >= 0 && index < side.trace->values.size() && side.trace->values[index] ? &*side.trace->values[index] : nullptr;
}

std::optional<OutputResult> compareOutputs(const Side& left, const Side& right, std::vector<Note>& notes)
{
    if (left.model->outputs.empty() || right.model->outputs.empty())
        return {};
    const int leftOp = left.model->outputs.front(), rightOp = right.model->outputs.front();
    const Tensor* a = valueOf(left, leftOp);
    const Tensor* b = valueOf(right, rightOp);
    if (!a || !b)
        return {};
    OutputResult result{*a, *b, {}, {}, {}, {}};
    const OutputForm formLeft = formOf(decidingKind(*left.model, leftOp)), formRight = formOf(decidingKind(*right.model, rightOp));
    if (wantsProbabilities(formLeft, formRight)) {
        result.left = toProbabilities(*a, formLeft);
        result.right = toProbabilities(*b, formRight);
        result.broughtTo = "softmax";
        notes.push_back(softmaxNote(formLeft, formRight));
    }
    try {
        result.left = broughtToLayout(result.left, result.right);
        result.metrics = metrics(result.left, result.right);
    } catch (const Error& error) {
        notes.push_back({{"output-shapes", {}, error.what()}, Note::Severity::Warning, ""});
    }
    result.argmaxLeft = argmax(result.left);
    result.argmaxRight = argmax(result.right);
    if (left.model->outputs.size() > 1 || right.model->outputs.size() > 1)
        notes.push_back(
            {{"first-output", {}, "the models have several outputs: the first ones are compared here"}, Note::Severity::Info, ""});
    return result;
}

}
