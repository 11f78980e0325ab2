// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/lists/layermodel.h"

#include "widgets/lists/text.h"

#include <QStringList>

namespace widgets {

namespace {

constexpr quintptr layerId = 0; // a parameter's id is the row of its layer + 1

QString shapeText(const core::Shape& shape)
{
    return QString::fromStdString(core::text(shape));
}

QString bareShape(const core::Shape& shape)
{
    const QString text = shapeText(shape);
    return text.mid(1, text.size() - 2);
}

double volume(const core::Shape& shape)
{
    double product = 1;
    for (const auto size : shape)
        product *= static_cast<double>(size);
    return product;
}

QList<double> toBins(const std::vector<std::int64_t>& counts)
{
    QList<double> bins;
    for (const auto count : counts)
        bins.append(static_cast<double>(count));
    return bins;
}

/// For a screen reader.
QString markWords(const ParameterMark& mark)
{
    using Kind = ParameterMark::Kind;
    const QString kind = mark.kind == Kind::Equal     ? LayerModel::tr("equal")
                         : mark.kind == Kind::Close   ? LayerModel::tr("within tolerance")
                         : mark.kind == Kind::Unknown ? LayerModel::tr("not compared")
                         : mark.kind == Kind::Differs ? LayerModel::tr("differs")
                                                      : QString();
    return mark.nan ? QStringList{kind, LayerModel::tr("holds NaN")}.join(QLatin1Char(' ')).trimmed() : kind;
}

QString joined(QStringList words)
{
    words.removeAll(QString());
    return words.join(QLatin1Char(' '));
}

}

void LayerModel::setModel(std::shared_ptr<const core::Model> model, const std::vector<std::optional<core::layers::Value>>& values)
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

void LayerModel::setMarks(const QHash<QString, ParameterMark>& marks)
{
    if (marks == m_marks)
        return;
    m_marks = marks;
    if (rowCount() > 0) // views redraw what is in sight
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, 0));
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

QVariant LayerModel::layerData(const LayerRow& layer, int column, int role) const
{
    const bool flagged = layer.key == m_firstDivergence;
    switch (role) {
    case NameRole:
        return layer.key;
    case KindRole:
        return layer.kind;
    case AttributesRole:
        return layer.attributes;
    case FirstDivergenceRole:
        return flagged;
    case UnsupportedRole:
        return !layer.supported;
    case MarkRole:
        return static_cast<int>(markOf(layer).kind);
    case NanRole:
        return markOf(layer).nan;
    case SearchRole:
        return joined({layer.name, layer.kind, layer.attributes});
    case DTypeRole: {
        QStringList names;
        for (const ParameterRow& parameter : layer.parameters)
            names << parameter.dtype << parameter.dtypeShort;
        return names;
    }
    case ShapesRole: {
        QStringList shapes;
        if (layer.shape)
            shapes << bareShape(*layer.shape);
        for (const ParameterRow& parameter : layer.parameters)
            shapes << bareShape(parameter.shape);
        return shapes;
    }
    case Qt::ToolTipRole: {
        QStringList lines(joined({layer.name, layer.kind, layer.attributes}));
        if (flagged)
            lines << tr("First layer over tolerance.");
        if (const QString marked = markOf(layer).text; !marked.isEmpty())
            lines << marked;
        if (!layer.supported)
            lines << (layer.problem.isEmpty() ? tr("This kind is not known: it is listed but not run.") : layer.problem);
        return lines.join(QLatin1Char('\n')).toHtmlEscaped().replace(QLatin1Char('\n'), QLatin1String("<br>"));
    }
    case Qt::AccessibleTextRole:
        if (column == LayerColumn)
            return joined({layer.name, flagged ? tr("first over tolerance") : QString(), markWords(markOf(layer)),
                           layer.supported ? QString() : tr("unknown kind")});
        return layerData(layer, column, Qt::DisplayRole);
    default:
        break;
    }
    if (role != Qt::DisplayRole && role != SortRole && role != CopyRole)
        return {};
    const bool plain = role != Qt::DisplayRole;
    switch (column) {
    case LayerColumn:
        return layer.name;
    case TypeColumn:
        return joined({layer.kind, layer.attributes});
    case ShapeColumn:
        return role == SortRole ? QVariant(layer.shape ? volume(*layer.shape) : 0.0)
               : layer.shape    ? QVariant(shapeText(*layer.shape))
                                : QVariant();
    case CountColumn:
        return layer.count == 0 && !plain ? QVariant() : plain ? QVariant(qint64(layer.count)) : QVariant(countText(layer.count));
    case BytesColumn:
        return layer.bytes == 0 && !plain ? QVariant() : plain ? QVariant(quint64(layer.bytes)) : QVariant(countText(qint64(layer.bytes)));
    case HistogramColumn:
        return role == SortRole ? QVariant(qint64(layer.count)) : QVariant();
    default:
        return {};
    }
}

