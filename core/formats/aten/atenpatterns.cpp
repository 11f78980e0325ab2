// SPDX-License-Identifier: GPL-3.0-or-later
// Operators that are what a torch.nn class computes only together, or only with certain arguments.
#include "core/base/held.h"
#include "core/formats/aten/atenarguments.h"
#include "core/formats/aten/atenoperator.h"

#include <algorithm>
#include <array>

namespace core::formats {

using Type = AtenValue::Type;

namespace {

std::vector<std::int64_t> integers(const AtenValue& list)
{
    std::vector<std::int64_t> result;
    if (list.isSequence() && !list.items->isUnknown)
        for (const AtenValue& item : list.items->values)
            result.push_back(item.is(Type::Integer) ? item.integer : std::int64_t{1} << 40);
    return result;
}

/// Whether a call swaps the axes of a matrix.
bool swapsAxes(const AtenCall& call, std::string_view name)
{
    if (name == "t" || name == "numpy_T")
        return true;
    if (name == "permute") {
        const auto order = integers(argumentOf(call, 1, "dims"));
        return order == std::vector<std::int64_t>{1, 0} || order == std::vector<std::int64_t>{-1, 0};
    }
    const AtenValue from = argumentOf(call, 1, "dim0"), to = argumentOf(call, 2, "dim1");
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

/// addmm(bias, x, W.T), mm(x, W.T), matmul(x, W.T) are what nn.Linear computes.
void AtenGraph::multiplies(const AtenCall& call, std::string_view name, Bound& bound) const
{
    const bool isAddmm = name == "addmm";
    if (!isAddmm && name != "mm" && name != "matmul")
        return;
    if (isAddmm && (!isOne(argumentOf(call, 3, "beta")) || !isOne(argumentOf(call, 4, "alpha"))))
        return;
    const AtenValue bias = isAddmm ? argumentOf(call, 0, "self") : AtenValue();
    const AtenValue input = isAddmm ? argumentOf(call, 1, "mat1") : argumentOf(call, 0, "self");
    AtenValue weight = isAddmm ? argumentOf(call, 2, "mat2") : argumentOf(call, 1, name == "mm" ? "mat2" : "other");
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
    AtenValue product = argumentOf(call, 0, "self"), bias = argumentOf(call, 1, "other");
    if (product.is(Type::Parameter))
        std::swap(product, bias);
    if (name != "add" || !isOne(argumentOf(call, 2, "alpha")) || !product.is(Type::Tensor) || product.output != 0 ||
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
    const AtenValue tensor = argumentOf(call, 0, "self"), sizes = argumentOf(call, 1, name == "reshape" ? "shape" : "size");
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
    const AtenValue tensor = argumentOf(call, 0, "self"), sizes = argumentOf(call, 1, name == "reshape" ? "shape" : "size");
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

/// mean over H and W.
bool AtenGraph::averages(const AtenCall& call, std::string_view name, Op& op) const
{
    if (name != "mean" || !argumentOf(call, 3, "dtype").isNone())
        return false;
    auto dimensions = integers(argumentOf(call, 1, "dim"));
    std::sort(dimensions.begin(), dimensions.end());
    if (dimensions != std::vector<std::int64_t>{2, 3} && dimensions != std::vector<std::int64_t>{-2, -1})
        return false;
    const AtenValue keeps = argumentOf(call, 2, "keepdim");
    op.kind = layers::kindOfTorch("AdaptiveAvgPool2d")->id;
    op.attributes = {{"keepdims", keeps.is(Type::Bool) && keeps.integer != 0}};
    return true;
}

}
