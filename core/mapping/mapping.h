// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/progress.h"
#include "core/layers/kind.h"
#include "core/model/model.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace core::mapping {

/// Parameters that correspond, and the id of the layout rule from left to right (core/rules/rules.h). One side is empty where it has no
/// such parameter and computes as with a neutral value (rules::neutralRule).
struct ParameterLink
{
    std::vector<std::string> left, right;
    std::string rule;
    std::optional<bool> equal; ///< same values through the rule; empty until compared, and where the rule tells no order
    bool operator==(const ParameterLink&) const = default;
};

enum class LinkOrigin { Auto, Manual };

/// Ops (by name) of both sides that compute the same thing; the last ones' values are compared.
struct Link
{
    std::vector<std::string> left, right; ///< op names, in order of computation
    double confidence = 0;
    std::vector<Message> reasons;
    LinkOrigin origin = LinkOrigin::Auto;
    std::vector<ParameterLink> parameters;
    bool operator==(const Link&) const = default;
};

/// Ops of equal worth for each other: shown, not guessed.
struct Ambiguity
{
    std::vector<std::string> left, right; ///< op names
    Message why;
    bool operator==(const Ambiguity&) const = default;
};

/// A plain value; edits are pure functions, undo keeps the old value. Names may dangle after a reload.
struct Mapping
{
    std::vector<Link> links; ///< in the left side's order
    std::vector<Ambiguity> ambiguous;
    bool operator==(const Mapping&) const = default;
};

/// The automatic mapping. Evidence has ranks: equal values of parameters, names that agree, the wiring, shapes; a weaker one never
/// overrules a stronger one, and what is left to position alone is ambiguous. The order in which a file lists layers, parameters and
/// branches changes nothing. Reads each parameter once where values may decide, and those of the links to fill ParameterLink::equal
/// (`compareValues`). Throws Cancelled.
Mapping autoMap(const Model& left, const Model& right, bool compareValues = true, const Progress& progress = Progress());

/// Fills ParameterLink::equal of all links by reading the values.
Mapping withEquality(Mapping mapping, const Model& left, const Model& right);

/// Why two layers cannot be linked: kinds that compute different things, or shapes that cannot agree; empty when they can. Settings may
/// differ: that is what a person wants to see.
std::optional<Message> impossible(const Model& left, const Model& right, std::string_view leftLayer, std::string_view rightLayer);
/// What `impossible` said of pairs of layers of the same two models.
using KnownObstacles = std::map<std::pair<std::string, std::string>, std::optional<Message>>;
/// `impossible` for the layers of each link in turn; empty, too, where a layer is no longer in its model. What is not `known` is added to
/// it; the models are prepared at most once.
std::vector<std::optional<Message>> obstacles(const Mapping& mapping, const Model& left, const Model& right, KnownObstacles& known);
std::vector<std::optional<Message>> obstacles(const Mapping& mapping, const Model& left, const Model& right);
/// Links two layers by hand: the ops that they have in common; a separate activation behind one joins when the other side fuses it. Links
/// and ambiguities that it collides with go. Throws Error("link-impossible") with the reason.
Mapping linked(const Mapping& mapping, const Model& left, const Model& right, std::string_view leftLayer, std::string_view rightLayer);
/// Without the link that holds any op of this left or right layer.
Mapping unlinked(const Mapping& mapping, const Model& left, const Model& right, std::string_view layer, bool onLeft);

/// What an ambiguity says of a layer, null when no ambiguity holds it.
const Ambiguity* ambiguityOf(const Mapping& mapping, const Model& model, std::string_view layer, bool onLeft);
/// "linear_2 fits several layers equally well: fc1, fc2" of a layer that an ambiguity holds; empty of another.
std::string ambiguityText(const Mapping& mapping, const Model& left, const Model& right, std::string_view layer, bool onLeft);

/// Layer names of a list of op names, in order, each once; the model's input op that is no layer gives none.
std::vector<std::string> layerNames(const Model& model, const std::vector<std::string>& opNames);
/// The parameters of those names that the model has, in order.
std::vector<const Parameter*> parametersNamed(const Model& model, const std::vector<std::string>& names);
const Link* linkOfLayer(const Mapping& mapping, const Model& model, std::string_view layer, bool onLeft);
/// Layers that are in no link, in the file's order: cli.md's `unmapped`. Inputs are never linked and are none;
/// transparent ones (Dropout) without a mate are.
std::vector<std::string> unmappedLayers(const Mapping& mapping, const Model& model, bool onLeft);

/// An ordinary wired model out of `parameters`' weights and `twin`'s wiring (kinds, attributes translated, edges), for a file without
/// wiring. It has the framework, names and parameters of `parameters`, layers of the twin that have no parameters are added under the
/// twin's names, and a note for each assumption. Throws Error("borrow-...") when a parameter of the twin has no mate.
Model borrow(const Model& parameters, const Model& twin, const Mapping& mapping, bool parametersOnLeft);

/// Saved form: the document map/1 of cli.md, plus the ops of each link.
Json toJson(const Mapping& mapping, const Model& left, const Model& right);
/// `where` names the document in messages. A mapping that was made for other files is refused (Error("map-other-files") with the
/// difference) unless `anyway`: then what has no namesake goes. Throws Error("map-malformed").
Mapping fromJson(const Json& json, const Model& left, const Model& right, bool anyway, std::string_view where);

}
