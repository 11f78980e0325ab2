// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/model.h"

#include <optional>
#include <span>

namespace core::layers {

/// Shape and labels of a value, batch first (N = 1 while inferring).
struct Value
{
    Shape shape;
    Axes axes;
};
/// By port; empty where a value is not known.
using Values = ByPort<std::optional<Value>>;

/// An op with what is known of the values that it takes: what computes or judges an op takes this.
class Call
{
public:
    /// `values` stand beside the op's inputs; null where one is not known. They and the op must outlive the call.
    Call(const Op& called, std::vector<const Value*> values) : op(called), m_values(std::move(values)) {}
    Call(const Op& called, const Values& values);

    const Op& op;

    std::size_t count() const { return m_values.size(); }
    /// Whether every value is known, and there is one.
    bool isKnown() const;
    /// The value at that place, null when it is not known or there is none.
    const Value* at(std::size_t place) const { return place < m_values.size() ? m_values[place] : nullptr; }
    /// The value that the op takes under that name, the first of them; null when it is not known or the op takes none.
    const Value* find(std::string_view name = {}) const;
    /// The first plain input, which must be known. Throws Error("call-input") otherwise.
    const Value& input() const;
    /// All plain inputs, which must be known. Throws Error("call-input") otherwise.
    std::vector<Value> inputs() const;

private:
    std::vector<const Value*> m_values;
};

}
