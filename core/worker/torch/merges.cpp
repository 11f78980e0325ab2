// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/worker/torch/forwards.h"

#include "core/base/held.h"

#include <numeric>

namespace core::worker::torch {

namespace {

at::Tensor linear(const Operation& op, const at::Tensor& x)
{
    return at::linear(x, parameter(op, "kernel"), given(optionalParameter(op, "bias")));
}

at::Tensor plus(const at::Tensor& a, const at::Tensor& b)
{
    return a + b;
}

/// From left to right.
template <at::Tensor (*Binary)(const at::Tensor&, const at::Tensor&)>
Values folded(const Operation&, const Values& values)
{
    return {std::accumulate(values.begin() + 1, values.end(), values[0], Binary)};
}

Values average(const Operation& op, const Values& values)
{
    return {folded<plus>(op, values)[0] / static_cast<double>(values.size())};
}

Values subtract(const Operation&, const Values& values)
{
    return {heldAt(values, 0) - heldAt(values, 1)};
}

Values divide(const Operation&, const Values& values)
{
    return {heldAt(values, 0) / heldAt(values, 1)};
}

Values concatenate(const Operation& op, const Values& values)
{
    return {at::cat(values, op.attributes.integer("axis", -1))};
}

constexpr Forward table[] = {
    {"linear", one<linear>}, {"concatenate", concatenate},     {"add", folded<plus>},
    {"average", average},    {"subtract", subtract},           {"multiply", folded<at::mul>},
    {"divide", divide},      {"maximum", folded<at::maximum>}, {"minimum", folded<at::minimum>},
};

}

std::span<const Forward> mergeForwards()
{
    return table;
}

}
