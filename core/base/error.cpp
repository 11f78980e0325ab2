// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"

#include <algorithm>
#include <cstdint>

namespace core {

namespace {

/// Length of the well-formed UTF-8 sequence at the start of `text`, 0 when there is none; `point` gets the code point.
std::size_t decode(std::string_view text, char32_t& point)
{
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const std::uint8_t first = byte(0);
    const std::size_t length = first < 0x80 ? 1 : (first >> 5) == 6 ? 2 : (first >> 4) == 14 ? 3 : (first >> 3) == 30 ? 4 : 0;
    if (length == 0 || length > text.size())
        return 0;
    point = length == 1 ? first : first & (0xffu >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0) != 0x80)
            return 0;
        point = point << 6 | (byte(i) & 0x3fu);
    }
    constexpr char32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const bool valid = point >= least[length] && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
    return valid ? length : 0;
}

bool isHarmless(char32_t point)
{
    const bool control = point < 0x20 || (point >= 0x7f && point < 0xa0);
    const bool direction = point == 0x61c || (point >= 0x200b && point <= 0x200f) || (point >= 0x2028 && point <= 0x202e) ||
                           (point >= 0x2066 && point <= 0x2069) || point == 0xfeff;
    const bool isNoCharacter = (point & 0xfffe) == 0xfffe || (point >= 0xfdd0 && point <= 0xfdef); // XML refuses some of them
    return !control && !direction && !isNoCharacter;
}

}

std::string printable(std::string_view text, std::size_t limit)
{
    constexpr char digits[] = "0123456789abcdef";
    // Nearly every name is plain ASCII.
    const bool isPlain = std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
    if (isPlain)
        return text.size() <= limit ? std::string(text) : std::string(text.substr(0, limit)) + "...";
    std::string result;
    while (!text.empty()) {
        if (result.size() >= limit)
            return result + "...";
        char32_t point = 0;
        const std::size_t length = decode(text, point);
        const bool keep = length > 0 && isHarmless(point);
        const std::size_t taken = length > 0 ? length : 1;
        for (std::size_t i = 0; i < taken; ++i) {
            const auto value = static_cast<std::uint8_t>(text[i]);
            if (keep)
                result += text[i];
            else
                result += {'\\', 'x', digits[value >> 4], digits[value & 15]};
        }
        text.remove_prefix(taken);
    }
    return result;
}

Error& Error::file(std::string_view path)
{
    m_file = path;
    compose();
    return *this;
}

Error& Error::expected(std::string_view text)
{
    m_expected = text;
    compose();
    return *this;
}

Error& Error::found(std::string_view text)
{
    m_found = text;
    compose();
    return *this;
}

Error& Error::at(std::string_view place)
{
    m_at = place;
    compose();
    return *this;
}

Error& Error::advice(std::string_view text)
{
    m_advice = text;
    compose();
    return *this;
}

void Error::compose()
{
    m_what = m_file.empty() ? std::string() : printable(m_file, 4096) + ": ";
    if (m_expected.empty() && m_found.empty())
        m_what += m_id;
    if (!m_expected.empty())
        m_what += "expected " + m_expected;
    if (!m_found.empty())
        m_what += (m_expected.empty() ? "found " : ", found ") + m_found;
    if (!m_at.empty())
        m_what += " (at " + m_at + ")";
    if (!m_advice.empty())
        m_what += ". " + m_advice;
}

}
