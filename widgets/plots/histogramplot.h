// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/model.h"

#include <QWidget>

#include <array>
#include <vector>

namespace widgets {

class PlotCanvas;

/// How the values of both sides spread over one range: one side filled, the other as a step line.
class HistogramPlot final : public QWidget
{
    Q_OBJECT
public:
    static constexpr int bins = 34;

    explicit HistogramPlot(QWidget* parent = nullptr);

    /// Counts of `bins` equal bins over [low, high]; empty for a side without values.
    void setCounts(std::array<core::Framework, 2> sides, std::vector<std::int64_t> left, std::vector<std::int64_t> right, double low,
                   double high);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void draw();

    std::array<core::Framework, 2> m_sides{};
    std::array<std::vector<double>, 2> m_counts;
    double m_low = 0, m_high = 1;
    PlotCanvas* m_canvas;
};

}
