// SPDX-License-Identifier: GPL-3.0-or-later
// What a depthwise convolution makes of each channel, numbered by what is made first instead of by the channel.
#include "core/compare/causes/hypotheses.h"

namespace core::compare {

namespace {

/// (a, b) pairs seen as (b, a) ones.
std::vector<std::int64_t> crossed(std::int64_t a, std::int64_t b)
{
    std::vector<std::int64_t> order;
    for (std::int64_t i = 0; i < a; ++i)
        for (std::int64_t j = 0; j < b; ++j)
            order.push_back(j * a + i);
    return order;
}

}

std::vector<Variant> multiplierVariants(const Weights& weights, const Subject& subject)
{
    std::vector<Variant> result;
    for (std::size_t k = 0; k < weights.right.size(); ++k) {
        const Parameter& parameter = *weights.right[k];
        const Tensor& own = weights.own[k];
        const int channel = axisNamed(parameter.axes, "i"), made = axisNamed(parameter.axes, "m"),
                  produced = axisNamed(parameter.axes, "o");
        const char* what = "outputs of the depthwise kernel numbered by the multiplier first";
        if (channel >= 0 && made == channel + 1) {
            const auto at = static_cast<std::size_t>(channel);
            const std::int64_t channels = own.shape()[at], multiplier = own.shape()[at + 1];
            Shape joined = own.shape();
            joined[at] *= multiplier;
            joined.erase(joined.begin() + channel + 1);
            const Tensor flat = own.reshaped(joined);
            for (const auto& order : {crossed(channels, multiplier), crossed(multiplier, channels)})
                if (channels > 1 && multiplier > 1)
                    result.push_back({"depthwise-multiplier", what, {{parameter.name, inOrder(flat, at, order).reshaped(own.shape())}}});
        } else if (produced >= 0) {
            for (const int op : subject.rightOps) {
                const Op& made1 = subject.rightOp(op);
                const auto size = own.shape()[static_cast<std::size_t>(produced)];
                const std::int64_t groups = made1.attributes.has("groups") ? made1.attributes.integer("groups", 1) : 1;
                if (groups < 2 || size % groups != 0 || size == groups)
                    continue;
                for (const auto& order : {crossed(groups, size / groups), crossed(size / groups, groups)})
                    result.push_back(
                        {"depthwise-multiplier", what, {{parameter.name, inOrder(own, static_cast<std::size_t>(produced), order)}}});
            }
        }
    }
    return result;
}

}
