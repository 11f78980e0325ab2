// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/fit.h"
#include "core/mapping/links.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::mapping {

namespace {

/// Two layers' ops side by side, and what keeps them from being linked (an empty message: nothing does).
struct Attempt
{
    std::vector<Pairing> pairings;
    Message obstacle;
};

bool isActivation(const Op& op)
{
    const layers::Kind* kind = layers::kind(op.kind);
    return kind && kind->activation;
}

bool hasWeights(const Labelled& side, const std::vector<int>& ops)
{
    return std::any_of(ops.begin(), ops.end(), [&](int op) { return !opAt(side, op).parameters.empty(); });
}

/// Where `fused` ends in an activation of its own and `ops` does not, the layer behind `ops` joins when it is one of the same family.
void joinActivation(const Labelled& side, std::vector<int>& ops, const Labelled& other, const std::vector<int>& fused)
{
    if (ops.empty() || fused.size() < 2 || !isActivation(opAt(other, fused.back())) || isActivation(opAt(side, ops.back())))
        return;
    std::vector<int> consumers;
    for (std::size_t i = 0; i < side.model.ops.size(); ++i) {
        const std::vector<int> inputs = producers(side.model.ops[i]);
        if (std::find(inputs.begin(), inputs.end(), ops.back()) != inputs.end())
            consumers.push_back(static_cast<int>(i));
    }
    if (consumers.size() != 1)
        return;
    const Op& next = opAt(side, consumers.front());
    if (isActivation(next) && side.model.opsOf(next.layer).size() == 1 && family(next.kind) == family(opAt(other, fused.back()).kind))
        ops.push_back(consumers.front());
}

Message noSuchLayer(std::string_view layer)
{
    return {"no-such-layer", {std::string(layer)}, fmt::format("{} has nothing to link", printable(layer))};
}

/// The ops whose failure to pair explains the whole: those with weights, else the first ones.
Message obstacleOf(const Sides& sides, Matcher& matcher, const std::vector<int>& left, const std::vector<int>& right)
{
    const auto main = [](const Labelled& side, const std::vector<int>& ops) {
        const auto found = std::find_if(ops.begin(), ops.end(), [&](int op) { return !opAt(side, op).parameters.empty(); });
        return found == ops.end() ? ops.front() : *found;
    };
    Message message = matcher.obstacle(main(sides.left, left), main(sides.right, right));
    return message.id.empty() ? Message{"nothing-in-common", {}, "the layers have no step in common"} : message;
}

Attempt attempt(const Sides& sides, Matcher& matcher, std::string_view leftLayer, std::string_view rightLayer)
{
    Attempt result;
    std::vector<int> left = sides.left.model.opsOf(leftLayer), right = sides.right.model.opsOf(rightLayer);
    if (left.empty() || right.empty()) {
        result.obstacle = noSuchLayer(left.empty() ? leftLayer : rightLayer);
        return result;
    }
    const bool weighted = hasWeights(sides.left, left) && hasWeights(sides.right, right);
    const std::vector<int> ownLeft = left, ownRight = right;
    joinActivation(sides.left, left, sides.right, ownRight);
    joinActivation(sides.right, right, sides.left, ownLeft);
    result.pairings = align(matcher, sides, left, right).path;
    const bool pairsWeights = std::any_of(result.pairings.begin(), result.pairings.end(), [&](const Pairing& pairing) {
        return hasWeights(sides.left, pairing.left) && hasWeights(sides.right, pairing.right);
    });
    if (result.pairings.empty() || (weighted && !pairsWeights))
        result.obstacle = obstacleOf(sides, matcher, ownLeft, ownRight);
    return result;
}

bool touches(const std::vector<std::string>& names, const std::vector<std::string>& others)
{
    return std::any_of(names.begin(), names.end(),
                       [&](const std::string& name) { return std::find(others.begin(), others.end(), name) != others.end(); });
}

/// The layer of the first op that the model still has; empty when all dangle or belong to no layer.
std::string firstLayer(const Model& model, const std::vector<std::string>& opNames)
{
    for (const std::string& opName : opNames)
        if (const int index = model.opIndex(opName); index >= 0)
            return model.ops[static_cast<std::size_t>(index)].layer;
    return {};
}

/// Before the first link that comes later on the left, or on the right where the other's name on the left dangles (a borrowed op).
void insertInOrder(std::vector<Link>& links, Link link, const Model& left, const Model& right)
{
    const auto comesLater = [&](const Link& other) {
        const int place = left.opIndex(other.left.front());
        return place >= 0 ? place > left.opIndex(link.left.front())
                          : right.opIndex(other.right.front()) > right.opIndex(link.right.front());
    };
    links.insert(std::find_if(links.begin(), links.end(), comesLater), std::move(link));
}

}

