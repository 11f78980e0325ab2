// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/torch/torchmodule.h"

#include <array>
#include <fmt/format.h>

namespace core::formats {

using Type = PickleNode::Type;

namespace {

/// Where training scripts keep the model, most usual first (formats.md A6).
constexpr std::array<std::string_view, 15> modelKeys = {"state_dict", "model_state_dict", "model",  "module",     "net",
                                                        "network",    "weights",          "params", "params_ema", "ema",
                                                        "model_ema",  "generator",        "netG",   "state",      "best_state"};

bool holdsModel(const PickleNode& node)
{
    return isTorchModule(node) || isTorchStateDict(node);
}

/// The key of the model in a checkpoint: a usual one, else the only one that holds a model; -1 when there is none.
int modelEntry(const PickleNode& dict)
{
    for (const std::string_view key : modelKeys)
        for (std::size_t i = 0; i < dict.pairs(); ++i)
            if (dict.items[2 * i]->is(Type::String) && dict.items[2 * i]->text == key && holdsModel(*dict.items[2 * i + 1]))
                return static_cast<int>(i);
    int found = -1;
    for (std::size_t i = 0; i < dict.pairs(); ++i) {
        if (!holdsModel(*dict.items[2 * i + 1]))
            continue;
        if (found >= 0)
            return -1;
        found = static_cast<int>(i);
    }
    return found;
}

void readEither(const TorchContent& content, const PickleNode& node, Model& model)
{
    if (isTorchModule(node))
        readTorchModule(content, node, model);
    else
        readTorchStateDict(content, node, model);
}

void readCheckpoint(const TorchContent& content, const PickleNode& dict, std::size_t entry, Model& model)
{
    const std::string key = describe(*dict.items[2 * entry]);
    model.notes.push_back(
        torchNote("torch-checkpoint", Note::Severity::Info, fmt::format("A checkpoint: the model is its entry {}.", key), {key}));
    for (std::size_t i = 0; i < dict.pairs() && i < 40; ++i) {
        if (i == entry)
            continue;
        const std::string name = describe(*dict.items[2 * i], 60), value = describe(*dict.items[2 * i + 1]);
        model.notes.push_back(
            torchNote("torch-entry", Note::Severity::Info, fmt::format("The checkpoint also has {}: {}", name, value), {name, value}));
    }
    readEither(content, *dict.items[2 * entry + 1], model);
}

void addPickleNotes(const Pickle& pickle, std::vector<Note>& notes)
{
    for (const Note& note : pickle.notes())
        notes.push_back(note);
}

}

Model torchModel(TorchContent content, const Progress& progress)
{
    Model model;
    model.framework = Framework::Torch;
    model.origin = content.origin;
    model.notes = content.notes;
    addPickleNotes(content.pickle, model.notes);
    noteTorchGlobals(content.pickle, model.notes);
    progress.report(0.9);
    const PickleNode& root = content.pickle.root();
    const int entry = root.is(Type::Dict) && !isTorchStateDict(root) ? modelEntry(root) : -1;
    if (holdsModel(root)) {
        model.origin.content = isTorchModule(root) ? "module" : "state-dict";
        readEither(content, root, model);
    } else if (entry >= 0) {
        model.origin.content = "checkpoint";
        readCheckpoint(content, root, static_cast<std::size_t>(entry), model);
    } else {
        model.origin.content = "tensors";
        if (!readTorchTensors(content, root, model)) {
            model.origin.content = "object";
            model.notes.push_back(torchNote("torch-no-tensors", Note::Severity::Warning,
                                            "No tensor is in the file; it holds " + describe(root), {describe(root)}));
        }
    }
    progress.report(1);
    return model;
}

}
