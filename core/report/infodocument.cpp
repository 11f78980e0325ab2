// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/documents.h"

#include "core/report/fragments.h"

namespace core::report {

namespace {

Json statisticsJson(const ParameterStatistics& all, const std::string& name)
{
    const auto it = all.find(name);
    if (it == all.end())
        return nullptr;
    const Statistics& s = it->second;
    return {{"min", jsonNumber(s.min)},
            {"max", jsonNumber(s.max)},
            {"mean", jsonNumber(s.mean)},
            {"std", jsonNumber(s.std)},
            {"zeros", s.zeros},
            {"nans", s.nans},
            {"infs", s.infs}};
}

Json layerJson(const Model& model, const Layer& layer, const std::map<std::string, Shape>& shapes)
{
    const auto shape = shapes.find(layer.name);
    return {{"name", layer.name},
            {"kind", layer.kind},
            {"attributes", attributesJson(layer.attributes)},
            {"inputs", inputLayers(model, layer.name)},
            {"output_shape", shape == shapes.end() ? Json(nullptr) : shapeJson(shape->second)},
            {"parameters", layer.parameters},
            {"supported", layer.supported}};
}

Json parameterJson(const Parameter& parameter, const ParameterStatistics& statistics, const ParameterChecksums& checksums)
{
    const auto checksum = checksums.find(parameter.name);
    return {{"name", parameter.name},
            {"layer", parameter.layer},
            {"role", parameter.role},
            {"dtype", name(parameter.source.dtype)},
            {"shape", shapeJson(parameter.source.shape)},
            {"count", count(parameter)},
            {"bytes", byteCount(parameter)},
            {"trainable", parameter.trainable ? Json(*parameter.trainable) : Json(nullptr)},
            {"shared_with", parameter.sharedWith},
            {"stats", statisticsJson(statistics, parameter.name)},
            {"sha256", checksum == checksums.end() ? Json(nullptr) : Json(checksum->second)},
            {"detail", textOrNull(parameter.detail)},
            {"problem", textOrNull(parameter.problem)}};
}

}

Json infoDocument(const Model& model, const ParameterStatistics& statistics, const ParameterChecksums& checksums)
{
    Json json = document("info");
    json.update(fileJson(model));
    std::uint64_t bytes = 0;
    Json parameters = Json::array(), layers = Json::array();
    for (const Parameter& parameter : model.parameters) {
        bytes += parameter.problem.empty() ? byteCount(parameter) : 0;
        parameters.push_back(parameterJson(parameter, statistics, checksums));
    }
    const auto shapes = outputShapes(model);
    for (const Layer& layer : model.layers)
        layers.push_back(layerJson(model, layer, shapes));
    json["content"] = model.origin.content;
    json["producer"] = model.origin.producer;
    json["parameters_total"] = parametersTotal(model);
    json["bytes_total"] = bytes;
    json["wired"] = model.wired;
    json["outputs"] = Json::array();
    for (const Output& output : model.outputs)
        json["outputs"].push_back(model.ops[static_cast<std::size_t>(output.port.op)].layer);
    json["layers"] = std::move(layers);
    json["parameters"] = std::move(parameters);
    json["notes"] = notesJson(model.notes);
    json["globals"] = Json::array();
    for (const Global& global : model.globals)
        json["globals"].push_back({{"name", printable(global.name)}, {"sort", name(global.sort)}});
    json["entries"] = Json::array();
    for (const Entry& entry : model.entries)
        json["entries"].push_back({{"name", entry.name}, {"value", entry.value}});
    return json;
}

}
