// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/layers/kind.h"

namespace core::layers {

/// An op whose values lie otherwise. Places are followed, not labels: whatever an axis means, element by element it is the same op.
struct Turned
{
    Attributes attributes;
    Arrangement input;                ///< how it takes its plain inputs
    std::vector<Arrangement> outputs; ///< how it gives each of its outputs
};

/// The class that is written of a kind, empty where the framework has none but a function.
std::string_view classIn(const Kind& kind, Framework framework);

/// Every dimension at its place.
Arrangement asHere(std::size_t rank);
bool isAsHere(const Arrangement& arrangement);
/// Where dimension `place` of here is there.
std::size_t placeThere(const Arrangement& arrangement, std::size_t place);
/// The value as it lies there.
Value arranged(const Value& here, const Arrangement& arrangement);
/// Images as the framework has them, where the value has channels (C): first behind the batch, or last. Others as here.
Arrangement imagesIn(Framework there, const Value& here);

/// An op that puts dimensions in this order, batch included.
Op reordering(const Ints& order);

/// In which order an op puts dimensions that does nothing else; nothing of others.
std::optional<Arrangement> rearranged(const Call& call);

/// For Kind::turned.
/// Everything as here.
Turned turnedNowhere(const Call& here, Framework there, const Arrangement& given);
/// Element by element: any arrangement will do.
Turned turnedPoints(const Call& here, Framework there, const Arrangement& given);
/// "axis" or "axes" counted there; what lies along them is an amount (a softmax, a normalization whose parameters are turned too).
Turned turnedAmounts(const Call& here, Framework there, const Arrangement& given);
/// The same where the order along the axis matters.
Turned turnedAxis(const Call& here, Framework there, const Arrangement& given);
/// Several inputs of one rank, element by element: any arrangement will do; of several ranks: as here.
Turned turnedMerge(const Call& here, Framework there, const Arrangement& given);
/// A normalization of channels: PyTorch has them behind the batch, Keras anywhere.
Turned turnedChannels(const Call& here, Framework there, const Arrangement& given);
/// What takes images, which lie as the framework has them.
Turned turnedImages(const Call& here, Framework there, const Arrangement& given);

/// Whether features in another order give the same in that order, parameters along them being turned too.
bool followsFeatures(const Kind& kind);

/// Throws Error("layer-no-twin") unless the framework has a layer, or an activation, that computes the same with what is written of the op.
/// PyTorch has more than layers: there the writers say what they cannot write.
void requireWritten(const Call& call, Framework framework);
/// The version of the framework that alone has a layer for the op, "Keras 3"; empty where all have one.
std::string onlyIn(const Op& op, Framework framework);

}
