// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <utility>
#include <vector>

namespace widgets {

/// A small table beside the pointer; stays inside its parent.
class HoverTip final : public QWidget
{
    Q_OBJECT
public:
    using Rows = std::vector<std::pair<QString, QString>>;

    explicit HoverTip(QWidget* parent);

    /// The last row's value is bold.
    void setRows(const QString& title, Rows rows);
    const Rows& rows() const { return m_rows; }
    QString title() const { return m_title; }
    /// To the right of a point of the parent, below its middle; flips at the parent's edges.
    void showAt(QPoint point);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_title;
    Rows m_rows;
    int m_nameWidth = 0;
};

}
