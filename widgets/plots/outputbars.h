// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/sides/sidelabel.h"

#include <QWidget>

#include <vector>

namespace widgets {

class PlotCanvas;

/// Both networks' outputs side by side: PyTorch's filled, Keras's outlined, classes below, both choices bold. Bars rise from zero, or hang
/// from it; the scale is 0 to 1 where all values are.
class OutputBars final : public QWidget
{
    Q_OBJECT
public:
    explicit OutputBars(QWidget* parent = nullptr);
    QSize sizeHint() const override;

    /// One value for each class; an empty list for a side without an output.
    void setOutputs(const std::array<SideName, 2>& sides, std::vector<float> left, std::vector<float> right);
    PlotCanvas* canvas() const { return m_canvas; }
    /// What hovering over a class says.
    QString tipFor(int index) const;

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void draw();
    void drawSide(std::size_t side, double width, double offset, double visible);

    std::array<SideName, 2> m_sides;
    std::array<std::vector<float>, 2> m_values;
    PlotCanvas* m_canvas;
};

/// Index of the largest value, -1 for none.
int argmax(const std::vector<float>& values);

}
