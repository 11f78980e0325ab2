// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/lists/layerrows.h"

#include "widgets/lists/text.h"

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
void addRun(LayerRow& row, const core::Model& model, const std::vector<int>& ops, const core::layers::Values& values)
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

LayerRows::LayerRows(std::shared_ptr<const core::Model> model, core::layers::Values values)
    : m_model(std::move(model)), m_values(std::move(values))
{
    if (!m_model)
        return;
    std::unordered_map<std::string_view, const core::Parameter*> parameters;
    parameters.reserve(m_model->parameters.size());
    for (const core::Parameter& parameter : m_model->parameters)
        parameters.emplace(parameter.name, &parameter);
    m_layers.resize(m_model->layers.size());
    m_names.reserve(m_layers.size());
    m_parameterNames.reserve(parameters.size());
    for (int at = 0; at < count(); ++at) {
        const core::Layer& layer = m_model->layers[static_cast<std::size_t>(at)];
        Entry& entry = m_layers[static_cast<std::size_t>(at)];
        m_names.insert_or_assign(layer.name, at);
        for (const std::string& name : layer.parameters)
            if (const auto found = parameters.find(name); found != parameters.end()) {
                m_parameterNames.insert_or_assign(found->second->name, std::pair(at, static_cast<int>(entry.parameters.size())));
                entry.parameters.push_back(found->second);
            }
    }
    for (std::size_t op = 0; op < m_model->ops.size(); ++op)
        if (const auto found = m_names.find(m_model->ops[op].layer); found != m_names.end())
            m_layers[static_cast<std::size_t>(found->second)].ops.push_back(static_cast<int>(op));
}

LayerRow& LayerRows::made(int at) const
{
    const Entry& entry = m_layers[static_cast<std::size_t>(at)];
    if (entry.row)
        return *entry.row;
    const core::Layer& layer = m_model->layers[static_cast<std::size_t>(at)];
    entry.row = std::make_unique<LayerRow>();
    LayerRow& row = *entry.row;
    row.key = QString::fromStdString(layer.name);
    row.name = shown(layer.name);
    row.kind = shown(layer.kind);
    row.attributes = typeset(shown(core::layers::summary(*m_model, layer, entry.ops, entry.parameters)));
    row.supported = layer.supported;
    for (const core::Parameter* parameter : entry.parameters) {
        row.parameters.push_back(rowOf(*parameter));
        row.count += row.parameters.back().count;
        row.bytes += row.parameters.back().bytes;
    }
    addRun(row, *m_model, entry.ops, m_values);
    return row;
}

int LayerRows::indexOf(const QString& layer) const
{
    const auto found = m_names.find(layer.toStdString());
    return found == m_names.end() ? -1 : found->second;
}

std::pair<int, int> LayerRows::placeOf(const QString& parameter) const
{
    const auto found = m_parameterNames.find(parameter.toStdString());
    return found == m_parameterNames.end() ? std::pair(-1, -1) : found->second;
}

}
