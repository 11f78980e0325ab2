// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/formats/torchscript/scriptsyntax.h"
#include "core/formats/torchscript/scripttokens.h"

#include <fmt/format.h>

namespace core::formats {

/// The half of the parser of TorchScript's source that reads expressions, by recursive descent with a cap on its depth.
class ScriptExpressionParser
{
protected:
    using Token = ScriptToken::Kind;
    using Kind = ScriptExpression::Kind;
    using Expression = const ScriptExpression*;

    ScriptExpressionParser(std::string_view source, const std::string& where) : m_tokens(source, where) {}

    /// Counts how deep the parser calls itself.
    class Nesting
    {
    public:
        explicit Nesting(ScriptExpressionParser& parser) : m_parser(parser)
        {
            if (++m_parser.m_depth > depthLimit)
                m_parser.m_tokens.fail(fmt::format("expressions and blocks nested at most {} deep", depthLimit), "more");
        }
        ~Nesting() { --m_parser.m_depth; }
        Nesting(const Nesting&) = delete;
        Nesting& operator=(const Nesting&) = delete;

    private:
        ScriptExpressionParser& m_parser;
    };

    const ScriptToken& token() const { return m_tokens.current(); }
    bool isAt(Token kind) const { return token().kind == kind; }

    bool accept(std::string_view symbol)
    {
        if (!token().is(symbol))
            return false;
        m_tokens.next();
        return true;
    }

    void expect(std::string_view symbol)
    {
        if (!accept(symbol))
            unexpected(symbol);
    }

    void expect(Token kind, std::string_view what)
    {
        if (!isAt(kind))
            unexpected(what);
        m_tokens.next();
    }

    [[noreturn]] void unexpected(std::string_view expected) const
    {
        m_tokens.fail(expected, token().text.empty() ? "the end of the line" : printable(token().text, 40));
    }

    std::string name()
    {
        if (!isAt(Token::Name))
            unexpected("a name");
        std::string result(token().text);
        m_tokens.next();
        return result;
    }

    ScriptExpression* make(Kind kind)
    {
        if (m_source.expressions.size() + m_source.statements.size() > partLimit)
            m_tokens.fail(fmt::format("at most {} expressions and statements", partLimit), "more");
        m_source.expressions.emplace_back().kind = kind;
        return &m_source.expressions.back();
    }

    Expression parseTuple();
    Expression parseExpression();
    Expression parseLevel(std::size_t level);
    std::string symbolOf(std::size_t level);
    Expression parseUnary();
    Expression parsePostfix();
    void parseArguments(ScriptExpression& call);
    Expression parseSubscript();
    Expression parseAtom();
    Expression parseNumber();
    Expression parseParentheses();
    void parseItems(ScriptExpression& list, std::string_view end);
    Expression parseDict();

    static constexpr int depthLimit = 400;
    static constexpr std::size_t partLimit = 4'000'000;

    ScriptTokens m_tokens;
    ScriptSource m_source;
    int m_depth = 0;
};

}
