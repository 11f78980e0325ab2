// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace core {

using Ints = std::vector<std::int64_t>;
using Reals = std::vector<double>;
using Attribute = std::variant<bool, std::int64_t, double, std::string, Ints, Reals>;

/// Named settings of a layer. In an Op they are the canonical ones that the op's kind documents; raw ones are as the file has them.
/// The accessors throw Error("attribute") naming the attribute when it is missing (without a default) or of another type.
class Attributes
{
public:
    Attributes() = default;
    Attributes(std::initializer_list<std::pair<const std::string, Attribute>> values) : m_values(values) {}

    bool has(const std::string& name) const { return m_values.contains(name); }
    void set(const std::string& name, Attribute value) { m_values.insert_or_assign(name, std::move(value)); }
    void remove(const std::string& name) { m_values.erase(name); }

    std::int64_t integer(const std::string& name, std::optional<std::int64_t> fallback = {}) const;
    double real(const std::string& name, std::optional<double> fallback = {}) const; ///< an integer counts as a real
    bool boolean(const std::string& name, std::optional<bool> fallback = {}) const;
    std::string string(const std::string& name, std::optional<std::string> fallback = {}) const;
    Ints integers(const std::string& name, std::optional<Ints> fallback = {}) const;
    /// `n` integers; a single integer stands for n equal ones.
    Ints integers(const std::string& name, std::size_t n, std::optional<Ints> fallback = {}) const;
    /// Integers count as reals, a single one is a list of one.
    Reals reals(const std::string& name, std::optional<Reals> fallback = {}) const;

    auto begin() const { return m_values.begin(); }
    auto end() const { return m_values.end(); }
    bool operator==(const Attributes&) const = default;

private:
    std::map<std::string, Attribute> m_values;
};

/// "5", "0.001", "same", "[2,2]", "[0.5,2]".
std::string text(const Attribute& value);

}
