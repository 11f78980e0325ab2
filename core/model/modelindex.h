// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/model.h"

#include <unordered_map>

namespace core {

/// Where the names of a model are, at the time when it was made.
class ModelIndex
{
public:
    explicit ModelIndex(const Model& model);

    /// Whether the model still has as many layers, ops and parameters.
    bool fits(const Model& model) const;

    /// Positions of the first item of a name, or -1.
    int layer(std::string_view name) const { return found(m_layers, name); }
    int op(std::string_view name) const { return found(m_ops, name); }
    int parameter(std::string_view name) const { return found(m_parameters, name); }
    /// The ops of a layer in their order; null when it has none.
    const std::vector<int>* opsOf(std::string_view layer) const;

private:
    struct Hash
    {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
    };
    template <typename Value>
    using Names = std::unordered_map<std::string, Value, Hash, std::equal_to<>>;

    static int found(const Names<int>& names, std::string_view name);

    std::size_t m_layerCount, m_opCount, m_parameterCount;
    Names<int> m_layers, m_ops, m_parameters;
    Names<std::vector<int>> m_opsOf;
};

}
