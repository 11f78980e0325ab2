// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engines/parameters.h"
#include "core/engines/plan.h"
#include "core/engines/torch/torchworker.h"

namespace core::engines {

/// Runs a PyTorch model on LibTorch, NCHW, in the worker's process. Shapes are settled here; what comes back is checked against them.
class TorchEngine final : public Engine
{
public:
    TorchEngine(std::shared_ptr<const Model> model, const Progress& progress);
    ~TorchEngine() override;
    TorchEngine(const TorchEngine&) = delete;
    TorchEngine& operator=(const TorchEngine&) = delete;

    const Model& model() const override { return *m_model; }
    Trace run(const Feeds& feeds, const std::vector<Port>& wanted, const Progress& progress) override;

private:
    Trace traceOf(const worker::Message& answer) const;

    std::shared_ptr<const Model> m_model;
    std::shared_ptr<TorchWorker> m_worker;
    std::map<int, std::string> m_unavailable;
    TorchWorker::Handle m_handle;
    std::optional<Plan> m_plan;
};

}
