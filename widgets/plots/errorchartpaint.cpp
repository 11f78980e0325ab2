// SPDX-License-Identifier: GPL-3.0-or-later
// What the chart puts on its canvas.
#include "widgets/plots/errorchart.h"

#include "widgets/plots/plotcanvas.h"
#include "widgets/sides/text.h"
#include "widgets/theme/colours.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/type.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace widgets {
namespace {

constexpr double lowest = 1e-9, highest = 10;
constexpr int barWidth = 28;

QPixmap flagPixmap(QColor colour, double devicePixelRatio)
{
    const int side = px(18);
    QPixmap pixmap(QSize(side, side) * devicePixelRatio);
    pixmap.setDevicePixelRatio(devicePixelRatio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    paintIcon(painter, QRectF(0, 0, side, side), QStringLiteral("flag"), colour, 2);
    return pixmap;
}

double shown(const LayerError& layer)
{
    const double error = *layer.error;
    return std::isfinite(error) ? std::clamp(error, lowest, highest) : highest;
}

/// A value's text hangs from its bar's top, but stands on it where it would cover the tolerance line or reach below the axis.
Qt::Alignment besideBar(double value, double tolerance)
{
    constexpr double textDecades = 2; // about as high as the text
    const bool crossesTolerance = value > tolerance && std::log10(value / tolerance) < textDecades;
    return crossesTolerance || std::log10(value / lowest) < textDecades ? Qt::AlignBottom : Qt::AlignTop;
}

}

void ErrorChart::draw()
{
    m_canvas->clear();
    drawFrame();
    for (int i = 0; i < static_cast<int>(m_errors.size()); ++i)
        drawBar(i);
    m_canvas->commit();
}

void ErrorChart::drawFrame()
{
    const Colours& set = colours(palette());
    const double count = std::max<double>(1, static_cast<double>(m_errors.size()));
    m_canvas->setGround(set.panel);
    m_canvas->setAxes({-0.5, count - 0.5, false}, {lowest, highest, true}, {px(44), px(4), px(8), px(20)});
    if (m_selected >= 0 && m_selected < static_cast<int>(m_errors.size()))
        m_canvas->addBand(m_selected - 0.5, m_selected + 0.5, set.sel);
    const auto label = [&](double value, bool bold) {
        m_canvas->addText({-0.5, value, QPointF(-6, 0), Qt::AlignRight | Qt::AlignVCenter,
                           roundNumber(value).replace(QLatin1String("1.0"), QLatin1String("1")), textFont(11, bold),
                           bold ? set.text : set.text2});
    };
    for (const double value : {1e-8, 1e-2, 1.0}) {
        if (std::abs(std::log10(value / m_tolerance)) < 1.6 || m_errors.empty())
            continue;
        m_canvas->addLine(value, set.hair);
        label(value, false);
    }
    m_canvas->addLine(lowest, set.ctl);
    if (m_tolerance > lowest && m_tolerance < highest) {
        m_canvas->addLine(m_tolerance, m_errors.empty() ? set.hair : set.text, 1, true);
        label(m_tolerance, true);
    }
}

void ErrorChart::drawBar(int index)
{
    const Colours& set = colours(palette());
    const auto& layer = m_errors[static_cast<std::size_t>(index)];
    const bool over = layer.error && !layer.tiesOut;
    const bool first = over && index == firstOver();
    const double column = m_canvas->pixelsPerKey();
    const double width = std::clamp(column - 4, 2.0, double(px(barWidth)));
    const double shift = column > px(90) ? -px(7) : 0;
    if (layer.error) {
        PlotCanvas::Bars bars;
        bars.keys = {double(index)};
        bars.values = {shown(layer)};
        bars.width = width;
        bars.offset = shift;
        bars.fill = over ? set.red : set.bar;
        bars.hatched = over && !first;
        if (over)
            bars.line = set.red;
        m_canvas->addBars(bars);
    }
    const double beside = shift + width / 2 + 5;
    if (!layer.error)
        m_canvas->addText(
            {double(index), lowest, QPointF(0, -px(2)), Qt::AlignHCenter | Qt::AlignBottom, QStringLiteral("–"), textFont(11), set.text2});
    else if (const QString value = twoDigits(*layer.error); QFontMetrics(textFont(11)).horizontalAdvance(value) <= column / 2 - beside)
        m_canvas->addText({double(index), shown(layer), QPointF(beside, -px(2)), Qt::AlignLeft | besideBar(shown(layer), m_tolerance),
                           value, textFont(11), over ? set.red : set.text2});
    if (first)
        m_canvas->addPixmap(index, shown(layer), QPointF(shift - width / 2 - px(21), 0), flagPixmap(set.red, devicePixelRatioF()));
    const bool chosen = index == m_selected;
    const QFont font = textFont(11, chosen);
    const QString name = QFontMetrics(font).elidedText(layer.name, Qt::ElideMiddle, static_cast<int>(column) - 2);
    if (column > px(24))
        m_canvas->addText({double(index), lowest, QPointF(0, 4), Qt::AlignHCenter | Qt::AlignTop, name, font, set.text});
}

}
