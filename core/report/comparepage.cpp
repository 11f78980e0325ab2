// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/page.h"

#include "core/report/html.h"
#include "core/report/numbers.h"
#include "core/report/text.h"

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
                        layer.tiesOut   ? "ties out"
                        : layer.metrics ? "<b>differs</b>"
                                        : "not compared"});
    }
    return "<h2>Layers, in the order of computation</h2>\n" +
           htmlTable({sideTitle(left, right, true), sideTitle(right, left, false), "shape", "1e-9 ... 10", "max |d| / max(1, max |b|)",
                      "max |d|", "alone", ""},
                     {"", "", "soft", "wide", "n", "n", "n", ""}, rows);
}

std::string outputs(const Model& left, const Model& right, const compare::OutputResult& output)
{
    constexpr std::size_t shown = 100;
    if (output.left.shape().empty() || output.left.shape()[0] == 0)
        return "";
    const auto sample = [](const Tensor& values) {
        return values.floats().first(values.floats().size() / static_cast<std::size_t>(values.shape()[0]));
    };
    const auto a = sample(output.left), b = sample(output.right);
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
    const std::string form = output.broughtTo.empty() ? "" : fmt::format(", both brought to {}", escaped(output.broughtTo));
    return fmt::format("<h2>Outputs{}</h2>\n", form) +
           htmlTable({"", sideTitle(left, right, true), sideTitle(right, left, false), "|d|", ""}, {"soft", "n", "n", "n", "wide"}, rows);
}

std::string parameters(const compare::Report& report)
{
    std::vector<std::vector<std::string>> rows;
    for (const compare::ParameterResult& parameter : report.parameters)
        rows.push_back({escaped(joined(parameter.link.left)), escaped(joined(parameter.link.right)), escaped(parameter.link.rule),
                        parameter.equal ? "equal" : "<b>differs</b>", twoDigits(parameter.maxAbs)});
    const auto equal =
        std::count_if(report.parameters.begin(), report.parameters.end(), [](const auto& parameter) { return parameter.equal; });
    return fmt::format("<h2>{} of {} parameters equal</h2>\n", equal, report.parameters.size()) +
           htmlTable({"left", "right", "rule", "", "max |d|"}, {"", "", "soft", "", "n"}, rows);
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
    const std::string_view tone = report.verdict == compare::Verdict::TiesOut   ? "good"
                                  : report.verdict == compare::Verdict::Differs ? "bad"
                                                                                : "unsure";
    std::string body = htmlVerdict(verdictText(report), tone);
    body += htmlFile(sideTitle(left, right, true), left) + htmlFile(sideTitle(right, left, false), right);
    std::string scaling = input.preprocessLeft;
    if (input.preprocessRight != input.preprocessLeft)
        scaling += " | " + input.preprocessRight;
    if (!input.source.empty())
        body += fmt::format("<p>Input: {}{}. Tolerance {}.</p>\n", escaped(inputText(input)),
                            scaling.empty() ? "" : ", " + escaped(scaling), roundNumber(report.tolerance));
    if (!report.layers.empty())
        body += layers(left, right, report);
    if (report.output)
        body += outputs(left, right, *report.output);
    if (!report.parameters.empty())
        body += parameters(report);
    return htmlPage("Tieout: " + left.origin.path + " and " + right.origin.path, body + remarks(report));
}

}
