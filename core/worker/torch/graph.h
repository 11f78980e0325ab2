// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/worker/protocol.h"
#include "core/worker/server.h"
#include "core/worker/torch/operations.h"

namespace core::worker::torch {

/// A network that was sent once and runs many times. What arrives is checked like a file: indices, shapes, sizes.
class Graph
{
public:
    /// head: "ops" [{kind, attributes, inputs: [{name, op, output}], parameters: {role: index}}], "shapes" of the parameters; payload:
    /// their float32 values one after the other. Throws core::Error("graph-...").
    explicit Graph(const Message& request);

    /// head: "feeds" [{op, output, shape}] with their values as payload, "order" (ops to compute), "wanted" [{op, output}]. Answers
    /// "values" [{op, output, shape}] with
    /// their bytes, "problems" [{op, text}] of ops that LibTorch refused (those that need them are left out), "milliseconds".
    Answer run(const Message& request, const std::function<bool(double)>& progress) const;

private:
    std::vector<Operation> m_operations;
};

}
