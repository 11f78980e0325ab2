// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/text.h"

#include "core/report/numbers.h"
#include "core/report/table.h"
#include "core/report/textparts.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::report {

namespace {

std::string layerTable(const Model& left, const Model& right, const compare::Report& report)
{
    Table table({{sideTitle(left, right, true), false, true},
                 {sideTitle(right, left, false), false, true},
                 {"shape", false, false},
                 {"axes", false, true},
                 {"max |d|", true, false},
                 {"scaled", true, false},
                 {"alone", true, false},
                 {"", false, true}});
    for (const compare::LayerResult& layer : report.layers) {
        const auto figure = [&](double compare::Metrics::*member) {
            return layer.metrics ? twoDigits((*layer.metrics).*member) : std::string("-");
        };
        std::string word = layer.tiesOut ? "ties out" : layer.metrics ? "DIFFERS" : layer.problem.empty() ? "not compared" : layer.problem;
        table.add({layer.left, layer.right, text(layer.shape), text(layer.axes), figure(&compare::Metrics::maxAbs),
                   figure(&compare::Metrics::scaledMax), layer.localScaledMax ? twoDigits(*layer.localScaledMax) : "-", word});
    }
    return table.text();
}

/// The first sample's outputs side by side, ten values at most.
std::string outputTable(const Model& left, const Model& right, const compare::OutputResult& output)
{
    if (output.left.shape().empty() || output.left.shape()[0] == 0)
        return "";
    std::string result;
    const auto row = [&](std::string_view title, const Tensor& values, const std::vector<int>& argmax) {
        const auto sample = values.floats().first(values.floats().size() / static_cast<std::size_t>(values.shape()[0]));
        std::string line = fmt::format("  {:<8}", title);
        for (const float value : sample.first(std::min<std::size_t>(10, sample.size())))
            line += fmt::format("{:>8}", twoDigits(static_cast<double>(value)));
        result += line + (argmax.empty() ? "" : fmt::format("  argmax {}", argmax.front())) + "\n";
    };
    row(sideTitle(left, right, true), output.left, output.argmaxLeft);
    row(sideTitle(right, left, false), output.right, output.argmaxRight);
    return result;
}

std::string unmappedText(const compare::Report& report)
{
    std::string result;
    if (!report.unmappedLeft.empty())
        result += fmt::format("unmapped left: {}\n", joined(report.unmappedLeft));
    if (!report.unmappedRight.empty())
        result += fmt::format("unmapped right: {}\n", joined(report.unmappedRight));
    return result;
}

}

std::string verdictText(const compare::Report& report)
{
    switch (report.verdict) {
    case compare::Verdict::TiesOut:
        return fmt::format("TIES OUT  max |d| {} <= {}", twoDigits(report.minimumTolerance), roundNumber(report.tolerance));
    case compare::Verdict::NotCompared:
        return "NOT COMPARED: no output to compare";
    case compare::Verdict::Differs:
        break;
    }
    if (report.firstDivergence < 0)
        return "DIFFERS in the outputs";
    const compare::LayerResult& layer = report.layers[static_cast<std::size_t>(report.firstDivergence)];
    const std::string figure = layer.metrics ? twoDigits(layer.metrics->scaledMax) : "shapes";
    return fmt::format("DIFFERS from {} on ({})", layer.right.empty() ? layer.left : layer.right, figure);
}

std::string compareText(const Model& left, const Model& right, const InputInfo& input, const compare::Report& report, bool colour)
{
    std::string result = fileLine("left", left) + fileLine("right", right) + runLine(input);
    const auto equal =
        std::count_if(report.parameters.begin(), report.parameters.end(), [](const auto& parameter) { return parameter.equal; });
    result += fmt::format("{:<9}{} of {} parameters equal\n\n", "weights", equal, report.parameters.size());
    if (!report.layers.empty())
        result += layerTable(left, right, report) + "\n";
    if (report.output) {
        result += report.output->broughtTo.empty() ? "outputs\n" : fmt::format("outputs, both brought to {}\n", report.output->broughtTo);
        result += outputTable(left, right, *report.output) + "\n";
    }
    const Tone tone = report.verdict == compare::Verdict::TiesOut   ? Tone::Good
                      : report.verdict == compare::Verdict::Differs ? Tone::Bad
                                                                    : Tone::Unsure;
    result += toned(verdictText(report), tone, colour) + "\n";
    if (report.differing > 0)
        result += fmt::format("{} of {} layers differ\n", report.differing, report.layers.size());
    return result + unmappedText(report) + notesText(report.notes);
}

}
