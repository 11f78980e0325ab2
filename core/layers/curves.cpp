// SPDX-License-Identifier: GPL-3.0-or-later
// Functions of single elements with up to two settings, a row each. celu: alpha. hardsigmoid: slope. clip: min, max (either may be absent).
// threshold: threshold, value. hardshrink, softshrink: lambda. affine: scale, offset; or scales, offsets: lists along the last axis, one
// value serving all. power: exponent. The others have none.
#include "core/layers/pointkinds.h"
#include "core/layers/spec.h"
#include "core/layers/spread.h"
#include "core/layers/turned.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::layers {

namespace {

/// The same setting in both frameworks; a key that is empty: there is none, the value stands for it.
struct CurveSetting
{
    std::string name, torchKey, kerasKey;
    double usual = 0; ///< the default of both
};

struct Curve
{
    std::string_view id, torchClass, kerasClass;
    std::vector<CurveSetting> settings;
};

const std::vector<Curve>& curves()
{
    static const std::vector<Curve> rows{
        {"celu", "CELU", "", {{"alpha", "alpha", "alpha", 1}}},
        {"threshold", "Threshold", "", {{"threshold", "threshold", "", 1}, {"value", "value", "", 0}}},
        {"hardshrink", "Hardshrink", "", {{"lambda", "lambd", "", 0.5}}},
        {"softshrink", "Softshrink", "", {{"lambda", "lambd", "", 0.5}}},
    };
    return rows;
}

const Curve* curveOf(std::string_view name)
{
    const auto found = std::find_if(curves().begin(), curves().end(), [&](const Curve& row) {
        return row.id == name || row.torchClass == name || (!row.kerasClass.empty() && row.kerasClass == name);
    });
    return found == curves().end() ? nullptr : &*found;
}

Attributes fromTorch(const TorchSpec& spec)
{
    Attributes result;
    if (const Curve* row = curveOf(spec.className))
        for (const CurveSetting& setting : row->settings)
            result.set(setting.name, spec.raw.real(setting.torchKey, setting.usual));
    return result;
}

Attributes fromKerasBy(std::string_view id, const KerasSpec& spec)
{
    Attributes result;
    const bool isByName = spec.className == "Activation";
    if (const Curve* row = curveOf(id))
        for (const CurveSetting& setting : row->settings)
            result.set(setting.name, isByName || setting.kerasKey.empty()
                                         ? setting.usual
                                         : kerasReal(spec.config, setting.kerasKey.c_str(), setting.usual));
    return result;
}

constexpr char celuId[] = "celu", hardShrinkId[] = "hardshrink", softShrinkId[] = "softshrink";

template <const char* Id>
Attributes fromKeras(const KerasSpec& spec)
{
    return fromKerasBy(Id, spec);
}

TorchSpec toTorch(const Op& op)
{
    const Kind* own = kind(op.kind);
    TorchSpec result{own && !own->torchClasses.empty() ? std::string(own->torchClasses.front()) : std::string(), {}, {}};
    if (const Curve* row = curveOf(op.kind))
        for (const CurveSetting& setting : row->settings)
            result.raw.set(setting.torchKey, op.attributes.real(setting.name));
    return result;
}

TorchSpec noTorchClass(const Op& op)
{
    throw Error("layer-no-twin").expected("a class of torch.nn").found(op.kind).at(printable(op.name));
}

Json noKerasLayer(const Op& op)
{
    throw Error("layer-no-twin").expected("a layer of Keras").found(op.kind).at(printable(op.name));
}

Json thresholdToKeras(const Op& op)
{
    if (op.attributes.real("value", 0) != 0)
        throw Error("layer-no-twin")
            .expected("a value of 0 below the threshold")
            .found(text(op.attributes.real("value")))
            .at(printable(op.name));
    return {{"max_value", nullptr}, {"negative_slope", 0.0}, {"threshold", op.attributes.real("threshold")}};
}

/// A class of Keras 2 alone, and the ReLU of both that computes the same.
Attributes thresholdFromKeras(const KerasSpec& spec)
{
    const bool isOwn = spec.className == "ThresholdedReLU";
    return {{"threshold", isOwn ? kerasReal(spec.config, "theta", 1) : kerasReal(spec.config, "threshold", 0)}, {"value", 0.0}};
}

Json hardSigmoidToKeras(const Op& op)
{
    throw Error("layer-no-twin")
        .expected("an activation that Keras 2 and Keras 3 compute alike")
        .found("hard_sigmoid, whose slope is 0.2 in one and 1/6 in the other")
        .at(printable(op.name));
}

/// Keras 2 says clip(0.2 x + 0.5), Keras 3 and PyTorch relu6(x + 3) / 6 (activations.py of both).
Attributes hardSigmoidFromKeras(const KerasSpec& spec)
{
    return {{"slope", isOfKeras3(spec, "hard_sigmoid") ? 1.0 / 6 : 0.2}};
}

Attributes hardSigmoidFromTorch(const TorchSpec&)
{
    return {{"slope", 1.0 / 6}};
}

TorchSpec hardSigmoidToTorch(const Op& op)
{
    if (static_cast<float>(op.attributes.real("slope")) != static_cast<float>(1.0 / 6))
        noTorchClass(op);
    return {"Hardsigmoid", {}, {}};
}

/// nn.Hardtanh, or the function clamp, which may have one bound.
Attributes clipFromTorch(const TorchSpec& spec)
{
    const bool isClass = spec.className == "Hardtanh";
    Attributes result;
    if (isClass || spec.raw.has("min_val"))
        result.set("min", spec.raw.real("min_val", -1.0));
    if (isClass || spec.raw.has("max_val"))
        result.set("max", spec.raw.real("max_val", 1.0));
    return result;
}

Attributes clipFromKeras(const KerasSpec&)
{
    return {{"min", -1.0}, {"max", 1.0}};
}

TorchSpec clipToTorch(const Op& op)
{
    if (!op.attributes.has("min") || !op.attributes.has("max"))
        noTorchClass(op);
    return {"Hardtanh", {{"min_val", op.attributes.real("min")}, {"max_val", op.attributes.real("max")}}, {}};
}

/// Functions with a list of numbers along the last axis.
Attributes listsFrom(std::string_view name, Reals numbers)
{
    const bool scales = name == "mul_number" || name == "div_number";
    for (double& number : numbers)
        number = name == "div_number" ? 1 / number : name == "sub_number" ? -number : number;
    return {{"scales", scales ? numbers : Reals{name == "rsub_number" ? -1.0 : 1.0}}, {"offsets", scales ? Reals{0} : numbers}};
}

/// Functions with a number, or several, and Keras' Rescaling.
Attributes affineFromTorch(const TorchSpec& spec)
{
    if (const Reals numbers = spec.raw.reals("other", Reals{0}); numbers.size() > 1)
        return listsFrom(spec.className, numbers);
    const double number = spec.raw.real("other", 0), alpha = spec.raw.real("alpha", 1);
    const std::string_view name = spec.className;
    if (spec.raw.has("rounding_mode"))
        unsupported("a rounded quotient", "true division");
    if (name == "mul_number")
        return {{"scale", number}, {"offset", 0.0}};
    if (name == "div_number")
        return {{"scale", 1 / number}, {"offset", 0.0}};
    if (name == "rsub_number")
        return {{"scale", -alpha}, {"offset", number}};
    if (name == "neg")
        return {{"scale", -1.0}, {"offset", 0.0}};
    return {{"scale", 1.0}, {"offset", name == "sub_number" ? -alpha * number : alpha * number}};
}

Attributes affineFromKeras(const KerasSpec& spec)
{
    const Reals scales = kerasReals(spec.config, "scale"),
                offsets = spec.config.contains("offset") ? kerasReals(spec.config, "offset") : Reals{0};
    if (scales.size() == 1 && offsets.size() == 1)
        return {{"scale", scales[0]}, {"offset", offsets[0]}};
    return {{"scales", scales}, {"offsets", offsets}};
}

Json affineToKeras(const Op& op)
{
    if (op.attributes.has("scales"))
        return {{"scale", op.attributes.reals("scales")}, {"offset", op.attributes.reals("offsets")}};
    return {{"scale", op.attributes.real("scale")}, {"offset", op.attributes.real("offset")}};
}

/// Lists lie along the last axis.
std::vector<Value> affineInfer(const Call& call)
{
    const Value& in = call.input();
    for (const char* key : {"scales", "offsets"})
        if (const std::size_t count = call.op.attributes.reals(key, Reals{0}).size();
            count != 1 && (in.shape.size() < 2 || static_cast<std::int64_t>(count) != in.shape.back()))
            throw Error("shape-axis")
                .expected(fmt::format("{} along the last axis", key))
                .found(text(in.shape))
                .at(printable(call.op.name));
    return {in};
}

std::string affineDifference(const Call& a, const Call& b)
{
    const auto list = [](const Call& call, const char* many, const char* single) {
        return call.op.attributes.has(many) ? call.op.attributes.reals(many) : Reals{call.op.attributes.real(single)};
    };
    for (const auto& [many, single] : {std::pair("scales", "scale"), std::pair("offsets", "offset")}) {
        const Reals ours = list(a, many, single), theirs = list(b, many, single);
        const auto isSame = [](double x, double y) { return static_cast<float>(x) == static_cast<float>(y); };
        if (!std::equal(ours.begin(), ours.end(), theirs.begin(), theirs.end(), isSame))
            return fmt::format("{} {} against {}", single, text(ours), text(theirs));
    }
    return {};
}

Attributes powerFromTorch(const TorchSpec& spec)
{
    const std::string_view name = spec.className;
    return {{"exponent", name == "reciprocal" ? -1.0 : name == "rsqrt" ? -0.5 : name == "square" ? 2.0 : spec.raw.real("other")}};
}

std::string difference(const Call& a, const Call& b)
{
    for (const auto& [name, value] : a.op.attributes)
        if (!b.op.attributes.has(name))
            return fmt::format("{} {} against none", name, text(value));
    for (const auto& [name, value] : b.op.attributes)
        if (!a.op.attributes.has(name) || static_cast<float>(a.op.attributes.real(name)) != static_cast<float>(b.op.attributes.real(name)))
            return fmt::format("{} {} against {}", name, a.op.attributes.has(name) ? text(a.op.attributes.real(name)) : "none",
                               text(b.op.attributes.real(name)));
    return {};
}

std::vector<std::string> words(const Op& op, std::int64_t)
{
    std::vector<std::string> result;
    for (const auto& [name, value] : op.attributes)
        if (const double* number = std::get_if<double>(&value))
            result.push_back(fmt::format("{} {:g}", name, *number));
    return result;
}

/// Keras 2 and 3 say different things when they say hard_sigmoid: a line that is cut off at 0 and 1.
std::optional<Steps> hardSigmoidSpread(const Call& call, Framework framework, bool)
{
    if (framework != Framework::Keras)
        return {};
    return chainOf({rescaling("line", call.op.attributes.real("slope"), 0.5), clipping("", 1)});
}

std::optional<Steps> clipSpread(const Call& call, Framework framework, bool)
{
    const Attributes& settings = call.op.attributes;
    if (framework != Framework::Keras || !settings.has("min") || !settings.has("max"))
        return {};
    const double least = settings.real("min");
    return chainOf({rescaling("from", 1, -least), clipping("clip", settings.real("max") - least), rescaling("", 1, least)});
}

/// Lists lie along the last axis.
Turned affineTurned(const Call& here, Framework there, const Arrangement& given)
{
    return here.op.attributes.has("scales") ? turnedNowhere(here, there, given) : turnedPoints(here, there, given);
}

using Names = std::vector<std::pair<std::string_view, std::string_view>>;

Kind curve(std::string_view id, std::vector<std::string_view> torchClasses, std::vector<std::string_view> kerasNames)
{
    Kind kind;
    kind.id = id;
    kind.torchClasses = std::move(torchClasses);
    kind.kerasActivations = std::move(kerasNames);
    kind.effect = Effect::Keeps;
    kind.fromTorch = fromTorch;
    kind.toTorch = toTorch;
    kind.toKeras = noKerasLayer;
    kind.infer = sameValue;
    kind.difference = difference;
    kind.words = words;
    kind.turned = turnedPoints;
    return kind;
}

Kind activation(std::string_view id, std::string_view torchClass, std::vector<std::string_view> kerasNames,
                Attributes (*fromKeras)(const KerasSpec&), AtenForm aten)
{
    Kind kind = curve(id, {torchClass}, std::move(kerasNames));
    kind.family = "activation";
    kind.activation = true;
    kind.fromKeras = fromKeras;
    if (!aten.name.empty())
        kind.aten = {std::move(aten)};
    return kind;
}

Kind thresholdKind()
{
    Kind kind = activation("threshold", "Threshold", {}, thresholdFromKeras,
                           {"threshold", "Threshold", Names{{"self", "input"}, {"threshold", "threshold"}, {"value", "value"}}});
    kind.kerasClasses = {"ReLU", "ThresholdedReLU"};
    kind.toKeras = thresholdToKeras;
    return kind;
}

Kind hardSigmoidKind()
{
    Kind kind = activation("hardsigmoid", "Hardsigmoid", {"hard_sigmoid"}, hardSigmoidFromKeras,
                           {"hardsigmoid", "Hardsigmoid", Names{{"self", "input"}}});
    kind.fromTorch = hardSigmoidFromTorch;
    kind.toKeras = hardSigmoidToKeras;
    kind.toTorch = hardSigmoidToTorch;
    kind.spread = hardSigmoidSpread;
    kind.neverNegative = true;
    return kind;
}

Kind clipKind()
{
    Kind kind = activation("clip", "Hardtanh", {"hard_tanh"}, clipFromKeras,
                           {"hardtanh", "Hardtanh", Names{{"self", "input"}, {"min_val", "min_val"}, {"max_val", "max_val"}}});
    kind.torchClasses = {"Hardtanh", "clamp"};
    for (const std::string_view name : {"clamp", "clip"})
        kind.aten.push_back({name, "clamp", Names{{"self", "input"}, {"min", "min_val"}, {"max", "max_val"}}});
    kind.aten.push_back({"clamp_min", "clamp", Names{{"self", "input"}, {"min", "min_val"}}});
    kind.aten.push_back({"clamp_max", "clamp", Names{{"self", "input"}, {"max", "max_val"}}});
    kind.fromTorch = clipFromTorch;
    kind.toTorch = clipToTorch;
    kind.spread = clipSpread;
    return kind;
}

Kind affineKind()
{
    Kind kind = curve("affine", {"add_number", "sub_number", "mul_number", "div_number", "rsub_number", "neg"}, {});
    kind.kerasClasses = {"Rescaling"};
    kind.aten = {{"neg", "neg", Names{{"self", "input"}}}};
    kind.fromTorch = affineFromTorch;
    kind.fromKeras = affineFromKeras;
    kind.toTorch = noTorchClass;
    kind.toKeras = affineToKeras;
    kind.infer = affineInfer;
    kind.difference = affineDifference;
    kind.turned = affineTurned;
    return kind;
}

Kind powerKind()
{
    Kind kind = curve("power", {"pow_number", "reciprocal", "rsqrt", "square"}, {});
    for (const std::string_view name : {"reciprocal", "rsqrt", "square"})
        kind.aten.push_back({name, name, Names{{"self", "input"}}});
    kind.fromTorch = powerFromTorch;
    kind.toTorch = noTorchClass;
    return kind;
}

Kind function(std::string_view id)
{
    Kind kind = curve(id, {id}, {});
    kind.aten = {{id, id, Names{{"self", "input"}}}};
    kind.fromTorch = noTorchSettings;
    kind.toTorch = noTorchClass;
    return kind;
}

}

