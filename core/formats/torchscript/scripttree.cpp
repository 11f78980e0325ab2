// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/torchscript/scripttree.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::formats {

using Type = PickleNode::Type;

namespace {

constexpr int depthLimit = 100;
constexpr std::size_t valueLimit = 2'000'000;

std::string joined(const std::string& path, const std::string& name)
{
    return path.empty() ? name : path + "." + name;
}

bool isNamed(const std::vector<std::string>& names, const std::string& name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// requires_grad behind the strides of _rebuild_tensor_v2, behind the quantiser of _rebuild_qtensor.
std::optional<bool> requiresGrad(const PickleNode& tensor)
{
    if (!tensor.is(Type::Object))
        return {};
    const std::size_t place = tensor.callable->is(Type::Global) && tensor.callable->name() == "_rebuild_qtensor" ? 5 : 4;
    const auto& arguments = tensor.arguments->items;
    if (place >= arguments.size() || !arguments[place]->is(Type::Bool))
        return {};
    return arguments[place]->integer != 0;
}

std::optional<Attribute> constant(const ScriptExpression& value)
{
    switch (value.kind) {
    case ScriptExpression::Kind::Integer:
        return Attribute(value.integer);
    case ScriptExpression::Kind::Real:
        return Attribute(value.real);
    case ScriptExpression::Kind::String:
        return Attribute(printable(value.text));
    case ScriptExpression::Kind::Name:
        if (value.text == "True" || value.text == "False")
            return Attribute(value.text == "True");
        return {};
    case ScriptExpression::Kind::Unary:
        if (value.text == "-" && value.items[0]->is(ScriptExpression::Kind::Integer))
            return Attribute(-value.items[0]->integer);
        if (value.text == "-" && value.items[0]->is(ScriptExpression::Kind::Real))
            return Attribute(-value.items[0]->real);
        return {};
    case ScriptExpression::Kind::Tuple:
    case ScriptExpression::Kind::List: {
        Ints numbers;
        for (const ScriptExpression* item : value.items)
            if (const auto number = constant(*item); number && std::holds_alternative<std::int64_t>(*number))
                numbers.push_back(std::get<std::int64_t>(*number));
        if (numbers.size() != value.items.size())
            return {};
        return Attribute(std::move(numbers));
    }
    default:
        return {};
    }
}

}

std::shared_ptr<const ScriptModule> ScriptTree::read(const PickleNode& root)
{
    auto module = isScriptClass(root) ? readModule(root, "", 0) : nullptr;
    if (!module) {
        module = std::make_shared<ScriptModule>();
        m_modules.push_back(&module->shown);
        readValue(*module, "value", root, 0);
    }
    m_parameters.finish();
    return module;
}

void ScriptTree::checkSize(int depth) const
{
    if (depth > depthLimit || m_values > valueLimit)
        throw Error("torch-module")
            .file(m_model.origin.path)
            .expected(fmt::format("at most {} values in modules nested {} deep", valueLimit, depthLimit))
            .found("more");
}

std::shared_ptr<ScriptModule> ScriptTree::readModule(const PickleNode& node, const std::string& path, int depth)
{
    checkSize(depth);
    auto module = std::make_shared<ScriptModule>();
    module->node = &node;
    module->className = node.callable->text;
    module->shown.path = path;
    const auto [package, name] = scriptClassName(module->className);
    module->shown.package = package;
    module->shown.className = name;
    m_modules.push_back(&module->shown);
    readType(*module);
    const PickleNode* state = node.state;
    if (state && state->is(Type::Dict)) {
        const auto attributes = torchAttributes(*state);
        for (const auto& [key, value] : attributes)
            module->shown.attributes.set(key, value);
        for (std::size_t i = 0; i < state->pairs(); ++i) {
            const PickleNode& key = *state->items[2 * i];
            const std::string own = printable(key.is(Type::String) ? key.text : describe(key));
            const PickleNode& value = *state->items[2 * i + 1];
            if (own == "training" && value.is(Type::Bool) && value.integer != 0)
                m_isTraining = true;
            if (isScriptClass(value))
                module->children.emplace(own, readModule(value, joined(path, own), depth + 1));
            else
                readValue(*module, own, value, depth);
        }
    } else if (state) {
        readValue(*module, "state", *state, depth);
    }
    const bool isContainer = package == "torch.nn.modules.container";
    const bool isTorch = !isContainer && (package.starts_with("torch.nn.modules") || package.starts_with("torch.ao.nn"));
    const auto isOwn = [](const auto& tensor) { return tensor.first.find('.') == std::string::npos; };
    // The whole model is a layer only where it is one of PyTorch's own.
    const bool isParametrized = package == "torch.nn.utils.parametrize" && module->shown.className.starts_with("Parametrized");
    module->shown.isLeaf = isParametrized || (module->children.empty() && (isTorch || !path.empty())) ||
                           (isTorch && std::any_of(module->tensors.begin(), module->tensors.end(), isOwn));
    return module;
}

/// What the class adds to the state: constants, and which tensors are parameters.
void ScriptTree::readType(ScriptModule& module)
{
    try {
        module.type = m_program.type(module.className);
    } catch (const Error& error) {
        if (!m_codeProblem)
            m_codeProblem = error;
        return;
    }
    for (std::size_t i = 0; module.type && i < module.type->fields.size(); ++i) {
        const ScriptField& field = module.type->fields[i];
        if (auto value = field.value && !field.name.starts_with('_') ? constant(*field.value) : std::nullopt)
            module.shown.attributes.set(printable(field.name), std::move(*value));
    }
}

/// Tensors anywhere in a module's attribute, named by their path.
void ScriptTree::readValue(ScriptModule& module, const std::string& own, const PickleNode& value, int depth)
{
    ++m_values;
    checkSize(depth);
    if (isTorchTensor(value))
        return addTensor(module, own, value);
    const auto readAll = [&](const std::vector<const PickleNode*>& items) {
        for (std::size_t i = 0; i < items.size(); ++i)
            readValue(module, fmt::format("{}.{}", own, i), *items[i], depth + 1);
    };
    if (value.is(Type::List) || value.is(Type::Tuple)) {
        readAll(value.items);
    } else if (value.is(Type::Dict)) {
        for (std::size_t i = 0; i < value.pairs(); ++i) {
            const PickleNode& key = *value.items[2 * i];
            readValue(module, own + "." + printable(key.is(Type::String) ? key.text : describe(key)), *value.items[2 * i + 1], depth + 1);
        }
    } else if (value.is(Type::Object)) {
        if (value.callable->is(Type::Global) && value.callable->module() == "torch.jit._pickle" && !value.arguments->items.empty())
            readValue(module, own, *value.arguments->items[0], depth + 1);
        else if (value.state)
            readValue(module, own, *value.state, depth + 1);
    }
}

void ScriptTree::addTensor(ScriptModule& module, const std::string& own, const PickleNode& tensor)
{
    const std::size_t dot = own.rfind('.'), first = m_model.parameters.size();
    const std::string role = dot == own.npos ? own : own.substr(dot + 1);
    module.tensors.emplace(own, m_parameters.add(joined(module.shown.path, own), atenLayerName(module.shown), role, tensor));
    const std::optional<bool> learns = requiresGrad(tensor);
    for (Parameter& parameter : std::span(m_model.parameters).subspan(first))
        parameter.trainable = module.type ? isNamed(module.type->parameters, own) && learns.value_or(true) : learns;
}

}
