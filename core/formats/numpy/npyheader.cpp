// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/numpy/npyheader.h"
#include "core/base/error.h"

#include <charconv>
#include <fmt/format.h>

namespace core::formats {

namespace {

/// Reads just the Python literals that numpy writes into a header.
class Literal
{
public:
    Literal(std::string_view text, std::string_view where) : m_text(text), m_where(where) {}

    [[noreturn]] void fail(std::string_view expected) const
    {
        throw Error("npy-header")
            .file(m_where)
            .expected(expected)
            .found(m_at < m_text.size() ? printable(m_text.substr(m_at), 20) : "the header's end")
            .at(fmt::format("header byte {}", m_at));
    }
    void skipSpace()
    {
        while (m_at < m_text.size() && (m_text[m_at] == ' ' || m_text[m_at] == '\n' || m_text[m_at] == '\t'))
            ++m_at;
    }
    bool accept(std::string_view token)
    {
        skipSpace();
        if (!m_text.substr(m_at).starts_with(token))
            return false;
        m_at += token.size();
        return true;
    }
    void expect(std::string_view token)
    {
        if (!accept(token))
            fail(fmt::format("\"{}\"", token));
    }
    std::string string()
    {
        skipSpace();
        const char quote = m_at < m_text.size() ? m_text[m_at] : '\0';
        const std::size_t end = quote == '\'' || quote == '"' ? m_text.find(quote, m_at + 1) : std::string_view::npos;
        if (end == std::string_view::npos)
            fail("a string");
        const std::string value(m_text.substr(m_at + 1, end - m_at - 1));
        m_at = end + 1;
        return value;
    }
    /// The literal text of a list in brackets, quotes and nesting respected.
    std::string list()
    {
        skipSpace();
        const std::size_t start = m_at;
        int depth = 0;
        for (char quote = '\0'; m_at < m_text.size(); ++m_at) {
            const char c = m_text[m_at];
            if (quote != '\0')
                quote = c == quote ? '\0' : quote;
            else if (c == '\'' || c == '"')
                quote = c;
            else if (c == '[' || c == '(' || c == '{')
                ++depth;
            else if ((c == ']' || c == ')' || c == '}') && --depth == 0)
                return std::string(m_text.substr(start, ++m_at - start));
        }
        fail("the end of a list");
    }
    bool isList()
    {
        skipSpace();
        return m_at < m_text.size() && m_text[m_at] == '[';
    }
    std::int64_t integer()
    {
        skipSpace();
        std::int64_t value = 0;
        const char* first = m_text.data() + m_at;
        const auto [end, code] = std::from_chars(first, m_text.data() + m_text.size(), value);
        if (code != std::errc() || value < 0)
            fail("a size");
        m_at += static_cast<std::size_t>(end - first);
        accept("L");
        return value;
    }

private:
    std::string_view m_text, m_where;
    std::size_t m_at = 0;
};

Shape shapeOf(Literal& literal)
{
    constexpr std::size_t rankLimit = 64;
    Shape shape;
    literal.expect("(");
    while (!literal.accept(")")) {
        shape.push_back(literal.integer());
        if (shape.size() > rankLimit)
            literal.fail("at most 64 dimensions");
        if (!literal.accept(",")) {
            literal.expect(")");
            break;
        }
    }
    return shape;
}

}

NpyHeader parseNpyHeader(std::string_view literal, std::string_view where)
{
    NpyHeader header;
    Literal in(literal, where);
    bool descr = false, order = false, shape = false;
    in.expect("{");
    while (!in.accept("}")) {
        const std::string key = in.string();
        in.expect(":");
        if (key == "descr") {
            header.descr = in.isList() ? in.list() : in.string();
            descr = !header.descr.empty();
        } else if (key == "fortran_order") {
            header.fortranOrder = in.accept("True");
            if (!header.fortranOrder)
                in.expect("False");
            order = true;
        } else if (key == "shape") {
            header.shape = shapeOf(in);
            shape = true;
        } else {
            in.fail("descr, fortran_order or shape");
        }
        if (!in.accept(",")) {
            in.expect("}");
            break;
        }
    }
    if (!descr || !order || !shape)
        throw Error("npy-header").file(where).expected("descr, fortran_order and shape").found("one of them missing");
    return header;
}

}
