// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/tensor.h"

#include "core/base/error.h"

#include <cassert>
#include <cstring>
#include <fmt/format.h>

namespace core {

namespace {

/// Copies elements of `Size` bytes in transposed order; strides in elements.
template <std::size_t Size>
void gather(std::byte* out, const std::byte* in, const Shape& sizes, const Shape& strides, std::size_t dimension)
{
    static_assert(Size > 0);
    std::vector<std::int64_t> index(sizes.size(), 0);
    const std::int64_t inner = sizes.back(), step = strides.back() * static_cast<std::int64_t>(Size);
    std::int64_t offset = 0;
    while (true) {
        const std::byte* from = in + offset * static_cast<std::int64_t>(Size);
        for (std::int64_t i = 0; i < inner; ++i, out += Size, from += step)
            std::memcpy(out, from, Size);
        std::size_t d = dimension;
        while (d-- > 0) {
            offset += strides[d];
            if (++index[d] < sizes[d])
                break;
            offset -= strides[d] * sizes[d];
            index[d] = 0;
        }
        if (d == static_cast<std::size_t>(-1))
            return;
    }
}

}

Tensor::Tensor(DType dtype, Shape shape, SharedBytes bytes, Axes axes)
    : m_dtype(dtype), m_shape(std::move(shape)), m_axes(std::move(axes)), m_count(elementCount(m_shape)), m_bytes(std::move(bytes))
{
    const std::uint64_t wanted = static_cast<std::uint64_t>(m_count) * itemSize(m_dtype);
    if (!m_bytes || m_bytes->size() != wanted)
        throw Error("tensor-bytes")
            .expected(fmt::format("{} bytes for {} {}", wanted, name(m_dtype), text(m_shape)))
            .found(fmt::format("{} bytes", m_bytes ? m_bytes->size() : 0));
}

Tensor Tensor::fromFloats(Shape shape, std::span<const float> values, Axes axes)
{
    const auto bytes = std::as_bytes(values);
    return Tensor(DType::Float32, std::move(shape), std::make_shared<const std::vector<std::byte>>(bytes.begin(), bytes.end()),
                  std::move(axes));
}

std::span<const std::byte> Tensor::bytes() const
{
    return m_bytes ? std::span<const std::byte>(*m_bytes) : std::span<const std::byte>();
}

std::span<const float> Tensor::floats() const
{
    assert(m_dtype == DType::Float32);
    const auto raw = bytes();
    return {reinterpret_cast<const float*>(raw.data()), raw.size() / sizeof(float)};
}

Tensor Tensor::withAxes(Axes axes) const
{
    Tensor result = *this;
    result.m_axes = std::move(axes);
    return result;
}

Tensor Tensor::reshaped(Shape shape, Axes axes) const
{
    return Tensor(m_dtype, std::move(shape), m_bytes, std::move(axes));
}

Tensor Tensor::transposed(std::span<const int> permutation) const
{
    assert(permutation.size() == m_shape.size());
    const Shape strides = denseStrides(m_shape);
    Shape shape, moved;
    Axes axes;
    for (const int p : permutation) {
        shape.push_back(m_shape[static_cast<std::size_t>(p)]);
        moved.push_back(strides[static_cast<std::size_t>(p)]);
        if (!m_axes.empty())
            axes.push_back(m_axes[static_cast<std::size_t>(p)]);
    }
    if (moved == denseStrides(shape) || m_count == 0)
        return reshaped(shape, axes);
    auto out = std::make_shared<std::vector<std::byte>>(m_bytes->size());
    const std::size_t outer = shape.size() - 1;
    switch (itemSize(m_dtype)) {
    case 1:
        gather<1>(out->data(), m_bytes->data(), shape, moved, outer);
        break;
    case 2:
        gather<2>(out->data(), m_bytes->data(), shape, moved, outer);
        break;
    case 4:
        gather<4>(out->data(), m_bytes->data(), shape, moved, outer);
        break;
    case 8:
        gather<8>(out->data(), m_bytes->data(), shape, moved, outer);
        break;
    case 16:
        gather<16>(out->data(), m_bytes->data(), shape, moved, outer);
        break;
    default:
        break;
    }
    return Tensor(m_dtype, std::move(shape), std::move(out), std::move(axes));
}

Tensor Tensor::relabelled(const Shape& targetShape, const Axes& target) const
{
    const Relabelling how = relabelling(m_shape, m_axes, targetShape, target);
    if (how.isIdentity())
        return reshaped(targetShape, target);
    return reshaped(how.split).transposed(how.permutation).reshaped(targetShape, target);
}

bool sameBits(const Tensor& a, const Tensor& b)
{
    if (a.dtype() != b.dtype() || a.shape() != b.shape() || a.isNull() != b.isNull())
        return false;
    return a.bytes().empty() || std::memcmp(a.bytes().data(), b.bytes().data(), a.bytes().size()) == 0;
}

}
