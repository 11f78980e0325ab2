// SPDX-License-Identifier: GPL-3.0-or-later
#include "modelbuilder.h"

#include "core/layers/kind.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <random>

using namespace core;

TensorSource sourceOf(Shape shape, const std::vector<float>& values)
{
    auto bytes = std::make_shared<std::vector<std::byte>>(values.size() * sizeof(float));
    if (!values.empty())
        std::memcpy(bytes->data(), values.data(), bytes->size());
    return {DType::Float32, std::move(shape), SharedBytes(std::move(bytes))};
}

std::vector<float> valuesOf(const Model& model, const std::string& parameter)
{
    const Tensor tensor = read(model.parameter(parameter)->source);
    return {tensor.floats().begin(), tensor.floats().end()};
}

Model withValues(Model model, const std::string& parameter, const std::vector<float>& values)
{
    for (Parameter& candidate : model.parameters)
        if (candidate.name == parameter)
            candidate.source = sourceOf(candidate.source.shape, values);
    return model;
}

ModelBuilder::ModelBuilder(Framework framework, Shape input)
{
    m_model.framework = framework;
    m_model.origin.path = isTorch() ? "left.pt" : "right.h5";
    m_model.wired = true;
    m_model.inputShape = input;
    Op op;
    op.name = "input";
    op.kind = "input";
    op.attributes = {{"shape", input}};
    m_model.ops.push_back(std::move(op));
}

std::string ModelBuilder::className(const std::string& kind) const
{
    const layers::Kind* known = layers::kind(kind);
    const auto& classes = isTorch() ? known->torchClasses : known->kerasClasses;
    return classes.empty() ? "Activation" : std::string(classes.front());
}

void ModelBuilder::layer(const std::string& name, const std::string& className, const std::string& kind, Attributes attributes,
                         const std::string& activation)
{
    Layer layer;
    layer.name = name;
    layer.kind = className;
    layer.supported = !kind.empty();
    m_model.layers.push_back(std::move(layer));
    Op op;
    op.name = activation.empty() ? name : name + ":" + kind;
    op.kind = kind;
    op.layer = name;
    op.attributes = std::move(attributes);
    op.inputs = {m_from};
    op.unsupported = kind.empty() ? "no such kind" : "";
    m_model.ops.push_back(std::move(op));
    m_from = static_cast<int>(m_model.ops.size()) - 1;
    if (activation.empty())
        return;
    Op fused;
    fused.name = name;
    fused.kind = activation;
    fused.layer = name;
    fused.inputs = {m_from};
    if (activation == "softmax")
        fused.attributes = {{"axis", std::int64_t{-1}}};
    m_model.ops.push_back(std::move(fused));
    m_from = static_cast<int>(m_model.ops.size()) - 1;
}

void ModelBuilder::parameter(const std::string& role, const std::string& parameterName, Shape shape, float seed)
{
    Layer& layer = m_model.layers.back();
    Parameter parameter;
    parameter.name = isTorch() ? layer.name + "." + parameterName : layer.name + "/" + parameterName + ":0";
    parameter.layer = layer.name;
    parameter.role = role;
    std::vector<float> values(static_cast<std::size_t>(elementCount(shape)));
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = seed + static_cast<float>(i);
    parameter.source = sourceOf(std::move(shape), values);
    layer.parameters.push_back(parameter.name);
    for (Op& op : m_model.ops)
        if (op.layer == layer.name && layers::kind(op.kind) && !layers::kind(op.kind)->activation)
            op.parameters[role] = parameter.name;
    m_model.parameters.push_back(std::move(parameter));
}

ModelBuilder& ModelBuilder::conv(const std::string& name, std::int64_t in, std::int64_t out, std::int64_t kernel,
                                 const std::string& activation, Attributes settings, float seed, bool bias)
{
    Attributes attributes{
        {"filters", out}, {"kernel", Ints{kernel, kernel}}, {"stride", Ints{1, 1}}, {"dilation", Ints{1, 1}}, {"groups", std::int64_t{1}},
        {"bias", bias},   {"padding", std::string("valid")}};
    for (const auto& [key, value] : settings)
        attributes.set(key, value);
    layer(name, className("conv2d"), "conv2d", attributes, activation);
    parameter("kernel", isTorch() ? "weight" : "kernel", isTorch() ? Shape{out, in, kernel, kernel} : Shape{kernel, kernel, in, out}, seed);
    if (bias)
        parameter("bias", "bias", {out}, seed);
    return *this;
}

ModelBuilder& ModelBuilder::linear(const std::string& name, std::int64_t in, std::int64_t out, const std::string& activation, float seed)
{
    layer(name, className("linear"), "linear", {{"units", out}, {"bias", true}}, activation);
    parameter("kernel", isTorch() ? "weight" : "kernel", isTorch() ? Shape{out, in} : Shape{in, out}, seed);
    parameter("bias", "bias", {out}, seed);
    return *this;
}

