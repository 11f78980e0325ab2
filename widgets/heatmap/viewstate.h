// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QPointF>

#include <optional>

namespace widgets {

/// A pixel of a feature map.
struct Cell
{
    int channel = 0, y = 0, x = 0;
    bool operator==(const Cell&) const = default;
};

/// How the three panes look at their values: shared, so that they zoom, scroll and point together.
class ViewState final : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    static constexpr int mostExposure = 20;
    static constexpr int mostZoom = 64;

    /// Device pixels for one value; 0: as large as all channels fit.
    int zoom() const { return m_zoom; }
    /// Steps of a factor of sqrt(2) by which the range is narrowed (positive) or widened.
    int exposure() const { return m_exposure; }
    double exposureFactor() const;
    /// The difference uses its whole scale, whatever the tolerance.
    bool isFitted() const { return m_fitted; }
    /// Both frameworks change places (while a key is held).
    bool isSwapped() const { return m_swapped; }
    QPointF pan() const { return m_pan; }
    std::optional<Cell> hovered() const { return m_hovered; }

    void setZoom(int devicePixels);
    void setExposure(int steps);
    void setFitted(bool fitted);
    void setSwapped(bool swapped);
    void setPan(QPointF pan);
    void setHovered(std::optional<Cell> cell);
    void reset();

Q_SIGNALS:
    void changed();
    void hoveredChanged();

private:
    int m_zoom = 0, m_exposure = 0;
    bool m_fitted = false, m_swapped = false;
    QPointF m_pan;
    std::optional<Cell> m_hovered;
};

}
