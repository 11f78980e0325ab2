// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/sweep/sweep.h"
#include "widgets/sides/sidelabel.h"

#include <QTableWidget>

namespace widgets {

/// Each label's samples: how many both networks know, and on how many they agree.
class LabelsView final : public QTableWidget
{
    Q_OBJECT
public:
    explicit LabelsView(QWidget* parent = nullptr);

    void setSweep(const core::sweep::Sweep& sweep, const std::array<SideName, 2>& sides);
};

}
