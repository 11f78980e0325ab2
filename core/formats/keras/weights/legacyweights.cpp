// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/keras/weights/legacyweights.h"

#include "core/formats/keras/config/legacy.h"
#include "core/tensor/dtype.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <numeric>

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

void rearrange(TensorSource& source, const std::string& name, const std::string& className, const Json& config, bool isOld, bool isTurned)
{
    std::vector<std::size_t> order = isOld ? kernelOrder(className, config, source.shape) : std::vector<std::size_t>();
    if ((order.empty() && !isTurned) || source.shape.size() < 3)
        return;
    if (order.empty())
        order = inOrder(source.shape.size());
    std::vector<bool> turned(order.size(), false);
    for (std::size_t d = 0; d + 2 < order.size(); ++d)
        turned[d] = isTurned;
    const auto stored = std::make_shared<const TensorSource>(source);
    source = rearranged(name, source, std::move(order), std::move(turned));
    source.stored = stored;
    if (className == "Conv1D" && source.shape.size() == 4) // its second axis has one element
        source.shape.erase(source.shape.begin() + 1);
}

}

void toModernKernel(TensorSource& kernel, const std::string& name, const KerasLayer& layer, const KerasProducer& producer)
{
    const std::string className = modernLayer(layer, producer.version, producer.backend).spec.className;
    if (hasModernKernel(className))
        rearrange(kernel, name, className, layer.config, isLegacy(layer, producer.version), producer.backend == "theano");
}

}
