// SPDX-License-Identifier: GPL-3.0-or-later
// The part of ScriptEvaluator that keeps what cannot be decided as one operator.
#include "core/formats/torchscript/scriptevaluator.h"
#include "core/formats/torchscript/scriptproblem.h"

#include <fmt/format.h>
#include <set>

namespace core::formats {

using Type = AtenValue::Type;
using Kind = ScriptExpression::Kind;
using StatementKind = ScriptStatement::Kind;

namespace {

constexpr int walkLimit = 400;

/// The names that a piece of code reads and sets, and the lists that it changes.
struct Names
{
    std::set<std::string> read, set, changed;
    bool returns = false;

    void add(const ScriptExpression* expression, int depth = 0)
    {
        if (!expression || depth > walkLimit)
            return;
        if (expression->is(Kind::Name))
            read.insert(expression->text);
        const bool isMutation = expression->is(Kind::Call) && expression->base->is(Kind::Attribute) && !expression->items.empty() &&
                                expression->items[0]->is(Kind::Name);
        if (isMutation && !expression->base->text.starts_with("__"))
            changed.insert(expression->items[0]->text);
        add(expression->base, depth + 1);
        for (const ScriptExpression* item : expression->items)
            add(item, depth + 1);
        for (const auto& [name, value] : expression->keywords)
            add(value, depth + 1);
    }

    void add(const ScriptBlock& block)
    {
        for (const ScriptStatement* statement : block) {
            add(statement->value);
            for (const ScriptExpression* target : statement->targets)
                target->is(Kind::Name) ? static_cast<void>(set.insert(target->text)) : add(target);
            returns = returns || statement->kind == StatementKind::Return;
            add(statement->body);
            add(statement->orElse);
        }
    }
};

}

/// Code that runs or not, or some times: one operator in the graph, whose results are all names that the code sets.
void ScriptEvaluator::opaque(const ScriptStatement& statement, std::string_view name, Frame& frame)
{
    Names names;
    names.add(statement.value);
    names.add(statement.body);
    names.add(statement.orElse);
    if (names.returns)
        scriptProblem(fmt::format("a return that depends on the input (line {})", statement.line));
    AtenCall call{std::string(name), {}, frame.module, frame.invocation};
    for (const std::string& read : names.read)
        if (const auto value = frame.names.find(read); value != frame.names.end() && !value->second.object)
            call.arguments.emplace_back(read, value->second);
    for (const std::string& changed : names.changed)
        if (const auto value = frame.names.find(changed); value != frame.names.end() && value->second.items)
            value->second.items->isUnknown = true;
    const AtenValue result = m_graph.call(call);
    int output = 0;
    for (const std::string& set : names.set)
        frame.names.insert_or_assign(set, AtenValue::computed(Type::Unknown, result.value, output++));
}

}
