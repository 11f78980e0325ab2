// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/page.h"

#include "core/report/html.h"
#include "core/report/numbers.h"
#include "core/report/text.h"

#include <fmt/format.h>

namespace core::report {

namespace {

std::string shapes(const std::vector<Shape>& list)
{
    std::string result;
    for (const Shape& shape : list)
        result += (result.empty() ? "" : " ") + text(shape);
    return result;
}

std::string proofPart(const convert::Proof& proof, double tolerance)
{
    const auto word = [](bool holds) { return holds ? std::string("yes") : std::string("<b>no</b>"); };
    std::vector<std::vector<std::string>> rows{{"opened again", word(proof.reopened)}, {"every tensor bit for bit", word(proof.bitwise)}};
    if (proof.inverse)
        rows.push_back({"back through the inverse", word(*proof.inverse)});
    if (proof.outputsCompared) {
        rows.push_back({"samples run", fmt::format("{}", proof.samples)});
        rows.push_back({"max |d|", twoDigits(proof.maxAbs)});
        rows.push_back({"max |d| / max(1, max |b|)", twoDigits(proof.scaledMax)});
        rows.push_back({"argmax agrees", fmt::format("{:.4g} %", 100 * proof.argmaxAgreement)});
    }
    for (const Message& remark : proof.remarks)
        rows.push_back({escaped(remark.text), ""});
    const bool holds = proof.holds(tolerance);
    return htmlVerdict(holds ? "PROVED" : "THE PROOF FAILED", holds ? Tone::Good : Tone::Bad) + htmlTable({"", ""}, {"", "n"}, rows);
}

}

std::string convertPage(const convert::Plan& plan, const Written& written, const std::optional<convert::Proof>& proof, double tolerance)
{
    std::string body = proof ? proofPart(*proof, tolerance) : "";
    body += htmlFile("from", *plan.source) + htmlFile("like", *plan.twin);
    body += fmt::format("<div class=\"card file\"><span class=\"soft\">wrote</span> <b>{}</b> {}<br><code>sha256 {}</code></div>\n",
                        escaped(written.path), name(plan.kind), written.sha256);
    std::vector<std::vector<std::string>> rows;
    for (const convert::Change& change : plan.changes)
        if (!change.to.empty())
            rows.push_back({escaped(joined(change.from)), shapes(change.fromShapes), escaped(change.rule), escaped(joined(change.to)),
                            shapes(change.toShapes)});
    body += "<h2>Weights</h2>\n" + htmlTable({"from", "shape", "rule", "to", "shape"}, {"", "soft", "", "", "soft"}, rows);
    for (const Message& warning : plan.warnings)
        body += fmt::format("<p>{}</p>\n", escaped(warning.text));
    return htmlPage("Tieout: " + plan.source->origin.path + " as " + written.path, body);
}

}
