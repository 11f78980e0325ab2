// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compare/causes/causes.h"

#include "core/compare/causes/search.h"
#include "core/model/names.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace core::compare {

namespace {

/// Links that any of the ops is of.
std::vector<const mapping::Link*> linksOf(const mapping::Mapping& mapping, const Subject& subject)
{
    const auto holds = [](const std::vector<std::string>& names, const Model& model, const std::vector<int>& ops) {
        return std::any_of(ops.begin(), ops.end(), [&](int op) {
            return std::find(names.begin(), names.end(), model.ops[static_cast<std::size_t>(op)].name) != names.end();
        });
    };
    std::vector<const mapping::Link*> result;
    for (const mapping::Link& link : mapping.links)
        if (holds(link.left, subject.left, subject.leftOps) || holds(link.right, subject.right, subject.rightOps))
            result.push_back(&link);
    return result;
}

bool hasDifferingParameters(const Report& report, const mapping::Link& link)
{
    return std::any_of(link.parameters.begin(), link.parameters.end(), [&](const mapping::ParameterLink& parameters) {
        return std::any_of(report.parameters.begin(), report.parameters.end(), [&](const ParameterResult& result) {
            return result.link.left == parameters.left && result.link.right == parameters.right && differs(result, report.tolerance);
        });
    });
}

bool hasDifferingParameters(const Report& report, const mapping::Mapping& mapping, const LayerResult& layer)
{
    return std::any_of(mapping.links.begin(), mapping.links.end(), [&](const mapping::Link& link) {
        return std::find(link.left.begin(), link.left.end(), layer.left) != link.left.end() &&
               std::find(link.right.begin(), link.right.end(), layer.right) != link.right.end() && hasDifferingParameters(report, link);
    });
}

/// All suspects of a pair that ran, and what is needed to try them.
class Bank
{
public:
    Bank(const Report& report, const Side& left, const Side& right, const mapping::Mapping& mapping, const Progress& progress)
        : m_left(left), m_right(right), m_uncrossed(uncrossed(left, right, mapping, report.tolerance, progress)),
          m_mapping(m_uncrossed.mapping), m_tolerance(report.tolerance), m_progress(progress),
          m_bench(left, *right.model, right.trace, m_mapping)
    {
        for (const LayerResult& layer : report.layers) {
            const bool weightsDiffer = hasDifferingParameters(report, m_mapping, layer);
            if (layer.localDiffers || weightsDiffer)
                if (const auto call = callOf(layer, *left.model, *right.model, m_mapping))
                    add(*call, layer.localDiffers);
        }
        for (const OutputResult& output : report.outputs)
            if (output.differs && output.leftPort.op >= 0 && output.rightPort.op >= 0 && isLoose(output))
                add(callBefore(output), true);
    }

    std::vector<Cause> causes() const
    {
        std::vector<Cause> result = m_uncrossed.causes;
        for (std::size_t i = 0; i < subjects.size(); ++i) {
            m_progress.report(static_cast<double>(i) / static_cast<double>(subjects.size()));
            for (Cause& cause : causesOf(subjects[i], subjects, trials[i], &m_bench, m_progress))
                result.push_back(std::move(cause));
        }
        return result;
    }

    Suspects subjects;
    std::vector<Trial> trials;

private:
    bool isLoose(const OutputResult& output) const
    {
        return m_bench.looseLeft[static_cast<std::size_t>(output.leftPort.op)] ||
               m_bench.looseRight[static_cast<std::size_t>(output.rightPort.op)];
    }

    /// The last linked op on the way to an output that is of no link, itself where it is; -1 where the way forks before there is one.
    static int linkedBefore(const Model& model, int op, const std::vector<bool>& loose)
    {
        while (op >= 0 && loose[static_cast<std::size_t>(op)])
            op = onlyProducer(model.ops[static_cast<std::size_t>(op)]);
        return op;
    }

