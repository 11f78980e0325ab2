// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/attributes.h"

#include "core/base/error.h"
#include "core/tensor/shape.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace core {

namespace {

/// The stored attribute converted by `convert` (which answers nullopt for a foreign type), else the fallback.
template <typename Result, typename Convert>
Result fetch(const std::map<std::string, Attribute>& values, const std::string& name, const std::optional<Result>& fallback,
             std::string_view wanted, Convert convert)
{
    const auto found = values.find(name);
    if (found == values.end()) {
        if (fallback)
            return *fallback;
        throw Error("attribute").expected(fmt::format("{} called {}", wanted, name)).found("none");
    }
    if (const std::optional<Result> result = convert(found->second))
        return *result;
    throw Error("attribute").expected(fmt::format("{} called {}", wanted, name)).found(printable(text(found->second)));
}

template <typename Stored>
std::optional<Stored> exactly(const Attribute& value)
{
    const auto* stored = std::get_if<Stored>(&value);
    return stored ? std::optional(*stored) : std::nullopt;
}

}

std::int64_t Attributes::integer(const std::string& name, std::optional<std::int64_t> fallback) const
{
    return fetch(m_values, name, fallback, "an integer", exactly<std::int64_t>);
}

double Attributes::real(const std::string& name, std::optional<double> fallback) const
{
    return fetch(m_values, name, fallback, "a number", [](const Attribute& value) -> std::optional<double> {
        if (const auto* whole = std::get_if<std::int64_t>(&value))
            return static_cast<double>(*whole);
        return exactly<double>(value);
    });
}

bool Attributes::boolean(const std::string& name, std::optional<bool> fallback) const
{
    return fetch(m_values, name, fallback, "true or false", exactly<bool>);
}

std::string Attributes::string(const std::string& name, std::optional<std::string> fallback) const
{
    return fetch(m_values, name, fallback, "a text", exactly<std::string>);
}

Ints Attributes::integers(const std::string& name, std::optional<Ints> fallback) const
{
    return fetch(m_values, name, fallback, "a list of integers", [](const Attribute& value) -> std::optional<Ints> {
        if (const auto* one = std::get_if<std::int64_t>(&value))
            return Ints{*one};
        return exactly<Ints>(value);
    });
}

Ints Attributes::integers(const std::string& name, std::size_t n, std::optional<Ints> fallback) const
{
    Ints values = integers(name, std::move(fallback));
    const auto found = m_values.find(name);
    if (values.size() == 1 && n > 1 && (found == m_values.end() || std::holds_alternative<std::int64_t>(found->second)))
        values.resize(n, values[0]);
    if (values.size() != n)
        throw Error("attribute").expected(fmt::format("{} integers called {}", n, name)).found(text(Shape(values)));
    return values;
}

Reals Attributes::reals(const std::string& name, std::optional<Reals> fallback) const
{
    return fetch(m_values, name, fallback, "a list of numbers", [](const Attribute& value) -> std::optional<Reals> {
        if (const auto* whole = std::get_if<std::int64_t>(&value))
            return Reals{static_cast<double>(*whole)};
        if (const auto* one = std::get_if<double>(&value))
            return Reals{*one};
        if (const auto* list = std::get_if<Ints>(&value))
            return Reals(list->begin(), list->end());
        return exactly<Reals>(value);
    });
}

std::string text(const Attribute& value)
{
    if (const auto* flag = std::get_if<bool>(&value))
        return *flag ? "true" : "false";
    if (const auto* whole = std::get_if<std::int64_t>(&value))
        return std::to_string(*whole);
    if (const auto* real = std::get_if<double>(&value))
        return fmt::format("{}", *real);
    if (const auto* list = std::get_if<Ints>(&value))
        return text(Shape(*list));
    if (const auto* numbers = std::get_if<Reals>(&value))
        return fmt::format("[{}]", fmt::join(*numbers, ","));
    return std::get<std::string>(value);
}

}
