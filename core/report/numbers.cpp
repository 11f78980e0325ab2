// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/numbers.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace core::report {
namespace {

/// "1.2e-07" as "1.2e-7": without the exponent's padding, and without a plus.
std::string exponential(double value, int digits)
{
    std::string text = fmt::format("{:.{}e}", value, digits);
    const std::size_t sign = text.find('e') + 1;
    const bool negative = text[sign] == '-';
    text.erase(sign, std::min(text.find_first_not_of("+-0", sign), text.size() - 1) - sign);
    return negative ? text.insert(sign, 1, '-') : text;
}

}

std::string twoDigits(double value)
{
    if (std::isnan(value))
        return "nan";
    if (std::isinf(value))
        return value > 0 ? "inf" : "-inf";
    if (value == 0.0)
        return "0";
    const double size = std::abs(value);
    if (size < 0.0995 || size >= 9999.5)
        return exponential(value, 1);
    return fmt::format("{:.{}f}", value, size < 0.995 ? 2 : size < 9.95 ? 1 : 0);
}

std::string roundNumber(double value)
{
    std::string text = twoDigits(value);
    if (const auto zero = text.find(".0e"); zero != std::string::npos)
        text.erase(zero, 2);
    else if (text.size() > (value < 0 ? 4u : 3u) && text.find('e') == std::string::npos && text.find('.') != std::string::npos &&
             text.back() == '0')
        text.pop_back();
    return text;
}

std::string fixed(double value, int decimals)
{
    if (!std::isfinite(value))
        return twoDigits(value);
    std::string text = fmt::format("{:.{}f}", value, decimals);
    if (text.front() == '-' && text.find_first_not_of("-0.") == std::string::npos)
        text.erase(0, 1);
    return text;
}

std::string precise(double value)
{
    const double size = std::abs(value);
    if (value == 0.0 || !std::isfinite(value))
        return twoDigits(value);
    return size < 1e-3 || size >= 1e6 ? twoDigits(value) : fixed(value, 6);
}

std::string thousands(std::int64_t value)
{
    std::string text = std::to_string(value);
    for (auto place = static_cast<std::ptrdiff_t>(text.size()) - 3; place > (value < 0 ? 1 : 0); place -= 3)
        text.insert(static_cast<std::size_t>(place), 1, ',');
    return text;
}

std::string percent(std::int64_t part, std::int64_t whole)
{
    if (whole <= 0 || part == whole)
        return whole <= 0 ? "-" : "100 %";
    const double value = 100 * static_cast<double>(part) / static_cast<double>(whole);
    return fmt::format("{:.2f} %", part > 0 ? std::clamp(value, 0.01, 99.99) : 0.0);
}

}
