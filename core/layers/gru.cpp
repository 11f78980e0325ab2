// SPDX-License-Identifier: GPL-3.0-or-later
// gru: as recurrent.h says. Gates r, z, n in PyTorch, z, r, n (Keras: h) in Keras.
#include "core/layers/recurrent.h"
#include "core/layers/sequencekinds.h"

namespace core::layers {

namespace {

const Recurrent gruParts{3, {"r", "z", "n"}, {"z", "r", "n"}, 1};

std::vector<Role> roles(const Attributes& settings, Framework framework, std::span<const Value> inputs)
{
    return recurrentRoles(gruParts, settings, framework, inputs);
}

std::vector<Value> infer(const Call& call)
{
    return recurrentValues(gruParts, call);
}

}

const Kind gru{.id = "gru",
               .torchClasses = {"GRU"},
               .kerasClasses = {"GRU"},
               .effect = Effect::Makes,
               .family = "recurrent",
               .toTorch = [](const Op& op) { return recurrentToTorch(op, "GRU"); },
               .toKeras = recurrentToKeras,
               .roles = roles,
               .groups = recurrentGroups,
               .takes = {1, 1, {"initial_state", "mask"}},
               .outputs = [](const Op&) { return 2; },
               .inputAxes = recurrentAxes,
               .infer = infer,
               .difference = recurrentDifference,
               .apart = recurrentApart,
               .words = recurrentWords,
               .turned = recurrentTurned};

}
