// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/heatmap/viewstate.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace widgets {

double ViewState::exposureFactor() const
{
    return std::pow(2.0, -m_exposure / 2.0);
}

void ViewState::setZoom(int devicePixels)
{
    if (std::exchange(m_zoom, std::clamp(devicePixels, 0, mostZoom)) != m_zoom)
        Q_EMIT changed();
}

void ViewState::setExposure(int steps)
{
    if (std::exchange(m_exposure, std::clamp(steps, -mostExposure, mostExposure)) != m_exposure)
        Q_EMIT changed();
}

void ViewState::setFitted(bool fitted)
{
    if (std::exchange(m_fitted, fitted) != fitted)
        Q_EMIT changed();
}

void ViewState::setSwapped(bool swapped)
{
    if (std::exchange(m_swapped, swapped) != swapped)
        Q_EMIT changed();
}

void ViewState::setPan(QPointF pan)
{
    if (std::exchange(m_pan, pan) != pan)
        Q_EMIT changed();
}

void ViewState::setHovered(std::optional<Cell> cell)
{
    if (std::exchange(m_hovered, cell) != cell)
        Q_EMIT hoveredChanged();
}

void ViewState::reset()
{
    m_zoom = m_exposure = 0;
    m_fitted = false;
    m_pan = {};
    Q_EMIT changed();
}

}
