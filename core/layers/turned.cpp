// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/turned.h"

#include "core/layers/regroup.h"
#include "core/layers/shapekinds.h"
#include "core/layers/slice.h"
#include "core/layers/spec.h"
#include "core/layers/steps.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <numeric>

namespace core::layers {

namespace {

std::size_t rankOf(const Call& call)
{
    return call.input().shape.size();
}

/// Each output of the op with the arrangement where it is of that rank; others as here.
std::vector<Arrangement> outputsAs(const Call& here, const Arrangement& arrangement)
{
    std::vector<Arrangement> result;
    for (const Value& value : inferred(*kind(here.op.kind), here))
        result.push_back(value.shape.size() == arrangement.size() ? arrangement : asHere(value.shape.size()));
    return result;
}

/// The axis there, negative when it is the last: Keras writes so.
std::int64_t axisThere(const Op& op, std::int64_t axis, const Arrangement& arrangement)
{
    const std::size_t place = placeThere(arrangement, placeOf(op, axis, arrangement.size()));
    return place + 1 == arrangement.size() ? -1 : static_cast<std::int64_t>(place);
}

Attributes withAxes(const Call& here, const Arrangement& arrangement)
{
    Attributes result = here.op.attributes;
    if (result.boolean("implicit", false)) { // a softmax that leaves it to the rank
        result.remove("implicit");
        result.set("axis", softmaxAxis(here.op, arrangement.size()));
    }
    if (result.has("axis"))
        result.set("axis", axisThere(here.op, result.integer("axis"), arrangement));
    if (result.has("axes")) {
        Ints axes;
        for (const std::int64_t axis : result.integers("axes"))
            axes.push_back(static_cast<std::int64_t>(placeThere(arrangement, placeOf(here.op, axis, arrangement.size()))));
        std::sort(axes.begin(), axes.end());
        const auto rank = static_cast<std::int64_t>(arrangement.size());
        if (axes == Ints{rank - 1})
            axes = {-1};
        if (result.has("shape")) {
            Ints sizes;
            for (const std::int64_t axis : axes)
                sizes.push_back(here.input().shape[arrangement[placeOf(here.op, axis, arrangement.size())]]);
            result.set("shape", sizes);
        }
        result.set("axes", axes);
    }
    return result;
}

Turned turnedAlong(const Call& here, const Arrangement& arrangement)
{
    return {withAxes(here, arrangement), arrangement, outputsAs(here, arrangement)};
}

}

std::string_view classIn(const Kind& kind, Framework framework)
{
    const auto& names = framework == Framework::Keras ? kind.kerasClasses : kind.torchClasses;
    return names.empty() ? std::string_view() : names.front();
}

Arrangement asHere(std::size_t rank)
{
    Arrangement result(rank);
    std::iota(result.begin(), result.end(), std::size_t{0});
    return result;
}

bool isAsHere(const Arrangement& arrangement)
{
    return arrangement == asHere(arrangement.size());
}

std::size_t placeThere(const Arrangement& arrangement, std::size_t place)
{
    return static_cast<std::size_t>(std::find(arrangement.begin(), arrangement.end(), place) - arrangement.begin());
}

Value arranged(const Value& here, const Arrangement& arrangement)
{
    return permuted(here, arrangement);
}

Arrangement imagesIn(Framework there, const Value& here)
{
    Arrangement result = asHere(here.shape.size());
    const int channels = indexOf(here.axes, "C");
    if (channels < 1 || result.size() < 3)
        return result;
    result.erase(result.begin() + channels);
    result.insert(there == Framework::Keras ? result.end() : result.begin() + 1, static_cast<std::size_t>(channels));
    return result;
}

Op reordering(const Ints& order)
{
    Op op;
    op.kind = permute.id;
    op.attributes.set("order", order);
    return op;
}

std::optional<Arrangement> rearranged(const Call& call)
{
    return call.op.kind == permute.id ? std::optional(permutation(call.op, rankOf(call))) : std::nullopt;
}

Turned turnedNowhere(const Call& here, Framework, const Arrangement&)
{
    Turned result{here.op.attributes, asHere(here.count() > 0 && here.find() ? rankOf(here) : 0), {}};
    for (const Value& value : inferred(*kind(here.op.kind), here))
        result.outputs.push_back(asHere(value.shape.size()));
    return result;
}

Turned turnedPoints(const Call& here, Framework, const Arrangement& given)
{
    return {here.op.attributes, given, outputsAs(here, given)};
}

Turned turnedAmounts(const Call& here, Framework, const Arrangement& given)
{
    return turnedAlong(here, given);
}

Turned turnedAxis(const Call& here, Framework, const Arrangement& given)
{
    return turnedAlong(here, given);
}

Turned turnedMerge(const Call& here, Framework there, const Arrangement& given)
{
    const std::vector<Value> inputs = here.inputs();
    const bool isOneRank =
        std::all_of(inputs.begin(), inputs.end(), [&](const Value& input) { return input.shape.size() == given.size(); });
    return isOneRank ? turnedAlong(here, given) : turnedNowhere(here, there, given);
}

Turned turnedChannels(const Call& here, Framework there, const Arrangement& given)
{
    Arrangement arrangement = given;
    const std::size_t channels = placeOf(here.op, here.op.attributes.integer("axis", 1), given.size());
    if (there == Framework::Torch && placeThere(given, channels) != 1) {
        std::erase(arrangement, channels);
        arrangement.insert(arrangement.begin() + 1, channels);
    }
    Turned result = turnedAlong(here, arrangement);
    if (there == Framework::Torch)
        result.attributes.set("axis", std::int64_t{1});
    return result;
}

Turned turnedImages(const Call& here, Framework there, const Arrangement&)
{
    Op op = here.op;
    op.attributes.remove("channels_first");
    const std::size_t rank = rankOf(here);
    const Kind& own = *kind(op.kind);
    const std::string_view wanted = own.inputAxes ? own.inputAxes(op, there, rank) : std::string_view();
    // where the channels of the value are: its framework's place for them, whatever they are called
    const int named = indexOf(here.input().axes, "C");
    const bool isFirst = named == 1 || (named < 0 && there == Framework::Keras);
    Arrangement arrangement = asHere(rank);
    if (wanted.size() != rank || rank < 3)
        throw Error("layer-no-twin").expected("an image").found(text(here.input().shape)).at(printable(op.name));
    const std::size_t channels = isFirst ? 1 : rank - 1;
    arrangement.erase(arrangement.begin() + static_cast<std::ptrdiff_t>(channels));
    arrangement.insert(wanted[1] == 'C' ? arrangement.begin() + 1 : arrangement.end(), channels);
    return {op.attributes, arrangement, outputsAs(here, arrangement)};
}

bool followsFeatures(const Kind& kind)
{
    return kind.turned == turnedPoints || kind.turned == turnedAmounts || kind.turned == turnedChannels;
}

namespace {

/// The op as a Keras file says it back; nothing where it cannot be read.
std::optional<Op> readBack(const Op& op, const KerasSpec& spec)
{
    const Kind* found = kindOfKeras(spec);
    if (!found || found->id != op.kind)
        return {};
    try {
        Op back = op;
        if (isOfSteps(spec.className)) {
            const std::optional<Steps> steps = kerasSteps(spec, 1);
            if (!steps || steps->steps.size() != 1)
                return {};
            back.attributes = steps->steps.front().attributes;
            return back;
        }
        if (!found->fromKeras)
            return {};
        back.attributes = found->fromKeras(spec);
        return back;
    } catch (const Error&) {
        return {};
    }
}

bool computesTheSame(const Kind& kind, const Call& call, const std::optional<Op>& back)
{
    if (!back)
        return false;
    std::vector<const Value*> values;
    for (std::size_t i = 0; i < call.count(); ++i)
        values.push_back(call.at(i));
    return !kind.difference || kind.difference(call, Call(*back, values)).empty();
}

}

void requireWritten(const Call& call, Framework framework)
{
    if (framework != Framework::Keras)
        return;
    const Kind& own = *kind(call.op.kind);
    const auto refuse = [&](std::string_view found) {
        throw Error("layer-no-twin").expected("a layer that Keras has").found(found).at(printable(call.op.name));
    };
    for (const std::string_view name : own.kerasActivations)
        if (computesTheSame(own, call, readBack(call.op, {"Activation", {{"activation", name}}, "2.15.0", {}})))
            return;
    if (!own.toKeras || own.kerasClasses.empty())
        refuse(fmt::format("{}, which no layer of Keras computes", own.id));
    const Json config = own.toKeras(call.op);
    for (const std::string_view name : own.kerasClasses)
        if (computesTheSame(own, call, readBack(call.op, {std::string(name), config, "2.15.0", {}})))
            return;
    refuse(fmt::format("{} with settings that Keras computes otherwise", own.id));
}

std::string onlyIn(const Op& op, Framework framework)
{
    // formats.md C: names and classes that Keras 2.15 has not
    static constexpr std::array<std::string_view, 7> newer{"celu",       "glu",        "logsigmoid", "hardshrink",
                                                           "softshrink", "tanhshrink", "rmsnorm"};
    return framework == Framework::Keras && std::find(newer.begin(), newer.end(), op.kind) != newer.end() ? "Keras 3" : "";
}

}
