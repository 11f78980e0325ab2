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

std::string proofText(const convert::Proof& proof)
{
    const auto word = [](bool holds) { return holds ? "yes" : "NO"; };
    std::string result = fmt::format("opened again         {}\n", word(proof.reopened));
    if (proof.reopened)
        result += fmt::format("bit for bit          {}\n", word(proof.bitwise));
    if (proof.inverse)
        result += fmt::format("back by the inverse  {}\n", word(*proof.inverse));
    if (proof.outputsCompared)
        result += fmt::format("outputs              {} samples, max |d| {}, scaled {}, argmax agrees on {}\n", proof.samples,
                              twoDigits(proof.maxAbs), twoDigits(proof.scaledMax), fmt::format("{:.4g} %", 100 * proof.argmaxAgreement));
    for (const auto& [messages, what] :
         {std::pair(&proof.faults, "wrong"), std::pair(&proof.gaps, "unproved"), std::pair(&proof.remarks, "note")})
        for (const Message& message : *messages)
            result += fmt::format("{}: {}\n", what, message.text);
    return result;
}

}

std::string convertText(const convert::Plan& plan, const convert::Conversion& conversion, bool colour)
{
    const bool isWritten = conversion.result != convert::Result::Failed;
    std::string result = fileLine("from", *plan.source) + (plan.isTranslated ? "" : fileLine("like", *plan.twin));
    result += fmt::format("{:<9}{} ({})\n", isWritten ? "wrote" : "not kept", printable(conversion.path, 400), plan.writer->id);
    if (isWritten)
        result += fmt::format("{:<9}sha256 {}\n", "", conversion.sha256);
    if (!conversion.program.empty())
        result += fmt::format("{:<9}{} (the network's class)\n", "wrote", printable(conversion.program, 400));
    result += "\n";
    Table table({{"from", false, true}, {"shape", false, false}, {"rule", false, true}, {"to", false, true}, {"shape", false, false}});
    for (const convert::Change& change : plan.changes)
        if (!change.to.empty())
            table.add({joined(change.from), shapesText(change.fromShapes), change.rule, joined(change.to), shapesText(change.toShapes)});
    result += table.text();
    for (const Message& warning : plan.warnings)
        result += fmt::format("warning: {}\n", warning.text);
    for (const Message& remark : conversion.remarks)
        result += fmt::format("note: {}\n", remark.text);
    const Summary summary = summaryOf(conversion);
    if (conversion.proof)
        result += "\n" + proofText(*conversion.proof) + toned(sentence(summary), summary.tone, colour) + "\n";
    return result;
}

}
