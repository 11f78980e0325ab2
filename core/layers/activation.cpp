// SPDX-License-Identifier: GPL-3.0-or-later
// tanh, relu, sigmoid: elementwise, without attributes.
#include "core/layers/spec.h"

namespace core::layers {

namespace {

Attributes none(const TorchSpec&)
{
    return {};
}

Attributes noneKeras(const KerasSpec&)
{
    return {};
}

Attributes plainRelu(const KerasSpec& spec)
{
    const bool bounded = spec.config.contains("max_value") && !spec.config["max_value"].is_null();
    if (bounded || kerasReal(spec.config, "negative_slope", 0) != 0 || kerasReal(spec.config, "threshold", 0) != 0)
        unsupported("ReLU with a bound, slope or threshold", "a plain ReLU");
    return {};
}

template <const char* Name>
Json activationConfig(const Op&)
{
    return {{"activation", Name}};
}

Value same(const Op&, std::span<const Value> inputs)
{
    return inputs[0];
}

std::string noDifference(const Op&, const Op&, const Value*, const Value*)
{
    return {};
}

constexpr char tanhName[] = "tanh", reluName[] = "relu", sigmoidName[] = "sigmoid";

template <const char* Name>
Kind elementwise(const char* torchClass, std::vector<std::string_view> kerasClasses, Attributes (*fromKeras)(const KerasSpec&))
{
    return {.id = Name,
            .torchClasses = {torchClass},
            .kerasClasses = std::move(kerasClasses),
            .roles = {},
            .activation = true,
            .fromTorch = none,
            .fromKeras = fromKeras,
            .toKeras = activationConfig<Name>,
            .infer = same,
            .difference = noDifference};
}

}

const Kind tanhKind = elementwise<tanhName>("Tanh", {}, noneKeras);
const Kind reluKind = elementwise<reluName>("ReLU", {"ReLU"}, plainRelu);
const Kind sigmoidKind = elementwise<sigmoidName>("Sigmoid", {}, noneKeras);

}
