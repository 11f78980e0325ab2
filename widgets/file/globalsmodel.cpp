// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/file/globalsmodel.h"

#include "widgets/file/tabletext.h"
#include "widgets/theme/icons.h"

#include <algorithm>

namespace widgets {

namespace {

using Sort = core::Global::Sort;

QString word(Sort sort)
{
    return sort == Sort::Harmful   ? GlobalsModel::tr("Dangerous")
           : sort == Sort::Foreign ? GlobalsModel::tr("Foreign")
                                   : GlobalsModel::tr("Usual");
}

QString meaning(Sort sort)
{
    return sort == Sort::Harmful   ? GlobalsModel::tr("would run commands or load code; was not called")
           : sort == Sort::Foreign ? GlobalsModel::tr("of somebody's script or another package; kept as data")
                                   : GlobalsModel::tr("a framework's own, or a plain container");
}

}

void GlobalsModel::setGlobals(std::vector<core::Global> globals)
{
    beginResetModel();
    m_globals = std::move(globals);
    std::stable_sort(m_globals.begin(), m_globals.end(), [](const auto& a, const auto& b) { return a.sort > b.sort; });
    m_notable =
        static_cast<int>(std::count_if(m_globals.begin(), m_globals.end(), [](const auto& one) { return one.sort != Sort::Usual; }));
    endResetModel();
}

void GlobalsModel::setUnfolded(bool unfolded)
{
    if (unfolded == m_unfolded)
        return;
    beginResetModel();
    m_unfolded = unfolded;
    endResetModel();
}

int GlobalsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : m_unfolded ? static_cast<int>(m_globals.size()) : m_notable;
}

int GlobalsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant GlobalsModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const core::Global& global = m_globals[static_cast<std::size_t>(index.row())];
    if (role == Qt::DecorationRole && index.column() == SortColumn && global.sort == Sort::Harmful)
        return icon(QStringLiteral("error"), &Colours::red);
    if (role == Qt::ForegroundRole && global.sort == Sort::Harmful)
        return colours(QPalette()).red;
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case SortColumn:
        return word(global.sort);
    case NameColumn:
        return safeText(global.name);
    default:
        return meaning(global.sort);
    }
}

QVariant GlobalsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole || section < 0 || section >= ColumnCount)
        return {};
    const QString titles[ColumnCount] = {tr("Kind"), tr("Name"), tr("Meaning")};
    return titles[section];
}

}
