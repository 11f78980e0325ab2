// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/summary.h"

#include "core/report/numbers.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <tuple>

namespace core::report {

namespace {

using compare::Report;

std::string counted(std::size_t count, std::string_view one, std::string_view several)
{
    return fmt::format("{} {}", count, count == 1 ? one : several);
}

std::string over(std::optional<double> scaledMax, double tolerance)
{
    if (!scaledMax)
        return "shapes disagree";
    return std::isnan(*scaledMax) ? "NaN on one side" : fmt::format("max |d| {} > {}", twoDigits(*scaledMax), roundNumber(tolerance));
}

void tellDifference(Summary& summary, const Report& report)
{
    const auto scaledMax = [](const auto& result) { return result.metrics ? std::optional(result.metrics->scaledMax) : std::nullopt; };
    if (report.firstDivergence >= 0) {
        const compare::LayerResult& layer = report.layers[static_cast<std::size_t>(report.firstDivergence)];
        summary.headline = fmt::format("DIFFERS from {} on", printable(layer.right.empty() ? layer.left : layer.right));
        summary.detail = over(scaledMax(layer), report.tolerance);
        return;
    }
    const auto output = std::find_if(report.outputs.begin(), report.outputs.end(), [](const auto& result) { return result.differs; });
    if (output != report.outputs.end()) {
        summary.headline = "DIFFERS in the output" + (report.outputs.size() > 1 ? " " + printable(output->right) : std::string());
        summary.detail = over(scaledMax(*output), report.tolerance);
        return;
    }
    summary.headline = fmt::format("DIFFERS in {} of {} parameters", report.differingParameters, report.parameters.size());
    const auto parameter = std::find_if(report.parameters.begin(), report.parameters.end(),
                                        [&](const auto& result) { return compare::differs(result, report.tolerance); });
    if (parameter == report.parameters.end())
        return;
    const auto& names = parameter->link.right.empty() ? parameter->link.left : parameter->link.right;
    if (!names.empty())
        summary.detail = fmt::format("{}: {}", printable(names.front()), over(parameter->scaledMax, report.tolerance));
}

std::string holder(const compare::NanOrigin& origin)
{
    return origin.parameter.empty() ? std::string() : fmt::format(": {} holds it", printable(origin.parameter));
}

void tellNans(Summary& summary, const Report& report)
{
    const auto& [left, right] = std::tie(report.nanLeft, report.nanRight);
    if (left && right) {
        summary.notes.push_back(fmt::format("NaN on the left from {} on{}", printable(left->layer), holder(*left)));
        summary.notes.push_back(fmt::format("NaN on the right from {} on{}", printable(right->layer), holder(*right)));
    } else if (const auto& origin = left ? left : right) {
        summary.notes.push_back(
            fmt::format("NaN from {} on, on the {} alone{}", printable(origin->layer), left ? "left" : "right", holder(*origin)));
    }
}

/// What stands beside the verdict, whatever it is.
void tellCounts(Summary& summary, const Report& report)
{
    if (report.samples > 1)
        summary.notes.push_back(fmt::format("the worst of {} samples", report.samples));
    tellNans(summary, report);
    if (report.assumed && report.verdict != compare::Verdict::TiesOut)
        summary.notes.push_back(mapping::text(*report.assumed));
    for (const Note& note : report.notes)
        if (note.message.id == "precision" && !note.message.arguments.empty())
            summary.notes.push_back(note.message.arguments.front());
    const auto outputs = static_cast<std::size_t>(
        std::count_if(report.outputs.begin(), report.outputs.end(), [](const auto& output) { return output.tiesOut; }));
    if (report.outputs.size() > 1)
        summary.notes.push_back(fmt::format("{} of {} outputs tie out", outputs, report.outputs.size()));
    if (report.differing > 0)
        summary.notes.push_back(fmt::format("{} of {} layers differ", report.differing, report.layers.size()));
    const bool allRan = std::all_of(report.layers.begin(), report.layers.end(), [](const auto& layer) { return !layer.shape.empty(); });
    if (report.notCompared > 0) // NaN throughout has a shape, what could not run has none
        summary.notes.push_back(
            fmt::format("{} of {} layers could {}", report.compared, report.layers.size(), allRan ? "be compared" : "run"));
    if (!report.parameters.empty())
        summary.notes.push_back(fmt::format("{} of {} parameters equal", report.equalParameters, report.parameters.size()));
    if (report.unknownParameters > 0)
        summary.notes.push_back(counted(static_cast<std::size_t>(report.unknownParameters), "parameter", "parameters") +
                                " could not be compared");
    if (!report.ambiguous.empty())
        summary.notes.push_back(counted(report.ambiguous.size(), "pair of layers", "pairs of layers") + " left open");
    if (const std::size_t unmapped = report.unmappedLeft.size() + report.unmappedRight.size(); unmapped > 0)
        summary.notes.push_back(counted(unmapped, "layer", "layers") + " unmapped");
}

/// A verdict that takes something for granted says so in its own words.
void qualify(Summary& summary, const mapping::Assumption& assumed)
{
    summary.tone = Tone::Qualified;
    summary.headline += " as far as the files tell";
    summary.detail = mapping::text(assumed) + (summary.detail.empty() ? "" : ", ") + summary.detail;
}

}

Summary summaryOf(const Report& report)
{
    Summary summary;
    switch (report.verdict) {
    case compare::Verdict::TiesOut:
        summary.tone = Tone::Good;
        summary.headline = "TIES OUT";
        summary.detail = fmt::format("max |d| {} <= {}", twoDigits(report.minimumTolerance), roundNumber(report.tolerance));
        if (report.assumed)
            qualify(summary, *report.assumed);
        break;
    case compare::Verdict::Differs:
        summary.tone = Tone::Bad;
        tellDifference(summary, report);
        break;
    case compare::Verdict::NotCompared:
        summary.headline = "NOT COMPARED";
        summary.detail = report.reason.text;
        break;
    }
    tellCounts(summary, report);
    return summary;
}

Summary summaryOf(const convert::Conversion& conversion)
{
    Summary summary;
    summary.headline = title(conversion.result);
    if (conversion.result == convert::Result::Proved) {
        summary.tone = Tone::Good;
        if (conversion.proof && conversion.proof->assumed)
            qualify(summary, *conversion.proof->assumed);
    } else if (conversion.result == convert::Result::Failed)
        summary.tone = Tone::Bad;
    return summary;
}

std::string sentence(const Summary& summary)
{
    if (summary.detail.empty())
        return summary.headline;
    switch (summary.tone) {
    case Tone::Good:
        return summary.headline + "  " + summary.detail;
    case Tone::Bad:
        return fmt::format("{} ({})", summary.headline, summary.detail);
    case Tone::Qualified:
    case Tone::Unsure:
        break;
    }
    return fmt::format("{}: {}", summary.headline, summary.detail);
}

}
