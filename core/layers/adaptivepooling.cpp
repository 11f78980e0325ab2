// SPDX-License-Identifier: GPL-3.0-or-later
// adaptiveavgpool1d to 3d and adaptivemaxpool1d to 3d: output, the sizes that are left, more than one place. What leaves one is global.
#include "core/layers/imagekinds.h"
#include "core/layers/resampling.h"
#include "core/layers/spec.h"
#include "core/layers/spread.h"
#include "core/layers/turned.h"
#include "core/layers/window.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace core::layers {

namespace {

Attributes withOutput(const Ints& sizes)
{
    if (std::any_of(sizes.begin(), sizes.end(), [](std::int64_t size) { return size < 1 || size > 1 << 20; }))
        unsupported("output_size " + text(sizes), "output sizes between 1 and 2^20");
    return {{"output", sizes}};
}

template <std::size_t Rank>
Attributes fromTorch(const TorchSpec& spec)
{
    if (spec.raw.boolean("return_indices", false))
        unsupported("return_indices", "a pooling with one result");
    return withOutput(spec.raw.integers("output_size", Rank));
}

template <std::size_t Rank>
Attributes fromKeras(const KerasSpec& spec)
{
    Attributes canonical = withOutput(kerasInts(spec.config, "output_size", Rank, {}));
    setKerasLayout(canonical, spec.config);
    return canonical;
}

template <std::size_t Rank>
Json toKeras(const Op& op)
{
    const Ints output = op.attributes.integers("output", Rank);
    return {{"output_size", Rank == 1 ? Json(output[0]) : Json(output)}, {"data_format", kerasLayout(op)}};
}

template <std::size_t Rank, bool Max>
TorchSpec toTorch(const Op& op)
{
    return {fmt::format("Adaptive{}Pool{}d", Max ? "Max" : "Avg", Rank), {{"output_size", op.attributes.integers("output", Rank)}}, {}};
}

template <std::size_t Rank>
std::vector<Value> infer(const Call& call)
{
    return {resized(call.input(), pictureOf(call.op, call.input(), Rank), call.op.attributes.integers("output", Rank))};
}

std::string difference(const Call& a, const Call& b)
{
    return differs("output size", a.op.attributes.integers("output"), b.op.attributes.integers("output"));
}

std::vector<std::string> words(const Op& op, std::int64_t)
{
    return {"to " + timesWord(op.attributes.integers("output"))};
}

/// Where the sizes divide it is a pooling of windows side by side.
template <std::size_t Rank, bool Max>
std::optional<Steps> spread(const Call& call, Framework framework, bool)
{
    if (framework != Framework::Keras)
        return {};
    constexpr std::array average{&avgPool1d, &avgPool2d, &avgPool3d}, largest{&maxPool1d, &maxPool2d, &maxPool3d};
    const Ints sizes = pictureOf(call.op, call.input(), Rank).sizes, output = call.op.attributes.integers("output", Rank);
    Ints kernel;
    for (std::size_t d = 0; d < Rank; ++d) {
        if (sizes[d] % output[d] != 0)
            throw Error("layer-no-twin")
                .expected("an output size that divides the input's")
                .found(fmt::format("{} of {}", output[d], sizes[d]))
                .at(printable(call.op.name));
        kernel.push_back(sizes[d] / output[d]);
    }
    Attributes settings{
        {"kernel", kernel}, {"stride", kernel}, {"dilation", Ints(Rank, 1)}, {"padding", std::string("valid")}, {"ceil", false}};
    if (!Max)
        settings.set("count_pad", false);
    return chainOf({{"", (Max ? largest : average)[Rank - 1]->id, settings, {}}});
}

/// What all have alike.
template <std::size_t Rank, bool Max>
Kind pooling(Kind kind)
{
    kind.effect = Effect::Images;
    kind.family = "pooling";
    kind.picks = Max;
    kind.fromTorch = fromTorch<Rank>;
    kind.fromKeras = fromKeras<Rank>;
    kind.toTorch = toTorch<Rank, Max>;
    kind.toKeras = toKeras<Rank>;
    kind.inputAxes = imageAxes<Rank>;
    kind.turned = turnedImages;
    kind.infer = infer<Rank>;
    kind.difference = difference;
    kind.words = words;
    kind.spread = spread<Rank, Max>;
    return kind;
}

/// Their torch classes are the global ones', which a table finds by their names.
struct Row
{
    std::string_view torchClass;
    const Kind* kind;
    const Kind* global;
};
constexpr std::array<Row, 6> table{
    Row{"AdaptiveAvgPool1d", &adaptiveAvgPool1d, &globalAvgPool1d}, Row{"AdaptiveAvgPool2d", &adaptiveAvgPool2d, &globalAvgPool2d},
    Row{"AdaptiveAvgPool3d", &adaptiveAvgPool3d, &globalAvgPool3d}, Row{"AdaptiveMaxPool1d", &adaptiveMaxPool1d, &globalMaxPool1d},
    Row{"AdaptiveMaxPool2d", &adaptiveMaxPool2d, &globalMaxPool2d}, Row{"AdaptiveMaxPool3d", &adaptiveMaxPool3d, &globalMaxPool3d}};

bool areOnes(const Attribute& sizes)
{
    const auto* one = std::get_if<std::int64_t>(&sizes);
    const auto* list = std::get_if<Ints>(&sizes);
    return (one && *one == 1) || (list && std::all_of(list->begin(), list->end(), [](std::int64_t size) { return size == 1; }));
}

}

