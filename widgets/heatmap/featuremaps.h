// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/tensor/tensor.h"

#include <span>
#include <vector>

namespace widgets {

/// One sample of a value as pictures: planes of height x width, channel after channel, whatever its own axis order was.
struct FeatureMaps
{
    int channels = 0, height = 0, width = 0;
    std::vector<float> values; ///< channels * height * width

    bool isEmpty() const { return values.empty(); }
    /// A row of units (a dense layer, or maps of one pixel): drawn as a strip.
    bool isStrip() const { return height == 1 && width == 1; }
    float at(int channel, int y, int x) const;
    std::span<const float> plane(int channel) const;
};

/// The first sample of a batch. Places the axes by their labels (C, H, W; a flattened axis is a row of units); without labels rank 3 counts
/// as C,H,W and rank 2 as one plane. Empty for a null, empty or non-numeric tensor.
FeatureMaps featureMaps(const core::Tensor& value);

/// Smallest and largest finite value of both; {0, 0} when there is none.
struct Range
{
    double low = 0, high = 0;
};
Range rangeOf(const FeatureMaps& left, const FeatureMaps& right);
/// left - right; empty unless the sizes agree. Equal infinities and NaN on both sides give 0.
FeatureMaps differenceOf(const FeatureMaps& left, const FeatureMaps& right);
/// Largest |value|; NaN when one is.
double largest(std::span<const float> values);

}
