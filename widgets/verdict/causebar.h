// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;
class QPushButton;
class QToolButton;

namespace widgets {

/// Which of several causes is told, with arrows to the others, and what can be done: try the fix, or stop looking.
class CauseBar final : public QWidget
{
    Q_OBJECT
public:
    explicit CauseBar(QWidget* parent = nullptr);

    /// `count` 0: none is known.
    void setCauses(int count, int shown);
    /// Whether the shown one has a proved repair, and what it does, for the tooltip.
    void setFix(bool possible, const QString& what = {});
    void setSearching(bool searching);
    QPushButton* tryButton() const { return m_try; }
    QPushButton* stopButton() const { return m_stop; }
    QToolButton* nextButton() const { return m_next; }
    QString place() const; ///< "1 of 3"

Q_SIGNALS:
    void stepped(int by);
    void tryRequested();
    void stopRequested();

private:
    QToolButton *m_previous, *m_next;
    QLabel* m_place;
    QPushButton *m_try, *m_stop;
};

}
