// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/lists/ribbons.h"
#include "widgets/theme/colours.h"

#include <QPainterPath>

#include <optional>

class QPainter;

namespace widgets {

/// Heights of a band's two ends in the gutter; one is missing for a dangling link.
struct Ends
{
    struct Span
    {
        double top = 0, bottom = 0;
    };
    std::optional<Span> left, right;
};

/// The shapes of one ribbon across a gutter of a given width: cubic with both handles at half the width, the badge at the middle.
struct RibbonShape
{
    QPainterPath band, upper, lower;
    QRectF badge;
};

RibbonShape shapeOf(const Ribbon& ribbon, const Ends& ends, double width);
enum class Emphasis { None, Hovered, Chosen };
void paintBand(QPainter& painter, const Ribbon& ribbon, const RibbonShape& shape, Emphasis emphasis, const Colours& set);
void paintBadge(QPainter& painter, const Ribbon& ribbon, const RibbonShape& shape, Emphasis emphasis, const Colours& set);

}
