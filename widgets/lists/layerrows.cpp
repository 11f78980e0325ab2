// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/lists/layerrows.h"

#include "widgets/lists/text.h"

#include <unordered_map>

namespace widgets {

namespace {

ParameterRow rowOf(const core::Parameter& parameter)
{
    ParameterRow row;
    row.key = QString::fromStdString(parameter.name);
    row.name = shown(parameter.name);
    row.title = parameterTitle(parameter.name, parameter.layer);
    row.dtype = shown(core::name(parameter.source.dtype));
    row.dtypeShort = shown(core::shortName(parameter.source.dtype));
    row.shape = parameter.source.shape;
    row.count = core::count(parameter);
    row.bytes = core::byteCount(parameter);
    row.problem = shown(parameter.problem);
    return row;
}

/// Shape of what the layer's last op gives, and why one of its ops cannot run.
void addRun(LayerRow& row, const core::Model& model, const std::vector<int>& ops,
            const std::vector<std::optional<core::layers::Value>>& values)
{
    for (const int index : ops) {
        const auto i = static_cast<std::size_t>(index);
        if (row.problem.isEmpty() && !model.ops[i].unsupported.empty())
            row.problem = shown(model.ops[i].unsupported);
        if (i < values.size() && values[i] && !values[i]->shape.empty())
            row.shape = core::Shape(values[i]->shape.begin() + 1, values[i]->shape.end());
        else
            row.shape.reset();
    }
}

}

QString parameterTitle(std::string_view parameter, std::string_view layer)
{
    while (!layer.empty() && parameter.size() > layer.size() + 1 && parameter.starts_with(layer) &&
           (parameter[layer.size()] == '.' || parameter[layer.size()] == '/'))
        parameter.remove_prefix(layer.size() + 1);
    if (parameter.ends_with(":0"))
        parameter.remove_suffix(2);
    return shown(parameter);
}

std::vector<LayerRow> rowsOf(const core::Model& model, const std::vector<std::optional<core::layers::Value>>& values)
{
    std::unordered_map<std::string_view, const core::Parameter*> parameters;
    for (const core::Parameter& parameter : model.parameters)
        parameters.emplace(parameter.name, &parameter);
    std::unordered_map<std::string_view, std::vector<int>> ops;
    for (std::size_t i = 0; i < model.ops.size(); ++i)
        ops[model.ops[i].layer].push_back(static_cast<int>(i));

    std::vector<LayerRow> rows;
    rows.reserve(model.layers.size());
    for (const core::Layer& layer : model.layers) {
        LayerRow row;
        row.key = QString::fromStdString(layer.name);
        row.name = shown(layer.name);
        row.kind = shown(layer.kind);
        row.attributes = typeset(shown(core::layers::summary(model, layer)));
        row.supported = layer.supported;
        for (const std::string& name : layer.parameters) {
            const auto found = parameters.find(name);
            if (found == parameters.end())
                continue;
            row.parameters.push_back(rowOf(*found->second));
            row.count += row.parameters.back().count;
            row.bytes += row.parameters.back().bytes;
        }
        if (const auto found = ops.find(layer.name); found != ops.end())
            addRun(row, model, found->second, values);
        rows.push_back(std::move(row));
    }
    return rows;
}

}
