// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/tensor/planemodel.h"

#include "core/tensor/element.h"

#include <QTimer>

#include <algorithm>

namespace widgets {

namespace {

constexpr int digits = 6;          // of floating numbers in a cell; the tooltip and the clipboard have all
constexpr qsizetype kept = 256;    // blocks
constexpr qsizetype mostAsked = 8; // at a time
constexpr qsizetype mostWaiting = 32;

}

PlaneModel::PlaneModel(QObject* parent) : QAbstractTableModel(parent), m_slicing(core::slicingOf({0}, {})) {}

void PlaneModel::setSlicing(const core::Slicing& slicing)
{
    beginResetModel();
    m_slicing = slicing;
    m_firstRow = m_firstColumn = 0;
    m_blocks.clear();
    for (QList<Place>* places : {&m_order, &m_wanted, &m_asked})
        places->clear();
    endResetModel();
}

void PlaneModel::setFirst(std::int64_t row, std::int64_t column)
{
    beginResetModel();
    m_firstRow = std::clamp<std::int64_t>(row, 0, std::max<std::int64_t>(0, core::rowCount(m_slicing) - 1));
    m_firstColumn = std::clamp<std::int64_t>(column, 0, std::max<std::int64_t>(0, core::columnCount(m_slicing) - 1));
    endResetModel();
}

void PlaneModel::setCells(const core::Slicing& slicing, const core::Cells& cells, const core::Tensor& values)
{
    const Place place(cells.row / blockRows, cells.column / blockColumns);
    if (slicing != m_slicing || cells != cellsOf(place))
        return;
    m_asked.removeAll(place);
    if (!m_blocks.contains(place))
        m_order.append(place);
    m_blocks.insert(place, values);
    if (m_order.size() > kept)
        m_blocks.remove(m_order.takeFirst());
    const auto row = [&](std::int64_t at) { return static_cast<int>(std::clamp<std::int64_t>(at - m_firstRow, 0, rowCount() - 1)); };
    const auto column = [&](std::int64_t at) {
        return static_cast<int>(std::clamp<std::int64_t>(at - m_firstColumn, 0, columnCount() - 1));
    };
    Q_EMIT dataChanged(index(row(cells.row), column(cells.column)),
                       index(row(cells.row + cells.rows - 1), column(cells.column + cells.columns - 1)), {Qt::DisplayRole});
    askNext();
}

core::Cells PlaneModel::cells(int row, int column, int rows, int columns) const
{
    return {m_firstRow + row, m_firstColumn + column, rows, columns};
}

int PlaneModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(std::min(core::rowCount(m_slicing) - m_firstRow, mostRows));
}

int PlaneModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(std::min(core::columnCount(m_slicing) - m_firstColumn, mostColumns));
}

core::Cells PlaneModel::cellsOf(const Place& place) const
{
    const std::int64_t row = place.first * blockRows, column = place.second * blockColumns;
    return {row, column, std::min(blockRows, core::rowCount(m_slicing) - row),
            std::min(blockColumns, core::columnCount(m_slicing) - column)};
}

const core::Tensor* PlaneModel::block(const Place& place) const
{
    if (const auto found = m_blocks.constFind(place); found != m_blocks.constEnd())
        return &*found;
    if (m_wanted.isEmpty()) // a view asks for all that it shows before it returns to the event loop
        QTimer::singleShot(0, this, [self = const_cast<PlaneModel*>(this)] { self->askNext(); });
    if (!m_wanted.contains(place))
        m_wanted.append(place);
    return nullptr;
}

/// The latest wishes first, only so many at a time.
void PlaneModel::askNext()
{
    while (!m_wanted.isEmpty() && m_asked.size() < mostAsked) {
        const Place place = m_wanted.takeLast();
        if (m_blocks.contains(place) || m_asked.contains(place))
            continue;
        m_asked.append(place);
        Q_EMIT cellsWanted(m_slicing, cellsOf(place));
    }
    m_wanted.remove(0, std::max<qsizetype>(0, m_wanted.size() - mostWaiting)); // scrolled past meanwhile
}

QVariant PlaneModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    const std::int64_t row = m_firstRow + index.row(), column = m_firstColumn + index.column();
    const Place place(row / blockRows, column / blockColumns);
    const core::Tensor* values = block(place);
    if (!values)
        return QStringLiteral("…");
    const std::int64_t element = (row - place.first * blockRows) * values->shape()[1] + column - place.second * blockColumns;
    const QString text = QString::fromStdString(core::elementText(*values, element, role == Qt::DisplayRole ? digits : 0));
    return role == Qt::DisplayRole ? text
                                   : QStringLiteral("[%1]  %2").arg(QString::fromStdString(core::placeText(m_slicing, row, column)), text);
}

QVariant PlaneModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
    if (role != Qt::DisplayRole)
        return {};
    const bool down = orientation == Qt::Vertical;
    if ((down ? m_slicing.rows : m_slicing.columns) < 0)
        return QString();
    return QString::number((down ? m_firstRow : m_firstColumn) + section);
}

QString cellsAsText(const core::Tensor& cells)
{
    QString text;
    const std::int64_t columns = cells.shape()[1];
    for (std::int64_t i = 0; i < cells.count(); ++i) {
        text += QString::fromStdString(core::elementText(cells, i));
        text += (i + 1) % columns == 0 ? u'\n' : u'\t';
    }
    return text;
}

}
