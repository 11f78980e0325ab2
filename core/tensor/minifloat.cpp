// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/minifloat.h"

#include <bit>
#include <cmath>
#include <limits>

namespace core {

namespace {

constexpr float notANumber = std::numeric_limits<float>::quiet_NaN();

/// Sign, exponent and `fractionBits` of fraction in a byte, without special values.
float fromByte(std::uint8_t bits, int fractionBits, int bias)
{
    const int fraction = bits & ((1 << fractionBits) - 1), exponent = (bits & 0x7f) >> fractionBits;
    const int whole = exponent == 0 ? fraction : fraction | 1 << fractionBits;
    const float magnitude = std::ldexp(static_cast<float>(whole), (exponent == 0 ? 1 : exponent) - bias - fractionBits);
    return bits & 0x80 ? -magnitude : magnitude;
}

}

float fromHalf(std::uint16_t bits)
{
    const std::uint32_t sign = static_cast<std::uint32_t>(bits & 0x8000u) << 16;
    const std::uint32_t exponent = (bits >> 10) & 31u, fraction = bits & 0x3ffu;
    if (exponent == 31)
        return std::bit_cast<float>(sign | 0x7f800000u | fraction << 13);
    if (exponent != 0)
        return std::bit_cast<float>(sign | (exponent + 112u) << 23 | fraction << 13);
    const float magnitude = std::ldexp(static_cast<float>(fraction), -24);
    return sign ? -magnitude : magnitude;
}

float fromBrain(std::uint16_t bits)
{
    return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
}

float fromFloat8E4M3(std::uint8_t bits)
{
    return (bits & 0x7f) == 0x7f ? notANumber : fromByte(bits, 3, 7);
}

float fromFloat8E5M2(std::uint8_t bits)
{
    if ((bits & 0x7f) < 0x7c)
        return fromByte(bits, 2, 15);
    const float infinity = std::numeric_limits<float>::infinity();
    return (bits & 3) != 0 ? notANumber : bits & 0x80 ? -infinity : infinity;
}

float fromFloat8E4M3Fnuz(std::uint8_t bits)
{
    return bits == 0x80 ? notANumber : fromByte(bits, 3, 8);
}

float fromFloat8E5M2Fnuz(std::uint8_t bits)
{
    return bits == 0x80 ? notANumber : fromByte(bits, 2, 16);
}

float fromFloat8E8M0(std::uint8_t bits)
{
    return bits == 0xff ? notANumber : std::ldexp(1.0F, bits - 127);
}

}
