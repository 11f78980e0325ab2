// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/page.h"

#include "core/report/html.h"
#include "core/report/textparts.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::report {

namespace {

/// `why` in the element, where it is known.
std::string failure(std::string_view text, std::string_view why = {})
{
    if (why.empty())
        return fmt::format("<failure message=\"{}\"/>", escaped(text));
    return fmt::format("<failure message=\"{}\">{}</failure>", escaped(text), escaped(why));
}

/// The causes of a pair, a line each.
std::string whyOf(const compare::LayerResult& layer, const compare::Report& report)
{
    const auto isOf = [](const std::vector<std::string>& layers, const std::string& name) {
        return std::find(layers.begin(), layers.end(), name) != layers.end();
    };
    std::string result;
    for (const compare::Cause& cause : report.causes)
        if (isOf(layer.leftLayers, cause.left) || isOf(layer.rightLayers, cause.right))
            result += (result.empty() ? "" : "\n") + causeText(cause);
    return result;
}

}

std::string junitDocument(const Model& left, const Model& right, const compare::Report& report)
{
    const std::string group = escaped(left.origin.path + " | " + right.origin.path);
    std::string cases;
    int count = 0, failures = 0, skipped = 0;
    const auto add = [&](std::string_view name, const std::string& inner) {
        cases += fmt::format("  <testcase classname=\"{}\" name=\"{}\">{}</testcase>\n", group, escaped(name), inner);
        ++count;
    };
    const auto skip = [&](std::string_view name, std::string_view why) {
        ++skipped;
        add(name, fmt::format("<skipped message=\"{}\"/>", escaped(why)));
    };
    for (const compare::LayerResult& layer : report.layers) {
        const std::string name = layer.left + " | " + layer.right;
        if (layer.tiesOut && !layer.assumed) {
            add(name, "");
        } else if (layer.differs) {
            ++failures;
            add(name,
                failure(layer.metrics ? fmt::format("scaled max {} above {}", layer.metrics->scaledMax, report.tolerance) : layer.problem,
                        whyOf(layer, report)));
        } else {
            skip(name, layer.tiesOut ? "one file does not tell this layer: it is borrowed from the other" : layer.problem);
        }
    }
    for (const compare::ParameterResult& parameter : report.parameters)
        if (compare::differs(parameter, report.tolerance)) {
            ++failures;
            add(joined(parameter.link.left) + " | " + joined(parameter.link.right), failure(parameterText(parameter)));
        }
    if (report.assumed)
        skip("what the verdict takes for granted", mapping::text(*report.assumed));
    int errors = 0;
    const Summary summary = summaryOf(report);
    if (summary.tone == Tone::Unsure) {
        ++errors;
        add("verdict", fmt::format("<error message=\"{}\"/>", escaped(sentence(summary))));
    } else {
        failures += summary.tone == Tone::Bad ? 1 : 0;
        add("verdict", summary.tone == Tone::Bad         ? failure(sentence(summary))
                       : summary.tone == Tone::Qualified ? fmt::format("<system-out>{}</system-out>", escaped(sentence(summary)))
                                                         : "");
    }
    return fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"tieout compare\" tests=\"{}\" failures=\"{}\" "
                       "errors=\"{}\" skipped=\"{}\">\n{}</testsuite>\n",
                       count, failures, errors, skipped, cases);
}

}
