// SPDX-License-Identifier: GPL-3.0-or-later
// dropout: rate. identity: none. Both pass their input on when a network is used.
#include "core/layers/spec.h"

namespace core::layers {

namespace {

Attributes dropoutFromTorch(const TorchSpec& spec)
{
    return {{"rate", spec.raw.real("p", 0.5)}};
}

Attributes dropoutFromKeras(const KerasSpec& spec)
{
    return {{"rate", kerasReal(spec.config, "rate", 0.5)}};
}

Json dropoutToKeras(const Op& op)
{
    return {{"rate", op.attributes.real("rate", 0.5)}};
}

Attributes none(const TorchSpec&)
{
    return {};
}

Attributes noneKeras(const KerasSpec&)
{
    return {};
}

Json emptyConfig(const Op&)
{
    return Json::object();
}

Value same(const Op&, std::span<const Value> inputs)
{
    return inputs[0];
}

std::string noDifference(const Op&, const Op&, const Value*, const Value*)
{
    return {};
}

}

const Kind dropout{.id = "dropout",
                   .torchClasses = {"Dropout"},
                   .kerasClasses = {"Dropout"},
                   .roles = {},
                   .transparent = true,
                   .fromTorch = dropoutFromTorch,
                   .fromKeras = dropoutFromKeras,
                   .toKeras = dropoutToKeras,
                   .infer = same,
                   .difference = noDifference};

const Kind identity{.id = "identity",
                    .torchClasses = {"Identity"},
                    .kerasClasses = {"Identity"},
                    .roles = {},
                    .transparent = true,
                    .fromTorch = none,
                    .fromKeras = noneKeras,
                    .toKeras = emptyConfig,
                    .infer = same,
                    .difference = noDifference};

}
