// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCollator>
#include <QSortFilterProxyModel>
#include <QStringList>

namespace widgets {

/// Sorts by any column (column -1 is the file's order) and keeps the rows that match every word of the filter: a dtype
/// ("f32", "float32"), sizes that follow each other in a shape ("3,3"), or text in name, kind or attributes.
class LayerFilter final : public QSortFilterProxyModel
{
    Q_OBJECT

public:
    explicit LayerFilter(QObject* parent = nullptr);

    void setFilter(const QString& filter);

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;
    bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

private:
    QStringList m_words;
    QCollator m_collator;
};

/// The rows as they stand, layers and parameters, as tab-separated text with a line of heads; `columns` in their order.
QString asTsv(const QAbstractItemModel& model, const QList<int>& columns);

}
