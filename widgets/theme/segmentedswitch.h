// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QAction;
class QActionGroup;

namespace widgets {

/// A row of exclusive choices drawn as one control: the pages of the window, "Test digit | Draw". Left and right keys move.
class SegmentedSwitch final : public QWidget
{
    Q_OBJECT

public:
    /// `small` is the 22 px form of panes.
    explicit SegmentedSwitch(bool small = false, QWidget* parent = nullptr);

    /// Makes the action checkable and exclusive with the others; the first one is checked.
    void add(QAction* action);
    QAction* add(const QString& text);
    QActionGroup* group() const { return m_group; }
    int current() const;
    void setCurrent(int index);

Q_SIGNALS:
    void currentChanged(int index);

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    QActionGroup* m_group;
    bool m_small;
};

}
