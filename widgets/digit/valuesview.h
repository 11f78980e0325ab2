// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/heatmap/featuremaps.h"
#include "widgets/sides/sidelabel.h"

namespace widgets {

/// What a network receives that is no digit: every value as a colour, a row of units as a strip, channels as tiles; above it shape and
/// range.
class ValuesView final : public QWidget
{
    Q_OBJECT
public:
    explicit ValuesView(QWidget* parent = nullptr);

    /// `problem` stands in place of the values when there are none.
    void setValues(const SideName& side, const core::Tensor& values, const QString& problem);
    QString caption() const { return m_caption; } ///< "[32]  -2.1 … 1.9"
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    SideName m_side;
    FeatureMaps m_maps;
    QString m_caption, m_problem;
};

}
