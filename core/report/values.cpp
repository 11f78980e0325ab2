// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/values.h"

#include "core/tensor/doubles.h"
#include "core/tensor/element.h"

#include <cstring>
#include <functional>

namespace core::report {

namespace {

using Element = std::function<Json(std::size_t)>;

template <typename T>
T at(const Tensor& tensor, std::size_t index)
{
    T value;
    std::memcpy(&value, tensor.bytes().data() + index * sizeof(T), sizeof(T));
    return value;
}

/// How to take one element out of a tensor, exactly where JSON can hold it.
Element elementOf(const Tensor& tensor)
{
    switch (tensor.dtype()) {
    case DType::Bool:
        return [&](std::size_t i) { return Json(at<std::uint8_t>(tensor, i) != 0); };
    case DType::UInt8:
        return [&](std::size_t i) { return Json(at<std::uint8_t>(tensor, i)); };
    case DType::Int8:
        return [&](std::size_t i) { return Json(at<std::int8_t>(tensor, i)); };
    case DType::UInt16:
        return [&](std::size_t i) { return Json(at<std::uint16_t>(tensor, i)); };
    case DType::Int16:
        return [&](std::size_t i) { return Json(at<std::int16_t>(tensor, i)); };
    case DType::UInt32:
        return [&](std::size_t i) { return Json(at<std::uint32_t>(tensor, i)); };
    case DType::Int32:
        return [&](std::size_t i) { return Json(at<std::int32_t>(tensor, i)); };
    case DType::UInt64:
        return [&](std::size_t i) { return Json(at<std::uint64_t>(tensor, i)); };
    case DType::Int64:
        return [&](std::size_t i) { return Json(at<std::int64_t>(tensor, i)); };
    case DType::Float64:
        return [&](std::size_t i) { return jsonNumber(at<double>(tensor, i)); };
    default:
        if (isReal(tensor.dtype()))
            return [&](std::size_t i) { return jsonNumber(static_cast<float>(elementNumber(tensor, static_cast<std::int64_t>(i)))); };
        return [&](std::size_t i) { return Json(elementText(tensor, static_cast<std::int64_t>(i))); };
    }
}

Json nested(const Shape& shape, const Element& element, std::size_t axis, std::size_t& index)
{
    if (axis == shape.size())
        return element(index++);
    Json list = Json::array();
    for (std::int64_t i = 0; i < shape[axis]; ++i)
        list.push_back(nested(shape, element, axis + 1, index));
    return list;
}

/// Writes a tensor row by row; of a large one only the first and last places of each axis.
class Writer
{
public:
    explicit Writer(const Tensor& tensor) : m_tensor(tensor), m_strides(denseStrides(tensor.shape())) {}

    std::string text()
    {
        if (m_tensor.count() == 0 && m_tensor.shape().size() > 1)
            return "[]";
        write(0, 0);
        return std::move(m_out);
    }

private:
    static constexpr std::int64_t whole = 1000, edge = 3;

    void write(std::size_t axis, std::int64_t index)
    {
        if (axis == m_tensor.shape().size()) {
            m_out += elementText(m_tensor, index);
            return;
        }
        const bool isRow = axis + 1 == m_tensor.shape().size();
        const std::string between = isRow ? ", " : ",\n" + std::string(axis + 1, ' ');
        const std::int64_t size = m_tensor.shape()[axis];
        m_out += "[";
        for (std::int64_t i = 0; i < size; ++i) {
            if (i > 0)
                m_out += between;
            if (m_tensor.count() > whole && i == edge && size > 2 * edge) {
                m_out += "...";
                i = size - edge - 1;
                continue;
            }
            write(axis + 1, index + i * m_strides[axis]);
        }
        m_out += "]";
    }

    const Tensor& m_tensor;
    Shape m_strides;
    std::string m_out;
};

}

Json valuesJson(const Tensor& tensor)
{
    std::size_t index = 0;
    return nested(tensor.shape(), elementOf(tensor), 0, index);
}

std::string valuesText(const Tensor& tensor)
{
    return Writer(tensor).text() + "\n";
}

}
