// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/text.h"

#include "core/report/table.h"
#include "core/report/textparts.h"
#include "core/rules/rules.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::report {

namespace {

std::string equality(const mapping::Link& link)
{
    if (link.parameters.empty())
        return "";
    const auto known = [](const auto& parameter) { return parameter.equal.has_value(); };
    const auto equal = [](const auto& parameter) { return parameter.equal.value_or(false); };
    if (!std::all_of(link.parameters.begin(), link.parameters.end(), known))
        return "not compared";
    return fmt::format("{} of {}", std::count_if(link.parameters.begin(), link.parameters.end(), equal), link.parameters.size());
}

std::string ruleNames(const mapping::Link& link)
{
    std::vector<std::string> names;
    for (const auto& parameter : link.parameters)
        if (std::find(names.begin(), names.end(), parameter.rule) == names.end())
            names.push_back(parameter.rule);
    return joined(names);
}

std::string reasonsText(const mapping::Link& link)
{
    std::vector<std::string> texts;
    for (const Message& reason : link.reasons)
        texts.push_back(reason.text);
    return joined(texts, "; ");
}

/// Parameters of which the values alone cannot tell whether they are equal.
std::string untoldOrders(const mapping::Link& link)
{
    const auto isStored = [](const Message& reason) {
        return reason.id == "order-unknown" && reason.arguments == std::vector<std::string>{"stored"};
    };
    const auto reason = std::find_if(link.reasons.begin(), link.reasons.end(), isStored);
    std::string result;
    for (const mapping::ParameterLink& one : link.parameters)
        if (reason != link.reasons.end() && one.rule == rules::orderUnknownRule)
            result += fmt::format("\nambiguous: {} | {}: {}", joined(one.left), joined(one.right), reason->text);
    return result;
}

}

std::string mapText(const Model& left, const Model& right, const mapping::Mapping& mapping)
{
    std::string result = fileLine("left", left) + fileLine("right", right) + "\n";
    Table table({{sideTitle(left, right, true), false, true},
                 {sideTitle(right, left, false), false, true},
                 {"rule", false, true},
                 {"equal", false, false},
                 {"sure", true, false},
                 {"because", false, true}});
    for (const mapping::Link& link : mapping.links) {
        const auto leftNames = mapping::layerNames(left, link.left), rightNames = mapping::layerNames(right, link.right);
        if (leftNames.empty() && rightNames.empty())
            continue;
        const std::string sure = link.origin == mapping::LinkOrigin::Manual ? "by hand" : fmt::format("{:.0f} %", 100 * link.confidence);
        table.add({joined(leftNames), joined(rightNames), ruleNames(link), equality(link), sure, reasonsText(link)});
    }
    result += table.text();
    for (const mapping::Ambiguity& tie : mapping.ambiguous)
        result += fmt::format("\nambiguous: {} | {}: {}", joined(mapping::layerNames(left, tie.left)),
                              joined(mapping::layerNames(right, tie.right)), tie.why.text);
    for (const mapping::Link& link : mapping.links)
        result += untoldOrders(link);
    std::size_t equal = 0, unknown = 0, total = 0;
    for (const mapping::Link& link : mapping.links)
        for (const auto& parameter : link.parameters) {
            equal += parameter.equal.value_or(false) ? 1u : 0u;
            unknown += parameter.equal ? 0u : 1u;
            ++total;
        }
    result += fmt::format("\n{} of {} parameters equal{}\n", equal, total,
                          unknown > 0 ? fmt::format(", {} could not be compared", unknown) : std::string());
    for (const bool onLeft : {true, false})
        if (const auto names = mapping::unmappedLayers(mapping, onLeft ? left : right, onLeft); !names.empty())
            result += fmt::format("unmapped {}: {}\n", onLeft ? "left" : "right", joined(names));
    return result;
}

}
