// SPDX-License-Identifier: GPL-3.0-or-later
// convtranspose1d, convtranspose2d, convtranspose3d: filters, kernel, stride, dilation, groups, bias; padding "valid" | "same" | "explicit"
// with pads [top,bottom,left,right] that are cut off; output_padding (a number for each dimension), absent where Keras settles it itself.
#include "core/layers/imagekinds.h"
#include "core/layers/spec.h"
#include "core/layers/turned.h"
#include "core/layers/window.h"

#include <algorithm>
#include <fmt/format.h>
#include <functional>

namespace core::layers {

namespace {

template <std::size_t Rank>
Attributes fromTorch(const TorchSpec& spec)
{
    Attributes canonical;
    setTorchWindow(canonical, spec, Rank);
    if (const std::string mode = spec.raw.string("padding_mode", "zeros"); mode != "zeros")
        unsupported("padding_mode " + printable(mode), "zeros");
    canonical.set("output_padding", spec.raw.integers("output_padding", Rank, Ints(Rank, 0)));
    canonical.set("filters", spec.raw.integer("out_channels"));
    canonical.set("groups", spec.raw.integer("groups", 1));
    canonical.set("bias", spec.parameters.contains("bias"));
    return canonical;
}

template <std::size_t Rank>
Attributes fromKeras(const KerasSpec& spec)
{
    Attributes canonical;
    setKerasWindow(canonical, spec, "kernel_size", Rank);
    if (canonical.string("padding") == "causal")
        unsupported("padding causal", "'same' or 'valid'");
    if (const std::int64_t groups = kerasInt(spec.config, "groups", 1); groups != 1)
        unsupported(fmt::format("{} groups", groups), "one group");
    if (canonical.integers("dilation", Rank) != Ints(Rank, 1))
        unsupported("a dilation in a transposed convolution of Keras", "dilation 1");
    if (const Ints given = kerasInts(spec.config, "output_padding", Rank, Ints{}); !given.empty())
        canonical.set("output_padding", given);
    canonical.set("filters", kerasInt(spec.config, "filters", 0));
    canonical.set("bias", kerasBool(spec.config, "use_bias", true));
    return canonical;
}

/// Of the whole result, (n - 1) stride + reach long and continued with zeros: how many of it are cut off in front, and what is added
/// behind.
struct Cut
{
    Ints before, more; ///< the result is more longer than the whole one (less where negative)
    bool operator==(const Cut&) const = default;
};

/// What TensorFlow cuts off is what the convolution would pad whose gradient it is.
Cut cutOf(const Op& op, std::size_t rank)
{
    const Ints kernel = perDimension(op, "kernel", rank), stride = perDimension(op, "stride", rank);
    const Ints dilation = perDimension(op, "dilation", rank);
    const std::string padding = op.attributes.string("padding", "valid");
    const bool isTold = op.attributes.has("output_padding");
    const Ints added = op.attributes.integers("output_padding", rank, Ints(rank, 0));
    const Ints pads = padding == "explicit" ? op.attributes.integers("pads", 2 * rank) : Ints(2 * rank, 0);
    Cut result;
    for (std::size_t d = 0; d < rank; ++d) {
        const std::int64_t reach = (kernel[d] - 1) * dilation[d] + 1;
        const std::int64_t open = isTold ? added[d] : std::max<std::int64_t>(stride[d] - reach, 0);
        if (padding == "same") {
            const std::int64_t more = isTold ? added[d] - 2 * (reach / 2) : stride[d] - reach;
            result.before.push_back(std::max<std::int64_t>(-more, 0) / 2);
            result.more.push_back(more);
        } else {
            result.before.push_back(pads[2 * d]);
            result.more.push_back(open - pads[2 * d] - pads[2 * d + 1]);
        }
    }
    return result;
}

template <std::size_t Rank>
TorchSpec toTorch(const Op& op)
{
    const auto [before, more] = cutOf(op, Rank);
    const Ints stride = perDimension(op, "stride", Rank), dilation = perDimension(op, "dilation", Rank);
    Ints added;
    for (std::size_t d = 0; d < Rank; ++d) {
        added.push_back(more[d] + 2 * before[d]);
        if (added[d] < 0 || (added[d] > 0 && added[d] >= std::max(stride[d], dilation[d])))
            throw Error("layer-no-twin")
                .expected("as much cut off in front as behind")
                .found(fmt::format("padding {}", op.attributes.string("padding", "valid")))
                .at(printable(op.name));
    }
    return {fmt::format("ConvTranspose{}d", Rank),
            {{"out_channels", op.attributes.integer("filters")},
             {"kernel_size", op.attributes.integers("kernel", Rank)},
             {"stride", stride},
             {"padding", before},
             {"output_padding", added},
             {"dilation", dilation},
             {"groups", op.attributes.integer("groups", 1)},
             {"bias", op.attributes.boolean("bias", true)}},
            {}};
}

/// What is left of a when b is taken from it, for each dimension.
Ints minus(Ints a, const Ints& b)
{
    std::transform(a.begin(), a.end(), b.begin(), a.begin(), std::minus{});
    return a;
}

/// Whether Keras takes it: less than the stride (keras.layers.Conv2DTranspose).
bool isOutputPadding(const Ints& added, const Ints& stride)
{
    return std::equal(added.begin(), added.end(), stride.begin(), [](auto more, auto step) { return more >= 0 && more < step; });
}

template <std::size_t Rank>
Json toKeras(const Op& op)
{
    if (op.attributes.integer("groups", 1) != 1 || perDimension(op, "dilation", Rank) != Ints(Rank, 1))
        throw Error("layer-no-twin").expected("a transposed convolution of one group").found("groups or dilation").at(printable(op.name));
    Json config{{"filters", op.attributes.integer("filters")},     {"kernel_size", op.attributes.integers("kernel", Rank)},
                {"strides", perDimension(op, "stride", Rank)},     {"data_format", kerasLayout(op)},
                {"use_bias", op.attributes.boolean("bias", true)}, {"dilation_rate", perDimension(op, "dilation", Rank)}};
    const auto with = [&](const Op& like) {
        config["padding"] = like.attributes.string("padding", "valid");
        if (like.attributes.has("output_padding"))
            config["output_padding"] = like.attributes.integers("output_padding", Rank);
        return config;
    };
    if (op.attributes.string("padding", "valid") != "explicit")
        return with(op);
    const Cut cut = cutOf(op, Rank);
    for (const bool told : {false, true}) // output_padding as Keras settles it itself, else told
        for (const char* padding : {"valid", "same"}) {
            Op like = op;
            like.attributes.set("padding", std::string(padding));
            like.attributes.remove("output_padding");
            if (told) {
                like.attributes.set("output_padding", Ints(Rank, 0));
                const Ints added = minus(cut.more, cutOf(like, Rank).more);
                if (!isOutputPadding(added, perDimension(op, "stride", Rank)))
                    continue;
                like.attributes.set("output_padding", added);
            }
            if (cutOf(like, Rank) == cut)
                return with(like);
        }
    throw Error("layer-no-twin").expected("what 'same' or 'valid' cut off").found("other padding").at(printable(op.name));
}

template <std::size_t Rank>
std::vector<Role> roles(const Attributes& settings, Framework framework, std::span<const Value> inputs)
{
    const bool isGrouped = settings.integer("groups", 1) > 1; // then a kernel has a part of the channels that are made
    const std::string letters(kernelLetters(Rank)), torch = "io" + letters, keras = letters + "oi";
    return rolesFrom(framework, kernelAxes(settings, Rank, isGrouped ? 0 : settings.integer("filters", 0), channelsOf(inputs, Rank)),
                     {{"kernel", "weight", "kernel", torch, keras}, {"bias", "bias", "bias", "o", "o", settings.boolean("bias", true)}});
}

void fromAten(std::string_view, TorchSpec& spec)
{
    const auto weight = spec.parameters.find("weight");
    if (weight == spec.parameters.end() || weight->second.size() < 3)
        return;
    const Shape& shape = weight->second;
    std::int64_t made = 0;
    if (__builtin_mul_overflow(shape[1], spec.raw.integer("groups", 1), &made))
        return;
    spec.raw.set("in_channels", shape[0]);
    spec.raw.set("out_channels", made);
    spec.raw.set("kernel_size", Ints(shape.begin() + 2, shape.end()));
    if (!spec.raw.has("stride"))
        spec.raw.set("stride", std::int64_t{1});
}

template <std::size_t Rank>
std::vector<std::string> words(const Op& op, std::int64_t consumed)
{
    std::vector<std::string> result{producedWord(op.attributes.integer("filters", 0), consumed)};
    addWindowWords(result, op, Ints(Rank, 1));
    const Ints added = op.attributes.integers("output_padding", Rank, Ints(Rank, 0));
    if (added != Ints(Rank, 0))
        result.push_back("+" + timesWord(added));
    if (const std::int64_t groups = op.attributes.integer("groups", 1); groups != 1)
        result.push_back(fmt::format("g{}", groups));
    return result;
}

template <std::size_t Rank>
std::vector<Value> infer(const Call& call)
{
    const Picture picture = pictureOf(call.op, call.input(), Rank);
    const std::int64_t groups = call.op.attributes.integer("groups", 1), filters = call.op.attributes.integer("filters");
    if (groups < 1 || filters < 1 || filters % groups != 0 || picture.channels % groups != 0)
        throw Error("shape-groups")
            .expected(fmt::format("groups that divide {} channels and {} filters", picture.channels, filters))
            .found(std::to_string(groups))
            .at(printable(call.op.name));
    return {resized(call.input(), picture, transposedWindowOf(call.op, picture.sizes).result, filters)};
}

std::string difference(const Call& a, const Call& b)
{
    const std::size_t rank = windowRank(a.op);
    if (rank == 0 || windowRank(b.op) != rank)
        return differs("kernel", static_cast<std::int64_t>(rank), static_cast<std::int64_t>(windowRank(b.op)));
    const auto of = [&](const Call& call, const char* name) { return Attribute(perDimension(call.op, name, rank)); };
    const Cut ofA = cutOf(a.op, rank), ofB = cutOf(b.op, rank);
    return firstOf({differs("filters", a.op.attributes.integer("filters", 0), b.op.attributes.integer("filters", 0)),
                    differs("groups", a.op.attributes.integer("groups", 1), b.op.attributes.integer("groups", 1)),
                    differs("kernel", of(a, "kernel"), of(b, "kernel")), differs("stride", of(a, "stride"), of(b, "stride")),
                    differs("dilation", of(a, "dilation"), of(b, "dilation")), differs("cut in front", ofA.before, ofB.before),
                    differs("result longer by", ofA.more, ofB.more)});
}

/// What all three have alike.
template <std::size_t Rank>
Kind transposed(Kind kind, std::string_view atenName)
{
    kind.aten = {{atenName,
                  kind.torchClasses.front(),
                  {{"input", "input"},
                   {"weight", "weight"},
                   {"bias", "bias"},
                   {"stride", "stride"},
                   {"padding", "padding"},
                   {"output_padding", "output_padding"},
                   {"groups", "groups"},
                   {"dilation", "dilation"}}}};
    kind.effect = Effect::Images;
    kind.takesActivation = true;
    kind.form = Form::Logits;
    kind.fromTorch = fromTorch<Rank>;
    kind.fromKeras = fromKeras<Rank>;
    kind.toTorch = toTorch<Rank>;
    kind.toKeras = toKeras<Rank>;
    kind.fromAten = fromAten;
    kind.roles = roles<Rank>;
    kind.inputAxes = imageAxes<Rank>;
    kind.turned = turnedImages;
    kind.infer = infer<Rank>;
    kind.difference = difference;
    kind.words = words<Rank>;
    return kind;
}

}

Window transposedWindowOf(const Op& op, const Ints& sizes)
{
    constexpr std::int64_t largest = 1 << 20;
    const std::size_t rank = sizes.size();
    Window window{perDimension(op, "kernel", rank), perDimension(op, "stride", rank), perDimension(op, "dilation", rank), {}, {}};
    const Cut cut = cutOf(op, rank);
    for (std::size_t d = 0; d < rank; ++d) {
        for (const std::int64_t number : {window.kernel[d], window.stride[d], window.dilation[d], cut.before[d] + 1})
            if (number < 1 || number > largest)
                throw Error("shape-window")
                    .expected(fmt::format("a number between 1 and {}", largest))
                    .found(std::to_string(number))
                    .at(printable(op.name));
        const std::int64_t whole = (sizes[d] - 1) * window.stride[d] + (window.kernel[d] - 1) * window.dilation[d] + 1;
        const std::int64_t made = whole + cut.more[d];
        if (made < 1 || cut.before[d] >= whole)
            throw Error("shape-window")
                .expected("an input of which something is left")
                .found(std::to_string(sizes[d]))
                .at(printable(op.name));
        window.pads.insert(window.pads.end(), {cut.before[d], whole - cut.before[d] - made});
        window.result.push_back(made);
    }
    return window;
}

const Kind convTranspose1d =
    transposed<1>({.id = "convtranspose1d", .torchClasses = {"ConvTranspose1d"}, .kerasClasses = {"Conv1DTranspose"}}, "conv_transpose1d");
const Kind convTranspose2d =
    transposed<2>({.id = "convtranspose2d", .torchClasses = {"ConvTranspose2d"}, .kerasClasses = {"Conv2DTranspose", "Deconvolution2D"}},
                  "conv_transpose2d");
const Kind convTranspose3d =
    transposed<3>({.id = "convtranspose3d", .torchClasses = {"ConvTranspose3d"}, .kerasClasses = {"Conv3DTranspose"}}, "conv_transpose3d");

}
