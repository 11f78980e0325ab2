// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compare/calls.h"
#include "core/model/names.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <set>
#include <tuple>

namespace core::compare {

namespace {

/// Vectors of one size that cannot be brought to each other because the order of one is not known, or was not told to be an image's.
bool isOrderOpen(const Tensor& a, const Tensor& b)
{
    if (a.shape() != b.shape() || a.axes().empty() || b.axes().empty())
        return false;
    const Order left = a.axes().back().order(), right = b.axes().back().order();
    return left != right && (left != Order::Plain || right != Order::Plain);
}

void measure(LayerResult& result, const Side& left, const Side& right, double tolerance)
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
        const Metrics measured = metrics(broughtToLayout(*a, *b), *b);
        if (isNanThroughout(measured, *b)) {
            result.problem = fmt::format("{} is NaN throughout on both sides", printable(result.right));
            return;
        }
        result.metrics = measured;
        result.tiesOut = measured.scaledMax <= tolerance;
    } catch (const Error& error) {
        result.problem = error.what();
        if (isOrderOpen(*a, *b))
            return;
    }
    result.differs = !result.tiesOut;
}

/// Takes over what another call of the same layers tells when it is worse.
void takeWorse(LayerResult& result, const LayerResult& other)
{
    const auto rank = [](const LayerResult& one) {
        const double error = one.metrics ? one.metrics->scaledMax : 0;
        return std::tuple(one.differs, !one.tiesOut, std::isnan(error) ? HUGE_VAL : error);
    };
    if (rank(other) > rank(result))
        result = other;
}

LayerResult compareCall(const std::pair<Call, Call>& call, const Side& left, const Side& right, double tolerance)
{
    LayerResult result;
    result.leftOp = call.first.back();
    result.rightOp = call.second.back();
    const Op& a = left.model->ops[static_cast<std::size_t>(result.leftOp)];
    const Op& b = right.model->ops[static_cast<std::size_t>(result.rightOp)];
    result.left = a.name;
    result.right = b.name;
    result.leftKind = className(*left.model, a);
    result.rightKind = className(*right.model, b);
    measure(result, left, right, tolerance);
    return result;
}

std::optional<LayerResult> compareLink(const mapping::Link& link, const Side& left, const Side& right, const mapping::Mapping& mapping,
                                       double tolerance)
{
    const auto calls = pairedCalls(link, *left.model, *right.model, mapping);
    if (calls.empty())
        return {};
    LayerResult result = compareCall(calls.back(), left, right, tolerance);
    for (std::size_t i = 0; i + 1 < calls.size(); ++i)
        takeWorse(result, compareCall(calls[i], left, right, tolerance));
    result.calls = static_cast<int>(calls.size());
    result.leftLayers = mapping::layerNames(*left.model, link.left);
    result.rightLayers = mapping::layerNames(*right.model, link.right);
    return result;
}

/// Marks the pairs of which one side has taken the layer from the other.
void markAssumed(Report& report, const Side& left, const Side& right)
{
    for (const bool onLeft : {true, false}) {
        const Model& model = onLeft ? *left.model : *right.model;
        const std::set<std::string> borrowed = mapping::borrowedLayers(model);
        for (LayerResult& layer : report.layers)
            if (borrowed.contains(model.ops[static_cast<std::size_t>(onLeft ? layer.leftOp : layer.rightOp)].layer))
                layer.assumed = true;
    }
}

bool hasNans(const Report& report)
{
    const auto some = [](const auto& result) { return result.metrics && result.metrics->nansLeft + result.metrics->nansRight > 0; };
    const auto all = [](const LayerResult& layer) { return !layer.metrics && !layer.differs && !layer.shape.empty(); };
    return std::any_of(report.layers.begin(), report.layers.end(), some) || std::any_of(report.layers.begin(), report.layers.end(), all) ||
           std::any_of(report.outputs.begin(), report.outputs.end(), some);
}

/// Once, where a file is compared with itself.
void tell(Report& report, const Note& note)
{
    const auto isSame = [&](const Note& known) { return known.where == note.where && known.message == note.message; };
    if (std::none_of(report.notes.begin(), report.notes.end(), isSame))
        report.notes.push_back(note);
}

