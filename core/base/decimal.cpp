// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/decimal.h"

#include <array>
#include <charconv>

namespace core {

namespace {

using Digits = std::array<char, 32>;

double parsed(const Digits& text, const std::to_chars_result& written)
{
    double value = 0;
    std::from_chars(text.data(), written.ptr, value);
    return value;
}

}

double roundedDecimal(double value, int digits)
{
    Digits text;
    return parsed(text, std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::scientific, digits - 1));
}

double shortestDecimal(float value)
{
    Digits text;
    return parsed(text, std::to_chars(text.data(), text.data() + text.size(), value));
}

}
