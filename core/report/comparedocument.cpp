// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/documents.h"

#include "core/report/fragments.h"

namespace core::report {

namespace {

/// A batch of one shows its only sample.
Json sampleJson(const Tensor& output)
{
    Json list = nestedJson(output);
    return list.is_array() && list.size() == 1 ? list[0] : list;
}

Json argmaxJson(const std::vector<int>& classes)
{
    return classes.size() == 1 ? Json(classes[0]) : Json(classes);
}

Json outputsJson(const std::optional<compare::OutputResult>& output)
{
    if (!output)
        return {{"left", nullptr}, {"right", nullptr}, {"argmax", {{"left", nullptr}, {"right", nullptr}}}, {"brought_to", nullptr}};
    return {{"left", sampleJson(output->left)},
            {"right", sampleJson(output->right)},
            {"argmax", {{"left", argmaxJson(output->argmaxLeft)}, {"right", argmaxJson(output->argmaxRight)}}},
            {"brought_to", textOrNull(output->broughtTo)},
            {"scaled_max", output->metrics ? jsonNumber(output->metrics->scaledMax) : Json(nullptr)}};
}

Json layerJson(const compare::LayerResult& layer)
{
    const auto figure = [&](double compare::Metrics::*member) {
        return layer.metrics ? jsonNumber((*layer.metrics).*member) : Json(nullptr);
    };
    const auto nans = [&](std::int64_t compare::Metrics::*member) {
        return layer.metrics ? Json((*layer.metrics).*member) : Json(nullptr);
    };
    return {{"left", layer.left},
            {"right", layer.right},
            {"left_kind", layer.leftKind},
            {"right_kind", layer.rightKind},
            {"shape", shapeJson(layer.shape)},
            {"axes", text(layer.axes)},
            {"max_abs", figure(&compare::Metrics::maxAbs)},
            {"mean_abs", figure(&compare::Metrics::meanAbs)},
            {"scaled_max", figure(&compare::Metrics::scaledMax)},
            {"cosine", figure(&compare::Metrics::cosine)},
            {"local_scaled_max", layer.localScaledMax ? jsonNumber(*layer.localScaledMax) : Json(nullptr)},
            {"nans", {{"left", nans(&compare::Metrics::nansLeft)}, {"right", nans(&compare::Metrics::nansRight)}}},
            {"ties_out", layer.tiesOut},
            {"problem", textOrNull(layer.problem)}};
}

Json divergenceJson(const compare::Report& report)
{
    if (report.firstDivergence < 0)
        return nullptr;
    const compare::LayerResult& layer = report.layers[static_cast<std::size_t>(report.firstDivergence)];
    return {
        {"left", layer.left}, {"right", layer.right}, {"scaled_max", layer.metrics ? jsonNumber(layer.metrics->scaledMax) : Json(nullptr)}};
}

}

Json compareDocument(const Model& left, const Model& right, const InputInfo& input, const compare::Report& report)
{
    Json layers = Json::array(), parameters = Json::array();
    for (const compare::LayerResult& layer : report.layers)
        layers.push_back(layerJson(layer));
    for (const compare::ParameterResult& parameter : report.parameters)
        parameters.push_back({{"left", parameter.link.left},
                              {"right", parameter.link.right},
                              {"rule", parameter.link.rule},
                              {"equal", parameter.equal},
                              {"max_abs", jsonNumber(parameter.maxAbs)}});
    Json json = document("compare");
    json["left"] = fileJson(left);
    json["right"] = fileJson(right);
    json["input"] = inputJson(input, true);
    json["tolerance"] = jsonNumber(report.tolerance);
    json["verdict"] = name(report.verdict);
    json["outputs"] = outputsJson(report.output);
    json["layers"] = std::move(layers);
    json["differing"] = report.differing;
    json["first_divergence"] = divergenceJson(report);
    json["causes"] = Json::array();
    json["parameters"] = std::move(parameters);
    json["unmapped"] = {{"left", report.unmappedLeft}, {"right", report.unmappedRight}};
    json["minimum_tolerance"] = jsonNumber(report.minimumTolerance);
    json["notes"] = notesJson(report.notes);
    return json;
}

}
