// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/statistics.h"
#include "widgets/sides/sidelabel.h"

#include <optional>

namespace widgets {

/// Minimum, maximum, mean and deviation of both sides, and by how much each differs.
class StatisticsTable final : public QWidget
{
    Q_OBJECT
public:
    explicit StatisticsTable(QWidget* parent = nullptr);

    void setStatistics(const std::array<SideName, 2>& sides, std::optional<core::Statistics> left, std::optional<core::Statistics> right,
                       double tolerance);
    /// Cell as shown; row 0 is min, column 0 the left side, 2 the difference.
    QString cell(int row, int column) const;
    bool isOver(int row) const;
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::optional<double> value(int row, int column) const;

    std::array<SideName, 2> m_sides;
    std::array<std::optional<core::Statistics>, 2> m_statistics;
    double m_tolerance = 1e-5;
};

}
