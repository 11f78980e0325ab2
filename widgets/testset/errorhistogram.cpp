// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/testset/errorhistogram.h"

#include "widgets/sides/text.h"
#include "widgets/theme/colours.h"
#include "widgets/theme/type.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <cmath>

namespace widgets {

using core::sweep::Histogram;

ErrorHistogram::ErrorHistogram(QWidget* parent) : QWidget(parent)
{
    setAccessibleName(tr("Samples by error"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void ErrorHistogram::setHistogram(const Histogram& histogram, double tolerance)
{
    m_tolerance = tolerance;
    m_bars.clear();
    m_bars.push_back({tr("exactly 0"), QStringLiteral("0"), histogram.zero, false});
    m_bars.push_back({tr("below %1").arg(roundNumber(core::sweep::binStart(0))), {}, histogram.below, false});
    m_limit = 0;
    for (int i = 0; i < Histogram::bins; ++i) {
        const double start = core::sweep::binStart(i), end = core::sweep::binStart(i + 1);
        if (end <= tolerance * (1 + 1e-9))
            m_limit = static_cast<int>(m_bars.size()) + 1;
        m_bars.push_back({tr("%1 to %2").arg(roundNumber(start), roundNumber(end)), i % 4 == 0 ? roundNumber(start) : QString(),
                          histogram.counts[static_cast<std::size_t>(i)], start >= tolerance});
    }
    m_bars.push_back({tr("%1 and more").arg(roundNumber(core::sweep::binStart(Histogram::bins))), {}, histogram.above, true});
    m_bars.push_back({tr("NaN or infinite"), tr("nan"), histogram.notFinite, true});
    update();
}

QSize ErrorHistogram::sizeHint() const
{
    return {px(600), px(200)};
}

QRectF ErrorHistogram::slot(std::size_t bar) const
{
    const double step = static_cast<double>(width()) / static_cast<double>(m_bars.size());
    return {static_cast<double>(bar) * step, 0.0, step, static_cast<double>(height() - px(18))};
}

void ErrorHistogram::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Colours& set = colours(palette());
    painter.setFont(textFont(10));
    std::int64_t most = 1;
    for (const Bar& bar : m_bars)
        most = std::max(most, bar.count);
    for (std::size_t i = 0; i < m_bars.size(); ++i) {
        const QRectF place = slot(i);
        const Bar& bar = m_bars[i];
        const double room = place.height() - px(32); // counts and the tolerance's name above
        const double tall = bar.count == 0 ? 0 : std::max(1.0, room * static_cast<double>(bar.count) / static_cast<double>(most));
        painter.fillRect(QRectF(place.left() + 2, place.bottom() - tall, place.width() - 4, tall), bar.over ? set.red : set.bar);
        painter.setPen(set.text2);
        if (bar.count > 0)
            painter.drawText(QRectF(place.center().x() - px(30), place.bottom() - tall - px(15), px(60), px(14)), Qt::AlignCenter,
                             thousands(bar.count));
        painter.drawText(QRectF(place.left() - px(20), place.bottom() + px(3), place.width() + px(40), px(14)), Qt::AlignCenter, bar.mark);
    }
    if (m_bars.empty())
        return;
    painter.fillRect(QRectF(0, slot(0).bottom(), width(), 1), set.hair);
    painter.setPen(QPen(set.text, 1, Qt::DashLine));
    const double x = slot(static_cast<std::size_t>(m_limit)).left();
    painter.drawLine(QPointF(x, 0), QPointF(x, slot(0).bottom()));
    painter.drawText(QRectF(x + px(4), 0, px(160), px(14)), Qt::AlignLeft | Qt::AlignVCenter,
                     tr("tolerance %1").arg(roundNumber(m_tolerance)));
}

bool ErrorHistogram::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip || m_bars.empty())
        return QWidget::event(event);
    auto* help = static_cast<QHelpEvent*>(event);
    const auto bar = static_cast<std::size_t>(std::clamp(help->pos().x() / slot(0).width(), 0.0, static_cast<double>(m_bars.size() - 1)));
    QToolTip::showText(help->globalPos(),
                       tr("max |d| / max(1, max |b|) %1: %2 samples").arg(m_bars[bar].title, thousands(m_bars[bar].count)), this);
    return true;
}

}
