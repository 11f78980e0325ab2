// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/digit/receivedview.h"

#include "widgets/heatmap/featuremaps.h"
#include "widgets/sides/text.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/type.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace widgets {
namespace {

constexpr int picture = 84, head = 20;

QString endText(double value)
{
    return value == std::floor(value) ? QString::number(value) : fixedNumber(value, 2);
}

}

ReceivedView::ReceivedView(QWidget* parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setMinimumHeight(ReceivedView::sizeHint().height());
}

QSize ReceivedView::sizeHint() const
{
    return {px(132), px(head) + px(picture) + 2};
}

void ReceivedView::setReceived(const SideName& side, const core::Tensor& input)
{
    m_side = side;
    const FeatureMaps maps = featureMaps(input);
    const Range range = rangeOf(maps, {});
    m_image = {};
    m_size = m_range = {};
    if (!maps.isEmpty()) {
        // A network that takes a flat row of 784 values still receives a picture.
        const bool flat = maps.isStrip() && maps.channels == 784;
        const int width = flat ? 28 : maps.width, height = flat ? 28 : maps.height;
        m_image = QImage(width, height, QImage::Format_Grayscale8);
        const double size = range.high > range.low ? range.high - range.low : 1;
        for (int y = 0; y < height; ++y)
            for (int x = 0; x < width; ++x) {
                const auto value = static_cast<double>(maps.values[static_cast<std::size_t>(y * width + x)]);
                m_image.scanLine(y)[x] =
                    std::isfinite(value) ? static_cast<uchar>(std::lround((value - range.low) / size * 255)) : uchar{0};
            }
        m_size = flat ? QStringLiteral("784") : QStringLiteral("%1×%2").arg(height).arg(width);
        m_range = endText(range.low) + QStringLiteral(" … ") + endText(range.high);
    }
    setAccessibleName(tr("%1 receives %2 values %3").arg(m_side.title, m_size, m_range));
    update();
}

void ReceivedView::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Colours& set = colours(palette());
    paintMark(painter, QRectF(0, px(3), px(10), px(10)), m_side.framework, set);
    painter.setFont(textFont());
    painter.setPen(set.text);
    painter.drawText(QRect(px(16), 0, width() - px(16), px(16)), Qt::AlignVCenter, tr("%1 receives").arg(m_side.title));
    const QRect frame(1, px(head) + 1, px(picture), px(picture));
    painter.fillRect(frame.adjusted(-1, -1, 1, 1), set.hair);
    if (m_image.isNull()) {
        painter.fillRect(frame, set.win);
        return;
    }
    painter.drawImage(frame, m_image);
    painter.setFont(textFont(11));
    painter.setPen(set.text2);
    const int left = frame.right() + px(8), line = px(14);
    painter.drawText(QRect(left, frame.bottom() - 2 * line + 1, width() - left, line), Qt::AlignVCenter, m_size);
    painter.drawText(QRect(left, frame.bottom() - line + 1, width() - left, line), Qt::AlignVCenter, m_range);
}

}
