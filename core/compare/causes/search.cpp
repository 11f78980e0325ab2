// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compare/causes/explanations.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <set>

namespace core::compare {

namespace {

constexpr double smaller = 10; ///< times that an error must be, for a repair to be its cause

Repair joined(Repair a, const Repair& b)
{
    for (const auto& [name, values] : b.values)
        a.values.insert_or_assign(name, values);
    for (const auto& [name, settings] : b.settings)
        a.settings.insert_or_assign(name, settings);
    a.removed.insert(a.removed.end(), b.removed.begin(), b.removed.end());
    a.added.insert(a.added.end(), b.added.begin(), b.added.end());
    for (const auto& [name, ops] : b.inserted)
        a.inserted[name].insert(a.inserted[name].end(), ops.begin(), ops.end());
    return a;
}

/// Two settings of one op are not joined: the second would undo the first.
bool canJoin(const Repair& a, const Repair& b)
{
    return std::none_of(b.settings.begin(), b.settings.end(), [&](const auto& entry) { return a.settings.contains(entry.first); }) &&
           std::none_of(b.removed.begin(), b.removed.end(),
                        [&](const std::string& name) { return std::find(a.removed.begin(), a.removed.end(), name) != a.removed.end(); });
}

/// With the left's attributes of both, where they are settings of one op: each changed other attributes than the op has.
std::optional<Repair> bothOf(const Repair& a, const Repair& b, const Subject& subject)
{
    if (canJoin(a, b))
        return joined(a, b);
    Repair result = joined(a, b);
    for (const auto& [name, settings] : b.settings) {
        const auto first = a.settings.find(name);
        const int op = subject.right.opIndex(name);
        if (first == a.settings.end() || op < 0)
            continue;
        const Op& own = subject.rightOp(op);
        if (first->second.kind != settings.kind || first->second.parameters != settings.parameters)
            return {};
        Repair::Settings merged = first->second;
        for (const auto& setting : settings.attributes) {
            const bool isOwn = std::any_of(own.attributes.begin(), own.attributes.end(), [&](const auto& entry) {
                return entry.first == setting.first && entry.second == setting.second;
            });
            if (!isOwn)
                merged.attributes.set(setting.first, setting.second);
        }
        for (const auto& [key, value] : own.attributes)
            if (!settings.attributes.has(key))
                merged.attributes.remove(key);
        result.settings.insert_or_assign(name, std::move(merged));
    }
    return result;
}

class Search
{
public:
    Search(const Subject& subject, const Suspects& suspects, const Trial& trial, const Bench* bench, const Progress& progress)
        : m_subject(subject), m_trial(trial), m_bench(bench), m_progress(progress),
          m_explanations(explanationsOf(subject, suspects, progress))
    {
    }

    std::vector<Cause> found()
    {
        if (!m_trial.part)
            return toldOfParameters();
        for (const Explanation& explanation : m_explanations) // the first for each
            if (std::none_of(explanation.weights.begin(), explanation.weights.end(),
                             [&](std::size_t i) { return m_explained.contains(i); })) {
                m_base = joined(std::move(m_base), explanation.repair);
                m_explained.insert(explanation.weights.begin(), explanation.weights.end());
            } else {
                for (const std::size_t i : explanation.weights) // what the first left out
                    if (m_explained.insert(i).second)
                        for (const Parameter* parameter : m_subject.weights[i].right)
                            if (const auto values = explanation.repair.values.find(parameter->name);
                                values != explanation.repair.values.end())
                                m_base.values.insert_or_assign(parameter->name, values->second);
            }
        if (!m_base.isEmpty())
            if (const Outcome outcome = tried(m_base); isProof(outcome))
                return told({}, outcome);
        for (const Hypothesis& hypothesis : hypotheses())
            for (Candidate& candidate : hypothesis.candidates(m_subject))
                m_candidates.push_back(std::move(candidate));
        if (!m_base.isEmpty()) // what would be there without any of the weights' differences, which it then causes
            if (auto causes = singly(false); !causes.empty())
                return causes;
        if (auto causes = singly(true); !causes.empty())
            return causes;
        if (auto causes = inPairs(); !causes.empty())
            return causes;
        return unproved();
    }

private:
    Outcome tried(const Repair& repair) const
    {
        try {
            const auto result = runPart(*m_trial.part, repair, m_trial.alone->feeds, m_progress.part(0, 0));
            return outcomeOf(*m_trial.alone, result ? &*result : nullptr, *m_bench);
        } catch (const Error&) { // it cannot run so
            return {};
        }
    }
    bool isProof(const Outcome& outcome) const
    {
        return outcome.metrics && vanished(m_trial.before.error(), outcome.error(), m_subject.tolerance);
    }

    std::vector<Cause> singly(bool withBase) const
    {
        std::vector<Cause> result;
        bool first = true;
        for (const Candidate& candidate : m_candidates) {
            const Outcome outcome = tried(joined(withBase ? m_base : Repair(), candidate.repair));
            if (!isProof(outcome))
                continue;
            for (Cause& cause : told({&candidate}, outcome, {}, withBase))
                if (first || cause.id != "weights-differ")
                    result.push_back(std::move(cause));
            first = false;
        }
        return deduplicated(std::move(result));
    }

    std::vector<Cause> inPairs() const
    {
        constexpr int most = 300;
        int runs = 0;
        for (std::size_t i = 0; i < m_candidates.size(); ++i)
            for (std::size_t j = i + 1; j < m_candidates.size() && runs < most; ++j) {
                const auto both = bothOf(m_candidates[i].repair, m_candidates[j].repair, m_subject);
                if (!both)
                    continue;
                ++runs;
                if (const Outcome outcome = tried(joined(m_base, *both)); isProof(outcome))
                    return told({&m_candidates[i], &m_candidates[j]}, outcome, *both);
            }
        return {};
    }

