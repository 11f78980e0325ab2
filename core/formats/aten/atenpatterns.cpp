// SPDX-License-Identifier: GPL-3.0-or-later
// Operators that are what a torch.nn class computes only together, or only with certain arguments.
#include "core/base/held.h"
#include "core/formats/aten/atengraph.h"
#include "core/formats/aten/atenoperator.h"

#include "core/formats/torch/torchnormalised.h"
#include "core/tensor/doubles.h"

#include <algorithm>
#include <array>

namespace core::formats {

using Type = AtenValue::Type;

namespace {

AtenValue argument(const AtenCall& call, std::size_t index, std::string_view schema)
{
    for (const auto& [name, value] : call.arguments)
        if (!name.empty() && name == schema)
            return value;
    return index < call.arguments.size() && call.arguments[index].first.empty() ? call.arguments[index].second : AtenValue();
}

bool isOne(const AtenValue& value)
{
    return value.isNone() || (value.isNumber() && value.number() == 1);
}

bool isInteger(const AtenValue& value, std::int64_t number)
{
    return value.is(Type::Integer) && value.integer == number;
}

std::vector<std::int64_t> integers(const AtenValue& list)
{
    std::vector<std::int64_t> result;
    if (list.isSequence() && !list.items->isUnknown)
        for (const AtenValue& item : list.items->values)
            result.push_back(item.is(Type::Integer) ? item.integer : std::int64_t{1} << 40);
    return result;
}

/// Whether a slice is all of what it is taken from.
bool takesAll(const AtenCall& call)
{
    const AtenValue start = argument(call, 2, "start"), end = argument(call, 3, "end");
    return (start.isNone() || isInteger(start, 0)) && (end.isNone() || isInteger(end, INT64_MAX)) && isOne(argument(call, 4, "step"));
}

/// Whether a call swaps the axes of a matrix.
bool swapsAxes(const AtenCall& call, std::string_view name)
{
    if (name == "t" || name == "numpy_T")
        return true;
    if (name == "permute") {
        const auto order = integers(argument(call, 1, "dims"));
        return order == std::vector<std::int64_t>{1, 0} || order == std::vector<std::int64_t>{-1, 0};
    }
    const AtenValue from = argument(call, 1, "dim0"), to = argument(call, 2, "dim1");
    return name == "transpose" && from.is(Type::Integer) && to.is(Type::Integer) && from.integer >= -2 && from.integer < 2 &&
           to.integer >= -2 && to.integer < 2 && (from.integer - to.integer) % 2 != 0;
}

}

/// A view of a whole parameter is the parameter: no operation of the network.
bool AtenGraph::passesParameter(const AtenCall& call, std::string_view name, AtenValue& result) const
{
    constexpr std::array<std::string_view, 5> same{"detach", "alias", "contiguous", "clone", "lift_fresh_copy"};
    const AtenValue first = call.arguments.empty() ? AtenValue() : call.arguments[0].second;
    if (!first.is(Type::Parameter))
        return false;
    result = first;
    if (std::find(same.begin(), same.end(), name) != same.end())
        return true;
    if (rank(first) != 2 || !swapsAxes(call, name))
        return false;
    result.isTransposed = !first.isTransposed;
    return true;
}

/// The weight that weight_norm makes of two parameters is one by itself.
bool AtenGraph::normalisesWeight(const AtenCall& call, std::string_view name, AtenValue& result)
{
    const AtenValue v = argument(call, 0, "v"), g = argument(call, 1, "g");
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

/// addmm(bias, x, W.T), mm(x, W.T), matmul(x, W.T) are what nn.Linear computes.
void AtenGraph::multiplies(const AtenCall& call, std::string_view name, Bound& bound) const
{
    const bool isAddmm = name == "addmm";
    if (!isAddmm && name != "mm" && name != "matmul")
        return;
    if (isAddmm && (!isOne(argument(call, 3, "beta")) || !isOne(argument(call, 4, "alpha"))))
        return;
    const AtenValue bias = isAddmm ? argument(call, 0, "self") : AtenValue();
    const AtenValue input = isAddmm ? argument(call, 1, "mat1") : argument(call, 0, "self");
    AtenValue weight = isAddmm ? argument(call, 2, "mat2") : argument(call, 1, name == "mm" ? "mat2" : "other");
    const bool hasBias = bias.is(Type::Parameter) && rank(bias) == 1;
    if (!input.isComputed() || !weight.is(Type::Parameter) || !weight.isTransposed || (isAddmm && !hasBias))
        return;
    weight.isTransposed = false;
    bound.className = "Linear";
    bound.values = {{"input", input}, {"weight", weight}};
    if (hasBias)
        bound.values.emplace("bias", bias);
}

/// x W.T + bias in two steps, as PyTorch wrote nn.Linear of more than two dimensions up to 1.7.
bool AtenGraph::addsBias(const AtenCall& call, std::string_view name, AtenValue& result)
{
    AtenValue product = argument(call, 0, "self"), bias = argument(call, 1, "other");
    if (product.is(Type::Parameter))
        std::swap(product, bias);
    if (name != "add" || !isOne(argument(call, 2, "alpha")) || !product.is(Type::Tensor) || product.output != 0 ||
        !bias.is(Type::Parameter) || rank(bias) != 1)
        return false;
    const std::size_t index = opOf(product.value);
    Node& node = m_nodes[index];
    Op& op = m_model.ops[index];
    if (!node.isOpen || index + 1 != m_model.ops.size() || node.module != call.module || !op.unsupported.empty())
        return false;
    const Shape& shape = held(m_parameters, bias.text)->source.shape;
    if (shape[0] != op.attributes.integer("units", -1))
        return false;
    node.isOpen = false;
    op.parameters.emplace("bias", bias.text);
    op.attributes.set("bias", true);
    m_stale.emplace(product.value, "it takes a product without the bias that is added to it");
    result = AtenValue::computed(Type::Tensor, static_cast<int>(m_values.size()));
    m_values.push_back(static_cast<int>(index));
    return true;
}

/// Whether a size is that of the batch, as told or, where a network was recorded, by its number.
bool AtenGraph::isBatch(const AtenValue& size, const AtenValue& tensor)
{
    if (size.is(Type::Size))
        return size.integer == 0 && nodeOf(size.value).batch == nodeOf(tensor.value).batch;
    const Node& root = nodeOf(nodeOf(tensor.value).batch);
    const bool isFixed = size.is(Type::Integer) && size.integer > 0 && size.integer == (root.batchSize > 0 ? root.batchSize : 1);
    m_fixedBatch = m_fixedBatch || isFixed;
    return isFixed;
}

/// A view or reshape to two dimensions, of which the first is the batch. Returns the values of each sample that it is sure for, 0 when it
/// is sure for any, -1 when it is no flattening or not surely one.
std::int64_t AtenGraph::flattenedFeatures(const AtenCall& call, std::string_view name, Bound& bound)
{
    if (name != "view" && name != "reshape" && name != "_unsafe_view")
        return -1;
    const AtenValue tensor = argument(call, 0, "self"), sizes = argument(call, 1, name == "reshape" ? "shape" : "size");
    if (!tensor.is(Type::Tensor) || !sizes.isSequence() || sizes.items->isUnknown || sizes.items->values.size() != 2)
        return -1;
    const AtenValue &rows = sizes.items->values[0], &columns = sizes.items->values[1];
    const bool hasFeatures = columns.is(Type::Integer) && columns.integer > 0;
    std::int64_t features = -1;
    if ((hasFeatures || isInteger(columns, -1)) && isBatch(rows, tensor))
        features = 0;
    else if (isInteger(rows, -1) && hasFeatures)
        features = columns.integer;
    if (features < 0)
        return -1;
    bound.className = "Flatten";
    bound.values = {{"input", tensor}};
    bound.tensors = {tensor};
    return features;
}

/// A view of each sample, or copies along its dimensions, whose sizes the file tells. Of a view one may be left open: that is also one that
/// is computed, since it can be but what remains.
void AtenGraph::reshapes(const AtenCall& call, std::string_view name, Bound& bound)
{
    const bool stretches = name == "expand";
    if (!stretches && name != "view" && name != "reshape" && name != "_unsafe_view")
        return;
    const AtenValue tensor = argument(call, 0, "self"), sizes = argument(call, 1, name == "reshape" ? "shape" : "size");
    if (!tensor.is(Type::Tensor) || !sizes.isSequence() || sizes.items->isUnknown || sizes.items->values.size() < 2)
        return;
    const auto& given = sizes.items->values;
    const bool isFirstOpen = isInteger(given[0], -1);
    if (!isFirstOpen && !isBatch(given[0], tensor))
        return;
    std::vector<AtenValue> wanted;
    std::size_t left = !stretches && isFirstOpen ? 1 : 0;
    for (std::size_t i = 1; i < given.size(); ++i) {
        const bool isOwn =
            given[i].is(Type::Size) && tensor.output == 0 && opOf(given[i].value) == opOf(tensor.value) && given[i].integer > 0;
        const bool isTold = given[i].is(Type::Integer) && given[i].integer > 0;
        if (stretches && !isTold && !isOwn && !isInteger(given[i], -1))
            return;
        left += isTold || isOwn || stretches ? 0 : 1;
        wanted.push_back(isTold ? given[i] : isOwn && !stretches ? AtenValue::ofInteger(-2 - given[i].integer) : AtenValue::ofInteger(-1));
    }
    if (left > 1)
        return;
    if (stretches)
        wanted.insert(wanted.begin(), AtenValue::ofInteger(-1));
    bound.className = stretches ? "expand" : "view";
    bound.values = {{"input", tensor}, {stretches ? "sizes" : "shape", AtenValue::ofItems(Type::List, std::move(wanted))}};
    bound.tensors = {tensor};
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
    const AtenValue dimension = argument(call, 1, "dim");
    if (bound.tensors.size() == 2) {
        bound.className = isMost ? "maximum" : "minimum";
    } else if (dimension.is(Type::Integer)) {
        bound.className = isMost ? "amax" : "amin";
        bound.values = {{"input", argument(call, 0, "self")}, {"dim", dimension}, {"keepdim", argument(call, 2, "keepdim")}};
    }
}

/// A dimension put to another place is an order of all of them, where their number is known.
void AtenGraph::movesDimension(const AtenCall& call, std::string_view name, Bound& bound) const
{
    const AtenValue tensor = argument(call, 0, "self"), from = argument(call, 1, "source"), to = argument(call, 2, "destination");
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

/// Arithmetic of a tensor with a number, and what with certain arguments is another class: a slice of everything, a clamp from 0 on.
void AtenGraph::simplifies(const AtenCall& call, std::string_view name, Bound& bound) const
{
    const AtenValue tensor = argument(call, 0, "self");
    if (!tensor.is(Type::Tensor) || bound.tensors.size() != 1)
        return;
    if (name == "slice" && takesAll(call)) {
        bound.className = "Identity";
        bound.values = {{"input", tensor}};
    }
    if (name == "hardtanh" || name == "clamp" || name == "clip") {
        const bool isClass = name == "hardtanh";
        const AtenValue low = argument(call, 1, isClass ? "min_val" : "min"), high = argument(call, 2, isClass ? "max_val" : "max");
        if (low.isNumber() && low.number() == 0 && (high.isNumber() || high.isNone())) {
            bound.className = high.isNone() ? "ReLU" : "ReLU6";
            bound.values = {{"input", tensor}, {"max_val", high}};
        }
        return;
    }
    const std::optional<double> number = this->number(argument(call, 1, name == "pow" ? "exponent" : "other"));
    constexpr std::array<std::string_view, 6> operators{"add", "sub", "mul", "div", "rsub", "pow"};
    constexpr std::array<std::string_view, 6> classes{"add_number", "sub_number", "mul_number", "div_number", "rsub_number", "pow_number"};
    const auto known = std::find(operators.begin(), operators.end(), name);
    if (known == operators.end() || !number)
        return;
    bound.className = classes[static_cast<std::size_t>(known - operators.begin())];
    std::map<std::string, AtenValue> values{{"input", tensor}, {"other", AtenValue::ofReal(*number)}};
    if (name == "add" || name == "sub" || name == "rsub")
        values.emplace("alpha", argument(call, 2, "alpha"));
    if (name == "div")
        values.emplace("rounding_mode", argument(call, 2, "rounding_mode"));
    bound.values = std::move(values);
}

/// mean over H and W.
bool AtenGraph::averages(const AtenCall& call, std::string_view name, Op& op) const
{
    if (name != "mean" || !argument(call, 3, "dtype").isNone())
        return false;
    auto dimensions = integers(argument(call, 1, "dim"));
    std::sort(dimensions.begin(), dimensions.end());
    if (dimensions != std::vector<std::int64_t>{2, 3} && dimensions != std::vector<std::int64_t>{-2, -1})
        return false;
    const AtenValue keeps = argument(call, 2, "keepdim");
    op.kind = layers::kindOfTorch("AdaptiveAvgPool2d")->id;
    op.attributes = {{"keepdims", keeps.is(Type::Bool) && keeps.integer != 0}};
    return true;
}

}
