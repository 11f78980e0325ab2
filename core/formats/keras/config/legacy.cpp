// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/keras/config/legacy.h"

#include "core/base/error.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace core::formats {

bool hasModernKernel(std::string_view className)
{
    constexpr std::array<std::string_view, 4> known{"Conv1D", "Conv2D", "Conv3D", "Conv2DTranspose"};
    return std::find(known.begin(), known.end(), className) != known.end();
}

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

bool isEach(const Json& config, const char* key, bool (*holds)(std::int64_t))
{
    const auto found = config.find(key);
    if (found == config.end() || found->is_null())
        return true;
    const auto is = [holds](const Json& value) { return value.is_number_integer() && holds(value.get<std::int64_t>()); };
    return found->is_array() ? std::all_of(found->begin(), found->end(), is) : is(*found);
}

/// Theano turns kernels, and pads 'same' by half a kernel on both sides, which is TensorFlow's padding for odd kernels without strides.
std::string problemOfTheano(const std::string& className, const Json& config, std::string_view backend)
{
    if (backend != "theano")
        return {};
    const bool isConvolution = className.find("Conv") != std::string::npos;
    if (isConvolution && !hasModernKernel(className))
        return "Keras on Theano turned its kernels by 180 degrees, which Tieout does not undo for this class";
    const bool isAlike = isConvolution && isEach(config, "kernel_size", [](std::int64_t size) { return size % 2 == 1; }) &&
                         isEach(config, "strides", [](std::int64_t stride) { return stride == 1; });
    return textIn(config, "padding") == "same" && !isAlike ? "Theano padded 'same' otherwise than today's Keras does here" : "";
}

std::string problemOf(const KerasLayer& layer, const std::string& className)
{
    if (className == "LSTM" || className == "GRU")
        return "Keras 1 kept the weights of each gate apart, which Tieout does not join";
    if (className == "Conv2DTranspose")
        return "its configuration of Keras 1 gives the shape of its output, which today's classes do not take";
    if (className.find("Conv") != std::string::npos && textIn(layer.config, "dim_ordering") == "th" && !hasModernKernel(className))
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
    if (!isLegacy(layer, version))
        return {{layer.className, layer.config}, problemOfTheano(layer.className, layer.config, backend)};
    const auto className = today(layer.className);
    ModernLayer modern{{className, modernConfig(layer.config, className)}, problemOf(layer, className)};
    if (modern.problem.empty())
        modern.problem = problemOfTheano(className, modern.spec.config, backend);
    return modern;
}

}
