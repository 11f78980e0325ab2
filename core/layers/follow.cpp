// SPDX-License-Identifier: GPL-3.0-or-later
// What is known of axes behind ops that cannot run. Classes as in torch.nn, keras.layers (2 and 3) and ATen/native/native_functions.yaml.
#include "core/layers/follow.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace core::layers {

namespace {

template <std::size_t size>
using Names = std::array<std::string_view, size>;

/// Every element stays at its place at inference.
constexpr Names<105> keeping{"GELU",
                             "ELU",
                             "SELU",
                             "CELU",
                             "LeakyReLU",
                             "PReLU",
                             "RReLU",
                             "ReLU",
                             "ReLU6",
                             "ThresholdedReLU",
                             "Hardtanh",
                             "Hardswish",
                             "Hardsigmoid",
                             "Hardshrink",
                             "Softshrink",
                             "Tanhshrink",
                             "SiLU",
                             "Mish",
                             "Softplus",
                             "Softsign",
                             "LogSigmoid",
                             "Sigmoid",
                             "Tanh",
                             "Threshold",
                             "Softmin",
                             "Softmax",
                             "Softmax2d",
                             "LogSoftmax",
                             "Activation",
                             "Identity",
                             "Dropout",
                             "Dropout1d",
                             "Dropout2d",
                             "Dropout3d",
                             "AlphaDropout",
                             "FeatureAlphaDropout",
                             "SpatialDropout1D",
                             "SpatialDropout2D",
                             "SpatialDropout3D",
                             "GaussianDropout",
                             "GaussianNoise",
                             "ActivityRegularization",
                             "BatchNorm1d",
                             "BatchNorm2d",
                             "BatchNorm3d",
                             "SyncBatchNorm",
                             "InstanceNorm1d",
                             "InstanceNorm2d",
                             "InstanceNorm3d",
                             "LayerNorm",
                             "GroupNorm",
                             "RMSNorm",
                             "LocalResponseNorm",
                             "BatchNormalization",
                             "LayerNormalization",
                             "GroupNormalization",
                             "UnitNormalization",
                             "RMSNormalization",
                             "Normalization",
                             "Rescaling",
                             "Masking",
                             "RandomFlip",
                             "RandomRotation",
                             "RandomZoom",
                             "RandomTranslation",
                             "RandomContrast",
                             "RandomBrightness",
                             "abs",
                             "neg",
                             "exp",
                             "log",
                             "sqrt",
                             "rsqrt",
                             "square",
                             "pow",
                             "sin",
                             "cos",
                             "erf",
                             "sign",
                             "floor",
                             "ceil",
                             "round",
                             "reciprocal",
                             "clamp",
                             "clamp_min",
                             "clamp_max",
                             "rsub",
                             "threshold",
                             "hardshrink",
                             "softshrink",
                             "softsign",
                             "rrelu",
                             "feature_alpha_dropout",
                             "native_dropout",
                             "log1p",
                             "expm1",
                             "sigmoid",
                             "tanh",
                             "to",
                             "_to_copy",
                             "type_as",
                             "float",
                             "requires_grad",
                             "detach",
                             "contiguous"};

/// Element by element over all inputs; what they give keeps its place where all of one shape and order go in.
constexpr Names<15> merging{"Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "add",    "sub",
                            "mul", "div",      "maximum",  "minimum", "where",   "lerp",    "addcmul"};

constexpr Names<4> joining{"Concatenate", "cat", "concat", "concatenate"};

/// Gives features of its own making.
constexpr Names<16> ending{
    "Linear",        "Dense",     "LSTM",         "GRU",      "RNN",         "SimpleRNN",          "LSTMCell",           "GRUCell",
    "Bidirectional", "Embedding", "EmbeddingBag", "Bilinear", "EinsumDense", "MultiHeadAttention", "MultiheadAttention", "ConvLSTM1D"};

/// From an image or a sequence of channels to another: its channels are an axis of their own on both sides.
constexpr Names<56> imaging{"Conv1d",
                            "Conv2d",
                            "Conv3d",
                            "ConvTranspose1d",
                            "ConvTranspose2d",
                            "ConvTranspose3d",
                            "Conv1D",
                            "Conv2D",
                            "Conv3D",
                            "Conv1DTranspose",
                            "Conv2DTranspose",
                            "Conv3DTranspose",
                            "Convolution2D",
                            "DepthwiseConv1D",
                            "DepthwiseConv2D",
                            "SeparableConv1D",
                            "SeparableConv2D",
                            "MaxPool1d",
                            "MaxPool2d",
                            "MaxPool3d",
                            "AvgPool1d",
                            "AvgPool2d",
                            "AvgPool3d",
                            "LPPool1d",
                            "LPPool2d",
                            "AdaptiveAvgPool1d",
                            "AdaptiveAvgPool2d",
                            "AdaptiveAvgPool3d",
                            "AdaptiveMaxPool1d",
                            "AdaptiveMaxPool2d",
                            "AdaptiveMaxPool3d",
                            "MaxPooling1D",
                            "MaxPooling2D",
                            "MaxPooling3D",
                            "AveragePooling1D",
                            "AveragePooling2D",
                            "AveragePooling3D",
                            "ZeroPadding1D",
                            "ZeroPadding2D",
                            "ZeroPadding3D",
                            "ZeroPad1d",
                            "ZeroPad2d",
                            "ZeroPad3d",
                            "ReflectionPad2d",
                            "ReplicationPad2d",
                            "ConstantPad2d",
                            "CircularPad2d",
                            "Cropping1D",
                            "Cropping2D",
                            "UpSampling1D",
                            "UpSampling2D",
                            "Upsample",
                            "UpsamplingNearest2d",
                            "UpsamplingBilinear2d",
                            "Resizing",
                            "CenterCrop"};

/// One value a channel.
constexpr Names<6> globals{"GlobalAveragePooling1D", "GlobalAveragePooling2D", "GlobalAveragePooling3D",
                           "GlobalMaxPooling1D",     "GlobalMaxPooling2D",     "GlobalMaxPooling3D"};

template <std::size_t size>
bool contains(const Names<size>& names, std::string_view name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

constexpr Names<6> reshaping{"Reshape", "Unflatten", "view", "reshape", "unflatten", "_unsafe_view"};

bool isFlatten(const Op& op)
{
    return op.kind == "flatten" || op.type == "Flatten";
}

std::int64_t absolute(std::int64_t dimension, std::size_t rank)
{
    return dimension < 0 ? dimension + static_cast<std::int64_t>(rank) : dimension;
}

std::optional<Value> permuted(const Value& in, const Ints& order)
{
    Value out;
    std::vector<bool> taken(in.shape.size());
    for (const std::int64_t d : order) {
        const std::int64_t from = absolute(d, in.shape.size());
        if (from < 0 || static_cast<std::size_t>(from) >= in.shape.size() || taken[static_cast<std::size_t>(from)])
            return {};
        taken[static_cast<std::size_t>(from)] = true;
        out.shape.push_back(in.shape[static_cast<std::size_t>(from)]);
        if (!in.axes.empty())
            out.axes.push_back(in.axes[static_cast<std::size_t>(from)]);
    }
    return out.shape.size() == in.shape.size() ? std::optional(out) : std::nullopt;
}

std::optional<Value> transposed(const Value& in, const Attributes& settings)
{
    Ints order;
    for (std::size_t d = 0; d < in.shape.size(); ++d)
        order.push_back(static_cast<std::int64_t>(d));
    const std::int64_t a = absolute(settings.integer("dim0", 0), order.size()), b = absolute(settings.integer("dim1", 0), order.size());
    const auto last = static_cast<std::int64_t>(order.size());
    if (!settings.has("dim0") || !settings.has("dim1") || a < 0 || b < 0 || a >= last || b >= last)
        return {};
    std::swap(order[static_cast<std::size_t>(a)], order[static_cast<std::size_t>(b)]);
    return permuted(in, order);
}

std::optional<Value> flattenedFrom(const Value& in, std::size_t start)
{
    if (in.shape.size() <= start || in.axes.empty())
        return {};
    const auto from = static_cast<std::ptrdiff_t>(start);
    Value out{{in.shape.begin(), in.shape.begin() + from}, {in.axes.begin(), in.axes.begin() + from}};
    const Shape sizes(in.shape.begin() + from, in.shape.end());
    out.shape.push_back(elementCount(sizes));
    out.axes.push_back(flattened(Axes(in.axes.begin() + from, in.axes.end()), sizes));
    return out;
}

/// Keras' Flatten moves what it takes for channels (the first axis behind the batch) to the end when told so.
std::optional<Value> kerasFlattened(const Op& op, const Value& in)
{
    if (!op.attributes.boolean("channels_first", false) || in.shape.size() < 3)
        return flattenedFrom(in, 1);
    Ints order{0};
    for (std::size_t d = 2; d < in.shape.size(); ++d)
        order.push_back(static_cast<std::int64_t>(d));
    order.push_back(1);
    const auto moved = permuted(in, order);
    return moved ? flattenedFrom(*moved, 1) : std::nullopt;
}

Shape counting(Shape shape)
{
    std::erase(shape, 1);
    return shape;
}

/// `sizes` are of one sample; one of them may be -1.
std::optional<Value> reshaped(Framework framework, const Value& in, Ints sizes)
{
    const std::int64_t count = in.shape.empty() ? 0 : elementCount(in.shape) / std::max<std::int64_t>(in.shape[0], 1);
    std::int64_t known = 1;
    for (const std::int64_t size : sizes)
        if (size == 0 || (size > 0 && __builtin_mul_overflow(known, size, &known)))
            return {};
    for (std::int64_t& size : sizes)
        if (size < 0)
            size = count / known;
    if (sizes.empty() || count < 1 || elementCount(sizes) != count)
        return {};
    Shape shape{in.shape[0]};
    shape.insert(shape.end(), sizes.begin(), sizes.end());
    if (shape == in.shape)
        return in;
    if (sizes.size() == 1)
        return flattenedFrom(in, 1);
    const bool isPlain = in.shape.size() == 2 && (in.axes.empty() || in.axes.back().order() == Order::Plain);
    const bool isRows = in.shape.size() == 3 && counting(shape) == counting(in.shape); // a picture of one channel
    if (!isPlain && !isRows)
        return {};
    Value out = inputValue(framework, sizes);
    out.shape = std::move(shape);
    return out;
}

/// What a reshape makes of one sample; empty when its file does not tell.
Ints sampleShape(const Op& op, Framework framework)
{
    Ints sizes = op.attributes.integers("shape", Ints{});
    const bool hasBatch = framework != Framework::Keras && op.type != "Unflatten" && op.type != "unflatten";
    if (hasBatch && !sizes.empty())
        sizes.erase(sizes.begin());
    return sizes;
}

std::optional<Value> joined(const Op& op, std::span<const Value> inputs)
{
    Value out = inputs[0];
    const std::int64_t axis = absolute(op.attributes.integer("axis", -1), out.shape.size());
    if (axis < 1 || static_cast<std::size_t>(axis) >= out.shape.size())
        return {};
    const auto at = static_cast<std::size_t>(axis);
    Axis whole;
    std::int64_t size = 0;
    bool isPlain = true;
    for (const Value& input : inputs) {
        if (input.shape.size() != out.shape.size() || input.axes.size() != out.shape.size())
            return {};
        for (std::size_t d = 0; d < out.shape.size(); ++d)
            if (d != at && (input.shape[d] != out.shape[d] || input.axes[d] != out.axes[d]))
                return {};
        const Axis& own = input.axes[at];
        isPlain = isPlain && own.order() == Order::Plain;
        if (own.order() == Order::Unknown)
            whole.unknownBecause = own.unknownBecause;
        if (own.segments.empty()) {
            whole.segments.push_back(own);
            whole.segments.back().size = input.shape[at];
        } else {
            whole.segments.insert(whole.segments.end(), own.segments.begin(), own.segments.end());
        }
        size += input.shape[at];
    }
    if (!whole.unknownBecause.empty())
        whole.segments.clear();
    out.axes[at] = isPlain ? Axis{out.axes[at].name, {}} : whole;
    out.shape[at] = size;
    return out;
}

std::optional<Value> averagedOut(const Value& in)
{
    const int c = indexOf(in.axes, "C");
    return c < 1 ? std::nullopt : std::optional(Value{{in.shape[0], in.shape[static_cast<std::size_t>(c)]}, axesOf("NC")});
}

/// Element by element over values of one rank, sizes of 1 stretched.
std::optional<Value> merged(std::span<const Value> inputs)
{
    Value out = inputs[0];
    for (const Value& input : inputs) {
        if (input.shape.size() != out.shape.size() || input.axes.size() != out.axes.size() || out.axes.size() != out.shape.size())
            return {};
        for (std::size_t d = 0; d < out.shape.size(); ++d) {
            const bool isWider = out.shape[d] == 1 && input.shape[d] != 1;
            if (!isWider && input.shape[d] != 1 && (input.shape[d] != out.shape[d] || input.axes[d] != out.axes[d]))
                return {};
            if (isWider) {
                out.shape[d] = input.shape[d];
                out.axes[d] = input.axes[d];
            }
        }
    }
    return out;
}

/// Ops whose value goes into one that takes channels, as it is or element by element.
std::vector<bool> images(const Model& model)
{
    std::vector<bool> result(model.ops.size());
    for (std::size_t i = model.ops.size(); i-- > 0;)
        for (const int input : model.ops[i].inputs)
            if (input >= 0 && static_cast<std::size_t>(input) < i && (takesImage(model.ops[i]) || (keepsAxes(model.ops[i]) && result[i])))
                result[static_cast<std::size_t>(input)] = true;
    return result;
}

std::string cannotFollow(const Model& model, const Op& op)
{
    const std::string name = printable(op.layer.empty() ? op.name : op.layer);
    const Layer* layer = model.layer(op.layer);
    const std::string type = !op.type.empty() ? op.type : layer ? layer->kind : "";
    if (isFlatten(op))
        return fmt::format("the shape of what {} flattens is not known", name);
    return fmt::format("Tieout cannot follow {}{}", name, type.empty() || type == name ? "" : " (" + printable(type) + ")");
}

/// What an op without a known shape passes on.
Trail passed(const Model& model, const Op& op, const std::vector<Trail>& known)
{
    const std::string own = cannotFollow(model, op);
    const auto of = [&](int input) {
        return input < 0 || static_cast<std::size_t>(input) >= known.size() ? Trail{own, false} : known[static_cast<std::size_t>(input)];
    };
    const Trail in = op.inputs.empty() ? Trail{own, false} : of(op.inputs[0]);
    if (op.kind == "globalavgpool2d" || contains(globals, op.type))
        return {{}, model.framework == Framework::Keras && !op.attributes.boolean("keepdims", false)};
    if (takesImage(op))
        return {};
    if (op.kind == "linear" || contains(ending, op.type))
        return {{}, in.isVector && (op.kind == "linear" || op.type == "Linear" || op.type == "Dense")};
    if (isFlatten(op))
        return {in.isVector || !in.unknownBecause.empty() ? in.unknownBecause : own, true};
    const bool isOne = keepsAxes(op) && op.inputs.size() == 1;
    if (!isOne && !contains(merging, op.type) && !contains(joining, op.type))
        return {in.unknownBecause.empty() ? own : in.unknownBecause, false};
    Trail result = in;
    for (const int input : op.inputs) {
        const Trail other = of(input);
        result.isVector = result.isVector && other.isVector;
        if (result.unknownBecause.empty())
            result.unknownBecause = other.unknownBecause;
    }
    return result;
}

}

Attributes settingsToFollow(std::string_view type, const Attributes& raw)
{
    Attributes result;
    const auto copy = [&](std::initializer_list<const char*> names, const char* as) {
        for (const char* name : names)
            if (const auto found = std::find_if(raw.begin(), raw.end(), [&](const auto& entry) { return entry.first == name; });
                found != raw.end() && (std::holds_alternative<Ints>(found->second) || std::holds_alternative<std::int64_t>(found->second)))
                result.set(as, found->second);
    };
    if (type == "Permute" || type == "permute")
        copy({"argument1", "dims"}, "dims");
    else if (type == "Reshape" || type == "view" || type == "reshape" || type == "_unsafe_view")
        copy({"argument1", "target_shape", "size", "shape"}, "shape");
    else if (type == "Unflatten" || type == "unflatten")
        copy({"argument2", "sizes", "unflattened_size"}, "shape");
    else if (type == "transpose" || type == "swapaxes") {
        copy({"argument1", "dim0", "axis0"}, "dim0");
        copy({"argument2", "dim1", "axis1"}, "dim1");
    } else if (contains(joining, type))
        copy({"argument1", "axis", "dim"}, "axis");
    else if (type == "Flatten" && raw.has("data_format"))
        result.set("channels_first", raw.string("data_format") == "channels_first");
    return result;
}

bool takesImage(const Op& op)
{
    return op.kind == "conv2d" || op.kind == "avgpool2d" || op.kind == "maxpool2d" || op.kind == "globalavgpool2d" ||
           op.kind == "zeropad2d" || contains(imaging, op.type);
}

bool keepsAxes(const Op& op)
{
    const Kind* k = kind(op.kind);
    return (k && op.kind != "input" && (k->activation || k->transparent || op.kind == "batchnorm")) || contains(keeping, op.type);
}

bool meansTheSame(const Op& op)
{
    return keepsAxes(op) || contains(merging, op.type) || contains(joining, op.type) || contains(ending, op.type) ||
           contains(imaging, op.type);
}

std::optional<Value> followed(const Op& op, Framework framework, std::span<const Value> inputs)
{
    if (inputs.empty())
        return {};
    const Value& in = inputs[0];
    const bool isKeras = framework == Framework::Keras;
    if (keepsAxes(op) && inputs.size() == 1)
        return in;
    if (contains(merging, op.type))
        return op.parameters.empty() ? merged(inputs) : std::nullopt;
    if (contains(joining, op.type))
        return op.attributes.has("axis") || isKeras ? joined(op, inputs) : std::nullopt;
    if (inputs.size() != 1)
        return {};
    if (contains(globals, op.type))
        return averagedOut(in);
    if (op.type == "Flatten" && isKeras)
        return kerasFlattened(op, in);
    if (op.type == "transpose" || op.type == "swapaxes")
        return transposed(in, op.attributes);
    if (op.type == "Permute" || op.type == "permute") {
        Ints order = op.attributes.integers("dims", Ints{});
        if (isKeras)
            order.insert(order.begin(), 0);
        return permuted(in, order);
    }
    return contains(reshaping, op.type) ? reshaped(framework, in, sampleShape(op, framework)) : std::nullopt;
}

std::vector<Trail> trails(const Model& model, std::span<const std::optional<Value>> values)
{
    const std::vector<bool> isImage = images(model);
    std::vector<Trail> result(model.ops.size());
    for (std::size_t i = 0; i < model.ops.size(); ++i) {
        const Op& op = model.ops[i];
        if (i < values.size() && values[i]) {
            const Axes& axes = values[i]->axes;
            result[i] = {axes.empty() ? std::string() : axes.back().unknownBecause, values[i]->shape.size() == 2};
        } else if (op.kind != "input") {
            result[i] = passed(model, op, result);
        }
        if (isImage[i])
            result[i].unknownBecause.clear();
    }
    return result;
}

std::vector<std::optional<Axis>> unflattenedLater(const Model& model, std::span<const std::optional<Value>> values)
{
    std::vector<std::optional<Axis>> result(model.ops.size());
    const std::vector<bool> isImage = images(model);
    for (std::size_t i = model.ops.size(); i-- > 0;) {
        const Op& op = model.ops[i];
        if (op.inputs.size() != 1 || op.inputs[0] < 0 || static_cast<std::size_t>(op.inputs[0]) >= i)
            continue;
        const auto from = static_cast<std::size_t>(op.inputs[0]);
        const bool isShaped = from < values.size() && values[from];
        if (keepsAxes(op)) {
            if (result[i])
                result[from] = result[i];
            continue;
        }
        if (!contains(reshaping, op.type) || (isShaped && values[from]->shape.size() != 2) || sampleShape(op, model.framework).size() == 1)
            continue;
        const Value* made = i < values.size() && values[i] ? &*values[i] : nullptr;
        // three dimensions tell no channels: N,C,L goes into PyTorch's Conv1d, N,L,C into Keras' Conv1D
        const bool isTold = made && !(made->shape.size() == 3 && isImage[i]);
        if (isTold && made->shape.size() > 2)
            result[from] = flattened(Axes(made->axes.begin() + 1, made->axes.end()), Shape(made->shape.begin() + 1, made->shape.end()));
        else if (!isTold)
            result[from] = lostAxis({}, cannotFollow(model, op));
    }
    return result;
}

}
