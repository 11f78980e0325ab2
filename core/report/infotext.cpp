// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/text.h"

#include "core/layers/kind.h"
#include "core/model/constants.h"
#include "core/report/fragments.h"
#include "core/report/numbers.h"
#include "core/report/table.h"
#include "core/report/textparts.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::report {

namespace {

std::string counted(std::int64_t count, std::string_view one, std::string_view many = {})
{
    return fmt::format("{} {}{}", thousands(count), count == 1 || many.empty() ? one : many, count == 1 || !many.empty() ? "" : "s");
}

std::string layerTable(const Model& model)
{
    Table table({{"layer", false, true}, {"kind", false, true}, {"", false, true}, {"output", false, false}, {"parameters", true, false}});
    const auto shapes = outputShapes(model);
    for (const Layer& layer : model.layers) {
        std::int64_t total = 0;
        for (const std::string& name : layer.parameters)
            if (const Parameter* parameter = model.parameter(name); parameter && !parameter->detail.starts_with(computedDetail))
                total += count(*parameter);
        const auto shape = shapes.find(layer.name);
        const std::string kind = layer.supported ? layer.kind : (layer.kind.empty() ? "" : layer.kind + " ") + "(cannot run yet)";
        table.add({layer.name, kind, layers::summary(model, layer), shape == shapes.end() ? "" : text(shape->second),
                   total > 0 ? thousands(total) : ""});
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

/// A source text has several lines: its first one that says something, and its size, stand for it.
std::string shortened(const std::string& value)
{
    const std::size_t start = std::min(value.find_first_not_of("\r\n"), value.size());
    const std::size_t end = std::min(value.find_first_of("\r\n", start), value.size());
    if (value.find('\n') == std::string::npos)
        return printable(value);
    return fmt::format("{} ... ({})", printable(std::string_view(value).substr(start, end - start), 60),
                       counted(static_cast<std::int64_t>(value.size()), "byte"));
}

std::string entryTable(const Model& model)
{
    if (model.entries.empty())
        return {};
    constexpr std::size_t limit = 20;
    Table table({{"also in the file", false, true}, {"value", false, true}});
    const std::size_t shown = std::min(model.entries.size(), limit);
    for (std::size_t i = 0; i < shown; ++i)
        table.add({model.entries[i].name, shortened(model.entries[i].value)});
    std::string result = "\n" + table.text();
    if (shown < model.entries.size())
        result += fmt::format("and {} more (--json tells all)\n", thousands(static_cast<std::int64_t>(model.entries.size() - shown)));
    return result;
}

/// What a pickle names: each one that is harmful, some of the foreign ones, and how many usual ones.
std::string globalLines(const Model& model)
{
    constexpr std::size_t limit = 20;
    std::string harmful, foreign;
    std::int64_t usual = 0;
    std::size_t strangers = 0;
    for (const Global& global : model.globals) {
        if (global.sort == Global::Sort::Harmful)
            harmful += fmt::format("  HARMFUL  {}\n", printable(global.name));
        else if (global.sort == Global::Sort::Usual)
            ++usual;
        else if (++strangers <= limit)
            foreign += fmt::format("  foreign  {}\n", printable(global.name));
    }
    if (model.globals.empty())
        return {};
    if (strangers > limit)
        foreign += fmt::format("  and {} more foreign ones (--json tells all)\n", strangers - limit);
    if (harmful.empty() && foreign.empty())
        return fmt::format("\nnames {} of Python, all usual\n", counted(usual, "class or function", "classes and functions"));
    return fmt::format("\nclasses and functions of Python that the file names (none was called), beside {} usual:\n{}{}", usual, harmful,
                       foreign);
}

}

std::string infoText(const Model& model, const ParameterStatistics& statistics)
{
    const std::string framework = model.framework == Framework::None ? "no framework" : std::string(title(model.framework));
    std::string result = fmt::format("{}: {}, {}, {}", printable(model.origin.path), framework, model.origin.format, model.origin.content);
    if (!model.origin.producer.empty())
        result += fmt::format("; {}", printable(model.origin.producer));
    result += fmt::format("\n{} in {}, file of {}\n", counted(parametersTotal(model), "parameter"),
                          counted(static_cast<std::int64_t>(model.parameters.size()), "tensor"),
                          counted(static_cast<std::int64_t>(model.origin.fileSize), "byte"));
    if (!model.origin.sha256.empty())
        result += fmt::format("sha256 {}\n", model.origin.sha256);
    if (!model.layers.empty())
        result += "\n" + layerTable(model);
    if (!model.parameters.empty())
        result += "\n" + parameterTable(model, statistics);
    result += entryTable(model) + globalLines(model);
    std::string problems;
    for (const Parameter& parameter : model.parameters)
        if (!parameter.problem.empty())
            problems += fmt::format("{}: {}\n", printable(parameter.name), parameter.problem);
    result += problems.empty() ? "" : "\n" + problems;
    return result + notesText(model.notes);
}

}
