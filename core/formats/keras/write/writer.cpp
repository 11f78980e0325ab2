// SPDX-License-Identifier: GPL-3.0-or-later
// HDF5 as Keras 1 to 3 write it: formats.md B1 and B2.
#include "core/formats/hdf5/h5image.h"
#include "core/formats/keras/write/layerweights.h"

namespace core::formats {

namespace {

void addLayer(H5Image& image, const std::string& place, const std::string& layerName, const std::vector<std::string>& names,
              const ValuesByName& values)
{
    const std::string group = place + "/" + layerName;
    image.addGroup(group);
    image.addNames("weight_names", names);
    for (const auto& name : names)
        image.addDataset(group + "/" + name, values.of(name));
}

/// What a full model has in a group of its own, and a file of weights at its root; `place` is "" there.
void addWeights(H5Image& image, const std::string& place, const Model& model, const KerasArchitecture& architecture,
                const NamedTensors& tensors)
{
    const ValuesByName values(tensors);
    image.addAttribute("backend", writtenBackend);
    image.addAttribute("keras_version", writtenKerasVersion);
    image.addNames("layer_names", architecture.layerNames);
    for (const WrittenLayer& layer : writtenLayers(model, architecture))
        addLayer(image, place, layer.name, layer.parameters, values);
    addLayer(image, place, "top_level_model_weights", {}, values);
}

}

void writeKerasH5(AtomicFile& file, const Model& model, const NamedTensors& tensors)
{
    const auto architecture = kerasArchitecture(model);
    H5Image image;
    image.addGroup("/");
    image.addAttribute("backend", writtenBackend, "utf-8");
    image.addAttribute("keras_version", writtenKerasVersion, "utf-8");
    image.addAttribute("model_config", architecture.config.dump(-1, ' ', true));
    image.addGroup("/model_weights");
    addWeights(image, "/model_weights", model, architecture, tensors);
    image.write(file);
}

void writeKerasH5(const std::string& path, const Model& model, const NamedTensors& tensors)
{
    AtomicFile file(path);
    writeKerasH5(file, model, tensors);
    file.commit();
}

void writeKerasWeights(AtomicFile& file, const Model& model, const NamedTensors& tensors)
{
    H5Image image;
    image.addGroup("/");
    addWeights(image, "", model, kerasArchitecture(model), tensors);
    image.write(file);
}

}
