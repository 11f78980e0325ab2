// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/window.h"

#include "core/layers/spec.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace core::layers {

namespace {

struct Side
{
    std::int64_t before, after, result;
};

/// One dimension. 'same' after TensorFlow; ceil as PyTorch: the last window must begin inside the input or its leading padding.
Side along(const Op& op, std::int64_t n, std::int64_t k, std::int64_t s, std::int64_t d, std::int64_t before, std::int64_t after)
{
    const std::int64_t reach = (k - 1) * d + 1;
    if (op.attributes.string("padding", "valid") == "same") {
        const std::int64_t out = (n + s - 1) / s;
        const std::int64_t total = std::max<std::int64_t>((out - 1) * s + reach - n, 0);
        return {total / 2, total - total / 2, out};
    }
    const std::int64_t room = n + before + after - reach;
    if (room < 0)
        throw Error("shape-window")
            .expected(fmt::format("an input of at least {} for the window of {}", reach - before - after, printable(op.name)))
            .found(fmt::format("{}", n))
            .at(printable(op.name));
    std::int64_t out = room / s + 1;
    if (op.attributes.boolean("ceil", false)) {
        out = (room + s - 1) / s + 1;
        if ((out - 1) * s >= n + before)
            --out;
    }
    return {before, after, out};
}

Ints positive(const Op& op, const std::string& name)
{
    const Ints values = op.attributes.integers(name, 2, Ints{1, 1});
    constexpr std::int64_t limit = 1 << 20;
    for (const std::int64_t value : values)
        if (value < 1 || value > limit)
            throw Error("shape-window")
                .expected(fmt::format("a {} between 1 and {}", name, limit))
                .found(std::to_string(value))
                .at(printable(op.name));
    return values;
}

Pads declaredPads(const Op& op)
{
    if (op.attributes.string("padding", "valid") != "explicit")
        return {};
    const Ints pads = op.attributes.integers("pads", 4);
    for (const std::int64_t pad : pads)
        if (pad < 0 || pad > 1 << 20)
            throw Error("shape-window").expected("padding between 0 and 2^20").found(std::to_string(pad)).at(printable(op.name));
    return {pads[0], pads[1], pads[2], pads[3]};
}

std::string paddingText(const Op& op)
{
    const std::string padding = op.attributes.string("padding", "valid");
    return padding == "explicit" ? text(op.attributes.integers("pads", 4)) : padding;
}

std::string padsText(const Pads& pads)
{
    return text(Shape{pads.top, pads.bottom, pads.left, pads.right});
}

/// Windows that begin at the same places and are as many read the same elements: padding behind the last one does not matter.
std::string resultDifference(const Window& a, const Window& b)
{
    if (a.pads.top != b.pads.top || a.pads.left != b.pads.left)
        return fmt::format("padding {} against {}", padsText(a.pads), padsText(b.pads));
    if (a.height != b.height || a.width != b.width)
        return fmt::format("result {}x{} against {}x{}", a.height, a.width, b.height, b.width);
    return {};
}

}

Window windowOf(const Op& op, std::int64_t height, std::int64_t width)
{
    Window window;
    window.kernel = positive(op, "kernel");
    window.stride = positive(op, "stride");
    window.dilation = positive(op, "dilation");
    const Pads pads = declaredPads(op);
    const Side h = along(op, height, window.kernel[0], window.stride[0], window.dilation[0], pads.top, pads.bottom);
    const Side w = along(op, width, window.kernel[1], window.stride[1], window.dilation[1], pads.left, pads.right);
    window.pads = {h.before, h.after, w.before, w.after};
    window.height = h.result;
    window.width = w.result;
    return window;
}

std::string_view imageAxes(const Op&, Framework framework, std::size_t rank)
{
    return rank != 4 ? "" : framework == Framework::Keras ? "NHWC" : "NCHW";
}

std::pair<std::int64_t, std::int64_t> imageSize(const Op& op, const Value& value)
{
    const int h = indexOf(value.axes, "H"), w = indexOf(value.axes, "W");
    if (h < 0 || w < 0 || indexOf(value.axes, "C") < 0)
        throw Error("shape-image")
            .expected("an input with channels, height and width")
            .found(fmt::format("{} ({})", text(value.shape), text(value.axes)))
            .at(printable(op.name));
    return {value.shape[static_cast<std::size_t>(h)], value.shape[static_cast<std::size_t>(w)]};
}

Value resized(const Value& value, std::int64_t height, std::int64_t width, std::int64_t channels)
{
    Value result = value;
    result.shape[static_cast<std::size_t>(indexOf(value.axes, "H"))] = height;
    result.shape[static_cast<std::size_t>(indexOf(value.axes, "W"))] = width;
    if (channels != 0)
        result.shape[static_cast<std::size_t>(indexOf(value.axes, "C"))] = channels;
    return result;
}

void setTorchWindow(Attributes& canonical, const TorchSpec& spec)
{
    const Ints kernel = spec.raw.integers("kernel_size", 2);
    canonical.set("kernel", kernel);
    canonical.set("stride", spec.raw.integers("stride", 2, kernel));
    canonical.set("dilation", spec.raw.integers("dilation", 2, Ints{1, 1}));
    std::string padding = "valid";
    Ints pads{0, 0};
    if (spec.raw.has("padding")) {
        try {
            padding = spec.raw.string("padding");
        } catch (const Error&) {
            pads = spec.raw.integers("padding", 2);
        }
    }
    if (padding != "valid" && padding != "same")
        unsupported("padding " + printable(padding), "'same', 'valid' or numbers");
    if (pads != Ints{0, 0}) {
        padding = "explicit";
        canonical.set("pads", Ints{pads[0], pads[0], pads[1], pads[1]});
    }
    canonical.set("padding", padding);
}

