// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/torchscript/scriptevaluator.h"

#include "core/formats/torchscript/scriptarithmetic.h"
#include "core/formats/torchscript/scriptbuiltins.h"
#include "core/formats/torchscript/scriptproblem.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::formats {

using Type = AtenValue::Type;
using Kind = ScriptExpression::Kind;
using StatementKind = ScriptStatement::Kind;

namespace {

constexpr int callLimit = 60, walkLimit = 400;
constexpr auto tooLong = "a graph of more than 200,000 operators, or one that takes too long to follow";
constexpr std::size_t stepLimit = 2'000'000, opLimit = 200'000;

bool isRaise(const ScriptStatement& statement)
{
    const ScriptExpression* call = statement.kind == StatementKind::Expression ? statement.value : nullptr;
    return call && call->is(Kind::Call) && call->base->is(Kind::Attribute) && call->base->text == "RaiseException";
}

/// Whether a block ends in an exception whichever way it goes.
bool alwaysRaises(const ScriptBlock& block)
{
    return std::any_of(block.begin(), block.end(), [](const ScriptStatement* statement) {
        return isRaise(*statement) || (statement->kind == StatementKind::If && !statement->body.empty() && !statement->orElse.empty() &&
                                       alwaysRaises(statement->body) && alwaysRaises(statement->orElse));
    });
}

bool isTensorType(const ScriptExpression* type)
{
    return !type || type->isName("Tensor");
}

/// List[Tensor], Tuple[Tensor, ...], Dict[str, Tensor]: one input of the model with several tensors in it.
bool holdsTensors(const ScriptExpression* type, int depth = 0)
{
    if (isTensorType(type))
        return true;
    return depth < walkLimit &&
           std::any_of(type->items.begin(), type->items.end(), [&](const ScriptExpression* item) { return holdsTensors(item, depth + 1); });
}

}

AtenValue ScriptEvaluator::run(std::shared_ptr<const ScriptModule> root, const std::vector<Shape>& shapes)
{
    const ScriptFunction* forward = root->type ? root->type->method("forward") : nullptr;
    if (!forward)
        scriptProblem("a module without a forward");
    Arguments arguments;
    arguments.values.push_back(AtenValue::ofObject(root));
    for (std::size_t i = 1; i < forward->arguments.size(); ++i) {
        const ScriptArgument& argument = forward->arguments[i];
        if (argument.fallback) {
            Frame empty;
            arguments.values.push_back(evaluate(*argument.fallback, empty));
        } else if (holdsTensors(argument.type)) {
            AtenValue input = m_graph.input(printable(argument.name), i - 1 < shapes.size() ? shapes[i - 1] : Shape());
            input.type = isTensorType(argument.type) ? Type::Tensor : Type::Unknown;
            arguments.values.push_back(std::move(input));
        } else {
            arguments.values.push_back(AtenValue::unknown());
        }
    }
    return invoke(*forward, std::move(arguments), &root->shown, 0);
}

AtenValue ScriptEvaluator::invoke(const ScriptFunction& function, Arguments arguments, const AtenModule* module, int invocation)
{
    if (m_depth >= callLimit)
        scriptProblem(fmt::format("functions that call each other more than {} deep", callLimit));
    Frame frame;
    frame.module = module;
    frame.invocation = invocation;
    for (std::size_t i = 0; i < function.arguments.size(); ++i) {
        const ScriptArgument& argument = function.arguments[i];
        const auto keyword = std::find_if(arguments.keywords.begin(), arguments.keywords.end(),
                                          [&](const auto& given) { return given.first == argument.name; });
        if (i < arguments.values.size())
            frame.names[argument.name] = arguments.values[i];
        else if (keyword != arguments.keywords.end())
            frame.names[argument.name] = keyword->second;
        else if (argument.fallback)
            frame.names[argument.name] = evaluate(*argument.fallback, frame);
        else
            scriptProblem(fmt::format("{} called without its argument {}", printable(function.name), printable(argument.name)));
    }
    ++m_depth;
    execute(function.body, frame);
    --m_depth;
    return std::move(frame.result);
}

ScriptEvaluator::Flow ScriptEvaluator::execute(const ScriptBlock& block, Frame& frame)
{
    for (const ScriptStatement* statement : block)
        if (const Flow flow = execute(*statement, frame); flow != Flow::Next)
            return flow;
    return Flow::Next;
}

ScriptEvaluator::Flow ScriptEvaluator::execute(const ScriptStatement& statement, Frame& frame)
{
    if (++m_steps > stepLimit || m_graph.size() > opLimit)
        scriptProblem(tooLong);
    if (m_steps % 1024 == 0)
        m_progress.report(0.5);
    switch (statement.kind) {
    case StatementKind::Expression:
        evaluate(*statement.value, frame);
        return Flow::Next;
    case StatementKind::Assign:
        assign(statement.targets, evaluate(*statement.value, frame), frame);
        return Flow::Next;
    case StatementKind::If:
        return executeIf(statement, frame);
    case StatementKind::While:
        return executeWhile(statement, frame);
    case StatementKind::For:
        return executeFor(statement, frame);
    case StatementKind::Return:
        frame.result = statement.value ? evaluate(*statement.value, frame) : AtenValue();
        return Flow::Return;
    case StatementKind::Break:
        return Flow::Break;
    case StatementKind::Continue:
        return Flow::Continue;
    case StatementKind::Pass:
        break;
    }
    return Flow::Next;
}

