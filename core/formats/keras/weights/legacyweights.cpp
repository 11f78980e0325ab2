// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/keras/weights/legacyweights.h"

#include "core/formats/keras/config/legacy.h"
#include "core/tensor/dtype.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <numeric>
#include <optional>

namespace core::formats {

namespace {

/// A source of `shape` whose bytes `make` computes out of those of others when they are read.
TensorSource derived(const std::string& name, DType dtype, Shape shape, std::function<std::vector<std::byte>()> make)
{
    return {dtype, std::move(shape),
            WorkerDataset{name, [make = std::move(make)] { return std::make_shared<const std::vector<std::byte>>(make()); }}};
}

std::vector<std::size_t> inOrder(std::size_t rank)
{
    std::vector<std::size_t> order(rank);
    std::iota(order.begin(), order.end(), std::size_t{0});
    return order;
}

/// Axis d of the result is axis order[d] of `source`, read backwards where `turned[d]`.
TensorSource rearranged(const std::string& name, const TensorSource& source, std::vector<std::size_t> order, std::vector<bool> turned)
{
    Shape shape;
    for (const std::size_t axis : order)
        shape.push_back(source.shape[axis]);
    return derived(name, source.dtype, shape, [source, order = std::move(order), turned = std::move(turned), shape] {
        const Tensor tensor = read(source);
        const auto size = static_cast<std::size_t>(itemSize(source.dtype));
        Shape strides(source.shape.size(), 1);
        for (std::size_t d = strides.size() - 1; d > 0; --d)
            strides[d - 1] = strides[d] * source.shape[d];
        std::vector<std::byte> bytes(tensor.bytes().size());
        Shape at(shape.size(), 0);
        for (std::size_t i = 0; i * size < bytes.size(); ++i) {
            std::int64_t from = 0;
            for (std::size_t d = 0; d < shape.size(); ++d)
                from += (turned[d] ? shape[d] - 1 - at[d] : at[d]) * strides[order[d]];
            std::memcpy(bytes.data() + i * size, tensor.bytes().data() + static_cast<std::size_t>(from) * size, size);
            for (std::size_t d = shape.size(); d-- > 0 && ++at[d] == shape[d];)
                at[d] = 0;
        }
        return bytes;
    });
}

/// Beside each other along their last axis; all but that are alike.
TensorSource sideBySide(const std::string& name, std::vector<TensorSource> parts)
{
    Shape shape = parts.front().shape;
    shape.back() = 0;
    for (const TensorSource& part : parts)
        shape.back() += part.shape.back();
    return derived(name, parts.front().dtype, shape, [parts = std::move(parts), shape] {
        const auto size = static_cast<std::size_t>(itemSize(parts.front().dtype));
        std::vector<Tensor> tensors;
        for (const TensorSource& part : parts)
            tensors.push_back(read(part));
        std::vector<std::byte> bytes;
        std::int64_t rows = 1;
        for (std::size_t d = 0; d + 1 < shape.size(); ++d)
            rows *= shape[d];
        for (std::int64_t row = 0; row < rows; ++row)
            for (std::size_t i = 0; i < parts.size(); ++i) {
                const auto length = static_cast<std::size_t>(parts[i].shape.back()) * size;
                const auto begin = tensors[i].bytes().begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(row) * length);
                bytes.insert(bytes.end(), begin, begin + static_cast<std::ptrdiff_t>(length));
            }
        return bytes;
    });
}

/// The axes of a kernel of Keras 1 in today's order (windows, inputs, outputs); empty where they stand so.
std::vector<std::size_t> kernelOrder(const std::string& className, const Json& config, const Shape& shape)
{
    const bool first = textIn(config, "dim_ordering") == "th";
    if (className == "Conv1D" && shape.size() == 4) // (length, 1, inputs, outputs), before 1.2 (outputs, inputs, length, 1)
        return shape[1] == 1 ? inOrder(4) : std::vector<std::size_t>{2, 3, 1, 0};
    if (className == "Conv2D" && shape.size() == 4 && first)
        return {2, 3, 1, 0};
    if (className == "Conv3D" && shape.size() == 5 && first)
        return {2, 3, 4, 1, 0};
    return {};
}

void modernKernel(LayerWeight& weight, const std::string& className, const Json& config, bool isOld, bool isTurned)
{
    TensorSource& source = weight.dataset.source;
    std::vector<std::size_t> order = isOld ? kernelOrder(className, config, source.shape) : std::vector<std::size_t>();
    if ((order.empty() && !isTurned) || source.shape.size() < 3)
        return;
    if (order.empty())
        order = inOrder(source.shape.size());
    std::vector<bool> turned(order.size(), false);
    for (std::size_t d = 0; d + 2 < order.size(); ++d)
        turned[d] = isTurned;
    source = rearranged(weight.name, source, std::move(order), std::move(turned));
    if (className == "Conv1D" && source.shape.size() == 4) // its second axis has one element
        source.shape.erase(source.shape.begin() + 1);
}

struct Gates
{
    std::string_view className, letters;
};
constexpr std::array<Gates, 2> gates{{{"LSTM", "ifco"}, {"GRU", "zrh"}}}; ///< in today's order

struct Letter
{
    char old;
    std::string_view today;
};
constexpr std::array<Letter, 3> letters{{{'W', "kernel"}, {'U', "recurrent_kernel"}, {'b', "bias"}}};

/// "lstm_1_W_i:0" -> "lstm_1_W:0".
std::string withoutGate(std::string name, const std::string& role)
{
    const auto at = name.rfind(role);
    return at == std::string::npos ? name : name.erase(at + 1, 2);
}

/// The weight of all gates, out of one for each ("W_i", "W_f" ...); none where one is absent or they are not alike.
std::optional<LayerWeight> ofAllGates(const std::vector<LayerWeight>& weights, const Letter& letter, std::string_view gateLetters)
{
    std::vector<TensorSource> parts;
    const LayerWeight* one = nullptr;
    for (const char gate : gateLetters) {
        const std::string role{letter.old, '_', gate};
        const auto found = std::find_if(weights.begin(), weights.end(), [&](const LayerWeight& weight) { return weight.role == role; });
        if (found == weights.end() || !found->dataset.problem.empty() || found->dataset.source.shape.empty() ||
            (one && (found->dataset.source.shape != one->dataset.source.shape || found->dataset.source.dtype != one->dataset.source.dtype)))
            return {};
        one = &*found;
        parts.push_back(found->dataset.source);
    }
    LayerWeight result = *one;
    result.name = withoutGate(result.name, result.role);
    result.role = letter.today;
    result.dataset.source = sideBySide(result.name, std::move(parts));
    result.dataset.opaque.reset();
    return result;
}

std::vector<LayerWeight> modernGates(std::vector<LayerWeight> weights, std::string_view gateLetters)
{
    std::vector<LayerWeight> result;
    for (const Letter& letter : letters) {
        auto one = ofAllGates(weights, letter, gateLetters);
        if (!one)
            return weights;
        result.push_back(std::move(*one));
    }
    return weights.size() == result.size() * gateLetters.size() ? result : weights;
}

}

std::vector<LayerWeight> modernWeights(const KerasLayer& layer, std::vector<LayerWeight> weights, std::string_view version,
                                       std::string_view backend)
{
    const bool isOld = isLegacy(layer, version);
    const std::string className = modernLayer(layer, version, backend).spec.className;
    for (LayerWeight& weight : weights)
        if (weight.role == "kernel" && weight.dataset.problem.empty() && hasModernKernel(className))
            modernKernel(weight, className, layer.config, isOld, backend == "theano");
    const auto own = std::find_if(gates.begin(), gates.end(), [&](const Gates& each) { return each.className == className; });
    return isOld && own != gates.end() ? modernGates(std::move(weights), own->letters) : weights;
}

}
