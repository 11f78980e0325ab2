// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/layers/kind.h"

namespace core::layers {

/// Size of a role's only axis whose input is not known, which would tell how many dimensions the parameter has.
constexpr std::int64_t anyRank = -1;

/// Settings of an op of no kind that followed() needs, from what the file calls them: "dims", "shape", "axis", "channels_first".
Attributes settingsToFollow(std::string_view type, const Attributes& raw);

/// What the op's kind does to axes, else its class or operator.
Effect effectOf(const Op& op);

/// Whether every element stays at its place (activations, normalisations, dropout and noise), whether or not Tieout can compute it.
bool keepsAxes(const Op& op);

/// Whether the op's input has channels and positions for sure, in the places where its framework has them whatever their labels say.
bool takesImage(const Op& op);

/// The type that does the same to axes under the other framework's layout and settings; empty where none is known to.
std::string typeIn(Framework other, const Op& op, Framework own);

/// Shape and labels of what an op gives that Tieout cannot compute, nullopt where they cannot be told: from its class in either framework
/// or its aten operator (Op::type). All inputs are known.
std::optional<Value> followed(const Call& call, Framework framework);

/// What a Reshape or view makes of one sample, one size of which may be -1; empty when its file does not tell.
Ints sampleShape(const Op& op, Framework framework);

/// What an op that reshapes makes of a value with `rank` dimensions (-1: not known).
struct Behind
{
    int rank = -1;           ///< -1: not known
    bool keepsBatch = false; ///< whether the first dimension is still the samples, if it can run
};
Behind behind(const Op& op, int rank);

/// What is known of a value's features where its shape is not.
struct Trail
{
    std::string unknownBecause = {}; ///< not empty: their order is unknown, and why
    bool isVector = false;           ///< has a batch and features for sure, so that a Flatten changes nothing
    bool isFlattened = false;        ///< its value is known to be one: what is mixed with it is not plain
};

/// The trail of every op's value; `values` as inferValues gives them, which may be missing altogether.
std::vector<Trail> trails(const Model& model, const Values& values);

/// For every op that gives a vector of which a Reshape makes an image further on: its features' axis, flattened of that image or unknown.
/// Empty for the others.
std::vector<std::optional<Axis>> unflattenedLater(const Model& model, const Values& values);
/// Labels vectors of which an image is made further on as what that image was flattened to, where it is known.
void labelUnflattened(const Model& model, Values& values);

/// Labels the parameters behind a Flatten in ops of a model without wiring that follow each other all the same (a Sequential in a module of
/// a user's own class): the channels of what is flattened are told, of its positions how many there are.
void labelChain(Model& model, std::span<const int> chain);

/// A parameter's axis as its role alone tells it: plain, or of the blocks that lie along it where they divide `size`.
Axis plainAxis(const RoleAxis& role, std::int64_t size);

/// Labels the parameters of a model without wiring whose file lists all of its layers, one behind the other in whatever order: where each
/// of them makes features or keeps them as they are, nothing can have been flattened, and features are plain everywhere. Does nothing else.
void labelFeatures(Model& model);

}