/// All that does not depend on a run.
Report beforeRun(const Model& left, const Model& right, const mapping::Mapping& mapping, std::vector<ParameterResult> parameters,
                 double tolerance)
{
    Report report;
    report.tolerance = tolerance;
    std::set<std::pair<std::vector<std::string>, std::vector<std::string>>> known;
    for (ParameterResult& parameter : parameters) // of a layer that is used several times, once
        if (known.emplace(parameter.link.left, parameter.link.right).second)
            report.parameters.push_back(std::move(parameter));
    for (const Model* model : {&left, &right}) // what is compared is not quite what the file says: told beside the verdict
        for (const Note& note : model->notes)
            if (note.message.id == "precision" || note.message.id == "borrowed-wiring")
                tell(report, {note.message, note.severity, model->origin.path});
    for (const bool onLeft : {true, false})
        if (auto assumed = mapping::assumption(onLeft ? left : right, onLeft))
            report.assumed = std::move(assumed);
    report.ambiguous = openAmbiguities(mapping, left, right);
    report.unmappedLeft = mapping::unmappedLayers(mapping, left, true);
    report.unmappedRight = mapping::unmappedLayers(mapping, right, false);
    return report;
}

std::int64_t samplesOf(const Side& side)
{
    for (const int input : side.model->inputOps())
        if (const Tensor* value = valueOf(side, input); value && !value->shape().empty())
            return value->shape().front();
    return 1;
}

/// With axes that a Concatenate joined, whose pieces no transposition moves, in the order of `like`.
Tensor withJoinedAxesAs(Tensor value, const Tensor& like)
{
    for (std::size_t d = 0; d < value.axes().size() && d < like.axes().size(); ++d) {
        const Axis from = value.axes()[d], to = like.axes()[d];
        const std::int64_t size = value.shape()[d];
        if (from == to || from.segments.empty() || to.segments.empty() || like.shape()[d] != size)
            continue;
        const auto order = elementOrder(from, to, size);
        if (!order)
            continue;
        const auto middle = value.shape().begin() + static_cast<std::ptrdiff_t>(d);
        const std::int64_t outer = elementCount(Shape(value.shape().begin(), middle));
        const std::int64_t inner = elementCount(Shape(middle + 1, value.shape().end()));
        const auto given = value.floats();
        std::vector<float> moved;
        moved.reserve(given.size());
        for (std::int64_t o = 0; o < outer; ++o)
            for (const std::int64_t place : *order) {
                const auto piece = given.subspan(static_cast<std::size_t>((o * size + place) * inner), static_cast<std::size_t>(inner));
                moved.insert(moved.end(), piece.begin(), piece.end());
            }
        Axes axes = value.axes();
        axes[d] = to;
        value = Tensor::fromFloats(value.shape(), moved, std::move(axes));
    }
    return value;
}

}

Tensor broughtToLayout(const Tensor& value, const Tensor& like)
{
    if (value.axes().empty() || like.axes().empty()) {
        if (value.shape() == like.shape())
            return value.withAxes(like.axes());
        throw Error("axes-disagree").expected(text(like.shape())).found(fmt::format("{} without labels", text(value.shape())));
    }
    return withJoinedAxesAs(value, like).relabelled(like.shape(), like.axes());
}

Report compareTraces(const Side& left, const Side& right, const mapping::Mapping& mapping, std::vector<ParameterResult> parameters,
                     double tolerance)
{
    Report report = beforeRun(*left.model, *right.model, mapping, std::move(parameters), tolerance);
    report.samples = samplesOf(right);
    for (const mapping::Link& link : mapping.links)
        if (auto result = compareLink(link, left, right, mapping, tolerance))
            report.layers.push_back(std::move(*result));
    std::stable_sort(report.layers.begin(), report.layers.end(),
                     [](const LayerResult& a, const LayerResult& b) { return a.leftOp < b.leftOp; });
    markAssumed(report, left, right);
    report.outputs = compareOutputs(left, right, mapping, tolerance, report.notes);
    if (hasNans(report)) {
        report.nanLeft = nanOrigin(left);
        report.nanRight = nanOrigin(right);
    }
    conclude(report, left, right);
    return report;
}

Report compareWeights(const Model& left, const Model& right, const mapping::Mapping& mapping, std::vector<ParameterResult> parameters,
                      double tolerance, Message reason)
{
    Report report = beforeRun(left, right, mapping, std::move(parameters), tolerance);
    report.reason = std::move(reason);
    countParameters(report);
    return report;
}

}
