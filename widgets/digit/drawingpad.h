// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/digits/digits.h"

#include <QImage>
#include <QWidget>

#include <vector>

namespace widgets {

/// Where a person draws a digit, ten times as large as the network sees it. White ink on black, as MNIST.
class DrawingPad final : public QWidget
{
    Q_OBJECT
public:
    using Strokes = std::vector<core::digits::Stroke>;
    static constexpr double leastBrush = 0.8, mostBrush = 4.0;

    explicit DrawingPad(QWidget* parent = nullptr);

    const Strokes& strokes() const { return m_strokes; }
    /// Shows a drawing, without a signal.
    void setStrokes(Strokes strokes);
    void undo();
    void clear();
    bool isErasing() const { return m_erasing; }
    void setErasing(bool erasing);
    /// Width of the pen in pixels of the 28 x 28 picture.
    double brush() const { return m_brush; }
    void setBrush(double width);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override { return width; }

Q_SIGNALS:
    /// After every move of the pen; `done` when it was lifted.
    void drawingChanged(const widgets::DrawingPad::Strokes& strokes, bool done);
    void brushChanged(double width);
    void erasingChanged(bool erasing);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

private:
    double scale() const;
    QRectF square() const;
    core::digits::Point toPicture(QPointF position) const;
    QPointF toWidget(core::digits::Point point) const;
    void paintSegment(QPainter& painter, const core::digits::Stroke& stroke, std::size_t from) const;
    void repaintCanvas();
    void extend(QPointF position);

    Strokes m_strokes;
    QImage m_canvas;
    QPointF m_pointer{-1, -1};
    double m_brush = 2.2;
    bool m_erasing = false, m_down = false;
};

}