const Kind* adaptivePooling(const TorchSpec& spec)
{
    const auto row = std::find_if(table.begin(), table.end(), [&](const Row& known) { return known.torchClass == spec.className; });
    const auto size = std::find_if(spec.raw.begin(), spec.raw.end(), [](const auto& entry) { return entry.first == "output_size"; });
    return row == table.end() || size == spec.raw.end() || areOnes(size->second) ? nullptr : row->kind;
}

const Kind* globalPooling(const KerasSpec& spec)
{
    const auto row =
        std::find_if(table.begin(), table.end(), [&](const Row& known) { return known.kind->kerasClasses.front() == spec.className; });
    if (row == table.end() || !spec.config.contains("output_size"))
        return nullptr;
    const Ints sizes = kerasList(spec.config, "output_size");
    return areOnes(sizes) ? row->global : nullptr;
}

const Kind adaptiveAvgPool1d =
    pooling<1, false>({.id = "adaptiveavgpool1d", .torchClasses = {"AdaptiveAvgPool1d"}, .kerasClasses = {"AdaptiveAveragePooling1D"}});
const Kind adaptiveAvgPool2d =
    pooling<2, false>({.id = "adaptiveavgpool2d", .torchClasses = {"AdaptiveAvgPool2d"}, .kerasClasses = {"AdaptiveAveragePooling2D"}});
const Kind adaptiveAvgPool3d =
    pooling<3, false>({.id = "adaptiveavgpool3d", .torchClasses = {"AdaptiveAvgPool3d"}, .kerasClasses = {"AdaptiveAveragePooling3D"}});
const Kind adaptiveMaxPool1d =
    pooling<1, true>({.id = "adaptivemaxpool1d", .torchClasses = {"AdaptiveMaxPool1d"}, .kerasClasses = {"AdaptiveMaxPooling1D"}});
const Kind adaptiveMaxPool2d =
    pooling<2, true>({.id = "adaptivemaxpool2d", .torchClasses = {"AdaptiveMaxPool2d"}, .kerasClasses = {"AdaptiveMaxPooling2D"}});
const Kind adaptiveMaxPool3d =
    pooling<3, true>({.id = "adaptivemaxpool3d", .torchClasses = {"AdaptiveMaxPool3d"}, .kerasClasses = {"AdaptiveMaxPooling3D"}});

}
