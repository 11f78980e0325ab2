// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/aten/atengraph.h"

#include "core/formats/aten/atenoperator.h"
#include "core/layers/follow.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace core::formats {

using Type = AtenValue::Type;

namespace {

/// Operators that keep the first dimension and the rank of what they take.
constexpr std::array<std::string_view, 14> elementwise{"add", "sub",  "mul", "div",  "cat",   "neg",     "abs",
                                                       "exp", "sqrt", "pow", "rsub", "clamp", "maximum", "minimum"};
/// Operators whose result shares its storage with what they take, so that changing it in place changes both.
constexpr std::array<std::string_view, 17> views{"view",       "reshape",   "flatten", "select",  "slice",     "narrow",
                                                 "t",          "transpose", "permute", "squeeze", "unsqueeze", "expand",
                                                 "contiguous", "detach",    "alias",   "split",   "chunk"};
template <std::size_t size>
bool contains(const std::array<std::string_view, size>& names, std::string_view name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

const AtenValue& argument(const AtenCall& call, std::size_t index)
{
    static const AtenValue none;
    return index < call.arguments.size() ? call.arguments[index].second : none;
}

bool isInPlace(std::string_view name)
{
    return name.size() > 1 && name.ends_with('_') && !name.ends_with("__");
}

}

AtenGraph::AtenGraph(Model& model) : m_model(model)
{
    for (const Parameter& parameter : model.parameters)
        m_parameters.emplace(parameter.name, &parameter);
}

AtenValue AtenGraph::append(Op op, Node node)
{
    const auto value = static_cast<int>(m_values.size());
    m_values.push_back(static_cast<int>(m_model.ops.size()));
    if (node.batch < 0)
        node.batch = value;
    m_model.ops.push_back(std::move(op));
    m_nodes.push_back(std::move(node));
    return AtenValue::computed(Type::Tensor, value);
}

AtenValue AtenGraph::input(const std::string& name, const Shape& shape)
{
    Op op;
    op.name = name;
    op.kind = "input";
    Node node;
    node.name = name;
    node.rank = shape.empty() ? -1 : static_cast<int>(shape.size());
    node.batchSize = shape.empty() ? -1 : shape[0];
    return append(std::move(op), std::move(node));
}

int AtenGraph::rank(const AtenValue& value) const
{
    if (value.is(Type::Parameter)) {
        const auto found = m_parameters.find(value.text);
        return found == m_parameters.end() ? -1 : static_cast<int>(found->second->source.shape.size());
    }
    return value.is(Type::Tensor) ? nodeOf(value.value).rank : -1;
}

AtenValue AtenGraph::call(const AtenCall& call)
{
    const bool inPlace = isInPlace(call.name);
    const std::string name = inPlace ? call.name.substr(0, call.name.size() - 1) : call.name;
    AtenValue result;
    if (passesParameter(call, name, result) || normalisesWeight(call, name, result) || addsBias(call, name, result) ||
        recurs(call, name, result) || encodes(call, name, result) || takesState(call, name, result))
        return result;
    Bound bound = bind(call, name);
    multiplies(call, name, bound);
    simplifies(call, name, bound);
    picksHighest(call, name, bound);
    movesDimension(call, name, bound);
    Node node;
    if (const AtenValue& sizes = argument(call, 1);
        sizes.isSequence() && sizes.items->values.size() == 4 && sizes.items->values[1].is(Type::Integer))
        node.second = sizes.items->values[1].integer;
    node.features = flattenedFeatures(call, name, bound);
    if (node.features < 0)
        reshapes(call, name, bound);
    result = add(call, name, bound, std::move(node));
    const AtenValue& target = argument(call, 0);
    if (inPlace && target.is(Type::Tensor)) {
        for (int base = nodeOf(target.value).viewOf; base >= 0; base = nodeOf(base).viewOf)
            m_stale.emplace(base, "it takes a value that was changed in place through a view of it");
        nodeOf(result.value).viewOf = -1;
        m_values[static_cast<std::size_t>(target.value)] = m_values[static_cast<std::size_t>(result.value)];
        return target;
    }
    return result;
}

AtenGraph::Bound AtenGraph::bind(const AtenCall& call, std::string_view name) const
{
    Bound bound;
    const layers::AtenForm* known = atenOperator(name);
    if (known)
        bound.className = known->className;
    for (std::size_t i = 0; i < call.arguments.size(); ++i) {
        const auto& [schema, value] = call.arguments[i];
        std::string own = schema.empty() ? fmt::format("argument{}", i) : schema;
        for (std::size_t k = 0; known && k < known->arguments.size(); ++k)
            if (schema.empty() ? k == i : known->arguments[k].first == schema)
                own = known->arguments[k].second;
        collect(value, bound.tensors);
        bound.names.resize(bound.tensors.size(), own);
        bound.values.insert_or_assign(std::move(own), value);
    }
    return bound;
}

void AtenGraph::collect(const AtenValue& value, std::vector<AtenValue>& tensors)
{
    constexpr std::size_t limit = 4096;
    if (value.isComputed() && tensors.size() < limit)
        tensors.push_back(value);
    else if (value.items)
        for (const AtenValue& item : value.items->values)
            collect(item, tensors);
}

AtenValue AtenGraph::add(const AtenCall& call, std::string_view name, const Bound& bound, Node node)
{
    Op op;
    node.module = call.module;
    node.invocation = call.invocation;
    node.name = name;
    node.className = bound.className;
    node.isOpen = bound.className == "Linear" && !bound.values.contains("bias") && name != "linear";
    setParameters(op, bound);
    setKind(op, node, call, bound);
    connect(op, node, bound);
    return append(std::move(op), std::move(node));
}

void AtenGraph::connect(Op& op, Node& node, const Bound& bound) const
{
    const layers::Kind* taking = layers::kind(op.kind);
    const auto nameOf = [&](std::size_t index) {
        const bool isNamed =
            taking && index < bound.names.size() &&
            std::find(taking->takes.named.begin(), taking->takes.named.end(), bound.names[index]) != taking->takes.named.end();
        return isNamed ? bound.names[index] : std::string();
    };
    for (const AtenValue& tensor : bound.tensors) {
        op.inputs.emplace_back(nameOf(op.inputs.size()), Port(static_cast<int>(opOf(tensor.value)), tensor.output));
        if (const int count = layers::outputCount(m_model.ops[opOf(tensor.value)]);
            op.unsupported.empty() && tensor.output >= std::max(count, 1))
            op.unsupported =
                fmt::format("it takes result {} of {}, Tieout runs first results", tensor.output + 1, nodeOf(tensor.value).name);
        if (const auto stale = m_stale.find(tensor.value); op.unsupported.empty() && stale != m_stale.end())
            op.unsupported = stale->second;
    }
    if (const layers::Kind* kind = layers::kind(op.kind); kind && op.unsupported.empty())
        op.unsupported = layers::inputsProblem(*kind, op);
    if (bound.tensors.empty())
        return;
    const Node& first = nodeOf(bound.tensors[0].value);
    if (contains(views, node.name))
        node.viewOf = bound.tensors[0].value;
    const layers::Kind* kind = layers::kind(op.kind);
    const bool runs = op.unsupported.empty() && kind;
    const layers::Behind behind = layers::behind(op, first.rank);
    const bool reshapes = runs && kind->effect == layers::Effect::Reshapes;
    const bool keeps = !reshapes && (runs || contains(elementwise, node.name));
    if (keeps || (reshapes && behind.keepsBatch))
        node.batch = first.batch;
    if (reshapes)
        node.rank = behind.rank;
    else if (const auto known = atenRank(node.className))
        node.rank = *known;
    else if (kind && kind->flattens)
        node.rank = op.attributes.integer("start", 1) == 1 && op.attributes.integer("end", -1) == -1 ? 2 : -1;
    else if (kind && kind->effect == layers::Effect::Averages)
        node.rank = op.attributes.boolean("keepdims", false) ? 4 : 2;
    else if (keeps)
        node.rank = node.name == "select" && first.rank > 0 ? first.rank - 1 : first.rank;
}

}
