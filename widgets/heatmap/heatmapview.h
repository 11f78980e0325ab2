// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/heatmap/panepainter.h"

#include <QWidget>

namespace widgets {

/// One of the three panes: a header, a tile for each channel, a colour bar.
class HeatmapView final : public QWidget
{
    Q_OBJECT
public:
    /// `place` 0 to 2 from the left.
    HeatmapView(ViewState* state, int place, QWidget* parent = nullptr);

    void setContent(PaneContent content);
    const PaneContent& content() const { return m_content; }
    /// Draws the pane as it stands into `size`, in given colours: for pictures that are saved.
    void renderTo(QPainter& painter, QSizeF size, const PaneContent& content, const Colours& set, double devicePixelRatio) const;
    TileLayout layoutNow() const;
    /// Middle of a value's square in this widget.
    QPointF pointOf(const Cell& cell) const;

Q_SIGNALS:
    void pointed(QPoint globalPosition);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    std::optional<Cell> cellAt(QPointF position) const;

    ViewState* m_state;
    int m_place;
    PaneContent m_content;
    QImage m_atlas;
    std::optional<QPointF> m_grabbed;
};

}
