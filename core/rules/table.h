// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/model.h"

#include <span>
#include <string_view>

namespace core::rules {

constexpr std::string_view flattenPrefix = "flatten-", arrow = "->";

/// What a rule is applied to: tensors of one side become those of the other. A rule may take and give any number.
struct Application
{
    std::string_view id;
    const std::vector<Tensor>& tensors;
    const std::vector<const Parameter*>&from, &to;
};

/// A family of rules; the id of a member says everything that its labels would.
struct Rule
{
    bool (*covers)(std::string_view id);
    std::string (*title)(std::string_view id);
    std::vector<Tensor> (*apply)(const Application&);
    std::string (*inverse)(std::string_view id);  ///< undoes it to the bit; empty: none
    std::string (*opposite)(std::string_view id); ///< brings the other side's tensors back, if not to the bit; empty: none
};

/// The first that covers an id is its rule; the last covers all.
std::span<const Rule> rules();

}
