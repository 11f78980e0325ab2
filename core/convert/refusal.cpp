// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/convert/refusal.h"

#include "core/rules/equality.h"
#include "core/rules/rules.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::convert {

namespace {

using mapping::Link;

bool holdsAny(const std::vector<std::string>& names, const std::vector<std::string>& wanted)
{
    return std::any_of(names.begin(), names.end(),
                       [&](const std::string& name) { return std::find(wanted.begin(), wanted.end(), name) != wanted.end(); });
}

std::vector<std::string> opNames(const Model& model, std::string_view layer)
{
    std::vector<std::string> result;
    for (const int op : model.opsOf(layer))
        result.push_back(model.ops[static_cast<std::size_t>(op)].name);
    return result;
}

std::string layerText(const Model& model, const std::string& layer)
{
    const Layer* found = model.layer(layer);
    return found && !found->kind.empty() ? fmt::format("{} ({})", printable(layer), printable(found->kind)) : printable(layer);
}

Error missing(const Plan& plan, const Parameter& target)
{
    Error error("convert-missing");
    error.file(plan.twin->origin.path)
        .expected(fmt::format("values for {} from {}", printable(target.name), printable(plan.source->origin.path)))
        .at(printable(target.layer));
    return error;
}

/// What keeps a linked layer's parameter from having a mate: the source has none of its role, or one of another shape.
[[noreturn]] void refuseLinked(const Plan& plan, const Parameter& target, const Link& link)
{
    const Model& source = *plan.source;
    for (const std::string& layer : mapping::layerNames(source, plan.sourceOnLeft ? link.left : link.right))
        for (const Parameter& parameter : source.parameters)
            if (parameter.layer == layer && parameter.role == target.role)
                throw missing(plan, target)
                    .found(fmt::format("{} of shape {}, which cannot be brought to {}", printable(parameter.name),
                                       text(parameter.source.shape), text(target.source.shape)))
                    .advice("Give a twin whose layer has the same size.");
    const auto layers = mapping::layerNames(source, plan.sourceOnLeft ? link.left : link.right);
    throw missing(plan, target)
        .found(fmt::format("no {} in {}, and nothing that could stand for it", printable(target.role),
                           layers.empty() ? "the layer that is linked to it" : layerText(source, layers.front())))
        .advice("Give a twin whose layer has the same parameters.");
}

/// Whether any layer of the source could be linked to the twin's layer, and what keeps the likeliest (of its name, else unlinked) from it.
[[noreturn]] void refuseUnlinked(const Plan& plan, const Parameter& target)
{
    const Layer* own = plan.twin->layer(target.layer);
    const std::string twin = layerText(*plan.twin, target.layer);
    const auto ops = plan.twin->opsOf(target.layer);
    const bool isUnknown =
        std::all_of(ops.begin(), ops.end(), [&](int op) { return plan.twin->ops[static_cast<std::size_t>(op)].kind.empty(); });
    if (!own || own->kind.empty())
        throw missing(plan, target)
            .found("that the file does not tell of what class the layer is that takes it")
            .advice("Give a twin without it.");
    if (isUnknown)
        throw missing(plan, target)
            .found(fmt::format("{}, a class that Tieout does not know, so that it cannot tell which weights are its", twin))
            .advice("Give a twin without it, or without weights in it.");
    for (const std::string& layer : mapping::unmappedLayers(plan.mapping, *plan.source, plan.sourceOnLeft)) {
        const Layer* found = plan.source->layer(layer);
        if (!found || found->parameters.empty())
            continue;
        const auto why = plan.sourceOnLeft ? mapping::impossible(*plan.source, *plan.twin, layer, target.layer)
                                           : mapping::impossible(*plan.twin, *plan.source, target.layer, layer);
        if (!why)
            throw missing(plan, target)
                .found(fmt::format("no layer that is linked to it, though {} fits", layerText(*plan.source, layer)))
                .advice("Link the two by hand.");
        throw missing(plan, target)
            .found(
                fmt::format("no layer that fits {}: of {}, which has no mate either, {}", twin, layerText(*plan.source, layer), why->text))
            .advice("Give a twin of the same architecture.");
    }
    throw missing(plan, target)
        .found(fmt::format("no layer of the source left that {} could be", twin))
        .advice("Give a twin of the same architecture.");
}

}

void refuseMissing(const Plan& plan, const Parameter& target)
{
    const std::vector<std::string> ops = opNames(*plan.twin, target.layer);
    const Model& left = plan.sourceOnLeft ? *plan.source : *plan.twin;
    const Model& right = plan.sourceOnLeft ? *plan.twin : *plan.source;
    if (const std::string tie = mapping::ambiguityText(plan.mapping, left, right, target.layer, !plan.sourceOnLeft); !tie.empty())
        throw missing(plan, target).found(tie).advice("Which is meant is ambiguous: link by hand, or hand a mapping with --map.");
    for (const Link& link : plan.mapping.links)
        if (holdsAny(plan.sourceOnLeft ? link.right : link.left, ops))
            refuseLinked(plan, target, link);
    refuseUnlinked(plan, target);
}

void refuseOrder(const Plan& plan, const Parameter& source, const Parameter& target)
{
    std::string why;
    for (const auto* parameter : {&source, &target})
        for (const Axis& axis : parameter->axes)
            if (!axis.unknownBecause.empty() && why.find(axis.unknownBecause) == why.npos)
                why += (why.empty() ? "" : ", and ") + axis.unknownBecause;
    if (rules::chosenRule(source, target, false).ground == rules::Choice::Ground::Stored)
        why += std::string(why.empty() ? "" : ", and ") + "the values of both are equal as stored, which tells no order";
    if (why.empty())
        why = fmt::format("one file says {}, the other {}", source.axes.empty() ? "nothing" : text(source.axes),
                          target.axes.empty() ? "nothing" : text(target.axes));
    const bool isBare = !plan.source->wired || !plan.twin->wired;
    throw Error("convert-order-unknown")
        .file(plan.twin->origin.path)
        .expected(fmt::format("to know in which order {} takes its features", layerText(*plan.source, source.layer)))
        .found(fmt::format("the order unknown for {}: {}", printable(target.name), why))
        .at(printable(target.layer))
        .advice(isBare ? "Give the whole model instead of its weights, or a twin that holds the same weights in its own order: then the "
                         "values tell."
                       : "Put a layer that Tieout knows in its place, or give a twin that holds the same weights in its own order: then "
                         "the values "
                         "tell.");
}

void requireNeutral(const Plan& plan, const Parameter& source, std::string_view toLayer)
{
    const auto neutral = rules::neutralValue(source);
    const auto [least, greatest] = rules::valueRange(source);
    if (neutral && least == *neutral && greatest == *neutral)
        return;
    throw Error("convert-no-place")
        .file(plan.source->origin.path)
        .expected(fmt::format("a {} of {} everywhere, since {} of {} has none", source.role, neutral.value_or(0), printable(toLayer),
                              printable(plan.twin->origin.path)))
        .found(fmt::format("{} with values from {} to {}, which have no place there", printable(source.name), least, greatest))
        .at(printable(source.layer))
        .advice(fmt::format("Give a twin whose layer has a {}.", source.role));
}

}
