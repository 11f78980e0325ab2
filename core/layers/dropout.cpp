// SPDX-License-Identifier: GPL-3.0-or-later
// dropout: rate. identity: none. Both pass their input on when a network is used.
#include "core/layers/shapekinds.h"
#include "core/layers/spec.h"
#include "core/layers/turned.h"

#include <fmt/format.h>

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

TorchSpec dropoutToTorch(const Op& op)
{
    return {"Dropout", {{"p", op.attributes.real("rate", 0.5)}}, {}};
}

TorchSpec identityToTorch(const Op&)
{
    return {"Identity", {}, {}};
}

std::vector<std::string> words(const Op& op, std::int64_t)
{
    return {fmt::format("{:g}", op.attributes.real("rate", 0))};
}

AtenForm passing(std::string_view name)
{
    return {name, "Identity", {{"self", "input"}}};
}

}

const Kind dropout{.id = "dropout",
                   .torchClasses = {"Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout", "FeatureAlphaDropout"},
                   .kerasClasses = {"Dropout"},
                   .aten = {{"dropout", "Dropout", {{"input", "input"}, {"p", "p"}, {"train", "train"}}},
                            {"feature_dropout", "Dropout2d", {{"input", "input"}, {"p", "p"}, {"train", "train"}}},
                            {"alpha_dropout", "AlphaDropout", {{"input", "input"}, {"p", "p"}, {"train", "train"}}}},
                   .effect = Effect::Keeps,
                   .transparent = true,
                   .fromTorch = dropoutFromTorch,
                   .fromKeras = dropoutFromKeras,
                   .toTorch = dropoutToTorch,
                   .toKeras = dropoutToKeras,
                   .infer = sameValue,
                   .difference = noDifference,
                   .words = words,
                   .turned = turnedPoints};

const Kind identity{.id = "identity",
                    .torchClasses = {"Identity"},
                    .kerasClasses = {"Identity"},
                    .kerasActivations = {"linear"},
                    .aten = {passing("contiguous"), passing("clone"), passing("detach"), passing("alias"), passing("lift_fresh"),
                             passing("lift_fresh_copy")},
                    .effect = Effect::Keeps,
                    .transparent = true,
                    .fromTorch = noTorchSettings,
                    .fromKeras = noKerasSettings,
                    .toTorch = identityToTorch,
                    .toKeras = noKerasConfig,
                    .infer = sameValue,
                    .difference = noDifference,
                    .turned = turnedPoints};

/// Written with its own configuration. What changes pictures at random passes them on too (Keras' RandomFlip and its like; not
/// RandomCrop, nor AutoContrast, which is not left out).
const Kind noise{.id = "noise",
                 .torchClasses = {},
                 .kerasClasses = {"SpatialDropout1D",
                                  "SpatialDropout2D",
                                  "SpatialDropout3D",
                                  "GaussianDropout",
                                  "GaussianNoise",
                                  "AlphaDropout",
                                  "ActivityRegularization",
                                  "RandomFlip",
                                  "RandomRotation",
                                  "RandomZoom",
                                  "RandomTranslation",
                                  "RandomContrast",
                                  "RandomBrightness",
                                  "RandomHeight",
                                  "RandomWidth",
                                  "RandomShear",
                                  "RandomPerspective",
                                  "RandomElasticTransform",
                                  "RandomErasing",
                                  "RandomGaussianBlur",
                                  "RandomGrayscale",
                                  "RandomHue",
                                  "RandomSaturation",
                                  "RandomSharpness",
                                  "RandomColorDegeneration",
                                  "RandomColorJitter",
                                  "RandomInvert",
                                  "RandomPosterization",
                                  "RandAugment",
                                  "AugMix",
                                  "CutMix",
                                  "MixUp",
                                  "Solarization"},
                 .effect = Effect::Keeps,
                 .transparent = true,
                 .fromKeras = noKerasSettings,
                 .toTorch = identityToTorch,
                 .infer = sameValue,
                 .difference = noDifference,
                 .turned = turnedPoints};

}
