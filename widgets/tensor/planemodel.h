// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/slicing.h"

#include <QAbstractTableModel>
#include <QHash>
#include <QList>

namespace widgets {

/// The cells of one plane of a tensor. Asks for the blocks that a view looks at and keeps the latest ones; a cell whose block is still on
/// its way shows "…". A view gets at most `mostRows` x `mostColumns` cells at a time: a plane beyond that is looked at from firstRow() on.
class PlaneModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    static constexpr std::int64_t mostRows = 500'000, mostColumns = 20'000;
    static constexpr std::int64_t blockRows = 128, blockColumns = 32;

    explicit PlaneModel(QObject* parent = nullptr);

    /// Shows another plane, from its first cell on, without any values yet.
    void setSlicing(const core::Slicing& slicing);
    const core::Slicing& slicing() const { return m_slicing; }
    void setFirst(std::int64_t row, std::int64_t column);
    std::int64_t firstRow() const { return m_firstRow; }
    std::int64_t firstColumn() const { return m_firstColumn; }
    /// The values of cells that were asked for; dropped when they belong to another plane.
    void setCells(const core::Slicing& slicing, const core::Cells& cells, const core::Tensor& values);
    /// Cells of the plane beneath a rectangle of the view.
    core::Cells cells(int row, int column, int rows, int columns) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

Q_SIGNALS:
    void cellsWanted(const core::Slicing& slicing, const core::Cells& cells);

private:
    using Place = std::pair<std::int64_t, std::int64_t>; ///< a block's row and column, counted in blocks
    const core::Tensor* block(const Place& place) const;
    core::Cells cellsOf(const Place& place) const;
    void askNext();

    core::Slicing m_slicing;
    std::int64_t m_firstRow = 0, m_firstColumn = 0;
    QHash<Place, core::Tensor> m_blocks;
    QList<Place> m_order; ///< of m_blocks, oldest first
    mutable QList<Place> m_wanted;
    QList<Place> m_asked;
};

/// Cells as tab separated text, exact, one line a row.
QString cellsAsText(const core::Tensor& cells);

}
