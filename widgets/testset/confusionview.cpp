// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/testset/confusionview.h"

#include "widgets/sides/text.h"
#include "widgets/theme/colours.h"
#include "widgets/theme/type.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QToolTip>

#include <cmath>

namespace widgets {
namespace {

constexpr int titleWidth = 24, titleHeight = 20, mostClasses = 40;

}

ConfusionView::ConfusionView(QWidget* parent) : QWidget(parent)
{
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
}

void ConfusionView::setCounts(std::vector<std::int64_t> counts, int classes)
{
    m_classes = counts.empty() || classes > mostClasses ? 0 : classes;
    m_counts = std::move(counts);
    m_ofLabel.assign(static_cast<std::size_t>(m_classes), 0);
    for (int label = 0; label < m_classes; ++label)
        for (int answer = 0; answer < m_classes; ++answer)
            m_ofLabel[static_cast<std::size_t>(label)] += countOf({label, answer});
    updateGeometry();
    update();
}

void ConfusionView::setChosen(std::optional<Cell> cell)
{
    m_chosen = cell;
    update();
}

std::int64_t ConfusionView::countOf(const Cell& cell) const
{
    return m_counts[static_cast<std::size_t>(cell.label * m_classes + cell.answer)];
}

int ConfusionView::cellSize() const
{
    return m_classes == 0 ? 0 : std::min((width() - px(titleWidth)) / m_classes, (height() - px(titleHeight)) / m_classes);
}

QRect ConfusionView::rectOf(const Cell& cell) const
{
    const int size = cellSize();
    return {px(titleWidth) + cell.answer * size, px(titleHeight) + cell.label * size, size - 1, size - 1};
}

QSize ConfusionView::sizeHint() const
{
    return {px(titleWidth) + 10 * px(29), px(titleHeight) + 10 * px(29)};
}

int ConfusionView::heightForWidth(int width) const
{
    const int size = m_classes == 0 ? px(29) : std::min((width - px(titleWidth)) / m_classes, px(33));
    return px(titleHeight) + std::max(m_classes, 1) * size;
}

void ConfusionView::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Colours& set = colours(palette());
    const int size = cellSize();
    painter.setFont(textFont(11));
    painter.setPen(set.text2);
    if (m_classes == 0)
        return painter.drawText(rect(), Qt::AlignCenter | Qt::TextWordWrap, tr("No matrix: no labels, or no classes, or too many")), void();
    for (int i = 0; i < m_classes; ++i) {
        painter.drawText(QRect(rectOf({0, i}).left(), 0, size, px(titleHeight)), Qt::AlignCenter, QString::number(i));
        painter.drawText(QRect(0, rectOf({i, 0}).top(), px(titleWidth) - px(6), size), Qt::AlignRight | Qt::AlignVCenter,
                         QString::number(i));
    }
    painter.setFont(textFont(size > px(22) ? 11 : 9));
    const QColor wrong = set.dark ? QColor(0xe0, 0x84, 0x1c) : QColor(0xc9, 0x78, 0x21);
    const QColor right = set.dark ? QColor(0x2f, 0x6f, 0xd0) : QColor(0x1f, 0x5f, 0xbf);
    const bool fits = QFontMetrics(painter.font()).horizontalAdvance(QStringLiteral("8888")) <= size;
    for (int label = 0; label < m_classes; ++label)
        for (int answer = 0; answer < m_classes; ++answer) {
            const Cell cell{label, answer};
            const QRect where = rectOf(cell);
            const std::int64_t count = countOf(cell), all = m_ofLabel[static_cast<std::size_t>(label)];
            const double share = all > 0 ? static_cast<double>(count) / static_cast<double>(all) : 0;
            painter.fillRect(where, set.win);
            const double strength = label == answer ? std::pow(share, 0.7) : std::min(1.0, 0.08 + 1.1 * std::sqrt(share));
            if (count > 0)
                painter.fillRect(where, faded(label == answer ? right : wrong, std::max(0.08, strength)));
            painter.setPen(strength > 0.55 ? (label == answer || set.dark ? QColor(Qt::white) : set.text) : set.text);
            if (count > 0 && fits)
                painter.drawText(where, Qt::AlignCenter, QString::number(count));
            if (m_chosen == cell) {
                painter.setPen(QPen(set.text, 2));
                painter.drawRect(where.adjusted(1, 1, -1, -1));
            }
        }
}

std::optional<ConfusionView::Cell> ConfusionView::cellAt(const QPoint& point) const
{
    const int size = cellSize();
    const int x = point.x() - px(titleWidth), y = point.y() - px(titleHeight);
    if (size <= 0 || x < 0 || y < 0 || x >= size * m_classes || y >= size * m_classes)
        return {};
    return Cell{y / size, x / size};
}

void ConfusionView::mousePressEvent(QMouseEvent* event)
{
    if (const auto cell = cellAt(event->pos()))
        Q_EMIT cellClicked(cell->label, cell->answer);
}

void ConfusionView::keyPressEvent(QKeyEvent* event)
{
    Cell cell = m_chosen.value_or(Cell{0, -1});
    switch (event->key()) {
    case Qt::Key_Left:
        --cell.answer;
        break;
    case Qt::Key_Right:
        ++cell.answer;
        break;
    case Qt::Key_Up:
        --cell.label;
        break;
    case Qt::Key_Down:
        ++cell.label;
        break;
    default:
        QWidget::keyPressEvent(event);
        return;
    }
    if (m_classes > 0 && cell.label >= 0 && cell.label < m_classes && cell.answer >= 0 && cell.answer < m_classes)
        Q_EMIT cellClicked(cell.label, cell.answer);
}

bool ConfusionView::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    auto* help = static_cast<QHelpEvent*>(event);
    const auto cell = cellAt(help->pos());
    QToolTip::showText(
        help->globalPos(),
        cell ? tr("label %1, answer %2: %3 samples").arg(cell->label).arg(cell->answer).arg(thousands(countOf(*cell))) : QString(), this);
    return true;
}

}
