// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/empty/recentpair.h"

#include <QList>
#include <QWidget>

namespace widgets {

/// Rows of recent pairs in a card, 24 px each; up, down and return work.
class RecentList final : public QWidget
{
    Q_OBJECT

public:
    explicit RecentList(QWidget* parent = nullptr);

    void setPairs(const QList<RecentPair>& pairs);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void chosen(int index);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    int shownRows() const;
    QRect rowRect(int index) const;
    int rowAt(const QPoint& position) const;
    void setCurrent(int index);

    QList<RecentPair> m_pairs;
    int m_current = -1;
};

}
