// SPDX-License-Identifier: GPL-3.0-or-later
// Activations with settings, and those that PyTorch and Keras tell by a class or a name alone.
// leakyrelu: slope. elu: alpha. gelu: tanh (the approximation by a tangent). softplus: beta, threshold (beyond it linear).
// clippedrelu: threshold, below which slope (x - threshold), and optional max. selu, silu, softsign, exponential, hardswish, mish: none.
#include "core/layers/mergekinds.h"
#include "core/layers/pointkinds.h"
#include "core/layers/spec.h"
#include "core/layers/spread.h"
#include "core/layers/turned.h"

#include <fmt/format.h>

namespace core::layers {

namespace {

bool isByName(const KerasSpec& spec)
{
    return spec.className == "Activation";
}

[[noreturn]] void noTwin(const Op& op, std::string_view wanted, const std::string& found)
{
    throw Error("layer-no-twin").expected(wanted).found(found).at(printable(op.name));
}

/// A Keras layer for it does not exist: it is written by its name.
Json byName(const Op&)
{
    return Json::object();
}

/// RReLU draws its slope in training, and takes the middle of its range otherwise.
Attributes leakyFromTorch(const TorchSpec& spec)
{
    if (spec.className == "RReLU")
        return {{"slope", (spec.raw.real("lower", 1.0 / 8) + spec.raw.real("upper", 1.0 / 3)) / 2}};
    return {{"slope", spec.raw.real("negative_slope", 0.01)}};
}

/// Keras 2 says alpha, Keras 3 negative_slope; the function's slope is 0.2, the layer's 0.3.
Attributes leakyFromKeras(const KerasSpec& spec)
{
    const double usual = isByName(spec) ? 0.2 : 0.3;
    return {{"slope", kerasReal(spec.config, "negative_slope", kerasReal(spec.config, "alpha", usual))}};
}

TorchSpec leakyToTorch(const Op& op)
{
    return {"LeakyReLU", {{"negative_slope", op.attributes.real("slope")}}, {}};
}

Json leakyToKeras(const Op& op)
{
    return {{"alpha", op.attributes.real("slope")}};
}

Attributes alphaFromTorch(const TorchSpec& spec)
{
    return {{"alpha", spec.raw.real("alpha", 1.0)}};
}

Attributes alphaFromKeras(const KerasSpec& spec)
{
    return {{"alpha", kerasReal(spec.config, "alpha", 1.0)}};
}

TorchSpec eluToTorch(const Op& op)
{
    return {"ELU", {{"alpha", op.attributes.real("alpha")}}, {}};
}

Json eluToKeras(const Op& op)
{
    return {{"alpha", op.attributes.real("alpha")}};
}

Attributes geluFromTorch(const TorchSpec& spec)
{
    const std::string form = spec.raw.string("approximate", "none");
    if (form != "none" && form != "tanh")
        unsupported("approximate " + printable(form), "'none' or 'tanh'");
    return {{"tanh", form == "tanh"}};
}

Attributes geluFromKeras(const KerasSpec& spec)
{
    if (!isByName(spec))
        unsupported("settings of a GELU", "the activation gelu");
    return {{"tanh", false}};
}

TorchSpec geluToTorch(const Op& op)
{
    return {"GELU", {{"approximate", std::string(op.attributes.boolean("tanh") ? "tanh" : "none")}}, {}};
}

Attributes softplusFromTorch(const TorchSpec& spec)
{
    return {{"beta", spec.raw.real("beta", 1.0)}, {"threshold", spec.raw.real("threshold", 20.0)}};
}

Attributes softplusFromKeras(const KerasSpec&)
{
    return {{"beta", 1.0}, {"threshold", 20.0}}; // beyond which float32 knows no difference
}

TorchSpec softplusToTorch(const Op& op)
{
    return {"Softplus", {{"beta", op.attributes.real("beta")}, {"threshold", op.attributes.real("threshold")}}, {}};
}

Attributes clippedFromTorch(const TorchSpec& spec)
{
    return {{"max", spec.className == "ReLU6" ? 6.0 : spec.raw.real("max_val", 1.0)}, {"slope", 0.0}, {"threshold", 0.0}};
}

Attributes clippedFromKeras(const KerasSpec& spec)
{
    const bool isSix = isByName(spec);
    Attributes result{{"slope", kerasReal(spec.config, "negative_slope", 0)}, {"threshold", kerasReal(spec.config, "threshold", 0)}};
    const auto most = spec.config.find("max_value");
    if (isSix || (most != spec.config.end() && !most->is_null()))
        result.set("max", isSix ? 6.0 : kerasReal(spec.config, "max_value", 0));
    return result;
}

TorchSpec clippedToTorch(const Op& op)
{
    if (!op.attributes.has("max") || op.attributes.real("slope", 0) != 0 || op.attributes.real("threshold", 0) != 0)
        noTwin(op, "a ReLU up to a bound", "none, or a slope or a threshold");
    if (op.attributes.real("max") != 6)
        return {"Hardtanh", {{"min_val", 0.0}, {"max_val", op.attributes.real("max")}}, {}};
    return {"ReLU6", {}, {}};
}

Json clippedToKeras(const Op& op)
{
    return {{"max_value", op.attributes.has("max") ? Json(op.attributes.real("max")) : Json(nullptr)},
            {"negative_slope", op.attributes.real("slope", 0)},
            {"threshold", op.attributes.real("threshold", 0)}};
}

/// Settings are numbers and flags under the same names on both sides.
std::string settingsDiffer(const Call& a, const Call& b)
{
    for (const auto& [name, value] : a.op.attributes)
        if (!b.op.attributes.has(name))
            return fmt::format("{} {} against none", name, text(value));
    for (const auto& [name, value] : b.op.attributes) {
        if (!a.op.attributes.has(name))
            return fmt::format("{} none against {}", name, text(value));
        if (std::holds_alternative<bool>(value)
                ? a.op.attributes.boolean(name) != b.op.attributes.boolean(name)
                : static_cast<float>(a.op.attributes.real(name)) != static_cast<float>(b.op.attributes.real(name)))
            return fmt::format("{} {} against {}", name,
                               std::holds_alternative<bool>(value) ? text(Attribute(a.op.attributes.boolean(name)))
                                                                   : text(Attribute(a.op.attributes.real(name))),
                               text(value));
    }
    return {};
}

std::vector<std::string> settingWords(const Op& op, std::int64_t)
{
    std::vector<std::string> result;
    for (const auto& [name, value] : op.attributes)
        if (const double* number = std::get_if<double>(&value); number && *number != 0 && name != "threshold")
            result.push_back(fmt::format("{} {:g}", name, *number));
    if (op.attributes.boolean("tanh", false))
        result.emplace_back("tanh");
    return result;
}

template <const char* Class>
TorchSpec classAlone(const Op&)
{
    return {Class, {}, {}};
}

/// The kind without what differs from one to the other.
Kind base(std::string_view id, std::string_view torchClass, std::vector<std::string_view> kerasNames)
{
    Kind kind;
    kind.id = id;
    if (!torchClass.empty())
        kind.torchClasses = {torchClass};
    kind.kerasActivations = std::move(kerasNames);
    kind.effect = Effect::Keeps;
    kind.family = "activation";
    kind.activation = true;
    kind.fromTorch = noTorchSettings;
    kind.fromKeras = noKerasSettings;
    kind.toKeras = byName;
    kind.infer = sameValue;
    kind.difference = settingsDiffer;
    kind.words = settingWords;
    kind.turned = turnedPoints;
    return kind;
}

using Arguments = std::vector<std::pair<std::string_view, std::string_view>>;

/// Without settings.
template <const char* Class>
Kind plain(std::string_view id, std::string_view aten, std::vector<std::string_view> kerasNames)
{
    Kind kind = base(id, Class, std::move(kerasNames));
    kind.aten = {{aten, Class, {{"self", "input"}}}};
    kind.toTorch = classAlone<Class>;
    return kind;
}

constexpr char seluClass[] = "SELU", siluClass[] = "SiLU", softsignClass[] = "Softsign", hardswishClass[] = "Hardswish",
               mishClass[] = "Mish";

Kind leaky()
{
    Kind kind = base("leakyrelu", "LeakyReLU", {"leaky_relu"});
    kind.kerasClasses = {"LeakyReLU"};
    kind.torchClasses = {"LeakyReLU", "RReLU"};
    kind.aten = {{"leaky_relu", "LeakyReLU", Arguments{{"self", "input"}, {"negative_slope", "negative_slope"}}},
                 {"rrelu", "RReLU", Arguments{{"self", "input"}, {"lower", "lower"}, {"upper", "upper"}}}};
    kind.fromTorch = leakyFromTorch;
    kind.fromKeras = leakyFromKeras;
    kind.toTorch = leakyToTorch;
    kind.toKeras = leakyToKeras;
    return kind;
}

Kind exponentialLinear()
{
    Kind kind = base("elu", "ELU", {"elu"});
    kind.kerasClasses = {"ELU"};
    kind.aten = {{"elu", "ELU", Arguments{{"self", "input"}, {"alpha", "alpha"}, {"scale", "scale"}, {"input_scale", "input_scale"}}}};
    kind.fromTorch = alphaFromTorch;
    kind.fromKeras = alphaFromKeras;
    kind.toTorch = eluToTorch;
    kind.toKeras = eluToKeras;
    return kind;
}

Kind gaussian()
{
    Kind kind = base("gelu", "GELU", {"gelu"});
    kind.aten = {{"gelu", "GELU", Arguments{{"self", "input"}, {"approximate", "approximate"}}}};
    kind.fromTorch = geluFromTorch;
    kind.fromKeras = geluFromKeras;
    kind.toTorch = geluToTorch;
    return kind;
}

Kind smooth()
{
    Kind kind = base("softplus", "Softplus", {"softplus"});
    kind.aten = {{"softplus", "Softplus", Arguments{{"self", "input"}, {"beta", "beta"}, {"threshold", "threshold"}}}};
    kind.fromTorch = softplusFromTorch;
    kind.fromKeras = softplusFromKeras;
    kind.toTorch = softplusToTorch;
    return kind;
}

Kind clipped()
{
    Kind kind = base("clippedrelu", "ReLU6", {"relu6"});
    kind.kerasClasses = {"ReLU"};
    kind.aten = {{"relu6", "ReLU6", Arguments{{"self", "input"}}}};
    kind.fromTorch = clippedFromTorch;
    kind.fromKeras = clippedFromKeras;
    kind.toTorch = clippedToTorch;
    kind.toKeras = clippedToKeras;
    return kind;
}

TorchSpec noTorchClass(const Op& op)
{
    noTwin(op, "an activation that is a class of torch.nn", "an exponential");
}

/// x relu6(x + 3) / 6 of what Keras 2 has too.
std::optional<Steps> hardSwishSpread(const Call&, Framework framework, bool)
{
    if (framework != Framework::Keras)
        return {};
    Steps steps = chainOf({rescaling("line", 1.0 / 6, 0.5), clipping("gate", 1)});
    steps.steps.push_back({"", multiply.id, {}, {Port(-1, 0), Port(1)}});
    steps.outputs = {Port(2)};
    return steps;
}

Kind hardSwishKind()
{
    Kind kind = plain<hardswishClass>("hardswish", "hardswish", {"hard_silu", "hard_swish"});
    kind.spread = hardSwishSpread;
    return kind;
}

Kind exponentialFunction()
{
    Kind kind = base("exponential", "exp", {"exponential"});
    kind.aten = {{"exp", "exp", Arguments{{"self", "input"}}}};
    kind.toTorch = noTorchClass;
    return kind;
}

}

const Kind leakyRelu = leaky();
const Kind elu = exponentialLinear();
const Kind gelu = gaussian();
const Kind softplus = smooth();
const Kind clippedRelu = clipped();
const Kind exponential = exponentialFunction();
const Kind selu = plain<seluClass>("selu", "selu", {"selu"});
const Kind silu = plain<siluClass>("silu", "silu", {"swish", "silu"});
const Kind softsign = plain<softsignClass>("softsign", "softsign", {"softsign"});
const Kind hardSwish = hardSwishKind();
const Kind mish = plain<mishClass>("mish", "mish", {"mish"});

}