QVariant LayerModel::parameterData(const ParameterRow& parameter, int column, int role) const
{
    const auto& statistics = parameter.statistics;
    const QString range = statistics ? rangeText(statistics->min, statistics->max) : QString();
    switch (role) {
    case NameRole:
        return parameter.key;
    case AttributesRole: {
        const QString after = parameter.problem.isEmpty() ? range : tr("cannot be read");
        return after.isEmpty() ? parameter.dtypeShort : parameter.dtypeShort + QStringLiteral("  ") + after;
    }
    case BinsRole:
        return QVariant::fromValue(toBins(parameter.bins));
    case UnsupportedRole:
        return !parameter.problem.isEmpty();
    case MarkRole:
        return static_cast<int>(m_marks.value(parameter.key).kind);
    case NanRole:
        return m_marks.value(parameter.key).nan || (statistics && statistics->nans > 0);
    case SearchRole:
        return parameter.name;
    case DTypeRole:
        return QStringList{parameter.dtype, parameter.dtypeShort};
    case ShapesRole:
        return QStringList(bareShape(parameter.shape));
    case Qt::ToolTipRole: {
        QStringList lines(joined({parameter.name, parameter.dtype, shapeText(parameter.shape)}));
        if (!parameter.problem.isEmpty())
            lines << parameter.problem;
        if (const QString marked = m_marks.value(parameter.key).text; !marked.isEmpty())
            lines << marked;
        if (statistics) {
            lines << tr("min %1, max %2").arg(statistics->min, 0, 'g', 6).arg(statistics->max, 0, 'g', 6);
            lines << tr("mean %1, std %2").arg(statistics->mean, 0, 'g', 6).arg(statistics->std, 0, 'g', 6);
            if (statistics->nans + statistics->infs > 0)
                lines << tr("%1 NaN, %2 infinite").arg(countText(statistics->nans), countText(statistics->infs));
        }
        return lines.join(QLatin1Char('\n')).toHtmlEscaped().replace(QLatin1Char('\n'), QLatin1String("<br>"));
    }
    case Qt::AccessibleTextRole:
        if (column == LayerColumn)
            return joined({parameter.title, markWords(m_marks.value(parameter.key))});
        return parameterData(parameter, column, Qt::DisplayRole);
    default:
        break;
    }
    if (role != Qt::DisplayRole && role != SortRole && role != CopyRole)
        return {};
    switch (column) {
    case LayerColumn:
        return role == CopyRole ? parameter.name : parameter.title;
    case TypeColumn:
        return role == Qt::DisplayRole ? parameterData(parameter, column, AttributesRole) : QVariant(parameter.dtypeShort);
    case ShapeColumn:
        return role == SortRole ? QVariant(volume(parameter.shape)) : QVariant(shapeText(parameter.shape));
    case CountColumn:
        return role == Qt::DisplayRole ? QVariant(countText(parameter.count)) : QVariant(qint64(parameter.count));
    case DTypeColumn:
        return parameter.dtype;
    case BytesColumn:
        return role == Qt::DisplayRole ? QVariant(countText(qint64(parameter.bytes))) : QVariant(quint64(parameter.bytes));
    case RangeColumn:
        return role == SortRole ? (statistics ? QVariant(statistics->max - statistics->min) : QVariant(-1.0)) : QVariant(range);
    default:
        return role == SortRole ? QVariant(qint64(parameter.count)) : QVariant();
    }
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
