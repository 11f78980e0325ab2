// SPDX-License-Identifier: GPL-3.0-or-later
// prelu: slopes in a parameter; count (PyTorch's: 1 or the channels), or shared (Keras': axes, counted from 1 behind the batch, along which
// one slope serves all). glu: axis (own layout, batch included), halved.
#include "core/base/letters.h"
#include "core/layers/follow.h"
#include "core/layers/pointkinds.h"
#include "core/layers/regroup.h"
#include "core/layers/spec.h"
#include "core/layers/turned.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::layers {

namespace {

Attributes fromTorch(const TorchSpec& spec)
{
    const auto weight = spec.parameters.find("weight");
    const bool isTold = weight != spec.parameters.end() && weight->second.size() == 1;
    return {{"count", isTold ? weight->second[0] : spec.raw.integer("num_parameters", 1)}};
}

Attributes fromKeras(const KerasSpec& spec)
{
    const auto shared = spec.config.find("shared_axes");
    const bool isTold = shared != spec.config.end() && !shared->is_null();
    return {{"shared", isTold ? kerasList(spec.config, "shared_axes") : Ints{}}};
}

TorchSpec toTorch(const Op& op)
{
    if (!op.attributes.has("count"))
        throw Error("layer-no-twin").expected("one slope or one a channel").found("slopes along other axes").at(printable(op.name));
    return {"PReLU", {{"num_parameters", op.attributes.integer("count")}}, {}};
}

Json toKeras(const Op& op)
{
    if (!op.attributes.has("shared"))
        throw Error("layer-no-twin").expected("a layer that tells its shared axes").found("one that does not").at(printable(op.name));
    return {{"shared_axes", op.attributes.integers("shared")}};
}

RoleAxis along(const Value& in, std::size_t place)
{
    const std::string name = in.axes.empty() ? std::string() : lower(in.axes[place].name);
    return {name.empty() ? "o" : name, in.shape[place], static_cast<std::int64_t>(place)};
}

std::vector<Role> roles(const Attributes& settings, Framework framework, std::span<const Value> inputs)
{
    Role role{"alpha", framework == Framework::Keras ? "alpha" : "weight", {}, false, true};
    if (settings.has("count") || framework != Framework::Keras) {
        const std::int64_t count = settings.integer("count", 0);
        const bool isEach = count != 1 && !inputs.empty() && inputs[0].shape.size() > 1;
        role.axes = {isEach ? along(inputs[0], 1) : RoleAxis{"o", count, {}}};
        return {role};
    }
    if (inputs.empty()) {
        role.axes = {RoleAxis{"o", anyRank, {}}};
        return {role};
    }
    const Ints shared = settings.integers("shared", Ints{});
    for (std::size_t d = 1; d < inputs[0].shape.size(); ++d) {
        const bool isShared = std::find(shared.begin(), shared.end(), static_cast<std::int64_t>(d)) != shared.end();
        role.axes.push_back(isShared ? RoleAxis{"", 1, {}} : along(inputs[0], d));
    }
    return {role};
}

std::string_view inputAxes(const Op& op, Framework framework, std::size_t rank)
{
    return op.attributes.integer("count", 1) == 1 ? "" : featuresFirst(op, framework, rank);
}

/// PyTorch's channels are the dimension behind the batch, whatever labels say.
std::vector<Value> infer(const Call& call)
{
    const Value& in = call.input();
    const std::int64_t count = call.op.attributes.integer("count", 1);
    if (count != 1 && (in.shape.size() < 2 || in.shape[1] != count))
        throw Error("shape-prelu").expected(fmt::format("{} channels", count)).found(text(in.shape)).at(printable(call.op.name));
    return {in};
}

/// Keras tells along which axes a slope serves all; PyTorch has its channels behind the batch.
Turned turned(const Call& here, Framework there, const Arrangement& given)
{
    const bool isKeras = there == Framework::Keras;
    if (here.op.attributes.has("shared") == isKeras)
        return turnedNowhere(here, there, given);
    if (!isKeras)
        throw Error("layer-no-twin").expected("one slope or one a channel").found("slopes along axes").at(printable(here.op.name));
    const bool isEach = here.op.attributes.integer("count") != 1;
    Ints shared;
    for (std::size_t place = 1; place < given.size(); ++place)
        if (!isEach || given[place] != 1)
            shared.push_back(static_cast<std::int64_t>(place));
    return {{{"shared", shared}}, given, {given}};
}

Attributes gluFromTorch(const TorchSpec& spec)
{
    return {{"axis", spec.raw.integer("dim", -1)}};
}

Attributes gluFromKeras(const KerasSpec&)
{
    return {{"axis", std::int64_t{-1}}};
}

TorchSpec gluToTorch(const Op& op)
{
    return {"GLU", {{"dim", op.attributes.integer("axis", -1)}}, {}};
}

Json noSettings(const Op&)
{
    return Json::object();
}

std::vector<Value> gluInfer(const Call& call)
{
    Value out = call.input();
    const std::size_t place = axisIn(call.op, out);
    requireSamplesKept(call.op, out, place);
    if (out.shape[place] % 2 != 0)
        throw Error("shape-glu").expected("an even size").found(text(out.shape)).at(printable(call.op.name));
    out.shape[place] /= 2;
    if (!out.axes.empty())
        out.axes[place] = partOf(out.axes[place], call.op);
    return {out};
}

}

const Kind prelu{.id = "prelu",
                 .torchClasses = {"PReLU"},
                 .kerasClasses = {"PReLU"},
                 .aten = {{"prelu", "PReLU", {{"self", "input"}, {"weight", "weight"}}},
                          {"_prelu_kernel", "PReLU", {{"self", "input"}, {"weight", "weight"}}}},
                 .effect = Effect::Keeps,
                 .family = "activation",
                 .fromTorch = fromTorch,
                 .fromKeras = fromKeras,
                 .toTorch = toTorch,
                 .toKeras = toKeras,
                 .roles = roles,
                 .inputAxes = inputAxes,
                 .infer = infer,
                 .difference = noDifference,
                 .turned = turned};

const Kind glu{.id = "glu",
               .torchClasses = {"GLU"},
               .kerasClasses = {},
               .kerasActivations = {"glu"},
               .aten = {{"glu", "GLU", {{"self", "input"}, {"dim", "dim"}}}},
               .activation = true,
               .fromTorch = gluFromTorch,
               .fromKeras = gluFromKeras,
               .toTorch = gluToTorch,
               .toKeras = noSettings,
               .infer = gluInfer,
               .difference = axisDiffers,
               .turned = turnedAxis};

}
