// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/convert/convert.h"
#include "core/files/atomicfile.h"

namespace core::convert {

/// Opens what was written again, compares every tensor bit for bit with `expected` (and back through the inverse), and runs source and
/// written model on the inputs: the written one by its own wiring and names, as its framework would.
Proof prove(const Plan& plan, const AtomicFile& file, const formats::NamedTensors& expected, const ProofWish& wish,
            const Progress& progress);

/// The written model as its framework runs it (a state dict bound by its names to the twin), and the source.
struct ProofPair
{
    std::shared_ptr<const Model> source, written;
    mapping::Mapping mapping;  ///< the plan's, between these two
    bool sharedWiring = false; ///< one side has no wiring: both run by the mapping that is to be proved
};
ProofPair proofPair(const Plan& plan, Model written);

/// Layers of the twin whose weights were paired by their place in the file alone: neither by a person nor by equal names, equal values, or
/// a shape that only one layer of each side has.
std::vector<std::string> pairedByOrder(const Plan& plan);

/// Runs both, and adds figures, faults and gaps.
void proveOutputs(Proof& proof, const Plan& plan, const ProofPair& pair, const ProofWish& wish, const Progress& progress);

bool isLostWorker(const Error& error);

/// A step that a lost worker broke off is done once more, with the worker that takes its place. Throws what the second attempt throws.
template <typename Step>
auto withSecondTry(Step step)
{
    try {
        return step();
    } catch (const Error& error) {
        if (!isLostWorker(error))
            throw;
    }
    return step();
}
}
