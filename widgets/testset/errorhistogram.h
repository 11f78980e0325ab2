// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sweep/sweep.h"

#include <QWidget>

namespace widgets {

/// How many samples have which error, in half decades, with the tolerance among them.
class ErrorHistogram final : public QWidget
{
    Q_OBJECT
public:
    explicit ErrorHistogram(QWidget* parent = nullptr);

    void setHistogram(const core::sweep::Histogram& histogram, double tolerance);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    struct Bar
    {
        QString title; ///< "1e-7 to 3.2e-7"
        QString mark;  ///< below it; may be empty
        std::int64_t count = 0;
        bool over = false; ///< all of it is over tolerance
    };
    QRectF slot(std::size_t bar) const;

    std::vector<Bar> m_bars;
    double m_tolerance = 0;
    int m_limit = 0; ///< bar before which the tolerance stands
};

}
