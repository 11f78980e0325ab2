// SPDX-License-Identifier: GPL-3.0-or-later
// Signatures as in ATen/native/native_functions.yaml, attribute names as in torch/nn/modules.
#include "core/formats/aten/atenoperator.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::formats {

namespace {

using Names = std::vector<std::pair<std::string_view, std::string_view>>;

const Names convolution{{"input", "input"},     {"weight", "weight"},     {"bias", "bias"},    {"stride", "stride"},
                        {"padding", "padding"}, {"dilation", "dilation"}, {"groups", "groups"}};
const Names anyConvolution{{"input", "input"},
                           {"weight", "weight"},
                           {"bias", "bias"},
                           {"stride", "stride"},
                           {"padding", "padding"},
                           {"dilation", "dilation"},
                           {"transposed", "transposed"},
                           {"output_padding", "output_padding"},
                           {"groups", "groups"}};
const layers::AtenForm table[] = {
    {"_convolution_mode", "Conv#d", convolution},
    {"_convolution", "Conv#d", anyConvolution},
    {"convolution", "Conv#d", anyConvolution},
    {"embedding", "Embedding", {{"weight", "weight"}, {"indices", "input"}, {"padding_idx", "padding_idx"}}},
};

}

const layers::AtenForm* atenOperator(std::string_view name)
{
    if (const layers::AtenForm* known = layers::atenForm(name))
        return known;
    const auto found = std::find_if(std::begin(table), std::end(table), [&](const layers::AtenForm& known) { return known.name == name; });
    return found == std::end(table) ? nullptr : found;
}

std::optional<int> atenRank(std::string_view className)
{
    if (className.find("Conv") == className.npos && className.find("Pool") == className.npos)
        return {};
    for (const int spatial : {1, 2, 3})
        if (className.ends_with(fmt::format("{}d", spatial)))
            return spatial + 2;
    return {};
}

}
