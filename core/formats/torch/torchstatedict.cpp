// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/torch/torchlayer.h"
#include "core/formats/torch/torchmodule.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace core::formats {

using Type = PickleNode::Type;

namespace {

struct Named
{
    std::string name;
    const PickleNode* tensor;
};

/// Names that a layer gives its own weights; a tensor with such a name and no layer before it belongs to the model itself.
constexpr std::array<std::string_view, 6> ownNames = {"weight",        "bias", "running_mean", "running_var", "num_batches_tracked",
                                                      "in_proj_weight"};

std::string keyText(const PickleNode& key)
{
    return key.is(Type::String) ? printable(key.text, 400) : describe(key);
}

/// {"features.0", "weight"}
std::pair<std::string, std::string> split(const std::string& name)
{
    const std::size_t dot = name.rfind('.');
    if (dot != name.npos)
        return {name.substr(0, dot), name.substr(dot + 1)};
    const bool isOwn = std::find(ownNames.begin(), ownNames.end(), name) != ownNames.end();
    return {isOwn ? "model" : name, name};
}

/// Prefixes of wrappers (DataParallel, torch.compile) that all names bear are taken off.
void stripPrefixes(std::vector<Named>& entries, Model& model)
{
    constexpr std::array<std::string_view, 2> prefixes = {"module.", "_orig_mod."};
    for (bool changed = !entries.empty(); changed;) {
        changed = false;
        for (const std::string_view prefix : prefixes) {
            if (!std::all_of(entries.begin(), entries.end(),
                             [&](const Named& e) { return e.name.size() > prefix.size() && e.name.starts_with(prefix); }))
                continue;
            for (Named& entry : entries)
                entry.name.erase(0, prefix.size());
            model.notes.push_back(torchNote("torch-prefix", Note::Severity::Info,
                                            fmt::format("All names begin with '{}', which is left out.", prefix), {std::string(prefix)}));
            changed = true;
        }
    }
}

/// The kind that a layer's shapes tell: formats.md A5, "Infer from state_dict alone".
const layers::Kind* kindOfShapes(const std::map<std::string, Shape>& shapes)
{
    if (shapes.contains("running_mean"))
        return layers::kind("batchnorm");
    const auto weight = shapes.find("weight");
    if (weight == shapes.end())
        return nullptr;
    return weight->second.size() == 4 ? layers::kind("conv2d") : weight->second.size() == 2 ? layers::kind("linear") : nullptr;
}

Attributes attributesOfShapes(const layers::Kind& kind, const std::map<std::string, Shape>& shapes)
{
    const bool hasBias = shapes.contains("bias"), hasWeight = shapes.contains("weight");
    if (kind.id == "batchnorm")
        return {{"scale", hasWeight}, {"center", hasBias}};
    const Shape& weight = shapes.at("weight");
    if (kind.id == "conv2d")
        return {{"filters", weight[0]}, {"kernel", Ints{weight[2], weight[3]}}, {"bias", hasBias}};
    return {{"units", weight[0]}, {"bias", hasBias}};
}

void addLayer(Model& model, const std::string& name, std::span<const std::size_t> parameters)
{
    std::map<std::string, Shape> shapes;
    for (const std::size_t index : parameters)
        shapes.emplace(split(model.parameters[index].name).second, model.parameters[index].source.shape);
    const layers::Kind* kind = kindOfShapes(shapes);
    Op op;
    op.name = op.layer = name;
    Layer layer{name, "", {}, {}, kind != nullptr};
    if (kind) {
        op.kind = kind->id;
        op.attributes = attributesOfShapes(*kind, shapes);
        layer.kind = kind->torchClasses.front();
        layer.attributes = op.attributes;
    } else {
        op.unsupported = "what it computes is not in the file and its shapes do not tell";
    }
    for (const std::size_t index : parameters) {
        Parameter& parameter = model.parameters[index];
        if (kind)
            for (const layers::Role& role : kind->roles)
                if (role.torchName == parameter.role)
                    parameter.role = role.role;
        layer.parameters.push_back(parameter.name);
        op.parameters.emplace(parameter.role, parameter.name);
    }
    model.layers.push_back(std::move(layer));
    model.ops.push_back(std::move(op));
}

void addNamed(const TorchContent& content, std::vector<Named> entries, Model& model)
{
    stripPrefixes(entries, model);
    TorchParameters parameters(content, model);
    std::vector<std::string> order;
    std::unordered_map<std::string, std::vector<std::size_t>> members;
    for (const Named& entry : entries) {
        const auto [layer, own] = split(entry.name);
        const auto [place, isNew] = members.try_emplace(layer);
        if (isNew)
            order.push_back(layer);
        place->second.push_back(model.parameters.size());
        parameters.add(entry.name, layer, own, *entry.tensor);
    }
    parameters.finish();
    for (const std::string& layer : order)
        addLayer(model, layer, members[layer]);
    if (!entries.empty())
        model.notes.push_back(
            torchNote("torch-no-wiring", Note::Severity::Info,
                      "The file holds weights only: kinds of layers are told by shapes; strides, padding, activations and the order of "
                      "computation are not in it."));
}

}

bool isTorchStateDict(const PickleNode& node)
{
    std::size_t tensors = 0, others = 0;
    for (std::size_t i = 0; i < node.pairs() && node.is(Type::Dict); ++i) {
        const PickleNode& key = *node.items[2 * i];
        if (key.is(Type::String) && isTorchTensor(*node.items[2 * i + 1]))
            ++tensors;
        else if (!key.is(Type::String) || (key.text != "_metadata" && !key.text.ends_with("_extra_state")))
            ++others;
    }
    return tensors > 0 && tensors >= 4 * others;
}

void readTorchStateDict(const TorchContent& content, const PickleNode& dict, Model& model)
{
    std::vector<Named> entries;
    std::size_t noted = 0;
    for (std::size_t i = 0; i < dict.pairs(); ++i) {
        const PickleNode& value = *dict.items[2 * i + 1];
        const std::string name = keyText(*dict.items[2 * i]);
        if (isTorchTensor(value))
            entries.push_back({name, &value});
        else if (name != "_metadata" && noted++ < 20)
            model.notes.push_back(torchNote("torch-entry", Note::Severity::Info, fmt::format("{} is no tensor: {}", name, describe(value)),
                                            {name, describe(value)}));
    }
    addNamed(content, std::move(entries), model);
}

bool readTorchTensors(const TorchContent& content, const PickleNode& root, Model& model)
{
    std::vector<Named> found, open{{"", &root}};
    std::unordered_set<const PickleNode*> seen;
    while (!open.empty()) {
        const Named current = std::move(open.back());
        open.pop_back();
        const PickleNode& node = *current.tensor;
        if (isTorchTensor(node)) {
            found.push_back({current.name.empty() ? "tensor" : current.name, &node});
            continue;
        }
        const bool isDict = node.is(Type::Dict);
        if ((!isDict && !node.is(Type::List) && !node.is(Type::Tuple)) || current.name.size() > 1000 || !seen.insert(&node).second)
            continue;
        const std::string prefix = current.name.empty() ? "" : current.name + ".";
        const std::size_t count = isDict ? node.pairs() : node.items.size();
        for (std::size_t i = count; i-- > 0;)
            open.push_back({prefix + (isDict ? keyText(*node.items[2 * i]) : fmt::to_string(i)), node.items[isDict ? 2 * i + 1 : i]});
    }
    addNamed(content, std::move(found), model);
    return !model.parameters.empty();
}

}
