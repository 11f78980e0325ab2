// SPDX-License-Identifier: GPL-3.0-or-later
// The part of ScriptEvaluator that finds values of expressions.
#include "core/formats/torchscript/scriptarithmetic.h"
#include "core/formats/torchscript/scriptbuiltins.h"
#include "core/formats/torchscript/scriptevaluator.h"
#include "core/formats/torchscript/scriptproblem.h"
#include "core/formats/torchscript/scriptreference.h"

#include <array>
#include <charconv>
#include <cmath>
#include <fmt/format.h>

namespace core::formats {

using Type = AtenValue::Type;
using Kind = ScriptExpression::Kind;

namespace {

constexpr int nodeDepthLimit = 50;

AtenValue reference(std::string name)
{
    return AtenValue::ofObject(std::make_shared<ScriptReference>(std::move(name)));
}

/// Operators written as in Python, by the functions that TorchScript gives them.
std::string functionOf(const std::string& symbol, bool isUnary)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 18> names{{{"+", "add"},
                                                                                   {"-", "sub"},
                                                                                   {"*", "mul"},
                                                                                   {"/", "div"},
                                                                                   {"//", "floordiv"},
                                                                                   {"%", "remainder"},
                                                                                   {"**", "pow"},
                                                                                   {"@", "matmul"},
                                                                                   {"==", "eq"},
                                                                                   {"!=", "ne"},
                                                                                   {"<", "lt"},
                                                                                   {"<=", "le"},
                                                                                   {">", "gt"},
                                                                                   {">=", "ge"},
                                                                                   {"is", "__is__"},
                                                                                   {"is not", "__isnot__"},
                                                                                   {"&", "__and__"},
                                                                                   {"|", "__or__"}}};
    if (isUnary)
        return symbol == "not" ? "__not__" : symbol == "-" ? "neg" : symbol == "+" ? "" : "bitwise_not";
    for (const auto& [written, function] : names)
        if (written == symbol)
            return std::string(function);
    return symbol;
}

}

AtenValue ScriptEvaluator::evaluate(const ScriptExpression& expression, Frame& frame)
{
    switch (expression.kind) {
    case Kind::Name:
        return evaluateName(expression, frame);
    case Kind::Integer:
        return AtenValue::ofInteger(expression.integer);
    case Kind::Real:
        return AtenValue::ofReal(expression.real);
    case Kind::String:
        return AtenValue::ofString(expression.text);
    case Kind::Attribute:
        return evaluateAttribute(expression, frame);
    case Kind::Call:
        return evaluateCall(expression, frame);
    case Kind::Subscript:
        return evaluateSubscript(expression, frame);
    case Kind::Slice:
        scriptProblem("a slice where a value should be");
    case Kind::List:
    case Kind::Tuple:
    case Kind::Dict:
        return evaluateItems(expression, frame);
    case Kind::Unary:
    case Kind::Binary:
    case Kind::Ternary:
        return evaluateOperator(expression, frame);
    }
    return AtenValue::unknown();
}

AtenValue ScriptEvaluator::evaluateName(const ScriptExpression& expression, const Frame& frame) const
{
    const std::string& name = expression.text;
    if (const auto local = frame.names.find(name); local != frame.names.end())
        return local->second;
    if (name == "None")
        return {};
    if (name == "True" || name == "False")
        return AtenValue::ofBool(name == "True");
    if (name == "inf" || name == "infj")
        return AtenValue::ofReal(INFINITY);
    if (name == "nan" || name == "nanj")
        return AtenValue::ofReal(NAN);
    if (isGlobalName(name))
        return reference(name);
    scriptProblem(fmt::format("the name {}, which nothing set", printable(name)));
}

AtenValue ScriptEvaluator::evaluateAttribute(const ScriptExpression& expression, Frame& frame)
{
    const std::string path = dottedName(expression);
    if (path.starts_with("CONSTANTS.c") && !frame.names.contains("CONSTANTS")) {
        std::size_t index = 0;
        const char* end = path.data() + path.size();
        const auto parsed = std::from_chars(path.data() + 11, end, index);
        if (parsed.ec != std::errc() || parsed.ptr != end || index >= m_constants.size())
            scriptProblem(fmt::format("{}, which constants.pkl does not have", printable(path)));
        return m_constants[index].empty() ? AtenValue::unknown() : AtenValue::ofParameter(m_constants[index]);
    }
    if (isGlobalName(path) && !frame.names.contains(path.substr(0, path.find('.'))))
        return reference(path);
    return attributeOf(evaluate(*expression.base, frame), expression.text);
}

AtenValue ScriptEvaluator::attributeOf(const AtenValue& object, const std::string& name)
{
    if (const auto* module = dynamic_cast<const ScriptModule*>(object.object.get()))
        return moduleAttribute(*module, name);
    if (const auto* instance = dynamic_cast<const ScriptInstance*>(object.object.get())) {
        if (const auto field = instance->fields.find(name); field != instance->fields.end())
            return field->second;
        if (object.items && instance->type) // a named tuple
            for (std::size_t i = 0; i < instance->type->fields.size() && i < object.items->values.size(); ++i)
                if (instance->type->fields[i].name == name)
                    return object.items->values[i];
    }
    return object.isComputed() ? AtenValue::computed(Type::Unknown, object.value) : AtenValue::unknown();
}

