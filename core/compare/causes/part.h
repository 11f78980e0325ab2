// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/compare/alone.h"

namespace core::compare {

/// A group of ops as a small model of its own: the values from outside are its inputs, its parameters are in memory.
struct Part
{
    Model model;
    std::map<Port, std::string> inputs; ///< names of the input ops, by the ports of the whole model
    Port output;
};
/// Throws Error where a parameter cannot be read.
Part partOf(const Model& model, const Group& group);

/// What a part gives with a repair done. Throws Error where it cannot run, Cancelled.
std::optional<Tensor> runPart(const Part& part, const Repair& repair, const engines::Feeds& feeds, const Progress& progress);

}
