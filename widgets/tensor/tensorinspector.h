// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/model.h"
#include "core/tensor/slicing.h"
#include "widgets/sides/sidelabel.h"

class QLabel;
class QSpinBox;
class QTableView;
class QToolButton;

namespace widgets {

class PlaneModel;
class SegmentedSwitch;
class SlicingBar;
class StatisticsPart;
class TileMap;

/// One tensor of a file, of any rank and type: its values as a table, all of it as a picture, statistics. Reads nothing itself: it asks
/// for what is looked at and is given it.
class TensorInspector final : public QWidget
{
    Q_OBJECT

public:
    explicit TensorInspector(QWidget* parent = nullptr);

    /// Shows another tensor; asks for its cells, tiles and statistics unless it cannot be read.
    void setTensor(const SideName& side, const core::Parameter& parameter);
    const core::Parameter& parameter() const { return m_parameter; }
    const core::Slicing& slicing() const;

    void setCells(const core::Slicing& slicing, const core::Cells& cells, const core::Tensor& values);
    void setTiles(const core::Slicing& slicing, const core::Tiling& tiling, std::vector<float> values);
    /// Why the values cannot be read, instead of table and picture.
    void setProblem(const QString& text);

    StatisticsPart* statistics() const { return m_statistics; }
    PlaneModel* plane() const { return m_plane; }
    TileMap* tiles() const { return m_tiles; }
    SlicingBar* slicingBar() const { return m_bar; }
    QTableView* table() const { return m_table; }
    /// The picture with its tensor's name.
    QImage picture() const;

Q_SIGNALS:
    void cellsWanted(const core::Slicing& slicing, const core::Cells& cells);
    void tilesWanted(const core::Slicing& slicing, const core::Tiling& tiling);
    void statisticsWanted();
    void statisticsCancelled();
    /// Cells for the clipboard: the selected ones, or the whole plane.
    void copyWanted(const core::Slicing& slicing, const core::Cells& cells);
    void saveArrayWanted();
    void savePictureWanted();
    void closeRequested();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void buildHead();
    void buildTable();
    void setSlicing(const core::Slicing& slicing);
    void copySelected();
    void fitColumns();
    core::Cells chosenCells() const;

    core::Parameter m_parameter;
    SideName m_side;
    core::Tiling m_tiling;
    QWidget* m_head;
    SideLabel* m_label;
    QLabel *m_facts, *m_omitted;
    QToolButton* m_save = nullptr;
    SlicingBar* m_bar;
    QTableView* m_table;
    PlaneModel* m_plane;
    QWidget* m_pager;
    QSpinBox* m_firstRow;
    TileMap* m_tiles;
    SegmentedSwitch* m_scale;
    StatisticsPart* m_statistics;
};

}
