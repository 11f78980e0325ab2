// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/torch/torchentries.h"
#include "core/formats/torch/torchmodule.h"
#include "core/formats/torch/torchsearch.h"

#include <fmt/format.h>

namespace core::formats {

namespace {

void noteOthers(const TorchChoice& choice, Model& model)
{
    if (!choice.model.path.empty())
        model.notes.push_back(torchNote("torch-checkpoint", Note::Severity::Info,
                                        fmt::format("A checkpoint: the model is its entry {}.", choice.model.path), {choice.model.path}));
    if (choice.others.empty())
        return;
    std::string names;
    for (std::size_t i = 0; i < choice.others.size() && i < 8; ++i)
        names += (i ? ", " : "") + choice.others[i].path;
    if (choice.others.size() > 8)
        names += ", ...";
    model.notes.push_back(torchNote("torch-several", Note::Severity::Warning,
                                    fmt::format("The file holds several models: {} is shown; {} {} among its entries.", choice.model.path,
                                                names, choice.others.size() == 1 ? "is" : "are"),
                                    {choice.model.path, names}));
}

void readModel(const TorchContent& content, const TorchChoice& choice, Model& model)
{
    const PickleNode& root = content.pickle.root();
    const PickleNode& node = *choice.model.node;
    const bool isModule = isTorchModule(node);
    model.origin.content = &node != &root ? "checkpoint" : isModule ? "module" : "state-dict";
    noteOthers(choice, model);
    if (isModule)
        readTorchModule(content, node, model);
    else
        readTorchStateDict(content, node, model, root.value("pytorch-lightning_version") != nullptr);
    if (!isModule && &node == &root)
        addTorchEntries(root, nullptr, false, model);
    else if (&node != &root)
        addTorchEntries(root, &node, true, model);
}

void readLoose(const TorchContent& content, Model& model)
{
    const PickleNode& root = content.pickle.root();
    model.origin.content = "tensors";
    if (!readTorchTensors(content, root, model, content.framework == Framework::Torch)) {
        model.origin.content = "object";
        model.notes.push_back(torchNote("torch-no-tensors", Note::Severity::Warning, "No tensor is in the file; it holds " + describe(root),
                                        {describe(root)}));
    }
    addTorchEntries(root, nullptr, false, model);
}

}

Model torchModel(TorchContent content, const Progress& progress)
{
    Model model;
    model.framework = content.framework;
    model.origin = content.origin;
    model.notes = content.notes;
    model.notes.insert(model.notes.end(), content.pickle.notes().begin(), content.pickle.notes().end());
    listTorchGlobals(content.pickle, model);
    progress.report(0.9);
    const TorchChoice choice = content.framework == Framework::Torch ? chooseTorchModel(content.pickle.root()) : TorchChoice();
    if (choice.model.node)
        readModel(content, choice, model);
    else
        readLoose(content, model);
    addTorchSources(content.pickle, model);
    progress.report(1);
    return model;
}

}