void setKerasWindow(Attributes& canonical, const KerasSpec& spec, const char* kernelKey)
{
    requireChannelsLast(spec.config);
    const bool pooling = std::string_view(kernelKey) == "pool_size";
    const Ints kernel = kerasInts(spec.config, kernelKey, 2, pooling ? Ints{2, 2} : Ints{1, 1});
    canonical.set("kernel", kernel);
    canonical.set("stride", kerasInts(spec.config, "strides", 2, pooling ? kernel : Ints{1, 1}));
    canonical.set("dilation", kerasInts(spec.config, "dilation_rate", 2, Ints{1, 1}));
    const std::string padding = kerasText(spec.config, "padding", "valid");
    if (padding != "valid" && padding != "same")
        unsupported("padding " + printable(padding), "'same' or 'valid'");
    canonical.set("padding", padding);
}

void putKerasWindow(Json& config, const Op& op, const char* kernelKey)
{
    const std::string padding = op.attributes.string("padding", "valid");
    if (padding == "explicit")
        throw Error("layer-no-twin").expected("'same' or 'valid' padding").found("padding " + paddingText(op)).at(printable(op.name));
    if (op.attributes.boolean("ceil", false))
        throw Error("layer-no-twin").expected("a pooling that rounds down").found("ceil_mode").at(printable(op.name));
    config[kernelKey] = op.attributes.integers("kernel", 2);
    config["strides"] = op.attributes.integers("stride", 2, Ints{1, 1});
    config["padding"] = padding;
    config["data_format"] = "channels_last";
}

std::string windowDifference(const Call& left, const Call& right)
{
    const Op &a = left.op, &b = right.op;
    const Value *inputA = left.find(), *inputB = right.find();
    const auto of = [](const Op& op, const char* name) { return Attribute(op.attributes.integers(name, 2, Ints{1, 1})); };
    std::string difference =
        firstOf({differs("kernel", of(a, "kernel"), of(b, "kernel")), differs("stride", of(a, "stride"), of(b, "stride")),
                 differs("dilation", of(a, "dilation"), of(b, "dilation"))});
    if (!difference.empty())
        return difference;
    if (!inputA || !inputB) {
        const bool comparable = (paddingText(a) == "same") == (paddingText(b) == "same"); // 'same' against numbers needs the input size
        return comparable ? differs("padding", paddingText(a), paddingText(b)) : std::string();
    }
    const auto [heightA, widthA] = imageSize(a, *inputA);
    const auto [heightB, widthB] = imageSize(b, *inputB);
    return resultDifference(windowOf(a, heightA, widthA), windowOf(b, heightB, widthB));
}

void putTorchWindow(Attributes& raw, const Op& op)
{
    const Ints stride = op.attributes.integers("stride", 2, Ints{1, 1});
    const std::string padding = op.attributes.string("padding", "valid");
    const Pads pads = declaredPads(op);
    if ((padding == "same" && stride != Ints{1, 1}) || pads.top != pads.bottom || pads.left != pads.right)
        throw Error("layer-no-twin")
            .expected("padding that is equal on both sides")
            .found("padding " + paddingText(op))
            .at(printable(op.name));
    raw.set("kernel_size", op.attributes.integers("kernel", 2));
    raw.set("stride", stride);
    raw.set("dilation", op.attributes.integers("dilation", 2, Ints{1, 1}));
    if (padding == "same")
        raw.set("padding", padding);
    else
        raw.set("padding", Ints{pads.top, pads.left});
}

std::string producedWord(std::int64_t produced, std::int64_t consumed)
{
    return consumed > 0 ? fmt::format("{}→{}", consumed, produced) : std::to_string(produced);
}

std::string padsWord(const Op& op)
{
    const Ints p = op.attributes.integers("pads", 4, Ints{0, 0, 0, 0});
    const bool even = p[0] == p[1] && p[0] == p[2] && p[0] == p[3];
    return even ? fmt::format("p{}", p[0]) : fmt::format("p{}", text(Shape(p)));
}

void addWindowWords(std::vector<std::string>& words, const Op& op, const Ints& usualStride)
{
    const auto times = [](const Ints& values) { return fmt::format("{}", fmt::join(values, "×")); };
    const Ints stride = op.attributes.integers("stride", 2, Ints{1, 1}), dilation = op.attributes.integers("dilation", 2, Ints{1, 1});
    const std::string padding = op.attributes.string("padding", "valid");
    words.push_back(times(op.attributes.integers("kernel", 2, Ints{1, 1})));
    if (stride != usualStride)
        words.push_back(stride[0] == stride[1] ? fmt::format("s{}", stride[0]) : "s" + times(stride));
    if (dilation != Ints{1, 1})
        words.push_back(dilation[0] == dilation[1] ? fmt::format("d{}", dilation[0]) : "d" + times(dilation));
    if (padding != "valid")
        words.push_back(padding == "explicit" ? padsWord(op) : padding);
    if (op.attributes.boolean("ceil", false))
        words.push_back("ceil");
}

}
