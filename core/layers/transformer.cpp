// SPDX-License-Identifier: GPL-3.0-or-later
// nn.TransformerEncoderLayer: attention, two Linears, two norms and the sums around them; nn.TransformerEncoder: several of them, and a
// norm behind (torch/nn/modules/transformer.py).
#include "core/layers/attentionkinds.h"
#include "core/layers/spec.h"
#include "core/layers/steps.h"

#include <fmt/format.h>

namespace core::layers {

namespace {

/// What the spec tells of the module that the layer keeps under that path.
TorchSpec innerSpec(const TorchSpec& spec, const std::string& path, std::string className)
{
    const std::string prefix = path + ".";
    TorchSpec result{std::move(className), {}, {}};
    for (const auto& [key, value] : spec.raw)
        if (key.starts_with(prefix))
            result.raw.set(key.substr(prefix.size()), value);
    for (const auto& [key, shape] : spec.parameters)
        if (key.starts_with(prefix))
            result.parameters.emplace(key.substr(prefix.size()), shape);
    return result;
}

class Encoder
{
public:
    explicit Encoder(const TorchSpec& spec) : m_spec(spec) {}

    /// The layer whose modules' paths begin so.
    Port layer(const std::string& prefix, Port x)
    {
        m_prefix = prefix;
        if (m_spec.raw.boolean(prefix + "norm_first", false)) {
            const Port middle = sum("sum1", x, attention(module("norm1", "LayerNorm", x)));
            return sum("sum2", middle, forward(module("norm2", "LayerNorm", middle)));
        }
        const Port middle = module("norm1", "LayerNorm", sum("sum1", x, attention(x)));
        return module("norm2", "LayerNorm", sum("sum2", middle, forward(middle)));
    }

    Port stack(Port x)
    {
        const std::int64_t count = m_spec.raw.integer("num_layers");
        for (std::int64_t i = 0; i < count; ++i) {
            const std::string path = fmt::format("layers.{}", i);
            requireClass(path, "TransformerEncoderLayer");
            x = layer(path + ".", x);
        }
        m_prefix.clear();
        return m_spec.raw.has("norm.class") ? module("norm", "LayerNorm", x) : x;
    }

    Steps steps(Port last) &&
    {
        m_steps.outputs = {last};
        return std::move(m_steps);
    }

private:
    /// A module of another class computes what its own code says.
    void requireClass(const std::string& path, std::string_view className) const
    {
        const std::string found = m_spec.raw.string(path + ".class", "");
        if (found != className)
            unsupported(fmt::format("{} of class {}", path, found.empty() ? "no known class" : printable(found)),
                        fmt::format("a {}", className));
    }

    Port add(Step step)
    {
        step.name = m_prefix + step.name;
        m_steps.steps.push_back(std::move(step));
        return {static_cast<int>(m_steps.steps.size()) - 1};
    }

    Port module(const std::string& name, const std::string& className, Port input)
    {
        const std::string path = m_prefix + name;
        const bool isProjection = className == "Linear" && m_spec.raw.string(path + ".class", "") == "NonDynamicallyQuantizableLinear";
        if (!isProjection)
            requireClass(path, className);
        const Kind& known = *kindOfTorch(className);
        const TorchSpec spec = innerSpec(m_spec, path, className);
        Step step{name, known.id, known.fromTorch(spec), {input}, {}};
        for (const Role& role : known.roles(step.attributes, Framework::Torch, {}))
            if (spec.parameters.contains(role.name))
                step.parameters.emplace(role.role, path + "." + role.name);
        return add(std::move(step));
    }

    Port attention(Port input)
    {
        const Port result = module("self_attn", "MultiheadAttention", input);
        m_steps.steps.back().inputs = {{"", input}, {"key", input}, {"value", input}};
        return result;
    }

    Port sum(const std::string& name, Port a, Port b) { return add({name, kindOfTorch("add")->id, {}, {a, b}, {}}); }

    /// The layer says which of two functions it has; as modules they have settings.
    Port forward(Port input)
    {
        const std::int64_t told = m_spec.raw.integer(m_prefix + "activation_relu_or_gelu", 0);
        const std::string className = told == 1 ? "ReLU" : "GELU", path = m_prefix + "activation";
        if (told != 1 && told != 2)
            unsupported("an activation of its own", "ReLU or GELU");
        if (m_spec.raw.has(path + ".class"))
            requireClass(path, className);
        if (m_spec.raw.string(path + ".approximate", "none") != "none")
            unsupported("an approximated GELU, which PyTorch computes exactly in its fast path and approximated elsewhere", "one of both");
        const Kind& activation = *kindOfTorch(className);
        const Port wide = module("linear1", "Linear", input);
        const Port active = add({"activation", activation.id, activation.fromTorch({className, {}, {}}), {wide}, {}});
        return module("linear2", "Linear", active);
    }

    const TorchSpec& m_spec;
    std::string m_prefix;
    Steps m_steps;
};

}

Steps torchEncoderLayer(const TorchSpec& spec)
{
    Encoder encoder(spec);
    const Port last = encoder.layer("", Port(-1, 0));
    return std::move(encoder).steps(last);
}

Steps torchEncoder(const TorchSpec& spec)
{
    if (spec.raw.integer("num_layers") < 1)
        unsupported("no layers", "one layer or more");
    Encoder encoder(spec);
    const Port last = encoder.stack(Port(-1, 0));
    return std::move(encoder).steps(last);
}

}