std::optional<Message> impossible(const Model& left, const Model& right, std::string_view leftLayer, std::string_view rightLayer)
{
    const Sides sides = makeSides(left, right);
    Matcher matcher(sides);
    const Message obstacle = attempt(sides, matcher, leftLayer, rightLayer).obstacle;
    return obstacle.id.empty() ? std::nullopt : std::optional(obstacle);
}

std::vector<std::optional<Message>> obstacles(const Mapping& mapping, const Model& left, const Model& right, KnownObstacles& known)
{
    std::optional<Sides> sides;
    std::optional<Matcher> matcher;
    std::vector<std::optional<Message>> result(mapping.links.size());
    for (std::size_t i = 0; i < result.size(); ++i) {
        const std::string a = firstLayer(left, mapping.links[i].left), b = firstLayer(right, mapping.links[i].right);
        if (a.empty() || b.empty())
            continue;
        const auto [place, isNew] = known.try_emplace({a, b});
        if (isNew) {
            if (!sides)
                matcher.emplace(sides.emplace(makeSides(left, right)));
            if (Message obstacle = attempt(*sides, *matcher, a, b).obstacle; !obstacle.id.empty())
                place->second = std::move(obstacle);
        }
        result[i] = place->second;
    }
    return result;
}

std::vector<std::optional<Message>> obstacles(const Mapping& mapping, const Model& left, const Model& right)
{
    KnownObstacles known;
    return obstacles(mapping, left, right, known);
}

Mapping linked(const Mapping& mapping, const Model& left, const Model& right, std::string_view leftLayer, std::string_view rightLayer)
{
    const Sides sides = makeSides(left, right);
    Matcher matcher(sides);
    const Attempt found = attempt(sides, matcher, leftLayer, rightLayer);
    if (!found.obstacle.id.empty())
        throw Error("link-impossible")
            .expected("two layers that compute the same kind of thing")
            .found(found.obstacle.text)
            .at(printable(leftLayer));
    std::vector<std::pair<Pairing, Evidence>> pairings;
    for (const Pairing& pairing : found.pairings)
        pairings.emplace_back(pairing, Evidence{});
    std::vector<Link> added = makeLinks(sides, matcher, pairings, LinkOrigin::Manual);

    Mapping result;
    const auto collides = [&](const auto& other) {
        return std::any_of(added.begin(), added.end(),
                           [&](const Link& link) { return touches(link.left, other.left) || touches(link.right, other.right); });
    };
    std::copy_if(mapping.links.begin(), mapping.links.end(), std::back_inserter(result.links),
                 [&](const Link& link) { return !collides(link); });
    std::copy_if(mapping.ambiguous.begin(), mapping.ambiguous.end(), std::back_inserter(result.ambiguous),
                 [&](const Ambiguity& ambiguity) { return !collides(ambiguity); });
    for (Link& link : added)
        insertInOrder(result.links, std::move(link), left, right);
    return result;
}

Mapping unlinked(const Mapping& mapping, const Model& left, const Model& right, std::string_view layer, bool onLeft)
{
    Mapping result;
    result.ambiguous = mapping.ambiguous;
    for (const Link& link : mapping.links) {
        const std::vector<std::string> names = onLeft ? layerNames(left, link.left) : layerNames(right, link.right);
        if (std::find(names.begin(), names.end(), layer) == names.end())
            result.links.push_back(link);
    }
    return result;
}

}
