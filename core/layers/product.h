// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/layers/call.h"

namespace core::layers {

/// What a product of two values sums over: the first `batch` dimensions are walked together, dimension `a` of the first value and `b` of
/// the second are summed.
struct Product
{
    std::size_t batch, a, b;
};

/// Of an op of kind dot. Throws Error("shape-product") where the values have not the sizes.
Product productOf(const Op& op, const Value& a, const Value& b);

}