    static std::vector<Cause> deduplicated(std::vector<Cause> causes)
    {
        std::vector<Cause> result;
        for (Cause& cause : causes)
            if (std::none_of(result.begin(), result.end(),
                             [&](const Cause& known) { return known.id == cause.id && known.text == cause.text; }))
                result.push_back(std::move(cause));
        return result;
    }

    Cause cause(const std::string& id) const
    {
        Cause result;
        result.id = id;
        result.left = m_subject.leftLayer;
        result.right = m_subject.rightLayer;
        if (m_trial.part)
            result.errorBefore = m_trial.before.error();
        return result;
    }

    Cause causeOf(const Explanation& explanation) const
    {
        Cause result = cause(explanation.id);
        for (const std::size_t i : explanation.weights) {
            const mapping::ParameterLink& link = *m_subject.weights[i].link;
            result.parametersLeft.insert(result.parametersLeft.end(), link.left.begin(), link.left.end());
            result.parametersRight.insert(result.parametersRight.end(), link.right.begin(), link.right.end());
        }
        result.elements = explanation.elements;
        result.text = explanation.what;
        return result;
    }

    std::string undone(bool takesLeft, const Outcome& outcome, std::size_t parts) const
    {
        const std::string what = takesLeft ? fmt::format("with {}", sideOf()) : "undone";
        return fmt::format("; {}{}, max |d| is {}", what, parts > 1 ? " together with the other" : "",
                           shortNumber(outcome.metrics->maxAbs));
    }
    std::string sideOf() const
    {
        const std::string name = sideName(m_subject, true);
        return name == "left" ? "the left's" : name + "'s";
    }

    /// The base's explanations, all that are as good, and these candidates: proved by the outcome of all of them together.
    std::vector<Cause> told(const std::vector<const Candidate*>& candidates, const Outcome& outcome, std::optional<Repair> both = {},
                            bool withBase = true) const
    {
        Repair repair = withBase ? m_base : Repair();
        if (both)
            repair = joined(std::move(repair), *both);
        else
            for (const Candidate* candidate : candidates)
                repair = joined(std::move(repair), candidate->repair);
        const std::size_t parts = candidates.size() + (withBase ? distinct() : 0);
        std::vector<Cause> result;
        for (const Candidate* candidate : candidates) {
            result.push_back(cause(candidate->id));
            if (candidate->leftOp >= 0)
                result.back().left = layerOf(m_subject.left, candidate->leftOp);
            if (candidate->rightOp >= 0)
                result.back().right = layerOf(m_subject.right, candidate->rightOp);
            result.back().text = candidate->what + undone(candidate->takesLeft, outcome, parts);
        }
        for (const Explanation& explanation : m_explanations) {
            if (!withBase)
                break;
            result.push_back(causeOf(explanation));
            result.back().text += undone(!explanation.isNamed, outcome, parts);
        }
        for (Cause& found : result) {
            found.proved = true;
            found.errorAfter = outcome.error();
            found.repair = repair;
        }
        return result;
    }
    /// How many explanations the base is made of.
    std::size_t distinct() const
    {
        std::set<std::size_t> covered;
        std::size_t count = 0;
        for (const Explanation& explanation : m_explanations) {
            const std::size_t before = covered.size();
            covered.insert(explanation.weights.begin(), explanation.weights.end());
            if (covered.size() > before)
                ++count;
        }
        return count;
    }

    /// What can be said of parameters that nothing runs with: equal with the repair, or different.
    std::vector<Cause> toldOfParameters() const
    {
        std::vector<Cause> result;
        for (const Explanation& explanation : m_explanations) {
            Cause found = causeOf(explanation);
            found.errorBefore = found.errorAfter = 0;
            for (const std::size_t i : explanation.weights) {
                const Weights& weights = m_subject.weights[i];
                found.errorBefore = greater(*found.errorBefore, weights.error);
                found.errorAfter =
                    greater(*found.errorAfter, distance(withVariant(weights, {{}, {}, explanation.repair.values}), weights.expected));
            }
            found.repair = explanation.repair;
            found.proved = explanation.isNamed;
            if (explanation.isNamed)
                found.text += *found.errorAfter == 0 ? "; undone, the weights are equal bit for bit"
                                                     : fmt::format("; undone, the weights are within {}", shortNumber(*found.errorAfter));
            result.push_back(std::move(found));
        }
        return result;
    }

    /// What is seen although undoing it does not make the error vanish.
    std::vector<Cause> unproved() const
    {
        std::vector<Cause> result;
        for (const Explanation& explanation : m_explanations) {
            result.push_back(causeOf(explanation));
            result.back().text += "; the layer differs by more than that";
        }
        return result;
    }

    const Subject& m_subject;
    const Trial& m_trial;
    const Bench* m_bench;
    const Progress& m_progress;
    std::vector<Explanation> m_explanations;
    std::vector<Candidate> m_candidates;
    Repair m_base;
    std::set<std::size_t> m_explained;
};

}

bool vanished(double before, double after, double tolerance)
{
    return after <= tolerance && !(before < smaller * after);
}

std::vector<Cause> causesOf(const Subject& subject, const Suspects& suspects, const Trial& trial, const Bench* bench,
                            const Progress& progress)
{
    return Search(subject, suspects, trial, bench, progress).found();
}

}
