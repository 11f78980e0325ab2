// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/values.h"

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
        return [values = tensor.toFloat32()](std::size_t i) { return jsonNumber(values.floats()[i]); };
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

void write(std::string& out, const Json& list, int indent)
{
    const bool row = !list.is_array() || list.empty() || !list[0].is_array();
    if (!list.is_array()) {
        out += list.is_string() ? list.get<std::string>() : list.dump();
        return;
    }
    out += "[";
    for (std::size_t i = 0; i < list.size(); ++i) {
        if (i > 0)
            out += row ? ", " : ",\n" + std::string(static_cast<std::size_t>(indent) + 1, ' ');
        write(out, list[i], indent + 1);
    }
    out += "]";
}

}

Json valuesJson(const Tensor& tensor)
{
    std::size_t index = 0;
    return nested(tensor.shape(), elementOf(tensor), 0, index);
}

std::string valuesText(const Tensor& tensor)
{
    std::string result;
    write(result, valuesJson(tensor), 0);
    return result + "\n";
}

}
