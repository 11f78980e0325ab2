// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/torchscript/scriptparser.h"

#include "core/base/error.h"
#include "core/formats/torchscript/scripttokens.h"

#include <array>
#include <charconv>
#include <cstdlib>
#include <fmt/format.h>
#include <span>

namespace core::formats {

using Token = ScriptToken::Kind;
using Kind = ScriptExpression::Kind;
using Expression = const ScriptExpression*;

namespace {

constexpr int depthLimit = 400;
constexpr std::size_t partLimit = 4'000'000;

/// Symbols of one precedence, weakest first.
constexpr std::array<std::string_view, 1> orWords{"or"}, andWords{"and"};
constexpr std::array<std::string_view, 8> comparisons{"==", "!=", "<", ">", "<=", ">=", "is", "in"};
constexpr std::array<std::string_view, 3> bitwise{"|", "&", "^"};
constexpr std::array<std::string_view, 4> sums{"+", "-", "<<", ">>"};
constexpr std::array<std::string_view, 5> products{"*", "/", "//", "%", "@"};
constexpr std::array<std::span<const std::string_view>, 6> levels{orWords, andWords, comparisons, bitwise, sums, products};

class Parser
{
public:
    Parser(std::string_view source, const std::string& where) : m_tokens(source, where) {}

    ScriptSource parse()
    {
        while (!isAt(Token::End)) {
            if (token().is("class"))
                parseClass();
            else if (token().is("def"))
                addFunction(m_source.functions);
            else
                parseStatement();
        }
        return std::move(m_source);
    }

private:
    /// Counts how deep the parser calls itself.
    class Nesting
    {
    public:
        explicit Nesting(Parser& parser) : m_parser(parser)
        {
            if (++m_parser.m_depth > depthLimit)
                m_parser.m_tokens.fail(fmt::format("expressions and blocks nested at most {} deep", depthLimit), "more");
        }
        ~Nesting() { --m_parser.m_depth; }
        Nesting(const Nesting&) = delete;
        Nesting& operator=(const Nesting&) = delete;

    private:
        Parser& m_parser;
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

    // class and def

    void parseClass()
    {
        expect("class");
        ScriptClass type;
        type.name = name();
        if (accept("(")) {
            if (!token().is(")"))
                type.base = dotted(parseExpression());
            expect(")");
        }
        expect(":");
        expect(Token::NewLine, "a class' body");
        expect(Token::Indent, "a class' body");
        while (!isAt(Token::Dedent) && !isAt(Token::End)) {
            if (token().is("def"))
                addFunction(type.methods);
            else
                parseField(type);
        }
        if (isAt(Token::Dedent))
            m_tokens.next();
        m_source.classes.insert_or_assign(type.name, std::move(type));
    }

    static std::string dotted(Expression expression) { return expression->is(Kind::Name) ? expression->text : std::string(); }

    /// x : Type [= value] | __parameters__ = [...] | __annotations__["0"] = Type | pass
    void parseField(ScriptClass& type)
    {
        if (accept("pass"))
            return expect(Token::NewLine, "the end of the line");
        const Expression target = parseExpression();
        ScriptField field;
        if (target->is(Kind::Subscript) && target->base->isName("__annotations__") && target->items[0]->is(Kind::String))
            field.name = target->items[0]->text;
        else if (target->is(Kind::Name))
            field.name = target->text;
        if (accept(":"))
            field.type = parseExpression();
        if (accept("="))
            field.value = parseTuple();
        expect(Token::NewLine, "the end of the line");
        if (field.name == "__parameters__" || field.name == "__buffers__")
            for (const Expression item : field.value ? field.value->items : std::vector<Expression>())
                (field.name == "__buffers__" ? type.buffers : type.parameters).push_back(item->text);
        else if (target->is(Kind::Subscript))
            type.fields.push_back({field.name, field.value, nullptr});
        else if (!field.name.empty() && field.name != "__annotations__")
            type.fields.push_back(std::move(field));
    }

    void addFunction(std::unordered_map<std::string, ScriptFunction>& functions)
    {
        expect("def");
        ScriptFunction function;
        function.name = name();
        expect("(");
        while (!token().is(")")) {
            if (accept("*") && accept(","))
                continue;
            ScriptArgument argument;
            argument.name = name();
            if (accept(":"))
                argument.type = parseExpression();
            if (accept("="))
                argument.fallback = parseExpression();
            function.arguments.push_back(std::move(argument));
            if (!accept(","))
                break;
        }
        expect(")");
        if (accept("->"))
            parseExpression();
        function.body = parseBlock();
        functions.insert_or_assign(function.name, std::move(function));
    }

