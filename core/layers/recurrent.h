// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/layers/steps.h"

namespace core::layers {

/// What the recurrent kinds have in common. Each runs one direction of one layer and puts out (sequence, last h), an LSTM also its last c.
/// Attributes: units; bias; activation, recurrent_activation (Keras' names, "hard_sigmoid" being Keras 3's and "hard_sigmoid_2" Keras 2's);
/// reverse: from the last step to the first; turned: the sequence is in the order of computation, not of time; time: axis of the steps, 1
/// or, where the batch is second, 0. A GRU has reset_after.
struct Recurrent
{
    std::int64_t gates = 1;
    std::vector<std::string> torchOrder = {}, kerasOrder = {}; ///< of gates, where the frameworks differ
    int states = 1;
};

std::vector<Role> recurrentRoles(const Recurrent& kind, const Attributes& settings, Framework framework, std::span<const Value> inputs);
std::vector<RoleGroup> recurrentGroups(const Attributes& a, Framework ofA, const Attributes& b, Framework ofB);
std::vector<Value> recurrentValues(const Recurrent& kind, const Call& call);
std::string recurrentDifference(const Call& a, const Call& b);
/// Whether one runs forwards and the other backwards.
bool recurrentApart(const Attributes& a, const Attributes& b);
std::string_view recurrentAxes(const Op&, Framework, std::size_t rank);
/// Steps behind the batch.
Turned recurrentTurned(const Call& here, Framework there, const Arrangement& given);
std::vector<std::string> recurrentWords(const Op& op, std::int64_t consumed);

/// The settings of one direction of a torch.nn module; `reverse` the second. Throws Error("layer-unsupported").
Attributes recurrentFromTorch(const TorchSpec& spec, bool reverse);
Attributes recurrentFromKeras(const KerasSpec& spec);
/// Of a layer that gives all steps. Throws Error("layer-no-twin") for a direction that only a Bidirectional has.
Json recurrentToKeras(const Op& op);
/// A module of one layer and direction, which is told by the names of its parameters. Throws Error("layer-no-twin") for a cell that the
/// class does not compute.
TorchSpec recurrentToTorch(const Op& op, std::string_view className);

}
