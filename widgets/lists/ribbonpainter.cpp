// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/lists/ribbonpainter.h"

#include "widgets/theme/icons.h"
#include "widgets/theme/type.h"

#include <QPainter>

namespace widgets {

namespace {

constexpr double danglingShare = 0.7; // of the gutter's width

struct Look
{
    QColor edge, ground, border, text;
    double width = 1;
    QList<qreal> dashes; ///< in pixels
    QString icon;
};

Look lookOf(Ribbon::Kind kind, bool chosen, const Colours& set)
{
    switch (kind) {
    case Ribbon::Kind::Manual:
        return {set.blue, set.blue, set.blue, set.blue, 2, {}, QStringLiteral("hand")};
    case Ribbon::Kind::Ambiguous:
        return {set.amberMark, set.amberMark, set.amberMark, set.amber, 1.5, {5, 3}, QStringLiteral("question")};
    case Ribbon::Kind::Impossible:
        return {set.red, set.red, set.red, set.red, 1.5, {1.5, 3}, QStringLiteral("cross")};
    case Ribbon::Kind::Dangling:
        return {set.link, set.link, chosen ? set.link : set.hair, chosen ? set.text : set.text2, 1, {}, QStringLiteral("unlink")};
    case Ribbon::Kind::Auto:
        break;
    }
    return chosen ? Look{set.text2, set.link, set.link, set.text, 1.5, {}, {}} : Look{set.link, set.link, set.hair, set.text2, 1, {}, {}};
}

QPen penOf(const QColor& colour, double width, const QList<qreal>& dashes)
{
    QPen pen(colour, width, Qt::SolidLine, Qt::FlatCap);
    if (!dashes.isEmpty()) {
        QList<qreal> inWidths;
        for (const qreal dash : dashes)
            inWidths << dash / width;
        pen.setDashPattern(inWidths);
    }
    return pen;
}

double iconRoom(const Ribbon& ribbon)
{
    return ribbon.kind == Ribbon::Kind::Auto ? 0 : px(11 + 3);
}

/// Behind the rule: whether the values are equal through it.
double valuesRoom(const Ribbon& ribbon)
{
    return ribbon.values == ParameterMark::Kind::None ? 0 : px(11 + 3);
}

void paintValues(QPainter& painter, const QRectF& rect, ParameterMark::Kind values, const Colours& set)
{
    using Kind = ParameterMark::Kind;
    const char* const name = values == Kind::Differs   ? "differ"
                             : values == Kind::Unknown ? "question"
                             : values == Kind::Tried   ? "bolt"
                                                       : "check";
    const QColor& colour = values == Kind::Differs   ? set.red
                           : values == Kind::Unknown ? set.amber
                           : values == Kind::Tried   ? set.blue
                           : values == Kind::Equal   ? set.green
                                                     : set.text2;
    paintIcon(painter, rect, QLatin1String(name), colour, 2.2);
}

QRectF badgeRect(const Ribbon& ribbon, double middle, double centre, double room)
{
    const double text = QFontMetricsF(textFont(11)).horizontalAdvance(ribbon.badge);
    const double width = qMin(room - px(4), text + iconRoom(ribbon) + valuesRoom(ribbon) + 2 * px(7));
    return {middle - width / 2, centre - px(8), width, double(px(16))};
}

}

RibbonShape shapeOf(const Ribbon& ribbon, const Ends& ends, double width)
{
    RibbonShape shape;
    if (!ends.left && !ends.right)
        return shape;
    if (ends.left && ends.right) {
        const auto [lt, lb] = *ends.left;
        const auto [rt, rb] = *ends.right;
        const double half = width / 2;
        shape.upper.moveTo(0, lt);
        shape.upper.cubicTo(half, lt, half, rt, width, rt);
        shape.lower.moveTo(0, lb);
        shape.lower.cubicTo(half, lb, half, rb, width, rb);
        shape.band = shape.upper;
        shape.band.lineTo(width, rb);
        shape.band.cubicTo(half, rb, half, lb, 0, lb);
        shape.band.closeSubpath();
        shape.badge = badgeRect(ribbon, half, (lt + lb + rt + rb) / 4, width);
        return shape;
    }
    const auto [top, bottom] = ends.left ? *ends.left : *ends.right;
    const double from = ends.left ? 0 : width * (1 - danglingShare);
    const double length = width * danglingShare;
    shape.upper.moveTo(from, top);
    shape.upper.lineTo(from + length, top);
    shape.lower.moveTo(from, bottom);
    shape.lower.lineTo(from + length, bottom);
    shape.band.addRect(QRectF(from, top, length, bottom - top));
    shape.badge = badgeRect(ribbon, from + length / 2, (top + bottom) / 2, length);
    return shape;
}

void paintBand(QPainter& painter, const Ribbon& ribbon, const RibbonShape& shape, Emphasis emphasis, const Colours& set)
{
    const Look look = lookOf(ribbon.kind, emphasis == Emphasis::Chosen, set);
    const double opacity = emphasis == Emphasis::Chosen ? 0.30 : emphasis == Emphasis::Hovered ? 0.22 : 0.13;
    painter.fillPath(shape.band, faded(look.ground, opacity));
    painter.setBrush(Qt::NoBrush);
    painter.setPen(penOf(look.edge, look.width, look.dashes));
    painter.drawPath(shape.upper);
    painter.drawPath(shape.lower);
}

void paintBadge(QPainter& painter, const Ribbon& ribbon, const RibbonShape& shape, Emphasis emphasis, const Colours& set)
{
    const Look look = lookOf(ribbon.kind, emphasis == Emphasis::Chosen, set);
    const QRectF rect = shape.badge;
    painter.setBrush(set.panel);
    const bool dashed = ribbon.kind == Ribbon::Kind::Ambiguous;
    painter.setPen(penOf(look.border, 1, dashed ? QList<qreal>{3, 2} : QList<qreal>()));
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 8, 8);
    QRectF text = rect.adjusted(px(6), 0, -px(6), 0);
    if (!look.icon.isEmpty()) {
        const double size = px(11);
        paintIcon(painter, QRectF(text.left(), rect.center().y() - size / 2, size, size), look.icon, look.text, 2.2);
        text.setLeft(text.left() + iconRoom(ribbon));
    }
    if (ribbon.values != ParameterMark::Kind::None) {
        const double size = px(11);
        paintValues(painter, QRectF(text.right() - size, rect.center().y() - size / 2, size, size), ribbon.values, set);
        text.setRight(text.right() - valuesRoom(ribbon));
    }
    painter.setFont(textFont(11));
    painter.setPen(look.text);
    painter.drawText(text, Qt::AlignCenter | Qt::TextSingleLine,
                     painter.fontMetrics().elidedText(ribbon.badge, Qt::ElideRight, int(text.width()) + 1));
}

}
