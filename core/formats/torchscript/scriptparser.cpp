// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/torchscript/scriptparser.h"

#include "core/formats/torchscript/scriptexpressionparser.h"

namespace core::formats {

namespace {

class Parser : private ScriptExpressionParser
{
public:
    Parser(std::string_view source, const std::string& where) : ScriptExpressionParser(source, where) {}

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
};

}

ScriptSource parseScript(std::string_view source, const std::string& where)
{
    return Parser(source, where).parse();
}

}
