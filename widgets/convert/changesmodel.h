// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/convert/convert.h"
#include "widgets/sides/sidelabel.h"

#include <QAbstractTableModel>

#include <map>
#include <vector>

namespace widgets {

/// What a conversion would write, one row a tensor or a layer without weights; after the proof also how each fared.
class ChangesModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { From, FromShape, Rule, To, ToShape, Bytes, Proof, ColumnCount };
    /// Whether the row writes nothing (bool), and the proof of a row: true, false or nothing.
    enum Role { NoWeightsRole = Qt::UserRole + 1, ProvedRole };

    using QAbstractTableModel::QAbstractTableModel;

    void setChanges(std::vector<core::convert::Change> changes, const QString& fromTitle, const QString& toTitle);
    void setProof(std::map<std::string, bool> tensors);
    void clearProof() { setProof({}); }
    int tensorCount() const;
    std::uint64_t byteCount() const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString text(const core::convert::Change& change, int column) const;
    std::optional<bool> proved(const core::convert::Change& change) const;

    std::vector<core::convert::Change> m_changes;
    std::map<std::string, bool> m_proof;
    QString m_fromTitle, m_toTitle;
};

}
