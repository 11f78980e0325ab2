// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace core::formats {

/// The bytes of a pickle stream with a reading position; every read is checked against what is left. Errors bear the offset of the opcode
/// that is being read.
class PickleInput
{
public:
    PickleInput(std::span<const std::byte> bytes, std::string file, std::string where)
        : m_bytes(bytes), m_file(std::move(file)), m_where(std::move(where))
    {
    }

    std::size_t position() const { return m_position; }
    std::size_t opcodeOffset() const { return m_opcode; }
    std::size_t left() const { return m_bytes.size() - m_position; }

    std::uint8_t opcode();
    /// Little-endian unsigned number of `width` bytes.
    std::uint64_t number(std::size_t width);
    double bigEndianDouble();
    /// The next `length` bytes; the length is checked first, so a lying one allocates nothing.
    std::string_view take(std::uint64_t length);
    /// A text argument of protocol 0, without its newline.
    std::string_view line();

    [[noreturn]] void fail(std::string_view id, std::string_view expected, std::string_view found) const;

private:
    std::span<const std::byte> m_bytes;
    std::string m_file, m_where;
    std::size_t m_position = 0, m_opcode = 0;
};

/// Python's quoted and escaped text of opcode STRING as bytes; false when it is malformed.
bool unquotePickleString(std::string_view quoted, std::string& out);
/// Python's raw-unicode-escape of opcode UNICODE as UTF-8; false when it is malformed.
bool unescapePickleUnicode(std::string_view escaped, std::string& out);
void appendUtf8(std::string& out, std::uint32_t codePoint);

}
