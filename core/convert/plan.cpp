// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/convert/refusal.h"
#include "core/mapping/pairs.h"
#include "core/rules/equality.h"
#include "core/rules/rules.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <string_view>
#include <unordered_map>

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

void checkWriter(const Model& twin, const formats::Writer& writer)
{
    if (twin.framework != writer.framework)
        throw Error("convert-kind")
            .file(twin.origin.path)
            .expected(fmt::format("a {} file as the twin of a {}", title(writer.framework), writer.id))
            .found(fmt::format("a {} one", title(twin.framework)));
    if (writer.needsWiring && !twin.wired)
        throw Error("convert-kind")
            .file(twin.origin.path)
            .expected(fmt::format("a {} model with its architecture", title(writer.framework)))
            .found("weights alone");
}

/// The link that gives each of the twin's parameters its values, by the parameter's name; the first where several would.
using Givers = std::unordered_map<std::string_view, const ParameterLink*>;

Givers giversOf(const Plan& plan)
{
    const Direction direction{plan.sourceOnLeft};
    Givers result;
    for (const Link& link : plan.mapping.links)
        for (const ParameterLink& parameters : link.parameters) {
            const std::vector<std::string>& sources = direction.sourceNames(parameters);
            if (mapping::parametersNamed(*plan.source, sources).size() != sources.size())
                continue;
            for (const std::string& name : direction.twinNames(parameters))
                result.try_emplace(name, &parameters);
        }
    return result;
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

/// The rule for a pair, and what its ground leaves to be said.
std::string ruleFor(Plan& plan, const Parameter& source, const Parameter& target)
{
    const rules::Choice choice = rules::chosenRule(source, target, plan.source->framework == plan.twin->framework);
    if (choice.id == rules::orderUnknownRule)
        refuseOrder(plan, source, target);
    const std::string title = rules::ruleTitle(choice.id);
    if (choice.ground == rules::Choice::Ground::Values)
        plan.warnings.push_back({"values-settle-order",
                                 {target.name, choice.id},
                                 fmt::format("the files do not tell the order of the features of {}; the values settle it: {}",
                                             printable(target.name), title)});
    else if (choice.ground == rules::Choice::Ground::Assumed && choice.id != rules::candidates(source, target).front())
        plan.warnings.push_back({"order-assumed",
                                 {target.name, choice.id},
                                 fmt::format("the order of the features of {} is assumed to be that of the other file's Flatten: {}",
                                             printable(target.name), title)});
    return choice.id;
}

/// A link of several parameters on a side: its rule, in the direction of the conversion.
void addGroup(Plan& plan, const ParameterLink& link)
{
    const Direction direction{plan.sourceOnLeft};
    Change change;
    change.rule = plan.sourceOnLeft ? link.rule : rules::oppositeRule(link.rule);
    change.from = direction.sourceNames(link);
    change.to = direction.twinNames(link);
    const auto sources = mapping::parametersNamed(*plan.source, change.from), targets = mapping::parametersNamed(*plan.twin, change.to);
    if (change.rule.empty() || targets.size() != change.to.size())
        refuseMissing(plan, *targets.front());
    for (const Parameter* source : sources) {
        change.fromShapes.push_back(source->source.shape);
        noteRounding(plan, *source, *targets.front());
    }
    for (const Parameter* target : targets) {
        change.toShapes.push_back(target->source.shape);
        change.bytes += byteCount(*target);
    }
    change.fromLayers = {sources.front()->layer};
    change.toLayers = {targets.front()->layer};
    plan.changes.push_back(std::move(change));
}

void addParameter(Plan& plan, const Parameter& target, const Givers& givers)
{
    const auto group = givers.find(target.name);
    if (group != givers.end() && !group->second->left.empty() && !group->second->right.empty() &&
        (group->second->left.size() + group->second->right.size() > 2 || rules::isOfRoles(group->second->rule))) {
        if (Direction{plan.sourceOnLeft}.twinNames(*group->second).front() == target.name)
            addGroup(plan, *group->second);
        return;
    }
    Change change;
    change.toLayers = {target.layer};
    change.to = {target.name};
    change.toShapes = {target.source.shape};
    change.bytes = byteCount(target);
    if (const auto giver = givers.find(target.name); giver != givers.end()) {
        const ParameterLink* const link = giver->second;
        change.rule = link->rule;
        change.from = Direction{plan.sourceOnLeft}.sourceNames(*link);
        for (const Parameter* source : mapping::parametersNamed(*plan.source, change.from)) {
            change.rule = ruleFor(plan, *source, target);
            change.fromLayers = {source->layer};
            change.fromShapes.push_back(source->source.shape);
            noteRounding(plan, *source, target);
        }
    } else {
        change.rule = rules::keptRule;
    }
    plan.changes.push_back(std::move(change));
}

/// Parameters that only the source has, in layers that are linked: their values must be the neutral ones.
void addDropped(Plan& plan)
{
    const Direction direction{plan.sourceOnLeft};
    for (const Link& link : plan.mapping.links)
        for (const ParameterLink& parameters : link.parameters) {
            if (!direction.twinNames(parameters).empty())
                continue;
            const auto layers = mapping::layerNames(*plan.twin, direction.twinOps(link));
            for (const Parameter* source : mapping::parametersNamed(*plan.source, direction.sourceNames(parameters))) {
                requireNeutral(plan, *source, layers.empty() ? "the twin's layer" : layers.front());
                plan.changes.push_back({{source->layer}, layers, {source->name}, {}, parameters.rule, {source->source.shape}, {}, 0});
            }
        }
}

/// Counters of training steps take no part in any result: one line for all.
void noteKept(Plan& plan)
{
    std::string first;
    std::size_t count = 0;
    for (const Change& change : plan.changes)
        if (change.rule == rules::keptRule && ++count == 1)
            first = change.to.front();
    if (count > 0)
        plan.warnings.push_back({"kept",
                                 {first, std::to_string(count)},
                                 fmt::format("{}{} has no counterpart: the twin's own value stays", printable(first),
                                             count > 1 ? fmt::format(" (and {} more such counters)", count - 1) : "")});
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

/// Linked layers with weights that Tieout cannot run: whether both compute the same then is not known.
void noteUnsupported(Plan& plan)
{
    const Direction direction{plan.sourceOnLeft};
    for (const Link& link : plan.mapping.links)
        for (const auto& [model, names] :
             {std::pair(plan.source.get(), &direction.sourceOps(link)), std::pair(plan.twin.get(), &direction.twinOps(link))})
            for (const std::string& opName : *names) {
                const int index = model->opIndex(opName);
                const Op* op = index < 0 ? nullptr : &model->ops[static_cast<std::size_t>(index)];
                if (op && !op->unsupported.empty() && !op->parameters.empty())
                    plan.warnings.push_back({"cannot-run",
                                             {op->layer, op->unsupported},
                                             fmt::format("{} cannot run ({}): whether its mate computes the same is not known",
                                                         printable(op->layer), op->unsupported)});
            }
}

bool isOfKnownKinds(const Model& model, const std::vector<std::string>& opNames)
{
    return std::all_of(opNames.begin(), opNames.end(), [&](const std::string& opName) {
        const int index = model.opIndex(opName);
        return index >= 0 && !model.ops[static_cast<std::size_t>(index)].kind.empty();
    });
}

void noteRenamed(Plan& plan)
{
    const auto renamed = formats::kerasRenamed(*plan.twin);
    if (renamed.empty())
        return;
    const auto& [name, written] = *renamed.begin();
    plan.warnings.push_back(
        {"renamed",
         {name, written, std::to_string(renamed.size())},
         fmt::format("{}{} is written as {}: models in the model are written layer by layer, and Keras 3 takes no \"/\" in a layer's name",
                     printable(name), renamed.size() > 1 ? fmt::format(" (and {} more such layers)", renamed.size() - 1) : "",
                     printable(written))});
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
            const bool isSure = isOfKnownKinds(left, plan.mapping.links[i].left) && isOfKnownKinds(right, plan.mapping.links[i].right);
            plan.warnings.push_back(
                {"settings-differ",
                 {layer, difference},
                 fmt::format("{} {} otherwise: {}", printable(layer), isSure ? "computes" : "may compute", difference)});
        }
    noteUnsupported(plan);
    for (const std::string& layer : mapping::unmappedLayers(plan.mapping, *plan.source, plan.sourceOnLeft))
        if (const Layer* found = plan.source->layer(layer); found && !found->parameters.empty())
            plan.warnings.push_back(
                {"unused", {layer}, fmt::format("{} of the source has no counterpart: its weights are left out", printable(layer))});
}

/// Rows by the twin's layers, those of a layer together.
void sortByLayer(Plan& plan)
{
    std::unordered_map<std::string_view, std::size_t> places;
    for (const Layer& layer : plan.twin->layers)
        places.try_emplace(layer.name, places.size());
    const auto place = [&](const Change& change) {
        const auto found = change.toLayers.empty() ? places.end() : places.find(change.toLayers.front());
        return found == places.end() ? places.size() : found->second;
    };
    std::stable_sort(plan.changes.begin(), plan.changes.end(), [&](const Change& a, const Change& b) { return place(a) < place(b); });
}

}

