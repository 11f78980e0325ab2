// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/layers/composite.h"
#include "core/mapping/labelled.h"

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace core::mapping {

/// How well ops of both sides fit each other, and why.
struct Match
{
    int score = 0;                              ///< 0: they cannot be paired
    bool sameKind = true;                       ///< false within a family: tanh against relu, average against max pooling
    std::string difference;                     ///< settings that differ, in words; empty when none do or they are not known
    std::string missing;                        ///< roles that only one side has ("bias")
    const layers::Composite* pattern = nullptr; ///< two ops on one side that are one on the other
};

/// Two models that are matched.
struct Sides
{
    Labelled left, right;
    bool wired = true; ///< both are
};
Sides makeSides(const Model& left, const Model& right);

/// Decides about single pairs; remembers what it decided for ops that look the same. `sides` must outlive it.
class Matcher
{
public:
    explicit Matcher(const Sides& sides) : m_sides(sides) {}

    const Match& match(int left, int right);
    int score(int left, int right) { return match(left, right).score; }
    /// A ZeroPad before a layer against a layer that pads itself, or a global pooling with Flatten against one without kept axes: two ops
    /// on one side, one on the other. Exactly one of the lists has two.
    Match match(const std::vector<int>& left, const std::vector<int>& right);
    /// Why two ops cannot be paired: kinds or shapes; empty when they can.
    Message obstacle(int left, int right);
    /// The same number for ops that no match can tell apart.
    int classOf(bool onLeft, int op);

private:
    Match compute(int left, int right) const;
    std::string signature(const Labelled& side, int op) const;

    const Sides& m_sides;
    std::unordered_map<std::string, int> m_signatures;
    std::unordered_map<int, int> m_left, m_right;
    std::unordered_map<std::uint64_t, Match> m_matches; ///< by the classes of both
};

/// Whether the op does nothing at inference.
bool isTransparent(const Op& op);
/// Roles that both ops have parameters for.
std::vector<std::string> sharedRoles(const Op& a, const Op& b);
/// The family of kinds of elementwise activations, known ones and others.
constexpr const char* activationFamily = "activation";

/// The name of the group of kinds within which a link makes sense although the kinds differ.
std::string_view family(std::string_view kind);
/// The same of any op, by its class where its kind is not known.
std::string family(const Labelled& side, int op);
/// The class name that a person knows the op by: its layer's for a layer's own op, the kind otherwise.
std::string opTitle(const Model& model, const Op& op);

}
