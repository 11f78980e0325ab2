// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/report/colormap.h"
#include "widgets/heatmap/featuremaps.h"

#include <QImage>
#include <QRectF>

class QPainter;

namespace widgets {

/// All channels below each other, one pixel a value: width x (channels * height), RGB32.
QImage mapImage(const FeatureMaps& maps, core::report::ColorMap map, Range range);
/// A colour scale from its highest value above to its lowest below.
QImage scaleImage(core::report::ColorMap map);
/// Black 45 degree lines over the values of a channel that are NaN or infinite; `rect` is the channel's picture.
void hatchNotFinite(QPainter& painter, const FeatureMaps& maps, int channel, const QRectF& rect);

}
