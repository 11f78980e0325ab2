// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace core {

/// The role of an array that a trace wrote down: a value in the code, no parameter of the network.
inline constexpr std::string_view constantRole = "constant of the trace";
/// How the detail of an array begins that is not in the file but made of others that are.
inline constexpr std::string_view computedDetail = "computed from ";

}
