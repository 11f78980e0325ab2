// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/composite.h"

#include "core/layers/imagekinds.h"
#include "core/layers/shapekinds.h"
#include "core/layers/spec.h"
#include "core/layers/window.h"

#include <algorithm>
#include <array>
#include <functional>

namespace core::layers {

namespace {

constexpr std::array averagePoolings{&avgPool1d, &avgPool2d, &avgPool3d};
constexpr std::array transposedConvolutions{&convTranspose1d, &convTranspose2d, &convTranspose3d};

bool isWindowed(const Op& op)
{
    const Kind* known = kind(op.kind);
    return known && !known->pads && known->effect == Effect::Images && windowRank(op) > 0;
}

bool padsAWindow(const Op& first, const Op& second, const Value*)
{
    return padsOnly(first) && isWindowed(second);
}

/// Padding in a window's own settings; of 'same' the two would depend on the input's size.
std::optional<Op> paddedWindow(const Op& padding, const Op& op, const Op& single)
{
    const std::string inner = op.attributes.string("padding", "valid");
    const bool addsUp = inner == "valid" || (inner == "explicit" && !op.attributes.has("padding_mode"));
    if (op.kind != single.kind || !addsUp || single.attributes.string("padding", "valid") == "valid" ||
        padding.attributes.integers("pads", Ints{}).size() != 2 * windowRank(op))
        return {};
    return withPadding(op, padding);
}

std::string paddingCaveat(const Op&, const Op& op)
{
    const Kind* known = kind(op.kind);
    return known && known->picks ? "zeros in front take part on one side only: equal where no value is negative" : "";
}

bool flattensAPooling(const Op& first, const Op& second, const Value* input)
{
    const Kind* known = kind(first.kind);
    return ((known && known->effect == Effect::Averages) || averagesAll(first, input)) && second.kind == flatten.id;
}

std::optional<Op> droppedAxes(const Op& first, const Op&, const Op& single)
{
    const Kind *known = kind(single.kind), *pooling = kind(first.kind);
    const bool isSame = pooling && known && pooling->picks == known->picks;
    const bool drops = isSame && known->effect == Effect::Averages && !single.attributes.boolean("keepdims", false);
    return drops ? std::optional(single) : std::nullopt;
}

std::string noCaveat(const Op&, const Op&)
{
    return {};
}

bool crops(const Op& op)
{
    const Kind* known = kind(op.kind);
    const Ints pads = known && known->pads ? op.attributes.integers("pads", Ints{}) : Ints{};
    return !pads.empty() && std::all_of(pads.begin(), pads.end(), [](std::int64_t pad) { return pad <= 0; });
}

bool cropsATransposed(const Op& first, const Op& second, const Value*)
{
    const Kind* known = kind(first.kind);
    return crops(second) && std::any_of(transposedConvolutions.begin(), transposedConvolutions.end(),
                                        [&](const Kind* transposed) { return transposed == known; });
}

/// What a transposed convolution pads is what it cuts off its result.
std::optional<Op> croppedTransposed(const Op& first, const Op& cropping, const Op& single)
{
    Ints pads = cropping.attributes.integers("pads");
    const std::string inner = first.attributes.string("padding", "valid");
    if (first.kind != single.kind || (inner != "valid" && inner != "explicit") || pads.size() != 2 * windowRank(first))
        return {};
    const Ints own = inner == "explicit" ? first.attributes.integers("pads", pads.size()) : Ints(pads.size(), 0);
    std::transform(own.begin(), own.end(), pads.begin(), pads.begin(), std::minus<>());
    Op whole = first;
    whole.attributes.set("padding", std::string("explicit"));
    whole.attributes.set("pads", pads);
    return whole;
}

constexpr std::array<Composite, 3> table{
    Composite{cropsATransposed, croppedTransposed, 0, noCaveat, "cropping-adds-up", "the cropping behind it cuts off the same"},
    Composite{padsAWindow, paddedWindow, 1, paddingCaveat, "padding-adds-up", "the zero padding in front adds up to the same"},
    Composite{flattensAPooling, droppedAxes, 0, noCaveat, "", ""}};

}

std::span<const Composite> composites()
{
    return table;
}

const Composite* compositeOf(const Op& first, const Op& second, const Value* input)
{
    const auto found = std::find_if(table.begin(), table.end(), [&](const Composite& row) { return row.covers(first, second, input); });
    return found == table.end() ? nullptr : &*found;
}

bool averagesAll(const Op& op, const Value* input)
{
    const Kind* known = kind(op.kind);
    if (known && known->effect == Effect::Averages && !known->picks)
        return true;
    const bool averages = std::any_of(averagePoolings.begin(), averagePoolings.end(), [&](const Kind* pool) { return pool == known; });
    if (!averages || !input || op.attributes.string("padding", "valid") != "valid")
        return false;
    try {
        return op.attributes.integers("kernel") == pictureOf(op, *input, windowRank(op)).sizes;
    } catch (const Error&) {
        return false;
    }
}

Op withPadding(Op op, const Op& padding)
{
    Ints pads = padding.attributes.integers("pads");
    if (op.attributes.string("padding", "valid") == "explicit") {
        const Ints own = op.attributes.integers("pads", pads.size());
        std::transform(pads.begin(), pads.end(), own.begin(), pads.begin(), std::plus<>());
    }
    op.attributes.set("padding", std::string("explicit"));
    op.attributes.set("pads", pads);
    const Kind* known = kind(op.kind);
    if (std::any_of(averagePoolings.begin(), averagePoolings.end(), [&](const Kind* pool) { return pool == known; }))
        op.attributes.set("count_pad", true);
    return op;
}

bool padsOnly(const Op& op)
{
    const Kind* known = kind(op.kind);
    const Ints pads = known && known->pads ? op.attributes.integers("pads", Ints{}) : Ints{};
    const bool hasZeros = !op.attributes.has("padding_mode") && op.attributes.real("value", 0.0) == 0;
    return known && known->pads && hasZeros && std::none_of(pads.begin(), pads.end(), [](std::int64_t pad) { return pad < 0; });
}

}
