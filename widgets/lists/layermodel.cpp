// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/lists/layermodel.h"

namespace widgets {

namespace {

constexpr quintptr layerId = 0; // a parameter's id is the row of its layer + 1

}

void LayerModel::setModel(std::shared_ptr<const core::Model> model, const core::layers::Values& values)
{
    beginResetModel();
    m_model = std::move(model);
    m_rows = LayerRows(m_model, values);
    m_firstDivergence.clear();
    m_marks.clear();
    endResetModel();
}

void LayerModel::setStatistics(const QString& parameter, const core::Statistics& statistics, std::vector<std::int64_t> bins)
{
    const QModelIndex first = parameterIndex(parameter);
    if (!first.isValid())
        return;
    ParameterRow& row = m_rows.parameter(static_cast<int>(first.internalId()) - 1, first.row());
    row.statistics = statistics;
    row.bins = std::move(bins);
    Q_EMIT dataChanged(first, first.siblingAtColumn(ColumnCount - 1));
}

QList<int> LayerModel::setMarks(const QHash<QString, ParameterMark>& marks)
{
    QSet<int> rows;
    const auto compare = [&](const QHash<QString, ParameterMark>& some, const QHash<QString, ParameterMark>& others) {
        for (auto mark = some.begin(); mark != some.end(); ++mark)
            if (const auto other = others.constFind(mark.key()); other == others.constEnd() || *other != *mark)
                if (const int row = m_rows.placeOf(mark.key()).first; row >= 0)
                    rows.insert(row);
    };
    compare(marks, m_marks);
    compare(m_marks, marks);
    m_marks = marks;
    if (!rows.isEmpty()) // views redraw what is in sight
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, 0));
    return {rows.begin(), rows.end()};
}

/// What matters most of a layer's parameters.
ParameterMark LayerModel::markOf(const LayerRow& layer) const
{
    ParameterMark worst;
    for (const ParameterRow& parameter : layer.parameters) {
        const auto found = m_marks.constFind(parameter.key);
        if (found == m_marks.constEnd())
            continue;
        worst.nan = worst.nan || found->nan;
        worst.kind = std::max(worst.kind, found->kind);
        if (found->kind > ParameterMark::Kind::Equal || found->nan)
            worst.text += (worst.text.isEmpty() ? QString() : QStringLiteral("\n")) + parameter.title + QStringLiteral(": ") + found->text;
    }
    return worst;
}

void LayerModel::setCauses(const QHash<QString, QString>& causes)
{
    if (causes == m_causes)
        return;
    m_causes = causes;
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, 0));
}

void LayerModel::setFirstDivergence(const QString& layer)
{
    if (layer == m_firstDivergence)
        return;
    const QString previous = std::exchange(m_firstDivergence, layer);
    for (const QString& name : {previous, layer})
        if (const QModelIndex index = layerIndex(name); index.isValid())
            Q_EMIT dataChanged(index, index);
}

QModelIndex LayerModel::layerIndex(const QString& layer) const
{
    const int row = m_rows.indexOf(layer);
    return row < 0 ? QModelIndex() : index(row, 0);
}

QModelIndex LayerModel::parameterIndex(const QString& parameter) const
{
    const auto [layer, place] = m_rows.placeOf(parameter);
    return layer < 0 ? QModelIndex() : index(place, 0, index(layer, 0));
}

QModelIndex LayerModel::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, parent.isValid() ? static_cast<quintptr>(parent.row()) + 1 : layerId);
}

QModelIndex LayerModel::parent(const QModelIndex& index) const
{
    if (!index.isValid() || index.internalId() == layerId)
        return {};
    return createIndex(static_cast<int>(index.internalId() - 1), 0, layerId);
}

int LayerModel::rowCount(const QModelIndex& parent) const
{
    if (!parent.isValid())
        return m_rows.count();
    if (parent.internalId() != layerId || parent.column() != 0)
        return 0;
    return m_rows.parameterCount(parent.row());
}

int LayerModel::columnCount(const QModelIndex&) const
{
    return ColumnCount;
}

const LayerRow& LayerModel::layerOf(const QModelIndex& index) const
{
    return m_rows.at(index.internalId() == layerId ? index.row() : static_cast<int>(index.internalId()) - 1);
}

const ParameterRow* LayerModel::parameterOf(const QModelIndex& index) const
{
    return index.internalId() == layerId ? nullptr : &layerOf(index).parameters[static_cast<std::size_t>(index.row())];
}

QVariant LayerModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    if (role == Qt::TextAlignmentRole) {
        const bool number = index.column() == CountColumn || index.column() == BytesColumn;
        return QVariant::fromValue(Qt::Alignment(number ? Qt::AlignRight | Qt::AlignVCenter : Qt::AlignLeft | Qt::AlignVCenter));
    }
    const LayerRow& layer = layerOf(index);
    if (role == LayerRole)
        return layer.key;
    const ParameterRow* parameter = parameterOf(index);
    return parameter ? parameterData(*parameter, index.column(), role) : layerData(layer, index.column(), role);
}

QVariant LayerModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole) {
        const bool number = section == CountColumn || section == BytesColumn;
        return QVariant::fromValue(Qt::Alignment(number ? Qt::AlignRight | Qt::AlignVCenter : Qt::AlignLeft | Qt::AlignVCenter));
    }
    if (role != Qt::DisplayRole)
        return {};
    const QString titles[ColumnCount] = {tr("Layer"), tr("Type"),  tr("Shape"), tr("Count"),
                                         tr("Hist"),  tr("Dtype"), tr("Bytes"), tr("Range")};
    return titles[section];
}

}
