// SPDX-License-Identifier: GPL-3.0-or-later
// The letters and digits of ASCII: <cctype> asks the locale, under which (tr_TR) the capital of i is none that fits a char.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace core {

constexpr bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

constexpr bool isCapital(char c)
{
    return c >= 'A' && c <= 'Z';
}

constexpr bool isLetter(char c)
{
    return isCapital(c) || (c >= 'a' && c <= 'z');
}

/// Other bytes, those of UTF-8 among them, stay as they are.
inline std::string lower(std::string_view text)
{
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](char c) { return isCapital(c) ? static_cast<char>(c - 'A' + 'a') : c; });
    return result;
}

inline std::string upper(std::string_view text)
{
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](char c) { return isLetter(c) && !isCapital(c) ? static_cast<char>(c - 'a' + 'A') : c; });
    return result;
}

}
