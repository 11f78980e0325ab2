// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/torch/torchguess.h"
#include "core/formats/torch/torchlayer.h"
#include "core/formats/torch/torchmodule.h"
#include "core/formats/torch/torchnames.h"
#include "core/formats/torch/torchnormalised.h"
#include "core/formats/torch/torchsearch.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::formats {

using Type = PickleNode::Type;

namespace {

/// A layer with the tensors that bear its name before theirs.
struct Members
{
    std::string layer;
    std::vector<std::pair<std::string, std::size_t>> tensors; ///< own name ("weight") and index in the model
};

std::string whyUnsupported(const TorchGuess& guess)
{
    if (!guess.normalisation.empty())
        return fmt::format("its weight is computed from others ({})", guess.normalisation);
    if (guess.className.empty())
        return "what it computes is not in the file and its shapes do not tell";
    return fmt::format("seen by its shapes as {}, which cannot run from shapes alone", guess.className);
}

void noteNormalisation(const TorchGuess& guess, const std::string& layer, Model& model)
{
    Note note = torchNote(
        "torch-normalised", Note::Severity::Info,
        fmt::format("The weight of {} is not in the file: it is computed from the tensors that {} keeps.", layer, guess.normalisation),
        {layer, guess.normalisation});
    note.where = layer;
    model.notes.push_back(std::move(note));
}

/// A recurrent layer's ops, a layer and direction each, as its names and shapes tell; nothing for other layers.
std::optional<std::vector<Op>> recurrentOps(const Model& model, const Members& members, const TorchGuess& guess)
{
    const auto steps = layers::torchSteps({guess.className, guess.attributes, {}});
    if (!steps)
        return {};
    std::map<std::string, std::string> full;
    std::map<std::string, Shape> shapes;
    for (const auto& [own, index] : members.tensors) {
        full.emplace(own, model.parameters[index].name);
        shapes.emplace(own, model.parameters[index].source.shape);
    }
    std::vector<Op> ops = layers::opsOf(*steps, members.layer, members.layer, 0, {});
    std::size_t taken = 0;
    for (Op& op : ops) {
        op.attributes.remove("time"); // not told
        takeStepParameters(op, full, shapes);
        taken += op.parameters.size();
    }
    const bool fits = taken == full.size() && std::all_of(ops.begin(), ops.end(), [](const Op& op) { return op.unsupported.empty(); });
    return fits ? std::optional(ops) : std::nullopt;
}

/// Whether the layer is one; then it has been added.
bool addRecurrent(Model& model, const Members& members, const TorchGuess& guess)
{
    std::optional<std::vector<Op>> ops;
    try {
        ops = recurrentOps(model, members, guess);
    } catch (const Error&) { // a projection, say: listed as what cannot run
    }
    if (!ops)
        return false;
    Layer layer{members.layer, guess.className, guess.attributes, {}, true};
    for (const auto& [own, index] : members.tensors) {
        Parameter& parameter = model.parameters[index];
        parameter.layer = members.layer;
        layer.parameters.push_back(parameter.name);
        for (const Op& op : *ops)
            for (const auto& [role, name] : op.parameters)
                if (name == parameter.name)
                    parameter.role = role;
    }
    model.layers.push_back(std::move(layer));
    model.ops.insert(model.ops.end(), ops->begin(), ops->end());
    return true;
}

/// Adds the weight that is computed from the layer's tensors, where it is.
void addNormalised(Model& model, Members& members)
{
    std::map<std::string, const Parameter*> own;
    for (const auto& [name, index] : members.tensors)
        own.emplace(name, &model.parameters[index]);
    const std::string& first = model.parameters[members.tensors.front().second].name;
    const std::string prefix = first.substr(0, first.size() - members.tensors.front().first.size());
    if (std::optional<Parameter> weight = normalisedWeight(own, prefix + "weight")) {
        members.tensors.emplace_back("weight", model.parameters.size());
        model.parameters.push_back(std::move(*weight));
    }
}

void addLayer(Model& model, Members members)
{
    TorchShapes shapes;
    for (const auto& [own, index] : members.tensors)
        shapes.emplace(own, &model.parameters[index].source.shape);
    const TorchGuess guess = model.framework == Framework::Torch ? guessTorchLayer(members.layer, shapes) : TorchGuess();
    if (addRecurrent(model, members, guess))
        return;
    const std::size_t stored = members.tensors.size();
    if (!guess.normalisation.empty() && guess.kind)
        addNormalised(model, members);
    const bool isComputed = members.tensors.size() > stored;
    Op op;
    op.name = op.layer = members.layer;
    Layer layer{members.layer, guess.className, guess.attributes, {}, guess.kind && (guess.normalisation.empty() || isComputed)};
    if (guess.kind) {
        op.kind = guess.kind->id;
        op.attributes = guess.attributes;
    }
    if (!layer.supported)
        op.unsupported = whyUnsupported(guess);
    if (!guess.normalisation.empty())
        noteNormalisation(guess, members.layer, model);
    for (const auto& [own, index] : members.tensors) {
        Parameter& parameter = model.parameters[index];
        parameter.layer = members.layer;
        parameter.role = own;
        const auto role = guess.kind ? layers::roleNamed(*guess.kind, Framework::Torch, own) : std::nullopt;
        if (role)
            parameter.role = role->role;
        layer.parameters.push_back(parameter.name);
        if (role || !isComputed) // what the weight is computed from is none of the op's
            op.parameters.emplace(parameter.role, parameter.name);
    }
    model.layers.push_back(std::move(layer));
    model.ops.push_back(std::move(op));
}

std::vector<Members> addParameters(const TorchContent& content, const std::vector<TorchNamed>& entries, Model& model)
{
    TorchParameters parameters(content, model);
    std::vector<Members> result;
    std::unordered_map<std::string, std::size_t> places;
    model.parameters.reserve(entries.size());
    for (const TorchNamed& entry : entries) {
        const auto [layer, own] = splitTorchName(entry.name);
        const auto [place, isNew] = places.try_emplace(layer, result.size());
        if (isNew)
            result.push_back({layer, {}});
        std::size_t index = model.parameters.size();
        parameters.add(entry.name, layer, own, *entry.tensor);
        for (; index < model.parameters.size(); ++index) {
            const std::string& role = model.parameters[index].role;
            result[place->second].tensors.emplace_back(role, index);
        }
    }
    parameters.finish();
    return result;
}

/// An attention keeps a part of itself in a module of its own, which is no layer to people: "attn.out_proj" belongs to "attn", as it does
/// where the module itself was saved.
std::vector<Members> withInnerModules(std::vector<Members> all)
{
    constexpr std::string_view inner = "out_proj";
    std::unordered_map<std::string_view, std::size_t> attentions;
    for (std::size_t i = 0; i < all.size(); ++i)
        if (std::any_of(all[i].tensors.begin(), all[i].tensors.end(),
                        [](const auto& tensor) { return tensor.first == "in_proj_weight" || tensor.first == "q_proj_weight"; }))
            attentions.emplace(all[i].layer, i);
    std::vector<Members> result;
    for (Members& members : all) {
        const std::string name = members.layer; // "out_proj" alone where the attention is the whole model
        const std::size_t dot = name.rfind('.');
        const auto owner = attentions.find(dot == name.npos ? "model" : std::string_view(name).substr(0, dot));
        if (owner == attentions.end() || std::string_view(name).substr(dot + 1) != inner)
            continue;
        for (const auto& [own, index] : members.tensors)
            all[owner->second].tensors.emplace_back(std::string(inner) + "." + own, index);
        members.tensors.clear();
    }
    for (Members& members : all)
        if (!members.tensors.empty())
            result.push_back(std::move(members));
    return result;
}

/// Modules without tensors that the state dict's _metadata names, as layers of unknown kind at their places; `stripped` is what was taken
/// off all names.
void addBareLayers(const PickleNode& dict, const std::string& stripped, Model& model)
{
    const PickleNode* metadata = dict.state ? dict.state->value("_metadata") : nullptr;
    if (!metadata || !metadata->is(Type::Dict))
        return;
    std::vector<std::string> names;
    std::unordered_set<std::string> parents;
    for (std::size_t i = 0; i < metadata->pairs(); ++i) {
        std::string name = torchKey(*metadata->items[2 * i]);
        if (name.size() <= stripped.size() || !name.starts_with(stripped))
            continue;
        name.erase(0, stripped.size());
        if (("." + name + ".").find(".parametrizations.") != name.npos) // what makes a layer's weight is no layer
            continue;
        for (std::size_t dot = name.rfind('.'); dot != name.npos && dot > 0; dot = name.rfind('.', dot - 1))
            if (!parents.insert(name.substr(0, dot)).second)
                break;
        names.push_back(std::move(name));
    }
    for (const Parameter& parameter : model.parameters) // a part of another layer is none by itself
        parents.insert(parameter.name.substr(0, std::min(parameter.name.rfind('.'), parameter.name.size())));
    std::unordered_map<std::string, std::size_t> known;
    for (std::size_t i = 0; i < model.layers.size(); ++i)
        known.emplace(model.layers[i].name, i);
    std::vector<Layer> ordered;
    std::vector<bool> isTaken(model.layers.size());
    for (const std::string& name : names) {
        if (const auto found = known.find(name); found != known.end() && !isTaken[found->second]) {
            isTaken[found->second] = true;
            ordered.push_back(std::move(model.layers[found->second]));
        } else if (found == known.end() && !parents.contains(name)) {
            known.emplace(name, model.layers.size());
            ordered.push_back({name, "", {}, {}, false});
        }
    }
    for (std::size_t i = 0; i < isTaken.size(); ++i)
        if (!isTaken[i])
            ordered.push_back(std::move(model.layers[i]));
    model.layers = std::move(ordered);
}

/// Returns the prefix that was taken off the names.
std::string addNamed(const TorchContent& content, std::vector<TorchNamed> entries, Model& model, bool anyPrefix)
{
    const std::string stripped = stripTorchPrefixes(entries, anyPrefix, model.notes);
    for (const Members& members : withInnerModules(addParameters(content, entries, model)))
        addLayer(model, members);
    if (!entries.empty() && model.framework == Framework::Torch)
        model.notes.push_back(
            torchNote("torch-no-wiring", Note::Severity::Info,
                      "The file holds weights only: kinds of layers are told by shapes; strides, padding, activations and the order of "
                      "computation are not in it."));
    return stripped;
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

void readTorchStateDict(const TorchContent& content, const PickleNode& dict, Model& model, bool anyPrefix)
{
    std::vector<TorchNamed> entries;
    for (std::size_t i = 0; i < dict.pairs(); ++i)
        if (isTorchTensor(*dict.items[2 * i + 1]))
            entries.push_back({torchKey(*dict.items[2 * i]), dict.items[2 * i + 1]});
    addBareLayers(dict, addNamed(content, std::move(entries), model, anyPrefix), model);
}

bool readTorchTensors(const TorchContent& content, const PickleNode& root, Model& model, bool insideObjects)
{
    constexpr std::size_t pathLimit = 1000;
    std::vector<TorchNamed> found, open{{"", &root}};
    std::unordered_set<const PickleNode*> seen;
    while (!open.empty()) {
        const TorchNamed current = std::move(open.back());
        open.pop_back();
        const PickleNode& node = *current.tensor;
        if (isTorchTensor(node)) {
            found.push_back({current.name.empty() ? "tensor" : current.name, &node});
            continue;
        }
        const bool isOpaque = node.is(Type::Object) && !insideObjects;
        if (isOpaque || current.name.size() > pathLimit || !seen.insert(&node).second)
            continue;
        const std::vector<TorchChild> children = torchChildren(node);
        for (std::size_t i = children.size(); i-- > 0;)
            open.push_back({joined(current.name, children[i].name()), children[i].node});
    }
    addNamed(content, std::move(found), model, false);
    return !model.parameters.empty();
}

}
