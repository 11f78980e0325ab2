// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/heatmap/panepainter.h"

#include <QWidget>

#include <array>

namespace widgets {

/// A dense layer: the units of both frameworks and their difference as strips below each other. A unit is never narrower
/// than a device pixel; longer strips scroll.
class StripView final : public QWidget
{
    Q_OBJECT
public:
    explicit StripView(ViewState* state, QWidget* parent = nullptr);

    void setContent(const QString& heading, const QString& detail, std::array<PaneContent, 3> contents);
    void renderTo(QPainter& painter, QSizeF size, const std::array<PaneContent, 3>& contents, const Colours& set,
                  double devicePixelRatio) const;
    /// Middle of a unit in the strip `row` from above, in this widget.
    QPointF pointOf(int unit, int row) const;

Q_SIGNALS:
    void pointed(QPoint globalPosition);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    struct Layout
    {
        double cell = 1, left = 0, width = 1, height = 1, pitch = 1, pan = 0;
        int zoom = 1, units = 0;
        QRectF strip(int row) const;
    };
    Layout layoutFor(QSizeF size, const std::array<PaneContent, 3>& contents, double devicePixelRatio) const;
    void paintTicks(QPainter& painter, const Layout& layout, const Colours& set) const;

    ViewState* m_state;
    QString m_heading, m_detail;
    std::array<PaneContent, 3> m_contents;
};

}
