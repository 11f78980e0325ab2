// SPDX-License-Identifier: GPL-3.0-or-later
// Arguments as in the signatures of TensorFlow 2.15 (tf.math, tf.nn ...) and of keras/src/ops of Keras 3.15.
#include "core/layers/operators.h"

#include "core/layers/operatorarguments.h"
#include "core/layers/spec.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::layers {

namespace {

/// An argument as the operator calls it, and as the class does; without the latter it may only have its usual value.
struct Argument
{
    std::string_view name, setting;
    std::string_view usual = {}; ///< JSON, where the call does not tell
};

using List = std::vector<Argument>;

struct Row
{
    std::string_view name, className; ///< of torch.nn or a function as core/layers' kinds have them
    List arguments;                   ///< in the order in which they may be given without a name
    void (*adjust)(Arguments&) = nullptr;
    Numbers numbers = Numbers::Computed;
};

constexpr Numbers kept = Numbers::Kept, made = Numbers::Made;

const List x{{"x", "input"}}, xName{{"x", "input"}, {"name", ""}}, features{{"features", "input"}, {"name", ""}},
    pair{{"x", "input"}, {"y", "other"}, {"name", ""}}, modernPair{{"x1", "input"}, {"x2", "other"}},
    reduction{{"input_tensor", "input"}, {"axis", "dim"}, {"keepdims", "keepdim"}, {"name", ""}},
    modernReduction{{"x", "input"}, {"axis", "dim"}, {"keepdims", "keepdim"}, {"initial", ""}, {"dtype", ""}},
    softmaxes{{"logits", "input"}, {"axis", "dim", "-1"}, {"name", ""}}, modernSoftmax{{"x", "input"}, {"axis", "dim", "-1"}},
    transposes{{"a", "input"}, {"perm", "dims"}, {"conjugate", "", "false"}, {"name", ""}},
    squeezes{{"input", "input"}, {"axis", "dim"}, {"name", ""}, {"squeeze_dims", ""}},
    products{{"a", "input"},
             {"b", "other"},
             {"transpose_a", "transpose_a"},
             {"transpose_b", "transpose_b"},
             {"adjoint_a", "transpose_a"},
             {"adjoint_b", "transpose_b"},
             {"a_is_sparse", "", "false"},
             {"b_is_sparse", "", "false"},
             {"output_type", ""},
             {"name", ""}};

const List pads{{"tensor", "input"}, {"paddings", "padding"}, {"mode", "mode", "\"CONSTANT\""}, {"name", ""}, {"constant_values", "value"}},
    frames{{"images", "input"},        {"top_padding", "top"}, {"left_padding", "left"}, {"bottom_padding", "bottom"},
           {"right_padding", "right"}, {"target_height", ""},  {"target_width", ""},     {"data_format", "data_format"}},
    cuts{{"images", "input"},         {"top_cropping", "top"}, {"left_cropping", "left"}, {"bottom_cropping", "bottom"},
         {"right_cropping", "right"}, {"target_height", ""},   {"target_width", ""},      {"data_format", "data_format"}};

/// Of functions that Keras 2 keeps by their names in tf.
const std::vector<Row>& functions()
{
    static const std::vector<Row> rows{
        {"__operators__.add", "add", pair, withNumber},
        {"math.add", "add", pair, withNumber},
        {"math.add_n", "add", {{"inputs", "input"}, {"name", ""}}},
        {"math.subtract", "sub", pair, withNumber},
        {"math.multiply", "mul", pair, withNumber},
        {"math.truediv", "div", pair, withNumber},
        {"math.divide", "div", pair, withNumber},
        {"compat.v1.div", "div", pair, withNumber},
        {"math.maximum", "maximum", pair, withNumber},
        {"math.minimum", "minimum", pair, withNumber},
        {"math.pow", "pow", pair, withNumber},
        {"math.negative", "neg", xName},
        {"math.abs", "abs", xName},
        {"math.square", "square", xName},
        {"math.sqrt", "sqrt", xName},
        {"math.rsqrt", "rsqrt", xName},
        {"math.reciprocal", "reciprocal", xName},
        {"math.exp", "exp", xName},
        {"math.log", "log", xName},
        {"math.sin", "sin", xName},
        {"math.cos", "cos", xName},
        {"clip_by_value", "clamp", {{"t", "input"}, {"clip_value_min", "min_val"}, {"clip_value_max", "max_val"}, {"name", ""}}},
        {"nn.relu", "ReLU", features},
        {"nn.relu6", "ReLU6", features},
        {"nn.leaky_relu", "LeakyReLU", {{"features", "input"}, {"alpha", "negative_slope", "0.2"}, {"name", ""}}},
        {"nn.elu", "ELU", features},
        {"nn.selu", "SELU", features},
        {"nn.silu", "SiLU", {{"features", "input"}, {"beta", "", "1.0"}}},
        {"nn.gelu", "GELU", {{"features", "input"}, {"approximate", "approximate", "false"}, {"name", ""}}, approximated},
        {"math.softplus", "Softplus", features},
        {"nn.softsign", "Softsign", features},
        {"math.sigmoid", "Sigmoid", xName},
        {"math.tanh", "Tanh", xName},
        {"math.log_sigmoid", "LogSigmoid", xName},
        {"nn.softmax", "Softmax", softmaxes},
        {"nn.log_softmax", "LogSoftmax", softmaxes},
        {"reshape", "view", {{"tensor", "input"}, {"shape", "shape"}, {"name", ""}}, ofSamples, kept},
        {"keras.backend.batch_flatten", "Flatten", x, nullptr, kept},
        {"compat.v1.transpose", "permute", transposes, nullptr, kept},
        {"transpose", "permute", transposes, nullptr, kept},
        {"concat", "cat", {{"values", "input"}, {"axis", "dim"}, {"name", ""}}, nullptr, kept},
        {"stack", "stack", {{"values", "input"}, {"axis", "dim", "0"}, {"name", ""}}, nullptr, kept},
        {"split",
         "split",
         {{"value", "input"}, {"num_or_size_splits", "sizes"}, {"axis", "dim", "0"}, {"num", ""}, {"name", ""}},
         inPieces,
         kept},
        {"unstack", "unbind", {{"value", "input"}, {"num", ""}, {"axis", "dim", "0"}, {"name", ""}}, nullptr, kept},
        {"expand_dims", "unsqueeze", {{"input", "input"}, {"axis", "dim"}, {"name", ""}}, nullptr, kept},
        {"compat.v1.squeeze", "squeeze", squeezes, nullptr, kept},
        {"squeeze", "squeeze", squeezes, nullptr, kept},
        {"tile", "tile", {{"input", "input"}, {"multiples", "times"}, {"name", ""}}, nullptr, kept},
        {"__operators__.getitem", "slices", {{"tensor", "input"}, {"slice_spec", "slices"}, {"var", ""}}, inBrackets, kept},
        {"cast", "Identity", {{"x", "input"}, {"dtype", "dtype"}, {"name", ""}}, toFloats, made},
        {"identity", "Identity", {{"input", "input"}, {"name", ""}}, nullptr, kept},
        {"stop_gradient", "Identity", {{"input", "input"}, {"name", ""}}, nullptr, kept},
        {"math.reduce_mean", "mean", reduction},
        {"math.reduce_sum", "sum", reduction},
        {"math.reduce_max", "amax", reduction},
        {"math.reduce_min", "amin", reduction},
        {"linalg.matmul", "matmul", products, ofMatrices},
        {"compat.v1.pad", "ZeroPad2d", pads, aroundImages, kept},
        {"pad", "ZeroPad2d", pads, aroundImages, kept},
        {"image.resize",
         "Upsample",
         {{"images", "input"},
          {"size", "size"},
          {"method", "mode", "\"bilinear\""},
          {"preserve_aspect_ratio", "", "false"},
          {"antialias", "", "false"},
          {"name", ""}},
         stretched,
         made},
        {"nn.depth_to_space",
         "PixelShuffle",
         {{"input", "input"}, {"block_size", "upscale_factor"}, {"data_format", "data_format"}, {"name", ""}},
         inBlocks,
         kept},
        {"nn.space_to_depth",
         "PixelUnshuffle",
         {{"input", "input"}, {"block_size", "downscale_factor"}, {"data_format", "data_format"}, {"name", ""}},
         inBlocks,
         kept},
    };
    return rows;
}

/// Of the Operations of Keras 3, whose settings are arguments too.
const std::vector<Row>& operations()
{
    static const std::vector<Row> rows{
        {"Add", "add", modernPair, withNumber},
        {"Subtract", "sub", modernPair, withNumber},
        {"Multiply", "mul", modernPair, withNumber},
        {"TrueDivide", "div", modernPair, withNumber},
        {"Divide", "div", modernPair, withNumber},
        {"Maximum", "maximum", modernPair, withNumber},
        {"Minimum", "minimum", modernPair, withNumber},
        {"Power", "pow", modernPair, withNumber},
        {"Negative", "neg", x},
        {"Absolute", "abs", x},
        {"Abs", "abs", x},
        {"Square", "square", x},
        {"Sqrt", "sqrt", x},
        {"Rsqrt", "rsqrt", x},
        {"Reciprocal", "reciprocal", x},
        {"Exp", "exp", x},
        {"Log", "log", x},
        {"Sin", "sin", x},
        {"Cos", "cos", x},
        {"Clip", "clamp", {{"x", "input"}, {"x_min", "min_val"}, {"x_max", "max_val"}}},
        {"Relu", "ReLU", x},
        {"Relu6", "ReLU6", x},
        {"LeakyRelu", "LeakyReLU", {{"x", "input"}, {"negative_slope", "negative_slope", "0.2"}}},
        {"Elu", "ELU", {{"x", "input"}, {"alpha", "alpha", "1.0"}}},
        {"Selu", "SELU", x},
        {"Celu", "CELU", {{"x", "input"}, {"alpha", "alpha", "1.0"}}},
        {"Silu", "SiLU", x},
        {"HardSilu", "Hardswish", x},
        {"HardSigmoid", "Hardsigmoid", x},
        {"HardTanh", "Hardtanh", x},
        {"TanhShrink", "Tanhshrink", x},
        {"Gelu", "GELU", {{"x", "input"}, {"approximate", "approximate", "true"}}, approximated},
        {"Softplus", "Softplus", x},
        {"Softsign", "Softsign", x},
        {"Sigmoid", "Sigmoid", x},
        {"LogSigmoid", "LogSigmoid", x},
        {"Tanh", "Tanh", x},
        {"Softmax", "Softmax", modernSoftmax},
        {"LogSoftmax", "LogSoftmax", modernSoftmax},
        {"Reshape", "view", {{"x", "input"}, {"newshape", "shape"}}, ofSamples, kept},
        {"Transpose", "permute", {{"x", "input"}, {"axes", "dims"}}, nullptr, kept},
        {"Swapaxes", "transpose", {{"x", "input"}, {"axis1", "dim0"}, {"axis2", "dim1"}}, nullptr, kept},
        {"Concatenate", "cat", {{"xs", "input"}, {"axis", "dim", "0"}}, nullptr, kept},
        {"Stack", "stack", {{"x", "input"}, {"axis", "dim", "0"}}, nullptr, kept},
        {"Split", "split", {{"x", "input"}, {"indices_or_sections", "sizes"}, {"axis", "dim", "0"}}, atPlaces, kept},
        {"Unstack", "unbind", {{"x", "input"}, {"num", ""}, {"axis", "dim", "0"}}, nullptr, kept},
        {"ExpandDims", "unsqueeze", {{"x", "input"}, {"axis", "dim"}}, nullptr, kept},
        {"Squeeze", "squeeze", {{"x", "input"}, {"axis", "dim"}}, nullptr, kept},
        {"Tile", "tile", {{"x", "input"}, {"repeats", "times"}}, nullptr, kept},
        {"GetItem", "slices", {{"x", "input"}, {"key", "slices"}}, inBrackets, kept},
        {"Cast", "Identity", {{"x", "input"}, {"dtype", "dtype"}}, toFloats, made},
        {"StopGradient", "Identity", {{"variable", "input"}}, nullptr, kept},
        {"Mean", "mean", modernReduction},
        {"Sum", "sum", modernReduction},
        {"Max", "amax", modernReduction},
        {"Min", "amin", modernReduction},
        {"Matmul", "matmul", modernPair, ofMatrices},
        {"Pad",
         "ZeroPad2d",
         {{"x", "input"}, {"pad_width", "padding"}, {"mode", "mode", "\"constant\""}, {"constant_values", "value"}},
         aroundImages,
         kept},
        {"PadImages", "ZeroPad2d", frames, framed, kept},
        {"CropImages", "ZeroPad2d", cuts, unframed, kept},
        {"Resize",
         "Upsample",
         {{"images", "input"},
          {"size", "size"},
          {"interpolation", "mode", "\"bilinear\""},
          {"antialias", "", "false"},
          {"crop_to_aspect_ratio", "", "false"},
          {"pad_to_aspect_ratio", "", "false"},
          {"fill_mode", "", "\"constant\""},
          {"fill_value", "", "0.0"},
          {"data_format", "data_format"}},
         stretched},
        {"DepthToSpace",
         "PixelShuffle",
         {{"x", "input"}, {"block_size", "upscale_factor"}, {"data_format", "data_format"}},
         inBlocks,
         kept},
        {"SpaceToDepth",
         "PixelUnshuffle",
         {{"x", "input"}, {"block_size", "downscale_factor"}, {"data_format", "data_format"}},
         inBlocks,
         kept},
    };
    return rows;
}

const Row* rowOf(const OperatorCall& call)
{
    const std::vector<Row>& rows = call.isOperation ? operations() : functions();
    const auto found = std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.name == call.name; });
    return found == rows.end() ? nullptr : &*found;
}