    // statements

    ScriptBlock parseBlock()
    {
        const Nesting nesting(*this);
        ScriptBlock block;
        expect(":");
        if (!isAt(Token::NewLine)) {
            block.push_back(parseStatement());
            return block;
        }
        m_tokens.next();
        expect(Token::Indent, "an indented block");
        while (!isAt(Token::Dedent) && !isAt(Token::End))
            block.push_back(parseStatement());
        if (isAt(Token::Dedent))
            m_tokens.next();
        return block;
    }

    const ScriptStatement* parseStatement()
    {
        if (m_source.expressions.size() + m_source.statements.size() > partLimit)
            m_tokens.fail(fmt::format("at most {} expressions and statements", partLimit), "more");
        ScriptStatement& statement = m_source.statements.emplace_back();
        statement.line = token().line;
        if (accept("if"))
            parseIf(statement);
        else if (accept("while"))
            parseWhile(statement);
        else if (accept("for"))
            parseFor(statement);
        else
            parseSimple(statement);
        return &statement;
    }

    void parseIf(ScriptStatement& statement)
    {
        statement.kind = ScriptStatement::Kind::If;
        statement.value = parseExpression();
        statement.body = parseBlock();
        if (token().is("elif")) {
            const Nesting nesting(*this);
            ScriptStatement& inner = m_source.statements.emplace_back();
            inner.line = token().line;
            m_tokens.next();
            parseIf(inner);
            statement.orElse = {&inner};
        } else if (accept("else")) {
            statement.orElse = parseBlock();
        }
    }

    void parseWhile(ScriptStatement& statement)
    {
        statement.kind = ScriptStatement::Kind::While;
        statement.value = parseExpression();
        statement.body = parseBlock();
    }

    void parseFor(ScriptStatement& statement)
    {
        statement.kind = ScriptStatement::Kind::For;
        do
            statement.targets.push_back(parsePostfix());
        while (accept(",") && !token().is("in"));
        expect("in");
        statement.value = parseExpression();
        statement.body = parseBlock();
    }

    void parseSimple(ScriptStatement& statement)
    {
        using StatementKind = ScriptStatement::Kind;
        if (accept("pass")) {
            statement.kind = StatementKind::Pass;
        } else if (accept("break")) {
            statement.kind = StatementKind::Break;
        } else if (accept("continue")) {
            statement.kind = StatementKind::Continue;
        } else if (accept("return")) {
            statement.kind = StatementKind::Return;
            if (!isAt(Token::NewLine))
                statement.value = parseTuple();
        } else {
            statement.kind = StatementKind::Expression;
            statement.value = parseTuple();
            if (accept(":")) // x : Type = value
                parseExpression();
            if (accept("=")) {
                statement.kind = StatementKind::Assign;
                statement.targets = statement.value->is(Kind::Tuple) ? statement.value->items : std::vector{statement.value};
                statement.value = parseTuple();
            }
        }
        expect(Token::NewLine, "the end of the line");
    }

    // expressions

    /// One expression, or several with commas.
    Expression parseTuple()
    {
        const Expression first = parseExpression();
        if (!token().is(","))
            return first;
        ScriptExpression* tuple = make(Kind::Tuple);
        tuple->items.push_back(first);
        while (accept(",") && !isAt(Token::NewLine) && !token().is("="))
            tuple->items.push_back(parseExpression());
        return tuple;
    }

    Expression parseExpression()
    {
        const Nesting nesting(*this);
        const Expression value = parseLevel(0);
        if (!accept("if"))
            return value;
        ScriptExpression* ternary = make(Kind::Ternary);
        ternary->items = {value, parseLevel(0), nullptr};
        expect("else");
        ternary->items[2] = parseExpression();
        return ternary;
    }

    Expression parseLevel(std::size_t level)
    {
        if (level == levels.size())
            return parseUnary();
        Expression left = parseLevel(level + 1);
        for (std::string symbol = symbolOf(level); !symbol.empty(); symbol = symbolOf(level)) {
            ScriptExpression* binary = make(Kind::Binary);
            binary->text = symbol;
            binary->items = {left, parseLevel(level + 1)};
            left = binary;
        }
        return left;
    }

    /// Takes an operator of that precedence; empty when there is none. "is not" and "not in" are one.
    std::string symbolOf(std::size_t level)
    {
        if (level == 2 && accept("not")) {
            expect("in");
            return "not in";
        }
        for (const std::string_view symbol : levels[level])
            if (accept(symbol))
                return symbol == "is" && accept("not") ? "is not" : std::string(symbol);
        return {};
    }

