// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/lists/layerfilter.h"

#include "widgets/lists/layermodel.h"

#include <QRegularExpression>

#include <algorithm>

namespace widgets {

namespace {

/// "[3,3]" and "3,3" are shapes, "3" alone is text.
QString shapeOf(QString word)
{
    static const QRegularExpression sizes(QStringLiteral("^\\[?\\d+(,\\d+)*,?\\]?$"));
    if (!sizes.match(word).hasMatch() || !(word.contains(QLatin1Char(',')) || word.contains(QLatin1Char('['))))
        return {};
    word.remove(QLatin1Char('[')).remove(QLatin1Char(']'));
    return word.endsWith(QLatin1Char(',')) ? word.chopped(1) : word;
}

bool hasSizes(const QStringList& shapes, const QString& wanted)
{
    const QString needle = QLatin1Char(',') + wanted + QLatin1Char(',');
    return std::any_of(shapes.begin(), shapes.end(),
                       [&](const QString& shape) { return (QLatin1Char(',') + shape + QLatin1Char(',')).contains(needle); });
}

bool matches(const QModelIndex& index, const QString& word)
{
    if (const QString sizes = shapeOf(word); !sizes.isEmpty())
        return hasSizes(index.data(LayerModel::ShapesRole).toStringList(), sizes);
    return index.data(LayerModel::SearchRole).toString().contains(word, Qt::CaseInsensitive) ||
           index.data(LayerModel::DTypeRole).toStringList().contains(word, Qt::CaseInsensitive);
}

void appendRows(QString& text, const QAbstractItemModel& model, const QModelIndex& parent, const QList<int>& columns)
{
    for (int row = 0; row < model.rowCount(parent); ++row) {
        QStringList cells;
        for (const int column : columns)
            cells << model.index(row, column, parent).data(LayerModel::CopyRole).toString().replace(QLatin1Char('\t'), QLatin1Char(' '));
        text += cells.join(QLatin1Char('\t')) + QLatin1Char('\n');
        appendRows(text, model, model.index(row, 0, parent), columns);
    }
}

}

LayerFilter::LayerFilter(QObject* parent) : QSortFilterProxyModel(parent)
{
    m_collator.setNumericMode(true);
    m_collator.setCaseSensitivity(Qt::CaseInsensitive);
    setSortRole(LayerModel::SortRole);
    setRecursiveFilteringEnabled(true);
    setAutoAcceptChildRows(true);
    setDynamicSortFilter(true);
}

void LayerFilter::setFilter(const QString& filter)
{
    m_words = filter.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    invalidateFilter();
}

bool LayerFilter::filterAcceptsRow(int row, const QModelIndex& parent) const
{
    const QModelIndex index = sourceModel()->index(row, 0, parent);
    return std::all_of(m_words.begin(), m_words.end(), [&](const QString& word) { return matches(index, word); });
}

bool LayerFilter::lessThan(const QModelIndex& left, const QModelIndex& right) const
{
    const QVariant a = left.data(LayerModel::SortRole);
    const QVariant b = right.data(LayerModel::SortRole);
    if (a.typeId() == QMetaType::QString && b.typeId() == QMetaType::QString)
        return m_collator.compare(a.toString(), b.toString()) < 0;
    return a.toDouble() < b.toDouble();
}

QString asTsv(const QAbstractItemModel& model, const QList<int>& columns)
{
    QStringList heads;
    for (const int column : columns)
        heads << model.headerData(column, Qt::Horizontal).toString();
    QString text = heads.join(QLatin1Char('\t')) + QLatin1Char('\n');
    appendRows(text, model, {}, columns);
    return text;
}

}
