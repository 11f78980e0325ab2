// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/documents.h"

#include "core/report/fragments.h"
#include "core/report/summary.h"

namespace core::report {

namespace {

/// A batch of one shows its only sample.
Json sampleJson(const Tensor& output)
{
    if (output.isNull())
        return nullptr;
    Json list = nestedJson(output);
    return list.is_array() && list.size() == 1 ? list[0] : list;
}

Json argmaxJson(const std::vector<std::optional<int>>& classes)
{
    Json list = Json::array();
    for (const std::optional<int>& index : classes)
        list.push_back(index ? Json(*index) : Json(nullptr));
    return list.empty() ? Json(nullptr) : list.size() == 1 ? list[0] : list;
}

Json numberOrNull(const std::optional<double>& value)
{
    return value ? jsonNumber(*value) : Json(nullptr);
}

Json outputJson(const compare::OutputResult& output)
{
    const auto figure = [&](double compare::Metrics::*member) {
        return output.metrics ? jsonNumber((*output.metrics).*member) : Json(nullptr);
    };
    return {{"left", sampleJson(output.leftValue)},
            {"right", sampleJson(output.rightValue)},
            {"argmax", {{"left", argmaxJson(output.argmaxLeft)}, {"right", argmaxJson(output.argmaxRight)}}},
            {"brought_to", textOrNull(output.broughtTo)},
            {"max_abs", figure(&compare::Metrics::maxAbs)},
            {"scaled_max", figure(&compare::Metrics::scaledMax)},
            {"worst_sample", output.metrics && output.metrics->worstSample >= 0 ? Json(output.metrics->worstSample) : Json(nullptr)},
            {"ties_out", output.tiesOut},
            {"problem", textOrNull(output.problem)}};
}

/// The first output's keys, and all outputs with their names.
Json outputsJson(const std::vector<compare::OutputResult>& outputs)
{
    Json json = outputJson(outputs.empty() ? compare::OutputResult() : outputs.front()), all = Json::array();
    for (const compare::OutputResult& output : outputs) {
        Json one = outputJson(output);
        one["names"] = {{"left", textOrNull(output.left)}, {"right", textOrNull(output.right)}};
        all.push_back(std::move(one));
    }
    json["all"] = std::move(all);
    return json;
}

Json parameterJson(const compare::ParameterResult& parameter)
{
    return {{"left", parameter.link.left},
            {"right", parameter.link.right},
            {"rule", parameter.link.rule},
            {"equal", parameter.equal},
            {"max_abs", numberOrNull(parameter.maxAbs)},
            {"scaled_max", numberOrNull(parameter.scaledMax)},
            {"differing", parameter.scaledMax ? Json(parameter.differing) : Json(nullptr)},
            {"nans", {{"left", parameter.nansLeft}, {"right", parameter.nansRight}}},
            {"problem", textOrNull(parameter.problem)}};
}

Json nanJson(const std::optional<compare::NanOrigin>& origin)
{
    return origin ? Json{{"layer", origin->layer}, {"parameter", textOrNull(origin->parameter)}} : Json(nullptr);
}

Json ambiguousJson(const std::vector<mapping::Ambiguity>& ambiguous)
{
    Json list = Json::array();
    for (const mapping::Ambiguity& tie : ambiguous)
        list.push_back({{"left", tie.left}, {"right", tie.right}, {"why", tie.why.text}});
    return list;
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
            {"worst_sample", layer.metrics && layer.metrics->worstSample >= 0 ? Json(layer.metrics->worstSample) : Json(nullptr)},
            {"ties_out", layer.tiesOut},
            {"assumed", layer.assumed},
            {"calls", layer.calls},
            {"problem", textOrNull(layer.problem)}};
}

Json causesJson(const std::vector<compare::Cause>& causes)
{
    Json list = Json::array();
    for (const compare::Cause& cause : causes) {
        Json elements = Json::array();
        for (const compare::Element& element : cause.elements)
            elements.push_back({{"parameter", element.parameter},
                                {"index", element.index},
                                {"left", jsonNumber(element.left)},
                                {"right", jsonNumber(element.right)}});
        list.push_back({{"id", cause.id},
                        {"left", textOrNull(cause.left)},
                        {"right", textOrNull(cause.right)},
                        {"proved", cause.proved},
                        {"text", cause.text},
                        {"error_before_repair", numberOrNull(cause.errorBefore)},
                        {"error_after_repair", numberOrNull(cause.errorAfter)},
                        {"parameters", {{"left", cause.parametersLeft}, {"right", cause.parametersRight}}},
                        {"elements", std::move(elements)}});
    }
    return list;
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
        parameters.push_back(parameterJson(parameter));
    Json json = document("compare");
    json["left"] = fileJson(left);
    json["right"] = fileJson(right);
    json["input"] = inputJson(input, true);
    json["tolerance"] = jsonNumber(report.tolerance);
    json["verdict"] = name(report.verdict);
    json["reason"] = textOrNull(report.reason.text);
    json["summary"] = summaryJson(summaryOf(report));
    json["assumed"] = assumedJson(report.assumed);
    json["samples"] = report.samples;
    json["outputs"] = outputsJson(report.outputs);
    json["layers"] = std::move(layers);
    json["differing"] = report.differing;
    json["not_compared"] = report.notCompared;
    json["first_divergence"] = divergenceJson(report);
    json["causes"] = causesJson(report.causes);
    json["parameters"] = std::move(parameters);
    json["differing_parameters"] = report.differingParameters;
    json["ambiguous"] = ambiguousJson(report.ambiguous);
    json["nan"] = {{"left", nanJson(report.nanLeft)}, {"right", nanJson(report.nanRight)}};
    json["unmapped"] = {{"left", report.unmappedLeft}, {"right", report.unmappedRight}};
    json["minimum_tolerance"] = jsonNumber(report.minimumTolerance);
    json["notes"] = notesJson(report.notes);
    return json;
}

}
