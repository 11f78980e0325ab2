// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/pt2/pt2graph.h"
#include "core/base/held.h"

#include <algorithm>

namespace core::formats {

using Type = AtenValue::Type;

namespace {

struct Call
{
    std::string key, path, className;
};

std::string part(const std::string& text, char separator, std::size_t& from)
{
    const std::size_t end = std::min(text.find(separator, from), text.size());
    std::string result = text.substr(from, end - from);
    from = end + 1;
    return result;
}

/// "key,path,class;key,path,class;...": the modules around a node, the outermost first.
std::vector<Call> moduleStack(const Json& node)
{
    std::vector<Call> stack;
    const Json& text = pt2Member(pt2Member(node, "metadata"), "nn_module_stack");
    if (!text.is_string())
        return stack;
    const std::string all = text.get<std::string>();
    for (std::size_t at = 0; at < all.size();) {
        const std::string entry = part(all, ';', at);
        std::size_t from = 0;
        Call call{part(entry, ',', from), "", ""};
        call.path = from <= entry.size() ? part(entry, ',', from) : "";
        call.className = from <= entry.size() ? part(entry, ',', from) : "";
        stack.push_back(std::move(call));
    }
    return stack;
}

std::string textOf(const Json& json, const char* key)
{
    const Json& value = pt2Member(json, key);
    return value.is_string() ? value.get<std::string>() : std::string();
}

/// "conv2d" of "torch.ops.aten.conv2d.default".
std::string operatorName(const Json& node)
{
    std::string target = textOf(node, "target");
    if (target.starts_with("torch.ops.aten."))
        target = target.substr(0, target.rfind('.'));
    return printable(target.substr(target.rfind('.') + 1), 80);
}

}

const Json& pt2Member(const Json& json, const char* key)
{
    static const Json none;
    const auto found = json.is_object() ? json.find(key) : json.end();
    return json.is_object() && found != json.end() ? *found : none;
}

Shape pt2Sizes(const Json& sizes)
{
    Shape shape;
    for (const Json& size : sizes) {
        const Json& number = pt2Member(size, "as_int");
        shape.push_back(number.is_number_integer() ? number.get<std::int64_t>() : -1);
    }
    return shape;
}

void Pt2Graph::read(const Json& module)
{
    const Json& graph = pt2Member(module, "graph");
    const Json& nodes = pt2Member(graph, "nodes");
    readInputs(pt2Member(module, "signature"), pt2Member(graph, "tensor_values"));
    readModules(nodes);
    for (const Json& node : nodes)
        readNode(node);
    std::vector<AtenValue> results;
    for (const Json& spec : pt2Member(pt2Member(module, "signature"), "output_specs"))
        if (const Json& output = pt2Member(spec, "user_output"); output.is_object())
            results.push_back(argument(pt2Member(output, "arg")));
    m_graph.finish(AtenValue::ofItems(Type::Tuple, std::move(results)), m_order);
}

void Pt2Graph::readInputs(const Json& signature, const Json& tensors)
{
    constexpr std::pair<const char*, const char*> kinds[] = {
        {"parameter", "parameter_name"}, {"buffer", "buffer_name"}, {"tensor_constant", "tensor_constant_name"}};
    for (const Json& spec : pt2Member(signature, "input_specs")) {
        for (const auto& [kind, key] : kinds)
            if (const Json& held = pt2Member(spec, kind); held.is_object())
                m_values.insert_or_assign(textOf(pt2Member(held, "arg"), "name"), AtenValue::ofParameter(printable(textOf(held, key))));
        const Json& given = pt2Member(pt2Member(spec, "user_input"), "arg");
        const std::string name = textOf(pt2Member(given, "as_tensor"), "name");
        if (name.empty())
            continue;
        const Shape shape = pt2Sizes(pt2Member(pt2Member(tensors, name.c_str()), "sizes"));
        if (m_model.ops.empty() && shape.size() > 1 && std::find(shape.begin() + 1, shape.end(), -1) == shape.end())
            m_model.inputShape = Shape(shape.begin() + 1, shape.end());
        m_values.insert_or_assign(name, m_graph.input(printable(name), shape));
    }
}

/// Modules in the order in which they are called; one without others below it is a layer.
void Pt2Graph::readModules(const Json& nodes)
{
    for (const Json& node : nodes)
        for (const Call& call : moduleStack(node)) {
            auto& module = m_modules[call.path];
            if (module)
                continue;
            module = std::make_unique<AtenModule>();
            module->path = printable(call.path);
            const std::size_t dot = call.className.rfind('.');
            module->package = dot == std::string::npos ? "" : printable(call.className.substr(0, dot));
            module->className = printable(dot == std::string::npos ? call.className : call.className.substr(dot + 1));
            const bool isContainer = module->package == "torch.nn.modules.container";
            module->isLeaf = !isContainer && (!call.path.empty() || module->package.starts_with("torch.nn."));
            m_order.push_back(module.get());
        }
    for (const auto& [path, module] : m_modules)
        for (std::size_t dot = path.find('.'); dot != std::string::npos; dot = path.find('.', dot + 1))
            if (const auto outer = m_modules.find(path.substr(0, dot));
                outer != m_modules.end() && !std::string_view(path).substr(dot + 1).starts_with("parametrizations."))
                outer->second->isLeaf = false;
}

AtenValue Pt2Graph::named(const Json& reference, const char* key) const
{
    const std::string name = textOf(reference, key);
    const auto found = m_values.find(name);
    if (found == m_values.end())
        throw Error("pt2-graph").expected("a graph whose values are computed before they are used").found(printable(name));
    return found->second;
}

AtenValue Pt2Graph::list(const Json& values, const char* kind)
{
    std::vector<AtenValue> items;
    for (const Json& value : values)
        items.push_back(kind ? argument(Json{{kind, value}}) : argument(value));
    return AtenValue::ofItems(Type::List, std::move(items));
}

/// A union of one member: {"as_ints": [1, 1]}.
AtenValue Pt2Graph::argument(const Json& argument)
{
    if (!argument.is_object() || argument.empty())
        return {};
    const std::string kind = argument.begin().key();
    const Json& value = argument.begin().value();
    if (kind == "as_tensor")
        return named(value, "name");
    if (kind == "as_bool" && value.is_boolean())
        return AtenValue::ofBool(value.get<bool>());
    if ((kind == "as_int" || kind == "as_scalar_type") && value.is_number_integer())
        return AtenValue::ofInteger(value.get<std::int64_t>());
    if (kind == "as_float" && value.is_number())
        return AtenValue::ofReal(value.get<double>());
    if (kind == "as_string" && value.is_string())
        return AtenValue::ofString(value.get<std::string>());
    if (kind == "as_name" && value.is_string())
        return named(argument, "as_name");
    if (kind == "as_sym_int" || kind == "as_sym_bool" || kind == "as_sym_float" || kind == "as_optional_tensor")
        return this->argument(value);
    if (kind == "as_ints")
        return list(value, "as_int");
    if (kind == "as_floats")
        return list(value, "as_float");
    if (kind == "as_bools")
        return list(value, "as_bool");
    if (kind == "as_strings")
        return list(value, "as_string");
    if (kind == "as_tensors")
        return list(value, "as_tensor");
    if (kind == "as_sym_ints" || kind == "as_optional_tensors" || kind == "as_sym_bools" || kind == "as_sym_floats")
        return list(value, nullptr);
    // Where and how a tensor is kept does not change its values.
    if (kind == "as_none" || kind == "as_device" || kind == "as_layout" || kind == "as_memory_format")
        return {};
    return AtenValue::unknown();
}

void Pt2Graph::readNode(const Json& node)
{
    AtenCall call{operatorName(node), {}, nullptr, 0};
    if (const auto stack = moduleStack(node); !stack.empty()) {
        call.module = held(m_modules, stack.back().path).get();
        call.invocation = m_invocations.emplace(stack.back().key, static_cast<int>(m_invocations.size())).first->second;
    }
    for (const Json& input : pt2Member(node, "inputs"))
        call.arguments.emplace_back(printable(textOf(input, "name")), argument(pt2Member(input, "arg")));
    const Json& outputs = pt2Member(node, "outputs");
    const bool takesSize = call.name == "sym_size" && call.arguments.size() == 2 && call.arguments[0].second.is(Type::Tensor) &&
                           call.arguments[1].second.is(Type::Integer);
    const bool isSymbolic =
        !outputs.empty() && outputs[0].is_object() && !outputs[0].empty() && outputs[0].begin().key().starts_with("as_sym");
    if (takesSize) {
        AtenValue size = AtenValue::computed(Type::Size, call.arguments[0].second.value);
        size.integer = call.arguments[1].second.integer;
        setOutputs(outputs, size);
    } else if (isSymbolic) {
        setOutputs(outputs, AtenValue::unknown());
    } else {
        setOutputs(outputs, m_graph.call(call));
    }
}

void Pt2Graph::setOutputs(const Json& outputs, const AtenValue& result)
{
    int place = 0;
    for (const Json& output : outputs) {
        const Json& several = pt2Member(output, "as_tensors");
        for (const Json& tensor : several.is_array() ? several : Json::array({pt2Member(output, "as_tensor")})) {
            const bool isTuple = result.is(Type::Tuple) && static_cast<std::size_t>(place) < result.items->values.size();
            AtenValue value = isTuple ? result.items->values[static_cast<std::size_t>(place)] : result;
            if (!isTuple)
                value.output = place;
            ++place;
            setName(tensor, value);
        }
        for (const char* kind : {"as_sym_int", "as_sym_bool", "as_sym_float"})
            setName(pt2Member(output, kind), result);
        setName(pt2Member(pt2Member(output, "as_optional_tensor"), "as_tensor"), result);
    }
}

void Pt2Graph::setName(const Json& output, const AtenValue& value)
{
    for (const char* key : {"name", "as_name"})
        if (const std::string name = textOf(output, key); !name.empty())
            m_values.insert_or_assign(name, value);
}

}
