// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/attributes.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace core::formats {

/// A value of Python as it is pickled, or written down in a source text.
struct PythonValue
{
    enum class Type { None, Bool, Int, Float, Text, Tuple, List, Dict, OrderedDict, Set, Tensor, Trained, Object };

    Type type = Type::None;
    std::int64_t integer = 0;       ///< Bool, Int; of a Tensor its place among the tensors
    double real = 0;                ///< Float
    std::string text;               ///< Text; of an Object its class: "torch.nn.modules.conv Conv2d"
    std::vector<PythonValue> items; ///< Tuple, List; Dict, OrderedDict and an Object's __dict__: the values
    std::vector<std::string> keys;  ///< beside them, where they have keys

    PythonValue() = default;
    PythonValue(bool value) : type(Type::Bool), integer(value) {}
    PythonValue(std::int64_t value) : type(Type::Int), integer(value) {}
    PythonValue(double value) : type(Type::Float), real(value) {}
    PythonValue(std::string value) : type(Type::Text), text(std::move(value)) {}
    PythonValue(const char*) = delete; // would be a bool

    static PythonValue of(Type type)
    {
        PythonValue value;
        value.type = type;
        return value;
    }
    static PythonValue tuple(const Ints& values);
    /// The tensor of that place; `trained`: as a Parameter that is trained.
    static PythonValue tensor(std::size_t place, bool trained);
    /// Lists of integers are tuples, as PyTorch keeps sizes.
    static PythonValue of(const Attribute& value);

    void set(std::string key, PythonValue value);
    bool operator==(const PythonValue&) const = default;
};

/// As Python's repr() gives it, for values without tensors and objects. Text is quoted so that it is one literal whatever is in it.
std::string repr(const PythonValue& value);

}
