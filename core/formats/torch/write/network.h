// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/torch/write/moduleclasses.h"
#include "core/layers/torchcode.h"

namespace core::formats {

/// A module of a network: where it stands ("features.0", as its parameters' names begin), and what makes it.
struct NetworkModule
{
    std::string path;
    ModuleCall call;
};

/// A model as PyTorch builds it: its modules, and the ops with the values that they take.
struct TorchNetwork
{
    const Model* model = nullptr;
    layers::Values values;
    std::vector<NetworkModule> modules; ///< in the order in which they are called first
    std::vector<int> moduleOf;          ///< by op; -1 for what functions compute

    /// What computes the op, where its inputs and its module are called so. Throws Error("layer-no-twin").
    layers::TorchCode code(int op, const layers::TorchNames& names) const;
};

/// `model` is a wired PyTorch model; it must outlive the network. Throws Error("torch-write-network") for one whose wiring or input shape
/// is not known, and one that names every layer that PyTorch cannot compute by a module or by functions, or whose parameters bear names
/// that no module gives them.
TorchNetwork torchNetwork(const Model& model);

/// Why the network is no chain of plain modules, by layers, "conv: ..."; empty when it is one.
std::vector<std::string> notInChain(const TorchNetwork& network);

/// A module path's parts. Throws Error("torch-write-network") for a path without.
std::vector<std::string> partsOf(const std::string& path);

}
