// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/modelindex.h"

namespace core {

ModelIndex::ModelIndex(const Model& model)
    : m_layerCount(model.layers.size()), m_opCount(model.ops.size()), m_parameterCount(model.parameters.size())
{
    const auto fill = [](Names<int>& names, const auto& items) {
        names.reserve(items.size());
        for (std::size_t i = 0; i < items.size(); ++i)
            names.try_emplace(items[i].name, static_cast<int>(i));
    };
    fill(m_layers, model.layers);
    fill(m_ops, model.ops);
    fill(m_parameters, model.parameters);
    for (std::size_t i = 0; i < model.ops.size(); ++i)
        m_opsOf[model.ops[i].layer].push_back(static_cast<int>(i));
}

bool ModelIndex::fits(const Model& model) const
{
    return model.layers.size() == m_layerCount && model.ops.size() == m_opCount && model.parameters.size() == m_parameterCount;
}

const std::vector<int>* ModelIndex::opsOf(std::string_view layer) const
{
    const auto ops = m_opsOf.find(layer);
    return ops == m_opsOf.end() ? nullptr : &ops->second;
}

int ModelIndex::found(const Names<int>& names, std::string_view name)
{
    const auto place = names.find(name);
    return place == names.end() ? -1 : place->second;
}

}
