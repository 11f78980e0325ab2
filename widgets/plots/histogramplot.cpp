// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/histogramplot.h"

#include "widgets/plots/plotcanvas.h"
#include "widgets/sides/text.h"
#include "widgets/theme/colours.h"
#include "widgets/theme/type.h"

#include <QEvent>
#include <QVBoxLayout>

#include <algorithm>

namespace widgets {

HistogramPlot::HistogramPlot(QWidget* parent) : QWidget(parent), m_canvas(new PlotCanvas(this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_canvas);
    setMinimumHeight(px(56));
    setAccessibleName(tr("Histogram of the values"));
}

void HistogramPlot::setCounts(std::array<core::Framework, 2> sides, std::vector<std::int64_t> left, std::vector<std::int64_t> right,
                              double low, double high)
{
    m_sides = sides;
    m_counts[0].assign(left.begin(), left.end());
    m_counts[1].assign(right.begin(), right.end());
    m_low = low;
    m_high = high > low ? high : low + 1;
    draw();
}

void HistogramPlot::draw()
{
    const Colours& set = colours(palette());
    m_canvas->clear();
    m_canvas->setGround(set.panel);
    double most = 1;
    for (const auto& counts : m_counts)
        for (const double count : counts)
            most = std::max(most, count);
    m_canvas->setAxes({m_low, m_high, false}, {0, most * 1.02, false}, {0, 1, 0, px(18)});
    for (std::size_t side = 0; side < 2; ++side) {
        const auto& counts = m_counts[side];
        if (counts.empty())
            continue;
        const QColor colour = markColour(set, m_sides[side]);
        const double bin = (m_high - m_low) / static_cast<double>(counts.size());
        if (side == 1) {
            m_canvas->addSteps(m_low, m_high, counts, colour, 1.5);
            continue;
        }
        PlotCanvas::Bars bars;
        for (std::size_t i = 0; i < counts.size(); ++i) {
            bars.keys.push_back(m_low + (static_cast<double>(i) + 0.5) * bin);
            bars.values.push_back(counts[i]);
        }
        bars.width = std::max(1.0, bin * m_canvas->pixelsPerKey() - 1);
        bars.fill = faded(colour, 0.45);
        m_canvas->addBars(bars);
    }
    m_canvas->addLine(0, set.ctl);
    const auto label = [&](double key, Qt::Alignment alignment, const QString& text) {
        m_canvas->addText({key, 0, QPointF(0, 4), alignment | Qt::AlignTop, text, textFont(11), set.text2});
    };
    if (!m_counts[0].empty() || !m_counts[1].empty()) {
        label(m_low, Qt::AlignLeft, fixedNumber(m_low, 2));
        label((m_low + m_high) / 2, Qt::AlignHCenter, tr("values, %1 bins").arg(bins));
        label(m_high, Qt::AlignRight, fixedNumber(m_high, 2));
    }
    m_canvas->commit();
}

void HistogramPlot::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    draw();
}

void HistogramPlot::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange)
        draw();
    QWidget::changeEvent(event);
}

}
