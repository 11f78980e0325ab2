// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace core {

/// What the bits of a number of less than 32 bits stand for; every one of them is exact in a float.
/// IEEE 754 binary16.
float fromHalf(std::uint16_t bits);
/// The upper half of a binary32.
float fromBrain(std::uint16_t bits);
/// The 8-bit formats of OCP ("fn": no infinity) and of the "fnuz" kind (no infinity, no negative zero, one NaN).
float fromFloat8E4M3(std::uint8_t bits);
float fromFloat8E5M2(std::uint8_t bits);
float fromFloat8E4M3Fnuz(std::uint8_t bits);
float fromFloat8E5M2Fnuz(std::uint8_t bits);
/// A power of two, 2^(bits - 127); 255 is NaN.
float fromFloat8E8M0(std::uint8_t bits);

}
