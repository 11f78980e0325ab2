// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compare/calls.h"

#include "core/base/held.h"
#include "core/layers/kind.h"
#include "core/mapping/inputs.h"

#include <algorithm>
#include <charconv>
#include <climits>
#include <set>

namespace core::compare {

namespace {

constexpr int lastCall = INT_MAX; ///< bears the layer's own name, without a number

/// 1 of "d:call1" and "d:call1:linear", `lastCall` of "d" and "d:linear".
int callNumber(const Op& op)
{
    const std::string prefix = op.layer + ":call";
    int number = 0;
    if (op.layer.empty() || !op.name.starts_with(prefix) ||
        std::from_chars(op.name.data() + prefix.size(), op.name.data() + op.name.size(), number).ec != std::errc())
        return lastCall;
    return number;
}

/// The numbers of the calls that ops belong to, by op.
class CallNumbers
{
public:
    CallNumbers(const Model& model, const std::vector<int>& ops) : m_model(model)
    {
        std::set<std::string_view> repeated;
        for (const int op : ops)
            if (callNumber(at(op)) != lastCall)
                repeated.insert(at(op).layer);
        for (const int op : ops)
            if (repeated.contains(at(op).layer))
                m_numbers.emplace(op, callNumber(at(op)));
        for (const int op : ops) // in order of computation: what an activation takes is known
            if (const int producer = isActivation(op) ? linkedProducer(op) : -1; producer >= 0)
                m_numbers.emplace(op, held(m_numbers, producer));
        for (auto op = ops.rbegin(); op != ops.rend(); ++op)
            m_numbers.emplace(*op, numberOfConsumer(*op, ops));
    }
    int operator()(int op) const { return held(m_numbers, op); }

private:
    const Op& at(int op) const { return m_model.ops[static_cast<std::size_t>(op)]; }
    bool isActivation(int op) const
    {
        const layers::Kind* kind = layers::kind(at(op).kind);
        return kind && kind->activation;
    }
    /// The numbered op that an op takes, also through what only passes on (a Dropout); -1 when there is none.
    int linkedProducer(int op) const
    {
        for (int producer = onlyProducer(at(op)); producer >= 0; producer = onlyProducer(at(producer))) {
            if (m_numbers.contains(producer))
                return producer;
            const layers::Kind* kind = layers::kind(at(producer).kind);
            if (!kind || !kind->transparent)
                break;
        }
        return -1;
    }
    int numberOfConsumer(int op, const std::vector<int>& ops) const
    {
        for (const int consumer : ops)
            if (m_numbers.contains(consumer) && takesOnly(at(consumer), op))
                return held(m_numbers, consumer);
        return lastCall;
    }

    const Model& m_model;
    std::map<int, int> m_numbers;
};

/// Where a value that a call takes comes from, in terms that both sides share.
struct Source
{
    enum class Sort { Input, Call, Link } sort;
    std::size_t index; ///< of the pair of inputs or calls, or of the link
    int output;
    auto operator<=>(const Source&) const = default;
};

/// The calls of one side of a link, and what they take.
struct CallsOfSide
{
    const Model& model;
    const mapping::Mapping& mapping;
    bool isLeft;
    std::vector<Call> calls;
    std::vector<int> inputs; ///< ops of the model's inputs, in the order of the pairs

    /// Empty when one of the sources is not known on the other side. `paired` are the calls that have their counterpart.
    std::vector<Source> sources(const Call& call, const std::vector<std::size_t>& paired) const
    {
        std::vector<Source> found;
        for (const int op : call)
            for (const Input& input : model.ops[static_cast<std::size_t>(op)].inputs)
                if (std::find(call.begin(), call.end(), input.port.op) == call.end()) {
                    const auto source = sourceOf(input.port, paired);
                    if (!source)
                        return {};
                    found.push_back(*source);
                }
        std::sort(found.begin(), found.end());
        return found;
    }

private:
    std::optional<Source> sourceOf(Port port, const std::vector<std::size_t>& paired) const
    {
        if (const auto input = std::find(inputs.begin(), inputs.end(), port.op); input != inputs.end())
            return Source{Source::Sort::Input, static_cast<std::size_t>(input - inputs.begin()), port.output};
        for (std::size_t i = 0; i < paired.size(); ++i)
            if (const Call& earlier = calls[paired[i]]; std::find(earlier.begin(), earlier.end(), port.op) != earlier.end())
                return Source{Source::Sort::Call, i, port.output};
        const mapping::Link* link = linkOf(mapping, model, port.op, isLeft, false);
        if (!link)
            return {};
        return Source{Source::Sort::Link, static_cast<std::size_t>(link - mapping.links.data()), port.output};
    }
};

}

std::vector<Call> callsOf(const Model& model, const std::vector<std::string>& opNames)
{
    std::vector<int> ops;
    for (const std::string& name : opNames)
        if (const int op = model.opIndex(name); op >= 0)
            ops.push_back(op);
    std::sort(ops.begin(), ops.end());
    const CallNumbers numbers(model, ops);
    std::map<int, Call> byNumber;
    for (const int op : ops)
        byNumber[numbers(op)].push_back(op);
    std::vector<Call> calls;
    for (auto& [number, call] : byNumber)
        calls.push_back(std::move(call));
    std::sort(calls.begin(), calls.end(), [](const Call& a, const Call& b) { return a.back() < b.back(); });
    return calls;
}

std::vector<std::pair<Call, Call>> pairedCalls(const mapping::Link& link, const Model& left, const Model& right,
                                               const mapping::Mapping& mapping)
{
    CallsOfSide a{left, mapping, true, callsOf(left, link.left), {}}, b{right, mapping, false, callsOf(right, link.right), {}};
    if (a.calls.empty() || b.calls.empty())
        return {};
    const auto all = [](const std::vector<Call>& calls) {
        Call ops;
        for (const Call& call : calls)
            ops.insert(ops.end(), call.begin(), call.end());
        std::sort(ops.begin(), ops.end());
        return ops;
    };
    if (a.calls.size() != b.calls.size() || a.calls.size() == 1)
        return {{all(a.calls), all(b.calls)}};
    if (left.inputOps().size() == right.inputOps().size())
        for (const auto& [leftInput, rightInput] : mapping::pairedInputs(left, right, mapping)) {
            a.inputs.push_back(leftInput);
            b.inputs.push_back(rightInput);
        }
    std::vector<std::size_t> pairedLeft, pairedRight;
    const auto isFree = [](const std::vector<std::size_t>& paired, std::size_t call) {
        return std::find(paired.begin(), paired.end(), call) == paired.end();
    };
    for (const bool bySources : {true, false})
        for (std::size_t i = 0; i < a.calls.size(); ++i)
            for (std::size_t j = 0; j < b.calls.size() && isFree(pairedLeft, i); ++j) {
                const std::vector<Source> sources = bySources ? a.sources(a.calls[i], pairedLeft) : std::vector<Source>();
                const bool belong = !bySources || (!sources.empty() && sources == b.sources(b.calls[j], pairedRight));
                if (belong && isFree(pairedRight, j)) {
                    pairedLeft.push_back(i);
                    pairedRight.push_back(j);
                }
            }
    std::vector<std::pair<Call, Call>> pairs;
    for (std::size_t i = 0; i < pairedLeft.size(); ++i)
        pairs.emplace_back(a.calls[pairedLeft[i]], b.calls[pairedRight[i]]);
    std::sort(pairs.begin(), pairs.end(), [](const auto& x, const auto& y) { return x.first.back() < y.first.back(); });
    return pairs;
}

}