AtenValue ScriptEvaluator::moduleAttribute(const ScriptModule& module, const std::string& name)
{
    if (const auto changed = m_changed.find(module.shown.path + "." + name); changed != m_changed.end())
        return changed->second;
    if (const auto child = module.children.find(name); child != module.children.end())
        return AtenValue::ofObject(child->second);
    if (name == "training") // networks are shown as they are used
        return AtenValue::ofBool(false);
    const PickleNode* state = module.node ? module.node->state : nullptr;
    if (const PickleNode* value = state ? state->value(name) : nullptr)
        return ofNode(module, name, *value, 0);
    for (std::size_t i = 0; module.type && i < module.type->fields.size(); ++i)
        if (const ScriptField& field = module.type->fields[i]; field.name == name && field.value) {
            Frame empty;
            return evaluate(*field.value, empty);
        }
    return AtenValue::unknown();
}

/// A pickled attribute; tensors by the names under which they were added.
AtenValue ScriptEvaluator::ofNode(const ScriptModule& module, const std::string& own, const PickleNode& node, int depth) const
{
    using Node = PickleNode::Type;
    const auto tensor = module.tensors.find(own);
    if (tensor != module.tensors.end())
        return AtenValue::ofParameter(tensor->second);
    if (depth > nodeDepthLimit)
        return AtenValue::unknown();
    switch (node.type) {
    case Node::None:
        return {};
    case Node::Bool:
        return AtenValue::ofBool(node.integer != 0);
    case Node::Int:
        return AtenValue::ofInteger(node.integer);
    case Node::Float:
        return AtenValue::ofReal(node.real);
    case Node::String:
        return AtenValue::ofString(node.text);
    case Node::List:
    case Node::Tuple: {
        std::vector<AtenValue> values;
        for (std::size_t i = 0; i < node.items.size(); ++i)
            values.push_back(ofNode(module, fmt::format("{}.{}", own, i), *node.items[i], depth + 1));
        return AtenValue::ofItems(node.is(Node::List) ? Type::List : Type::Tuple, std::move(values));
    }
    case Node::Dict: {
        std::vector<AtenValue> values;
        for (std::size_t i = 0; i < node.pairs(); ++i) {
            const PickleNode& key = *node.items[2 * i];
            const std::string part = printable(key.is(Node::String) ? key.text : describe(key));
            values.push_back(ofNode(module, own, key, depth + 1));
            values.push_back(ofNode(module, own + "." + part, *node.items[2 * i + 1], depth + 1));
        }
        return AtenValue::ofItems(Type::Dict, std::move(values));
    }
    case Node::Object:
        if (node.callable->is(Node::Global) && node.callable->module() == "torch.jit._pickle" && !node.arguments->items.empty())
            return ofNode(module, own, *node.arguments->items[0], depth + 1);
        return AtenValue::unknown();
    default:
        return AtenValue::unknown();
    }
}

AtenValue ScriptEvaluator::evaluateSubscript(const ScriptExpression& expression, Frame& frame)
{
    const AtenValue value = evaluate(*expression.base, frame);
    const ScriptExpression& index = *expression.items[0];
    if (!index.is(Kind::Slice))
        return scriptItem(value, evaluate(index, frame));
    Arguments arguments;
    arguments.values.push_back(value);
    for (const ScriptExpression* part : index.items)
        arguments.values.push_back(part ? evaluate(*part, frame) : AtenValue());
    return callOperator("slice", arguments, frame);
}

AtenValue ScriptEvaluator::evaluateItems(const ScriptExpression& expression, Frame& frame)
{
    std::vector<AtenValue> values;
    for (const ScriptExpression* item : expression.items)
        values.push_back(evaluate(*item, frame));
    const Type type = expression.is(Kind::List) ? Type::List : expression.is(Kind::Tuple) ? Type::Tuple : Type::Dict;
    return AtenValue::ofItems(type, std::move(values));
}

AtenValue ScriptEvaluator::evaluateOperator(const ScriptExpression& expression, Frame& frame)
{
    if (expression.is(Kind::Ternary)) {
        const auto condition = scriptTruth(evaluate(*expression.items[1], frame));
        return condition ? evaluate(*expression.items[*condition ? 0 : 2], frame) : AtenValue::unknown();
    }
    AtenValue first = evaluate(*expression.items[0], frame);
    if (expression.text == "and" || expression.text == "or") {
        const auto truth = scriptTruth(first);
        if (truth && *truth == (expression.text == "or"))
            return first;
        AtenValue second = evaluate(*expression.items[1], frame);
        return truth ? second : AtenValue::unknown();
    }
    const std::string function = functionOf(expression.text, expression.is(Kind::Unary));
    if (function.empty())
        return first;
    Arguments arguments;
    arguments.values.push_back(std::move(first));
    if (expression.is(Kind::Binary))
        arguments.values.push_back(evaluate(*expression.items[1], frame));
    if (function != "in" && function != "not in")
        return callOperator(function, arguments, frame);
    std::swap(arguments.values[0], arguments.values[1]);
    const auto contains = scriptTruth(callOperator("__contains__", arguments, frame));
    return contains ? AtenValue::ofBool(*contains == (function == "in")) : AtenValue::unknown();
}

}
