// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/convert/convert.h"
#include "core/mapping/pairs.h"
#include "core/rules/rules.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace core::convert {

namespace {

using mapping::Link;
using mapping::ParameterLink;

/// Reads links from the source's side, whichever that is.
struct Direction
{
    bool sourceOnLeft;
    const std::vector<std::string>& sourceOps(const Link& link) const { return sourceOnLeft ? link.left : link.right; }
    const std::vector<std::string>& twinOps(const Link& link) const { return sourceOnLeft ? link.right : link.left; }
    const std::vector<std::string>& sourceNames(const ParameterLink& link) const { return sourceOnLeft ? link.left : link.right; }
    const std::vector<std::string>& twinNames(const ParameterLink& link) const { return sourceOnLeft ? link.right : link.left; }
};

void checkKind(const Model& twin, OutputKind kind)
{
    const Framework wanted = kind == OutputKind::KerasH5 ? Framework::Keras : Framework::Torch;
    if (twin.framework != wanted)
        throw Error("convert-kind")
            .file(twin.origin.path)
            .expected(fmt::format("a {} file as the twin of a {}", title(wanted), name(kind)))
            .found(fmt::format("a {} one", title(twin.framework)));
    if (kind == OutputKind::KerasH5 && !twin.wired)
        throw Error("convert-kind").file(twin.origin.path).expected("a Keras model with its architecture").found("weights alone");
}

/// The mate of a twin's parameter, null when no link gives one.
const Parameter* mateOf(const Plan& plan, const Parameter& target)
{
    const Direction direction{plan.sourceOnLeft};
    for (const Link& link : plan.mapping.links)
        for (const ParameterLink& parameters : link.parameters) {
            const std::vector<std::string>& names = direction.twinNames(parameters);
            if (std::find(names.begin(), names.end(), target.name) == names.end() || direction.sourceNames(parameters).size() != 1)
                continue;
            const Parameter* mate = plan.source->parameter(direction.sourceNames(parameters).front());
            if (mate)
                return mate;
        }
    return nullptr;
}

[[noreturn]] void missing(const Plan& plan, const Parameter& target)
{
    const Model& left = plan.sourceOnLeft ? *plan.source : *plan.twin;
    const Model& right = plan.sourceOnLeft ? *plan.twin : *plan.source;
    const std::string ambiguous = mapping::ambiguityText(plan.mapping, left, right, target.layer, !plan.sourceOnLeft);
    throw Error("convert-missing")
        .file(plan.twin->origin.path)
        .expected(fmt::format("values for {} from {}", printable(target.name), printable(plan.source->origin.path)))
        .found(ambiguous.empty() ? "no parameter that is linked to it" : ambiguous)
        .at(printable(target.layer))
        .advice(ambiguous.empty() ? "Link its layer first." : "Which is meant is ambiguous: link by hand, or hand a mapping with --map.");
}

void noteRounding(Plan& plan, const Parameter& source, const Parameter& target)
{
    if (rules::holdsExactly(source.source.dtype, target.source.dtype))
        return;
    plan.warnings.push_back(
        {"rounding",
         {source.name, std::string(name(source.source.dtype)), std::string(name(target.source.dtype))},
         fmt::format("{} is rounded from {} to {}", printable(source.name), name(source.source.dtype), name(target.source.dtype))});
}

void addParameter(Plan& plan, const Parameter& target)
{
    Change change;
    change.toLayers = {target.layer};
    change.to = {target.name};
    change.toShapes = {target.source.shape};
    change.bytes = byteCount(target);
    const Parameter* source = mateOf(plan, target);
    if (source) {
        change.rule = rules::ruleId(*source, target);
        change.from = {source->name};
        change.fromLayers = {source->layer};
        change.fromShapes = {source->source.shape};
        noteRounding(plan, *source, target);
    } else if (target.role == "count") {
        change.rule = rules::keptRule;
        plan.warnings.push_back(
            {"kept", {target.name}, fmt::format("{} has no counterpart: the twin's own value stays", printable(target.name))});
    } else {
        missing(plan, target);
    }
    plan.changes.push_back(std::move(change));
}

/// Links of layers without weights: shown so that every layer is accounted for. A Flatten says when it changes the order of features.
void addBareLinks(Plan& plan)
{
    const Direction direction{plan.sourceOnLeft};
    for (const Link& link : plan.mapping.links) {
        if (!link.parameters.empty())
            continue;
        Change change;
        change.fromLayers = mapping::layerNames(*plan.source, direction.sourceOps(link));
        change.toLayers = mapping::layerNames(*plan.twin, direction.twinOps(link));
        plan.changes.push_back(std::move(change));
    }
}

/// Linked layers whose settings differ, and what takes no part.
void addWarnings(Plan& plan)
{
    const Model& left = plan.sourceOnLeft ? *plan.source : *plan.twin;
    const Model& right = plan.sourceOnLeft ? *plan.twin : *plan.source;
    const auto differences = mapping::differences(plan.mapping, left, right);
    for (std::size_t i = 0; i < differences.size(); ++i)
        for (const std::string& difference : differences[i]) {
            const auto layers = mapping::layerNames(*plan.twin, Direction{plan.sourceOnLeft}.twinOps(plan.mapping.links[i]));
            const std::string layer = layers.empty() ? std::string() : layers.front();
            plan.warnings.push_back(
                {"settings-differ", {layer, difference}, fmt::format("{} computes otherwise: {}", printable(layer), difference)});
        }
    for (const std::string& layer : mapping::unmappedLayers(plan.mapping, *plan.source, plan.sourceOnLeft))
        if (const Layer* found = plan.source->layer(layer); found && !found->parameters.empty())
            plan.warnings.push_back(
                {"unused", {layer}, fmt::format("{} of the source has no counterpart: its weights are left out", printable(layer))});
}

/// Rows by the twin's layers, those of a layer together.
void sortByLayer(Plan& plan)
{
    const auto place = [&](const Change& change) {
        const auto found = std::find_if(plan.twin->layers.begin(), plan.twin->layers.end(), [&](const Layer& layer) {
            return !change.toLayers.empty() && layer.name == change.toLayers.front();
        });
        return found - plan.twin->layers.begin();
    };
    std::stable_sort(plan.changes.begin(), plan.changes.end(), [&](const Change& a, const Change& b) { return place(a) < place(b); });
}

}

std::string_view name(OutputKind kind)
{
    return kind == OutputKind::StateDict ? "state-dict" : "h5";
}

Plan plan(std::shared_ptr<const Model> source, std::shared_ptr<const Model> twin, const mapping::Mapping& mapping, bool sourceOnLeft,
          OutputKind kind)
{
    checkKind(*twin, kind);
    Plan plan{std::move(source), std::move(twin), mapping, sourceOnLeft, kind, {}, {}};
    for (const Parameter& target : plan.twin->parameters)
        addParameter(plan, target);
    addBareLinks(plan);
    sortByLayer(plan);
    addWarnings(plan);
    return plan;
}

}
