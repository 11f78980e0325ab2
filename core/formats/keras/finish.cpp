// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/keras/finish.h"

#include "core/json/json.h"
#include "core/layers/kind.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace core::formats {

namespace {

void checkShapes(Model& model)
{
    std::vector<layers::Value> inputs;
    for (const int index : model.inputOps()) {
        const auto shape = model.ops[static_cast<std::size_t>(index)].attributes.integers("shape", Ints());
        if (shape.empty() || std::any_of(shape.begin(), shape.end(), [](std::int64_t size) { return size < 1; }))
            return;
        inputs.push_back(layers::inputValue(model, index, shape));
    }
    std::unordered_map<std::string, Layer*> layersByName;
    for (auto& layer : model.layers)
        layersByName.emplace(layer.name, &layer);
    std::map<int, std::string> problems;
    layers::inferValues(model, inputs, &problems);
    for (const auto& [index, problem] : problems) {
        auto& op = model.ops[static_cast<std::size_t>(index)];
        op.unsupported = problem;
        if (const auto layer = layersByName.find(op.layer); layer != layersByName.end())
            layer->second->supported = false;
        model.notes.push_back({{"keras-layer", {op.layer, problem}, problem}, Note::Severity::Error, op.layer});
    }
}

void noteCannotRun(Model& model)
{
    std::unordered_set<std::string> told;
    for (const auto& note : model.notes)
        told.insert(note.where);
    for (const auto& op : model.ops)
        if (!op.unsupported.empty() && told.insert(op.layer).second)
            model.notes.push_back({{"layer-cannot-run", {op.layer, op.unsupported}, op.unsupported}, Note::Severity::Warning, op.layer});
}

}

std::string KerasProducer::text() const
{
    return printable("Keras" + (version.empty() ? "" : " " + version) + (backend.empty() ? "" : " (" + backend + ")"));
}

void finishKerasModel(Model& model)
{
    checkShapes(model);
    noteCannotRun(model);
}

Model guardedKeras(const File& file, const std::function<Model()>& read)
{
    try {
        auto model = read();
        model.origin.path = file.path();
        model.origin.fileSize = file.size();
        return model;
    } catch (Error& error) {
        if (error.file().empty())
            error.file(file.path());
        throw;
    } catch (const Json::exception&) {
        throw Error("keras-config").file(file.path()).expected("a Keras configuration").found("values of other types than Keras writes");
    }
}

}
