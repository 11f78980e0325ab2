// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/torchscript/scripttokens.h"

#include "core/base/error.h"
#include "core/base/letters.h"

#include <array>
#include <fmt/format.h>

namespace core::formats {

using Kind = ScriptToken::Kind;

namespace {

constexpr std::size_t indentLimit = 256;

bool isNameStart(char c)
{
    return isLetter(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

int hexDigit(char c)
{
    return isDigit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

}

ScriptTokens::ScriptTokens(std::string_view source, std::string where) : m_source(source), m_where(std::move(where))
{
    next();
}

void ScriptTokens::fail(std::string_view expected, std::string_view found) const
{
    throw Error("script-syntax").expected(expected).found(found).at(fmt::format("{}, line {}", printable(m_where), m_current.line));
}

void ScriptTokens::emit(Kind kind, std::size_t length)
{
    m_current = {kind, m_source.substr(m_position, length), m_line};
    m_position += length;
}

/// Skips spaces, comments and (inside brackets or on blank lines) line ends; true at the end of a logical line.
bool ScriptTokens::skipBlank()
{
    while (m_position < m_source.size()) {
        const char c = m_source[m_position];
        if (c == '#') {
            while (m_position < m_source.size() && m_source[m_position] != '\n')
                ++m_position;
        } else if (c == '\n') {
            if (m_brackets == 0)
                return true;
            ++m_line;
            ++m_position;
        } else if (c == ' ' || c == '\t' || c == '\r' || c == '\f') {
            ++m_position;
        } else if (c == '\\' && m_position + 1 < m_source.size() && m_source[m_position + 1] == '\n') {
            ++m_line;
            m_position += 2;
        } else {
            return false;
        }
    }
    return true;
}

/// Measures the indentation of the next line that has something on it.
void ScriptTokens::startLine()
{
    std::size_t begin = m_position;
    while (skipBlank() && m_position < m_source.size()) {
        ++m_line;
        begin = ++m_position;
    }
    const std::size_t width = m_position >= m_source.size() ? 0 : m_position - begin;
    m_atLineStart = false;
    if (width > m_indents.back()) {
        m_indents.push_back(width);
        if (m_indents.size() > indentLimit)
            fail(fmt::format("blocks nested at most {} deep", indentLimit), "more");
        m_current = {Kind::Indent, {}, m_line};
        return;
    }
    while (width < m_indents.back()) {
        m_indents.pop_back();
        ++m_dedents;
    }
    if (width != m_indents.back())
        fail("the indentation of a line before", "another");
    next();
}

void ScriptTokens::next()
{
    if (m_dedents > 0) {
        --m_dedents;
        m_current = {Kind::Dedent, {}, m_line};
        return;
    }
    if (m_atLineStart)
        return startLine();
    const bool lineEnds = skipBlank();
    if (m_position >= m_source.size()) {
        if (m_current.kind == Kind::End)
            return;
        if (m_brackets > 0)
            fail("a closing bracket", "the end of the file");
        const bool isComplete = m_current.kind == Kind::NewLine || m_current.kind == Kind::Dedent;
        m_current = {isComplete ? Kind::End : Kind::NewLine, {}, m_line};
        m_atLineStart = !isComplete;
        return;
    }
    if (lineEnds) {
        m_current = {Kind::NewLine, {}, m_line};
        ++m_line;
        ++m_position;
        m_atLineStart = true;
        return;
    }
    const char c = m_source[m_position];
    const bool isFraction = c == '.' && m_position + 1 < m_source.size() && isDigit(m_source[m_position + 1]);
    if (isNameStart(c))
        readName();
    else if (isDigit(c) || isFraction)
        readNumber();
    else if (c == '"' || c == '\'')
        readString();
    else
        readSymbol();
}

void ScriptTokens::readName()
{
    std::size_t end = m_position;
    while (end < m_source.size() && (isNameStart(m_source[end]) || isDigit(m_source[end])))
        ++end;
    emit(Kind::Name, end - m_position);
}

void ScriptTokens::readNumber()
{
    std::size_t end = m_position;
    while (end < m_source.size()) {
        const char c = m_source[end];
        const bool isSign = (c == '+' || c == '-') && end > m_position && (m_source[end - 1] == 'e' || m_source[end - 1] == 'E');
        if (!isDigit(c) && c != '.' && c != 'e' && c != 'E' && c != 'j' && !isSign)
            break;
        ++end;
    }
    emit(Kind::Number, end - m_position);
}

void ScriptTokens::readString()
{
    const char quote = m_source[m_position];
    std::size_t end = m_position + 1;
    while (end < m_source.size() && m_source[end] != quote && m_source[end] != '\n')
        end += m_source[end] == '\\' ? 2U : 1U;
    if (end >= m_source.size() || m_source[end] != quote)
        fail("a closing quote", "the end of the line");
    emit(Kind::String, end + 1 - m_position);
}

void ScriptTokens::readSymbol()
{
    constexpr std::array<std::string_view, 12> pairs{"->", "==", "!=", "<=", ">=", "//", "**", "+=", "-=", "*=", "<<", ">>"};
    constexpr std::string_view singles = "()[]{}.,:=+-*/%<>@|&^~";
    const std::string_view two = m_source.substr(m_position, 2);
    for (const std::string_view pair : pairs)
        if (two == pair)
            return emit(Kind::Symbol, 2);
    const char c = m_source[m_position];
    if (singles.find(c) == singles.npos)
        fail("TorchScript's source", printable(m_source.substr(m_position, 1)));
    if (c == '(' || c == '[' || c == '{')
        ++m_brackets;
    else if (c == ')' || c == ']' || c == '}')
        m_brackets -= m_brackets > 0 ? 1 : 0;
    emit(Kind::Symbol, 1);
}

std::string unquoted(std::string_view token)
{
    constexpr std::string_view letters = "abfnrtv\\\"'", meanings = "\a\b\f\n\r\t\v\\\"'";
    const std::string_view text = token.substr(1, token.size() - 2);
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\' || i + 1 == text.size()) {
            result += text[i];
            continue;
        }
        const char c = text[++i];
        if (const std::size_t letter = letters.find(c); letter != letters.npos) {
            result += meanings[letter];
        } else if (c == 'x' && i + 2 < text.size() && hexDigit(text[i + 1]) >= 0 && hexDigit(text[i + 2]) >= 0) {
            result += static_cast<char>(hexDigit(text[i + 1]) * 16 + hexDigit(text[i + 2]));
            i += 2;
        } else if (c >= '0' && c <= '7') {
            int value = 0;
            for (int digits = 0; digits < 3 && i < text.size() && text[i] >= '0' && text[i] <= '7'; ++digits)
                value = value * 8 + (text[i++] - '0');
            --i;
            result += static_cast<char>(value);
        } else {
            result += '\\';
            result += c;
        }
    }
    return result;
}

}
