// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/layers/steps.h"

namespace core::layers {

/// Ops one behind the other; the first takes the layer's first input.
Steps chainOf(std::vector<Step> steps);
/// For Kind::spread.
Step stepOf(std::string name, const Op& op);
/// All of a sample seen as these sizes, without batch.
Step reshaping(std::string name, Shape sample);
/// The same op as a Reshape to the sizes that it gives.
Steps reshapingOf(const Call& call);
/// Some of the places along a dimension behind the batch of a value of that shape, which then has `result` (without batch): one
/// dimension is cropped, those before it and behind it being seen as one each.
std::vector<Step> cropping(const std::string& name, const Shape& shape, std::size_t place, std::int64_t begin, std::int64_t count,
                           const Shape& result);
/// Zeros around an image of so many dimensions, before and after each; cropped where they are below 0.
Step padding(std::string name, const Ints& pads);
/// Each number times `scale` plus `offset`.
Step rescaling(std::string name, double scale, double offset);
/// A ReLU up to `most`.
Step clipping(std::string name, double most);

}
