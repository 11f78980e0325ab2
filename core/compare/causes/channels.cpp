// SPDX-License-Identifier: GPL-3.0-or-later
// What is consumed and what is produced: a square matrix not transposed, the channels of a picture the other way round.
#include "core/compare/causes/hypotheses.h"

#include <numeric>
#include <utility>

namespace core::compare {

namespace {

/// A picture's colours: red, green, blue, and perhaps how opaque it is.
constexpr std::int64_t colours = 3, coloursAndAlpha = 4;

}

std::vector<Variant> channelVariants(const Weights& weights, const Subject& subject)
{
    std::vector<Variant> result;
    for (std::size_t i = 0; i < weights.right.size(); ++i) {
        const Parameter& parameter = *weights.right[i];
        const Tensor& own = weights.own[i];
        const int consumed = axisNamed(parameter.axes, "i");
        if (consumed < 0 || parameter.axes.size() != own.shape().size())
            continue;
        const auto in = static_cast<std::size_t>(consumed);
        const int produced = axisNamed(parameter.axes, "o") >= 0 ? axisNamed(parameter.axes, "o") : axisNamed(parameter.axes, "g");
        if (produced >= 0 && own.shape()[static_cast<std::size_t>(produced)] == own.shape()[in]) {
            std::vector<int> permutation(own.shape().size());
            std::iota(permutation.begin(), permutation.end(), 0);
            std::swap(permutation[in], permutation[static_cast<std::size_t>(produced)]);
            const bool isMatrix = own.shape().size() == 2;
            result.push_back({isMatrix ? "dense-not-transposed" : "kernel-channels-swapped",
                              isMatrix ? "kernel not transposed" : "input and output channels of the kernel swapped",
                              {{parameter.name, own.transposed(permutation)}}});
        }
        const std::int64_t channels = own.shape()[in];
        if (subject.isFirst() && (channels == colours || channels == coloursAndAlpha) && axisNamed(parameter.axes, "w") >= 0) {
            std::vector<std::int64_t> order{2, 1, 0};
            if (channels == coloursAndAlpha)
                order.push_back(3);
            result.push_back({"input-channel-order",
                              "the channels of the input the other way round (RGB against BGR)",
                              {{parameter.name, inOrder(own, in, order)}}});
        }
    }
    return result;
}

}
