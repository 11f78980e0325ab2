// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/crossed.h"

#include "core/mapping/names.h"
#include "core/rules/rules.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <set>
#include <tuple>

namespace core::mapping {

namespace {

/// A layer of the file that stands at an op of the twin because of its values alone, or because those of others left no other place.
struct Placed
{
    bool isByValues = false;
    const Op* ours = nullptr;
    const Op* theirs = nullptr;
    std::vector<std::string> ourName, theirName; ///< their words; empty where a framework counted the name out
    std::vector<std::string> words;              ///< of our name, numbers left open
    std::vector<std::uint64_t> numbers;          ///< of our name: of "dense_1" 1, of "dense" 0
};

/// Kind and shapes: what layers have in common that could change places. What a layer may as well be without tells none apart.
std::string looksOf(const Model& model, const Op& op)
{
    std::string required;
    std::set<std::string> optional;
    for (const auto& [role, name] : op.parameters)
        if (const Parameter* parameter = model.parameter(name)) {
            if (rules::neutralValue(*parameter) || rules::isCounter(*parameter))
                optional.insert(text(parameter->source.shape));
            else
                required += fmt::format(" {} {}", role, text(parameter->source.shape));
        }
    return op.kind + (required.empty() ? fmt::format(" {}", fmt::join(optional, " ")) : required);
}

bool hasReason(const Link& link, std::initializer_list<std::string_view> ids)
{
    return std::any_of(link.reasons.begin(), link.reasons.end(),
                       [&](const Message& reason) { return std::find(ids.begin(), ids.end(), reason.id) != ids.end(); });
}

bool restsOnValues(const Link& link)
{
    return hasReason(link, {"same-values", "same-numbers"});
}

/// Neither a person, a name nor the order in the files said so.
bool isByValuesOrLeftOver(const Link& link)
{
    return link.origin == LinkOrigin::Auto && (restsOnValues(link) || hasReason(link, {"only-candidate"})) &&
           !hasReason(link, {"same-name", "names-agree", "names-end-alike", "order"});
}

/// The first op of those names that has parameters; null for none.
const Op* weighted(const Model& model, const std::vector<std::string>& names)
{
    for (const std::string& name : names)
        if (const int index = model.opIndex(name); index >= 0 && !model.ops[static_cast<std::size_t>(index)].parameters.empty())
            return &model.ops[static_cast<std::size_t>(index)];
    return nullptr;
}

std::optional<std::uint64_t> number(const std::string& token)
{
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), value);
    return error == std::errc() && end == token.data() + token.size() ? std::optional(value) : std::nullopt;
}

std::vector<std::string> nameOf(const Model& model, const Op& op)
{
    const Layer* layer = model.layer(op.layer);
    return layer && isNumberedName(op.layer, layer->kind) ? std::vector<std::string>() : nameTokens(op.layer);
}

/// Whether a list counts the layer ("l.0"): in the order in which the list was filled, which need not be the order of use.
bool isOfAList(std::string_view name)
{
    const std::size_t dot = name.rfind('.');
    return dot != std::string_view::npos && dot > 0 && number(std::string(name.substr(dot + 1)));
}

Placed placedAt(const Model& parameters, const Op& ours, const Model& twin, const Op& theirs, bool isByValues)
{
    Placed result{isByValues, &ours, &theirs, nameOf(parameters, ours), nameOf(twin, theirs), {}, {}};
    for (const std::string& token : nameTokens(ours.layer)) {
        const std::optional<std::uint64_t> value = number(token);
        result.words.push_back(value ? "#" : token);
        if (value)
            result.numbers.push_back(*value);
    }
    if (!result.words.empty() && result.words.back() != "#") {
        result.words.emplace_back("#");
        result.numbers.push_back(0);
    }
    return result;
}

/// Whether what the op `from` makes is computed from what the op `by` makes.
bool depends(const Model& model, const Op& from, const Op& by)
{
    std::vector<bool> seen(model.ops.size());
    std::vector<int> open{model.opIndex(from.name)};
    const int wanted = model.opIndex(by.name);
    while (!open.empty()) {
        const int index = open.back();
        open.pop_back();
        for (const NamedPort& input : model.ops[static_cast<std::size_t>(index)].inputs)
            if (const int op = input.port.op; op == wanted)
                return true;
            else if (!seen[static_cast<std::size_t>(op)]) {
                seen[static_cast<std::size_t>(op)] = true;
                open.push_back(op);
            }
    }
    return false;
}

class Check
{
public:
    Check(const Model& parameters, const Model& twin) : m_parameters(parameters), m_twin(twin) {}

    /// Of layers that could change places.
    void run(std::vector<Placed> alike) const
    {
        std::map<std::vector<std::string>, const Placed*> byTheirName;
        for (const Placed& placed : alike)
            byTheirName.emplace(placed.theirName, &placed);
        for (const Placed& placed : alike)
            if (const auto named = byTheirName.find(placed.ourName);
                placed.isByValues && !placed.ourName.empty() && named != byTheirName.end() && named->second->theirs != placed.theirs)
                refuse(placed, fmt::format("{}, whose values stand there, though by its name it is {}", printable(placed.ours->layer),
                                           printable(named->second->theirs->layer)));
        std::sort(alike.begin(), alike.end(),
                  [](const Placed& a, const Placed& b) { return std::tie(a.words, a.numbers) < std::tie(b.words, b.numbers); });
        for (std::size_t i = 1; i < alike.size(); ++i)
            if (const Placed& first = alike[i - 1], &second = alike[i];
                first.words == second.words && first.numbers != second.numbers && (first.isByValues || second.isByValues) &&
                !isOfAList(first.ours->layer) && depends(m_twin, *first.theirs, *second.theirs))
                refuse(first, fmt::format("{} and {}, whose values stand the other way round than they are counted",
                                          printable(first.ours->layer), printable(second.ours->layer)));
    }

private:
    [[noreturn]] void refuse(const Placed& placed, const std::string& found) const
    {
        throw Error("borrow-crossed")
            .file(m_parameters.origin.path)
            .expected(fmt::format("names and values that agree on what {} of {} is", printable(placed.theirs->layer),
                                  printable(m_twin.origin.path)))
            .found(found)
            .at(printable(placed.ours->layer))
            .advice("The file does not tell whether the weights were exchanged or the names mean another order: link the layers by hand.");
    }

    const Model& m_parameters;
    const Model& m_twin;
};

}

void refuseCrossed(const Model& parameters, const Model& twin, const Mapping& mapping, bool parametersOnLeft)
{
    std::map<std::string, std::vector<Placed>> byLooks;
    for (const Link& link : mapping.links) {
        if (!isByValuesOrLeftOver(link))
            continue;
        const Op* ours = weighted(parameters, parametersOnLeft ? link.left : link.right);
        const Op* theirs = weighted(twin, parametersOnLeft ? link.right : link.left);
        if (ours && theirs && !ours->layer.empty() && !theirs->layer.empty())
            byLooks[looksOf(parameters, *ours) + " / " + looksOf(twin, *theirs)].push_back(
                placedAt(parameters, *ours, twin, *theirs, restsOnValues(link)));
    }
    const Check check(parameters, twin);
    for (const auto& [looks, alike] : byLooks)
        check.run(alike);
}

}
