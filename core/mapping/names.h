// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace core::mapping {

/// Words and numbers of a name in lower case: "layer1.0.bn_1" and "Layer1_0_bn1" are both layer, 1, 0, bn, 1.
std::vector<std::string> nameTokens(std::string_view name);

/// Whether a framework gives such a name by itself, counting: "0" in a Sequential, "conv2d_3" for a Conv2D. It tells a place among others
/// of its class and no more.
bool isNumberedName(std::string_view name, std::string_view className);

/// The class of a layer or operator under one name for both frameworks and for its functional form, in lower case: "concatenate" for
/// torch's cat, "normalization/layer" for LayerNorm and LayerNormalization, "activation/gelu". What is not known keeps its own name.
std::string classFamily(std::string_view className);

}
