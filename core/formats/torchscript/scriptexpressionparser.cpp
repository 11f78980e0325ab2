// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/torchscript/scriptexpressionparser.h"

#include <array>
#include <charconv>
#include <span>

namespace core::formats {

namespace {

/// Symbols of one precedence, weakest first.
constexpr std::array<std::string_view, 1> orWords{"or"}, andWords{"and"};
constexpr std::array<std::string_view, 8> comparisons{"==", "!=", "<", ">", "<=", ">=", "is", "in"};
constexpr std::array<std::string_view, 3> bitwise{"|", "&", "^"};
constexpr std::array<std::string_view, 4> sums{"+", "-", "<<", ">>"};
constexpr std::array<std::string_view, 5> products{"*", "/", "//", "%", "@"};
constexpr std::array<std::span<const std::string_view>, 6> levels{orWords, andWords, comparisons, bitwise, sums, products};

}

/// One expression, or several with commas.
ScriptExpressionParser::Expression ScriptExpressionParser::parseTuple()
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

ScriptExpressionParser::Expression ScriptExpressionParser::parseExpression()
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

ScriptExpressionParser::Expression ScriptExpressionParser::parseLevel(std::size_t level)
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
std::string ScriptExpressionParser::symbolOf(std::size_t level)
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

ScriptExpressionParser::Expression ScriptExpressionParser::parseUnary()
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

ScriptExpressionParser::Expression ScriptExpressionParser::parsePostfix()
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

void ScriptExpressionParser::parseArguments(ScriptExpression& call)
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
ScriptExpressionParser::Expression ScriptExpressionParser::parseSubscript()
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

ScriptExpressionParser::Expression ScriptExpressionParser::parseAtom()
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

ScriptExpressionParser::Expression ScriptExpressionParser::parseNumber()
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

ScriptExpressionParser::Expression ScriptExpressionParser::parseParentheses()
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

void ScriptExpressionParser::parseItems(ScriptExpression& list, std::string_view end)
{
    while (!token().is(end)) {
        list.items.push_back(parseExpression());
        if (!accept(","))
            break;
    }
    expect(end);
}

ScriptExpressionParser::Expression ScriptExpressionParser::parseDict()
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

}
