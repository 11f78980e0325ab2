// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/model.h"

#include <QString>
#include <QWidget>

#include <array>

namespace widgets {

/// How one of the two slots is called and marked. Names follow the framework in it; where both hold the same one they are
/// "left" and "right".
struct SideName
{
    core::Framework framework = core::Framework::None;
    QString title;     ///< "PyTorch"
    QString shortName; ///< "torch", in tables and tooltips
};

/// Names of both slots; `None` stands for an empty slot, which takes the framework that the other one leaves.
std::array<SideName, 2> sideNames(core::Framework left, core::Framework right);

/// The framework's mark and a text beside it.
class SideLabel final : public QWidget
{
    Q_OBJECT
public:
    explicit SideLabel(QWidget* parent = nullptr, double textSize = 12, bool bold = false);

    void setSide(core::Framework framework, const QString& text);
    void setDetail(const QString& detail);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    core::Framework m_framework = core::Framework::None;
    QString m_text, m_detail;
    double m_textSize;
    bool m_bold;
};

}
