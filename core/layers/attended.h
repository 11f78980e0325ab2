// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/layers/call.h"

namespace core::layers {

/// What an op of kind attention or additiveattention takes, by its part.
struct Attended
{
    Value query, key, value;
};

/// Throws Error("call-input") where they are not two or three, and no mask.
Attended attended(const Call& call);
/// What the products of an op of kind attention are multiplied with, for so many features of a query.
float attentionFactor(const Op& op, std::int64_t features);

}
