// SPDX-License-Identifier: GPL-3.0-or-later
// multihead: heads; key_dim, value_dim (features of one head, 0: not told); units (produced features, 0: as many as the query has); bias;
// causal (a position looks at itself and those before it); scores (the second output is the attention), averaged (over the heads);
// packed (PyTorch: one projection makes query, key and value). Inputs: the query, "key" and "value", sequences behind the batch.
#include "core/layers/attentionkinds.h"
#include "core/layers/spec.h"
#include "core/rules/rules.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::layers {

namespace {

Attributes fromTorch(const TorchSpec& spec)
{
    const auto refuseIf = [](bool asked, std::string_view what, std::string_view possible) {
        if (asked)
            unsupported(what, possible);
    };
    refuseIf(!spec.raw.boolean("batch_first", false), "sequences before the batch (batch_first=False)", "the batch first");
    refuseIf(spec.raw.boolean("add_zero_attn", false), "a position of zeros (add_zero_attn)", "the positions that are given");
    refuseIf(spec.parameters.contains("bias_k") || spec.parameters.contains("bias_v"), "learned positions (add_bias_kv)",
             "the positions that are given");
    refuseIf(spec.raw.has("mask") || spec.parameters.contains("mask"), "a mask", "attention to all positions");
    const std::int64_t heads = spec.raw.integer("num_heads"), features = spec.raw.integer("embed_dim");
    refuseIf(heads < 1 || features < 1 || features % heads != 0, fmt::format("{} heads of {} features", heads, features),
             "features that the heads divide evenly");
    const bool scores = spec.raw.boolean("need_weights", false);
    Attributes result{{"heads", heads},
                      {"key_dim", features / heads},
                      {"value_dim", features / heads},
                      {"units", features},
                      {"bias", spec.parameters.contains("in_proj_bias")},
                      {"packed", spec.parameters.contains("in_proj_weight")},
                      {"causal", false},
                      {"scores", scores}};
    if (scores)
        result.set("averaged", spec.raw.boolean("average_attn_weights", true));
    return result;
}

/// _native_multi_head_attention: what nn.MultiheadAttention(batch_first=True) calls at inference.
void fromAten(std::string_view, TorchSpec& spec)
{
    spec.raw.set("batch_first", true);
    if (!spec.raw.has("need_weights"))
        spec.raw.set("need_weights", true);
}

/// One size that is a number, a list of one, or not told.
std::int64_t onlySize(const Json& config, const char* key)
{
    const auto found = config.find(key);
    if (found == config.end() || found->is_null())
        return 0;
    const Json* value = found->is_object() && found->contains("items") ? &(*found)["items"] : &*found;
    if (value->is_array() && value->size() == 1)
        value = &value->front();
    if (!value->is_number_integer())
        unsupported(fmt::format("{} {}", key, printable(dumpJson(*found, -1))), "one axis of features");
    return value->get<std::int64_t>();
}

Attributes fromKeras(const KerasSpec& spec)
{
    if (const std::int64_t axis = onlySize(spec.config, "attention_axes"); axis != 0 && axis != 1)
        unsupported(fmt::format("attention along axis {}", axis), "axis 1, the sequence");
    if (kerasBool(spec.config, "use_gate", false))
        unsupported("use_gate", "attention without a gate");
    if (onlySize(spec.config, "sliding_window") != 0)
        unsupported("sliding_window", "attention to all positions");
    const std::int64_t size = kerasInt(spec.config, "key_dim", 0), valueSize = kerasInt(spec.config, "value_dim", 0);
    return {{"heads", kerasInt(spec.config, "num_heads", 0)},
            {"key_dim", size},
            {"value_dim", valueSize > 0 ? valueSize : size},
            {"units", onlySize(spec.config, "output_shape")},
            {"bias", kerasBool(spec.config, "use_bias", true)},
            {"causal", false},
            {"scores", false}};
}

/// The query first, then key and value; without a key the value is it.
void fromKerasCall(Op& op, const Json& arguments)
{
    op.attributes.set("causal", kerasBool(arguments, "use_causal_mask", false));
    const bool scores = kerasBool(arguments, "return_attention_scores", false);
    op.attributes.set("scores", scores);
    if (scores)
        op.attributes.set("averaged", false);
    const auto rank = [](const Input& input) { return input.name.empty() ? 0 : input.name == "key" ? 1 : input.name == "value" ? 2 : 3; };
    const auto named = [&](std::string_view name) {
        return std::find_if(op.inputs.begin(), op.inputs.end(), [&](const Input& input) { return input.name == name; });
    };
    for (Input& input : op.inputs)
        if (input.name == "query")
            input.name.clear();
    if (const auto value = named("value"); value != op.inputs.end() && named("key") == op.inputs.end())
        op.inputs.emplace_back("key", Port(value->port));
    std::stable_sort(op.inputs.begin(), op.inputs.end(), [&](const Input& a, const Input& b) { return rank(a) < rank(b); });
}

Json toKerasCall(const Op& op)
{
    Json arguments = Json::object();
    if (op.attributes.boolean("causal", false))
        arguments["use_causal_mask"] = true;
    if (op.attributes.boolean("scores", false))
        arguments["return_attention_scores"] = true;
    return arguments;
}

TorchSpec toTorch(const Op& op)
{
    const std::int64_t heads = op.attributes.integer("heads"), size = op.attributes.integer("key_dim");
    const std::int64_t units = op.attributes.integer("units", 0);
    if (op.attributes.integer("value_dim") != size || (units > 0 && units != heads * size))
        throw Error("layer-no-twin").expected("heads that share the features evenly").found(op.kind).at(printable(op.name));
    return {"MultiheadAttention",
            {{"embed_dim", heads * size}, {"num_heads", heads}, {"bias", op.attributes.boolean("bias", true)}, {"batch_first", true}},
            {}};
}

std::vector<Role> torchRoles(const Attributes& settings)
{
    const std::int64_t features = settings.integer("units", 0);
    const bool isTold = settings.has("packed"), packed = settings.boolean("packed", true), bias = settings.boolean("bias", true);
    const auto matrix = [&](std::string role, std::string name, std::int64_t rows, std::int64_t columns) {
        return Role{std::move(role), std::move(name), {{"o", rows}, {"i", columns}}};
    };
    std::vector<Role> result;
    if (packed || !isTold)
        result.push_back(matrix("in_kernel", "in_proj_weight", 3 * features, features));
    if (!packed || !isTold) {
        result.push_back(matrix("q_kernel", "q_proj_weight", features, features));
        result.push_back(matrix("k_kernel", "k_proj_weight", features, 0));
        result.push_back(matrix("v_kernel", "v_proj_weight", features, 0));
    }
    if (bias)
        result.push_back({"in_bias", "in_proj_bias", {{"o", 3 * features}}});
    result.push_back(matrix("out_kernel", "out_proj.weight", features, features));
    if (bias)
        result.push_back({"out_bias", "out_proj.bias", {{"o", features}}});
    return result;
}

std::vector<Role> kerasRoles(const Attributes& settings, std::span<const Value> inputs)
{
    const std::int64_t features = inputs.empty() || inputs[0].shape.empty() ? 0 : inputs[0].shape.back();
    const std::int64_t heads = settings.integer("heads", 0), units = settings.integer("units", 0);
    const bool bias = settings.boolean("bias", true);
    std::vector<Role> result;
    for (const std::string part : {"query", "key", "value"}) {
        const RoleAxis h{"h", heads}, d{"d", settings.integer(part == "value" ? "value_dim" : "key_dim", 0)};
        result.push_back({part + "_kernel", part + "/kernel", {{"i", part == "query" ? features : 0}, h, d}});
        if (bias)
            result.push_back({part + "_bias", part + "/bias", {h, d}});
    }
    const std::int64_t produced = units > 0 ? units : features;
    result.push_back(
        {"output_kernel", "attention_output/kernel", {{"h", heads}, {"d", settings.integer("value_dim", 0)}, {"o", produced}}});
    if (bias)
        result.push_back({"out_bias", "attention_output/bias", {{"o", produced}}});
    return result;
}

std::vector<Role> roles(const Attributes& settings, Framework framework, std::span<const Value> inputs)
{
    return framework == Framework::Keras ? kerasRoles(settings, inputs) : torchRoles(settings);
}

using Names = std::vector<std::string>;

const Names threeKernels{"query_kernel", "key_kernel", "value_kernel"}, threeBiases{"query_bias", "key_bias", "value_bias"},
    threeRows{"q_kernel", "k_kernel", "v_kernel"};

/// From PyTorch's parameters to Keras', or to PyTorch's in the other form.
std::vector<RoleGroup> groupsFrom(const Attributes& torch, const Attributes& other, Framework ofOther)
{
    const bool packed = torch.boolean("packed", true);
    const auto split = std::string(rules::headsSplitRule), apart = std::string(rules::headsApartRule);
    if (ofOther != Framework::Keras) {
        if (packed && !other.boolean("packed", true))
            return {{{"in_kernel"}, threeRows, split}};
        return {};
    }
    std::vector<RoleGroup> result{{{"in_bias"}, threeBiases, split}, {{"out_kernel"}, {"output_kernel"}, apart}};
    if (packed)
        result.push_back({{"in_kernel"}, threeKernels, split});
    for (std::size_t i = 0; !packed && i < 3; ++i)
        result.push_back({{threeRows[i]}, {threeKernels[i]}, apart});
    return result;
}

std::vector<RoleGroup> groups(const Attributes& a, Framework ofA, const Attributes& b, Framework ofB)
{
    if (ofA == Framework::Keras && ofB == Framework::Keras)
        return {};
    const bool turns = ofA == Framework::Keras || (ofB != Framework::Keras && !a.boolean("packed", true));
    std::vector<RoleGroup> result = turns ? groupsFrom(b, a, ofA) : groupsFrom(a, b, ofB);
    if (turns)
        for (RoleGroup& group : result) {
            std::swap(group.a, group.b);
            group.rule = group.rule == rules::headsSplitRule ? rules::headsJoinRule : rules::headsTogetherRule;
        }
    return result;
}

std::vector<Value> infer(const Call& call)
{
    const Attributes& settings = call.op.attributes;
    const Value query = call.input(), *keys = call.find("key"), *values = call.find("value");
    if (!keys || !values)
        throw Error("call-input").expected("a query, a key and a value").found("fewer").at(printable(call.op.name));
    const auto isSequence = [](const Value& value) { return value.shape.size() == 3; };
    if (!isSequence(query) || !isSequence(*keys) || !isSequence(*values) || keys->shape[1] != values->shape[1] ||
        query.shape[0] != keys->shape[0] || query.shape[0] != values->shape[0] || settings.integer("heads") < 1 ||
        settings.integer("key_dim") < 1 || settings.integer("value_dim") < 1)
        throw Error("shape-attention")
            .expected("sequences of one batch, and as many keys as values")
            .found(fmt::format("{}, {}, {}", text(query.shape), text(keys->shape), text(values->shape)))
            .at(printable(call.op.name));
    for (const Value* value : {&query, keys, values})
        if (!value->axes.empty() && value->axes.back().order() != Order::Plain)
            throw Error("shape-attention")
                .expected("features of which the order is known")
                .found("features of a flattened image")
                .at(printable(call.op.name));
    Value out = query;
    if (const std::int64_t units = settings.integer("units", 0); units > 0)
        out.shape.back() = units;
    if (!out.axes.empty())
        out.axes.back() = {"F", {}};
    if (!settings.boolean("scores", false))
        return {out};
    Value scores{{query.shape[0], query.shape[1], keys->shape[1]}, {}};
    if (!settings.boolean("averaged", false))
        scores.shape.insert(scores.shape.begin() + 1, settings.integer("heads"));
    scores.axes.resize(scores.shape.size());
    scores.axes.front().name = "N";
    return {out, scores};
}

int outputs(const Op& op)
{
    return op.attributes.boolean("scores", false) ? 2 : 1;
}

std::string difference(const Call& a, const Call& b)
{
    const auto number = [](const Call& call, const char* name) {
        const std::int64_t told = call.op.attributes.integer(name, 0);
        const Value* query = call.find();
        return told == 0 && query && std::string_view(name) == "units" && !query->shape.empty() ? query->shape.back() : told;
    };
    const auto sizes = [&](const char* name) {
        const std::int64_t left = number(a, name), right = number(b, name);
        return left == 0 || right == 0 ? std::string() : differs(name, left, right);
    };
    const auto flag = [&](const char* name) {
        return differs(name, a.op.attributes.boolean(name, false), b.op.attributes.boolean(name, false));
    };
    const bool both = a.op.attributes.boolean("scores", false) && b.op.attributes.boolean("scores", false);
    return firstOf(
        {sizes("heads"), sizes("key_dim"), sizes("value_dim"), sizes("units"), flag("causal"), both ? flag("averaged") : std::string()});
}

std::vector<std::string> words(const Op& op, std::int64_t)
{
    const std::int64_t heads = op.attributes.integer("heads", 0), size = op.attributes.integer("key_dim", 0);
    return {heads > 0 ? fmt::format("{} heads of {}", heads, size) : fmt::format("{} features", op.attributes.integer("units", 0)),
            op.attributes.boolean("causal", false) ? "causal" : ""};
}

}

