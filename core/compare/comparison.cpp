// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compare/compare.h"
#include "core/compare/output.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace core::compare {

namespace {

std::string className(const Model& model, const Op& op)
{
    const Layer* layer = model.layer(op.layer);
    return layer ? layer->kind : op.kind;
}

std::string whyMissing(const Side& side, int op)
{
    const std::string& opName = side.model->ops[static_cast<std::size_t>(op)].name;
    const auto problem = side.trace->problems.find(op);
    return problem != side.trace->problems.end() ? problem->second : fmt::format("{} was not computed", opName);
}

/// Metrics of one pair of values; `differs` also when shapes cannot agree.
void measure(LayerResult& result, const Side& left, const Side& right, double tolerance, bool& differs)
{
    const Tensor* a = valueOf(left, result.leftOp);
    const Tensor* b = valueOf(right, result.rightOp);
    if (!a || !b) {
        result.problem = !a ? whyMissing(left, result.leftOp) : whyMissing(right, result.rightOp);
        return;
    }
    result.shape = b->shape();
    result.axes = b->axes();
    try {
        result.metrics = metrics(broughtToLayout(*a, *b), *b);
        result.tiesOut = result.metrics->scaledMax <= tolerance;
        differs = !result.tiesOut;
    } catch (const Error& error) {
        result.problem = error.what();
        differs = true;
    }
}

/// Last op of a list that the model still has; -1 when all dangle.
int lastOp(const Model& model, const std::vector<std::string>& names)
{
    for (auto opName = names.rbegin(); opName != names.rend(); ++opName)
        if (const int index = model.opIndex(*opName); index >= 0)
            return index;
    return -1;
}

void compareLink(Report& report, const mapping::Link& link, const Side& left, const Side& right)
{
    LayerResult result;
    result.leftOp = lastOp(*left.model, link.left);
    result.rightOp = lastOp(*right.model, link.right);
    if (result.leftOp < 0 || result.rightOp < 0)
        return;
    const Op& a = left.model->ops[static_cast<std::size_t>(result.leftOp)];
    const Op& b = right.model->ops[static_cast<std::size_t>(result.rightOp)];
    result.left = a.name;
    result.right = b.name;
    result.leftKind = className(*left.model, a);
    result.rightKind = className(*right.model, b);
    result.leftLayers = mapping::layerNames(*left.model, link.left);
    result.rightLayers = mapping::layerNames(*right.model, link.right);
    bool differs = false;
    measure(result, left, right, report.tolerance, differs);
    report.differing += differs ? 1 : 0;
    report.layers.push_back(std::move(result));
}

double greater(double a, double b)
{
    return std::isnan(a) || std::isnan(b) ? std::nan("") : std::max(a, b);
}

void conclude(Report& report)
{
    bool within = report.differing == 0;
    for (std::size_t i = 0; i < report.layers.size(); ++i) {
        const LayerResult& layer = report.layers[i];
        if (layer.metrics)
            report.minimumTolerance = greater(report.minimumTolerance, layer.metrics->scaledMax);
        const bool differs = layer.metrics ? !layer.tiesOut : !layer.shape.empty();
        if (differs && report.firstDivergence < 0)
            report.firstDivergence = static_cast<int>(i);
    }
    if (!report.output || !report.output->metrics)
        return;
    report.minimumTolerance = greater(report.minimumTolerance, report.output->metrics->scaledMax);
    within = within && report.output->metrics->scaledMax <= report.tolerance;
    report.verdict = within ? Verdict::TiesOut : Verdict::Differs;
}

}

std::string_view name(Verdict verdict)
{
    return verdict == Verdict::TiesOut ? "ties-out" : verdict == Verdict::Differs ? "differs" : "not-compared";
}

Tensor broughtToLayout(const Tensor& value, const Tensor& like)
{
    if (value.axes().empty() || like.axes().empty()) {
        if (value.shape() == like.shape())
            return value.withAxes(like.axes());
        throw Error("axes-disagree").expected(text(like.shape())).found(fmt::format("{} without labels", text(value.shape())));
    }
    return value.relabelled(like.shape(), like.axes());
}

Report compareTraces(const Side& left, const Side& right, const mapping::Mapping& mapping, double tolerance)
{
    Report report;
    report.tolerance = tolerance;
    for (const mapping::Link& link : mapping.links)
        compareLink(report, link, left, right);
    std::stable_sort(report.layers.begin(), report.layers.end(),
                     [](const LayerResult& a, const LayerResult& b) { return a.leftOp < b.leftOp; });
    report.output = compareOutputs(left, right, report.notes);
    report.unmappedLeft = mapping::unmappedLayers(mapping, *left.model, true);
    report.unmappedRight = mapping::unmappedLayers(mapping, *right.model, false);
    conclude(report);
    return report;
}

}
