// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/dump.h"

#include "core/report/fragments.h"
#include "core/report/numbers.h"
#include "core/report/textparts.h"

#include <fmt/format.h>

namespace core::report {

Json dumpDocument(const Model& model, const convert::Dump& dump, const Written& written)
{
    Json json = document("convert");
    json["from"] = fileJson(model);
    json["like"] = nullptr;
    json["output"] = {{"path", written.path}, {"sha256", written.sha256}, {"kind", dump.kind}};
    json["result"] = name(convert::Result::Written);
    json["parameters"] = Json::array();
    for (const convert::DumpedTensor& tensor : dump.tensors)
        json["parameters"].push_back({{"from", {tensor.name}},
                                      {"to", {tensor.name}},
                                      {"rule", "same"},
                                      {"from_shapes", shapesJson({tensor.shape})},
                                      {"to_shapes", shapesJson({tensor.shape})}});
    json["layers"] = Json::array();
    // No dump takes its place before it was opened again and compared.
    json["proof"] = {{"reopened", true},   {"bitwise", true},       {"inverse", nullptr},          {"samples", 0},
                     {"max_abs", nullptr}, {"scaled_max", nullptr}, {"argmax_agreement", nullptr}, {"remarks", Json::array()}};
    json["warnings"] = messagesJson(dump.warnings);
    return json;
}

std::string dumpText(const Model& model, const convert::Dump& dump, const Written& written)
{
    std::int64_t values = 0;
    for (const convert::DumpedTensor& tensor : dump.tensors)
        values += elementCount(tensor.shape);
    std::string result = fileLine("from", model);
    result += fmt::format("{:<9}{} ({})\n{:<9}sha256 {}\n\n", "wrote", printable(written.path, 400), dump.kind, "", written.sha256);
    result += fmt::format("{} tensors with {} values under their own names, read back and found the same bit for bit\n",
                          dump.tensors.size(), thousands(values));
    for (const Message& warning : dump.warnings)
        result += fmt::format("warning: {}\n", warning.text);
    return result;
}

}
