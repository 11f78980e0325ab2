// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/keras/weights/variables.h"

#include "core/formats/keras/config/config.h"
#include "core/formats/keras/weights/store.h"
#include "core/layers/kind.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

namespace core::formats {

namespace {

using Names = std::vector<std::string_view>;

struct Variables
{
    std::string_view className;
    std::array<std::string_view, 4> names;
};

constexpr std::array<Variables, 28> table{{
    {"Dense", {"kernel", "bias"}},
    {"EinsumDense", {"kernel", "bias"}},
    {"Conv1D", {"kernel", "bias"}},
    {"Conv2D", {"kernel", "bias"}},
    {"Conv3D", {"kernel", "bias"}},
    {"Conv1DTranspose", {"kernel", "bias"}},
    {"Conv2DTranspose", {"kernel", "bias"}},
    {"Conv3DTranspose", {"kernel", "bias"}},
    {"DepthwiseConv1D", {"kernel", "bias"}},
    {"DepthwiseConv2D", {"kernel", "bias"}},
    {"SeparableConv1D", {"depthwise_kernel", "pointwise_kernel", "bias"}},
    {"SeparableConv2D", {"depthwise_kernel", "pointwise_kernel", "bias"}},
    {"BatchNormalization", {"gamma", "beta", "moving_mean", "moving_variance"}},
    {"LayerNormalization", {"gamma", "beta"}},
    {"GroupNormalization", {"gamma", "beta"}},
    {"RMSNormalization", {"scale"}},
    {"Normalization", {"mean", "variance", "count"}},
    {"Embedding", {"embeddings"}},
    {"PReLU", {"alpha"}},
    {"LSTM", {"kernel", "recurrent_kernel", "bias"}},
    {"GRU", {"kernel", "recurrent_kernel", "bias"}},
    {"SimpleRNN", {"kernel", "recurrent_kernel", "bias"}},
    {"ConvLSTM1D", {"kernel", "recurrent_kernel", "bias"}},
    {"ConvLSTM2D", {"kernel", "recurrent_kernel", "bias"}},
    {"ConvLSTM3D", {"kernel", "recurrent_kernel", "bias"}},
    {"Attention", {"scale"}},
    {"AdditiveAttention", {"scale"}},
    {"MultiHeadAttention", {}},
}};

/// Classes that no kind of core/layers names yet.
constexpr std::array<std::string_view, 24> withoutVariables{"Activation",
                                                            "LeakyReLU",
                                                            "ELU",
                                                            "Reshape",
                                                            "Permute",
                                                            "GlobalMaxPooling2D",
                                                            "MaxPooling1D",
                                                            "AveragePooling1D",
                                                            "MaxPooling3D",
                                                            "AveragePooling3D",
                                                            "GlobalAveragePooling1D",
                                                            "GlobalMaxPooling1D",
                                                            "UpSampling2D",
                                                            "Cropping2D",
                                                            "ZeroPadding1D",
                                                            "SpatialDropout2D",
                                                            "SpatialDropout1D",
                                                            "GaussianNoise",
                                                            "Rescaling",
                                                            "Add",
                                                            "Multiply",
                                                            "Concatenate",
                                                            "Average",
                                                            "Masking"};

const Variables* find(std::string_view className)
{
    const auto found = std::find_if(table.begin(), table.end(), [&](const Variables& v) { return v.className == className; });
    return found == table.end() ? nullptr : &*found;
}

bool isOff(const Json& config, const char* key)
{
    const Json* value = memberOf(config, key);
    return value && value->is_boolean() && !value->get<bool>();
}

bool isQuantised(const Json& config)
{
    const Json* dtype = memberOf(config, "dtype");
    const Json* policy = dtype ? memberOf(*dtype, "config") : nullptr;
    return policy && memberOf(*policy, "mode");
}

/// The variables that a layer of this configuration has, in order.
Names namesOf(const Variables& variables, const Json& config)
{
    Names names;
    for (const auto name : variables.names) {
        const bool absent = name.empty() || (name == "bias" && isOff(config, "use_bias")) || (name == "gamma" && isOff(config, "scale")) ||
                            (name == "beta" && isOff(config, "center"));
        if (!absent)
            names.push_back(name);
    }
    if (variables.className == "EinsumDense" && config.contains("bias_axes") && config.find("bias_axes")->is_null())
        std::erase(names, "bias");
    if (isQuantised(config))
        for (const auto name : {"kernel_scale", "kernel_zero", "group_index"})
            names.emplace_back(name);
    return names;
}

/// Of gamma and beta a normalisation may have both, one or none; which one is not told by a number of variables.
void leaveOut(Names& names, std::size_t count)
{
    const auto gamma = std::find(names.begin(), names.end(), "gamma");
    if (gamma == names.end() || count >= names.size())
        return;
    if (names.size() - count == 1)
        *gamma = "gamma or beta";
    else
        names.erase(gamma);
    std::erase(names, "beta");
}

// "query_dense" and, in Keras 2, "_query_dense" hold what the .h5 of both calls "query".
std::string attentionPart(std::string_view folder)
{
    if (folder.starts_with('_'))
        folder.remove_prefix(1);
    if (!folder.ends_with("_dense"))
        return {};
    folder.remove_suffix(6);
    return folder == "output" ? "attention_output" : std::string(folder);
}

}

std::string variableRole(std::string_view className, const Json& config, std::string_view inner, std::string_view version,
                         std::size_t count)
{
    constexpr std::string_view vars = "vars/";
    const auto at = inner.rfind(vars);
    if (at == std::string_view::npos || (at > 0 && inner[at - 1] != '/'))
        return std::string(inner);
    const auto number = inner.substr(at + vars.size());
    const auto folder = at == 0 ? std::string_view() : inner.substr(0, at - 1);
    const std::string plain = (folder.empty() ? "" : std::string(folder) + "/") + std::string(number);
    if (folder.ends_with("seed_generator"))
        return "seed";
    const auto part = className == "MultiHeadAttention" ? attentionPart(folder) : std::string();
    const auto* variables = find(part.empty() ? className : "EinsumDense");
    std::size_t index = 0;
    const auto [end, problem] = std::from_chars(number.data(), number.data() + number.size(), index);
    if (!variables || problem != std::errc() || end != number.data() + number.size() ||
        (part.empty() && !folder.empty() && folder != "cell"))
        return plain;
    Names names = namesOf(*variables, part.empty() ? config : Json::object());
    if (count > 0 && part.empty())
        leaveOut(names, count);
    if (index >= names.size())
        return plain;
    if (className.starts_with("DepthwiseConv") && index == 0 && version.starts_with("2."))
        return "depthwise_kernel"; // Keras 3 calls it kernel
    return (part.empty() ? "" : part + "/") + std::string(names[index]);
}

std::string classOfPath(std::string_view name)
{
    const auto last = name.rfind('_');
    const bool isNumbered = last != std::string_view::npos && last + 1 < name.size() &&
                            name.find_first_not_of("0123456789", last + 1) == std::string_view::npos;
    const auto base = isNumbered ? name.substr(0, last) : name;
    for (const auto& variables : table)
        if (snakeCase(variables.className) == base)
            return std::string(variables.className);
    for (const auto className : withoutVariables)
        if (snakeCase(className) == base)
            return std::string(className);
    for (const auto* kind : layers::kinds())
        for (const auto className : kind->kerasClasses)
            if (snakeCase(className) == base)
                return std::string(className);
    return base == "input" ? "InputLayer" : ""; // Keras 2's default name
}

}
