// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/file/entriesmodel.h"

#include "widgets/file/tabletext.h"

#include <algorithm>

namespace widgets {

void EntriesModel::setEntries(Entries entries)
{
    beginResetModel();
    m_entries = std::move(entries);
    endResetModel();
}

int EntriesModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_entries ? 0 : static_cast<int>(m_entries->size());
}

int EntriesModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : 2;
}

QVariant EntriesModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid) || role != Qt::DisplayRole)
        return {};
    const core::Entry& entry = (*m_entries)[static_cast<std::size_t>(index.row())];
    return safeText(index.column() == 0 ? entry.name : entry.value);
}

QVariant EntriesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole || section < 0 || section > 1)
        return {};
    return section == 0 ? tr("Name") : tr("Value");
}

void EntriesFilter::setWords(const QString& words)
{
    m_words = words.split(u' ', Qt::SkipEmptyParts);
    invalidateFilter();
}

bool EntriesFilter::filterAcceptsRow(int row, const QModelIndex& parent) const
{
    const auto has = [&](int column, const QString& word) {
        return sourceModel()->index(row, column, parent).data().toString().contains(word, Qt::CaseInsensitive);
    };
    return std::all_of(m_words.begin(), m_words.end(), [&](const QString& word) { return has(0, word) || has(1, word); });
}

}
