// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace core::mapping {

/// What two ops are paired by, strongest first: a weaker one never overrules a stronger one. Position alone pairs nothing.
enum class Rank {
    Values,   ///< parameters hold the same numbers
    Name,     ///< a name that agrees with exactly one on the other side
    Wiring,   ///< the same place in the graph
    WeakName, ///< the end of a name, or names that a framework counted out, the same set on both sides
    Shape     ///< nothing else fits
};

struct Evidence
{
    Rank rank = Rank::Wiring;
    bool compareValues = true;
};

}
