// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/pickle/pickle.h"

#include "core/formats/pickle/globals.h"
#include "core/formats/pickle/picklemachine.h"

#include <fmt/format.h>

namespace core::formats {

using Type = PickleNode::Type;

bool PickleNode::isGlobal(std::string_view moduleName, std::string_view globalName) const
{
    return type == Type::Global && module() == moduleName && name() == globalName;
}

std::string_view PickleNode::module() const
{
    return std::string_view(text).substr(0, static_cast<std::size_t>(integer));
}

std::string_view PickleNode::name() const
{
    return std::string_view(text).substr(static_cast<std::size_t>(integer) + 1);
}

const PickleNode* PickleNode::value(std::string_view key) const
{
    if (type != Type::Dict)
        return nullptr;
    for (std::size_t i = items.size(); i >= 2; i -= 2)
        if (items[i - 2]->type == Type::String && items[i - 2]->text == key)
            return items[i - 1];
    return nullptr;
}

Pickle Pickle::read(std::span<const std::byte> bytes, const std::string& file, const std::string& where, const Progress& progress)
{
    Pickle pickle;
    try {
        PickleMachine(pickle, bytes, file, where).run(progress);
    } catch (Error& error) {
        if (const std::string code = askedCode(pickle.globals(), pickle.called()); !code.empty())
            error.advice(fmt::format("Before that it asks for {}, which would run code: nothing of it was run. Do not load it with Python "
                                     "unless you know who made it.",
                                     code));
        throw;
    }
    return pickle;
}

namespace {

/// Writes values until the limit is reached; a value inside itself ends at the depth cap.
class Describer
{
public:
    explicit Describer(std::size_t limit) : m_limit(limit) {}

    std::string text(const PickleNode& node)
    {
        add(node, 0);
        if (m_out.size() > m_limit) {
            m_out.resize(m_limit);
            m_out += "...";
        }
        return printable(m_out, m_limit + 8);
    }

private:
    void addList(const PickleNode& node, std::string_view open, std::string_view close, int depth)
    {
        m_out += open;
        for (std::size_t i = 0; i < node.items.size() && m_out.size() <= m_limit; ++i) {
            if (i)
                m_out += ", ";
            add(*node.items[i], depth + 1);
        }
        m_out += close;
    }

    void addDict(const PickleNode& node, int depth)
    {
        m_out += '{';
        for (std::size_t i = 0; i + 1 < node.items.size() && m_out.size() <= m_limit; i += 2) {
            if (i)
                m_out += ", ";
            add(*node.items[i], depth + 1);
            m_out += ": ";
            add(*node.items[i + 1], depth + 1);
        }
        m_out += '}';
    }

    void addObject(const PickleNode& node, int depth)
    {
        add(*node.callable, depth + 1);
        if (node.arguments->type == Type::Tuple)
            addList(*node.arguments, "(", ")", depth);
        else
            add(*node.arguments, depth + 1);
    }

    void add(const PickleNode& node, int depth)
    {
        if (m_out.size() > m_limit)
            return;
        if (depth > 6) {
            m_out += "...";
            return;
        }
        switch (node.type) {
        case Type::None:
            m_out += "None";
            break;
        case Type::Bool:
            m_out += node.integer ? "True" : "False";
            break;
        case Type::Int:
            m_out += fmt::to_string(node.integer);
            break;
        case Type::BigInt:
            m_out += "a large integer";
            break;
        case Type::Float:
            m_out += fmt::to_string(node.real);
            break;
        case Type::String:
            m_out += '\'' + node.text.substr(0, m_limit) + '\'';
            break;
        case Type::Bytes:
            m_out += fmt::format("{} bytes", node.text.size());
            break;
        case Type::List:
            addList(node, "[", "]", depth);
            break;
        case Type::Tuple:
            addList(node, "(", node.items.size() == 1 ? ",)" : ")", depth);
            break;
        case Type::Set:
            addList(node, "{", "}", depth);
            break;
        case Type::Dict:
            addDict(node, depth);
            break;
        case Type::Global:
            m_out += node.text.substr(0, m_limit);
            break;
        case Type::Object:
            addObject(node, depth);
            break;
        case Type::Persistent:
            addList(node, "<persistent ", ">", depth);
            break;
        }
    }

    std::size_t m_limit;
    std::string m_out;
};

}

std::string describe(const PickleNode& node, std::size_t limit)
{
    return Describer(limit).text(node);
}

}
