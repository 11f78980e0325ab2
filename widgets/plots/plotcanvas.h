// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QFont>
#include <QMargins>
#include <QPixmap>
#include <QWidget>

#include <memory>
#include <optional>
#include <vector>

namespace widgets {

/// The part of a plotting library that the charts need, so that only one file knows it. A chart clears the canvas, puts its marks on it and
/// commits; nothing is drawn before.
class PlotCanvas final : public QWidget
{
    Q_OBJECT
public:
    struct Axis
    {
        double low = 0, high = 1;
        bool logarithmic = false;
    };
    struct Bars
    {
        std::vector<double> keys, values;
        double width = 8;  ///< pixels
        double offset = 0; ///< of the middle from the key, pixels
        QColor line, fill;
        double lineWidth = 1;
        bool hatched = false;            ///< fill as 45 degree lines
        std::optional<double> base = {}; ///< where they begin; at the axis' lower end without one
    };
    /// Text at a point of the axes plus `offset` pixels; alignment is that of the point in the text's box.
    struct Text
    {
        double key = 0, value = 0;
        QPointF offset;
        Qt::Alignment alignment = Qt::AlignCenter;
        QString text;
        QFont font;
        QColor color;
    };

    explicit PlotCanvas(QWidget* parent = nullptr);
    ~PlotCanvas() override;

    void clear();
    void setAxes(Axis keys, Axis values, QMargins margins);
    void setGround(QColor color);
    void addBand(double lowKey, double highKey, QColor fill);
    void addLine(double value, QColor color, double width = 1, bool dashed = false);
    void addBars(const Bars& bars);
    /// A step line over equal bins from `low` to `high`.
    void addSteps(double low, double high, const std::vector<double>& values, QColor color, double width);
    void addText(const Text& text);
    void addPixmap(double key, double value, QPointF offset, const QPixmap& pixmap);
    void commit();

    double keyAt(QPointF point) const;
    double pixelsPerKey() const;
    QImage picture(double scale) const;

Q_SIGNALS:
    void clicked(double key);
    void hovered(double key, QPoint globalPosition);
    void left();

protected:
    void resizeEvent(QResizeEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    struct Private;
    std::unique_ptr<Private> m;
};

}
