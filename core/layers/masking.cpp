// SPDX-License-Identifier: GPL-3.0-or-later
// masking: value. Steps all of whose features have it become zeros; a second output tells the others.
#include "core/layers/sequencekinds.h"

#include <fmt/format.h>

namespace core::layers {

namespace {

Attributes fromKeras(const KerasSpec& spec)
{
    return {{"value", kerasReal(spec.config, "mask_value", 0)}};
}

Json toKeras(const Op& op)
{
    return {{"mask_value", op.attributes.real("value", 0)}};
}

std::vector<Value> infer(const Call& call)
{
    const Value& in = call.input();
    if (in.shape.size() < 3)
        throw Error("shape-masking").expected("steps with features").found(text(in.shape)).at(printable(call.op.name));
    Value mask = in;
    mask.shape.pop_back();
    if (!mask.axes.empty())
        mask.axes.pop_back();
    return {in, mask};
}

std::string difference(const Call& a, const Call& b)
{
    return differs("value", a.op.attributes.real("value", 0), b.op.attributes.real("value", 0));
}

std::vector<std::string> words(const Op& op, std::int64_t)
{
    return {fmt::format("of {:g}", op.attributes.real("value", 0))};
}

}

const Kind masking{.id = "masking",
                   .torchClasses = {},
                   .kerasClasses = {"Masking"},
                   .effect = Effect::Keeps,
                   .fromKeras = fromKeras,
                   .toKeras = toKeras,
                   .outputs = [](const Op&) { return 2; },
                   .infer = infer,
                   .difference = difference,
                   .words = words};

}
