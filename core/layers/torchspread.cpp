// SPDX-License-Identifier: GPL-3.0-or-later
// What PyTorch computes an op of Keras by: padding in numbers, which stand apart where its sides differ; filters and groups in place of a
// multiplier; scale and shift where one of them is missing.
#include "core/layers/torchspread.h"

#include "core/layers/imagekinds.h"
#include "core/layers/normkinds.h"
#include "core/layers/shapekinds.h"
#include "core/layers/spread.h"
#include "core/layers/window.h"

#include <algorithm>
#include <limits>

namespace core::layers {

namespace {

Ints padsOf(const Call& call)
{
    const std::size_t rank = windowRank(call.op);
    return windowOf(call.op, pictureOf(call.op, call.input(), rank).sizes).pads;
}

bool isEven(const Ints& pads)
{
    for (std::size_t d = 0; d < pads.size(); d += 2)
        if (pads[d] != pads[d + 1])
            return false;
    return true;
}

/// The op with its padding in numbers; "same" that PyTorch has too stays.
Op told(const Call& call)
{
    Op op = call.op;
    const std::string padding = op.attributes.string("padding", "valid");
    const Ints stride = perDimension(op, "stride", windowRank(op));
    const bool isPyTorchs = padding == "same" && op.attributes.has("bias") &&
                            std::all_of(stride.begin(), stride.end(), [](std::int64_t step) { return step == 1; });
    if (padding == "valid" || padding == "explicit" || isPyTorchs)
        return op;
    const Ints pads = padsOf(call);
    const bool isNone = std::all_of(pads.begin(), pads.end(), [](std::int64_t pad) { return pad == 0; });
    op.attributes.set("padding", std::string(isNone ? "valid" : "explicit"));
    if (!isNone)
        op.attributes.set("pads", pads);
    return op;
}

/// With its padding in front of it, where the sides differ.
Steps apart(Op op, double value)
{
    const std::string padding = op.attributes.string("padding", "valid");
    if (padding != "explicit" || isEven(op.attributes.integers("pads")))
        return chainOf({stepOf("", op)});
    Step pad = core::layers::padding("pad", op.attributes.integers("pads"));
    if (value != 0)
        pad.attributes.set("value", value);
    op.attributes.set("padding", std::string("valid"));
    op.attributes.remove("pads");
    return chainOf({pad, stepOf("", op)});
}

std::optional<Steps> convolution(const Call& call, bool)
{
    Op op = told(call);
    if (op.attributes.has("multiplier")) { // a group for each channel
        const std::int64_t channels = pictureOf(op, call.input(), windowRank(op)).channels;
        op.attributes.set("filters", channels * op.attributes.integer("multiplier"));
        op.attributes.set("groups", channels);
        op.attributes.remove("multiplier");
    }
    return op.attributes == call.op.attributes ? std::nullopt : std::optional(apart(op, 0));
}

/// What is put around never wins: zeros where nothing is below, else the lowest number.
std::optional<Steps> maxPooling(const Call& call, bool neverNegative)
{
    const Op op = told(call);
    if (op.attributes == call.op.attributes)
        return {};
    return apart(op, neverNegative ? 0 : static_cast<double>(std::numeric_limits<float>::lowest()));
}

/// What is put around is not counted: functions alone can do that where the sides differ (torchCode).
std::optional<Steps> averagePooling(const Call& call, bool)
{
    const Op op = told(call);
    const bool isOne = op.attributes.string("padding", "valid") != "explicit" || isEven(op.attributes.integers("pads"));
    return !isOne || op.attributes == call.op.attributes ? std::nullopt : std::optional(chainOf({stepOf("", op)}));
}

/// nn.AdaptiveAvgPool2d(1) keeps the places, which a Flatten takes away.
std::optional<Steps> globalPooling(const Call& call, bool)
{
    if (call.op.attributes.boolean("keepdims", false))
        return {};
    Op op = call.op;
    op.attributes.set("keepdims", true);
    return chainOf({stepOf("", op), {"flatten", flatten.id, {{"start", std::int64_t{1}}, {"end", std::int64_t{-1}}}, {}}});
}

/// What PyTorch cuts off in front and behind alike; the rest is cropped.
std::optional<Steps> transposed(const Call& call, bool)
{
    try {
        kind(call.op.kind)->toTorch(call.op);
        return {};
    } catch (const Error& error) {
        if (error.id() != "layer-no-twin")
            throw;
    }
    const std::size_t rank = windowRank(call.op);
    Ints pads = transposedWindowOf(call.op, pictureOf(call.op, call.input(), rank).sizes).pads;
    if (std::any_of(pads.begin(), pads.end(), [](std::int64_t pad) { return pad < 0; }))
        return {};
    Op op = call.op;
    op.attributes.set("padding", std::string("valid"));
    op.attributes.set("output_padding", Ints(rank, 0));
    op.attributes.remove("pads");
    std::transform(pads.begin(), pads.end(), pads.begin(), [](std::int64_t pad) { return -pad; });
    return chainOf({stepOf("", op), padding("crop", pads)});
}

/// PyTorch's norms have scale and shift both or neither; LayerNorm may have a scale alone. The missing one is neutral.
std::optional<Steps> norm(const Call& call, bool)
{
    Op op = call.op;
    const bool scale = op.attributes.boolean("scale", true), center = op.attributes.boolean("center", true);
    if (scale == center || (scale && op.kind == layerNorm.id))
        return {};
    op.attributes.set("scale", true);
    op.attributes.set("center", true);
    return chainOf({stepOf("", op)});
}

struct Row
{
    const Kind* kind;
    std::optional<Steps> (*spread)(const Call& call, bool neverNegative);
};

const std::initializer_list<Row>& table()
{
    static const std::initializer_list<Row> rows{
        {&conv1d, convolution},
        {&conv2d, convolution},
        {&conv3d, convolution},
        {&maxPool1d, maxPooling},
        {&maxPool2d, maxPooling},
        {&maxPool3d, maxPooling},
        {&avgPool1d, averagePooling},
        {&avgPool2d, averagePooling},
        {&avgPool3d, averagePooling},
        {&globalAvgPool1d, globalPooling},
        {&globalAvgPool2d, globalPooling},
        {&globalAvgPool3d, globalPooling},
        {&globalMaxPool1d, globalPooling},
        {&globalMaxPool2d, globalPooling},
        {&globalMaxPool3d, globalPooling},
        {&convTranspose1d, transposed},
        {&convTranspose2d, transposed},
        {&convTranspose3d, transposed},
        {&batchNorm, norm},
        {&groupNorm, norm},
        {&layerNorm, norm},
    };
    return rows;
}

}

std::optional<Steps> spreadOf(const Kind& kind, const Call& call, Framework framework, bool neverNegative)
{
    const auto row = std::find_if(table().begin(), table().end(), [&](const Row& known) { return known.kind == &kind; });
    if (framework == Framework::Torch && row != table().end())
        return row->spread(call, neverNegative);
    return kind.spread ? kind.spread(call, framework, neverNegative) : std::nullopt;
}

}