    /// The outputs with the pair of layers behind which they stand.
    std::pair<Call, Call> callBefore(const OutputResult& output) const
    {
        const int left = linkedBefore(*m_left.model, output.leftPort.op, m_bench.looseLeft);
        const int right = linkedBefore(*m_right.model, output.rightPort.op, m_bench.looseRight);
        std::pair<Call, Call> result{{output.leftPort.op}, {output.rightPort.op}};
        for (const mapping::Link& link : m_mapping.links)
            for (const auto& call : pairedCalls(link, *m_left.model, *m_right.model, m_mapping))
                if (call.first.back() == left && call.second.back() == right)
                    result = {withLast(call.first, output.leftPort.op), withLast(call.second, output.rightPort.op)};
        return result;
    }
    static Call withLast(Call call, int op)
    {
        if (call.back() != op)
            call.push_back(op);
        return call;
    }

    /// The first of the ways to take the pair apart in which the right group runs.
    Trial trialOf(const std::pair<Call, Call>& call) const
    {
        for (Alone& alone : alonesOf(call, m_bench)) {
            try {
                Part part = partOf(m_bench.right.model, alone.right);
                const auto result = runPart(part, {}, alone.feeds, m_progress.part(0, 0));
                if (!result)
                    continue;
                const Outcome outcome = outcomeOf(alone, &*result, m_bench);
                return outcome.isKnown() ? Trial{std::move(alone), std::move(part), outcome} : Trial();
            } catch (const Error&) { // it cannot run on these values
            }
        }
        return {};
    }

    void add(const std::pair<Call, Call>& call, bool runs)
    {
        Trial trial = runs ? trialOf(call) : Trial();
        if (trial.part && trial.before.agrees(m_tolerance))
            return;
        Subject subject(*m_left.model, m_bench.right.model, layerOf(*m_left.model, call.first.back()),
                        layerOf(*m_right.model, call.second.back()));
        subject.leftTrace = m_left.trace;
        subject.tolerance = m_tolerance;
        const Group left = trial.alone ? trial.alone->left : groupOf(*m_left.model, call.first);
        const Group right = trial.alone ? trial.alone->right : groupOf(*m_right.model, call.second);
        subject.leftOps = left.ops;
        subject.rightOps = right.ops;
        for (const Port port : right.inputs)
            if (m_right.model->ops[static_cast<std::size_t>(port.op)].kind == "input")
                subject.inputs.push_back(port.op);
        pairOps(subject);
        subject.weights = weightsOf(*m_left.model, m_bench.right.model, linksOf(m_mapping, subject), m_tolerance, m_progress);
        if (trial.part ||
            std::any_of(subject.weights.begin(), subject.weights.end(), [](const Weights& weights) { return weights.differs; })) {
            subjects.push_back(std::move(subject));
            trials.push_back(std::move(trial));
        }
    }

