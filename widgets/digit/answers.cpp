// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/digit/answers.h"

#include "widgets/plots/outputbars.h"
#include "widgets/sides/text.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/type.h"

#include <QPainter>

namespace widgets {

Answers::Answers(Form form, QWidget* parent) : QWidget(parent), m_form(form)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

QSize Answers::sizeHint() const
{
    return m_form == Form::Rows ? QSize(px(148), px(36)) : QSize(px(272), px(16));
}

void Answers::setOutputs(const std::array<SideName, 2>& sides, const DigitOutputs& outputs)
{
    m_sides = sides;
    m_outputs = outputs;
    QStringList said;
    for (std::size_t side = 0; side < 2; ++side) {
        const auto [choice, sure] = answer(side);
        said += m_sides[side].title + u' ' + choice + u' ' + sure;
    }
    setAccessibleName(said.join(QLatin1String(", ")));
    update();
}

std::pair<QString, QString> Answers::answer(std::size_t side) const
{
    const auto& values = side == 0 ? m_outputs.left : m_outputs.right;
    const int choice = argmax(values);
    if (!values.empty() && choice < 0)
        return {QString(), tr("NaN")};
    if (choice < 0)
        return {QString(), side == 0 ? m_outputs.leftProblem : m_outputs.rightProblem};
    const auto value = static_cast<double>(values[static_cast<std::size_t>(choice)]);
    return {QString::number(choice), m_outputs.probabilities ? tr("%1 %").arg(fixedNumber(100 * value, 2)) : fixedNumber(value, 2)};
}

void Answers::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Colours& set = colours(palette());
    const auto mark = [&](QPointF corner, std::size_t side) {
        paintMark(painter, QRectF(corner.x(), corner.y(), px(10), px(10)), m_sides[side].framework, set);
    };
    for (std::size_t side = 0; side < 2; ++side) {
        const auto [choice, sure] = answer(side);
        const QColor ink = choice.isEmpty() ? set.text2 : set.text;
        if (m_form == Form::Rows) {
            const QRect row(0, static_cast<int>(side) * px(18), width(), px(18));
            mark(QPointF(0, row.top() + px(4)), side);
            painter.setFont(textFont());
            painter.setPen(set.text2);
            painter.drawText(row.adjusted(px(16), 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft, m_sides[side].title);
            painter.setPen(ink);
            painter.drawText(row, Qt::AlignVCenter | Qt::AlignRight, sure);
            painter.setFont(textFont(12, true));
            painter.drawText(row.adjusted(0, 0, -px(64), 0), Qt::AlignVCenter | Qt::AlignRight, choice);
            continue;
        }
        const QFontMetrics plain(textFont()), bold(textFont(12, true));
        const int titleWidth = plain.horizontalAdvance(m_sides[side].title) + px(5);
        const int choiceWidth = choice.isEmpty() ? 0 : bold.horizontalAdvance(choice) + px(5);
        const int whole = px(16) + titleWidth + choiceWidth + plain.horizontalAdvance(sure);
        int x = side == 0 ? 0 : width() - whole;
        const QRect row(0, 0, width(), height());
        mark(QPointF(x, (height() - px(10)) / 2), side);
        x += px(16);
        const auto put = [&](const QString& text, const QFont& font, int advance) {
            painter.setFont(font);
            painter.drawText(row.adjusted(x, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft, text);
            x += advance;
        };
        painter.setPen(set.text);
        put(m_sides[side].title, textFont(), titleWidth);
        put(choice, textFont(12, true), choiceWidth);
        painter.setPen(ink);
        put(sure, textFont(), 0);
    }
}

}
