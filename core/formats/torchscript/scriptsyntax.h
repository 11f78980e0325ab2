// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace core::formats {

/// An expression of TorchScript's serialised source. Nodes belong to their ScriptSource.
struct ScriptExpression
{
    enum class Kind : std::uint8_t {
        Name,      ///< text
        Integer,   ///< integer
        Real,      ///< real
        String,    ///< text
        Attribute, ///< base.text
        Call,      ///< base(items, keywords)
        Subscript, ///< base[items[0]]
        Slice,     ///< items: start, stop, step; null where left out
        List,
        Tuple,
        Dict,    ///< items: key, value, ...
        Unary,   ///< text items[0]
        Binary,  ///< items[0] text items[1]
        Ternary, ///< items[0] if items[1] else items[2]
    };

    Kind kind = Kind::Name;
    std::string text;
    std::int64_t integer = 0;
    double real = 0;
    const ScriptExpression* base = nullptr;
    std::vector<const ScriptExpression*> items;
    std::vector<std::pair<std::string, const ScriptExpression*>> keywords;

    bool is(Kind k) const { return kind == k; }
    bool isName(std::string_view name) const { return kind == Kind::Name && text == name; }
};

struct ScriptStatement
{
    enum class Kind : std::uint8_t { Expression, Assign, If, While, For, Return, Break, Continue, Pass };

    Kind kind = Kind::Pass;
    int line = 0;
    std::vector<const ScriptExpression*> targets; ///< Assign, For; several are unpacked into
    const ScriptExpression* value = nullptr;      ///< also the condition, or what is iterated; null for a bare return
    std::vector<const ScriptStatement*> body, orElse;
};

using ScriptBlock = std::vector<const ScriptStatement*>;

struct ScriptArgument
{
    std::string name;
    const ScriptExpression* type = nullptr;
    const ScriptExpression* fallback = nullptr;
};

struct ScriptFunction
{
    std::string name;
    std::vector<ScriptArgument> arguments; ///< of a method with self in front
    ScriptBlock body;
};

struct ScriptField
{
    std::string name;
    const ScriptExpression* type = nullptr;
    const ScriptExpression* value = nullptr; ///< of a constant
};

struct ScriptClass
{
    std::string name, base;                       ///< base: "Module", "NamedTuple", "Interface", "Enum" or empty
    std::vector<std::string> parameters, buffers; ///< __parameters__, __buffers__
    std::vector<ScriptField> fields;
    std::unordered_map<std::string, ScriptFunction> methods;

    const ScriptFunction* method(const std::string& methodName) const
    {
        const auto found = methods.find(methodName);
        return found == methods.end() ? nullptr : &found->second;
    }
};

/// One file of an archive's code/ folder.
struct ScriptSource
{
    std::unordered_map<std::string, ScriptClass> classes;
    std::unordered_map<std::string, ScriptFunction> functions;
    std::deque<ScriptExpression> expressions;
    std::deque<ScriptStatement> statements;
};

}
