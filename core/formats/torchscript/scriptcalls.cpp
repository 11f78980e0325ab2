// SPDX-License-Identifier: GPL-3.0-or-later
// The part of ScriptEvaluator that follows calls.
#include "core/formats/torchscript/scriptbuiltins.h"
#include "core/formats/torchscript/scriptevaluator.h"
#include "core/formats/torchscript/scriptproblem.h"
#include "core/formats/torchscript/scriptreference.h"

#include <fmt/format.h>

namespace core::formats {

using Type = AtenValue::Type;
using Kind = ScriptExpression::Kind;

std::string dottedName(const ScriptExpression& expression)
{
    std::string result;
    const ScriptExpression* part = &expression;
    for (; part->is(Kind::Attribute); part = part->base)
        result = "." + part->text + result;
    return part->is(Kind::Name) ? part->text + result : std::string();
}

bool isGlobalName(std::string_view path)
{
    for (const std::string_view root : {"torch", "ops", "__torch__", "CONSTANTS"})
        if (path.starts_with(root) && (path.size() == root.size() || path[root.size()] == '.'))
            return true;
    return false;
}

ScriptEvaluator::Arguments ScriptEvaluator::evaluateArguments(const ScriptExpression& call, Frame& frame)
{
    Arguments arguments;
    for (const ScriptExpression* item : call.items)
        arguments.values.push_back(evaluate(*item, frame));
    for (const auto& [name, value] : call.keywords)
        arguments.keywords.emplace_back(name, evaluate(*value, frame));
    return arguments;
}

AtenValue ScriptEvaluator::evaluateCall(const ScriptExpression& expression, Frame& frame)
{
    const ScriptExpression& callee = *expression.base;
    if (callee.is(Kind::Name) && !frame.names.contains(callee.text))
        return callPlain(expression, frame);
    const std::string path = dottedName(callee);
    if (isGlobalName(path) && !frame.names.contains(path.substr(0, path.find('.'))))
        return callGlobal(path, evaluateArguments(expression, frame), frame);
    if (callee.is(Kind::Attribute)) {
        const AtenValue object = evaluate(*callee.base, frame);
        return callMethod(object, callee.text, evaluateArguments(expression, frame), frame);
    }
    const AtenValue function = evaluate(callee, frame);
    const auto* known = dynamic_cast<const ScriptReference*>(function.object.get());
    if (!known)
        scriptProblem("a call of a function that is chosen while the network runs");
    return callGlobal(known->name, evaluateArguments(expression, frame), frame);
}

/// annotate(Type, value), int(value), getattr(self, "0"): what is written without a module's name.
AtenValue ScriptEvaluator::callPlain(const ScriptExpression& expression, Frame& frame)
{
    const std::string& name = expression.base->text;
    const auto& items = expression.items;
    if ((name == "annotate" || name == "unchecked_cast" || name == "_unchecked_cast") && items.size() == 2)
        return evaluate(*items[1], frame);
    if (name == "uninitialized" || name == "isinstance" || name == "hasattr")
        return AtenValue::unknown();
    if (name == "getattr" && items.size() >= 2) {
        const AtenValue attribute = evaluate(*items[1], frame);
        return attributeOf(evaluate(*items[0], frame), attribute.text);
    }
    return callOperator(name, evaluateArguments(expression, frame), frame);
}

AtenValue ScriptEvaluator::callGlobal(const std::string& path, Arguments arguments, Frame& frame)
{
    const std::string last = path.substr(path.rfind('.') + 1);
    if (!path.starts_with("__torch__."))
        return callOperator(last, arguments, frame);
    if (const ScriptFunction* function = m_program.function(path))
        return invoke(*function, std::move(arguments), frame.module, frame.invocation);
    const bool makesNew = last == "__new__";
    const std::string className = makesNew ? path.substr(0, path.size() - 8) : path;
    const ScriptClass* type = m_program.type(className);
    if (!type)
        scriptProblem(fmt::format("{}, which is not in the archive's code", printable(path)));
    auto instance = std::make_shared<ScriptInstance>();
    instance->type = type;
    if (type->base == "NamedTuple") {
        for (auto& [name, value] : arguments.keywords)
            arguments.values.push_back(std::move(value));
        AtenValue tuple = AtenValue::ofItems(Type::Tuple, std::move(arguments.values));
        tuple.object = std::move(instance);
        return tuple;
    }
    AtenValue object = AtenValue::ofObject(std::move(instance));
    if (!makesNew && type->method("__init__"))
        callMethod(object, "__init__", std::move(arguments), frame);
    return object;
}

AtenValue ScriptEvaluator::callMethod(const AtenValue& object, const std::string& name, Arguments arguments, Frame& frame)
{
    const auto* module = dynamic_cast<const ScriptModule*>(object.object.get());
    const auto* instance = dynamic_cast<const ScriptInstance*>(object.object.get());
    const ScriptClass* type = module ? module->type : instance ? instance->type : nullptr;
    if (const ScriptFunction* method = type ? type->method(name) : nullptr) {
        arguments.values.insert(arguments.values.begin(), object);
        if (instance)
            return invoke(*method, std::move(arguments), frame.module, frame.invocation);
        const bool isSame = frame.module == &module->shown;
        return invoke(*method, std::move(arguments), &module->shown, isSame ? frame.invocation : ++m_invocations);
    }
    if (const auto* known = dynamic_cast<const ScriptReference*>(object.object.get()))
        return callGlobal(known->name + "." + name, std::move(arguments), frame);
    if (module || instance)
        scriptProblem(fmt::format("the method {}, which is not in the archive's code", printable(name)));
    arguments.values.insert(arguments.values.begin(), object);
    return callOperator(name, arguments, frame);
}

AtenValue ScriptEvaluator::callOperator(const std::string& name, const Arguments& arguments, Frame& frame)
{
    if (auto value = arguments.keywords.empty() ? scriptBuiltin(name, arguments.values, m_graph) : std::nullopt) {
        const bool isNew = value->items && (arguments.values.empty() || value->items != arguments.values[0].items);
        m_steps += isNew ? value->items->values.size() : 0; // a list that is made takes as long as so many statements
        return *value;
    }
    AtenCall call{name, {}, frame.module, frame.invocation};
    for (const AtenValue& value : arguments.values)
        call.arguments.emplace_back("", value);
    for (const auto& [keyword, value] : arguments.keywords)
        call.arguments.emplace_back(keyword, value);
    return m_graph.call(call);
}

}
