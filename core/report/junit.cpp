// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/page.h"

#include "core/report/html.h"
#include "core/report/textparts.h"

#include <fmt/format.h>

namespace core::report {

namespace {

std::string failure(std::string_view text)
{
    return fmt::format("<failure message=\"{}\"/>", escaped(text));
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
                failure(layer.metrics ? fmt::format("scaled max {} above {}", layer.metrics->scaledMax, report.tolerance) : layer.problem));
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
