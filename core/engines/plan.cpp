// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/plan.h"

#include "core/layers/follow.h"
#include "core/layers/window.h"
#include "core/model/names.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <utility>
#include <variant>

namespace core::engines {

namespace {

std::size_t at(int index)
{
    return static_cast<std::size_t>(index);
}

std::uint64_t bytesOf(const layers::Value& value)
{
    return static_cast<std::uint64_t>(elementCount(value.shape)) * sizeof(float);
}

/// What an input op takes, without batch; nothing when the file does not tell.
std::optional<Shape> declaredShape(const Model& model, int index)
{
    const Op& op = model.ops[at(index)];
    if (op.attributes.has("shape"))
        return op.attributes.integers("shape");
    const auto inputs = model.inputOps();
    return !inputs.empty() && inputs.front() == index ? model.inputShape : std::nullopt;
}

bool accepts(const Shape& declared, const Shape& given)
{
    if (given.size() != declared.size() + 1)
        return false;
    for (std::size_t i = 0; i < declared.size(); ++i)
        if (declared[i] >= 0 && declared[i] != given[i + 1])
            return false;
    return true;
}

Tensor checkedFeed(const Model& model, Port port, const Tensor& feed)
{
    const int index = port.op;
    if (index < 0 || at(index) >= model.ops.size() || port.output < 0 || feed.isNull() || feed.shape().empty() || feed.count() == 0)
        throw Error("feed-empty")
            .file(model.origin.path)
            .expected("values for one of the model's ops, batch first")
            .found(text(feed.shape()));
    const Op& op = model.ops[at(index)];
    Tensor result = feed.toFloat32();
    if (op.kind != "input")
        return result;
    if (auto declared = declaredShape(model, index); declared && !accepts(*declared, feed.shape())) {
        declared->insert(declared->begin(), -1);
        throw Error("feed-shape")
            .file(model.origin.path)
            .expected("an input " + text(*declared))
            .found(text(feed.shape()))
            .at(printable(op.name));
    }
    if (result.axes().empty())
        result = result.withAxes(layers::inputValue(model, index, Shape(feed.shape().begin() + 1, feed.shape().end())).axes);
    return result;
}

/// Ops to compute for the wanted values, behind what is fed.
std::vector<bool> neededOps(const Model& model, const Feeds& feeds, const std::vector<Port>& wanted)
{
    std::vector<bool> needed(model.ops.size(), wanted.empty());
    for (const Port port : wanted) {
        if (port.op < 0 || at(port.op) >= needed.size())
            throw Error("op-index").expected(fmt::format("an op below {}", needed.size())).found(std::to_string(port.op));
        needed[at(port.op)] = needed[at(port.op)] || !feeds.contains(port);
    }
    for (int op = static_cast<int>(needed.size()) - 1; op >= 0; --op) {
        if (wanted.empty() && feeds.contains(op))
            needed[at(op)] = false;
        if (needed[at(op)])
            for (const Input& input : model.ops[at(op)].inputs)
                if (input.port.op >= 0 && input.port.op < op && !feeds.contains(input.port))
                    needed[at(input.port.op)] = true;
    }
    return needed;
}

/// Why the op cannot run, or what it puts out.
std::variant<std::string, std::vector<layers::Value>> results(const Model& model, int index, const Plan& plan)
{
    const Op& op = model.ops[at(index)];
    if (!op.unsupported.empty())
        return op.unsupported;
    if (op.kind == "input")
        return "it was given no value";
    const layers::Kind* kind = layers::kind(op.kind);
    if (!kind || !kind->infer || op.inputs.empty())
        return "it is of a kind that cannot run yet";
    if (std::string problem = layers::inputsProblem(*kind, op); !problem.empty())
        return problem;
    const layers::Call call(op, plan.values);
    if (!call.isKnown())
        return "it has an input that does not exist";
    if (std::string problem = layers::layoutProblem(model.framework, call); !problem.empty())
        return problem;
    try {
        layers::checkParameters(model, call);
        return layers::inferred(*kind, call);
    } catch (const Error& error) {
        return error.what();
    }
}

void settle(const Model& model, const std::vector<bool>& needed, const std::map<int, std::string>& unavailable, Plan& plan)
{
    for (int i = 0; i < static_cast<int>(model.ops.size()); ++i) {
        if (!needed[at(i)] || plan.problems.inherit(model, i, plan.fed))
            continue;
        if (const auto known = unavailable.find(i); known != unavailable.end()) {
            plan.problems.add(i, known->second);
            continue;
        }
        auto result = results(model, i, plan);
        if (auto* problem = std::get_if<std::string>(&result)) {
            plan.problems.add(i, std::move(*problem));
            continue;
        }
        auto& values = std::get<std::vector<layers::Value>>(result);
        for (std::size_t output = 0; output < values.size(); ++output)
            if (const Port port(i, static_cast<int>(output)); !plan.fed.contains(port))
                plan.values[port] = std::move(values[output]);
        plan.order.push_back(i);
    }
}

/// The most bytes held at once when a value is dropped after its last use.
void checkMemory(const Model& model, const Plan& plan, std::uint64_t limit)
{
    ByPort<int> uses = plan.uses(model);
    std::uint64_t held = 0, most = 0, largestBytes = 0;
    int largest = -1;
    const auto hold = [&](int op, const layers::Value& value) {
        held += bytesOf(value);
        most = std::max(most, held);
        if (largest < 0 || bytesOf(value) > largestBytes) {
            largest = op;
            largestBytes = bytesOf(value);
        }
    };
    for (const auto& [port, value] : plan.fed)
        hold(port.op, value);
    for (const int op : plan.order) {
        for (const layers::Value& value : plan.outputs(op))
            hold(op, value);
        for (const Input& input : model.ops[at(op)].inputs)
            if (--uses[input.port] == 0)
                held -= bytesOf(*plan.values[input.port]);
    }
    if (most <= limit)
        return;
    constexpr double gib = 1 << 30;
    throw Error("activations-too-large")
        .file(model.origin.path)
        .expected(fmt::format("at most {:.1f} GiB of activations", static_cast<double>(limit) / gib))
        .found(fmt::format("an estimate of {:.1f} GiB", static_cast<double>(most) / gib))
        .at(printable(model.ops[at(largest)].name))
        .advice("Take a smaller batch or fewer layers at once.");
}

}

void Problems::add(int op, std::string text)
{
    texts.insert_or_assign(op, std::move(text));
    causes[op] = op;
}

bool Problems::inherit(const Model& model, int op, const std::map<Port, layers::Value>& fed)
{
    for (const Input& input : model.ops[at(op)].inputs) {
        const auto cause = causes.find(input.port.op);
        if (cause == causes.end() || fed.contains(input.port))
            continue;
        const int blamed = cause->second;
        const bool isInput = model.ops[at(blamed)].kind == "input";
        texts.insert_or_assign(op,
                               fmt::format("it needs {}, which {}", shownOp(model, blamed), isInput ? "was given no value" : "cannot run"));
        causes[op] = blamed;
        return true;
    }
    return false;
}

std::vector<layers::Value> Plan::outputs(int op) const
{
    std::vector<layers::Value> result;
    for (int output = 0; values[Port(op, output)]; ++output)
        result.push_back(*values[Port(op, output)]);
    return result;
}

ByPort<int> Plan::uses(const Model& model) const
{
    ByPort<int> result(model.ops.size());
    for (const Port port : wanted)
        ++result[port];
    for (const int op : order)
        for (const Input& input : model.ops[at(op)].inputs)
            ++result[input.port];
    return result;
}

Feeds checkedFeeds(const Model& model, const Feeds& feeds)
{
    Feeds result;
    for (const auto& [port, feed] : feeds)
        result.emplace(port, checkedFeed(model, port, feed));
    return result;
}

Plan planRun(const Model& model, const Feeds& feeds, const std::vector<Port>& wanted, const std::map<int, std::string>& unavailable,
             std::uint64_t limit)
{
    Plan plan;
    plan.asked = wanted;
    plan.values.resize(model.ops.size());
    for (const auto& [port, feed] : feeds) {
        plan.fed[port] = {feed.shape(), feed.axes()};
        plan.values[port] = plan.fed[port];
    }
    settle(model, neededOps(model, feeds, wanted), unavailable, plan);
    layers::labelUnflattened(model, plan.values);
    std::set<Port> handed(wanted.begin(), wanted.end());
    for (int i = 0; wanted.empty() && i < static_cast<int>(model.ops.size()); ++i)
        for (int output = 0; std::as_const(plan.values)[Port(i, output)]; ++output)
            handed.insert(Port(i, output));
    for (const Port port : handed)
        if (std::as_const(plan.values)[port])
            plan.wanted.push_back(port);
    checkMemory(model, plan, limit);
    return plan;
}

bool fits(const Plan& plan, const Feeds& feeds, const std::vector<Port>& wanted)
{
    return plan.asked == wanted &&
           std::equal(plan.fed.begin(), plan.fed.end(), feeds.begin(), feeds.end(), [](const auto& a, const auto& b) {
               return a.first == b.first && a.second.shape == b.second.shape() && a.second.axes == b.second.axes();
           });
}

}