void take(Arguments& to, const Row& row, const std::string& name, const Json& value)
{
    const auto known = std::find_if(row.arguments.begin(), row.arguments.end(), [&](const Argument& one) { return one.name == name; });
    if (value.is_null() || name == "name")
        return;
    if (known == row.arguments.end())
        unsupported(fmt::format("an argument {}", printable(name)), "those that it knows of the operator");
    const bool isUsual = !known->usual.empty() && value == parseJson(known->usual, name);
    if (known->setting.empty() && !isUsual && !(value.is_number() && name == "num")) // how many there are the value tells itself
        unsupported(fmt::format("an argument {} {}", printable(name), printable(dumpJson(value, -1), 40)), "the operator without it");
    if (!known->setting.empty() && !to.isTrue(std::string(known->setting)))
        to.values.insert_or_assign(std::string(known->setting), value);
}

Arguments bound(const OperatorCall& call, const Row& row)
{
    Arguments result{std::string(row.className), {}};
    for (std::size_t i = 0; i < call.positional.size(); ++i)
        take(result, row, i < row.arguments.size() ? std::string(row.arguments[i].name) : fmt::format("number {}", i + 1),
             call.positional[i]);
    for (const auto& [name, value] : call.keywords.items())
        take(result, row, name, value);
    for (const Argument& argument : row.arguments)
        if (!argument.usual.empty() && !argument.setting.empty())
            result.values.emplace(argument.setting, parseJson(argument.usual, argument.name));
    return result;
}

