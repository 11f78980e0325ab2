// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engines/keras/computation.h"
#include "core/engines/parameters.h"
#include "core/engines/plan.h"

namespace core::engines {

/// Runs a Keras model in this process: NHWC, our own arithmetic.
class KerasEngine final : public Engine
{
public:
    KerasEngine(std::shared_ptr<const Model> model, const Progress& progress);

    const Model& model() const override { return *m_model; }
    Trace run(const Feeds& feeds, const std::vector<Port>& wanted, const Progress& progress) override;

private:
    /// What is laid out once for a shape of input and serves every run with it.
    struct Program
    {
        Plan plan;
        std::vector<Computation> steps; ///< beside plan.order
        ByPort<int> uses;
        std::vector<float> scratch;
    };
    void prepare(const Feeds& feeds, const std::vector<Port>& wanted);
    std::vector<Tensor> compute(std::size_t step, const ByPort<std::optional<Tensor>>& values);

    std::shared_ptr<const Model> m_model;
    Weights m_weights;
    std::map<int, std::map<std::string, Tensor>> m_weightsOfOps;
    std::optional<Program> m_program;
};

}
