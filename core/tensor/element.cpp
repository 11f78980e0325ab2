// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/element.h"

#include "core/tensor/minifloat.h"

#include <cmath>
#include <complex>
#include <cstring>
#include <fmt/format.h>
#include <variant>

namespace core {

namespace {

/// A byte that packs several numbers or means nothing by itself.
struct Raw
{
    std::uint8_t byte = 0;
};

/// float where the type is exact in one: its shortest decimals are those of the person's own print().
using Element = std::variant<bool, std::int64_t, std::uint64_t, float, double, std::complex<float>, std::complex<double>, Raw>;

template <typename T>
T at(const Tensor& tensor, std::int64_t index, std::size_t part = 0, std::size_t parts = 1)
{
    T value;
    std::memcpy(&value, tensor.bytes().data() + (static_cast<std::size_t>(index) * parts + part) * sizeof(T), sizeof(T));
    return value;
}

template <typename T>
std::complex<T> complexAt(const Tensor& tensor, std::int64_t index)
{
    return {at<T>(tensor, index, 0, 2), at<T>(tensor, index, 1, 2)};
}

Element elementAt(const Tensor& tensor, std::int64_t i)
{
    const auto byte = [&] { return at<std::uint8_t>(tensor, i); };
    switch (tensor.dtype()) {
    case DType::Bool:
        return byte() != 0;
    case DType::UInt8:
    case DType::QUInt8:
        return std::int64_t{byte()};
    case DType::Int8:
    case DType::QInt8:
        return std::int64_t{at<std::int8_t>(tensor, i)};
    case DType::UInt16:
        return std::int64_t{at<std::uint16_t>(tensor, i)};
    case DType::Int16:
        return std::int64_t{at<std::int16_t>(tensor, i)};
    case DType::UInt32:
        return std::int64_t{at<std::uint32_t>(tensor, i)};
    case DType::Int32:
    case DType::QInt32:
        return std::int64_t{at<std::int32_t>(tensor, i)};
    case DType::UInt64:
        return at<std::uint64_t>(tensor, i);
    case DType::Int64:
        return at<std::int64_t>(tensor, i);
    case DType::Float16:
        return fromHalf(at<std::uint16_t>(tensor, i));
    case DType::BFloat16:
        return fromBrain(at<std::uint16_t>(tensor, i));
    case DType::Float32:
        return at<float>(tensor, i);
    case DType::Float64:
        return at<double>(tensor, i);
    case DType::Complex32:
        return std::complex<float>(fromHalf(at<std::uint16_t>(tensor, i, 0, 2)), fromHalf(at<std::uint16_t>(tensor, i, 1, 2)));
    case DType::Complex64:
        return complexAt<float>(tensor, i);
    case DType::Complex128:
        return complexAt<double>(tensor, i);
    case DType::Float8E4M3:
        return fromFloat8E4M3(byte());
    case DType::Float8E5M2:
        return fromFloat8E5M2(byte());
    case DType::Float8E4M3Fnuz:
        return fromFloat8E4M3Fnuz(byte());
    case DType::Float8E5M2Fnuz:
        return fromFloat8E5M2Fnuz(byte());
    case DType::Float8E8M0:
        return fromFloat8E8M0(byte());
    default:
        return itemSize(tensor.dtype()) == 1 ? Raw{byte()} : Raw{};
    }
}

template <typename T>
std::string decimal(T value, int digits)
{
    if (std::isnan(value)) // its sign says nothing
        return "nan";
    return digits > 0 ? fmt::format("{:.{}g}", value, digits) : fmt::format("{}", value);
}

struct AsText
{
    int digits;

    std::string operator()(bool value) const { return value ? "true" : "false"; }
    std::string operator()(std::int64_t value) const { return fmt::format("{}", value); }
    std::string operator()(std::uint64_t value) const { return fmt::format("{}", value); }
    std::string operator()(float value) const { return decimal(value, digits); }
    std::string operator()(double value) const { return decimal(value, digits); }
    std::string operator()(Raw raw) const { return fmt::format("0x{:02x}", raw.byte); }
    template <typename T>
    std::string operator()(const std::complex<T>& value) const
    {
        const std::string imaginary = decimal(value.imag(), digits);
        return decimal(value.real(), digits) + (imaginary.front() == '-' ? "" : "+") + imaginary + "j";
    }
};

struct AsNumber
{
    double operator()(Raw raw) const { return raw.byte; }
    template <typename T>
    double operator()(const std::complex<T>& value) const
    {
        return static_cast<double>(std::abs(value));
    }
    template <typename T>
    double operator()(T value) const
    {
        return static_cast<double>(value);
    }
};

}

std::string elementText(const Tensor& tensor, std::int64_t index, int digits)
{
    return std::visit(AsText{digits}, elementAt(tensor, index));
}

double elementNumber(const Tensor& tensor, std::int64_t index)
{
    return std::visit(AsNumber{}, elementAt(tensor, index));
}

}
