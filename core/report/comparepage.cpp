// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/page.h"

#include "core/report/html.h"
#include "core/report/numbers.h"
#include "core/report/textparts.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace core::report {

namespace {

/// Percent of the chart's width on a log axis from 1e-9 to 10.
double position(double value)
{
    if (std::isnan(value))
        return 100;
    return value <= 0 ? 0 : std::clamp((std::log10(value) + 9) * 10, 0.0, 100.0);
}

std::string bar(const compare::LayerResult& layer, double tolerance)
{
    if (!layer.metrics)
        return escaped(layer.problem);
    return fmt::format(
        "<div class=\"track\"><div class=\"fill{}\" style=\"width:{:.1f}%\"></div><div class=\"limit\" style=\"left:{:.1f}%\"></div></div>",
        layer.tiesOut ? "" : " over", position(layer.metrics->scaledMax), position(tolerance));
}

std::string layers(const Model& left, const Model& right, const compare::Report& report)
{
    std::vector<std::vector<std::string>> rows;
    for (const compare::LayerResult& layer : report.layers) {
        const auto figure = [&](double compare::Metrics::*member) {
            return layer.metrics ? twoDigits((*layer.metrics).*member) : std::string("-");
        };
        rows.push_back({escaped(layer.left) + " <span class=\"soft\">" + escaped(layer.leftKind) + "</span>",
                        escaped(layer.right) + " <span class=\"soft\">" + escaped(layer.rightKind) + "</span>", text(layer.shape),
                        bar(layer, report.tolerance), figure(&compare::Metrics::scaledMax), figure(&compare::Metrics::maxAbs),
                        layer.localScaledMax ? twoDigits(*layer.localScaledMax) : "-",
                        (layer.tiesOut   ? "ties out"
                         : layer.differs ? "<b>differs</b>"
                                         : "not compared") +
                            behindVerdict(layer)});
    }
    return "<h2>Layers, in the order of computation</h2>\n" +
           htmlTable({sideTitle(left, right, true), sideTitle(right, left, false), "shape", "1e-9 ... 10", "max |d| / max(1, max |b|)",
                      "max |d|", "alone", ""},
                     {"", "", "soft", "wide", "n", "n", "n", ""}, rows);
}

std::string outputs(const Model& left, const Model& right, const compare::OutputResult& output, std::int64_t samples)
{
    constexpr std::size_t shown = 100;
    std::string title = "Output " + escaped(output.left.empty() ? output.right : output.left);
    if (output.left != output.right && !output.left.empty() && !output.right.empty())
        title += " | " + escaped(output.right);
    title += output.broughtTo.empty() ? "" : fmt::format(", both brought to {}", escaped(output.broughtTo));
    if (samples > 1 && output.metrics)
        title += fmt::format(", sample {}, the worst of {}", worstSample(output), samples);
    std::string result = fmt::format("<h2>{}</h2>\n", title);
    if (output.left.empty() || output.right.empty())
        result += fmt::format("<p>It has no counterpart on the {}.</p>\n", output.left.empty() ? "left" : "right");
    else if (!output.problem.empty())
        result += fmt::format("<p>{}</p>\n", escaped(output.problem));
    if (output.leftValue.isNull() || output.rightValue.isNull())
        return result;
    const auto a = sampleOf(output.leftValue, worstSample(output)), b = sampleOf(output.rightValue, worstSample(output));
    const auto track = [](float value, std::string_view name) {
        const double percent = std::isfinite(value) ? std::clamp(100.0 * static_cast<double>(value), 0.0, 100.0) : 0.0;
        return fmt::format("<div class=\"track\"><div class=\"fill {}\" style=\"width:{:.2f}%\"></div></div>", name, percent);
    };
    const bool probabilities = std::all_of(b.begin(), b.end(), [](float value) { return value >= 0 && value <= 1; });
    std::vector<std::vector<std::string>> rows;
    for (std::size_t i = 0; i < std::min({shown, a.size(), b.size()}); ++i)
        rows.push_back({fmt::format("{}", i), precise(static_cast<double>(a[i])), precise(static_cast<double>(b[i])),
                        twoDigits(std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i]))),
                        probabilities ? track(a[i], "torch") + track(b[i], "keras") : ""});
    return result +
           htmlTable({"", sideTitle(left, right, true), sideTitle(right, left, false), "|d|", ""}, {"soft", "n", "n", "n", "wide"}, rows);
}

std::string parameters(const compare::Report& report)
{
    std::vector<std::vector<std::string>> rows;
    for (const compare::ParameterResult& parameter : report.parameters) {
        const bool differs = compare::differs(parameter, report.tolerance);
        const std::string said = escaped(parameterText(parameter));
        rows.push_back({escaped(joined(parameter.link.left)), escaped(joined(parameter.link.right)), escaped(parameter.link.rule),
                        differs ? "<b>" + said + "</b>" : said});
    }
    return fmt::format("<h2>{} of {} parameters equal</h2>\n", report.equalParameters, report.parameters.size()) +
           htmlTable({"left", "right", "rule", ""}, {"", "", "soft", ""}, rows);
}

std::string causes(const compare::Report& report)
{
    std::vector<std::vector<std::string>> rows;
    for (const compare::Cause& cause : report.causes)
        rows.push_back({escaped(causeText(cause)), cause.proved ? "<b>proved</b>" : "", escaped(cause.id),
                        cause.errorBefore ? twoDigits(*cause.errorBefore) : "-", cause.errorAfter ? twoDigits(*cause.errorAfter) : "-"});
    return rows.empty() ? std::string()
                        : "<h2>Why</h2>\n" + htmlTable({"", "", "", "alone", "alone, undone"}, {"", "", "soft", "n", "n"}, rows);
}

std::string remarks(const compare::Report& report)
{
    std::string result;
    const auto line = [&](std::string_view text) { result += fmt::format("<p>{}</p>\n", escaped(text)); };
    if (!report.unmappedLeft.empty())
        line("Unmapped left: " + joined(report.unmappedLeft));
    if (!report.unmappedRight.empty())
        line("Unmapped right: " + joined(report.unmappedRight));
    for (const Note& note : report.notes)
        line(note.message.text);
    return result.empty() ? result : "<h2>Notes</h2>\n" + result;
}

}

std::string comparePage(const Model& left, const Model& right, const InputInfo& input, const compare::Report& report)
{
    const Summary summary = summaryOf(report);
    std::string body = htmlVerdict(sentence(summary), summary.tone) + fmt::format("<p>{}</p>\n", escaped(joined(summary.notes, " · ")));
    body += htmlFile(sideTitle(left, right, true), left) + htmlFile(sideTitle(right, left, false), right);
    std::string scaling = input.preprocessLeft;
    if (input.preprocessRight != input.preprocessLeft)
        scaling += " | " + input.preprocessRight;
    if (!input.source.empty())
        body += fmt::format("<p>Input: {}{}. Tolerance {}.</p>\n", escaped(inputText(input)),
                            scaling.empty() ? "" : ", " + escaped(scaling), roundNumber(report.tolerance));
    body += causes(report);
    if (!report.layers.empty())
        body += layers(left, right, report);
    for (const compare::OutputResult& output : report.outputs)
        body += outputs(left, right, output, report.samples);
    if (!report.parameters.empty())
        body += parameters(report);
    return htmlPage("Tieout: " + left.origin.path + " and " + right.origin.path, body + remarks(report));
}

}