    Expression parseUnary()
    {
        const Nesting nesting(*this);
        for (const std::string_view symbol : {"-", "+", "~", "not"})
            if (accept(symbol)) {
                ScriptExpression* unary = make(Kind::Unary);
                unary->text = symbol;
                unary->items = {symbol == "not" ? parseLevel(2) : parseUnary()};
                return unary;
            }
        const Expression value = parsePostfix();
        if (!accept("**"))
            return value;
        ScriptExpression* power = make(Kind::Binary);
        power->text = "**";
        power->items = {value, parseUnary()};
        return power;
    }

    Expression parsePostfix()
    {
        Expression value = parseAtom();
        while (true) {
            ScriptExpression* outer = nullptr;
            if (accept(".")) {
                outer = make(Kind::Attribute);
                outer->text = name();
            } else if (accept("(")) {
                outer = make(Kind::Call);
                parseArguments(*outer);
            } else if (accept("[")) {
                outer = make(Kind::Subscript);
                outer->items = {parseSubscript()};
                expect("]");
            } else {
                return value;
            }
            outer->base = value;
            value = outer;
        }
    }

    void parseArguments(ScriptExpression& call)
    {
        while (!token().is(")")) {
            const Expression value = parseExpression();
            if (value->is(Kind::Name) && accept("="))
                call.keywords.emplace_back(value->text, parseExpression());
            else
                call.items.push_back(value);
            if (!accept(","))
                break;
        }
        expect(")");
    }

    /// An index, a slice, or several (types such as Tuple[int, int], Callable[[int], int]).
    Expression parseSubscript()
    {
        Expression first = token().is(":") ? nullptr : parseExpression();
        if (token().is(":")) {
            ScriptExpression* slice = make(Kind::Slice);
            slice->items = {first, nullptr, nullptr};
            for (std::size_t part = 1; part < 3 && accept(":"); ++part)
                if (!token().is(":") && !token().is("]"))
                    slice->items[part] = parseExpression();
            return slice;
        }
        if (!token().is(","))
            return first;
        ScriptExpression* tuple = make(Kind::Tuple);
        tuple->items.push_back(first);
        while (accept(",") && !token().is("]"))
            tuple->items.push_back(parseExpression());
        return tuple;
    }

    Expression parseAtom()
    {
        const ScriptToken at = token();
        if (at.kind == Token::Name) {
            ScriptExpression* result = make(Kind::Name);
            result->text = name();
            return result;
        }
        if (at.kind == Token::Number)
            return parseNumber();
        if (at.kind == Token::String) {
            ScriptExpression* result = make(Kind::String);
            for (; isAt(Token::String); m_tokens.next())
                result->text += unquoted(token().text);
            return result;
        }
        if (accept("("))
            return parseParentheses();
        if (accept("[")) {
            ScriptExpression* list = make(Kind::List);
            parseItems(*list, "]");
            return list;
        }
        if (accept("{"))
            return parseDict();
        unexpected("an expression");
    }

    Expression parseNumber()
    {
        const std::string text(token().text);
        m_tokens.next();
        ScriptExpression* result = make(Kind::Integer);
        const auto parsed = std::from_chars(text.data(), text.data() + text.size(), result->integer);
        if (parsed.ec == std::errc() && parsed.ptr == text.data() + text.size())
            return result;
        result->kind = Kind::Real;
        const auto real = std::from_chars(text.data(), text.data() + text.size(), result->real);
        if (real.ec != std::errc() || real.ptr != text.data() + text.size())
            m_tokens.fail("a number", printable(text, 40));
        return result;
    }

    Expression parseParentheses()
    {
        ScriptExpression* tuple = make(Kind::Tuple);
        if (accept(")"))
            return tuple;
        const Expression first = parseExpression();
        if (accept(")"))
            return first;
        tuple->items.push_back(first);
        expect(",");
        parseItems(*tuple, ")");
        return tuple;
    }

    void parseItems(ScriptExpression& list, std::string_view end)
    {
        while (!token().is(end)) {
            list.items.push_back(parseExpression());
            if (!accept(","))
                break;
        }
        expect(end);
    }

    Expression parseDict()
    {
        ScriptExpression* dict = make(Kind::Dict);
        while (!token().is("}")) {
            dict->items.push_back(parseExpression());
            expect(":");
            dict->items.push_back(parseExpression());
            if (!accept(","))
                break;
        }
        expect("}");
        return dict;
    }

    ScriptTokens m_tokens;
    ScriptSource m_source;
    int m_depth = 0;
};

}

ScriptSource parseScript(std::string_view source, const std::string& where)
{
    return Parser(source, where).parse();
}

}
