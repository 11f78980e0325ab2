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
        op = onlyProducer(candidate);
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
    const Tensor &a = *valueOf(left, result.leftPort), &b = *valueOf(right, result.rightPort);
    const Meaning meaningLeft = meaningOf(*left.model, result.leftPort.op, a),
                  meaningRight = meaningOf(*right.model, result.rightPort.op, b);
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

/// The name of the model's output that is that value.
std::string nameOf(const Model& model, Port port)
{
    const auto output = std::find_if(model.outputs.begin(), model.outputs.end(), [&](const Output& one) { return one.port == port; });
    return outputName(model, output == model.outputs.end() ? Output(port) : *output);
}

OutputResult compareOne(Port leftPort, Port rightPort, const Side& left, const Side& right, double tolerance, std::vector<Note>& notes)
{
    OutputResult result;
    result.leftPort = leftPort;
    result.rightPort = rightPort;
    if (leftPort.op >= 0)
        result.left = nameOf(*left.model, leftPort);
    if (rightPort.op >= 0)
        result.right = nameOf(*right.model, rightPort);
    const Tensor* a = valueOf(left, leftPort);
    const Tensor* b = valueOf(right, rightPort);
    if (a && b) {
        measure(result, left, right, tolerance, notes);
        return result;
    }
    result.leftValue = a ? *a : Tensor();
    result.rightValue = b ? *b : Tensor();
    if (leftPort.op >= 0 && !a)
        result.problem = whyMissing(left, leftPort.op);
    else if (rightPort.op >= 0 && !b)
        result.problem = whyMissing(right, rightPort.op);
    return result;
}

/// Values of both sides; none where an output has no counterpart. In the left model's order, then the right's own.
PortPairs pairedOutputs(const Model& left, const Model& right, const mapping::Mapping& mapping)
{
    const std::vector<Port> all = ports(left.outputs);
    std::vector<Port> leftOver = all, rightOver = ports(right.outputs);
    PortPairs pairs;
    takePairs(leftOver, rightOver, pairs, [&](Port a, Port b) { return nameOf(left, a) == nameOf(right, b); });
    takePairs(leftOver, rightOver, pairs, [&](Port a, Port b) {
        const mapping::Link* link = linkOf(mapping, left, a.op, true, true);
        return link && link == linkOf(mapping, right, b.op, false, true) && a.output == b.output;
    });
    const bool byOrder = leftOver.size() == rightOver.size();
    for (std::size_t i = 0; i < leftOver.size(); ++i)
        pairs.emplace_back(leftOver[i], byOrder ? rightOver[i] : Port());
    const auto place = [&](Port port) { return std::find(all.begin(), all.end(), port) - all.begin(); };
    std::stable_sort(pairs.begin(), pairs.end(), [&](const auto& a, const auto& b) { return place(a.first) < place(b.first); });
    for (const Port port : byOrder ? std::vector<Port>() : rightOver)
        pairs.emplace_back(Port(), port);
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
