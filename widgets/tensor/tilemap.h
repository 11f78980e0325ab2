// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/report/colormap.h"
#include "core/tensor/slicing.h"
#include "widgets/heatmap/featuremaps.h"

#include <QAbstractScrollArea>
#include <QImage>

namespace widgets {

/// A tensor as a picture: every plane a tile, all in one colour scale. Fits into its place at first; the wheel zooms, dragging scrolls,
/// a click chooses a plane, the value under the pointer is told.
class TileMap final : public QAbstractScrollArea
{
    Q_OBJECT

public:
    explicit TileMap(QWidget* parent = nullptr);

    /// `values` as core::readTiles() gives them.
    void setTiles(const core::Slicing& slicing, const core::Tiling& tiling, std::vector<float> values);
    /// Shows a text instead ("Reading …", why there are no values).
    void setMessage(const QString& text);
    /// Frames the plane that the table shows.
    void setSlicing(const core::Slicing& slicing);
    /// One colour for 0 and as far to both sides, or from the smallest value to the largest.
    void setDiverging(bool diverging);
    bool isDiverging() const { return m_diverging; }
    bool hasTiles() const { return !m_values.empty(); }
    Range range() const { return m_range; }
    /// What is left out: "every 3rd row", "the first 40 of 512 o"; empty when all is there.
    QString omissions() const;
    /// With its scale and `title`, in light colours.
    QImage picture(const QString& title) const;
    QSize sizeHint() const override;

Q_SIGNALS:
    /// The person chose a plane, or in the only plane a cell.
    void placeChosen(const core::Slicing& slicing, std::int64_t row, std::int64_t column);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    bool viewportEvent(QEvent* event) override;

private:
    struct Spot
    {
        std::int64_t tile = 0, y = 0, x = 0; ///< tile counts down, then across
    };

    void refresh();
    void updateScrollBars();
    QImage mosaic(core::report::ColorMap map) const;
    core::report::ColorMap map(bool dark) const;
    std::int64_t tilesInRow() const;
    double scale() const;     ///< logical pixels a value
    QSizeF stretched() const; ///< of the mosaic, in logical pixels
    QRectF placeOfMosaic() const;
    QRectF tileRect(std::int64_t tile) const; ///< in values of the mosaic
    std::optional<Spot> spotAt(QPointF position) const;
    std::int64_t chosenTile() const;
    core::Slicing slicingOf(const Spot& spot) const;
    QString tell(const Spot& spot) const;

    core::Slicing m_slicing;
    core::Tiling m_tiling;
    std::vector<float> m_values;
    Range m_range;
    QImage m_mosaic;
    QString m_message;
    bool m_diverging = true;
    int m_zoom = 0; ///< device pixels a value; 0: all fits
    std::int64_t m_inRow = 1;
    std::optional<QPoint> m_grabbed;
    bool m_dragged = false;
};

}
