// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/composite.h"

#include "core/layers/imagekinds.h"
#include "core/layers/shapekinds.h"
#include "core/layers/spec.h"

#include <algorithm>
#include <array>
#include <functional>

namespace core::layers {

namespace {

bool isWindowed(const Op& op)
{
    return op.kind == conv2d.id || op.kind == avgPool2d.id || op.kind == maxPool2d.id;
}

bool padsAWindow(const Op& first, const Op& second, const Value*)
{
    return padsOnly(first) && isWindowed(second);
}

/// Padding in a window's own settings; of 'same' the two would depend on the input's size.
std::optional<Op> paddedWindow(const Op& padding, const Op& op, const Op& single)
{
    if (op.kind != single.kind || op.attributes.string("padding", "valid") == "same" ||
        single.attributes.string("padding", "valid") == "valid")
        return {};
    return withPadding(op, padding);
}

std::string paddingCaveat(const Op&, const Op& op)
{
    return op.kind == maxPool2d.id ? "zeros in front take part on one side only: equal where no value is negative" : "";
}

bool flattensAPooling(const Op& first, const Op& second, const Value* input)
{
    return averagesAll(first, input) && second.kind == flatten.id;
}

std::optional<Op> droppedAxes(const Op&, const Op&, const Op& single)
{
    const bool drops = single.kind == globalAvgPool2d.id && !single.attributes.boolean("keepdims", false);
    return drops ? std::optional(single) : std::nullopt;
}

std::string noCaveat(const Op&, const Op&)
{
    return {};
}

constexpr std::array<Composite, 2> table{
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
    if (op.kind == globalAvgPool2d.id)
        return true;
    if (op.kind != avgPool2d.id || !input)
        return false;
    const int h = indexOf(input->axes, "H"), w = indexOf(input->axes, "W");
    return h >= 0 && w >= 0 && op.attributes.string("padding", "valid") == "valid" &&
           op.attributes.integers("kernel", 2) ==
               Ints{input->shape[static_cast<std::size_t>(h)], input->shape[static_cast<std::size_t>(w)]};
}

Op withPadding(Op op, const Op& padding)
{
    Ints pads = padding.attributes.integers("pads", 4);
    if (op.attributes.string("padding", "valid") == "explicit") {
        const Ints own = op.attributes.integers("pads", 4);
        std::transform(pads.begin(), pads.end(), own.begin(), pads.begin(), std::plus<>());
    }
    op.attributes.set("padding", std::string("explicit"));
    op.attributes.set("pads", pads);
    if (op.kind == avgPool2d.id)
        op.attributes.set("count_pad", true);
    return op;
}

bool padsOnly(const Op& op)
{
    const Kind* known = kind(op.kind);
    return known && known->pads;
}

}
