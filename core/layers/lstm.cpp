// SPDX-License-Identifier: GPL-3.0-or-later
// lstm: as recurrent.h says. Gates i, f, g (Keras: c), o in both frameworks.
#include "core/layers/recurrent.h"
#include "core/layers/sequencekinds.h"

namespace core::layers {

namespace {

const Recurrent lstmParts{4, {}, {}, 2};

std::vector<Role> roles(const Attributes& settings, Framework framework, std::span<const Value> inputs)
{
    return recurrentRoles(lstmParts, settings, framework, inputs);
}

std::vector<Value> infer(const Call& call)
{
    return recurrentValues(lstmParts, call);
}

}

const Kind lstm{.id = "lstm",
                .torchClasses = {"LSTM"},
                .kerasClasses = {"LSTM"},
                .effect = Effect::Makes,
                .family = "recurrent",
                .toTorch = [](const Op& op) { return recurrentToTorch(op, "LSTM"); },
                .toKeras = recurrentToKeras,
                .roles = roles,
                .groups = recurrentGroups,
                .takes = {1, 1, {"initial_state", "mask"}},
                .outputs = [](const Op&) { return 3; },
                .inputAxes = recurrentAxes,
                .infer = infer,
                .difference = recurrentDifference,
                .apart = recurrentApart,
                .words = recurrentWords,
                .turned = recurrentTurned};

}
