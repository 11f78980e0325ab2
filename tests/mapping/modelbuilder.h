// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mapping/mapping.h"

#include <functional>
#include <string>
#include <vector>

/// Chains of layers as the readers make them, by hand. Weights are counted up from `seed` so that every element is known.
class ModelBuilder
{
public:
    ModelBuilder(core::Framework framework, core::Shape input);

    ModelBuilder& conv(const std::string& name, std::int64_t in, std::int64_t out, std::int64_t kernel, const std::string& activation = {},
                       core::Attributes settings = {}, float seed = 0, bool bias = true);
    ModelBuilder& linear(const std::string& name, std::int64_t in, std::int64_t out, const std::string& activation = {}, float seed = 0);
    ModelBuilder& batchNorm(const std::string& name, std::int64_t channels, double epsilon = 1e-3);
    ModelBuilder& pool(const std::string& name, const std::string& kind, std::int64_t size);
    /// A layer without weights of one op.
    ModelBuilder& plain(const std::string& name, const std::string& kind, core::Attributes attributes = {});
    /// A layer that no kind knows.
    ModelBuilder& unknown(const std::string& name, const std::string& className);

    /// The next layer takes the value of the op `name` instead of the last one's.
    ModelBuilder& from(const std::string& name);
    /// A layer that no kind knows, over several values.
    ModelBuilder& merge(const std::string& name, const std::string& className, const std::vector<std::string>& inputs);
    /// Another input of the model.
    ModelBuilder& input(const std::string& name, core::Shape shape);
    /// Makes these ops the outputs; otherwise the last one is.
    ModelBuilder& outputs(const std::vector<std::string>& names);

    core::Model model() const;
    /// As a state dict tells it: parameter layers only, kinds and sizes by shape.
    core::Model stateDict() const;

private:
    bool isTorch() const { return m_model.framework == core::Framework::Torch; }
    void layer(const std::string& name, const std::string& className, const std::string& kind, core::Attributes attributes,
               const std::string& activation);
    void parameter(const std::string& role, const std::string& parameterName, core::Shape shape, float seed);
    std::string className(const std::string& kind) const;

    core::Model m_model;
    int m_from = 0;
};

/// The same network as a file might list it otherwise: ops in another order of computation, layers and parameters in any.
core::Model shuffled(const core::Model& model, unsigned seed);

/// Values of a parameter in file order.
std::vector<float> valuesOf(const core::Model& model, const std::string& parameter);
/// The model with one parameter's values replaced.
core::Model withValues(core::Model model, const std::string& parameter, const std::vector<float>& values);
/// A source of the given float32 values.
core::TensorSource sourceOf(core::Shape shape, const std::vector<float>& values);
/// One line a link: "left ops = right ops", then the ambiguities with "?".
std::string printed(const core::mapping::Mapping& mapping);
bool hasReason(const core::mapping::Link& link, std::string_view id);
