// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/model.h"

#include <QAbstractTableModel>

namespace widgets {

/// Classes and functions that a pickle asks for: harmful ones first, then foreign ones; the usual ones only when unfolded.
class GlobalsModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { SortColumn, NameColumn, MeaningColumn, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    void setGlobals(std::vector<core::Global> globals);
    void setUnfolded(bool unfolded);
    bool isHarmful() const { return !m_globals.empty() && m_globals.front().sort == core::Global::Sort::Harmful; }
    int usualCount() const { return static_cast<int>(m_globals.size()) - m_notable; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    std::vector<core::Global> m_globals;
    int m_notable = 0;
    bool m_unfolded = false;
};

}
