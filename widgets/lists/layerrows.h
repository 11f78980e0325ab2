// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/layers/kind.h"
#include "core/model/model.h"
#include "core/tensor/statistics.h"

#include <QString>

#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace widgets {

/// How a parameter stands to its mate on the other side.
struct ParameterMark
{
    /// In the order of how much they matter.
    enum class Kind { None, Equal, Close, Tried, Unknown, Differs }; ///< Tried: equal on a copy in memory that a fix is tried on
    Kind kind = Kind::None;
    bool nan = false; ///< it holds NaN
    QString text;     ///< one line for the tooltip: "1 of 150 values differs, at most by 1e-3"
    bool operator==(const ParameterMark&) const = default;
};

/// What the list shows of one parameter. Statistics come later, once its values were read.
struct ParameterRow
{
    QString key;   ///< its name, as core knows it
    QString name;  ///< the same as it is safe to show
    QString title; ///< without the layer's name: "weight", "kernel"
    QString dtype, dtypeShort;
    core::Shape shape;
    std::int64_t count = 0;
    std::uint64_t bytes = 0;
    QString problem; ///< why its values cannot be read
    std::optional<core::Statistics> statistics;
    std::vector<std::int64_t> bins;
};

/// What the list shows of one layer.
struct LayerRow
{
    QString key;                      ///< its name, as core knows it
    QString name;                     ///< the same as it is safe to show
    QString kind, attributes;         ///< "Conv2d", "1→6 5×5 p2"
    std::optional<core::Shape> shape; ///< of its result without batch, in the framework's layout
    std::int64_t count = 0;
    std::uint64_t bytes = 0;
    bool supported = true;
    QString problem; ///< why it cannot be run
    std::vector<ParameterRow> parameters;
};

/// The rows of a model: one a layer in the file's order, each made when it is first looked at.
class LayerRows
{
public:
    LayerRows() = default;
    /// `values` are the inferred ones of the ops, or empty.
    LayerRows(std::shared_ptr<const core::Model> model, core::layers::Values values);

    int count() const { return static_cast<int>(m_layers.size()); }
    int parameterCount(int layer) const { return static_cast<int>(m_layers[static_cast<std::size_t>(layer)].parameters.size()); }
    const LayerRow& at(int layer) const { return made(layer); }
    ParameterRow& parameter(int layer, int place) { return made(layer).parameters[static_cast<std::size_t>(place)]; }
    /// -1 when there is none.
    int indexOf(const QString& layer) const;
    std::pair<int, int> placeOf(const QString& parameter) const; ///< layer and place in it

private:
    struct Entry
    {
        std::vector<const core::Parameter*> parameters;
        std::vector<int> ops;
        mutable std::unique_ptr<LayerRow> row;
    };
    LayerRow& made(int layer) const;

    std::shared_ptr<const core::Model> m_model;
    core::layers::Values m_values;
    std::vector<Entry> m_layers;
    std::unordered_map<std::string_view, int> m_names; ///< into the model, which stays
    std::unordered_map<std::string_view, std::pair<int, int>> m_parameterNames;
};

/// "conv2d/conv2d/kernel:0" of layer "conv2d" is "kernel"; "0.weight" of layer "0" is "weight".
QString parameterTitle(std::string_view parameter, std::string_view layer);

}