const Kind celu = activation("celu", "CELU", {"celu"}, fromKeras<celuId>, {"celu", "CELU", Names{{"self", "input"}, {"alpha", "alpha"}}});
const Kind hardShrink = activation("hardshrink", "Hardshrink", {"hard_shrink"}, fromKeras<hardShrinkId>,
                                   {"hardshrink", "Hardshrink", Names{{"self", "input"}, {"lambd", "lambd"}}});
const Kind softShrink = activation("softshrink", "Softshrink", {"soft_shrink"}, fromKeras<softShrinkId>,
                                   {"softshrink", "Softshrink", Names{{"self", "input"}, {"lambd", "lambd"}}});
const Kind tanhShrink = activation("tanhshrink", "Tanhshrink", {"tanh_shrink"}, noKerasSettings, {});
const Kind logSigmoid =
    activation("logsigmoid", "LogSigmoid", {"log_sigmoid"}, noKerasSettings, {"log_sigmoid", "LogSigmoid", Names{{"self", "input"}}});
const Kind thresholdCut = thresholdKind();
const Kind hardSigmoid = hardSigmoidKind();
const Kind clip = clipKind();
const Kind affine = affineKind();
const Kind power = powerKind();
const Kind absolute = function("abs"), squareRoot = function("sqrt"), logarithm = function("log"), sine = function("sin"),
           cosine = function("cos");

}
