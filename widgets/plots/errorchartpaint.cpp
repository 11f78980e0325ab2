// SPDX-License-Identifier: GPL-3.0-or-later
// What the chart puts on its canvas.
#include "widgets/plots/errorchart.h"

#include "widgets/plots/chartlegend.h"
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

/// Shapes that cannot agree stand as high as an error can.
double shown(const LayerError& layer)
{
    return layer.error && std::isfinite(*layer.error) ? std::clamp(*layer.error, lowest, highest) : highest;
}

bool hasBar(const LayerError& layer)
{
    return layer.error || layer.differs;
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
    drawBars();
    drawNames();
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

/// All bars of one look at once: a network may have hundreds.
void ErrorChart::drawBars()
{
    const Colours& set = colours(palette());
    const double column = m_canvas->pixelsPerKey();
    PlotCanvas::Bars below, first, later;
    for (PlotCanvas::Bars* bars : {&below, &first, &later}) {
        bars->width = std::clamp(column - 4, std::min(2.0, std::max(1.0, column)), double(px(barWidth)));
        bars->offset = column > px(90) ? -px(7) : 0;
    }
    below.fill = set.bar;
    first.fill = first.line = later.fill = later.line = set.red;
    later.hatched = true;
    const int over = firstOver();
    for (int i = 0; i < static_cast<int>(m_errors.size()); ++i) {
        const LayerError& layer = m_errors[static_cast<std::size_t>(i)];
        if (!hasBar(layer))
            continue;
        PlotCanvas::Bars& bars = !layer.differs ? below : i == over ? first : later;
        bars.keys.push_back(i);
        bars.values.push_back(shown(layer));
    }
    for (const PlotCanvas::Bars* bars : {&below, &later, &first})
        if (!bars->keys.empty())
            m_canvas->addBars(*bars);
    if (over >= 0)
        m_canvas->addPixmap(over, shown(m_errors[static_cast<std::size_t>(over)]), QPointF(first.offset - first.width / 2 - px(21), 0),
                            flagPixmap(set.red, devicePixelRatioF()));
    drawAlone();
    if (column > px(24))
        for (int i = 0; i < static_cast<int>(m_errors.size()); ++i)
            drawFigure(i);
}

/// One mark a layer, on its bar or above it; where there are very many, of those that are over tolerance alone.
void ErrorChart::drawAlone()
{
    const double column = m_canvas->pixelsPerKey(), shift = column > px(90) ? -px(7) : 0;
    const QPixmap within = aloneMark(palette(), false, devicePixelRatioF()), over = aloneMark(palette(), true, devicePixelRatioF());
    const double reach = over.width() / over.devicePixelRatio() / 2;
    for (std::size_t i = 0; i < m_errors.size(); ++i) {
        const LayerError& layer = m_errors[i];
        if ((!layer.alone && !layer.aloneDiffers) || (!layer.aloneDiffers && column < reach))
            continue;
        const double height = layer.alone && std::isfinite(*layer.alone) ? std::clamp(*layer.alone, lowest, highest) : highest;
        m_canvas->addPixmap(static_cast<double>(i), height, QPointF(shift - reach, -reach), layer.aloneDiffers ? over : within);
    }
}

/// The value beside its bar where there is room, a dash where nothing was compared.
void ErrorChart::drawFigure(int index)
{
    const Colours& set = colours(palette());
    const LayerError& layer = m_errors[static_cast<std::size_t>(index)];
    const double column = m_canvas->pixelsPerKey();
    const double width = std::clamp(column - 4, 2.0, double(px(barWidth))), shift = column > px(90) ? -px(7) : 0;
    const double beside = shift + width / 2 + 5;
    if (!hasBar(layer)) {
        m_canvas->addText(
            {double(index), lowest, QPointF(0, -px(2)), Qt::AlignHCenter | Qt::AlignBottom, QStringLiteral("–"), textFont(11), set.text2});
        return;
    }
    const QString value = layer.error ? twoDigits(*layer.error) : tr("shapes");
    if (QFontMetrics(textFont(11)).horizontalAdvance(value) <= column / 2 - beside)
        m_canvas->addText({double(index), shown(layer), QPointF(beside, -px(2)), Qt::AlignLeft | besideBar(shown(layer), m_tolerance),
                           value, textFont(11), layer.differs ? set.red : set.text2});
}

/// Every name where there is room, else every second, fifth ... one; those of the chosen and the first that differs always.
void ErrorChart::drawNames()
{
    const Colours& set = colours(palette());
    const double column = m_canvas->pixelsPerKey();
    const QFontMetrics metrics(textFont(11));
    const int count = static_cast<int>(m_errors.size());
    int widest = px(24);
    for (const LayerError& layer : m_errors)
        widest = std::max(widest, metrics.horizontalAdvance(layer.name));
    widest = std::min(widest + px(8), px(96));
    const int every = std::max(1, static_cast<int>(std::ceil((count > 12 ? widest : px(24)) / std::max(0.1, column))));
    const double room = every * column - 2;
    std::vector<int> always;
    for (const int index : {m_selected, firstOver()})
        if (index >= 0 && index < count &&
            std::none_of(always.begin(), always.end(), [&](int other) { return std::abs(other - index) < every; }))
            always.push_back(index);
    for (int i = 0; i < count; ++i) {
        const bool kept = std::find(always.begin(), always.end(), i) != always.end();
        const bool free = std::none_of(always.begin(), always.end(), [&](int other) { return std::abs(other - i) < every; });
        if (!kept && (i % every != 0 || !free))
            continue;
        const QFont font = textFont(11, i == m_selected);
        const QString name =
            QFontMetrics(font).elidedText(m_errors[static_cast<std::size_t>(i)].name, Qt::ElideMiddle, static_cast<int>(room));
        m_canvas->addText({double(i), lowest, QPointF(0, 4), Qt::AlignHCenter | Qt::AlignTop, name, font, set.text});
    }
}

}
