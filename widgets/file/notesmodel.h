// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/model.h"

#include <QAbstractTableModel>

#include <memory>

namespace widgets {

/// What a person should know about a file, the gravest first.
class NotesModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { SeverityColumn, WhereColumn, TextColumn, ColumnCount };
    enum Role { WhereRole = Qt::UserRole }; ///< name of a layer or parameter as core knows it

    using QAbstractTableModel::QAbstractTableModel;

    void setNotes(std::vector<core::Note> notes);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    std::vector<core::Note> m_notes;
};

}
