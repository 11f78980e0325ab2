// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/text.h"

#include "core/layers/kind.h"
#include "core/report/fragments.h"
#include "core/report/numbers.h"
#include "core/report/table.h"
#include "core/report/textparts.h"

#include <fmt/format.h>

namespace core::report {

namespace {

std::string layerTable(const Model& model)
{
    Table table({{"layer", false, true}, {"kind", false, true}, {"", false, true}, {"output", false, false}, {"parameters", true, false}});
    const auto shapes = outputShapes(model);
    for (const Layer& layer : model.layers) {
        std::int64_t total = 0;
        for (const std::string& name : layer.parameters)
            if (const Parameter* parameter = model.parameter(name))
                total += count(*parameter);
        const auto shape = shapes.find(layer.name);
        table.add({layer.name, layer.kind + (layer.supported ? "" : " (cannot run yet)"), layers::summary(model, layer),
                   shape == shapes.end() ? "" : text(shape->second), total > 0 ? thousands(total) : ""});
    }
    return table.text();
}

std::string parameterTable(const Model& model, const ParameterStatistics& statistics)
{
    std::vector<Table::Column> columns{
        {"parameter", false, true}, {"dtype", false, false}, {"shape", false, false}, {"count", true, false}};
    if (statistics.empty())
        columns.push_back({"bytes", true, false});
    else
        for (const char* title : {"min", "max", "mean", "std", "zeros", "nans"})
            columns.push_back({title, true, false});
    Table table(columns);
    for (const Parameter& parameter : model.parameters) {
        std::vector<std::string> cells{parameter.name, std::string(name(parameter.source.dtype)), text(parameter.source.shape),
                                       thousands(count(parameter))};
        if (statistics.empty())
            cells.push_back(thousands(static_cast<std::int64_t>(byteCount(parameter))));
        if (const auto it = statistics.find(parameter.name); it != statistics.end()) {
            const Statistics& s = it->second;
            for (const double value : {s.min, s.max, s.mean, s.std})
                cells.push_back(twoDigits(value));
            cells.push_back(thousands(s.zeros));
            cells.push_back(thousands(s.nans));
        }
        table.add(std::move(cells));
    }
    return table.text();
}

}

std::string infoText(const Model& model, const ParameterStatistics& statistics)
{
    const std::string framework = model.framework == Framework::None ? "no framework" : std::string(title(model.framework));
    std::string result = fmt::format("{}: {}, {}, {}", printable(model.origin.path), framework, model.origin.format, model.origin.content);
    if (!model.origin.producer.empty())
        result += fmt::format("; {}", printable(model.origin.producer));
    result += fmt::format("\n{} parameters in {} tensors, file of {} bytes\n", thousands(parametersTotal(model)), model.parameters.size(),
                          thousands(static_cast<std::int64_t>(model.origin.fileSize)));
    if (!model.origin.sha256.empty())
        result += fmt::format("sha256 {}\n", model.origin.sha256);
    if (!model.layers.empty())
        result += "\n" + layerTable(model);
    if (!model.parameters.empty())
        result += "\n" + parameterTable(model, statistics);
    for (const Parameter& parameter : model.parameters)
        if (!parameter.problem.empty())
            result += fmt::format("\n{}: {}", printable(parameter.name), parameter.problem);
    return result + notesText(model.notes);
}

}
