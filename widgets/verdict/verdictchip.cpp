// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/verdict/verdictchip.h"

#include "widgets/theme/icons.h"
#include "widgets/theme/paint.h"
#include "widgets/theme/type.h"

#include <QPainter>

namespace widgets {

namespace {

struct Look
{
    QColor Colours::*ground;
    QColor Colours::*text;
    const char* icon;
};

Look lookOf(VerdictChip::State state)
{
    switch (state) {
    case VerdictChip::State::TiesOut:
        return {&Colours::chipGreen, &Colours::chipText, "check"};
    case VerdictChip::State::Differs:
        return {&Colours::chipRed, &Colours::chipText, "differ"};
    case VerdictChip::State::Assumed:
    case VerdictChip::State::NotCompared:
        return {&Colours::chipAmber, &Colours::chipAmberText, "warn"};
    case VerdictChip::State::Repaired:
        return {&Colours::panel, &Colours::blue, "bolt"};
    default:
        return {nullptr, &Colours::text2, "stop"};
    }
}

/// Rounded up: eliding looks at fractions of a pixel.
int widthOf(const QFont& font, const QString& text)
{
    return text.isEmpty() ? 0 : QFontMetrics(font).horizontalAdvance(text) + 1;
}

}

VerdictChip::VerdictChip(QWidget* parent) : QAbstractButton(parent)
{
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setAttribute(Qt::WA_Hover);
    setVerdict(State::Waiting, tr("No files open"));
}

void VerdictChip::setVerdict(State state, const QString& detail, const QString& counts)
{
    m_state = state;
    m_detail = detail;
    m_counts = counts;
    m_computing = false;
    m_progress.clear();
    describe();
}

void VerdictChip::setWhy(const QString& why)
{
    m_why = why;
    describe();
}

/// Two lines share the chip's height.
QFont VerdictChip::titleFont() const
{
    return textFont(m_why.isEmpty() ? 15 : 13, true);
}

void VerdictChip::setRepairs(int count)
{
    m_repairs = count;
    describe();
}

void VerdictChip::setComputing(bool on, const QString& progress)
{
    m_computing = on;
    m_progress = progress;
    describe();
}

void VerdictChip::describe()
{
    const QString words = m_computing && !m_progress.isEmpty() ? m_progress
                          : title().isEmpty()                  ? m_detail
                                                               : title() + QLatin1Char(' ') + m_detail;
    QStringList spoken{words, m_why, m_counts};
    spoken.removeAll(QString());
    setAccessibleName(spoken.join(QStringLiteral(", ")));
    QStringList lines{words};
    if (!m_why.isEmpty())
        lines << m_why;
    lines += m_counts.split(QStringLiteral(" · "), Qt::SkipEmptyParts);
    if (m_state == State::TiesOut || m_state == State::Assumed || m_state == State::Repaired || m_state == State::Differs)
        lines << tr("max |d| is max |a − b| / max(1, max |b|), b = right side. Click: the first layer that differs (F8: the next).");
    setToolTip(lines.join(QLatin1Char('\n')).toHtmlEscaped().replace(QLatin1Char('\n'), QLatin1String("<br>")));
    updateGeometry();
    update();
}

QString VerdictChip::title() const
{
    switch (m_state) {
    case State::TiesOut:
        return tr("TIES OUT");
    case State::Assumed:
        return tr("TIES OUT as far as the files tell");
    case State::Repaired:
        return m_repairs == 1 ? tr("TIES OUT after 1 repair") : tr("TIES OUT after %1 repairs").arg(m_repairs);
    case State::Differs:
        return tr("DIFFERS");
    case State::NotCompared:
        return tr("NOT COMPARED");
    default:
        return {};
    }
}

bool VerdictChip::isFilled() const
{
    return !title().isEmpty() && !(m_computing && !m_progress.isEmpty());
}

int VerdictChip::chipWidth() const
{
    if (!m_progress.isEmpty())
        return px(10 + 16 + 8 + 14) + widthOf(textFont(), m_progress);
    if (!isFilled())
        return px(28) + widthOf(textFont(), m_detail);
    const int detail = m_detail.isEmpty() ? 0 : px(8) + widthOf(textFont(13), m_detail);
    return px(10 + 20 + 8 + 14) + widthOf(titleFont(), title()) + detail;
}

/// What matters most above, the rest in one line below.
QStringList VerdictChip::countLines() const
{
    const QString dot = QStringLiteral(" · ");
    QStringList parts = m_counts.split(dot, Qt::SkipEmptyParts);
    if (parts.size() < 2)
        return parts;
    const QString first = parts.takeFirst();
    return {first, parts.join(dot)};
}

QSize VerdictChip::sizeHint() const
{
    int counts = 0;
    for (const QString& line : countLines())
        counts = qMax(counts, widthOf(textFont(11), line) + px(12));
    return {chipWidth() + counts, px(32)};
}

QSize VerdictChip::minimumSizeHint() const
{
    return {isFilled() ? px(10 + 20 + 8 + 14) + widthOf(titleFont(), title()) : px(80), px(32)};
}

void VerdictChip::paintEvent(QPaintEvent*)
{
    const Colours& set = colours(palette());
    const Look look = lookOf(m_state);
    QPainter painter(this);
    const int wide = qMin(chipWidth(), width());
    const QRect chip(width() - wide, 0, wide, height());
    const int free = chip.left() - px(12);
    const auto draw = [&](const QRect& rect, const QString& text, const QFont& font, const QColor& colour,
                          Qt::Alignment side = Qt::AlignLeft) {
        painter.setFont(font);
        painter.setPen(colour);
        const QString elided = painter.fontMetrics().elidedText(text, Qt::ElideRight, rect.width());
        painter.drawText(rect, int(side | Qt::AlignVCenter) | Qt::TextSingleLine, elided);
        return rect.left() + painter.fontMetrics().horizontalAdvance(elided);
    };
    const QStringList lines = countLines();
    const int line = px(14);
    for (qsizetype i = 0; free > px(90) && i < lines.size(); ++i) // less would be no words
        draw(QRect(0, (height() - line * int(lines.size())) / 2 + line * int(i), free, line), lines[i], textFont(11), set.text2,
             Qt::AlignRight);

    const bool dim = m_computing && m_progress.isEmpty();
    painter.setOpacity(dim || !isEnabled() ? disabledOpacity : 1);
    const bool over = underMouse() && isEnabled();
    if (!isFilled()) {
        paint::box(painter, chip, over ? set.hover : QColor(), set.ctl);
        int left = chip.left() + px(14);
        if (!m_progress.isEmpty()) {
            left = chip.left() + px(10);
            paintIcon(painter, QRectF(left, (height() - px(16)) / 2.0, px(16), px(16)), QStringLiteral("stop"), set.text2);
            left += px(16 + 8);
        }
        draw(QRect(left, 0, chip.right() - left, height()), m_progress.isEmpty() ? m_detail : m_progress, textFont(), set.text2);
        return;
    }
    const QColor ground = set.*look.ground;
    const QColor text = set.*look.text;
    paint::box(painter, chip,
               isDown() ? ground.darker(112)
               : over   ? ground.darker(105)
                        : ground,
               look.ground == &Colours::chipAmber ? set.amberMark
               : m_state == State::Repaired       ? set.blue
                                                  : QColor());
    const int left = chip.left() + px(10);
    paintIcon(painter, QRectF(left, (height() - px(20)) / 2.0, px(20), px(20)), QLatin1String(look.icon), text, 2);
    const int right = chip.right() - px(12);
    const int top = m_why.isEmpty() ? 0 : px(1), high = m_why.isEmpty() ? height() : px(17);
    const int after = draw(QRect(left + px(28), top, right - left - px(28), high), title(), titleFont(), text) + px(8);
    if (right > after)
        draw(QRect(after, top, right - after, high), m_detail, textFont(m_why.isEmpty() ? 13 : 12), text);
    if (!m_why.isEmpty())
        draw(QRect(left + px(28), px(16), right - left - px(28), px(15)), m_why, textFont(11), text);
}

}
