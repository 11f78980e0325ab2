// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/torch/write/pythonvalue.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <fmt/format.h>

namespace core::formats {

namespace {

/// The character that begins at `at`, and how many bytes it has; a byte that begins none is one.
std::pair<std::uint32_t, std::size_t> characterAt(std::string_view text, std::size_t at)
{
    const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
    const std::uint32_t first = byte(at);
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
    if (length == 1 || at + length > text.size())
        return {first, 1};
    std::uint32_t code = first & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(at + i) & 0xC0U) != 0x80U)
            return {first, 1};
        code = code << 6 | (byte(at + i) & 0x3FU);
    }
    return code > 0x10FFFF ? std::pair(first, std::size_t{1}) : std::pair(code, length);
}

/// One literal in ASCII: what is not printable, what ends a literal, and all letters beyond ASCII (which may turn lines around) by number.
std::string quoted(std::string_view text)
{
    std::string result = "\"";
    for (std::size_t at = 0; at < text.size();) {
        const auto [code, length] = characterAt(text, at);
        at += length;
        if (code == '"' || code == '\\')
            result += fmt::format("\\{}", static_cast<char>(code));
        else if (code >= 0x20 && code < 0x7F)
            result += static_cast<char>(code);
        else if (code > 0xFFFF)
            result += fmt::format("\\U{:08x}", code);
        else
            result += fmt::format("\\u{:04x}", code);
    }
    return result + '"';
}

std::string number(double value)
{
    if (std::isnan(value))
        return "float(\"nan\")";
    if (std::isinf(value))
        return value > 0 ? "float(\"inf\")" : "float(\"-inf\")";
    std::string text = fmt::format("{}", value);
    return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

std::string joined(const PythonValue& value)
{
    std::string result;
    for (const PythonValue& item : value.items)
        result += (result.empty() ? "" : ", ") + repr(item);
    return result;
}

}

PythonValue PythonValue::tuple(const Ints& values)
{
    PythonValue result = of(Type::Tuple);
    result.items.assign(values.begin(), values.end());
    return result;
}

PythonValue PythonValue::tensor(std::size_t place, bool trained)
{
    PythonValue result = of(trained ? Type::Trained : Type::Tensor);
    result.integer = static_cast<std::int64_t>(place);
    return result;
}

PythonValue PythonValue::of(const Attribute& value)
{
    if (const auto* flag = std::get_if<bool>(&value))
        return *flag;
    if (const auto* integer = std::get_if<std::int64_t>(&value))
        return *integer;
    if (const auto* real = std::get_if<double>(&value))
        return *real;
    if (const auto* text = std::get_if<std::string>(&value))
        return *text;
    if (const auto* integers = std::get_if<Ints>(&value))
        return tuple(*integers);
    PythonValue result = of(Type::Tuple);
    const auto& reals = std::get<Reals>(value);
    result.items.assign(reals.begin(), reals.end());
    return result;
}

void PythonValue::set(std::string key, PythonValue value)
{
    keys.push_back(std::move(key));
    items.push_back(std::move(value));
}

std::string repr(const PythonValue& value)
{
    using Type = PythonValue::Type;
    switch (value.type) {
    case Type::Bool:
        return value.integer ? "True" : "False";
    case Type::Int:
        return std::to_string(value.integer);
    case Type::Float:
        return number(value.real);
    case Type::Text:
        return quoted(value.text);
    case Type::Tuple:
        return fmt::format("({}{})", joined(value), value.items.size() == 1 ? "," : "");
    case Type::List:
        return fmt::format("[{}]", joined(value));
    default:
        assert(value.type == Type::None);
        return "None";
    }
}

}
