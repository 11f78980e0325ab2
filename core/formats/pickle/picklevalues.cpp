// SPDX-License-Identifier: GPL-3.0-or-later
// The part of the machine that makes texts, containers and objects.
#include "core/formats/pickle/picklemachine.h"

#include <charconv>
#include <fmt/format.h>

namespace core::formats {

bool PickleMachine::stepText(std::uint8_t opcode)
{
    switch (opcode) {
    case 'X':
        pushText(Type::String, m_input.take(m_input.number(4)));
        break;
    case 0x8C:
        pushText(Type::String, m_input.take(m_input.number(1)));
        break;
    case 0x8D:
        pushText(Type::String, m_input.take(m_input.number(8)));
        break;
    case 'U':
        pushText(Type::String, m_input.take(m_input.number(1)));
        break;
    case 'T': {
        const auto length = static_cast<std::int32_t>(m_input.number(4));
        if (length < 0)
            m_input.fail("length", "a length", fmt::to_string(length));
        pushText(Type::String, m_input.take(static_cast<std::uint64_t>(length)));
        break;
    }
    case 'B':
        pushText(Type::Bytes, m_input.take(m_input.number(4)));
        break;
    case 'C':
        pushText(Type::Bytes, m_input.take(m_input.number(1)));
        break;
    case 0x8E:
    case 0x96:
        pushText(Type::Bytes, m_input.take(m_input.number(8)));
        break;
    case 'S':
    case 'V': {
        const std::string_view line = m_input.line();
        std::string text;
        if (!(opcode == 'S' ? unquotePickleString(line, text) : unescapePickleUnicode(line, text)))
            m_input.fail("string", "a text in Python's notation", printable(line, 40));
        pushText(Type::String, text);
        break;
    }
    case 'I':
    case 'L':
    case 'F':
        pushDecimal(m_input.line());
        break;
    default:
        return false;
    }
    return true;
}

void PickleMachine::pushText(Type type, std::string_view text)
{
    PickleNode* node = make(type);
    node->text = text;
    push(node);
}

void PickleMachine::pushDecimal(std::string_view digits)
{
    if (digits.size() > longLimit)
        m_input.fail("integer", fmt::format("a number of at most {} digits", longLimit), fmt::format("one of {}", digits.size()));
    if (digits == "00" || digits == "01")
        return push(constant(Type::Bool, digits == "01"));
    if (digits.ends_with('L'))
        digits.remove_suffix(1);
    const char* end = digits.data() + digits.size();
    std::int64_t integer = 0;
    const auto asInteger = std::from_chars(digits.data(), end, integer);
    if (asInteger.ptr == end && asInteger.ec == std::errc())
        return pushInteger(integer);
    if (asInteger.ptr == end && asInteger.ec == std::errc::result_out_of_range)
        return pushText(Type::BigInt, digits);
    double real = 0;
    const auto asReal = std::from_chars(digits.data(), end, real);
    if (asReal.ptr != end || digits.empty())
        m_input.fail("integer", "a number", printable(digits, 40));
    PickleNode* node = make(Type::Float);
    node->real = real;
    push(node);
}

std::uint64_t PickleMachine::decimalIndex(std::string_view digits) const
{
    std::uint64_t index = 0;
    const char* end = digits.data() + digits.size();
    if (const auto parsed = std::from_chars(digits.data(), end, index); parsed.ec != std::errc() || parsed.ptr != end)
        m_input.fail("memo", "a number", printable(digits, 40));
    return index;
}

bool PickleMachine::stepContainer(std::uint8_t opcode)
{
    switch (opcode) {
    case ')':
        push(m_emptyTuple ? m_emptyTuple : m_emptyTuple = make(Type::Tuple));
        break;
    case ']':
        push(make(Type::List));
        break;
    case '}':
        push(make(Type::Dict));
        break;
    case 0x8F:
        push(make(Type::Set));
        break;
    case 't':
        pushTuple(popMarked());
        break;
    case 0x85:
    case 0x86:
    case 0x87: {
        std::vector<const PickleNode*> items(opcode - 0x84u);
        for (std::size_t i = items.size(); i-- > 0;)
            items[i] = pop();
        pushTuple(std::move(items));
        break;
    }
    case 'l':
    case 0x91: {
        auto items = popMarked();
        PickleNode* node = make(opcode == 'l' ? Type::List : Type::Set);
        node->items = std::move(items);
        push(node);
        break;
    }
    case 'd': {
        const auto items = popMarked();
        push(make(Type::Dict));
        setItems(top(), items);
        break;
    }
    case 'a': {
        const PickleNode* value = pop();
        append(top(), {&value, 1});
        break;
    }
    case 'e':
    case 0x90: {
        const auto items = popMarked();
        append(top(), items);
        break;
    }
    case 's': {
        const PickleNode* value = pop();
        const PickleNode* pair[] = {pop(), value};
        setItems(top(), pair);
        break;
    }
    case 'u': {
        const auto items = popMarked();
        setItems(top(), items);
        break;
    }
    default:
        return false;
    }
    return true;
}

void PickleMachine::pushTuple(std::vector<const PickleNode*> items)
{
    PickleNode* node = make(Type::Tuple);
    node->items = std::move(items);
    push(node);
}

void PickleMachine::append(PickleNode* target, std::span<const PickleNode* const> items)
{
    const bool isContainer = target->is(Type::List) || target->is(Type::Set) || (target->is(Type::Object) && !target->paired);
    if (!isContainer)
        m_input.fail("append", "a list or set to append to", describe(*target, 40));
    target->items.insert(target->items.end(), items.begin(), items.end());
}

void PickleMachine::setItems(PickleNode* target, std::span<const PickleNode* const> items)
{
    if (items.size() % 2)
        m_input.fail("dict", "keys with their values", fmt::format("{} items", items.size()));
    const bool isMapping = target->is(Type::Dict) || (target->is(Type::Object) && (target->paired || target->items.empty()));
    if (!isMapping)
        m_input.fail("dict", "a dictionary to set items of", describe(*target, 40));
    target->paired = target->is(Type::Object);
    target->items.insert(target->items.end(), items.begin(), items.end());
}

}
