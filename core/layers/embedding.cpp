// SPDX-License-Identifier: GPL-3.0-or-later
// embedding: rows, units; mask_zero: a second output tells which ids are not 0. Takes whole numbers, each of which becomes a row.
#include "core/layers/sequencekinds.h"

#include <fmt/format.h>

namespace core::layers {

namespace {

Attributes fromTorch(const TorchSpec& spec)
{
    if (spec.raw.has("max_norm"))
        unsupported("rows that are shortened when they are looked up (max_norm)", "rows as they are");
    return {{"rows", spec.raw.integer("num_embeddings")}, {"units", spec.raw.integer("embedding_dim")}};
}

void fromAten(std::string_view, TorchSpec& spec)
{
    const auto weight = spec.parameters.find("weight");
    if (weight == spec.parameters.end() || weight->second.size() != 2)
        return;
    spec.raw.set("num_embeddings", weight->second[0]);
    spec.raw.set("embedding_dim", weight->second[1]);
}

Attributes fromKeras(const KerasSpec& spec)
{
    return {{"rows", kerasInt(spec.config, "input_dim", 0)},
            {"units", kerasInt(spec.config, "output_dim", 0)},
            {"mask_zero", kerasBool(spec.config, "mask_zero", false)}};
}

Json toKeras(const Op& op)
{
    return {{"input_dim", op.attributes.integer("rows")},
            {"output_dim", op.attributes.integer("units")},
            {"mask_zero", op.attributes.boolean("mask_zero", false)}};
}

TorchSpec toTorch(const Op& op)
{
    if (op.attributes.boolean("mask_zero", false))
        throw Error("layer-no-twin").expected("an Embedding without a mask").found("mask_zero=True").at(printable(op.name));
    return {"Embedding", {{"num_embeddings", op.attributes.integer("rows")}, {"embedding_dim", op.attributes.integer("units")}}, {}};
}

std::vector<Role> roles(const Attributes& settings, Framework framework, std::span<const Value>)
{
    return rolesFrom(framework, {{"v", settings.integer("rows", 0)}, {"o", settings.integer("units", 0)}},
                     {{"embeddings", "weight", "embeddings", "vo", "vo"}});
}

std::string_view inputAxes(const Op&, Framework, std::size_t rank)
{
    return rank == 2 ? "NT" : "";
}

std::vector<Value> infer(const Call& call)
{
    const Value& ids = call.input();
    Value result = ids;
    result.shape.push_back(call.op.attributes.integer("units"));
    if (!result.axes.empty())
        result.axes.push_back({"F", {}});
    if (!call.op.attributes.boolean("mask_zero", false))
        return {result};
    return {result, ids};
}

std::string difference(const Call& a, const Call& b)
{
    return firstOf({differs("rows", a.op.attributes.integer("rows", 0), b.op.attributes.integer("rows", 0)),
                    differs("units", a.op.attributes.integer("units", 0), b.op.attributes.integer("units", 0))});
}

std::vector<std::string> words(const Op& op, std::int64_t)
{
    return {fmt::format("{}->{}", op.attributes.integer("rows", 0), op.attributes.integer("units", 0))};
}

}

const Kind embedding{.id = "embedding",
                     .torchClasses = {"Embedding"},
                     .kerasClasses = {"Embedding"},
                     .aten = {{"embedding",
                               "Embedding",
                               {{"weight", "weight"},
                                {"indices", "input"},
                                {"padding_idx", "padding_idx"},
                                {"scale_grad_by_freq", "scale_grad_by_freq"},
                                {"sparse", "sparse"}}}},
                     .effect = Effect::Makes,
                     .indexes = true,
                     .fromTorch = fromTorch,
                     .fromKeras = fromKeras,
                     .toTorch = toTorch,
                     .toKeras = toKeras,
                     .fromAten = fromAten,
                     .roles = roles,
                     .outputs = [](const Op& op) { return op.attributes.boolean("mask_zero", false) ? 2 : 1; },
                     .inputAxes = inputAxes,
                     .infer = infer,
                     .difference = difference,
                     .words = words};

}
