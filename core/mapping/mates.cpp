// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/borrow.h"
#include "core/mapping/ownlayers.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::mapping {

namespace {

bool bearsOneOf(const Op& op, const std::vector<std::string>& names)
{
    return std::any_of(op.parameters.begin(), op.parameters.end(),
                       [&](const auto& parameter) { return std::find(names.begin(), names.end(), parameter.second) != names.end(); });
}

/// A link may hold several ops of the kind, as of a layer that is a stack of them: those whose parameters are linked belong together.
const Op* linkedMate(const Op& theirs, const Model& parameters, const Mapping& mapping, bool parametersOnLeft)
{
    const Link* link = linkOfOp(mapping, theirs.name, !parametersOnLeft);
    if (!link)
        return nullptr;
    std::vector<const Op*> candidates;
    for (const std::string& opName : parametersOnLeft ? link->left : link->right)
        if (const int index = parameters.opIndex(opName); index >= 0 && parameters.ops[static_cast<std::size_t>(index)].kind == theirs.kind)
            candidates.push_back(&parameters.ops[static_cast<std::size_t>(index)]);
    const auto sharesParameters = [&](const Op* ours) {
        return std::any_of(link->parameters.begin(), link->parameters.end(), [&](const ParameterLink& pair) {
            return bearsOneOf(*ours, parametersOnLeft ? pair.left : pair.right) &&
                   bearsOneOf(theirs, parametersOnLeft ? pair.right : pair.left);
        });
    };
    const auto mate = candidates.size() < 2 ? candidates.begin() : std::find_if(candidates.begin(), candidates.end(), sharesParameters);
    return mate == candidates.end() ? nullptr : *mate;
}

/// Fewer layers than the twin has of equal ones: one of them may be used several times, which the file does not tell, and no link by hand
/// can say.
void refuseTooFew(const Op& theirs, const Model& parameters, const Model& twin, const Mapping& mapping, bool parametersOnLeft)
{
    const Ambiguity* open = ambiguityOf(mapping, twin, theirs.layer, !parametersOnLeft);
    if (!open)
        return;
    const auto shown = [](const Model& model, const std::vector<std::string>& ops) {
        constexpr std::size_t most = 6;
        std::vector<std::string> names = layerNames(model, ops);
        std::transform(names.begin(), names.end(), names.begin(), [](const std::string& name) { return printable(name); });
        if (names.size() > most) {
            const std::size_t more = names.size() - most;
            names.resize(most);
            names.push_back(fmt::format("{} more", more));
        }
        return fmt::format("{}", fmt::join(names, ", "));
    };
    const auto &ours = parametersOnLeft ? open->left : open->right, &others = parametersOnLeft ? open->right : open->left;
    if (layerNames(parameters, ours).size() >= layerNames(twin, others).size())
        return;
    throw Error("borrow-too-few")
        .file(parameters.origin.path)
        .expected(fmt::format("a layer for each of {} of {}", shown(twin, others), printable(twin.origin.path)))
        .found(fmt::format("only {}, and the file does not tell how often it is used", shown(parameters, ours)))
        .at(printable(theirs.layer))
        .advice("A traced or exported file tells the order of computation.");
}

}

const Link* linkOfOp(const Mapping& mapping, const std::string& op, bool onLeft)
{
    const auto found = std::find_if(mapping.links.begin(), mapping.links.end(), [&](const Link& link) {
        const std::vector<std::string>& ops = onLeft ? link.left : link.right;
        return std::find(ops.begin(), ops.end(), op) != ops.end();
    });
    return found == mapping.links.end() ? nullptr : &*found;
}

const Op& mateOf(const Op& theirs, const Model& parameters, const Model& twin, const Mapping& mapping, bool parametersOnLeft)
{
    if (const Op* ours = linkedMate(theirs, parameters, mapping, parametersOnLeft))
        return *ours;
    for (const int call : twin.opsOf(theirs.layer))
        if (const Op& other = twin.ops[static_cast<std::size_t>(call)]; other.parameters == theirs.parameters)
            if (const Op* ours = linkedMate(other, parameters, mapping, parametersOnLeft))
                return *ours;
    refuseTooFew(theirs, parameters, twin, mapping, parametersOnLeft);
    const std::string open =
        ambiguityText(mapping, parametersOnLeft ? parameters : twin, parametersOnLeft ? twin : parameters, theirs.layer, !parametersOnLeft);
    throw Error("borrow-missing")
        .file(parameters.origin.path)
        .expected(fmt::format("parameters for {} of {}", printable(theirs.layer), printable(twin.origin.path)))
        .found(open.empty() ? "none that are linked to it" : open)
        .at(printable(theirs.layer))
        .advice("Link them by hand.");
}

bool isUnknownOnBothSides(const Layer& layer, const Model& parameters, const Model& twin)
{
    const Op* ours = opOf(parameters, layer);
    return (!ours || ours->kind.empty()) && std::any_of(twin.ops.begin(), twin.ops.end(), [&](const Op& theirs) {
               const Layer* other = twin.layer(theirs.layer);
               return theirs.kind.empty() && other && hasWeights(twin, *other);
           });
}

}
