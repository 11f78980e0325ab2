// SPDX-License-Identifier: GPL-3.0-or-later
// tanh, relu, sigmoid: elementwise, without attributes.
#include "core/layers/pointkinds.h"
#include "core/layers/spec.h"
#include "core/layers/turned.h"

namespace core::layers {

namespace {

Json tanhToKeras(const Op&)
{
    return {{"activation", "tanh"}};
}

Json sigmoidToKeras(const Op&)
{
    return {{"activation", "sigmoid"}};
}

template <const char* Class>
TorchSpec toTorch(const Op&)
{
    return {Class, {}, {}};
}

constexpr char tanhClass[] = "Tanh", reluClass[] = "ReLU", sigmoidClass[] = "Sigmoid";

template <const char* Class>
Kind rising(std::string_view id, std::vector<std::string_view> kerasClasses, Attributes (*fromKeras)(const KerasSpec&),
            Json (*toKeras)(const Op&), bool neverNegative = false)
{
    return {.id = id,
            .torchClasses = {Class},
            .kerasClasses = std::move(kerasClasses),
            .kerasActivations = {id},
            .aten = {{id, Class, {{"self", "input"}}}},
            .effect = Effect::Keeps,
            .family = "activation",
            .activation = true,
            .rises = true,
            .neverNegative = neverNegative,
            .fromTorch = noTorchSettings,
            .fromKeras = fromKeras,
            .toTorch = toTorch<Class>,
            .toKeras = toKeras,
            .infer = sameValue,
            .difference = noDifference,
            .turned = turnedPoints};
}

}

const Kind tanhKind = rising<tanhClass>("tanh", {}, noKerasSettings, tanhToKeras);
const Kind reluKind = rising<reluClass>("relu", {"ReLU"}, noKerasSettings, noKerasConfig, true);
const Kind sigmoidKind = rising<sigmoidClass>("sigmoid", {}, noKerasSettings, sigmoidToKeras, true);

}
