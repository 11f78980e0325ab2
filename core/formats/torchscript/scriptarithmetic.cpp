// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/torchscript/scriptarithmetic.h"

#include <algorithm>
#include <cmath>

namespace core::formats {

using Type = AtenValue::Type;

namespace {

AtenValue compared(std::string_view name, double a, double b)
{
    if (name == "lt")
        return AtenValue::ofBool(a < b);
    if (name == "le")
        return AtenValue::ofBool(a <= b);
    if (name == "gt")
        return AtenValue::ofBool(a > b);
    return AtenValue::ofBool(a >= b);
}

AtenValue ofIntegers(std::string_view name, std::int64_t a, std::int64_t b)
{
    std::int64_t result = 0;
    const bool divides = name == "floordiv" || name == "remainder" || name == "floor_divide";
    if (divides && (b == 0 || (b == -1 && a == INT64_MIN)))
        return AtenValue::unknown();
    const std::int64_t quotient = divides ? a / b - ((a % b != 0 && (a < 0) != (b < 0)) ? 1 : 0) : 0;
    bool overflows = false;
    if (name == "add")
        overflows = __builtin_add_overflow(a, b, &result);
    else if (name == "sub")
        overflows = __builtin_sub_overflow(a, b, &result);
    else if (name == "mul")
        overflows = __builtin_mul_overflow(a, b, &result);
    else if (name == "remainder")
        result = a - quotient * b;
    else if (divides)
        result = quotient;
    else if (name == "max" || name == "min")
        result = name == "max" ? std::max(a, b) : std::min(a, b);
    else
        return AtenValue::unknown();
    return overflows ? AtenValue::unknown() : AtenValue::ofInteger(result);
}

AtenValue ofReals(std::string_view name, double a, double b)
{
    if (name == "add")
        return AtenValue::ofReal(a + b);
    if (name == "sub")
        return AtenValue::ofReal(a - b);
    if (name == "mul")
        return AtenValue::ofReal(a * b);
    if (name == "div")
        return AtenValue::ofReal(a / b);
    if (name == "floordiv")
        return AtenValue::ofReal(std::floor(a / b));
    if (name == "pow")
        return AtenValue::ofReal(std::pow(a, b));
    if (name == "max" || name == "min")
        return AtenValue::ofReal(name == "max" ? std::max(a, b) : std::min(a, b));
    return AtenValue::unknown();
}

}

AtenValue scriptComputed(std::string_view name, const AtenValue& a, const AtenValue& b)
{
    if (name == "eq" || name == "ne") {
        const auto equal = scriptEqual(a, b);
        return equal ? AtenValue::ofBool(*equal == (name == "eq")) : AtenValue::unknown();
    }
    if (!a.isNumber() || !b.isNumber())
        return AtenValue::unknown();
    if (name == "lt" || name == "le" || name == "gt" || name == "ge")
        return compared(name, a.number(), b.number());
    const bool isWhole = !a.is(Type::Real) && !b.is(Type::Real) && name != "div" && name != "pow";
    return isWhole ? ofIntegers(name, a.integer, b.integer) : ofReals(name, a.number(), b.number());
}

AtenValue scriptComputed(std::string_view name, const AtenValue& a)
{
    if (!a.isNumber())
        return AtenValue::unknown();
    if (!a.is(Type::Real) && (name == "neg" || name == "abs"))
        return name == "neg" || a.integer < 0 ? ofIntegers("sub", 0, a.integer) : a;
    const double x = a.number();
    if (name == "neg")
        return AtenValue::ofReal(-x);
    if (name == "abs")
        return AtenValue::ofReal(std::abs(x));
    if (name == "sqrt")
        return AtenValue::ofReal(std::sqrt(x));
    const double whole = name == "floor" ? std::floor(x) : name == "ceil" ? std::ceil(x) : NAN;
    return std::abs(whole) < 1e15 ? AtenValue::ofInteger(static_cast<std::int64_t>(whole)) : AtenValue::unknown();
}

std::optional<bool> scriptTruth(const AtenValue& value)
{
    if (value.isNumber())
        return value.number() != 0;
    if (value.isNone())
        return false;
    if (value.is(Type::String))
        return !value.text.empty();
    if (value.items && !value.items->isUnknown)
        return !value.items->values.empty();
    return {};
}

std::optional<bool> scriptEqual(const AtenValue& a, const AtenValue& b)
{
    if (a.isNumber() && b.isNumber())
        return a.is(Type::Real) || b.is(Type::Real) ? a.number() == b.number() : a.integer == b.integer;
    if (a.is(Type::String) && b.is(Type::String))
        return a.text == b.text;
    if (a.isSequence() && b.isSequence() && !a.items->isUnknown && !b.items->isUnknown) {
        if (a.items->values.size() != b.items->values.size())
            return false;
        for (std::size_t i = 0; i < a.items->values.size(); ++i)
            if (a.items->values[i].items || b.items->values[i].items)
                return {};
            else if (const auto equal = scriptEqual(a.items->values[i], b.items->values[i]); !equal || !*equal)
                return equal;
        return true;
    }
    if ((a.isNone() || b.isNone()) && (a.isNumber() || a.is(Type::String) || b.isNumber() || b.is(Type::String) || a.type == b.type))
        return a.type == b.type;
    return {};
}

}
