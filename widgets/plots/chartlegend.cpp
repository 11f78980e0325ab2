// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/chartlegend.h"

#include "widgets/theme/colours.h"
#include "widgets/theme/type.h"

#include <QPainter>

namespace widgets {
namespace {

constexpr int markSide = 11, swatch = 9, gapInside = 4, gapBetween = 10;

QString barText()
{
    return ChartLegend::tr("up to here");
}

QString aloneText()
{
    return ChartLegend::tr("layer alone");
}

}

QPixmap aloneMark(const QPalette& palette, bool over, double devicePixelRatio)
{
    const Colours& set = colours(palette);
    const int side = px(markSide);
    QPixmap pixmap(QSize(side, side) * devicePixelRatio);
    pixmap.setDevicePixelRatio(devicePixelRatio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    const double middle = side / 2.0;
    const auto diamond = [&](double reach) {
        const QPointF corners[] = {{middle, middle - reach}, {middle + reach, middle}, {middle, middle + reach}, {middle - reach, middle}};
        painter.drawConvexPolygon(corners, 4);
    };
    painter.setPen(Qt::NoPen);
    painter.setBrush(set.panel); // a rim that parts it from the bar behind it
    diamond(middle);
    painter.setPen(QPen(set.text, 1.5, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
    painter.setBrush(over ? set.text : set.panel);
    diamond(middle - 2.2);
    return pixmap;
}

ChartLegend::ChartLegend(QWidget* parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAccessibleName(tr("Bar: error up to a layer, both networks run as they are. Diamond: error of the layer alone, on the same input."));
    setToolTip(tr("Bar: both networks run as they are, so that an error is carried on to every layer behind it.\n"
                  "Diamond: the layer alone, both sides on the same input; filled where it is over tolerance. There the fault is."));
}

QSize ChartLegend::sizeHint() const
{
    const QFontMetrics metrics(textFont(11));
    return {px(swatch) + px(markSide) + 2 * px(gapInside) + px(gapBetween) + metrics.horizontalAdvance(barText()) +
                metrics.horizontalAdvance(aloneText()) + 4,
            px(20)};
}

void ChartLegend::paintEvent(QPaintEvent*)
{
    const Colours& set = colours(palette());
    QPainter painter(this);
    painter.setFont(textFont(11));
    painter.setPen(set.text2);
    int left = 0;
    const auto word = [&](const QString& text) {
        painter.drawText(QRect(left, 0, width() - left, height()), int(Qt::AlignLeft | Qt::AlignVCenter) | Qt::TextSingleLine, text);
        left += painter.fontMetrics().horizontalAdvance(text);
    };
    painter.fillRect(left, (height() - px(swatch)) / 2, px(swatch), px(swatch), set.bar);
    left += px(swatch) + px(gapInside);
    word(barText());
    left += px(gapBetween);
    painter.drawPixmap(left, (height() - px(markSide)) / 2, aloneMark(palette(), false, devicePixelRatioF()));
    left += px(markSide) + px(gapInside);
    word(aloneText());
}

}
