// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/keras/config/legacy.h"

#include "core/base/error.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace core::formats {

namespace {

struct Pair
{
    std::string_view old, today;
};

constexpr std::array<Pair, 8> classes{{{"Convolution1D", "Conv1D"},
                                       {"Convolution2D", "Conv2D"},
                                       {"Convolution3D", "Conv3D"},
                                       {"AtrousConvolution1D", "Conv1D"},
                                       {"AtrousConvolution2D", "Conv2D"},
                                       {"Deconvolution2D", "Conv2DTranspose"},
                                       {"SeparableConvolution2D", "SeparableConv2D"},
                                       {"TimeDistributedDense", "Dense"}}};

constexpr std::array<Pair, 9> keys{{{"nb_filter", "filters"},
                                    {"subsample", "strides"},
                                    {"subsample_length", "strides"},
                                    {"border_mode", "padding"},
                                    {"atrous_rate", "dilation_rate"},
                                    {"bias", "use_bias"},
                                    {"p", "rate"},
                                    {"inner_activation", "recurrent_activation"},
                                    {"filter_length", "kernel_size"}}};

constexpr std::array<std::string_view, 6> onlyKeras1{"nb_filter",        "border_mode",   "dim_ordering",
                                                     "inner_activation", "W_regularizer", "W_constraint"};

bool isImageLayer(std::string_view className)
{
    return className.find("2D") != std::string_view::npos || className.find("3D") != std::string_view::npos;
}

std::string today(std::string_view className)
{
    const auto found = std::find_if(classes.begin(), classes.end(), [&](const Pair& pair) { return pair.old == className; });
    return std::string(found == classes.end() ? className : found->today);
}

Json modernConfig(const Json& old, const std::string& className)
{
    Json config = old;
    for (const auto& [from, to] : keys)
        if (const auto value = old.find(std::string(from)); value != old.end())
            config[std::string(to)] = *value;
    if (old.contains("nb_row") && old.contains("nb_col"))
        config["kernel_size"] = {old["nb_row"], old["nb_col"]};
    if (old.contains("output_dim") && className != "Embedding")
        config["units"] = old["output_dim"];
    if (const auto order = textIn(old, "dim_ordering"); !order.empty())
        config["data_format"] = order == "tf" ? "channels_last" : order == "th" ? "channels_first" : order;
    return config;
}

std::string problemOf(const KerasLayer& layer, const std::string& className, std::string_view backend)
{
    if (backend == "theano" && className.starts_with("Conv"))
        return std::string(theanoReason);
    if (className.find("Conv") != std::string::npos && textIn(layer.config, "dim_ordering") == "th")
        return "Keras 1 kept its kernel otherwise where channels come first (channels_first), which Tieout does not turn";
    if (isImageLayer(className) && className != "ZeroPadding2D" && textIn(layer.config, "dim_ordering").empty())
        return "its configuration does not tell where its channels are (dim_ordering)";
    if (const auto mode = layer.config.find("mode");
        className == "BatchNormalization" && mode != layer.config.end() && mode->is_number() && *mode != 0)
        return fmt::format("its mode {} of Keras 1 has no counterpart today", dumpJson(*mode, -1));
    return {};
}

}

bool isLegacy(const KerasLayer& layer, std::string_view version)
{
    if (version.starts_with("0.") || version.starts_with("1."))
        return true;
    return version.empty() &&
           std::any_of(onlyKeras1.begin(), onlyKeras1.end(), [&](std::string_view key) { return layer.config.contains(std::string(key)); });
}

ModernLayer modernLayer(const KerasLayer& layer, std::string_view version, std::string_view backend)
{
    if (!isLegacy(layer, version)) {
        const bool turned = backend == "theano" && layer.className.starts_with("Conv");
        return {{layer.className, layer.config}, std::string(turned ? theanoReason : std::string_view())};
    }
    const auto className = today(layer.className);
    return {{className, modernConfig(layer.config, className)}, problemOf(layer, className, backend)};
}

}
