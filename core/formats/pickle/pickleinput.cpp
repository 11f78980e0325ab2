// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/pickle/pickleinput.h"

#include "core/base/error.h"

#include <bit>
#include <cstring>
#include <fmt/format.h>

namespace core::formats {

void PickleInput::fail(std::string_view id, std::string_view expected, std::string_view found) const
{
    throw Error("pickle-" + std::string(id)).file(m_file).expected(expected).found(found).at(fmt::format("{}, byte {}", m_where, m_opcode));
}

std::string_view PickleInput::take(std::uint64_t length)
{
    if (length > left())
        fail("cut", fmt::format("{} bytes", length), fmt::format("{} before the end", left()));
    const auto* start = reinterpret_cast<const char*>(m_bytes.data()) + m_position;
    m_position += length;
    return {start, static_cast<std::size_t>(length)};
}

std::uint8_t PickleInput::opcode()
{
    m_opcode = m_position;
    if (left() == 0)
        fail("cut", "a pickle that ends with STOP", "the end of the data");
    return static_cast<std::uint8_t>(take(1)[0]);
}

std::uint64_t PickleInput::number(std::size_t width)
{
    const std::string_view bytes = take(width);
    std::uint64_t result = 0;
    for (std::size_t i = width; i-- > 0;)
        result = result << 8 | static_cast<std::uint8_t>(bytes[i]);
    return result;
}

double PickleInput::bigEndianDouble()
{
    std::uint64_t bits = 0;
    for (const char byte : take(8))
        bits = bits << 8 | static_cast<std::uint8_t>(byte);
    return std::bit_cast<double>(bits);
}

std::string_view PickleInput::line()
{
    const auto* start = reinterpret_cast<const char*>(m_bytes.data()) + m_position;
    const void* end = left() ? std::memchr(start, '\n', left()) : nullptr;
    if (!end)
        fail("cut", "a line of text", "no end of line before the end");
    const auto length = static_cast<std::size_t>(static_cast<const char*>(end) - start);
    m_position += length + 1;
    return {start, length};
}

void appendUtf8(std::string& out, std::uint32_t c)
{
    const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
    if (c < 0x80) {
        put(c);
    } else if (c < 0x800) {
        put(0xC0 | c >> 6);
        put(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        put(0xE0 | c >> 12);
        put(0x80 | (c >> 6 & 0x3F));
        put(0x80 | (c & 0x3F));
    } else {
        put(0xF0 | c >> 18);
        put(0x80 | (c >> 12 & 0x3F));
        put(0x80 | (c >> 6 & 0x3F));
        put(0x80 | (c & 0x3F));
    }
}

namespace {

/// Value of `digits` hexadecimal digits at `at`, or -1.
std::int64_t hexadecimal(std::string_view text, std::size_t at, std::size_t digits)
{
    if (at + digits > text.size())
        return -1;
    std::int64_t value = 0;
    for (const char c : text.substr(at, digits)) {
        const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

}

bool unquotePickleString(std::string_view quoted, std::string& out)
{
    if (quoted.size() < 2 || (quoted.front() != '\'' && quoted.front() != '"') || quoted.back() != quoted.front())
        return false;
    const std::string_view text = quoted.substr(1, quoted.size() - 2);
    constexpr std::string_view letters = "ntrabfv\\'\"", meanings = "\n\t\r\a\b\f\v\\'\"";
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\') {
            out += text[i];
            continue;
        }
        if (++i == text.size())
            return false;
        if (const auto known = letters.find(text[i]); known != letters.npos) {
            out += meanings[known];
        } else if (text[i] == 'x') {
            const std::int64_t value = hexadecimal(text, i + 1, 2);
            if (value < 0)
                return false;
            out += static_cast<char>(value);
            i += 2;
        } else if (text[i] >= '0' && text[i] <= '7') {
            int value = 0;
            const std::size_t end = std::min(i + 3, text.size());
            for (; i < end && text[i] >= '0' && text[i] <= '7'; ++i)
                value = value * 8 + (text[i] - '0');
            out += static_cast<char>(value & 0xFF);
            --i;
        } else {
            out += '\\';
            out += text[i];
        }
    }
    return true;
}

bool unescapePickleUnicode(std::string_view escaped, std::string& out)
{
    for (std::size_t i = 0; i < escaped.size(); ++i) {
        const bool isEscape = escaped[i] == '\\' && i + 1 < escaped.size() && (escaped[i + 1] == 'u' || escaped[i + 1] == 'U');
        if (!isEscape) {
            appendUtf8(out, static_cast<std::uint8_t>(escaped[i]));
            continue;
        }
        const std::size_t digits = escaped[i + 1] == 'u' ? 4 : 8;
        const std::int64_t value = hexadecimal(escaped, i + 2, digits);
        if (value < 0 || value > 0x10FFFF)
            return false;
        appendUtf8(out, static_cast<std::uint32_t>(value));
        i += 1 + digits;
    }
    return true;
}

}
