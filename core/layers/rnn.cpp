// SPDX-License-Identifier: GPL-3.0-or-later
// rnn: as recurrent.h says, without gates.
#include "core/layers/recurrent.h"
#include "core/layers/sequencekinds.h"

namespace core::layers {

namespace {

const Recurrent rnnParts{1, {}, {}, 1};

std::vector<Role> roles(const Attributes& settings, Framework framework, std::span<const Value> inputs)
{
    return recurrentRoles(rnnParts, settings, framework, inputs);
}

std::vector<Value> infer(const Call& call)
{
    return recurrentValues(rnnParts, call);
}

}

const Kind rnn{.id = "rnn",
               .torchClasses = {"RNN"},
               .kerasClasses = {"SimpleRNN"},
               .effect = Effect::Makes,
               .family = "recurrent",
               .toTorch = [](const Op& op) { return recurrentToTorch(op, "RNN"); },
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
