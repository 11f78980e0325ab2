// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/tensor.h"
#include "widgets/sides/sidelabel.h"

#include <QImage>

namespace widgets {

/// The picture that a network receives, exactly: its values from smallest to largest as black to white, with size and range.
class ReceivedView final : public QWidget
{
    Q_OBJECT
public:
    explicit ReceivedView(QWidget* parent = nullptr);

    void setReceived(const SideName& side, const core::Tensor& input);
    QString rangeText() const { return m_range; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    SideName m_side;
    QImage m_image;
    QString m_size, m_range;
};

}
