// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/theme/colours.h"

#include <QIcon>
#include <QString>

class QPainter;
class QRectF;

namespace widgets {

/// One of resources/icons by name, in secondary text colour (text when on or selected, dimmed when disabled), following
/// the application's palette; with `role` always in that colour: icon("play", &Colours::onBlue).
QIcon icon(const QString& name, QColor Colours::*role = nullptr);

/// Draws an icon into `rect` at the painter's own resolution; `stroke` in units of the 24 grid.
void paintIcon(QPainter& painter, const QRectF& rect, const QString& name, const QColor& colour, double stroke = 1.5);

/// The framework's mark: filled for PyTorch, outlined for Keras, nothing for none.
void paintMark(QPainter& painter, const QRectF& rect, core::Framework framework, const Colours& colours);

}
