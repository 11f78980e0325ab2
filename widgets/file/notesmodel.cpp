// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/file/notesmodel.h"

#include "widgets/file/tabletext.h"
#include "widgets/theme/icons.h"

#include <algorithm>

namespace widgets {

namespace {

using Severity = core::Note::Severity;

QString word(Severity severity)
{
    return severity == Severity::Error     ? NotesModel::tr("Error")
           : severity == Severity::Warning ? NotesModel::tr("Warning")
                                           : NotesModel::tr("Note");
}

QIcon sign(Severity severity)
{
    return severity == Severity::Error     ? icon(QStringLiteral("error"), &Colours::red)
           : severity == Severity::Warning ? icon(QStringLiteral("warn"), &Colours::amber)
                                           : QIcon();
}

}

void NotesModel::setNotes(std::vector<core::Note> notes)
{
    beginResetModel();
    m_notes = std::move(notes);
    std::stable_sort(m_notes.begin(), m_notes.end(), [](const auto& a, const auto& b) { return a.severity > b.severity; });
    endResetModel();
}

int NotesModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_notes.size());
}

int NotesModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant NotesModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const core::Note& note = m_notes[static_cast<std::size_t>(index.row())];
    if (role == WhereRole)
        return QString::fromStdString(note.where);
    if (role == Qt::DecorationRole && index.column() == SeverityColumn)
        return sign(note.severity);
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case SeverityColumn:
        return word(note.severity);
    case WhereColumn:
        return safeText(note.where);
    default:
        return safeText(note.message.text);
    }
}

QVariant NotesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole || section < 0 || section >= ColumnCount)
        return {};
    const QString titles[ColumnCount] = {tr("Severity"), tr("Where"), tr("What")};
    return titles[section];
}

}