const Kind multihead{.id = "multihead",
                     .torchClasses = {"MultiheadAttention"},
                     .kerasClasses = {"MultiHeadAttention"},
                     .aten = {{"_native_multi_head_attention",
                               "MultiheadAttention",
                               {{"query", "input"},
                                {"key", "key"},
                                {"value", "value"},
                                {"embed_dim", "embed_dim"},
                                {"num_head", "num_heads"},
                                {"qkv_weight", "in_proj_weight"},
                                {"qkv_bias", "in_proj_bias"},
                                {"proj_weight", "out_proj.weight"},
                                {"proj_bias", "out_proj.bias"},
                                {"mask", "mask"},
                                {"need_weights", "need_weights"},
                                {"average_attn_weights", "average_attn_weights"},
                                {"mask_type", "mask_type"}}}},
                     .effect = Effect::Makes,
                     .minds = true,
                     .fromTorch = fromTorch,
                     .fromKeras = fromKeras,
                     .fromKerasCall = fromKerasCall,
                     .kerasArguments = {"", "value", "key"},
                     .toTorch = toTorch,
                     .toKerasCall = toKerasCall,
                     .fromAten = fromAten,
                     .roles = roles,
                     .groups = groups,
                     .takes = {1, 1, {"key", "value"}},
                     .outputs = outputs,
                     .infer = infer,
                     .difference = difference,
                     .words = words};

}
