// SPDX-License-Identifier: GPL-3.0-or-later
// Operators that with certain arguments are another class: arithmetic with a number, a slice of everything.
#include "core/formats/aten/atenarguments.h"
#include "core/formats/torch/torchnormalised.h"
#include "core/tensor/doubles.h"

#include <algorithm>
#include <array>

namespace core::formats {

using Type = AtenValue::Type;

namespace {

/// Whether a slice is all of what it is taken from.
bool takesAll(const AtenCall& call)
{
    const AtenValue start = argumentOf(call, 2, "start"), end = argumentOf(call, 3, "end");
    return (start.isNone() || isInteger(start, 0)) && (end.isNone() || isInteger(end, INT64_MAX)) && isOne(argumentOf(call, 4, "step"));
}

}

/// The weight that weight_norm makes of two parameters is one by itself.
bool AtenGraph::normalisesWeight(const AtenCall& call, std::string_view name, AtenValue& result)
{
    const AtenValue v = argumentOf(call, 0, "v"), g = argumentOf(call, 1, "g");
    if (name != "_weight_norm" || !v.is(Type::Parameter) || !g.is(Type::Parameter) || v.isTransposed || g.isTransposed)
        return false;
    const auto direction = m_parameters.find(v.text), length = m_parameters.find(g.text);
    if (direction == m_parameters.end() || length == m_parameters.end())
        return false;
    std::string own = v.text;
    for (const std::string_view part : {"parametrizations.weight.original1", "weight_v"})
        if (own.ends_with(part))
            own.replace(own.size() - part.size(), part.size(), "weight");
    if (own == v.text)
        own += ", normalised";
    if (!m_parameters.contains(own)) {
        std::optional<Parameter> weight = weightNorm(*direction->second, *length->second, own);
        if (!weight)
            return false;
        m_computed.push_back(std::move(*weight));
        m_parameters.emplace(own, &m_computed.back());
        m_normalised.insert({{v.text, own}, {g.text, own}});
    }
    result = v;
    result.text = own;
    return true;
}

/// A number that the code tells, or that a trace wrote down among its constants.
std::optional<double> AtenGraph::number(const AtenValue& value) const
{
    if (value.isNumber())
        return value.number();
    const auto found = value.is(Type::Parameter) ? m_parameters.find(value.text) : m_parameters.end();
    if (found == m_parameters.end() || found->second->layer != "CONSTANTS" || !found->second->source.shape.empty() ||
        !found->second->problem.empty() || !isReal(found->second->source.dtype))
        return {};
    double result = 0;
    toDoubles(found->second->source.dtype, read(found->second->source).bytes().data(), 1, &result);
    return result;
}

/// The greatest or least of two tensors, or along a dimension: one name for both.
void AtenGraph::picksHighest(const AtenCall& call, std::string_view name, Bound& bound)
{
    if (name != "max" && name != "min")
        return;
    const bool isMost = name == "max";
    const AtenValue dimension = argumentOf(call, 1, "dim");
    if (bound.tensors.size() == 2) {
        bound.className = isMost ? "maximum" : "minimum";
    } else if (dimension.is(Type::Integer)) {
        bound.className = isMost ? "amax" : "amin";
        bound.values = {{"input", argumentOf(call, 0, "self")}, {"dim", dimension}, {"keepdim", argumentOf(call, 2, "keepdim")}};
    }
}

/// A dimension put to another place is an order of all of them, where their number is known.
void AtenGraph::movesDimension(const AtenCall& call, std::string_view name, Bound& bound) const
{
    const AtenValue tensor = argumentOf(call, 0, "self"), from = argumentOf(call, 1, "source"), to = argumentOf(call, 2, "destination");
    const auto count = static_cast<std::int64_t>(rank(tensor));
    const auto isPlace = [&](const AtenValue& value) {
        return value.is(Type::Integer) && value.integer >= -count && value.integer < count;
    };
    if ((name != "movedim" && name != "moveaxis") || !tensor.is(Type::Tensor) || !isPlace(from) || !isPlace(to))
        return;
    const auto place = [&](const AtenValue& value) { return value.integer < 0 ? value.integer + count : value.integer; };
    std::vector<AtenValue> order;
    for (std::int64_t d = 0; d < count; ++d)
        if (d != place(from))
            order.push_back(AtenValue::ofInteger(d));
    order.insert(order.begin() + static_cast<std::ptrdiff_t>(place(to)), AtenValue::ofInteger(place(from)));
    bound.className = "permute";
    bound.values = {{"input", tensor}, {"dims", AtenValue::ofItems(Type::List, std::move(order))}};
}

/// Arithmetic of a tensor with a number, and what with certain arguments is another class: a slice of everything.
void AtenGraph::simplifies(const AtenCall& call, std::string_view name, Bound& bound) const
{
    const AtenValue tensor = argumentOf(call, 0, "self");
    if (!tensor.is(Type::Tensor) || bound.tensors.size() != 1)
        return;
    if (name == "slice" && takesAll(call)) {
        bound.className = "Identity";
        bound.values = {{"input", tensor}};
    }
    const std::optional<double> number = this->number(argumentOf(call, 1, name == "pow" ? "exponent" : "other"));
    constexpr std::array<std::string_view, 6> operators{"add", "sub", "mul", "div", "rsub", "pow"};
    constexpr std::array<std::string_view, 6> classes{"add_number", "sub_number", "mul_number", "div_number", "rsub_number", "pow_number"};
    const auto known = std::find(operators.begin(), operators.end(), name);
    if (known == operators.end() || !number)
        return;
    bound.className = classes[static_cast<std::size_t>(known - operators.begin())];
    std::map<std::string, AtenValue> values{{"input", tensor}, {"other", AtenValue::ofReal(*number)}};
    if (name == "add" || name == "sub" || name == "rsub")
        values.emplace("alpha", argumentOf(call, 2, "alpha"));
    if (name == "div")
        values.emplace("rounding_mode", argumentOf(call, 2, "rounding_mode"));
    bound.values = std::move(values);
}

}
