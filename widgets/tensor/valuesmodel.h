// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/tensor.h"

#include <QAbstractTableModel>

#include <array>

namespace widgets {

/// Every element of two tensors of one shape: its index, both values, their difference. Either may be null.
class ValuesModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Index, Left, Right, Difference, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    /// float32 tensors.
    void setTensors(const core::Tensor& left, const core::Tensor& right, std::array<QString, 2> names);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString indexText(std::int64_t row) const;

    std::array<core::Tensor, 2> m_tensors;
    std::array<QString, 2> m_names;
};

}