    const Side &m_left, &m_right;
    Uncrossed m_uncrossed;
    const mapping::Mapping& m_mapping;
    double m_tolerance;
    const Progress& m_progress;
    Bench m_bench;
};

/// Pairs that agree alone and differ in their networks since they take values of layers that do not correspond.
void addOrder(std::vector<Cause>& causes, const Report& report, const Side& left, const Side& right, const mapping::Mapping& mapping)
{
    for (const LayerResult& layer : report.layers) {
        if (!layer.differs || layer.localDiffers || !layer.localScaledMax || layer.assumed)
            continue;
        const auto call = callOf(layer, *left.model, *right.model, mapping);
        if (!call)
            continue;
        const Group a = groupOf(*left.model, call->first), b = groupOf(*right.model, call->second);
        if (a.inputs.size() != 1 || b.inputs.size() != 1)
            continue;
        const mapping::Link *taken = linkOf(mapping, *left.model, a.inputs.front().op, true, false),
                            *other = linkOf(mapping, *right.model, b.inputs.front().op, false, false);
        const bool isSettled = std::any_of(causes.begin(), causes.end(), [](const Cause& cause) { return cause.id == "layers-swapped"; });
        if (!taken || !other || taken == other || isSettled)
            continue;
        Cause cause;
        cause.id = "layer-order";
        cause.left = layerOf(*left.model, layer.leftOp);
        cause.right = layerOf(*right.model, layer.rightOp);
        cause.text = fmt::format("it takes {} on one side and {} on the other, which do not correspond",
                                 shownOp(*left.model, a.inputs.front().op), shownOp(*right.model, b.inputs.front().op));
        cause.errorBefore = layer.metrics ? std::optional(layer.metrics->scaledMax) : std::nullopt;
        causes.push_back(std::move(cause));
    }
}

/// Where most layers were trained otherwise, one whose scale or shift alone differs, being neutral, was so too.
void settleTraining(std::vector<Cause>& causes)
{
    const auto isTraining = [](const Cause& cause) { return cause.id == "weights-differ" && cause.elements.empty(); };
    const auto trained = std::count_if(causes.begin(), causes.end(), isTraining);
    if (trained < 2 || 2 * trained < static_cast<std::ptrdiff_t>(causes.size()))
        return;
    for (Cause& cause : causes)
        if (cause.id == "bias-missing" && !cause.parametersLeft.empty()) {
            cause.id = "weights-differ";
            cause.text = "weights differ: " + cause.text;
        }
}

/// NaN that enters one side alone.
void addNan(std::vector<Cause>& causes, const Report& report, const Side& left, const Side& right)
{
    for (const bool onLeft : {true, false}) {
        const auto &own = onLeft ? report.nanLeft : report.nanRight, &other = onLeft ? report.nanRight : report.nanLeft;
        if (!own || other)
            continue;
        const Model &model = onLeft ? *left.model : *right.model, &another = onLeft ? *right.model : *left.model;
        Cause cause;
        cause.id = "nan";
        (onLeft ? cause.left : cause.right) = own->layer;
        const std::string side = model.framework == another.framework ? (onLeft ? "left" : "right") : std::string(title(model.framework));
        cause.text = fmt::format("NaN first appears in {} on the {} side", printable(own->layer), side);
        if (!own->parameter.empty()) {
            cause.text += fmt::format(": {} holds NaN", printable(own->parameter));
            (onLeft ? cause.parametersLeft : cause.parametersRight) = {own->parameter};
            cause.proved = true;
        }
        causes.push_back(std::move(cause));
    }
}

/// What is no defect and looks like one: one side ends in probabilities, the other before them.
void addForms(std::vector<Cause>& causes, const Report& report, const Side& left, const Side& right)
{
    for (const OutputResult& output : report.outputs)
        if (!output.broughtTo.empty() && output.leftPort.op >= 0 && output.rightPort.op >= 0) {
            Cause cause;
            cause.id = "softmax-missing";
            cause.left = layerOf(*left.model, output.leftPort.op);
            cause.right = layerOf(*right.model, output.rightPort.op);
            cause.text = fmt::format("one side ends in {} and the other before it: no defect, both were brought to it", output.broughtTo);
            causes.push_back(std::move(cause));
        }
}

}

std::vector<Cause> causesOf(const Report& report, const Side& left, const Side& right, const mapping::Mapping& mapping,
                            const Progress& progress)
{
    std::vector<Cause> causes = Bank(report, left, right, mapping, progress).causes();
    settleTraining(causes);
    addOrder(causes, report, left, right, mapping);
    addNan(causes, report, left, right);
    addForms(causes, report, left, right);
    return causes;
}

std::vector<Cause> causesOfParameters(const Report& report, const Model& left, const Model& right, const mapping::Mapping& mapping,
                                      const Progress& progress)
{
    Suspects suspects;
    for (const mapping::Link& link : mapping.links) {
        progress.report(0);
        const Call leftOps = callsOf(left, link.left).empty() ? Call() : callsOf(left, link.left).back();
        const Call rightOps = callsOf(right, link.right).empty() ? Call() : callsOf(right, link.right).back();
        if (leftOps.empty() || rightOps.empty() || !hasDifferingParameters(report, link))
            continue;
        Subject subject(left, right, layerOf(left, leftOps.back()), layerOf(right, rightOps.back()));
        subject.tolerance = report.tolerance;
        subject.leftOps = leftOps;
        subject.rightOps = rightOps;
        subject.weights = weightsOf(left, right, {&link}, report.tolerance, progress);
        suspects.push_back(std::move(subject));
    }
    std::vector<Cause> causes;
    for (const Subject& subject : suspects)
        for (Cause& cause : causesOf(subject, suspects, Trial(), nullptr, progress))
            causes.push_back(std::move(cause));
    settleTraining(causes);
    return causes;
}

}
