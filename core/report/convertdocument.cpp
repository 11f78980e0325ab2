// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/documents.h"

#include "core/report/fragments.h"

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
            {"remarks", messagesJson(proof->remarks)}};
}

}

Json convertDocument(const convert::Plan& plan, const Written& written, const std::optional<convert::Proof>& proof)
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
    json["like"] = fileJson(*plan.twin);
    json["output"] = {{"path", written.path}, {"sha256", written.sha256}, {"kind", name(plan.kind)}};
    json["parameters"] = std::move(parameters);
    json["layers"] = std::move(layers);
    json["proof"] = proofJson(proof);
    json["warnings"] = messagesJson(plan.warnings);
    return json;
}

}
