// SPDX-License-Identifier: GPL-3.0-or-later
// attention, additiveattention: what a query finds in values, without projections. Inputs: query, value, and a third or one called "key";
// keyed: the latter must be there. attention: factor of the products (0: 1 over the root of the features). Both: causal (a position looks
// at itself and those before it), scores (the second output is what each position looks at). additiveattention: scaled (has a factor for
// each feature).
#include "core/layers/attended.h"
#include "core/layers/attentionkinds.h"
#include "core/layers/regroup.h"
#include "core/layers/spec.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace core::layers {

namespace {

/// torch.nn.functional.scaled_dot_product_attention.
Attributes fromTorch(const TorchSpec& spec)
{
    if (!spec.parameters.empty())
        unsupported(fmt::format("a stored {}", spec.parameters.begin()->first), "values that the network computes, and no mask");
    if (spec.raw.real("dropout_p", 0) != 0)
        unsupported("dropout", "attention at inference");
    if (spec.raw.boolean("enable_gqa", false))
        unsupported("fewer heads of keys than of queries (enable_gqa)", "as many of both");
    return {{"factor", spec.raw.real("factor", 0)}, {"causal", spec.raw.boolean("is_causal", false)}, {"keyed", true}, {"scores", false}};
}

TorchSpec toTorch(const Op& op)
{
    throw Error("layer-no-twin").expected("a class of torch.nn").found(op.kind).at(printable(op.name));
}

Attributes fromKeras(const KerasSpec& spec)
{
    const bool isAdditive = spec.className == "AdditiveAttention";
    if (!isAdditive && kerasBool(spec.config, "use_scale", false))
        unsupported("use_scale", "attention without a learned scale");
    if (const std::string mode = kerasText(spec.config, "score_mode", "dot"); mode != "dot" && !isAdditive)
        unsupported("score_mode " + printable(mode), "'dot'");
    Attributes result{{"causal", kerasBool(spec.config, "causal", false)}, {"scores", false}};
    if (isAdditive)
        result.set("scaled", kerasBool(spec.config, "use_scale", true));
    else
        result.set("factor", 1.0);
    return result;
}

/// Keras 2.10 to 3 are told in the call what older ones were in the layer.
void fromKerasCall(Op& op, const Json& arguments)
{
    for (const char* mask : {"mask", "argument 2"})
        if (arguments.contains(mask))
            unsupported("a mask", "attention to all positions");
    if (kerasBool(arguments, "use_causal_mask", false))
        op.attributes.set("causal", true);
    op.attributes.set("scores", kerasBool(arguments, "return_attention_scores", false));
}

Json toKerasCall(const Op& op)
{
    Json arguments = Json::object();
    for (const auto& [setting, name] : {std::pair("causal", "use_causal_mask"), std::pair("scores", "return_attention_scores")})
        if (op.attributes.boolean(setting, false))
            arguments[name] = true;
    return arguments;
}

Json toKeras(const Op& op)
{
    if (op.attributes.real("factor", 0) != 1)
        throw Error("layer-no-twin")
            .expected("products that are not scaled")
            .found("products that are scaled by the number of features")
            .at(printable(op.name));
    return {{"use_scale", false}, {"score_mode", "dot"}};
}

Json additiveToKeras(const Op& op)
{
    return {{"use_scale", op.attributes.boolean("scaled", true)}};
}

std::vector<Role> additiveRoles(const Attributes& settings, Framework framework, std::span<const Value> inputs)
{
    const std::int64_t features = inputs.empty() || inputs[0].shape.empty() ? 0 : inputs[0].shape.back();
    return rolesFrom(framework, {{"i", features}}, {{"scale", "", "scale", "", "i", settings.boolean("scaled", true)}});
}

void requireFitting(const Call& call, const Attended& taken)
{
    const Shape &query = taken.query.shape, &key = taken.key.shape, &value = taken.value.shape;
    const std::size_t rank = query.size();
    const auto same = [&](const Shape& other) { return other.size() == rank && std::equal(query.begin(), query.end() - 2, other.begin()); };
    const bool fits = rank >= 3 && same(key) && same(value) && query[rank - 1] == key[rank - 1] && key[rank - 2] == value[rank - 2];
    if (!fits)
        throw Error("shape-attention")
            .expected("a query, values and keys of one batch, keys with as many features as the query and as many positions as the values")
            .found(fmt::format("{}, {}, {}", text(query), text(value), text(key)))
            .at(printable(call.op.name));
    for (const Value* one : {&taken.query, &taken.key, &taken.value})
        for (const std::size_t place : {rank - 2, rank - 1})
            requireSamplesKept(call.op, *one, place);
}

std::vector<Value> infer(const Call& call)
{
    const Attended taken = attended(call);
    requireFitting(call, taken);
    Value out = taken.query, scores = taken.query;
    out.shape.back() = taken.value.shape.back();
    scores.shape.back() = taken.key.shape[taken.key.shape.size() - 2];
    if (taken.value.axes.empty())
        out.axes.clear();
    if (!out.axes.empty())
        out.axes.back() = taken.value.axes.back();
    if (!scores.axes.empty())
        scores.axes.back() = {};
    if (!call.op.attributes.boolean("scores", false))
        return {out};
    return {out, scores};
}

int outputs(const Op& op)
{
    return op.attributes.boolean("scores", false) ? 2 : 1;
}

std::string difference(const Call& a, const Call& b)
{
    const auto flag = [&](const char* name) {
        return differs(name, a.op.attributes.boolean(name, false), b.op.attributes.boolean(name, false));
    };
    const auto factor = [](const Call& call) {
        const Value* query = call.find();
        return query && !query->shape.empty() ? static_cast<double>(attentionFactor(call.op, query->shape.back())) : 0.0;
    };
    const double left = factor(a), right = factor(b);
    return firstOf({flag("causal"), flag("scaled"),
                    left != 0 && right != 0 && left != right ? fmt::format("factor {:g} against {:g}", left, right) : std::string()});
}

std::vector<std::string> words(const Op& op, std::int64_t)
{
    const double factor = op.attributes.real("factor", 1);
    return {factor == 0 || factor == 1 ? "" : fmt::format("factor {:g}", factor), op.attributes.boolean("causal", false) ? "causal" : ""};
}

Kind attending(std::string_view id, std::string_view kerasClass)
{
    Kind kind;
    kind.id = id;
    kind.kerasClasses = {kerasClass};
    kind.effect = Effect::Makes;
    kind.minds = true;
    kind.fromKeras = fromKeras;
    kind.fromKerasCall = fromKerasCall;
    kind.toTorch = toTorch;
    kind.toKerasCall = toKerasCall;
    kind.takes = {2, 3, {"key"}};
    kind.outputs = outputs;
    kind.infer = infer;
    kind.difference = difference;
    kind.words = words;
    return kind;
}

Kind dotAttention()
{
    Kind kind = attending("attention", "Attention");
    kind.torchClasses = {"scaled_dot_product_attention"};
    kind.aten = {{"scaled_dot_product_attention",
                  "scaled_dot_product_attention",
                  {{"query", "input"},
                   {"key", "key"},
                   {"value", "value"},
                   {"attn_mask", "attn_mask"},
                   {"dropout_p", "dropout_p"},
                   {"is_causal", "is_causal"},
                   {"scale", "factor"},
                   {"enable_gqa", "enable_gqa"}}}};
    kind.fromTorch = fromTorch;
    kind.toKeras = toKeras;
    return kind;
}

Kind additive()
{
    Kind kind = attending("additiveattention", "AdditiveAttention");
    kind.toKeras = additiveToKeras;
    kind.roles = additiveRoles;
    return kind;
}

}

Attended attended(const Call& call)
{
    const std::vector<Value> plain = call.inputs();
    const Value* key = call.find("key");
    const bool isKeyed = call.op.attributes.boolean("keyed", false);
    if (isKeyed != (key != nullptr) || (isKeyed && plain.size() != 2))
        throw Error("call-input").expected("a query, a key and a value, and no mask").found("others").at(printable(call.op.name));
    return {plain[0], key ? *key : plain.size() > 2 ? plain[2] : plain[1], plain[1]};
}

float attentionFactor(const Op& op, std::int64_t features)
{
    const double told = op.attributes.real("factor", 1);
    return static_cast<float>(told != 0 ? told : 1 / std::sqrt(static_cast<double>(features)));
}

const Kind attention = dotAttention();
const Kind additiveAttention = additive();

}
