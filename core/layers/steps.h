// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/layers/spec.h"

namespace core::layers {

/// One op of a layer that computes in several.
struct Step
{
    std::string name; ///< within its layer; not shown of the last, which bears the layer's
    std::string_view kind;
    Attributes attributes;
    std::vector<Input> inputs;                          ///< Port(step, output), or Port(-1, i): the i-th that the layer itself takes
    std::map<std::string, std::string> parameters = {}; ///< role -> the framework's name within the layer: "weight_ih_l0_reverse"
};

/// A layer that is more than one elementary op, or puts out values of several: its ops in order of computation.
struct Steps
{
    std::vector<Step> steps;
    std::vector<Port> outputs; ///< what the layer puts out, as Port(step, output); the first is the last step's first
};

/// The steps of a class of torch.nn; nothing where it is of one kind, or of none. Throws Error("layer-unsupported").
std::optional<Steps> torchSteps(const TorchSpec& spec);
/// The same of a Keras layer that is called with so many inputs.
std::optional<Steps> kerasSteps(const KerasSpec& spec, std::size_t inputs);

/// Whether a class of torch.nn is one that may have steps.
bool hasTorchSteps(std::string_view torchClass);

/// Whether a Keras class is one that may have steps.
bool isOfSteps(std::string_view kerasClass);

/// The steps as ops of `layer`, of which `first` is the index of the first in the model; the last one is called `name`, the others after
/// it. Parameters still bear the names that they have within the layer. Without `inputs` nothing is connected.
std::vector<Op> opsOf(const Steps& steps, const std::string& name, const std::string& layer, int first, const std::vector<Input>& inputs);

}
