// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/keras/write/layerweights.h"

#include "core/layers/kind.h"

namespace core::formats {

namespace {

/// As the kind has its roles; else as the file had them.
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

}

std::vector<WrittenLayer> writtenLayers(const Model& model, const KerasArchitecture& architecture)
{
    std::map<std::string, std::string> classes;
    for (const Json& layer : architecture.config["config"]["layers"])
        classes[layer["config"]["name"].get<std::string>()] = layer["class_name"].get<std::string>();
    std::vector<WrittenLayer> result;
    for (std::size_t i = 0; i < architecture.layers.size(); ++i) {
        const Layer* layer = architecture.layers[i];
        const std::string& name = architecture.layerNames[i];
        result.push_back({name, classes[name], layer ? parameterNames(model, *layer) : std::vector<std::string>()});
    }
    return result;
}

ValuesByName::ValuesByName(const NamedTensors& tensors)
{
    for (const auto& [name, tensor] : tensors)
        m_values[name] = &tensor;
}

const Tensor& ValuesByName::of(const std::string& name) const
{
    const auto found = m_values.find(name);
    if (found == m_values.end())
        throw Error("keras-write").expected("values for every parameter").found("none for " + printable(name));
    return *found->second;
}

}
