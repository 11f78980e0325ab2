// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mapping/labelled.h"

#include <cstdint>
#include <vector>

namespace core::mapping {

/// Who takes whose value, in both directions. What changes no feature map (Dropout, Flatten, zero padding, a softmax at the end) is seen
/// through: it may stand on one side only.
class Graph
{
public:
    explicit Graph(const Labelled& side);

    /// One use of a value: by which op, and as which of its inputs.
    struct Use
    {
        int op;
        std::uint64_t slot;
    };

    int size() const { return static_cast<int>(m_uses.size()); }
    const std::vector<Input>& inputs(int op) const { return m_side->model.ops[index(op)].inputs; }
    /// What tells an input of an op from its others: its place (0 where their order does not count), and the name and the output if any.
    std::uint64_t slot(int op, std::size_t place) const;
    const std::vector<Use>& uses(int op) const { return m_uses[index(op)]; }
    bool passes(int op) const { return m_passes[index(op)]; }
    bool isOutput(int op) const { return m_isOutput[index(op)]; }
    bool isCommutative(int op) const { return m_isCommutative[index(op)]; }
    /// The op whose value `op` hands on: itself unless it is seen through.
    int source(int op) const { return m_source[index(op)]; }

private:
    static std::size_t index(int op) { return static_cast<std::size_t>(op); }

    const Labelled* m_side;
    std::vector<std::vector<Use>> m_uses;
    std::vector<bool> m_passes, m_isOutput, m_isCommutative;
    std::vector<int> m_source;
};

/// Hashes of what an op is and of all that its value is computed from (`before`) and goes into (`after`), up to the anchors; `whole` takes
/// in both and the siblings on the way. They do not depend on the order in which ops, branches or operands of a sum are listed.
struct Structure
{
    std::vector<std::uint64_t> before, after, whole;
};

/// After Weisfeiler and Lehman's refinement (1968), along the edges to their ends: two sweeps a round. `colours` tell what an op is by
/// itself; `anchors` (-1: none) are ids of pairs that stand.
Structure structure(const Graph& graph, const std::vector<std::uint64_t>& colours, const std::vector<int>& anchors);

/// The hash of an anchor, as neighbours see it.
std::uint64_t anchorHash(int anchor);
/// The hash of a use whose user has `hash`.
std::uint64_t useHash(std::uint64_t hash, std::uint64_t slot);
/// What being an output of the model adds to what comes after an op.
std::uint64_t outputHash();

}
