// SPDX-License-Identifier: GPL-3.0-or-later
// What a report says as a whole.
#include "core/compare/trace.h"

#include "core/rules/rules.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <utility>

namespace core::compare {

namespace {

Message reasonOf(std::string id, std::string text)
{
    return {std::move(id), {}, std::move(text)};
}

std::string joined(const std::vector<std::string>& names)
{
    return fmt::format("{}", fmt::join(names, ", "));
}

/// The right side's names, the left's where it alone has such a parameter.
std::string shownName(const ParameterResult& parameter)
{
    return joined(parameter.link.right.empty() ? parameter.link.left : parameter.link.right);
}

/// The reason that one output gives, empty when it was compared.
std::string unsure(const OutputResult& output)
{
    if (!output.left.empty() && !output.right.empty())
        return output.problem;
    return fmt::format("the output {} on the {} has no counterpart", printable(output.left.empty() ? output.right : output.left),
                       output.left.empty() ? "right" : "left");
}

const LayerResult* firstNotCompared(const Report& report)
{
    const auto found =
        std::find_if(report.layers.begin(), report.layers.end(), [](const LayerResult& layer) { return !layer.metrics && !layer.differs; });
    return found == report.layers.end() ? nullptr : &*found;
}

const ParameterResult* firstUnknown(const Report& report)
{
    const auto found = std::find_if(report.parameters.begin(), report.parameters.end(),
                                    [](const ParameterResult& parameter) { return !parameter.scaledMax && !parameter.shapesDisagree; });
    return found == report.parameters.end() ? nullptr : &*found;
}

/// What a layer is multiplied with whose order nothing settles, where its features were flattened as another file's wiring says.
const ParameterResult* assumedOrder(const Report& report, const LayerResult& layer, const Side& left)
{
    const auto found = std::find_if(report.parameters.begin(), report.parameters.end(), [&](const ParameterResult& parameter) {
        if (parameter.scaledMax || parameter.shapesDisagree || parameter.link.rule != rules::orderUnknownRule ||
            parameter.link.left.empty())
            return false;
        const Parameter* ours = left.model->parameter(parameter.link.left.front());
        return ours && std::find(layer.leftLayers.begin(), layer.leftLayers.end(), ours->layer) != layer.leftLayers.end();
    });
    return found == report.parameters.end() ? nullptr : &*found;
}

/// A difference that begins where the order of features is only assumed is no finding, nor is what follows from it.
void leaveOpen(Report& report, const Side& left)
{
    const auto first = std::find_if(report.layers.begin(), report.layers.end(), [](const LayerResult& layer) { return layer.differs; });
    const ParameterResult* order = report.assumed && first != report.layers.end() ? assumedOrder(report, *first, left) : nullptr;
    if (!order)
        return;
    const std::string problem = fmt::format("{} ran with its features in an order that is only assumed: {} is {}", printable(first->right),
                                            printable(shownName(*order)), order->problem);
    const auto clear = [&](auto& result) {
        if (!std::exchange(result.differs, false))
            return false;
        result.metrics.reset();
        result.problem = problem;
        return true;
    };
    for (auto layer = first; layer != report.layers.end(); ++layer)
        layer->open = clear(*layer);
    for (OutputResult& output : report.outputs)
        clear(output);
}

/// Why no output at all could be compared.
Message withoutOutput(const Report& report, const Side& left, const Side& right)
{
    for (const Side& side : {left, right})
        if (side.model->outputs.empty())
            return reasonOf("no-output", fmt::format("{} tells no output", printable(side.model->origin.path)));
    for (const OutputResult& output : report.outputs)
        if (std::string text = unsure(output); !text.empty())
            return reasonOf("no-output", std::move(text));
    return reasonOf("no-output", "no output could be compared");
}

}

Message openQuestion(const Report& report)
{
    for (const OutputResult& output : report.outputs)
        if (std::string text = unsure(output); !text.empty())
            return reasonOf("output-not-compared", std::move(text));
    if (const LayerResult* layer = firstNotCompared(report))
        return reasonOf("layers-not-compared", fmt::format("{} of {} pairs of layers could not be compared: {}", report.notCompared,
                                                           report.layers.size(), layer->problem));
    if (const ParameterResult* parameter = firstUnknown(report))
        return reasonOf("parameters-not-compared",
                        fmt::format("{} could not be compared: {}", printable(shownName(*parameter)), parameter->problem));
    if (!report.ambiguous.empty())
        return reasonOf("ambiguous",
                        fmt::format("which of {} belongs to which of {} is open: {}", printable(joined(report.ambiguous.front().left)),
                                    printable(joined(report.ambiguous.front().right)), report.ambiguous.front().why.text));
    return {};
}

std::string_view name(Verdict verdict)
{
    return verdict == Verdict::TiesOut ? "ties-out" : verdict == Verdict::Differs ? "differs" : "not-compared";
}

bool differs(const ParameterResult& parameter, double tolerance)
{
    return parameter.shapesDisagree || (parameter.scaledMax && !(*parameter.scaledMax <= tolerance));
}

std::vector<mapping::Ambiguity> openAmbiguities(const mapping::Mapping& mapping, const Model& left, const Model& right)
{
    const auto isOpen = [&](const Model& model, const std::vector<std::string>& opNames, bool onLeft) {
        return std::any_of(opNames.begin(), opNames.end(), [&](const std::string& opName) {
            const int op = model.opIndex(opName);
            if (op < 0 || model.ops[static_cast<std::size_t>(op)].parameters.empty())
                return false;
            return std::none_of(mapping.links.begin(), mapping.links.end(), [&](const mapping::Link& link) {
                const auto& linked = onLeft ? link.left : link.right;
                return std::find(linked.begin(), linked.end(), opName) != linked.end();
            });
        });
    };
    std::vector<mapping::Ambiguity> result;
    for (const mapping::Ambiguity& tie : mapping.ambiguous)
        if (isOpen(left, tie.left, true) || isOpen(right, tie.right, false))
            result.push_back({mapping::layerNames(left, tie.left), mapping::layerNames(right, tie.right), tie.why});
    return result;
}

void countParameters(Report& report)
{
    report.equalParameters = report.differingParameters = report.unknownParameters = 0;
    for (const ParameterResult& parameter : report.parameters) {
        report.equalParameters += parameter.equal ? 1 : 0;
        report.differingParameters += differs(parameter, report.tolerance) ? 1 : 0;
        report.unknownParameters += !parameter.scaledMax && !parameter.shapesDisagree ? 1 : 0;
        report.minimumTolerance = greater(report.minimumTolerance, parameter.scaledMax.value_or(0));
    }
}

void conclude(Report& report, const Side& left, const Side& right)
{
    leaveOpen(report, left);
    for (std::size_t i = 0; i < report.layers.size(); ++i) {
        const LayerResult& layer = report.layers[i];
        report.differing += layer.differs ? 1 : 0;
        ++(layer.metrics || layer.differs ? report.compared : report.notCompared);
        if (layer.metrics)
            report.minimumTolerance = greater(report.minimumTolerance, layer.metrics->scaledMax);
        if (layer.differs && report.firstDivergence < 0)
            report.firstDivergence = static_cast<int>(i);
    }
    bool anyOutput = false, outputDiffers = false;
    for (const OutputResult& output : report.outputs) {
        anyOutput = anyOutput || output.tiesOut || output.differs;
        outputDiffers = outputDiffers || output.differs;
        if (output.metrics)
            report.minimumTolerance = greater(report.minimumTolerance, output.metrics->scaledMax);
    }
    countParameters(report);
    if (!anyOutput) {
        report.reason = withoutOutput(report, left, right);
        return;
    }
    if (outputDiffers || report.differing > 0 || report.differingParameters > 0) {
        report.verdict = Verdict::Differs;
        return;
    }
    report.reason = openQuestion(report);
    report.verdict = report.reason.id.empty() ? Verdict::TiesOut : Verdict::NotCompared;
}

}
