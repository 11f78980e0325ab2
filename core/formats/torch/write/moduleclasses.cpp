// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/torch/write/moduleclasses.h"

#include "core/base/error.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::formats {

namespace {

using Use = ModuleField::Use;
using Fields = std::vector<ModuleField>;

const PythonValue none, yes = true, no = false;

PythonValue words(std::string_view text)
{
    return std::string(text);
}

PythonValue whole(std::int64_t value)
{
    return value;
}

ModuleField sizes(std::string_view name, std::optional<PythonValue> fallback = {}, std::string_view alike = {})
{
    return {.name = name, .fallback = std::move(fallback), .alike = alike, .isSizes = true};
}

ModuleField counted(std::string_view name, std::string_view parameter, std::size_t dimension, std::string_view times = {})
{
    return {.name = name, .parameter = parameter, .dimension = dimension, .times = times};
}

ModuleField setting(std::string_view name, PythonValue fallback)
{
    return {.name = name, .fallback = std::move(fallback)};
}

ModuleField argument(std::string_view name, PythonValue fallback)
{
    return {.name = name, .fallback = std::move(fallback), .use = Use::Argument};
}

ModuleField kept(std::string_view name, PythonValue fallback)
{
    return {.name = name, .fallback = std::move(fallback), .use = Use::Kept};
}

const ModuleField inplace = setting("inplace", no);

ModuleClass activation(std::string_view name, Fields fields, std::size_t positional = 1)
{
    return {name, "torch.nn.modules.activation", positional, std::move(fields)};
}

ModuleClass convolution(std::string_view name, bool transposed)
{
    ModuleField added = sizes("output_padding", whole(0));
    added.use = transposed ? Use::Both : Use::Kept;
    return {name,
            "torch.nn.modules.conv",
            3,
            {counted("in_channels", "weight", transposed ? 0 : 1, transposed ? "" : "groups"),
             {.name = "out_channels"},
             sizes("kernel_size"),
             sizes("stride", whole(1)),
             sizes("padding", whole(0)),
             sizes("dilation", whole(1)),
             kept("transposed", transposed),
             added,
             setting("groups", whole(1)),
             argument("bias", yes),
             setting("padding_mode", words("zeros")),
             kept("_reversed_padding_repeated_twice", none)},
            {"weight", "bias"}};
}

ModuleClass maxPooling(std::string_view name)
{
    return {name,
            "torch.nn.modules.pooling",
            1,
            {sizes("kernel_size"), sizes("stride", none, "kernel_size"), sizes("padding", whole(0)), sizes("dilation", whole(1)),
             setting("return_indices", no), setting("ceil_mode", no)}};
}

ModuleClass averagePooling(std::string_view name, bool divides)
{
    ModuleClass type{name,
                     "torch.nn.modules.pooling",
                     1,
                     {sizes("kernel_size"), sizes("stride", none, "kernel_size"), sizes("padding", whole(0)), setting("ceil_mode", no),
                      setting("count_include_pad", yes)}};
    if (divides)
        type.fields.push_back(setting("divisor_override", none));
    return type;
}

ModuleClass powerPooling(std::string_view name)
{
    return {name,
            "torch.nn.modules.pooling",
            2,
            {{.name = "norm_type"}, sizes("kernel_size"), sizes("stride", none), setting("ceil_mode", no)}};
}

ModuleClass adaptivePooling(std::string_view name, bool indices)
{
    ModuleClass type{name, "torch.nn.modules.pooling", 1, {sizes("output_size")}};
    if (indices)
        type.fields.push_back(setting("return_indices", no));
    return type;
}

ModuleClass padding(std::string_view name, Fields fields = {})
{
    fields.insert(fields.begin(), sizes("padding"));
    return {name, "torch.nn.modules.padding", 2, std::move(fields)};
}

ModuleClass batchNorm(std::string_view name)
{
    return {name,
            "torch.nn.modules.batchnorm",
            1,
            {counted("num_features", "running_mean", 0), setting("eps", 1e-5), setting("momentum", 0.1), setting("affine", yes),
             setting("track_running_stats", yes)},
            {"weight", "bias"},
            {"running_mean", "running_var", "num_batches_tracked"}};
}

ModuleClass normalisation(std::string_view name, std::size_t positional, Fields fields, std::vector<std::string_view> parameters)
{
    return {name, "torch.nn.modules.normalization", positional, std::move(fields), std::move(parameters)};
}

ModuleClass recurrent(std::string_view name, Fields fields = {})
{
    Fields all{counted("input_size", "weight_ih_l0", 1), {.name = "hidden_size"}};
    all.insert(all.end(), fields.begin(), fields.end());
    all.insert(all.end(), {setting("bias", yes), setting("batch_first", no)});
    return {.name = name, .package = "torch.nn.modules.rnn", .positional = 2, .fields = all, .isPlain = false};
}

const std::vector<ModuleClass>& table()
{
    static const std::vector<ModuleClass> classes{
        convolution("Conv1d", false),
        convolution("Conv2d", false),
        convolution("Conv3d", false),
        convolution("ConvTranspose1d", true),
        convolution("ConvTranspose2d", true),
        convolution("ConvTranspose3d", true),
        maxPooling("MaxPool1d"),
        maxPooling("MaxPool2d"),
        maxPooling("MaxPool3d"),
        averagePooling("AvgPool1d", false),
        averagePooling("AvgPool2d", true),
        averagePooling("AvgPool3d", true),
        powerPooling("LPPool1d"),
        powerPooling("LPPool2d"),
        adaptivePooling("AdaptiveAvgPool1d", false),
        adaptivePooling("AdaptiveAvgPool2d", false),
        adaptivePooling("AdaptiveAvgPool3d", false),
        adaptivePooling("AdaptiveMaxPool1d", true),
        adaptivePooling("AdaptiveMaxPool2d", true),
        adaptivePooling("AdaptiveMaxPool3d", true),
        // padding
        padding("ZeroPad2d", {kept("value", 0.0)}),
        padding("ConstantPad1d", {{.name = "value"}}),
        padding("ConstantPad2d", {{.name = "value"}}),
        padding("ConstantPad3d", {{.name = "value"}}),
        padding("ReflectionPad1d"),
        padding("ReflectionPad2d"),
        padding("ReflectionPad3d"),
        padding("ReplicationPad1d"),
        padding("ReplicationPad2d"),
        padding("ReplicationPad3d"),
        padding("CircularPad1d"),
        padding("CircularPad2d"),
        padding("CircularPad3d"),
        // features
        {"Linear",
         "torch.nn.modules.linear",
         2,
         {counted("in_features", "weight", 1), {.name = "out_features"}, argument("bias", yes)},
         {"weight", "bias"}},
        {.name = "Bilinear",
         .package = "torch.nn.modules.linear",
         .positional = 3,
         .fields =
             {counted("in1_features", "weight", 1), counted("in2_features", "weight", 2), {.name = "out_features"}, argument("bias", yes)},
         .parameters = {"weight", "bias"},
         .isPlain = false},
        {"Embedding",
         "torch.nn.modules.sparse",
         2,
         {{.name = "num_embeddings"},
          {.name = "embedding_dim"},
          setting("padding_idx", none),
          setting("max_norm", none),
          setting("norm_type", 2.0),
          setting("scale_grad_by_freq", no),
          setting("sparse", no)},
         {"weight"}},
        {"Flatten", "torch.nn.modules.flatten", 0, {setting("start_dim", whole(1)), setting("end_dim", whole(-1))}},
        {"Unflatten", "torch.nn.modules.flatten", 2, {{.name = "dim"}, {.name = "unflattened_size"}}},
        {"Identity", "torch.nn.modules.linear"},
        {"Dropout", "torch.nn.modules.dropout", 1, {setting("p", 0.5), inplace}},
        {"PixelShuffle", "torch.nn.modules.pixelshuffle", 1, {{.name = "upscale_factor"}}},
        {"PixelUnshuffle", "torch.nn.modules.pixelshuffle", 1, {{.name = "downscale_factor"}}},
        {"ChannelShuffle", "torch.nn.modules.channelshuffle", 1, {{.name = "groups"}}},
        {"Upsample",
         "torch.nn.modules.upsampling",
         0,
         {kept("name", words("Upsample")), sizes("size", none), sizes("scale_factor", none), setting("mode", words("nearest")),
          setting("align_corners", none), setting("recompute_scale_factor", none)}},
        // normalisations
        batchNorm("BatchNorm1d"),
        batchNorm("BatchNorm2d"),
        batchNorm("BatchNorm3d"),
        normalisation("LayerNorm", 1,
                      {counted("normalized_shape", "weight", ModuleField::every), setting("eps", 1e-5), setting("elementwise_affine", yes),
                       argument("bias", yes)},
                      {"weight", "bias"}),
        normalisation(
            "GroupNorm", 2,
            {counted("num_groups", "weight", 0), counted("num_channels", "weight", 0), setting("eps", 1e-5), setting("affine", yes)},
            {"weight", "bias"}),
        normalisation("RMSNorm", 1,
                      {counted("normalized_shape", "weight", ModuleField::every), setting("eps", none), setting("elementwise_affine", yes)},
                      {"weight"}),
        // activations
        activation("ReLU", {inplace}),
        activation("SiLU", {inplace}),
        activation("Mish", {inplace}),
        activation("SELU", {inplace}),
        activation("Hardswish", {inplace}),
        activation("Hardsigmoid", {inplace}),
        activation("Sigmoid", {}),
        activation("Tanh", {}),
        activation("Softsign", {}),
        activation("LogSigmoid", {}),
        activation("Tanhshrink", {}),
        activation("ReLU6", {kept("min_val", 0.0), kept("max_val", 6.0), inplace}),
        activation("Hardtanh", {setting("min_val", -1.0), setting("max_val", 1.0), inplace}, 2),
        activation("LeakyReLU", {setting("negative_slope", 0.01), inplace}),
        activation("ELU", {setting("alpha", 1.0), inplace}),
        activation("CELU", {setting("alpha", 1.0), inplace}),
        activation("GELU", {setting("approximate", words("none"))}, 0),
        activation("Softplus", {setting("beta", 1.0), setting("threshold", 20.0)}, 0),
        activation("Softmax", {setting("dim", none)}, 0),
        activation("LogSoftmax", {setting("dim", none)}, 0),
        activation("Softmin", {setting("dim", none)}, 0),
        activation("Threshold", {{.name = "threshold"}, {.name = "value"}, inplace}, 2),
        activation("Hardshrink", {setting("lambd", 0.5)}),
        activation("Softshrink", {setting("lambd", 0.5)}),
        activation("GLU", {setting("dim", whole(-1))}, 0),
        {"PReLU", "torch.nn.modules.activation", 1, {setting("num_parameters", whole(1)), setting("init", 0.25)}, {"weight"}},
        // sequences
        recurrent("LSTM"),
        recurrent("GRU"),
        recurrent("RNN", {setting("nonlinearity", words("tanh"))}),
        {.name = "MultiheadAttention",
         .package = "torch.nn.modules.activation",
         .positional = 2,
         .fields = {{.name = "embed_dim"}, {.name = "num_heads"}, setting("bias", yes), setting("batch_first", no)},
         .isPlain = false}};
    return classes;
}

}

const ModuleClass* moduleClass(std::string_view name)
{
    const auto& classes = table();
    const auto found = std::find_if(classes.begin(), classes.end(), [&](const ModuleClass& type) { return type.name == name; });
    return found == classes.end() ? nullptr : &*found;
}

}