Plan plan(std::shared_ptr<const Model> source, std::shared_ptr<const Model> twin, const mapping::Mapping& mapping, bool sourceOnLeft,
          const formats::Writer& writer)
{
    checkWriter(*twin, writer);
    Plan plan{std::move(source), std::move(twin), mapping, sourceOnLeft, &writer, {}, {}, false};
    const Givers givers = giversOf(plan);
    for (const Parameter& target : plan.twin->parameters) // before an order that may be unknown only for want of these
        if (!givers.contains(target.name) && !rules::isCounter(target))
            refuseMissing(plan, target);
    for (const Parameter& target : plan.twin->parameters)
        addParameter(plan, target, givers);
    addDropped(plan);
    noteKept(plan);
    noteRenamed(plan);
    addBareLinks(plan);
    sortByLayer(plan);
    addWarnings(plan);
    return plan;
}

Plan plan(const Translation& translation, const formats::Writer& writer)
{
    Plan result = plan(translation.source, translation.twin, translation.mapping, translation.sourceOnLeft, writer);
    result.isTranslated = true;
    std::set<std::string> composed; ///< layers that make up one of the source's together: compared with it they differ each by itself
    for (const Link& link : translation.mapping.links)
        for (const auto* ops : {&link.left, &link.right})
            if (ops->size() > 1)
                for (const std::string& layer : mapping::layerNames(*translation.twin, *ops))
                    composed.insert(layer);
    std::erase_if(result.warnings, [&](const Message& warning) {
        return warning.id == "settings-differ" && !warning.arguments.empty() && composed.contains(warning.arguments.front());
    });
    result.warnings.insert(result.warnings.begin(), translation.notes.begin(), translation.notes.end());
    return result;
}

}
