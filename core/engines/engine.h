// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/progress.h"
#include "core/model/model.h"

#include <map>
#include <memory>
#include <optional>

namespace core::engines {

/// What one run computed: a value for each port asked for, float32, batch first, in the framework's own layout with labels.
struct Trace
{
    ByPort<std::optional<Tensor>> values;
    std::map<int, std::string> problems; ///< ops that could not run, and why (unsupported kinds, shapes)
    double milliseconds = 0;             ///< of computing, without transport
};

/// Values fed in place of computing them: of input ops, or of any op for a part of the graph.
using Feeds = std::map<Port, Tensor>;

/// Runs a model's ops. A wired model whose ops are partly unsupported still runs everything that can be computed.
/// Not thread-safe: one caller at a time.
class Engine
{
public:
    virtual ~Engine() = default;
    virtual const Model& model() const = 0;
    /// Computes the values `wanted` (empty: all that can be) from `feeds`. Throws Error when a feed does not fit (R03), when an activation
    /// would exceed the memory cap (R01, refused before allocation) or the worker died; Cancelled.
    virtual Trace run(const Feeds& feeds, const std::vector<Port>& wanted = {}, const Progress& progress = Progress()) = 0;
};

/// The engine of the model's framework: Keras on Eigen in this process, PyTorch on LibTorch in the worker (one worker for all torch engines
/// of the process). Reads the parameters (float32; f16, bf16 widened, f64 narrowed). Throws Error for a model that is not wired.
std::unique_ptr<Engine> makeEngine(std::shared_ptr<const Model> model, const Progress& progress = Progress());

/// Starts the torch worker in the background so that the first makeEngine need not wait for it.
void prestartTorch();
/// Ends the torch worker at once, whatever it does: when the program ends, nobody waits for it.
void endTorch();
/// Process id of the torch worker, -1 when none runs: for tests and the status bar.
int torchWorkerProcessId();
/// Version of LibTorch as the worker tells it.
std::string torchVersion();

}