/// The tensors of an argument, which is nothing else.
void takeTensors(const Json& value, std::vector<std::size_t>& inputs)
{
    if (const auto tensor = value.is_object() ? value.find(tensorKey) : value.end(); tensor != value.end())
        inputs.push_back(tensor->get<std::size_t>());
    else if (value.is_array() && !value.empty())
        for (const Json& element : value)
            takeTensors(element, inputs);
    else
        unsupported(fmt::format("the constant {}", printable(dumpJson(value, -1), 40)), "values that the network computes");
}

Attribute setting(const std::string& name, const Json& value)
{
    if (value.is_boolean())
        return value.get<bool>();
    if (value.is_number_integer())
        return value.get<std::int64_t>();
    if (value.is_number())
        return value.get<double>();
    if (value.is_string())
        return value.get<std::string>();
    if (isIntegerList(value))
        return value.get<Ints>();
    if (value.is_array() && std::all_of(value.begin(), value.end(), [](const Json& number) { return number.is_number(); }))
        return value.get<Reals>();
    unsupported(fmt::format("{} {}", printable(name), printable(dumpJson(value, -1), 40)), "a number, or several");
}

}

std::optional<Operator> kerasOperator(const OperatorCall& call)
{
    const Row* row = rowOf(call);
    if (!row)
        return {};
    Arguments arguments = bound(call, *row);
    if (row->adjust)
        row->adjust(arguments);
    const Kind* kind = kindOfTorch(arguments.className);
    if (!kind || !kind->fromTorch)
        return {};
    Operator result{kind->id, {}, {}, row->numbers};
    TorchSpec spec{arguments.className, {}, {}};
    for (const char* name : {"input", "other"})
        if (const Json* value = arguments.find(name); value && !value->is_number())
            takeTensors(*value, result.inputs);
    for (const auto& [name, value] : arguments.values)
        if (name != "input" && (name != "other" || value.is_number()))
            spec.raw.set(name, setting(name, value));
    result.attributes = kind->fromTorch(spec);
    return result;
}

}
