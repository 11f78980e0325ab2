// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/documents.h"

#include "core/base/held.h"
#include "core/report/fragments.h"

namespace core::report {

Json runDocument(const Model& file, const Model& model, const engines::Trace& trace, const InputInfo& input)
{
    Json layers = Json::array(), outputs = Json::object();
    for (std::size_t i = 0; i < model.ops.size(); ++i) {
        const Op& op = model.ops[i];
        if (op.layer.empty() || i >= trace.values.size() || !trace.values[i])
            continue;
        const Tensor& value = *trace.values[i];
        const Statistics s = statistics(value);
        layers.push_back({{"name", op.name},
                          {"kind", shownKind(model, op)},
                          {"shape", shapeJson(value.shape())},
                          {"axes", text(value.axes())},
                          {"min", jsonNumber(figureOf(s, s.min))},
                          {"max", jsonNumber(figureOf(s, s.max))},
                          {"mean", jsonNumber(figureOf(s, s.mean))},
                          {"nans", s.nans}});
    }
    for (const Output& output : model.outputs)
        if (const auto& value = trace.values[output.port])
            outputs[outputName(model, output)] = nestedJson(*value);
    Json problems = Json::array();
    for (const auto& [index, problem] : trace.problems)
        problems.push_back({{"name", heldAt(model.ops, static_cast<std::size_t>(index)).name}, {"text", problem}});
    Json json = document("run");
    json["model"] = fileJson(file);
    json["input"] = inputJson(input, false);
    json["layers"] = std::move(layers);
    json["outputs"] = std::move(outputs);
    json["problems"] = std::move(problems);
    json["notes"] = notesJson(model.notes);
    return json;
}

}
