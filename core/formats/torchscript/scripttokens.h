// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace core::formats {

struct ScriptToken
{
    enum class Kind : std::uint8_t { Name, Number, String, Symbol, NewLine, Indent, Dedent, End };

    Kind kind = Kind::End;
    std::string_view text; ///< a String's with its quotes
    int line = 1;

    bool is(std::string_view symbol) const { return (kind == Kind::Symbol || kind == Kind::Name) && text == symbol; }
};

/// Cuts source into tokens, one at a time; indentation becomes tokens as in Python, and none is told inside brackets.
class ScriptTokens
{
public:
    /// `where` names the source in errors; `source` must outlive this.
    ScriptTokens(std::string_view source, std::string where);

    const ScriptToken& current() const { return m_current; }
    /// Moves on. Throws Error("script-syntax").
    void next();
    [[noreturn]] void fail(std::string_view expected, std::string_view found) const;

private:
    void startLine();
    bool skipBlank();
    void readName();
    void readNumber();
    void readString();
    void readSymbol();
    void emit(ScriptToken::Kind kind, std::size_t length);

    std::string_view m_source;
    std::string m_where;
    std::size_t m_position = 0;
    ScriptToken m_current;
    std::vector<std::size_t> m_indents{0};
    int m_line = 1, m_brackets = 0, m_dedents = 0;
    bool m_atLineStart = true;
};

/// The text that a String token stands for. Bytes of escapes as Python has them; a malformed escape stays as it is.
std::string unquoted(std::string_view token);

}
