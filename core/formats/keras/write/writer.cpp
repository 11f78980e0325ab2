// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/write.h"

#include "core/formats/hdf5/h5image.h"
#include "core/formats/keras/write/architecture.h"
#include "core/layers/kind.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace core::formats {

namespace {

constexpr const char* kerasVersion = "2.15.0"; ///< the generation whose rules the configuration follows
constexpr const char* backend = "tensorflow";

/// A layer's parameters in Keras' order: trained ones first, as the kind has its roles; else as the file had them.
std::vector<std::string> parameterNames(const Model& model, const Layer& layer)
{
    for (const int index : model.opsOf(layer.name)) {
        const auto& op = model.ops[static_cast<std::size_t>(index)];
        if (!layers::kind(op.kind) || op.parameters.empty() || op.parameters.size() != layer.parameters.size())
            continue;
        std::vector<std::string> names;
        for (const auto& role : layers::rolesOf(op, Framework::Keras))
            if (const auto found = op.parameters.find(role.role); found != op.parameters.end())
                names.push_back(found->second);
        return names;
    }
    return layer.parameters;
}

const Tensor& valuesOf(const std::map<std::string, const Tensor*>& values, const std::string& name)
{
    const auto found = values.find(name);
    if (found == values.end())
        throw Error("keras-write").expected("values for every parameter").found("none for " + printable(name));
    return *found->second;
}

void addLayer(H5Image& image, const std::string& layerName, const std::vector<std::string>& names,
              const std::map<std::string, const Tensor*>& values)
{
    const std::string group = "/model_weights/" + layerName;
    image.addGroup(group);
    image.addNames("weight_names", names);
    for (const auto& name : names)
        image.addDataset(group + "/" + name, valuesOf(values, name));
}

}

void writeKerasH5(AtomicFile& file, const Model& model, const NamedTensors& tensors)
{
    const auto architecture = kerasArchitecture(model);
    std::map<std::string, const Tensor*> values;
    for (const auto& [name, tensor] : tensors)
        values[name] = &tensor;

    H5Image image;
    image.addGroup("/");
    image.addAttribute("backend", backend, "utf-8");
    image.addAttribute("keras_version", kerasVersion, "utf-8");
    image.addAttribute("model_config", architecture.config.dump(-1, ' ', true));
    image.addGroup("/model_weights");
    image.addAttribute("backend", backend);
    image.addAttribute("keras_version", kerasVersion);
    image.addNames("layer_names", architecture.layerNames);
    for (std::size_t i = 0; i < architecture.layers.size(); ++i) {
        const Layer* layer = architecture.layers[i];
        addLayer(image, architecture.layerNames[i], layer ? parameterNames(model, *layer) : std::vector<std::string>(), values);
    }
    addLayer(image, "top_level_model_weights", {}, values);
    image.write(file);
}

void writeKerasH5(const std::string& path, const Model& model, const NamedTensors& tensors)
{
    AtomicFile file(path);
    writeKerasH5(file, model, tensors);
    file.commit();
}

}
