// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/imagekinds.h"
#include "core/layers/window.h"

namespace core::layers {

std::optional<Steps> kerasSeparable(const KerasSpec& spec, std::size_t inputs)
{
    if (inputs > 1)
        unsupported(std::to_string(inputs) + " inputs", "one");
    const bool isLine = spec.className.ends_with("1D");
    const std::size_t rank = isLine ? 1 : 2;
    const Kind& kind = isLine ? conv1d : conv2d;
    Attributes depthwise;
    setKerasWindow(depthwise, spec, "kernel_size", rank);
    depthwise.set("multiplier", kerasInt(spec.config, "depth_multiplier", 1));
    depthwise.set("bias", false);
    const bool hasBias = kerasBool(spec.config, "use_bias", true);
    const Ints one(rank, 1);
    Attributes pointwise{{"kernel", one},
                         {"stride", one},
                         {"dilation", one},
                         {"padding", std::string("valid")},
                         {"filters", kerasInt(spec.config, "filters", 0)},
                         {"groups", std::int64_t{1}},
                         {"bias", hasBias}};
    if (depthwise.has("channels_first"))
        pointwise.set("channels_first", true);
    Step second{"pointwise", kind.id, pointwise, {Port(0)}, {{"kernel", "pointwise_kernel"}}};
    if (hasBias)
        second.parameters.emplace("bias", "bias");
    Steps steps{{{"depthwise", kind.id, depthwise, {Port(-1)}, {{"kernel", "depthwise_kernel"}}}, std::move(second)}, {Port(1)}};
    const auto activation = spec.config.find("activation");
    const bool isLinear = activation == spec.config.end() || activation->is_null() || *activation == "linear";
    if (!isLinear) {
        const KerasSpec fused{"Activation", {{"activation", *activation}}, spec.version, {}};
        const Kind* known = activation->is_string() ? kindOfKeras(fused) : nullptr;
        if (!known || !known->fromKeras)
            unsupported("an activation that is not known by its name", "one of Keras' own");
        steps.steps.push_back({"activation", known->id, known->fromKeras(fused), {Port(1)}});
        steps.outputs = {Port(2)};
    }
    return steps;
}

}
