// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/sides/sidelabel.h"
#include "widgets/testset/testsetrun.h"

#include <QWidget>

class QLabel;

namespace widgets {

/// The figures of a run in large type: accuracy of each side, agreement, the largest difference, and how many samples are over tolerance.
class TestSetFigures final : public QWidget
{
    Q_OBJECT
public:
    explicit TestSetFigures(QWidget* parent = nullptr);

    /// Null: nothing was run.
    void setRun(const TestSetRun* run, const std::array<SideName, 2>& sides);
    QString text(int figure) const; ///< "Agreement 46.52 % 4,652 of 10,000"

    enum Figure { Left, Right, Agreement, Largest, Over, Count };

private:
    struct Tile
    {
        QLabel *title, *value, *detail;
    };
    void set(Figure figure, const QString& title, const QString& value, const QString& detail, bool isBad = false);

    std::array<Tile, Count> m_tiles;
};

}
