// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/layers/kind.h"
#include "core/model/model.h"
#include "core/tensor/statistics.h"

#include <QString>

#include <optional>
#include <vector>

namespace widgets {

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

/// One row a layer in the file's order; `values` are the inferred ones of the ops, or empty.
std::vector<LayerRow> rowsOf(const core::Model& model, const std::vector<std::optional<core::layers::Value>>& values);

/// "conv2d/conv2d/kernel:0" of layer "conv2d" is "kernel"; "0.weight" of layer "0" is "weight".
QString parameterTitle(std::string_view parameter, std::string_view layer);

}