/// A check that raises passes on every input for which there is a result, so that the other way is the network's.
ScriptEvaluator::Flow ScriptEvaluator::executeIf(const ScriptStatement& statement, Frame& frame)
{
    const std::optional<bool> condition = scriptTruth(evaluate(*statement.value, frame));
    if (condition)
        return execute(*condition ? statement.body : statement.orElse, frame);
    if (alwaysRaises(statement.body))
        return execute(statement.orElse, frame);
    if (alwaysRaises(statement.orElse))
        return execute(statement.body, frame);
    opaque(statement, "if", frame);
    return Flow::Next;
}

ScriptEvaluator::Flow ScriptEvaluator::executeWhile(const ScriptStatement& statement, Frame& frame)
{
    while (true) {
        const std::optional<bool> condition = scriptTruth(evaluate(*statement.value, frame));
        if (!condition) {
            opaque(statement, "loop", frame);
            return Flow::Next;
        }
        if (!*condition)
            return Flow::Next;
        if (++m_steps > stepLimit)
            scriptProblem("a loop that does not end");
        const Flow flow = execute(statement.body, frame);
        if (flow == Flow::Return)
            return flow;
        if (flow == Flow::Break)
            return Flow::Next;
    }
}

ScriptEvaluator::Flow ScriptEvaluator::executeFor(const ScriptStatement& statement, Frame& frame)
{
    const AtenValue list = evaluate(*statement.value, frame);
    if (!list.isSequence() || list.items->isUnknown) {
        opaque(statement, "loop", frame);
        return Flow::Next;
    }
    const std::vector<AtenValue> values = list.items->values;
    for (const AtenValue& value : values) {
        if (++m_steps > stepLimit)
            scriptProblem(tooLong);
        assign(statement.targets, value, frame);
        const Flow flow = execute(statement.body, frame);
        if (flow == Flow::Return)
            return flow;
        if (flow == Flow::Break)
            break;
    }
    return Flow::Next;
}

void ScriptEvaluator::assign(const std::vector<Expression>& targets, const AtenValue& value, Frame& frame)
{
    if (targets.size() == 1 && !targets[0]->is(Kind::Tuple))
        return assignOne(*targets[0], value, frame);
    const auto& parts = targets.size() == 1 ? targets[0]->items : targets;
    if (value.isSequence() && !value.items->isUnknown && value.items->values.size() != parts.size())
        scriptProblem("values that are unpacked into more or fewer names");
    for (std::size_t i = 0; i < parts.size(); ++i)
        assignOne(*parts[i], scriptItem(value, AtenValue::ofInteger(static_cast<std::int64_t>(i))), frame);
}

void ScriptEvaluator::assignOne(const ScriptExpression& target, const AtenValue& value, Frame& frame)
{
    if (target.is(Kind::Name)) {
        frame.names.insert_or_assign(target.text, value);
        return;
    }
    if (target.is(Kind::Tuple) || target.is(Kind::List))
        return assign(target.items, value, frame);
    if (!target.is(Kind::Attribute) && !target.is(Kind::Subscript))
        scriptProblem("an assignment of an unknown form");
    const AtenValue owner = evaluate(*target.base, frame);
    if (target.is(Kind::Attribute)) {
        if (const auto* module = dynamic_cast<const ScriptModule*>(owner.object.get()))
            m_changed.insert_or_assign(module->shown.path + "." + target.text, value);
        else if (const auto* instance = dynamic_cast<const ScriptInstance*>(owner.object.get()))
            instance->fields.insert_or_assign(target.text, value);
        return;
    }
    if (!owner.items)
        scriptProblem("an assignment into a tensor");
    const AtenValue index = evaluate(*target.items[0], frame);
    auto& values = owner.items->values;
    if (owner.is(Type::List) && index.is(Type::Integer)) {
        const std::int64_t place = index.integer < 0 ? index.integer + static_cast<std::int64_t>(values.size()) : index.integer;
        if (place < 0 || place >= static_cast<std::int64_t>(values.size()))
            scriptProblem("an index that its list does not have");
        values[static_cast<std::size_t>(place)] = value;
        return;
    }
    if (!owner.is(Type::Dict) || index.is(Type::Unknown)) {
        owner.items->isUnknown = true;
        return;
    }
    for (std::size_t i = 0; i + 1 < values.size(); i += 2)
        if (const auto equal = scriptEqual(values[i], index); equal && *equal) {
            values[i + 1] = value;
            return;
        }
    values.push_back(index);
    values.push_back(value);
}

}
