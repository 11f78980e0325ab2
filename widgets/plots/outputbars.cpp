// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/outputbars.h"

#include "widgets/plots/plotcanvas.h"
#include "widgets/sides/text.h"
#include "widgets/theme/colours.h"
#include "widgets/theme/type.h"

#include <QEvent>
#include <QToolTip>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace widgets {

int argmax(const std::vector<float>& values)
{
    const bool ordered = std::none_of(values.begin(), values.end(), [](float value) { return std::isnan(value); });
    return values.empty() || !ordered ? -1 : static_cast<int>(std::max_element(values.begin(), values.end()) - values.begin());
}

OutputBars::OutputBars(QWidget* parent) : QWidget(parent), m_canvas(new PlotCanvas(this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_canvas);
    setMinimumHeight(px(56)); // large letters in a low window leave no more
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    setAccessibleName(tr("Outputs"));
    connect(m_canvas, &PlotCanvas::hovered, this, [this](double key, QPoint at) {
        const QString text = tipFor(static_cast<int>(std::lround(key)));
        text.isEmpty() ? QToolTip::hideText() : QToolTip::showText(at, text, this);
    });
}

QSize OutputBars::sizeHint() const
{
    return {px(272), px(96)};
}

void OutputBars::setOutputs(const std::array<SideName, 2>& sides, std::vector<float> left, std::vector<float> right)
{
    m_sides = sides;
    m_values = {std::move(left), std::move(right)};
    QStringList said;
    for (std::size_t side = 0; side < 2; ++side)
        if (argmax(m_values[side]) >= 0)
            said += tr("%1: class %2").arg(m_sides[side].title).arg(argmax(m_values[side]));
    setAccessibleDescription(said.join(QLatin1String(", ")));
    draw();
}

QString OutputBars::tipFor(int index) const
{
    QStringList lines;
    for (std::size_t side = 0; side < 2; ++side)
        if (index >= 0 && index < static_cast<int>(m_values[side].size()))
            lines +=
                tr("%1  %2").arg(m_sides[side].shortName, precise(static_cast<double>(m_values[side][static_cast<std::size_t>(index)])));
    if (lines.size() == 2)
        lines += tr("d  %1").arg(precise(static_cast<double>(m_values[0][static_cast<std::size_t>(index)]) -
                                         static_cast<double>(m_values[1][static_cast<std::size_t>(index)])));
    if (!lines.isEmpty())
        lines.prepend(tr("class %1").arg(index));
    return lines.join(u'\n');
}

/// Values below `visible` would leave no more than their outline on the line of zero.
void OutputBars::drawSide(std::size_t side, double width, double offset, double visible)
{
    const Colours& set = colours(palette());
    const bool outlined = m_sides[side].framework == core::Framework::Keras || (side == 1 && m_sides[0].framework == m_sides[1].framework);
    PlotCanvas::Bars bars;
    bars.base = 0;
    for (std::size_t i = 0; i < m_values[side].size(); ++i) {
        const auto value = static_cast<double>(m_values[side][i]);
        if (!std::isfinite(value) || std::abs(value) < visible)
            continue;
        bars.keys.push_back(double(i));
        bars.values.push_back(value);
    }
    const QColor colour = markColour(set, m_sides[side].framework);
    bars.width = outlined ? qMax(1.0, width - 1.5) : width;
    bars.offset = offset;
    bars.fill = outlined ? set.panel : colour;
    if (outlined) {
        bars.line = colour;
        bars.lineWidth = 1.5;
    }
    m_canvas->addBars(bars);
}

void OutputBars::draw()
{
    const Colours& set = colours(palette());
    m_canvas->clear();
    m_canvas->setGround(set.panel);
    double low = 0, high = 0;
    for (const auto& values : m_values)
        for (const float value : values)
            if (std::isfinite(value)) {
                low = std::min(low, static_cast<double>(value));
                high = std::max(high, static_cast<double>(value));
            }
    if (low >= 0 && high <= 1)
        high = 1;
    const std::size_t classes = std::max({m_values[0].size(), m_values[1].size(), std::size_t{1}});
    m_canvas->setAxes({-0.5, static_cast<double>(classes) - 0.5, false}, {low, high * 1.001, false}, {0, 2, 0, px(18)});
    m_canvas->addLine(high, set.hair);
    m_canvas->addLine((low + high) / 2, set.hair);
    m_canvas->addLine(low, set.hair);
    m_canvas->addLine(0, set.ctl);
    const double width = std::clamp(m_canvas->pixelsPerKey() / 3, 1.0, double(px(9)));
    drawSide(0, width, -(width + 1) / 2, 0.004 * (high - low));
    drawSide(1, width, (width + 1) / 2, 0.004 * (high - low));
    const int left = argmax(m_values[0]), right = argmax(m_values[1]);
    const int every = qMax(1, static_cast<int>(std::ceil(px(18) / qMax(0.1, m_canvas->pixelsPerKey()))));
    for (int i = 0; i < static_cast<int>(std::max(m_values[0].size(), m_values[1].size())); ++i) {
        const bool chosen = i == left || i == right;
        const bool free = (left < 0 || std::abs(i - left) >= every) && (right < 0 || std::abs(i - right) >= every);
        if (chosen || (i % every == 0 && free))
            m_canvas->addText({double(i), low, QPointF(0, 3), Qt::AlignHCenter | Qt::AlignTop, QString::number(i), textFont(11, chosen),
                               chosen ? set.text : set.text2});
    }
    m_canvas->commit();
}

void OutputBars::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    draw();
}

void OutputBars::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange)
        draw();
    QWidget::changeEvent(event);
}

}
