// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/placing.h"

#include "core/base/held.h"
#include "core/mapping/borrow.h"
#include "core/mapping/fit.h"
#include "core/mapping/ownlayers.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::mapping {

namespace {

constexpr std::string_view advice =
    "The order of computation is in the code of its class, which is not in the file: save the model with it "
    "(torch.export, torch.jit, or a whole Keras model) and open that.";

class Placer
{
public:
    Placer(const Model& parameters, const Labelled& twin, const Mapping& mapping, bool onLeft)
        : m_parameters(parameters), m_twin(twin), m_mapping(mapping), m_onLeft(onLeft), m_listed(ownLayers(parameters))
    {
        std::copy_if(m_listed.begin(), m_listed.end(), std::back_inserter(m_own), [](const Own& own) { return !own.family.empty(); });
        m_nameless = m_listed.size() - m_own.size();
        m_listed = m_own;
        for (std::size_t i = 0; i < twin.model.ops.size(); ++i)
            if (const Op& op = twin.model.ops[i]; op.kind != "input" && op.parameters.empty())
                m_free.push_back(static_cast<int>(i));
    }

    Placement run()
    {
        placeByName();
        std::set<std::string> families;
        for (const Own& own : m_own)
            families.insert(own.family);
        for (const std::string& name : families)
            placeFamily(name);
        checkOrder();
        return std::move(m_result);
    }

private:
    void placeByName();
    void placeFamily(const std::string& name);
    void placeTransparent(const std::vector<Own>& own, const std::vector<int>& places);
    void placeFused(const std::vector<Own>& own, const std::vector<int>& places);
    void placeInOrder(const std::string& name, const std::vector<Own>& own, const std::vector<int>& places);

    std::vector<int> freeOf(const std::string& family) const;
    void take(const Own& own, int place);
    /// What the file tells of the layer against the twin's op: empty when they are alike.
    std::string differenceAt(const Own& own, int place) const;
    bool standsAt(const Own& own, int place) const;
    bool tellsOrder() const;
    void checkOrder() const;
    bool isPartOfPooling(const std::string& family) const;
    /// Whether the layers could be given to the places so that all are alike.
    bool fitsSomehow(const std::vector<Own>& own, const std::vector<int>& places) const;
    const Op& op(int place) const { return m_twin.model.ops[static_cast<std::size_t>(place)]; }
    [[noreturn]] void contradict(const std::string& expected, const std::vector<Own>& own, const std::string& where) const;

