// SPDX-License-Identifier: GPL-3.0-or-later
// Where in a checkpoint the model is (formats.md A6).
#include "core/formats/torch/torchsearch.h"

#include "core/base/names.h"
#include "core/formats/torch/torchmodule.h"
#include "core/formats/torch/torchtensor.h"

#include <algorithm>
#include <array>
#include <deque>
#include <fmt/format.h>
#include <unordered_set>

namespace core::formats {

using Type = PickleNode::Type;

namespace {

/// Where training scripts keep the model, most usual first.
constexpr std::array<std::string_view, 16> modelKeys = {
    "state_dict", "model_state_dict", "model", "module",    "net",       "network", "weights",
    "params",     "params_ema",       "ema",   "model_ema", "generator", "netG",    "generator_state_dict",
    "state",      "best_state"};
constexpr std::size_t depthLimit = 8, valueLimit = 200'000;

/// What an optimizer saves is full of tensors and no model.
bool isOptimizer(const std::string& key, const PickleNode& node)
{
    return key.find("optim") != key.npos || (node.is(Type::Dict) && node.value("param_groups") && node.value("state"));
}

struct Candidate
{
    TorchFound found;
    std::size_t rank = modelKeys.size() + 1; ///< of its key among the usual ones
    std::size_t tensors = 0;
    bool isModule = false, hasDots = false;

    bool isUsual() const { return rank <= modelKeys.size(); }
    bool looksLikeModel() const { return isUsual() || isModule || hasDots; }
};

std::size_t rankOf(const std::string& key)
{
    const auto known = std::find(modelKeys.begin(), modelKeys.end(), key);
    if (known != modelKeys.end())
        return static_cast<std::size_t>(known - modelKeys.begin());
    return modelKeys.size() + (key.ends_with("state_dict") ? 0 : 1);
}

Candidate candidate(std::string path, const std::string& key, const PickleNode& node)
{
    Candidate result;
    result.found = {std::move(path), &node};
    result.rank = rankOf(key);
    result.isModule = isTorchModule(node);
    for (std::size_t i = 0; !result.isModule && i < node.pairs(); ++i) {
        const PickleNode& name = *node.items[2 * i];
        result.hasDots = result.hasDots || (name.is(Type::String) && name.text.find('.') != name.text.npos);
        if (isTorchTensor(*node.items[2 * i + 1]))
            ++result.tensors;
    }
    return result;
}

/// Every model below `root`, outer ones first; nothing inside a model or an optimizer is looked at. `loose` counts tensors outside of them.
std::vector<Candidate> candidates(const PickleNode& root, std::size_t& loose)
{
    struct Open
    {
        TorchFound value;
        std::size_t depth;
    };
    std::vector<Candidate> result;
    std::deque<Open> open{{{"", &root}, 0}};
    std::unordered_set<const PickleNode*> seen{&root};
    if (isOptimizer("", root))
        open.clear();
    for (std::size_t steps = 0; !open.empty() && steps < valueLimit; ++steps) {
        const Open current = std::move(open.front());
        open.pop_front();
        if (current.depth == depthLimit)
            continue;
        for (const TorchChild& child : torchChildren(*current.value.node)) {
            if (isTorchTensor(*child.node)) {
                ++loose;
                continue;
            }
            const bool isInner = !child.node->items.empty() || child.node->state;
            if (!isInner || !seen.insert(child.node).second)
                continue;
            const std::string name = child.name();
            if (isOptimizer(name, *child.node))
                continue;
            std::string path = joined(current.value.path, name);
            if (isTorchModule(*child.node) || isTorchStateDict(*child.node))
                result.push_back(candidate(std::move(path), name, *child.node));
            else
                open.push_back({{std::move(path), child.node}, current.depth + 1});
        }
    }
    return result;
}

/// The best of several: the most usual key, else the largest whose names look like a model's. A dict of tensors among loose ones is one
/// only if it looks like it.
const Candidate* best(const std::vector<Candidate>& all, std::size_t loose)
{
    if (all.size() == 1 && (loose == 0 || all[0].looksLikeModel()))
        return &all.front();
    const Candidate* chosen = nullptr;
    for (const Candidate& one : all)
        if (one.isUsual() && (!chosen || one.rank < chosen->rank))
            chosen = &one;
    for (const Candidate& one : all)
        if (!chosen || (!chosen->isUsual() &&
                        (one.isModule > chosen->isModule || (one.isModule == chosen->isModule && one.tensors > chosen->tensors))))
            if (one.isModule || one.hasDots)
                chosen = &one;
    return chosen;
}

}

std::string TorchChild::name() const
{
    return key ? torchKey(*key) : fmt::to_string(index);
}

std::string torchKey(const PickleNode& key)
{
    return key.is(Type::String) ? safeName(key.text) : describe(key);
}

std::string joined(const std::string& path, const std::string& name)
{
    return path.empty() ? name : path + "." + name;
}

std::vector<TorchChild> torchChildren(const PickleNode& node)
{
    std::vector<TorchChild> result;
    const auto addPairs = [&result](const PickleNode& from) {
        result.reserve(result.size() + from.pairs());
        for (std::size_t i = 0; i < from.pairs(); ++i)
            result.push_back({from.items[2 * i], i, from.items[2 * i + 1]});
    };
    const auto addValues = [&result](const PickleNode& from) {
        for (std::size_t i = 0; i < from.items.size(); ++i)
            result.push_back({nullptr, i, from.items[i]});
    };
    if (node.is(Type::Dict)) {
        addPairs(node);
    } else if (node.is(Type::List) || node.is(Type::Tuple) || node.is(Type::Set)) {
        addValues(node);
    } else if (node.is(Type::Object)) {
        if (node.state && node.state->is(Type::Dict))
            addPairs(*node.state);
        for (std::size_t i = 0; node.state && node.state->is(Type::Tuple) && i < node.state->items.size(); ++i)
            if (node.state->items[i]->is(Type::Dict)) // (attributes, slots)
                addPairs(*node.state->items[i]);
        node.paired ? addPairs(node) : addValues(node);
        // A named tuple has nothing but what it was made of.
        const auto& arguments = node.arguments->items;
        const bool holdsMore = std::any_of(arguments.begin(), arguments.end(),
                                           [](const PickleNode* item) { return item->is(Type::Object) || item->is(Type::Dict); });
        if (!node.state && node.items.empty() && holdsMore)
            addValues(*node.arguments);
    }
    return result;
}

TorchChoice chooseTorchModel(const PickleNode& root)
{
    TorchChoice choice;
    if (isTorchModule(root)) {
        choice.model.node = &root;
        return choice;
    }
    std::size_t loose = 0;
    const std::vector<Candidate> all = candidates(root, loose);
    const Candidate* chosen = best(all, loose);
    if (isTorchStateDict(root)) {
        // A few tensors beside a model (means, anchors) do not make the whole a state dict.
        const bool isBeside = chosen && chosen->isUsual() && (chosen->isModule || chosen->tensors > candidate("", "", root).tensors);
        if (!isBeside) {
            choice.model.node = &root;
            return choice;
        }
    }
    if (!chosen)
        return choice;
    choice.model = chosen->found;
    for (const Candidate& one : all)
        if (&one != chosen && one.looksLikeModel())
            choice.others.push_back(one.found);
    return choice;
}

}
