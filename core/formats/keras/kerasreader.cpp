// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/keras/keras.h"

#include "core/formats/hdf5/h5file.h"
#include "core/formats/keras/kerasops.h"
#include "core/formats/keras/kerasweights.h"
#include "core/layers/kind.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::formats {

namespace {

std::string attribute(const H5Contents& contents, const std::string& path, const std::string& name)
{
    const auto* group = contents.group(path);
    return group ? textAttribute(*group, name).value_or("") : "";
}

bool hasNames(const H5Contents& contents, const std::string& path)
{
    const auto* group = contents.group(path);
    return group && namesAttribute(*group, "layer_names");
}

/// What the file says of who wrote it.
struct Writer
{
    std::string version, backend;

    explicit Writer(const H5Contents& contents)
    {
        for (const char* path : {"/", "/model_weights"}) {
            if (version.empty())
                version = attribute(contents, path, "keras_version");
            if (backend.empty())
                backend = attribute(contents, path, "backend");
        }
    }

    std::string text() const
    {
        return printable("Keras" + (version.empty() ? "" : " " + version) + (backend.empty() ? "" : " (" + backend + ")"));
    }
};

// Shapes that no layer can take are told at once, by the layer that cannot.
void checkShapes(Model& model)
{
    std::vector<layers::Value> inputs;
    for (const int index : model.inputOps()) {
        const auto shape = model.ops[static_cast<std::size_t>(index)].attributes.integers("shape", Ints());
        if (shape.empty() || std::any_of(shape.begin(), shape.end(), [](std::int64_t size) { return size < 1; }))
            return;
        inputs.push_back(layers::inputValue(Framework::Keras, shape));
    }
    std::map<int, std::string> problems;
    layers::inferValues(model, inputs, &problems);
    for (const auto& [index, problem] : problems) {
        auto& op = model.ops[static_cast<std::size_t>(index)];
        op.unsupported = problem;
        for (auto& layer : model.layers)
            if (layer.name == op.layer)
                layer.supported = false;
        model.notes.push_back({{"keras-layer", {op.layer, problem}, problem}, Note::Severity::Error, op.layer});
    }
}

void noteCannotRun(Model& model)
{
    for (const auto& op : model.ops)
        if (!op.unsupported.empty() &&
            std::none_of(model.notes.begin(), model.notes.end(), [&](const Note& note) { return note.where == op.layer; }))
            model.notes.push_back({{"layer-cannot-run", {op.layer, op.unsupported}, op.unsupported}, Note::Severity::Warning, op.layer});
}

Model fullModel(const H5Contents& contents, const Writer& writer, const std::string& config, const std::string& where)
{
    auto model = kerasModel(parseKerasConfig(config, where), writer.version, writer.backend, where);
    addKerasWeights(model, contents, "/model_weights");
    checkShapes(model);
    noteCannotRun(model);
    return model;
}

Model plainHdf5(const H5Contents& contents)
{
    Model model;
    for (const auto& dataset : contents.datasets) {
        const auto name = dataset.path.substr(1);
        const auto slash = name.rfind('/');
        Parameter parameter;
        parameter.name = name;
        parameter.layer = slash == std::string::npos ? "/" : name.substr(0, slash);
        parameter.role = slash == std::string::npos ? name : name.substr(slash + 1);
        parameter.source = dataset.source;
        parameter.problem = dataset.problem;
        if (model.layers.empty() || model.layers.back().name != parameter.layer) // a group's datasets stand together
            model.layers.push_back({parameter.layer, "", {}, {}, false});
        model.layers.back().parameters.push_back(name);
        model.parameters.push_back(std::move(parameter));
    }
    const bool isStore = contents.group("/layers") || contents.group("/_layer_checkpoint_dependencies");
    model.notes.push_back(
        {{"hdf5-plain",
          {},
          isStore ? "a weights file of Keras 3, read as plain HDF5: Tieout does not map it yet" : "an HDF5 file that is no Keras model"},
         Note::Severity::Warning,
         ""});
    return model;
}

Model modelOf(const H5Contents& contents, const std::string& path)
{
    const Writer writer(contents);
    Model model;
    const auto config = attribute(contents, "/", "model_config");
    if (!config.empty()) {
        model = fullModel(contents, writer, config, path + ", model_config");
        model.origin.format = "keras-h5";
        model.origin.content = "model";
    } else if (hasNames(contents, "/") || hasNames(contents, "/model_weights")) {
        model = kerasWeightsModel(contents, hasNames(contents, "/") ? "/" : "/model_weights", writer.version);
        model.origin.format = "keras-h5-weights";
        model.origin.content = "weights";
    } else {
        model = plainHdf5(contents);
        model.origin.format = "hdf5";
        model.origin.content = "tensors";
        return model;
    }
    model.origin.producer = writer.text();
    return model;
}

}

Model readKerasH5(std::shared_ptr<const File> file, const Progress& progress)
{
    const auto contents = listH5(file, progress);
    try {
        auto model = modelOf(contents, file->path());
        model.origin.path = file->path();
        model.origin.fileSize = file->size();
        model.notes.insert(model.notes.end(), contents.notes.begin(), contents.notes.end());
        return model;
    } catch (Error& error) {
        if (error.file().empty())
            error.file(file->path());
        throw;
    } catch (const Json::exception& error) {
        throw Error("keras-config").file(file->path()).expected("a Keras configuration").found(printable(error.what()));
    }
}

const Format kerasH5{"keras-h5", Framework::Keras, "*.h5 *.hdf5", isHdf5, readKerasH5};

}
