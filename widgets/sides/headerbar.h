// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QHBoxLayout;
class QLabel;
class QToolButton;

namespace widgets {

/// The strip above a pane: 32 px, chrome ground, hairlines below and, if asked for, above.
class HeaderBar final : public QWidget
{
    Q_OBJECT
public:
    explicit HeaderBar(QWidget* parent = nullptr, bool lineAbove = false);
    QHBoxLayout* row() const { return m_row; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QHBoxLayout* m_row;
    bool m_lineAbove;
};

/// A 24 px flat button with a 16 px icon; its tooltip is its accessible name.
QToolButton* iconButton(const QString& iconName, const QString& tip, QWidget* parent);
/// A plain-text label in one of the design's sizes, in secondary colour if asked for.
QLabel* textLabel(const QString& text, QWidget* parent, double size = 12, bool bold = false, bool secondary = false);
/// Gives a widget the ground of lists and plots.
void groundAsPanel(QWidget* widget);

}
