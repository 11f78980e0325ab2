// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace core::mapping {

/// Spreads the bits of a number (the finaliser of SplitMix64: Steele, Lea and Flood, OOPSLA 2014).
constexpr std::uint64_t mixed(std::uint64_t x)
{
    x += 0x9e3779b97f4a7c15U;
    x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
    return x ^ (x >> 31U);
}

/// Of an ordered pair. What has no order is summed up instead.
constexpr std::uint64_t joined(std::uint64_t a, std::uint64_t b)
{
    return mixed(mixed(a) ^ (b + 0x632be59bd9b4e019U));
}

constexpr std::uint64_t hashed(std::string_view text)
{
    std::uint64_t result = 0xcbf29ce484222325U;
    for (const char c : text)
        result = (result ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    return mixed(result);
}

}
