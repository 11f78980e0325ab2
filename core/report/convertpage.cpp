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

std::string proofPart(const convert::Proof& proof)
{
    const auto word = [](bool holds) { return holds ? std::string("yes") : std::string("<b>no</b>"); };
    std::vector<std::vector<std::string>> rows{{"opened again", word(proof.reopened)}};
    if (proof.reopened)
        rows.push_back({"every tensor bit for bit", word(proof.bitwise)});
    if (proof.inverse)
        rows.push_back({"back through the inverse", word(*proof.inverse)});
    if (proof.outputsCompared) {
        rows.push_back({"samples run", fmt::format("{}", proof.samples)});
        rows.push_back({"max |d|", twoDigits(proof.maxAbs)});
        rows.push_back({"max |d| / max(1, max |b|)", twoDigits(proof.scaledMax)});
        rows.push_back({"argmax agrees", fmt::format("{:.4g} %", 100 * proof.argmaxAgreement)});
    }
    for (const auto& [messages, what] :
         {std::pair(&proof.faults, "wrong"), std::pair(&proof.gaps, "unproved"), std::pair(&proof.remarks, "")})
        for (const Message& message : *messages)
            rows.push_back({escaped(message.text), what});
    return htmlTable({"", ""}, {"", "n"}, rows);
}

std::string writtenPart(const convert::Plan& plan, const convert::Conversion& conversion)
{
    const bool isWritten = conversion.result != convert::Result::Failed;
    const std::string sum = isWritten ? fmt::format("<br><code>sha256 {}</code>", conversion.sha256) : std::string();
    return fmt::format("<div class=\"card file\"><span class=\"soft\">{}</span> <b>{}</b> {}{}</div>\n", isWritten ? "wrote" : "not kept",
                       escaped(conversion.path), plan.writer->id, sum);
}

}

std::string convertPage(const convert::Plan& plan, const convert::Conversion& conversion)
{
    std::string body;
    if (conversion.proof)
        body = htmlVerdict(sentence(summaryOf(conversion)), summaryOf(conversion).tone) + proofPart(*conversion.proof);
    body += htmlFile("from", *plan.source) + (plan.isTranslated ? "" : htmlFile("like", *plan.twin)) + writtenPart(plan, conversion);
    std::vector<std::vector<std::string>> rows;
    for (const convert::Change& change : plan.changes)
        if (!change.to.empty())
            rows.push_back({escaped(joined(change.from)), shapes(change.fromShapes), escaped(change.rule), escaped(joined(change.to)),
                            shapes(change.toShapes)});
    body += "<h2>Weights</h2>\n" + htmlTable({"from", "shape", "rule", "to", "shape"}, {"", "soft", "", "", "soft"}, rows);
    for (const Message& warning : plan.warnings)
        body += fmt::format("<p>{}</p>\n", escaped(warning.text));
    return htmlPage("Tieout: " + plan.source->origin.path + " as " + conversion.path, body);
}

}
