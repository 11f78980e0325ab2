// SPDX-License-Identifier: GPL-3.0-or-later
// The part of the machine that sees globals and calls. Nothing is looked up and nothing is called.
#include "core/formats/pickle/picklemachine.h"

#include <fmt/format.h>

namespace core::formats {

bool PickleMachine::stepObject(std::uint8_t opcode)
{
    switch (opcode) {
    case 'c': {
        const std::string_view module = m_input.line();
        pushGlobal(module, m_input.line());
        break;
    }
    case 0x93: {
        const PickleNode* name = pop();
        const PickleNode* module = pop();
        if (!name->is(Type::String) || !module->is(Type::String))
            m_input.fail("global", "two names", describe(*module, 40) + ", " + describe(*name, 40));
        pushGlobal(module->text, name->text);
        break;
    }
    case 'R':
    case 0x81: {
        const PickleNode* arguments = pop();
        call(pop(), arguments, nullptr);
        break;
    }
    case 0x92: {
        const PickleNode* keywords = pop();
        const PickleNode* arguments = pop();
        call(pop(), arguments, keywords);
        break;
    }
    case 'i': {
        const std::string_view module = m_input.line();
        const std::string_view name = m_input.line();
        pushTuple(popMarked());
        const PickleNode* arguments = pop();
        pushGlobal(module, name);
        call(pop(), arguments, nullptr);
        break;
    }
    case 'o': {
        auto items = popMarked();
        if (items.empty())
            m_input.fail("stack", "a class above the MARK", "nothing");
        const PickleNode* callable = items.front();
        items.erase(items.begin());
        pushTuple(std::move(items));
        const PickleNode* arguments = pop();
        call(callable, arguments, nullptr);
        break;
    }
    case 'b':
        build();
        break;
    case 'Q':
    case 'P': {
        if (opcode == 'P')
            pushText(Type::String, m_input.line());
        const PickleNode* id = pop();
        PickleNode* node = make(Type::Persistent);
        node->items = {id};
        m_pickle.m_persistents.push_back(node);
        push(node);
        break;
    }
    case 0x82:
    case 0x83:
    case 0x84:
        m_input.fail("extension", "names instead of numbers of a private registry", "an EXT instruction");
    case 0x97:
    case 0x98:
        m_input.fail("buffer", "buffers inside the file", "an out-of-band buffer");
    default:
        return false;
    }
    return true;
}

void PickleMachine::pushGlobal(std::string_view module, std::string_view name)
{
    charge(module.size() + name.size());
    PickleNode* node = make(Type::Global);
    node->text.reserve(module.size() + 1 + name.size());
    node->text.append(module).append(".").append(name);
    node->integer = static_cast<std::int64_t>(module.size());
    if (m_globalNames.insert(node->text).second)
        m_pickle.m_globals.push_back(node);
    push(node);
}

void PickleMachine::charge(std::size_t bytes)
{
    m_copied += bytes;
    if (m_copied > copyLimit)
        m_input.fail("limit", fmt::format("at most {} bytes of names and copies", copyLimit), "more");
}

void PickleMachine::call(const PickleNode* callable, const PickleNode* arguments, const PickleNode* keywords)
{
    if (!arguments->is(Type::Tuple))
        m_input.fail("call", "a tuple of arguments", describe(*arguments, 40));
    if (callable->is(Type::Global))
        m_pickle.m_called.insert(callable->text);
    if (callable->is(Type::Global) && !keywords && callPlain(*callable, *arguments))
        return;
    PickleNode* node = make(Type::Object);
    node->callable = callable;
    node->arguments = arguments;
    node->keywords = keywords;
    push(node);
}

namespace {

/// UTF-8 of letters up to U+00FF as one byte each.
std::string latin1(std::string_view text)
{
    std::string bytes;
    bytes.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const bool isPair = (byte & 0xFC) == 0xC0 && i + 1 < text.size();
        bytes += isPair ? static_cast<char>((byte & 3) << 6 | (static_cast<unsigned char>(text[++i]) & 0x3F)) : text[i];
    }
    return bytes;
}

}

/// Plain data that Python spells as a call: containers and bytes. False for anything else.
bool PickleMachine::callPlain(const PickleNode& callable, const PickleNode& arguments)
{
    const bool isBuiltin = callable.module() == "builtins" || callable.module() == "__builtin__";
    const std::string_view name = callable.name();
    const PickleNode* first = arguments.items.empty() ? nullptr : arguments.items.front();
    const bool isSequence = !first || first->is(Type::List) || first->is(Type::Tuple) || first->is(Type::Set);
    if (callable.isGlobal("collections", "OrderedDict") && isSequence && arguments.items.size() <= 1) {
        PickleNode* node = make(Type::Dict);
        charge(first ? 2 * first->items.size() * sizeof(first) : 0);
        for (std::size_t i = 0; first && i < first->items.size(); ++i) {
            const auto& pair = first->items[i]->items;
            if (pair.size() != 2)
                m_input.fail("dict", "pairs of key and value", describe(*first->items[i], 40));
            node->items.insert(node->items.end(), pair.begin(), pair.end());
        }
        push(node);
        return true;
    }
    const bool isDefaultDict = callable.isGlobal("collections", "defaultdict");
    if ((isDefaultDict && arguments.items.size() <= 1) || (isBuiltin && name == "dict" && !first)) {
        push(make(Type::Dict));
        return true;
    }
    if (isBuiltin && isSequence && arguments.items.size() <= 1 && (name == "set" || name == "frozenset" || name == "list")) {
        PickleNode* node = make(name == "list" ? Type::List : Type::Set);
        if (first) {
            charge(first->items.size() * sizeof(first));
            node->items = first->items;
        }
        push(node);
        return true;
    }
    const bool isEncoded = arguments.items.size() == 2 && first->is(Type::String); // text of latin-1 letters that stand for bytes
    const bool isBytes = isBuiltin && (name == "bytes" || name == "bytearray");
    const bool isCopy = arguments.items.size() <= 1 && (!first || first->is(Type::Bytes));
    if (!(isEncoded && (isBytes || callable.isGlobal("_codecs", "encode"))) && !(isBytes && isCopy))
        return false;
    PickleNode* node = make(Type::Bytes);
    charge(first ? first->text.size() : 0);
    if (first)
        node->text = isEncoded ? latin1(first->text) : first->text;
    push(node);
    return true;
}

void PickleMachine::build()
{
    const PickleNode* state = pop();
    PickleNode* target = top();
    const bool takesState = target->is(Type::Object) || target->is(Type::Dict) || target->is(Type::List) || target->is(Type::Set);
    if (!takesState)
        m_input.fail("build", "an object to give a state to", describe(*target, 40));
    target->state = state;
}

}
