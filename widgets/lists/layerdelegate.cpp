// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/lists/layerdelegate.h"

#include "widgets/lists/layermodel.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/type.h"

#include <QPainter>

#include <algorithm>

namespace widgets {

namespace {

/// Draws elided text and returns how wide it became.
int drawText(QPainter& painter, const QRect& rect, const QString& text, const QColor& colour, Qt::Alignment alignment = Qt::AlignLeft,
             Qt::TextElideMode mode = Qt::ElideRight)
{
    if (rect.width() <= 0 || text.isEmpty())
        return 0;
    const QString elided = painter.fontMetrics().elidedText(text, mode, rect.width());
    painter.setPen(colour);
    painter.drawText(rect, int(alignment | Qt::AlignVCenter) | Qt::TextSingleLine, elided);
    return painter.fontMetrics().horizontalAdvance(elided);
}

/// The icons behind a row's name, each of a shape of its own.
struct NameMarks
{
    explicit NameMarks(const QModelIndex& index)
        : flagged(index.data(LayerModel::FirstDivergenceRole).toBool()), nan(index.data(LayerModel::NanRole).toBool()),
          unsupported(index.data(LayerModel::UnsupportedRole).toBool()), cause(!index.data(LayerModel::CauseRole).toString().isEmpty()),
          values(static_cast<ParameterMark::Kind>(index.data(LayerModel::MarkRole).toInt()))
    {
    }

    int width(const QFontMetrics& metrics) const
    {
        return (flagged ? px(16) : 0) + (cause ? px(16) : 0) + (values != ParameterMark::Kind::None ? px(16) : 0) +
               (unsupported ? px(12) : 0) + (nan ? metrics.horizontalAdvance(QStringLiteral("NaN")) + px(4) : 0);
    }

    bool flagged, nan, unsupported, cause;
    ParameterMark::Kind values;
};

struct ValuesLook
{
    const char* icon;
    QColor Colours::*colour;
};

ValuesLook lookOf(ParameterMark::Kind values)
{
    switch (values) {
    case ParameterMark::Kind::Differs:
        return {"differ", &Colours::red};
    case ParameterMark::Kind::Unknown:
        return {"question", &Colours::amber};
    case ParameterMark::Kind::Tried:
        return {"bolt", &Colours::blue};
    default:
        return {"check", values == ParameterMark::Kind::Close ? &Colours::text2 : &Colours::green};
    }
}

void drawName(QPainter& painter, QRect rect, const QModelIndex& index, const Colours& set)
{
    const NameMarks marks(index);
    const int room = rect.width() - marks.width(painter.fontMetrics());
    const QRect place(rect.left(), rect.top(), room, rect.height()); // long names differ at their ends
    rect.setLeft(rect.left() + drawText(painter, place, index.data().toString(), set.text, Qt::AlignLeft, Qt::ElideMiddle) + px(4));
    const int size = px(12);
    const auto icon = [&](const char* name, const QColor& colour) {
        paintIcon(painter, QRectF(rect.left(), rect.top() + (rect.height() - size) / 2.0, size, size), QLatin1String(name), colour, 2);
        rect.setLeft(rect.left() + size + px(4));
    };
    if (marks.flagged)
        icon("flag", set.red);
    if (marks.cause)
        icon("cause", set.text);
    if (marks.values != ParameterMark::Kind::None)
        icon(lookOf(marks.values).icon, set.*lookOf(marks.values).colour);
    if (marks.nan)
        rect.setLeft(rect.left() + drawText(painter, rect, QStringLiteral("NaN"), set.red) + px(4));
    if (marks.unsupported)
        drawText(painter, rect, QStringLiteral("?"), set.amber);
}

void drawType(QPainter& painter, QRect rect, const QModelIndex& index, const Colours& set)
{
    const QString kind = index.data(LayerModel::KindRole).toString();
    if (!kind.isEmpty())
        rect.setLeft(rect.left() + drawText(painter, rect, kind, set.text) + painter.fontMetrics().horizontalAdvance(QLatin1Char(' ')));
    drawText(painter, rect, index.data(LayerModel::AttributesRole).toString(), set.text2);
}

}

void paintBars(QPainter& painter, const QRectF& rect, const QList<double>& bins, const QColor& colour)
{
    const double most = bins.isEmpty() ? 0 : *std::max_element(bins.begin(), bins.end());
    if (most <= 0)
        return;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const double pitch = rect.width() / static_cast<double>(bins.size());
    for (qsizetype i = 0; i < bins.size(); ++i) {
        const double height = std::max(0.8, rect.height() * bins[i] / most);
        painter.fillRect(QRectF(rect.left() + pitch * static_cast<double>(i), rect.bottom() - height, pitch * 0.74, height), colour);
    }
    painter.restore();
}

void LayerDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const Colours& set = colours(option.palette);
    const bool parameter = index.parent().isValid();
    painter->save();
    painter->setFont(textFont());
    const QRect rect = option.rect.adjusted(px(8), 0, -px(4), 0);
    switch (index.column()) {
    case LayerModel::LayerColumn:
        drawName(*painter, option.rect.adjusted(px(4), 0, -px(2), 0), index, set);
        break;
    case LayerModel::TypeColumn:
        drawType(*painter, rect, index, set);
        break;
    case LayerModel::HistogramColumn:
        paintBars(*painter, QRectF(option.rect).adjusted(px(2), 2, -px(8), -2), index.data(LayerModel::BinsRole).value<QList<double>>(),
                  set.bar);
        break;
    case LayerModel::CountColumn:
    case LayerModel::BytesColumn:
        drawText(*painter, option.rect.adjusted(px(2), 0, -px(8), 0), index.data().toString(), parameter ? set.text2 : set.text,
                 Qt::AlignRight);
        break;
    default:
        drawText(*painter, rect, index.data().toString(), set.text2);
    }
    painter->restore();
}

QSize LayerDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const
{
    const QFontMetrics metrics(textFont());
    const int text = metrics.horizontalAdvance(index.data().toString());
    switch (index.column()) {
    case LayerModel::LayerColumn:
        return {text + qMax(px(16), NameMarks(index).width(metrics)) + px(8), px(20)}; // room for the mark that comes later
    case LayerModel::HistogramColumn:
        return {px(47), px(20)};
    default:
        return {text + px(13), px(20)};
    }
}

}
