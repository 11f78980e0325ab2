// SPDX-License-Identifier: GPL-3.0-or-later
// _transformer_encoder_layer_fwd: what nn.TransformerEncoderLayer(batch_first=True) calls at inference, as traced under no_grad.
#include "core/formats/aten/atengraph.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::formats {

using Type = AtenValue::Type;

namespace {

/// An argument of the operator that is a weight, and what nn.TransformerEncoderLayer calls it.
struct EncoderWeight
{
    std::string_view schema, name;
    std::size_t place;
};

constexpr EncoderWeight encoderWeights[] = {
    {"qkv_weight", "self_attn.in_proj_weight", 3},   {"qkv_bias", "self_attn.in_proj_bias", 4},
    {"proj_weight", "self_attn.out_proj.weight", 5}, {"proj_bias", "self_attn.out_proj.bias", 6},
    {"norm_weight_1", "norm1.weight", 10},           {"norm_bias_1", "norm1.bias", 11},
    {"norm_weight_2", "norm2.weight", 12},           {"norm_bias_2", "norm2.bias", 13},
    {"ffn_weight_1", "linear1.weight", 14},          {"ffn_bias_1", "linear1.bias", 15},
    {"ffn_weight_2", "linear2.weight", 16},          {"ffn_bias_2", "linear2.bias", 17},
};

AtenValue encoderArgument(const AtenCall& call, std::size_t place, std::string_view schema)
{
    for (const auto& [name, value] : call.arguments)
        if (!name.empty() && name == schema)
            return value;
    return place < call.arguments.size() && call.arguments[place].first.empty() ? call.arguments[place].second : AtenValue();
}

/// Settings as the module has them, under its modules' names.
layers::TorchSpec encoderSpec(const AtenCall& call)
{
    const std::int64_t features = encoderArgument(call, 1, "embed_dim").integer, heads = encoderArgument(call, 2, "num_heads").integer;
    layers::TorchSpec spec{"TransformerEncoderLayer", {}, {}};
    spec.raw = {{"norm_first", encoderArgument(call, 8, "norm_first").integer != 0},
                {"activation_relu_or_gelu", std::int64_t{encoderArgument(call, 7, "use_gelu").integer != 0 ? 2 : 1}},
                {"self_attn.class", std::string("MultiheadAttention")},
                {"self_attn.embed_dim", features},
                {"self_attn.num_heads", heads},
                {"self_attn.batch_first", true}};
    for (const std::string part : {"1", "2"}) {
        spec.raw.set("norm" + part + ".class", std::string("LayerNorm"));
        spec.raw.set("norm" + part + ".eps", encoderArgument(call, 9, "eps").number());
        spec.raw.set("norm" + part + ".normalized_shape", Ints{features});
        spec.raw.set("linear" + part + ".class", std::string("Linear"));
    }
    return spec;
}

}

/// One operator that is a whole layer: its ops.
bool AtenGraph::encodes(const AtenCall& call, std::string_view name, AtenValue& result)
{
    const AtenValue input = encoderArgument(call, 0, "src");
    if (name != "_transformer_encoder_layer_fwd" || !input.is(Type::Tensor))
        return false;
    layers::TorchSpec spec = encoderSpec(call);
    std::map<std::string, std::string> names;
    try {
        if (!encoderArgument(call, 18, "mask").isNone())
            layers::unsupported("a mask", "attention to all positions");
        for (const EncoderWeight& weight : encoderWeights) {
            const AtenValue value = encoderArgument(call, weight.place, weight.schema);
            const auto found = value.is(Type::Parameter) && !value.isTransposed ? m_parameters.find(value.text) : m_parameters.end();
            if (found == m_parameters.end())
                layers::unsupported(fmt::format("a {} that is computed", weight.name), "stored ones");
            names.emplace(weight.name, value.text);
            spec.parameters.emplace(weight.name, found->second->source.shape);
            if (weight.name.ends_with(".weight") && weight.name.starts_with("linear") && found->second->source.shape.size() == 2) {
                spec.raw.set(std::string(weight.name.substr(0, 7)) + ".out_features", found->second->source.shape[0]);
                spec.raw.set(std::string(weight.name.substr(0, 7)) + ".in_features", found->second->source.shape[1]);
            }
        }
        const layers::Steps steps = *layers::torchSteps(spec);
        const std::vector<Input> inputs{Port(static_cast<int>(opOf(input.value)), input.output)};
        const std::size_t first = m_nodes.size();
        result = addSteps(call, steps.steps.back().name, steps, names, inputs, input.value).items->values.front();
        for (std::size_t i = first; i < m_nodes.size(); ++i)
            m_nodes[i].inner = m_nodes[i].name;
    } catch (const Error& error) {
        Bound bound = bind(call, name);
        result = add(call, name, bound, Node());
        m_model.ops.back().unsupported = error.what();
    }
    return true;
}

/// An op that a module's operator computes for a module in it belongs to that one.
void AtenGraph::settleInner(const std::vector<const AtenModule*>& modules)
{
    for (Node& node : m_nodes) {
        if (node.inner.empty() || !node.module)
            continue;
        const std::string path = (node.module->path.empty() ? "" : node.module->path + ".") + node.inner;
        const auto found =
            std::find_if(modules.begin(), modules.end(), [&](const AtenModule* one) { return one->isLeaf && one->path == path; });
        if (found != modules.end())
            node.module = *found;
    }
}

}
