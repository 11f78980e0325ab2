// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace core::formats {

struct AtenValue;

/// The values of a list or tuple; those of a dict: key, value, key, value, ... Shared, since lists can be changed while others see them.
struct AtenItems
{
    std::vector<AtenValue> values;
    bool isUnknown = false; ///< what is in it can no longer be told
};

/// What else a reader of programs passes around: modules, functions.
struct AtenObject
{
    virtual ~AtenObject() = default;
};

/// What is known, before anything is computed, of a value that flows through a program of aten operators.
struct AtenValue
{
    enum class Type : std::uint8_t {
        None,
        Bool,
        Integer,
        Real,
        String,
        List,
        Tuple,
        Dict,
        Tensor,    ///< result `output` of the operation behind `value`
        Parameter, ///< `text` is its name; `isTransposed` when a rank-2 one is seen with its axes swapped
        Sizes,     ///< all sizes of the tensor `value`
        Size,      ///< its size along dimension `integer`
        Unknown,   ///< anything; when `value` >= 0 it comes from that operation
        Object
    };

    Type type = Type::None;
    bool isTransposed = false;
    std::int64_t integer = 0; ///< also Bool
    double real = 0;
    std::string text;
    int value = -1, output = 0;
    std::shared_ptr<AtenItems> items;
    std::shared_ptr<const AtenObject> object;

    bool is(Type t) const { return type == t; }
    bool isNone() const { return type == Type::None; }
    bool isSequence() const { return type == Type::List || type == Type::Tuple; }
    bool isNumber() const { return type == Type::Bool || type == Type::Integer || type == Type::Real; }
    /// Whether an operation computed it, or may have.
    bool isComputed() const { return type == Type::Tensor || (type == Type::Unknown && value >= 0); }
    double number() const { return type == Type::Real ? real : static_cast<double>(integer); }

    static AtenValue ofBool(bool b) { return whole(Type::Bool, b ? 1 : 0); }
    static AtenValue ofInteger(std::int64_t i) { return whole(Type::Integer, i); }
    static AtenValue ofReal(double r);
    static AtenValue ofString(std::string s);
    static AtenValue ofItems(Type type, std::vector<AtenValue> values);
    static AtenValue ofParameter(std::string name);
    static AtenValue ofObject(std::shared_ptr<const AtenObject> object);
    /// A Tensor, Sizes, or Unknown that comes from an operation.
    static AtenValue computed(Type type, int value, int output = 0);
    static AtenValue unknown() { return whole(Type::Unknown, 0); }

private:
    static AtenValue whole(Type type, std::int64_t integer)
    {
        AtenValue result;
        result.type = type;
        result.integer = integer;
        return result;
    }
};

}
