// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engines/engine.h"
#include "tests/engines/reference.h"

#include <string>

/// Small networks put together by hand, op by op.
class ModelBuilder
{
public:
    explicit ModelBuilder(core::Framework framework) { m_model.framework = framework, m_model.wired = true; }

    ModelBuilder& input(core::Shape shape)
    {
        m_model.inputShape = shape;
        return op("input", {{"shape", std::move(shape)}});
    }

    /// An op on the last one. Its name is "kind" and its index.
    ModelBuilder& op(const std::string& kind, core::Attributes attributes = {}, const std::map<std::string, core::Tensor>& weights = {})
    {
        core::Op op;
        op.name = kind + std::to_string(m_model.ops.size());
        op.kind = kind;
        op.layer = op.name;
        op.attributes = std::move(attributes);
        if (!m_model.ops.empty())
            op.inputs = {static_cast<int>(m_model.ops.size()) - 1};
        for (const auto& [role, tensor] : weights) {
            op.parameters[role] = op.name + "." + role;
            core::Parameter parameter;
            parameter.name = op.parameters[role];
            parameter.layer = op.name;
            parameter.role = role;
            parameter.source = {tensor.dtype(), tensor.shape(), tensor.sharedBytes()};
            m_model.parameters.push_back(parameter);
        }
        m_model.ops.push_back(std::move(op));
        return *this;
    }

    ModelBuilder& unsupported(const std::string& why)
    {
        op("");
        m_model.ops.back().unsupported = why;
        return *this;
    }

    core::Op& last() { return m_model.ops.back(); }
    core::Parameter& lastParameter() { return m_model.parameters.back(); }

    std::shared_ptr<const core::Model> build()
    {
        m_model.outputs = {static_cast<int>(m_model.ops.size()) - 1};
        return std::make_shared<const core::Model>(m_model);
    }

private:
    core::Model m_model;
};

inline core::Tensor randomTensor(core::Shape shape, unsigned seed, float width = 1)
{
    reference::Random random(seed);
    const auto count = core::elementCount(shape);
    return core::Tensor::fromFloats(std::move(shape), random.floats(count, width));
}

/// Conv (3 filters 3x3 'same'), tanh, flatten, linear 4 on a 2x5x4 image: the same function for either framework.
inline std::shared_ptr<const core::Model> smallNetwork(core::Framework framework)
{
    const bool torch = framework == core::Framework::Torch;
    const auto kernel = randomTensor({3, 2, 3, 3}, 1);
    auto weight = randomTensor({4, 3 * 5 * 4}, 2).reshaped({4, 3, 5, 4});
    if (!torch)
        weight = weight.transposed(std::vector<int>{2, 3, 1, 0}).reshaped({3 * 5 * 4, 4});
    const core::Attributes conv{{"filters", std::int64_t{3}},    {"kernel", core::Ints{3, 3}}, {"stride", core::Ints{1, 1}},
                                {"dilation", core::Ints{1, 1}},  {"groups", std::int64_t{1}},  {"bias", true},
                                {"padding", std::string("same")}};
    ModelBuilder builder(framework);
    builder.input(torch ? core::Shape{2, 5, 4} : core::Shape{5, 4, 2})
        .op("conv2d", conv, {{"kernel", torch ? kernel : kernel.transposed(std::vector<int>{2, 3, 1, 0})}, {"bias", randomTensor({3}, 3)}})
        .op("tanh")
        .op("flatten", {{"start", std::int64_t{1}}, {"end", std::int64_t{-1}}})
        .op("linear", {{"units", std::int64_t{4}}, {"bias", true}},
            {{"kernel", torch ? weight.reshaped({4, 60}) : weight}, {"bias", randomTensor({4}, 4)}});
    return builder.build();
}

/// An input for it, in the framework's layout.
inline core::Tensor smallInput(core::Framework framework, std::int64_t batch = 1)
{
    const auto image = randomTensor({batch, 2, 5, 4}, 5);
    return framework == core::Framework::Torch ? image : image.transposed(std::vector<int>{0, 2, 3, 1});
}
