// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/plan.h"

#include "core/model/names.h"

#include <algorithm>
#include <fmt/format.h>
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

Tensor checkedFeed(const Model& model, int index, const Tensor& feed)
{
    if (index < 0 || at(index) >= model.ops.size() || feed.isNull() || feed.shape().empty() || feed.count() == 0)
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
        result = result.withAxes(layers::inputValue(model.framework, Shape(feed.shape().begin() + 1, feed.shape().end())).axes);
    return result;
}

/// Ops that the wanted ones need, behind what is fed.
std::vector<bool> neededOps(const Model& model, const Feeds& feeds, const std::vector<int>& wanted)
{
    std::vector<bool> needed(model.ops.size(), wanted.empty());
    for (const int op : wanted) {
        if (op < 0 || at(op) >= needed.size())
            throw Error("op-index").expected(fmt::format("an op below {}", needed.size())).found(std::to_string(op));
        needed[at(op)] = true;
    }
    for (int op = static_cast<int>(needed.size()) - 1; op >= 0; --op)
        if (needed[at(op)] && !feeds.contains(op))
            for (const int input : model.ops[at(op)].inputs)
                if (input >= 0 && input < op)
                    needed[at(input)] = true;
    return needed;
}

/// Why the op cannot run, or its inferred value.
std::variant<std::string, layers::Value> inferred(const Model& model, int index, const Plan& plan)
{
    const Op& op = model.ops[at(index)];
    if (!op.unsupported.empty())
        return op.unsupported;
    if (op.kind == "input")
        return "it was given no value";
    const layers::Kind* kind = layers::kind(op.kind);
    if (!kind || !kind->infer || op.inputs.empty())
        return "it is of a kind that cannot run yet";
    std::vector<layers::Value> inputs;
    for (const int input : op.inputs) {
        if (input < 0 || input >= index || !plan.values[at(input)])
            return "it has an input that does not exist";
        inputs.push_back(*plan.values[at(input)]);
    }
    try {
        layers::checkParameters(model, op, &inputs.front());
        auto value = kind->infer(op, inputs);
        elementCount(value.shape);
        return value;
    } catch (const Error& error) {
        return error.what();
    }
}

void settle(const Model& model, const std::vector<bool>& needed, const std::map<int, std::string>& unavailable, Plan& plan)
{
    for (int i = 0; i < static_cast<int>(model.ops.size()); ++i) {
        if (!needed[at(i)] || plan.values[at(i)] || plan.problems.inherit(model, i))
            continue;
        if (const auto known = unavailable.find(i); known != unavailable.end()) {
            plan.problems.add(i, known->second);
            continue;
        }
        auto result = inferred(model, i, plan);
        if (auto* problem = std::get_if<std::string>(&result)) {
            plan.problems.add(i, std::move(*problem));
            continue;
        }
        plan.values[at(i)] = std::get<layers::Value>(std::move(result));
        plan.order.push_back(i);
    }
}

/// The most bytes held at once when a value is dropped after its last use.
void checkMemory(const Model& model, const Plan& plan, std::uint64_t limit)
{
    std::vector<int> uses(model.ops.size(), 0);
    for (const int op : plan.wanted)
        ++uses[at(op)];
    for (const int op : plan.order)
        for (const int input : model.ops[at(op)].inputs)
            ++uses[at(input)];
    std::uint64_t held = 0, most = 0;
    int largest = -1;
    const auto hold = [&](int op) {
        held += bytesOf(*plan.values[at(op)]);
        most = std::max(most, held);
        if (largest < 0 || bytesOf(*plan.values[at(op)]) > bytesOf(*plan.values[at(largest)]))
            largest = op;
    };
    for (const auto& feed : plan.fed)
        hold(feed.first);
    for (const int op : plan.order) {
        hold(op);
        for (const int input : model.ops[at(op)].inputs)
            if (--uses[at(input)] == 0)
                held -= bytesOf(*plan.values[at(input)]);
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

bool Problems::inherit(const Model& model, int op)
{
    for (const int input : model.ops[at(op)].inputs) {
        const auto cause = causes.find(input);
        if (cause == causes.end())
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

Feeds checkedFeeds(const Model& model, const Feeds& feeds)
{
    Feeds result;
    for (const auto& [index, feed] : feeds)
        result.emplace(index, checkedFeed(model, index, feed));
    return result;
}

Plan planRun(const Model& model, const Feeds& feeds, const std::vector<int>& wanted, const std::map<int, std::string>& unavailable,
             std::uint64_t limit)
{
    Plan plan;
    plan.asked = wanted;
    plan.values.resize(model.ops.size());
    for (const auto& [index, feed] : feeds) {
        plan.fed[index] = {feed.shape(), feed.axes()};
        plan.values[at(index)] = plan.fed[index];
    }
    const auto needed = neededOps(model, feeds, wanted);
    settle(model, needed, unavailable, plan);
    for (int i = 0; i < static_cast<int>(needed.size()); ++i)
        if (plan.values[at(i)] && (wanted.empty() || std::find(wanted.begin(), wanted.end(), i) != wanted.end()))
            plan.wanted.push_back(i);
    checkMemory(model, plan, limit);
    return plan;
}

bool fits(const Plan& plan, const Feeds& feeds, const std::vector<int>& wanted)
{
    return plan.asked == wanted &&
           std::equal(plan.fed.begin(), plan.fed.end(), feeds.begin(), feeds.end(), [](const auto& a, const auto& b) {
               return a.first == b.first && a.second.shape == b.second.shape() && a.second.axes == b.second.axes();
           });
}

}
