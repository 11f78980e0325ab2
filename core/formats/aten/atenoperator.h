// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace core::formats {

/// An argument of an aten operator: its name in aten's schema, and the name that the torch.nn class gives it. "input" is the tensor that
/// flows.
struct AtenArgumentName
{
    std::string_view schema, own;
};

/// An operator that computes what a class of torch.nn computes.
struct AtenOperator
{
    std::string_view name;      ///< without overload and without the underscore of in-place ones
    std::string_view className; ///< "Conv2d"; a '#' stands for the number of spatial dimensions, which the weight tells
    std::vector<AtenArgumentName> arguments;
};

/// Null for an operator that is no class of its own.
const AtenOperator* atenOperator(std::string_view name);

/// The rank of the tensors that an operator takes and gives (batch included); nothing when it takes several.
std::optional<int> atenRank(std::string_view className);

}
