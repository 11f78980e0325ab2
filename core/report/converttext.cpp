// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/text.h"

#include "core/report/numbers.h"
#include "core/report/table.h"
#include "core/report/textparts.h"

#include <fmt/format.h>

namespace core::report {

namespace {

std::string shapesText(const std::vector<Shape>& shapes)
{
    std::vector<std::string> texts;
    for (const Shape& shape : shapes)
        texts.push_back(text(shape));
    return joined(texts);
}

std::string proofText(const convert::Proof& proof, double tolerance, bool colour)
{
    const auto word = [](bool holds) { return holds ? "yes" : "NO"; };
    std::string result = fmt::format("opened again         {}\nbit for bit          {}\n", word(proof.reopened), word(proof.bitwise));
    if (proof.inverse)
        result += fmt::format("back by the inverse  {}\n", word(*proof.inverse));
    if (proof.outputsCompared)
        result += fmt::format("outputs              {} samples, max |d| {}, scaled {}, argmax agrees on {}\n", proof.samples,
                              twoDigits(proof.maxAbs), twoDigits(proof.scaledMax), fmt::format("{:.4g} %", 100 * proof.argmaxAgreement));
    for (const Message& remark : proof.remarks)
        result += remark.text + "\n";
    const bool holds = proof.holds(tolerance);
    return result + toned(holds ? "PROVED" : "THE PROOF FAILED", holds ? Tone::Good : Tone::Bad, colour) + "\n";
}

}

std::string convertText(const convert::Plan& plan, const Written& written, const std::optional<convert::Proof>& proof, double tolerance,
                        bool colour)
{
    std::string result = fileLine("from", *plan.source) + fileLine("like", *plan.twin);
    result += fmt::format("{:<9}{} ({})\n{:<9}sha256 {}\n\n", "wrote", printable(written.path, 400), name(plan.kind), "", written.sha256);
    Table table({{"from", false, true}, {"shape", false, false}, {"rule", false, true}, {"to", false, true}, {"shape", false, false}});
    for (const convert::Change& change : plan.changes)
        if (!change.to.empty())
            table.add({joined(change.from), shapesText(change.fromShapes), change.rule, joined(change.to), shapesText(change.toShapes)});
    result += table.text();
    for (const Message& warning : plan.warnings)
        result += fmt::format("warning: {}\n", warning.text);
    return proof ? result + "\n" + proofText(*proof, tolerance, colour) : result;
}

}
