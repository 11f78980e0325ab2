// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/documents.h"

#include "core/report/fragments.h"
#include "core/report/summary.h"

namespace core::report {

namespace {

Json proofJson(const std::optional<convert::Proof>& proof)
{
    if (!proof)
        return nullptr;
    const auto compared = [&](double value) { return proof->outputsCompared ? jsonNumber(value) : Json(nullptr); };
    return {{"reopened", proof->reopened},
            {"bitwise", proof->bitwise},
            {"inverse", proof->inverse ? Json(*proof->inverse) : Json(nullptr)},
            {"samples", proof->samples},
            {"max_abs", compared(proof->maxAbs)},
            {"scaled_max", compared(proof->scaledMax)},
            {"argmax_agreement", compared(proof->argmaxAgreement)},
            {"faults", messagesJson(proof->faults)},
            {"gaps", messagesJson(proof->gaps)},
            {"remarks", messagesJson(proof->remarks)}};
}

/// Those of the plan, what keeps the proof from being one, and what it takes for granted: the wiring of a file that tells none.
std::vector<Message> warnings(const convert::Plan& plan, const convert::Conversion& conversion)
{
    const std::optional<convert::Proof>& proof = conversion.proof;
    std::vector<Message> result = plan.warnings;
    result.insert(result.end(), conversion.remarks.begin(), conversion.remarks.end());
    if (proof)
        for (const auto* messages : {&proof->faults, &proof->gaps, &proof->remarks})
            result.insert(result.end(), messages->begin(), messages->end());
    return result;
}

}

Json convertDocument(const convert::Plan& plan, const convert::Conversion& conversion)
{
    Json parameters = Json::array(), layers = Json::array();
    for (const convert::Change& change : plan.changes) {
        if (!change.to.empty())
            parameters.push_back({{"from", change.from},
                                  {"to", change.to},
                                  {"rule", change.rule},
                                  {"from_shapes", shapesJson(change.fromShapes)},
                                  {"to_shapes", shapesJson(change.toShapes)}});
        Json row{{"from", change.fromLayers}, {"to", change.toLayers}, {"what", change.to.empty() ? "no weights" : "weights"}};
        if (layers.empty() || layers.back() != row)
            layers.push_back(std::move(row));
    }
    Json json = document("convert");
    json["from"] = fileJson(*plan.source);
    json["like"] = plan.isTranslated ? Json(nullptr) : fileJson(*plan.twin);
    json["output"] = {{"path", conversion.path},
                      {"sha256", conversion.sha256.empty() ? Json(nullptr) : Json(conversion.sha256)},
                      {"kind", plan.writer->id},
                      {"program", conversion.program.empty() ? Json(nullptr) : Json(conversion.program)}};
    json["result"] = name(conversion.result);
    json["summary"] = summaryJson(summaryOf(conversion));
    json["assumed"] = assumedJson(conversion.proof ? conversion.proof->assumed : std::nullopt);
    json["parameters"] = std::move(parameters);
    json["layers"] = std::move(layers);
    json["proof"] = proofJson(conversion.proof);
    json["warnings"] = messagesJson(warnings(plan, conversion));
    return json;
}

}
