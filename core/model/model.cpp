// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/model.h"

#include "core/model/constants.h"
#include "core/model/modelindex.h"

#include <algorithm>
#include <set>

namespace core {

namespace {

/// The first item of that name, at the place that an index knows, else searched for.
template <typename Item>
const Item* named(const std::vector<Item>& items, std::string_view wanted, std::optional<int> place)
{
    if (place)
        return *place < 0 ? nullptr : &items[static_cast<std::size_t>(*place)];
    const auto found = std::find_if(items.begin(), items.end(), [&](const Item& item) { return item.name == wanted; });
    return found == items.end() ? nullptr : &*found;
}

template <typename Matches>
std::vector<int> indicesWhere(const std::vector<Op>& ops, Matches matches)
{
    std::vector<int> result;
    for (std::size_t i = 0; i < ops.size(); ++i)
        if (matches(ops[i]))
            result.push_back(static_cast<int>(i));
    return result;
}

}

std::string_view name(Framework framework)
{
    return framework == Framework::Torch ? "torch" : framework == Framework::Keras ? "keras" : "none";
}

std::string_view title(Framework framework)
{
    return framework == Framework::Torch ? "PyTorch" : framework == Framework::Keras ? "Keras" : "";
}

std::string_view name(Note::Severity severity)
{
    return severity == Note::Severity::Info ? "info" : severity == Note::Severity::Warning ? "warning" : "error";
}

std::string_view name(Global::Sort sort)
{
    return sort == Global::Sort::Usual ? "usual" : sort == Global::Sort::Foreign ? "foreign" : "harmful";
}

void Model::indexNames()
{
    m_index = std::make_shared<const ModelIndex>(*this);
}

const Layer* Model::layer(std::string_view layerName) const
{
    return named(layers, layerName, m_index && m_index->fits(*this) ? std::optional(m_index->layer(layerName)) : std::nullopt);
}

const Parameter* Model::parameter(std::string_view parameterName) const
{
    return named(parameters, parameterName,
                 m_index && m_index->fits(*this) ? std::optional(m_index->parameter(parameterName)) : std::nullopt);
}

int Model::opIndex(std::string_view opName) const
{
    const Op* op = named(ops, opName, m_index && m_index->fits(*this) ? std::optional(m_index->op(opName)) : std::nullopt);
    return op ? static_cast<int>(op - ops.data()) : -1;
}

std::vector<int> Model::opsOf(std::string_view layerName) const
{
    if (m_index && m_index->fits(*this)) {
        const std::vector<int>* found = m_index->opsOf(layerName);
        return found ? *found : std::vector<int>();
    }
    return indicesWhere(ops, [&](const Op& op) { return op.layer == layerName; });
}

std::vector<int> Model::inputOps() const
{
    std::vector<int> result = indicesWhere(ops, [](const Op& op) { return op.kind == "input"; });
    const auto place = [&](int op) {
        return std::find_if(inputs.begin(), inputs.end(), [&](const Input& input) { return input.port.op == op; });
    };
    std::stable_sort(result.begin(), result.end(), [&](int a, int b) { return place(a) < place(b); });
    return result;
}

std::string outputName(const Model& model, const Output& output)
{
    if (!output.name.empty())
        return output.name;
    const std::string& op = model.ops[static_cast<std::size_t>(output.port.op)].name;
    return output.port.output == 0 ? op : op + ":" + std::to_string(output.port.output);
}

int onlyProducer(const Op& op)
{
    return op.inputs.size() == 1 ? op.inputs.front().port.op : -1;
}

bool takesOnly(const Op& op, int producer)
{
    return op.inputs.size() == 1 && op.inputs.front().port == Port(producer);
}

std::vector<int> producers(const Op& op)
{
    std::vector<int> result;
    for (const Input& input : op.inputs)
        result.push_back(input.port.op);
    return result;
}

std::vector<Port> ports(const std::vector<NamedPort>& named)
{
    std::vector<Port> result;
    for (const NamedPort& one : named)
        result.push_back(one.port);
    return result;
}

std::int64_t parametersTotal(const Model& model)
{
    std::int64_t total = 0;
    for (const Parameter& parameter : model.parameters)
        if (parameter.problem.empty() && parameter.role != constantRole && !parameter.detail.starts_with(computedDetail))
            total += count(parameter);
    return total;
}

std::int64_t count(const Parameter& parameter)
{
    return elementCount(parameter.source.shape);
}

std::uint64_t byteCount(const Parameter& parameter)
{
    return static_cast<std::uint64_t>(count(parameter)) * itemSize(parameter.source.dtype);
}

Model asStored(Model model)
{
    const auto isComputed = [](const Parameter& parameter) { return parameter.detail.starts_with(computedDetail); };
    std::set<std::string> computed;
    for (Parameter& parameter : model.parameters) {
        if (isComputed(parameter))
            computed.insert(parameter.name);
        if (const auto stored = parameter.source.stored)
            parameter.source = *stored;
    }
    std::erase_if(model.parameters, isComputed);
    for (Layer& layer : model.layers)
        std::erase_if(layer.parameters, [&](const std::string& name) { return computed.contains(name); });
    model.indexNames();
    return model;
}

}
