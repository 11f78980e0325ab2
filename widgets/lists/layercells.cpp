// SPDX-License-Identifier: GPL-3.0-or-later
// What the cells of the layer list hold.
#include "widgets/lists/layermodel.h"
#include "widgets/lists/text.h"

#include <QStringList>

namespace widgets {

namespace {

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
                         : mark.kind == Kind::Tried   ? LayerModel::tr("equal after the fix that is tried")
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
    case CauseRole:
        return m_causes.value(layer.key);
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
        if (const QString cause = m_causes.value(layer.key); !cause.isEmpty())
            lines << cause;
        if (const QString marked = markOf(layer).text; !marked.isEmpty())
            lines << marked;
        if (!layer.supported)
            lines << (layer.problem.isEmpty() ? tr("This kind is not known: it is listed but not run.") : layer.problem);
        return lines.join(QLatin1Char('\n')).toHtmlEscaped().replace(QLatin1Char('\n'), QLatin1String("<br>"));
    }
    case Qt::AccessibleTextRole:
        if (column == LayerColumn)
            return joined({layer.name, flagged ? tr("first over tolerance") : QString(), m_causes.value(layer.key),
                           markWords(markOf(layer)), layer.supported ? QString() : tr("unknown kind")});
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

}
