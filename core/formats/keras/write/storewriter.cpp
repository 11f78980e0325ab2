// SPDX-License-Identifier: GPL-3.0-or-later
// Variables by paths and numbers, and the archive around them: formats.md B3 and B4.
#include "core/formats/hdf5/h5image.h"
#include "core/formats/keras/weights/store.h"
#include "core/formats/keras/write/layerweights.h"
#include "core/formats/zip/zipwriter.h"
#include "core/layers/kind.h"
#include "core/layers/steps.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::formats {

namespace {

/// Where a layer's variables lie below it, and which objects it has besides: Keras 2 looks for all of them.
struct Places
{
    std::vector<std::string> folders;   ///< each with a group "vars", which may be empty
    std::vector<std::string> variables; ///< beside the parameters: their folders
};

bool isRecurrent(const std::string& className)
{
    const layers::Kind* kind = layers::kindOfClass(className);
    return kind && layers::isOfSteps(className) && kind->roles && kind->family == "recurrent";
}

[[noreturn]] void refuse(const WrittenLayer& layer)
{
    throw Error("keras-write")
        .expected("layers of which it is known where Keras keeps their variables")
        .found(layer.className)
        .at(printable(layer.name))
        .advice("Write a .h5 instead.");
}

Places placesOf(const WrittenLayer& layer)
{
    Places result;
    const std::size_t count = layer.parameters.size();
    if (isRecurrent(layer.className))
        return {{"", "/cell"}, std::vector<std::string>(count, "/cell")};
    if (layer.className == "Bidirectional") {
        for (const std::string& parameter : layer.parameters) {
            const bool isBackward = parameter.find("backward") != parameter.npos;
            if (!isBackward && parameter.find("forward") == parameter.npos)
                refuse(layer);
            result.variables.emplace_back(isBackward ? "/backward_layer/cell" : "/forward_layer/cell");
        }
        result.folders = {"", "/forward_layer", "/forward_layer/cell", "/backward_layer", "/backward_layer/cell", "/layer", "/layer/cell"};
        return result;
    }
    if (layer.className == "TimeDistributed")
        return {{"", "/layer"}, std::vector<std::string>(count, "/layer")};
    const layers::Kind* kind = layers::kindOfClass(layer.className);
    const bool isPlain = count == 0 || layer.className.starts_with("Separable") || (kind && kind->roles && kind->kerasArguments.empty());
    if (!isPlain)
        refuse(layer);
    return {{""}, std::vector<std::string>(count, "")};
}

H5Image storeImage(const Model& model, const KerasArchitecture& architecture, const NamedTensors& tensors)
{
    const ValuesByName values(tensors);
    H5Image image;
    image.addGroup("/");
    image.addGroup("/vars");
    image.addGroup("/layers");
    std::map<std::string, int> numbers;
    for (const WrittenLayer& layer : writtenLayers(model, architecture)) {
        const std::string name = snakeCase(layer.className);
        const int number = numbers[name]++;
        const std::string path = number == 0 ? "/layers/" + name : fmt::format("/layers/{}_{}", name, number);
        const Places places = placesOf(layer);
        for (const std::string& folder : places.folders) {
            image.addGroup(path + folder);
            image.addGroup(path + folder + "/vars");
            if (folder.empty())
                image.addAttribute("name", layer.name, "utf-8");
        }
        std::map<std::string, int> variables;
        for (std::size_t i = 0; i < layer.parameters.size(); ++i)
            image.addDataset(fmt::format("{}{}/vars/{}", path, places.variables[i], variables[places.variables[i]]++),
                             values.of(layer.parameters[i]));
    }
    return image;
}

}

void writeKerasStore(AtomicFile& file, const Model& model, const NamedTensors& tensors)
{
    storeImage(model, kerasArchitecture(model), tensors).write(file);
}

void writeKerasArchive(AtomicFile& file, const Model& model, const NamedTensors& tensors)
{
    const KerasArchitecture architecture = kerasArchitecture(model);
    const auto weights = storeImage(model, architecture, tensors).made(file.path());
    ZipWriter archive(file);
    archive.add("metadata.json", Json{{"keras_version", writtenKerasVersion}, {"date_saved", "1980-01-01@00:00:00"}}.dump());
    archive.add("config.json", architecture.config.dump(-1, ' ', true));
    archive.add("model.weights.h5", weights);
    archive.finish();
}

}