    const Model& m_parameters;
    const Labelled& m_twin;
    const Mapping& m_mapping;
    bool m_onLeft;
    std::vector<Own> m_listed;  ///< of which the file tells more than a name, in its order
    std::vector<Own> m_own;     ///< of those without a place yet
    std::vector<int> m_free;    ///< the twin's ops without weights that nothing was placed at
    std::size_t m_nameless = 0; ///< layers without weights of which the file has no more than a name
    Placement m_result;
};

std::vector<int> Placer::freeOf(const std::string& name) const
{
    std::vector<int> result;
    std::copy_if(m_free.begin(), m_free.end(), std::back_inserter(result), [&](int place) { return familyOf(op(place).kind) == name; });
    return result;
}

void Placer::take(const Own& own, int place)
{
    m_result.own.emplace(place, own.layer);
    std::erase(m_free, place);
    std::erase_if(m_own, [&](const Own& other) { return other.layer == own.layer; });
}

std::string Placer::differenceAt(const Own& own, int place) const
{
    const Op& theirs = op(place);
    if (!own.op)
        return own.kind.empty() || own.kind == theirs.kind ? std::string() : "kind";
    if (own.kind != theirs.kind)
        return "kind";
    if (own.kind.empty()) {
        const Layer* layer = m_twin.model.layer(theirs.layer);
        return layer && layer->kind == own.layer->kind && layer->attributes == own.layer->attributes ? std::string() : "settings";
    }
    const auto value = theirs.inputs.empty() ? std::nullopt : m_twin.values[theirs.inputs.front().port];
    const auto here = inLayout(value, m_parameters.framework);
    return settingsDifference({*own.op, std::vector{here ? &*here : nullptr}}, {theirs, std::vector{value ? &*value : nullptr}});
}

/// Whether the op with weights before it is the same on both sides.
bool Placer::standsAt(const Own& own, int place) const
{
    int index = place;
    while (index >= 0 && op(index).parameters.empty())
        index = op(index).inputs.empty() ? -1 : op(index).inputs.front().port.op;
    if (index < 0)
        return own.behind.empty();
    const Link* link = linkOfOp(m_mapping, op(index).name, !m_onLeft);
    if (!link)
        return false;
    const std::vector<std::string>& ours = m_onLeft ? link->left : link->right;
    return std::find(ours.begin(), ours.end(), own.behind) != ours.end();
}

/// Layers without weights stand between those with some, and no two of a family side by side: a file that lists them as they are used.
bool Placer::tellsOrder() const
{
    std::set<std::pair<int, std::string>> seen;
    bool between = false;
    const int blocks = static_cast<int>(
        std::count_if(m_parameters.layers.begin(), m_parameters.layers.end(), [](const Layer& l) { return !l.parameters.empty(); }));
    for (const Own& own : m_listed) {
        if (isTransparentKind(own.kind))
            continue;
        if (!seen.emplace(own.block, own.family).second)
            return false;
        between = between || (own.block > 0 && own.block < blocks);
    }
    return between;
}

/// Layers that the file lists side by side follow each other in the twin as well, or their order does not matter.
void Placer::checkOrder() const
{
    std::map<const Layer*, int> places;
    for (const auto& [place, layer] : m_result.own)
        places.emplace(layer, place);
    const Own* before = nullptr;
    for (const Own& own : m_listed) {
        if (isTransparentKind(own.kind) || !places.contains(own.layer))
            continue;
        if (before && before->block == own.block && held(places, before->layer) > held(places, own.layer) &&
            !commute(before->kind, own.kind) && tellsOrder())
            contradict(fmt::format("{} before {}, as in {}", printable(own.layer->name), printable(before->layer->name),
                                   printable(m_twin.model.origin.path)),
                       {*before, own}, printable(own.layer->name));
        before = &own;
    }
}

/// A Flatten behind a global pooling that drops its axes by itself on the other side.
bool Placer::isPartOfPooling(const std::string& name) const
{
    const layers::Kind* kind = layers::kind(name);
    return kind && kind->flattens && std::any_of(m_twin.model.ops.begin(), m_twin.model.ops.end(), [](const Op& theirs) {
               const layers::Kind* pooling = layers::kind(theirs.kind);
               return pooling && pooling->effect == layers::Effect::Averages && !theirs.attributes.boolean("keepdims", false);
           });
}

bool Placer::fitsSomehow(const std::vector<Own>& own, const std::vector<int>& places) const
{
    std::vector<int> open = places;
    return std::all_of(own.begin(), own.end(), [&](const Own& one) {
        const auto found = std::find_if(open.begin(), open.end(), [&](int place) { return differenceAt(one, place).empty(); });
        if (found == open.end())
            return false;
        open.erase(found);
        return true;
    });
}

void Placer::contradict(const std::string& expected, const std::vector<Own>& own, const std::string& where) const
{
    std::vector<std::string> names;
    for (const Own& one : own)
        names.push_back(fmt::format("{} ({})", printable(one.layer->name), printable(one.layer->kind)));
    throw Error("borrow-contradicts")
        .file(m_parameters.origin.path)
        .expected(expected)
        .found(fmt::format("{} of them: {}", names.size(), fmt::join(names, ", ")))
        .at(where)
        .advice(advice);
}

void Placer::placeByName()
{
    for (const Own& own : std::vector<Own>(m_own)) {
        const auto found = std::find_if(m_free.begin(), m_free.end(), [&](int place) {
            const Op& theirs = op(place);
            return theirs.layer == own.layer->name && m_twin.model.opsOf(theirs.layer).size() == 1 && familyOf(theirs.kind) == own.family;
        });
        if (found != m_free.end())
            take(own, *found);
    }
}

void Placer::placeFamily(const std::string& name)
{
    std::vector<Own> own;
    std::copy_if(m_own.begin(), m_own.end(), std::back_inserter(own), [&](const Own& one) { return one.family == name; });
    const std::vector<int> places = freeOf(name);
    if (own.empty())
        return;
    if (isTransparentKind(own.front().kind))
        return placeTransparent(own, places);
    if (own.size() == places.size())
        return placeInOrder(name, own, places);
    const layers::Kind* kind = layers::kind(own.front().kind);
    const bool mayBeFewer = !own.front().op && (!kind || kind->activation || places.size() <= own.size() + m_nameless);
    if (mayBeFewer && own.size() < places.size())
        return placeFused(own, places);
    if (places.empty() && isPartOfPooling(name)) {
        m_result.unused.insert(own.front().layer);
        return;
    }
    std::vector<std::string> theirs;
    for (const int place : places)
        theirs.push_back(printable(op(place).layer.empty() ? op(place).name : op(place).layer));
    contradict(fmt::format("as many layers of the sort {} as {} has: {}{}", name, printable(m_twin.model.origin.path), places.size(),
                           theirs.empty() ? "" : fmt::format(" ({})", fmt::join(theirs, ", "))),
               own, printable(own.front().layer->name));
}

void Placer::placeTransparent(const std::vector<Own>& own, const std::vector<int>& places)
{
    for (std::size_t i = 0; i < own.size(); ++i)
        if (i < places.size())
            take(own[i], places[i]);
        else
            m_result.unused.insert(own[i].layer);
}

/// Keras' lists leave out the activations that a layer has in itself, so that there may be fewer. Where the list is in no order of use, as
/// in a .weights.h5, a layer has a place only if no other fits it.
void Placer::placeFused(const std::vector<Own>& own, const std::vector<int>& places)
{
    std::vector<int> open = places;
    const bool ordered = tellsOrder();
    for (const Own& one : own) {
        const auto fits = [&](int place) { return differenceAt(one, place).empty(); };
        const auto many = std::count_if(open.begin(), open.end(), fits);
        const auto found = std::find_if(open.begin(), open.end(),
                                        [&](int place) { return fits(place) && (many == 1 || (ordered && standsAt(one, place))); });
        if (many == 0)
            contradict(fmt::format("a place for it in {}", printable(m_twin.model.origin.path)), {one}, printable(one.layer->name));
        if (found != open.end()) {
            take(one, *found);
            open.erase(found);
        }
    }
}

void Placer::placeInOrder(const std::string& name, const std::vector<Own>& own, const std::vector<int>& places)
{
    std::size_t alike = 0, standing = 0;
    for (std::size_t i = 0; i < own.size(); ++i) {
        alike += differenceAt(own[i], places[i]).empty();
        standing += standsAt(own[i], places[i]);
    }
    const bool inPlace = standing == own.size();
    const bool unclear = !inPlace && (tellsOrder() || (alike < own.size() && fitsSomehow(own, places)));
    if (unclear)
        contradict(fmt::format("the layers of the sort {} where {} has them", name, printable(m_twin.model.origin.path)), own,
                   printable(own.front().layer->name));
    for (std::size_t i = 0; i < own.size(); ++i) {
        if (!own[i].op && !differenceAt(own[i], places[i]).empty())
            contradict(fmt::format("a {} as in {}", op(places[i]).kind, printable(m_twin.model.origin.path)), {own[i]},
                       printable(own[i].layer->name));
        take(own[i], places[i]);
    }
}

}

Placement placed(const Model& parameters, const Labelled& twin, const Mapping& mapping, bool parametersOnLeft)
{
    return Placer(parameters, twin, mapping, parametersOnLeft).run();
}

}
