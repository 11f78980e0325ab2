// SPDX-License-Identifier: GPL-3.0-or-later
// What moves, cuts, joins and gathers dimensions.
#include "core/layers/torchcode.h"

#include "core/layers/regroup.h"
#include "core/layers/slice.h"
#include "core/layers/window.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace core::layers {

namespace {

/// "(a, b)" of inputs.
std::string together(const TorchNames& names)
{
    return fmt::format("({})", fmt::join(names.inputs, ", "));
}

TorchCode concatenate(const Call& call, const TorchNames& names)
{
    return {fmt::format("torch.cat({}, dim={})", together(names), call.op.attributes.integer("axis", -1))};
}

TorchCode stack(const Call& call, const TorchNames& names)
{
    return {fmt::format("torch.stack({}, dim={})", together(names), call.op.attributes.integer("axis"))};
}

TorchCode select(const Call& call, const TorchNames& names)
{
    return {
        fmt::format("{}.select({}, {})", names.inputs.front(), call.op.attributes.integer("axis"), call.op.attributes.integer("index"))};
}

TorchCode reshape(const Call& call, const TorchNames& names)
{
    const std::string& x = names.inputs.front();
    const std::size_t rank = call.input().shape.size(), start = placeOf(call.op, call.op.attributes.integer("start", 1), rank),
                      end = placeOf(call.op, call.op.attributes.integer("end", -1), rank);
    std::vector<std::string> sizes;
    for (std::size_t d = 0; d < start; ++d)
        sizes.push_back(fmt::format("{}.shape[{}]", x, d));
    for (const std::int64_t size : call.op.attributes.integers("shape"))
        sizes.push_back(size < -1 ? fmt::format("{}.shape[{}]", x, -2 - size) : std::to_string(size));
    for (std::size_t d = end + 1; d < rank; ++d)
        sizes.push_back(fmt::format("{}.shape[{}]", x, d));
    return {fmt::format("{}.reshape({})", x, fmt::join(sizes, ", "))};
}

TorchCode flatten(const Call& call, const TorchNames& names)
{
    const bool isMoved = call.op.attributes.boolean("channels_first", false) && call.input().shape.size() > 2;
    return {fmt::format("{}{}.flatten({}, {})", names.inputs.front(), isMoved ? ".movedim(1, -1)" : "",
                        call.op.attributes.integer("start", 1), call.op.attributes.integer("end", -1))};
}

TorchCode permute(const Call& call, const TorchNames& names)
{
    const bool swaps = call.op.attributes.has("swap");
    return {fmt::format("{}.{}({})", names.inputs.front(), swaps ? "transpose" : "permute",
                        listed(call.op.attributes.integers(swaps ? "swap" : "order")))};
}

TorchCode squeeze(const Call& call, const TorchNames& names)
{
    std::vector<std::size_t> places;
    for (const std::int64_t axis : call.op.attributes.integers("axes"))
        places.push_back(placeOf(call.op, axis, call.input().shape.size()));
    std::sort(places.rbegin(), places.rend());
    std::string result = names.inputs.front();
    for (const std::size_t place : places)
        result += fmt::format(".squeeze({})", place);
    return {result};
}

TorchCode unsqueeze(const Call& call, const TorchNames& names)
{
    return {fmt::format("{}.unsqueeze({})", names.inputs.front(), call.op.attributes.integer("axis"))};
}

TorchCode expand(const Call& call, const TorchNames& names)
{
    return {fmt::format("{}.expand({})", names.inputs.front(), listed(call.op.attributes.integers("sizes")))};
}

TorchCode tile(const Call& call, const TorchNames& names)
{
    return {fmt::format("{}.repeat({})", names.inputs.front(), listed(call.op.attributes.integers("times")))};
}

TorchCode repeatVector(const Call& call, const TorchNames& names)
{
    return {fmt::format("{}.unsqueeze(1).repeat(1, {}, 1)", names.inputs.front(), call.op.attributes.integer("times"))};
}

TorchCode slice(const Call& call, const TorchNames& names)
{
    const Value& in = call.input();
    std::vector<std::string> places(in.shape.size(), ":");
    for (const Cut& cut : cutsOf(call.op, in)) {
        const std::int64_t end = cut.begin + (cut.count - 1) * cut.step + 1;
        const std::string step = cut.step == 1 ? std::string() : fmt::format(":{}", cut.step);
        places[cut.place] = cut.drops ? std::to_string(cut.begin) : fmt::format("{}:{}{}", cut.begin, end, step);
    }
    std::string result = fmt::format("{}[{}]", names.inputs.front(), fmt::join(places, ", "));
    for (const std::int64_t place : call.op.attributes.integers("insert", Ints{}))
        result += fmt::format(".unsqueeze({})", place);
    return {result};
}

TorchCode split(const Call& call, const TorchNames& names)
{
    const Ints pieces = piecesOf(call.op, call.input());
    const std::int64_t axis = call.op.attributes.integer("axis");
    const bool drops = call.op.attributes.boolean("drop", false);
    TorchCode result{drops ? fmt::format("{}.unbind({})", names.inputs.front(), axis)
                           : fmt::format("{}.split([{}], {})", names.inputs.front(), listed(pieces), axis),
                     {}};
    for (std::size_t i = 0; i < pieces.size(); ++i)
        result.outputs.push_back(fmt::format("[{}]", i));
    return result;
}

std::string reduced(std::string_view method, const std::string& x, const Ints& axes, bool keeps)
{
    return fmt::format("{}.{}(({},){})", x, method, listed(axes), keeps ? ", keepdim=True" : "");
}

TorchCode reduce(const Call& call, const TorchNames& names)
{
    const std::string_view id = call.op.kind, method = id == "highest" ? "amax" : id == "lowest" ? "amin" : id;
    return {reduced(method, names.inputs.front(), call.op.attributes.integers("axes"), call.op.attributes.boolean("keepdims", false))};
}

/// Over all places of an image whose channels stand behind the batch.
TorchCode pooledAll(const Call& call, const TorchNames& names, std::string_view method)
{
    Ints axes;
    for (std::size_t d = 2; d < call.input().shape.size(); ++d)
        axes.push_back(static_cast<std::int64_t>(d));
    if (pictureOf(call.op, call.input(), axes.size()).channel != 1)
        noTorchCode(call.op, "channels behind the batch", text(call.input().axes));
    return {reduced(method, names.inputs.front(), axes, call.op.attributes.boolean("keepdims", false))};
}

TorchCode meanOfAll(const Call& call, const TorchNames& names)
{
    return pooledAll(call, names, "mean");
}

TorchCode highestOfAll(const Call& call, const TorchNames& names)
{
    return pooledAll(call, names, "amax");
}

const TorchFunction table[] = {
    {"concatenate", concatenate},
    {"stack", stack},
    {"select", select},
    {"reshape", reshape},
    {"flatten", flatten},
    {"permute", permute},
    {"squeeze", squeeze},
    {"unsqueeze", unsqueeze},
    {"expand", expand},
    {"tile", tile},
    {"repeatvector", repeatVector},
    {"slice", slice},
    {"split", split},
    {"mean", reduce},
    {"sum", reduce},
    {"highest", reduce},
    {"lowest", reduce},
    {"globalavgpool1d", meanOfAll},
    {"globalavgpool2d", meanOfAll},
    {"globalavgpool3d", meanOfAll},
    {"globalmaxpool1d", highestOfAll},
    {"globalmaxpool2d", highestOfAll},
    {"globalmaxpool3d", highestOfAll},
};

}

std::span<const TorchFunction> torchShapeCode()
{
    return table;
}

}