ModelBuilder& ModelBuilder::batchNorm(const std::string& name, std::int64_t channels, double epsilon)
{
    layer(name, isTorch() ? "BatchNorm2d" : "BatchNormalization", "batchnorm",
          {{"epsilon", epsilon}, {"momentum", 0.1}, {"axis", std::int64_t{isTorch() ? 1 : -1}}, {"scale", true}, {"center", true}}, {});
    parameter("gamma", isTorch() ? "weight" : "gamma", {channels}, 1);
    parameter("beta", isTorch() ? "bias" : "beta", {channels}, 2);
    parameter("mean", isTorch() ? "running_mean" : "moving_mean", {channels}, 3);
    parameter("variance", isTorch() ? "running_var" : "moving_variance", {channels}, 4);
    if (isTorch())
        parameter("count", "num_batches_tracked", {}, 7);
    return *this;
}

ModelBuilder& ModelBuilder::pool(const std::string& name, const std::string& kind, std::int64_t size)
{
    return plain(name, kind,
                 {{"kernel", Ints{size, size}},
                  {"stride", Ints{size, size}},
                  {"dilation", Ints{1, 1}},
                  {"padding", std::string("valid")},
                  {"ceil", false},
                  {"count_pad", isTorch()}});
}

ModelBuilder& ModelBuilder::plain(const std::string& name, const std::string& kind, Attributes attributes)
{
    if (kind == "flatten")
        attributes = {{"start", std::int64_t{1}}, {"end", std::int64_t{-1}}};
    layer(name, className(kind), kind, std::move(attributes), {});
    return *this;
}

ModelBuilder& ModelBuilder::unknown(const std::string& name, const std::string& className)
{
    layer(name, className, {}, {}, {});
    return *this;
}

ModelBuilder& ModelBuilder::from(const std::string& name)
{
    m_from = m_model.opIndex(name);
    return *this;
}

ModelBuilder& ModelBuilder::merge(const std::string& name, const std::string& className, const std::vector<std::string>& inputs)
{
    unknown(name, className);
    m_model.ops.back().inputs.clear();
    for (const std::string& input : inputs)
        m_model.ops.back().inputs.emplace_back(m_model.opIndex(input));
    return *this;
}

ModelBuilder& ModelBuilder::input(const std::string& name, Shape shape)
{
    Op op;
    op.name = name;
    op.kind = "input";
    op.attributes = {{"shape", std::move(shape)}};
    m_model.ops.push_back(std::move(op));
    return from(name);
}

ModelBuilder& ModelBuilder::outputs(const std::vector<std::string>& names)
{
    for (const std::string& output : names)
        m_model.outputs.emplace_back(m_model.opIndex(output));
    return *this;
}

Model ModelBuilder::model() const
{
    Model model = m_model;
    if (model.outputs.empty())
        model.outputs = {static_cast<int>(model.ops.size()) - 1};
    return model;
}

Model shuffled(const Model& model, unsigned seed)
{
    std::mt19937 random(seed);
    Model result = model;
    std::shuffle(result.layers.begin(), result.layers.end(), random);
    std::shuffle(result.parameters.begin(), result.parameters.end(), random);
    if (!model.wired) {
        std::shuffle(result.ops.begin(), result.ops.end(), random);
        return result;
    }
    std::vector<int> place(model.ops.size(), -1), order;
    while (order.size() < model.ops.size()) {
        std::vector<int> ready;
        for (std::size_t op = 0; op < model.ops.size(); ++op)
            if (place[op] < 0 &&
                std::ranges::all_of(producers(model.ops[op]), [&](int i) { return place[static_cast<std::size_t>(i)] >= 0; }))
                ready.push_back(static_cast<int>(op));
        const int chosen = ready[random() % ready.size()];
        place[static_cast<std::size_t>(chosen)] = static_cast<int>(order.size());
        order.push_back(chosen);
    }
    for (std::size_t i = 0; i < order.size(); ++i) {
        result.ops[i] = model.ops[static_cast<std::size_t>(order[i])];
        for (Input& input : result.ops[i].inputs)
            input.port.op = place[static_cast<std::size_t>(input.port.op)];
    }
    for (Output& output : result.outputs)
        output.port.op = place[static_cast<std::size_t>(output.port.op)];
    return result;
}

Model ModelBuilder::stateDict() const
{
    Model model = m_model;
    model.wired = false;
    model.inputShape.reset();
    model.ops.clear();
    std::erase_if(model.layers, [](const Layer& layer) { return layer.parameters.empty(); });
    for (const Op& op : m_model.ops) {
        if (op.parameters.empty())
            continue;
        Op bare;
        bare.name = op.layer;
        bare.kind = op.kind;
        bare.layer = op.layer;
        bare.parameters = op.parameters;
        model.ops.push_back(std::move(bare));
    }
    return model;
}

std::string printed(const mapping::Mapping& mapping)
{
    std::string result;
    for (const mapping::Link& link : mapping.links)
        result += fmt::format("{} = {}\n", fmt::join(link.left, "+"), fmt::join(link.right, "+"));
    for (const mapping::Ambiguity& ambiguity : mapping.ambiguous)
        result += fmt::format("{} ? {}\n", fmt::join(ambiguity.left, "+"), fmt::join(ambiguity.right, "+"));
    return result;
}

bool hasReason(const mapping::Link& link, std::string_view id)
{
    return std::any_of(link.reasons.begin(), link.reasons.end(), [&](const Message& reason) { return reason.id == id; });
}
