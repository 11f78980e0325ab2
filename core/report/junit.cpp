// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/page.h"

#include "core/report/html.h"
#include "core/report/text.h"

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
    int failures = 0;
    for (const compare::LayerResult& layer : report.layers) {
        std::string inner;
        if (!layer.tiesOut) {
            ++failures;
            inner = failure(layer.metrics           ? fmt::format("scaled max {} above {}", layer.metrics->scaledMax, report.tolerance)
                            : layer.problem.empty() ? std::string("not compared")
                                                    : layer.problem);
        }
        cases += fmt::format("  <testcase classname=\"{}\" name=\"{} | {}\">{}</testcase>\n", group, escaped(layer.left),
                             escaped(layer.right), inner);
    }
    std::string inner;
    int errors = 0;
    if (report.verdict == compare::Verdict::NotCompared) {
        ++errors;
        inner = fmt::format("<error message=\"{}\"/>", escaped(verdictText(report)));
    } else if (report.verdict == compare::Verdict::Differs) {
        ++failures;
        inner = failure(verdictText(report));
    }
    cases += fmt::format("  <testcase classname=\"{}\" name=\"verdict\">{}</testcase>\n", group, inner);
    return fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"tieout compare\" tests=\"{}\" failures=\"{}\" "
                       "errors=\"{}\">\n{}</testsuite>\n",
                       report.layers.size() + 1, failures, errors, cases);
}

}
