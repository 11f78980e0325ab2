// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/keras/extents.h"

namespace core::engines {

kernels::Extent extent(const Ints& sizes, std::int64_t missing)
{
    Ints three(3 - sizes.size(), missing);
    three.insert(three.end(), sizes.begin(), sizes.end());
    return {three[0], three[1], three[2]};
}

std::pair<kernels::Extent, kernels::Extent> sides(const Ints& pads)
{
    Ints before, after;
    for (std::size_t d = 0; d < pads.size(); d += 2) {
        before.push_back(pads[d]);
        after.push_back(pads[d + 1]);
    }
    return {extent(before, 0), extent(after, 0)};
}

kernels::Beyond beyondOf(const std::string& mode)
{
    return mode == "reflect"     ? kernels::Beyond::Reflect
           : mode == "replicate" ? kernels::Beyond::Replicate
           : mode == "circular"  ? kernels::Beyond::Circular
                                 : kernels::Beyond::Value;
}

}
