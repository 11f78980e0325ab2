// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/tensor/statisticstable.h"

#include "widgets/sides/text.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/type.h"

#include <QPainter>

#include <cmath>

namespace widgets {
namespace {

constexpr int rows = 4, rowHeight = 18, differenceWidth = 64;

bool hasNotFinite(const std::optional<core::Statistics>& statistics)
{
    return statistics && statistics->nans + statistics->infs > 0;
}

}

StatisticsTable::StatisticsTable(QWidget* parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void StatisticsTable::setStatistics(const std::array<SideName, 2>& sides, std::optional<core::Statistics> left,
                                    std::optional<core::Statistics> right, double tolerance)
{
    m_sides = sides;
    m_statistics = {left, right};
    m_tolerance = tolerance;
    updateGeometry();
    update();
}

std::optional<double> StatisticsTable::value(int row, int column) const
{
    if (column == 2) {
        const auto left = value(row, 0), right = value(row, 1);
        return left && right ? std::optional(std::abs(*left - *right)) : std::nullopt;
    }
    const auto& of = m_statistics[static_cast<std::size_t>(column)];
    if (!of)
        return {};
    const double values[rows] = {of->min, of->max, of->mean, of->std};
    return row < rows ? values[row] : static_cast<double>(of->nans + of->infs);
}

QString StatisticsTable::cell(int row, int column) const
{
    const auto shown = value(row, column);
    if (!shown)
        return QStringLiteral("–");
    if (row == rows)
        return thousands(static_cast<std::int64_t>(*shown));
    return column == 2 ? twoDigits(*shown) : std::abs(*shown) >= 1e5 ? twoDigits(*shown) : fixedNumber(*shown, 4);
}

bool StatisticsTable::isOver(int row) const
{
    return value(row, 2).value_or(0) > m_tolerance;
}

QSize StatisticsTable::sizeHint() const
{
    const bool extra = hasNotFinite(m_statistics[0]) || hasNotFinite(m_statistics[1]);
    return {px(272), px(rowHeight) * (rows + 1 + (extra ? 1 : 0))};
}

void StatisticsTable::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Colours& set = colours(palette());
    const int line = px(rowHeight), last = px(differenceWidth);
    const int each = (width() - last) * 36 / 100, first = width() - last - 2 * each;
    const auto place = [&](int row, int column) {
        return column < 0 ? QRect(0, row * line, first, line) : QRect(first + column * each, row * line, column == 2 ? last : each, line);
    };
    painter.setFont(textFont(11));
    painter.setPen(set.text2);
    for (int column = 0; column < 3; ++column) {
        const QString head = column == 2 ? QStringLiteral("|d|") : m_sides[static_cast<std::size_t>(column)].shortName;
        const QRect at = place(0, column);
        painter.drawText(at, Qt::AlignRight | Qt::AlignVCenter, head);
        if (column < 2)
            paintMark(painter,
                      QRectF(at.right() - painter.fontMetrics().horizontalAdvance(head) - px(14), at.top() + px(4), px(10), px(10)),
                      m_sides[static_cast<std::size_t>(column)].framework, set);
    }
    painter.setFont(textFont());
    const QString names[rows + 1] = {tr("min"), tr("max"), tr("mean"), tr("std"), tr("not finite")};
    const int shown = sizeHint().height() / line - 1;
    for (int row = 0; row < shown; ++row) {
        painter.setPen(set.text2);
        painter.drawText(place(row + 1, -1), Qt::AlignLeft | Qt::AlignVCenter, names[row]);
        for (int column = 0; column < 3; ++column) {
            const bool over = column == 2 && isOver(row);
            painter.setPen(over ? set.red : value(row, column) ? set.text : set.text2);
            painter.drawText(place(row + 1, column), Qt::AlignRight | Qt::AlignVCenter, cell(row, column));
        }
    }
}

}
