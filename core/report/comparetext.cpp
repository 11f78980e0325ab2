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
        const std::string_view word = layer.tiesOut    ? "ties out"
                                      : !layer.differs ? "not compared"
                                      : layer.metrics  ? "DIFFERS"
                                                       : "DIFFERS in shape";
        table.add({layer.left, layer.right, text(layer.shape), text(layer.axes), figure(&compare::Metrics::maxAbs),
                   figure(&compare::Metrics::scaledMax), layer.localScaledMax ? twoDigits(*layer.localScaledMax) : "-",
                   std::string(word) + behindVerdict(layer)});
    }
    return table.text();
}

/// The values of the sample on which the outputs differ most, side by side, ten at most.
std::string outputTable(const Model& left, const Model& right, const compare::OutputResult& output)
{
    const std::size_t sample = worstSample(output);
    std::string result;
    const auto row = [&](std::string_view title, const Tensor& values, const std::vector<std::optional<int>>& argmax) {
        if (values.isNull())
            return;
        const auto shown = sampleOf(values, sample);
        std::string line = fmt::format("  {:<8}", title);
        for (const float value : shown.first(std::min<std::size_t>(10, shown.size())))
            line += fmt::format("{:>8}", twoDigits(static_cast<double>(value)));
        if (sample < argmax.size())
            line += argmax[sample] ? fmt::format("  argmax {}", *argmax[sample]) : "  no argmax (NaN)";
        result += line + "\n";
    };
    row(sideTitle(left, right, true), output.leftValue, output.argmaxLeft);
    row(sideTitle(right, left, false), output.rightValue, output.argmaxRight);
    return result;
}

/// "output dense_1, both brought to softmax, sample 3, the worst of 30".
std::string outputTitle(const compare::OutputResult& output, const compare::Report& report)
{
    std::string title = report.outputs.size() == 1 ? "output" : "output " + printable(output.left.empty() ? output.right : output.left);
    if (output.left != output.right && !output.left.empty() && !output.right.empty() && report.outputs.size() > 1)
        title += " | " + printable(output.right);
    if (!output.broughtTo.empty())
        title += fmt::format(", both brought to {}", output.broughtTo);
    if (report.samples > 1 && output.metrics)
        title += fmt::format(", sample {}, the worst of {}", worstSample(output), report.samples);
    if (output.left.empty() || output.right.empty())
        title += fmt::format(": has no counterpart on the {}", output.left.empty() ? "left" : "right");
    else if (!output.problem.empty())
        title += ": " + output.problem;
    return title + "\n";
}

std::string parameterLines(const compare::Report& report)
{
    constexpr int most = 10;
    std::string result;
    int shown = 0;
    for (const compare::ParameterResult& parameter : report.parameters) {
        const bool differs = compare::differs(parameter, report.tolerance);
        if (!differs && parameter.scaledMax)
            continue;
        if (++shown > most)
            continue;
        const auto named = [](const std::vector<std::string>& names) { return names.empty() ? "none" : printable(joined(names)); };
        result += fmt::format("  {} | {}: {}\n", named(parameter.link.left), named(parameter.link.right), parameterText(parameter));
    }
    return shown > most ? result + fmt::format("  ... and {} more\n", shown - most) : result;
}

/// A text in lines of at most 100 characters, broken at blanks, the later ones indented.
std::string inLines(std::string_view text)
{
    constexpr std::size_t most = 100;
    std::string result, line = " ";
    for (std::size_t from = 0; from <= text.size();) {
        const std::size_t end = std::min(text.find(' ', from), text.size());
        if (line.size() + 1 + end - from > most && line.find_first_not_of(' ') != std::string::npos) {
            result += line + "\n";
            line = "     ";
        }
        line += fmt::format(" {}", text.substr(from, end - from));
        from = end + 1;
    }
    return result + line + "\n";
}

/// One entry each; of those that only say that weights differ, a few.
std::string causeLines(const compare::Report& report)
{
    constexpr int most = 5;
    std::string result;
    int described = 0;
    for (const compare::Cause& cause : report.causes)
        if (cause.id != "weights-differ" || ++described <= most)
            result += inLines(causeText(cause));
    if (described > most)
        result += fmt::format("  ... and {} more layers whose weights differ\n", described - most);
    return result.empty() ? result : "why\n" + result;
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
    return sentence(summaryOf(report));
}

std::string compareText(const Model& left, const Model& right, const InputInfo& input, const compare::Report& report, bool colour)
{
    const Summary summary = summaryOf(report);
    std::string result = fileLine("left", left) + fileLine("right", right) + runLine(input) + "\n";
    if (!report.layers.empty())
        result += layerTable(left, right, report) + "\n";
    for (const compare::OutputResult& output : report.outputs)
        if (!output.leftValue.isNull() || !output.rightValue.isNull())
            result += outputTitle(output, report) + outputTable(left, right, output) + "\n";
    result += toned(sentence(summary), summary.tone, colour) + "\n";
    for (const std::string& note : summary.notes)
        result += note + "\n";
    return result + causeLines(report) + parameterLines(report) + unmappedText(report) + notesText(report.notes);
}

}
