// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPixmap>
#include <QWidget>

namespace widgets {

/// The mark of a layer's error by itself: filled when over tolerance.
QPixmap aloneMark(const QPalette& palette, bool over, double devicePixelRatio);

/// What the chart's two marks are: the bar up to a layer, the diamond of the layer alone.
class ChartLegend final : public QWidget
{
    Q_OBJECT
public:
    explicit ChartLegend(QWidget* parent = nullptr);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;
};

}
