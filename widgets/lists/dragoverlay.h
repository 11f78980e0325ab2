// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace widgets {

/// Drawn above both lists while a link is dragged: the band from the row to the pointer and, beside the pointer, why it cannot land.
class DragOverlay final : public QWidget
{
    Q_OBJECT

public:
    /// Covers `area` of `window`.
    DragOverlay(QWidget* window, const QRect& area);

    /// `row` is the end at the source, `pointer` the other one, both in the overlay's coordinates; `row` lies left or right of the gutter.
    void follow(const QRect& row, bool rowOnLeft, const QPoint& pointer, const QRect& mate, const QString& reason, bool possible);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QRect m_row, m_mate;
    QPoint m_pointer;
    QString m_reason;
    bool m_rowOnLeft = true, m_possible = false;
};

}
