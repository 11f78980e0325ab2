// SPDX-License-Identifier: GPL-3.0-or-later
// The part of AtenGraph that finds what an operator computes in the table of kinds.
#include "core/formats/aten/atengraph.h"
#include "core/formats/torch/torchlayer.h"
#include "core/layers/follow.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace core::formats {

using Type = AtenValue::Type;

namespace {

/// What a class of torch.nn may be given as a parameter.
constexpr std::array<std::string_view, 4> weights{"weight", "bias", "running_mean", "running_var"};

template <std::size_t size>
bool contains(const std::array<std::string_view, size>& names, std::string_view name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// A list of integers, or of numbers; nothing where there are none, or others.
std::optional<Attribute> listAttribute(const std::vector<AtenValue>& items)
{
    const auto isWhole = [](const AtenValue& item) { return item.is(Type::Integer); };
    if (items.empty() ||
        !std::all_of(items.begin(), items.end(), [&](const AtenValue& item) { return isWhole(item) || item.is(Type::Real); }))
        return {};
    Ints integers;
    Reals reals;
    for (const AtenValue& item : items) {
        integers.push_back(item.integer);
        reals.push_back(item.number());
    }
    return std::all_of(items.begin(), items.end(), isWhole) ? Attribute(std::move(integers)) : Attribute(std::move(reals));
}

/// A number, flag, text, or list of numbers; nothing for None and an empty list, which mean the default.
std::optional<Attribute> attribute(const AtenValue& value)
{
    switch (value.type) {
    case Type::Bool:
        return Attribute(value.integer != 0);
    case Type::Integer:
        return Attribute(value.integer);
    case Type::Real:
        return Attribute(value.real);
    case Type::String:
        return Attribute(printable(value.text));
    case Type::List:
    case Type::Tuple:
        return listAttribute(value.items->values);
    default:
        return {};
    }
}

/// What pads so: the mode tells how the image goes on, the list how many dimensions it has.
std::string paddingClass(const std::map<std::string, AtenValue>& values)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 4> modes{
        {{"constant", "ZeroPad"}, {"reflect", "ReflectionPad"}, {"replicate", "ReplicationPad"}, {"circular", "CircularPad"}}};
    const auto padding = values.find("padding"), mode = values.find("mode");
    const std::string name = mode != values.end() && mode->second.is(Type::String) ? mode->second.text : "constant";
    const auto known = std::find_if(modes.begin(), modes.end(), [&](const auto& one) { return one.first == name; });
    const std::size_t sides = padding != values.end() && padding->second.isSequence() ? padding->second.items->values.size() : 4;
    return known == modes.end() || sides % 2 != 0 ? "pad by " + printable(name) : fmt::format("{}{}d", known->second, sides / 2);
}

bool isUnknown(const AtenValue& value)
{
    if (value.isSequence())
        return value.items->isUnknown || std::any_of(value.items->values.begin(), value.items->values.end(), isUnknown);
    return value.is(Type::Unknown) || value.is(Type::Size) || value.is(Type::Sizes);
}

}

void AtenGraph::setParameters(Op& op, const Bound& bound) const
{
    const layers::Kind* kind = layers::kindOfTorch(classNameOf(bound));
    for (const auto& [own, value] : bound.values) {
        if (!value.is(Type::Parameter))
            continue;
        const auto role = kind ? layers::roleNamed(*kind, Framework::Torch, own) : std::nullopt;
        op.parameters.emplace(role ? role->role : own, value.text);
    }
}

/// '#' filled in: a convolution's dimensions and direction are in its weight and arguments, a padding's in its list.
std::string AtenGraph::classNameOf(const Bound& bound) const
{
    std::string name(bound.className);
    if (name == "ZeroPad2d")
        return paddingClass(bound.values);
    if (name != "Conv#d")
        return name;
    const auto transposed = bound.values.find("transposed"), weight = bound.values.find("weight");
    const int dimensions = weight == bound.values.end() ? -1 : rank(weight->second) - 2;
    return fmt::format("Conv{}{}d", transposed != bound.values.end() && transposed->second.integer ? "Transpose" : "", dimensions);
}

void AtenGraph::setKind(Op& op, Node& node, const AtenCall& call, const Bound& bound) const
{
    std::map<std::string, Shape> shapes;
    for (const auto& [own, value] : bound.values) {
        if (const auto found = value.is(Type::Parameter) ? m_parameters.find(value.text) : m_parameters.end(); found != m_parameters.end())
            shapes.emplace(own, found->second->source.shape);
        else if (auto setting = attribute(value); setting && own != "input" && (bound.className.empty() || !own.starts_with("argument")))
            node.raw.set(own, std::move(*setting));
    }
    if (averages(call, node.name, op))
        return;
    node.className = classNameOf(bound);
    op.type = node.className.empty() ? node.name : node.className;
    const layers::Kind* kind = layers::kindOfTorch(layers::TorchSpec{node.className, node.raw, shapes});
    if (!kind || !kind->fromTorch) {
        op.attributes = layers::settingsToFollow(op.type, node.raw);
        op.unsupported = fmt::format("{} cannot run yet", node.className.empty() ? node.name : node.className);
        return;
    }
    op.kind = kind->id;
    op.unsupported = objection(bound);
    if (!op.unsupported.empty())
        return;
    try {
        layers::TorchSpec spec{node.className, node.raw, shapes};
        if (kind->fromAten)
            kind->fromAten(node.name, spec);
        op.attributes = kind->fromTorch(spec);
        node.raw = std::move(spec.raw);
        op.unsupported = torchShapeProblem(*kind, op, shapes);
    } catch (const Error& error) {
        op.unsupported = error.what();
    }
}

/// What the operator is asked for and no run of the network at inference can do; empty when there is nothing.
std::string AtenGraph::objection(const Bound& bound) const
{
    const auto of = [&](const char* name) {
        const auto found = bound.values.find(name);
        return found == bound.values.end() ? AtenValue() : found->second;
    };
    if (of("training").integer != 0)
        return "it normalises with the statistics of its input (training mode), Tieout runs running statistics";
    if (of("train").integer != 0)
        return "it drops values at random (training mode)";
    if (of("scale").isNumber() && (of("scale").number() != 1 || of("input_scale").number() != 1))
        return "it scales an ELU";
    for (const auto& [own, value] : bound.values) {
        if (contains(weights, own) && value.isComputed())
            return fmt::format("its {} is computed, Tieout runs stored ones", own);
        if (contains(weights, own) && value.isTransposed)
            return fmt::format("its {} is transposed", own);
        if (own != "input" && isUnknown(value))
            return fmt::format("its {} is not told by the file", own);
    }
    return {};
}

}
