// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/window.h"

#include "core/layers/follow.h"
#include "core/layers/spec.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace core::layers {

namespace {

constexpr std::int64_t largest = 1 << 20; ///< kernel, stride, dilation, padding

struct Side
{
    std::int64_t before, after, result;
};

/// One dimension. 'same' after TensorFlow; ceil as PyTorch: the last window must begin inside the input or its leading padding.
Side along(const Op& op, std::int64_t n, std::int64_t k, std::int64_t s, std::int64_t d, std::int64_t before, std::int64_t after)
{
    const std::int64_t reach = (k - 1) * d + 1;
    const std::string padding = op.attributes.string("padding", "valid");
    if (padding == "same") {
        const std::int64_t out = (n + s - 1) / s;
        const std::int64_t total = std::max<std::int64_t>((out - 1) * s + reach - n, 0);
        return {total / 2, total - total / 2, out};
    }
    if (padding == "causal")
        before = reach - 1;
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

Ints within(const Op& op, const std::string& name, const Ints& values, std::int64_t least)
{
    for (const std::int64_t value : values)
        if (value < least || value > largest)
            throw Error("shape-window")
                .expected(fmt::format("{} between {} and {}", name, least, largest))
                .found(std::to_string(value))
                .at(printable(op.name));
    return values;
}

Ints positive(const Op& op, const std::string& name, std::size_t rank)
{
    return within(op, name, perDimension(op, name, rank), 1);
}

Ints declaredPads(const Op& op, std::size_t rank)
{
    if (op.attributes.string("padding", "valid") != "explicit")
        return Ints(2 * rank, 0);
    return within(op, "padding", op.attributes.integers("pads", 2 * rank), 0);
}

std::string paddingText(const Op& op)
{
    const std::string padding = op.attributes.string("padding", "valid");
    return padding == "explicit" ? text(op.attributes.integers("pads")) : padding;
}

/// Windows that begin at the same places and are as many read the same elements: padding behind the last one does not matter.
std::string resultDifference(const Window& a, const Window& b)
{
    for (std::size_t d = 0; d < a.pads.size(); d += 2)
        if (a.pads[d] != b.pads[d])
            return fmt::format("padding {} against {}", text(Shape(a.pads)), text(Shape(b.pads)));
    if (a.result != b.result)
        return fmt::format("result {} against {}", fmt::join(a.result, "x"), fmt::join(b.result, "x"));
    return {};
}

bool isChannelsFirst(const Op& op, Framework framework)
{
    return framework == Framework::Torch || op.attributes.boolean("channels_first", false);
}

bool areAll(const Ints& values, std::int64_t wanted)
{
    return std::all_of(values.begin(), values.end(), [&](std::int64_t value) { return value == wanted; });
}

/// What follows of the channels' letter: the sequence's features are channels of one dimension.
int channelOf(const Value& value, std::size_t rank)
{
    const int c = indexOf(value.axes, "C");
    return c < 0 && rank == 1 ? indexOf(value.axes, "F") : c;
}

}

Picture pictureOf(const Op& op, const Value& value, std::size_t rank)
{
    constexpr std::array<std::string_view, 4> letters{"", "T", "HW", "DHW"};
    const int c = value.shape.size() == rank + 2 ? channelOf(value, rank) : -1;
    Picture result{static_cast<std::size_t>(std::max(c, 0)), c == 1 ? std::size_t{2} : std::size_t{1}, {}, 0};
    bool isImage = rank < letters.size() && (c == 1 || c == static_cast<int>(rank) + 1);
    for (std::size_t d = 0; isImage && d < rank; ++d) {
        const Axis& axis = value.axes[result.first + d];
        isImage = axis.name == letters[rank].substr(d, 1) || (rank == 1 && axis.name != "N");
        result.sizes.push_back(value.shape[result.first + d]);
    }
    if (!isImage)
        throw Error("shape-image")
            .expected(rank == 1 ? "an input with channels and one dimension"
                                : fmt::format("an input with channels and {}", rank == 2 ? "height and width" : "depth, height and width"))
            .found(fmt::format("{} ({})", text(value.shape), text(value.axes)))
            .at(printable(op.name));
    result.channels = value.shape[result.channel];
    return result;
}

template <std::size_t Rank>
std::string_view imageAxes(const Op& op, Framework framework, std::size_t rank)
{
    static_assert(Rank >= 1 && Rank <= 3);
    constexpr std::string_view first[]{"NCT", "NCHW", "NCDHW"}, last[]{"NTC", "NHWC", "NDHWC"};
    if (rank != Rank + 2)
        return "";
    return isChannelsFirst(op, framework) ? first[Rank - 1] : last[Rank - 1];
}

template std::string_view imageAxes<1>(const Op&, Framework, std::size_t);
template std::string_view imageAxes<2>(const Op&, Framework, std::size_t);
template std::string_view imageAxes<3>(const Op&, Framework, std::size_t);

Value resized(const Value& value, const Picture& picture, const Ints& sizes, std::int64_t channels)
{
    Value result = value;
    std::copy(sizes.begin(), sizes.end(), result.shape.begin() + static_cast<std::ptrdiff_t>(picture.first));
    if (sizes.size() == 1 && sizes != picture.sizes)
        result.axes[picture.first] = {"T", {}};
    if (channels != 0) {
        result.shape[picture.channel] = channels;
        result.axes[picture.channel] = {"C", {}};
    }
    return result;
}

std::size_t windowRank(const Op& op)
{
    return op.attributes.has("kernel") ? op.attributes.integers("kernel").size() : 0;
}

Ints perDimension(const Op& op, const std::string& name, std::size_t rank)
{
    return op.attributes.integers(name, rank, Ints(rank, 1));
}

Window windowOf(const Op& op, const Ints& sizes)
{
    const std::size_t rank = sizes.size();
    Window window{positive(op, "kernel", rank), positive(op, "stride", rank), positive(op, "dilation", rank), {}, {}};
    const Ints pads = declaredPads(op, rank);
    for (std::size_t d = 0; d < rank; ++d) {
        const Side side = along(op, sizes[d], window.kernel[d], window.stride[d], window.dilation[d], pads[2 * d], pads[2 * d + 1]);
        window.pads.insert(window.pads.end(), {side.before, side.after});
        window.result.push_back(side.result);
    }
    return window;
}

void setKerasLayout(Attributes& canonical, const Json& config)
{
    const std::string format = kerasText(config, "data_format", "channels_last");
    if (format == "channels_first")
        canonical.set("channels_first", true);
    else
        requireChannelsLast(config);
}

std::string kerasLayout(const Op& op)
{
    return op.attributes.boolean("channels_first", false) ? "channels_first" : "channels_last";
}

void setTorchWindow(Attributes& canonical, const TorchSpec& spec, std::size_t rank)
{
    const Ints kernel = spec.raw.integers("kernel_size", rank);
    canonical.set("kernel", kernel);
    canonical.set("stride", spec.raw.integers("stride", rank, kernel));
    canonical.set("dilation", spec.raw.integers("dilation", rank, Ints(rank, 1)));
    std::string padding = "valid";
    Ints given(rank, 0);
    if (spec.raw.has("padding")) {
        try {
            padding = spec.raw.string("padding");
        } catch (const Error&) {
            given = spec.raw.integers("padding", rank);
        }
    }
    if (padding != "valid" && padding != "same")
        unsupported("padding " + printable(padding), "'same', 'valid' or numbers");
    if (!areAll(given, 0)) {
        padding = "explicit";
        Ints pads;
        for (const std::int64_t pad : given)
            pads.insert(pads.end(), {pad, pad});
        canonical.set("pads", pads);
    }
    canonical.set("padding", padding);
}

void setKerasWindow(Attributes& canonical, const KerasSpec& spec, const char* kernelKey, std::size_t rank)
{
    setKerasLayout(canonical, spec.config);
    const bool pooling = std::string_view(kernelKey) == "pool_size";
    const Ints kernel = kerasInts(spec.config, kernelKey, rank, Ints(rank, pooling ? 2 : 1));
    canonical.set("kernel", kernel);
    canonical.set("stride", kerasInts(spec.config, "strides", rank, pooling ? kernel : Ints(rank, 1)));
    canonical.set("dilation", kerasInts(spec.config, "dilation_rate", rank, Ints(rank, 1)));
    const std::string padding = kerasText(spec.config, "padding", "valid");
    if (padding != "valid" && padding != "same" && !(padding == "causal" && rank == 1 && !pooling))
        unsupported("padding " + printable(padding), "'same' or 'valid'");
    canonical.set("padding", padding);
}

void putKerasWindow(Json& config, const Op& op, const char* kernelKey, std::size_t rank)
{
    const std::string padding = op.attributes.string("padding", "valid");
    if (padding == "explicit")
        throw Error("layer-no-twin").expected("'same' or 'valid' padding").found("padding " + paddingText(op)).at(printable(op.name));
    if (op.attributes.boolean("ceil", false))
        throw Error("layer-no-twin").expected("a pooling that rounds down").found("ceil_mode").at(printable(op.name));
    config[kernelKey] = op.attributes.integers("kernel", rank);
    config["strides"] = perDimension(op, "stride", rank);
    config["padding"] = padding;
    config["data_format"] = kerasLayout(op);
}

std::optional<Op> asSame(const Op& op, const Ints& sizes)
{
    Op same = op;
    same.attributes.set("padding", std::string("same"));
    same.attributes.remove("pads");
    if (same.attributes.has("ceil"))
        same.attributes.set("ceil", false);
    return resultDifference(windowOf(op, sizes), windowOf(same, sizes)).empty() ? std::optional(same) : std::nullopt;
}

KerasPadding withZeros(const Op& op, const Ints& sizes)
{
    const Window window = windowOf(op, sizes);
    KerasPadding result{op, {}};
    result.op.attributes.set("padding", std::string("valid"));
    result.op.attributes.remove("pads");
    if (result.op.attributes.has("ceil"))
        result.op.attributes.set("ceil", false);
    for (std::size_t d = 0; d < sizes.size(); ++d) {
        const std::int64_t reach = (window.kernel[d] - 1) * window.dilation[d] + 1, before = window.pads[2 * d];
        const std::int64_t needed = (window.result[d] - 1) * window.stride[d] + reach - sizes[d] - before;
        result.zeros.insert(result.zeros.end(), {before, std::max<std::int64_t>(needed, 0)});
    }
    if (areAll(result.zeros, 0))
        result.zeros.clear();
    return result;
}

KerasPadding kerasPadding(const Op& op, const Ints& sizes)
{
    if (op.attributes.string("padding", "valid") != "explicit")
        return {op, {}};
    if (areAll(perDimension(op, "stride", sizes.size()), 1)) // then the padding depends on the kernel alone
        if (auto same = asSame(op, sizes))
            return {std::move(*same), {}};
    return withZeros(op, sizes);
}

std::string windowDifference(const Call& left, const Call& right)
{
    const Op &a = left.op, &b = right.op;
    const std::size_t rank = windowRank(a);
    if (rank == 0 || windowRank(b) != rank)
        return differs("kernel", static_cast<std::int64_t>(rank), static_cast<std::int64_t>(windowRank(b)));
    const Value *inputA = left.find(), *inputB = right.find();
    const auto of = [&](const Op& op, const char* name) { return Attribute(perDimension(op, name, rank)); };
    std::string difference =
        firstOf({differs("kernel", of(a, "kernel"), of(b, "kernel")), differs("stride", of(a, "stride"), of(b, "stride")),
                 differs("dilation", of(a, "dilation"), of(b, "dilation"))});
    if (!difference.empty())
        return difference;
    if (!inputA || !inputB) {
        const auto dependsOnSize = [](const Op& op) { return op.attributes.string("padding", "valid") == "same"; };
        const bool comparable = dependsOnSize(a) == dependsOnSize(b); // 'same' against numbers needs the input size
        return comparable ? differs("padding", paddingText(a), paddingText(b)) : std::string();
    }
    return resultDifference(windowOf(a, pictureOf(a, *inputA, rank).sizes), windowOf(b, pictureOf(b, *inputB, rank).sizes));
}

void putTorchWindow(Attributes& raw, const Op& op, std::size_t rank)
{
    const Ints stride = perDimension(op, "stride", rank), pads = declaredPads(op, rank);
    const std::string padding = op.attributes.string("padding", "valid");
    bool isEven = padding != "causal" && (padding != "same" || areAll(stride, 1));
    Ints half;
    for (std::size_t d = 0; d < rank; ++d) {
        isEven = isEven && pads[2 * d] == pads[2 * d + 1];
        half.push_back(pads[2 * d]);
    }
    if (!isEven)
        throw Error("layer-no-twin")
            .expected("padding that is equal on both sides")
            .found("padding " + paddingText(op))
            .at(printable(op.name));
    raw.set("kernel_size", op.attributes.integers("kernel", rank));
    raw.set("stride", stride);
    raw.set("dilation", perDimension(op, "dilation", rank));
    if (padding == "same")
        raw.set("padding", padding);
    else
        raw.set("padding", half);
}

std::string_view kernelLetters(std::size_t rank)
{
    return std::string_view("dhw").substr(3 - rank);
}

std::vector<RoleAxis> kernelAxes(const Attributes& settings, std::size_t rank, std::int64_t produced, std::int64_t consumed)
{
    std::vector<RoleAxis> result{{"o", produced}, {"i", consumed}};
    const Ints kernel = settings.integers("kernel", rank, Ints(rank, 0));
    for (std::size_t d = 0; d < rank; ++d)
        result.push_back({std::string(kernelLetters(rank).substr(d, 1)), kernel[d]});
    return result;
}

std::int64_t channelsOf(std::span<const Value> inputs, std::size_t rank)
{
    const int c = inputs.empty() || inputs[0].shape.size() != rank + 2 ? -1 : channelOf(inputs[0], rank);
    return c < 0 ? 0 : inputs[0].shape[static_cast<std::size_t>(c)];
}

void checkPadding(const Op& op, std::string_view mode, const Ints& pads, const Ints& sizes)
{
    const std::int64_t beyond = mode == "reflect" ? -1 : mode == "circular" ? 0 : largest;
    for (std::size_t d = 0; d < pads.size(); ++d)
        if (pads[d] > sizes[d / 2] + beyond)
            throw Error("shape-window")
                .expected(fmt::format("{} padding of at most {}", mode, sizes[d / 2] + beyond))
                .found(std::to_string(pads[d]))
                .at(printable(op.name));
}

std::string producedWord(std::int64_t produced, std::int64_t consumed)
{
    return consumed > 0 ? fmt::format("{}→{}", consumed, produced) : std::to_string(produced);
}

std::string padsWord(const Op& op)
{
    const Ints p = op.attributes.has("pads") ? op.attributes.integers("pads") : Ints{0};
    return areAll(p, p.empty() ? 0 : p[0]) ? fmt::format("p{}", p.empty() ? 0 : p[0]) : fmt::format("p[{}]", fmt::join(p, ","));
}

std::string timesWord(const Ints& sizes)
{
    return fmt::format("{}", fmt::join(sizes, "×"));
}

void addWindowWords(std::vector<std::string>& words, const Op& op, const Ints& usualStride)
{
    const std::size_t rank = usualStride.size();
    const Ints stride = perDimension(op, "stride", rank), dilation = perDimension(op, "dilation", rank);
    const auto brief = [](const Ints& values) { return areAll(values, values[0]) ? std::to_string(values[0]) : timesWord(values); };
    const std::string padding = op.attributes.string("padding", "valid");
    words.push_back(timesWord(perDimension(op, "kernel", rank)));
    if (stride != usualStride)
        words.push_back("s" + brief(stride));
    if (!areAll(dilation, 1))
        words.push_back("d" + brief(dilation));
    if (padding != "valid")
        words.push_back(padding == "explicit" ? padsWord(op) : padding);
    if (op.attributes.boolean("ceil", false))
        words.push_back("ceil");
}

std::string layoutProblem(Framework framework, const Call& call)
{
    const Value* input = call.find();
    if (!input || !takesImage(call.op) || input->shape.size() < 3)
        return {};
    const int c = channelOf(*input, input->shape.size() - 2);
    if (c < 0 || c == (isChannelsFirst(call.op, framework) ? 1 : static_cast<int>(input->shape.size()) - 1))
        return {};
    return fmt::format("what it takes for channels are not the channels of its input ({})", text(input->axes));
}

}
