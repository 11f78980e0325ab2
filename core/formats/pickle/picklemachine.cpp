// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/pickle/picklemachine.h"

#include <fmt/format.h>

namespace core::formats {

void PickleMachine::run(const Progress& progress)
{
    for (std::size_t count = 0;; ++count) {
        if (count == opcodeLimit)
            m_input.fail("limit", fmt::format("at most {} instructions", opcodeLimit), "more");
        if (count % 65536 == 0)
            progress.report(0);
        if (!step(m_input.opcode()))
            break;
    }
    m_pickle.m_root = pop();
    if (!m_stack.empty() || !m_marks.empty())
        m_pickle.m_notes.push_back(
            {{"pickle-left-over",
              {fmt::to_string(m_stack.size())},
              fmt::format("{} values lie on the pickle's stack below the last one, which is taken, as Python does.", m_stack.size())},
             Note::Severity::Warning,
             ""});
    m_pickle.m_size = m_input.position();
}

bool PickleMachine::step(std::uint8_t opcode)
{
    if (opcode == '.')
        return false;
    const bool known = stepMemo(opcode) || stepConstant(opcode) || stepContainer(opcode) || stepText(opcode) || stepObject(opcode);
    if (!known)
        m_input.fail("opcode", "a pickle instruction", fmt::format("byte 0x{:02x}", opcode));
    return true;
}

bool PickleMachine::stepMemo(std::uint8_t opcode)
{
    switch (opcode) {
    case 'q':
        memoise(m_input.number(1), top());
        break;
    case 'r':
        memoise(m_input.number(4), top());
        break;
    case 0x94:
        memoise(m_remembered, top());
        break;
    case 'p':
        memoise(decimalIndex(m_input.line()), top());
        break;
    case 'h':
        push(remembered(m_input.number(1)));
        break;
    case 'j':
        push(remembered(m_input.number(4)));
        break;
    case 'g':
        push(remembered(decimalIndex(m_input.line())));
        break;
    case '2':
        push(top());
        break;
    case '1':
        popMarked();
        break;
    case '0':
        if (!m_marks.empty() && m_marks.back() == m_stack.size())
            m_marks.pop_back();
        else
            pop();
        break;
    case '(':
        if (m_marks.size() >= stackLimit)
            m_input.fail("depth", fmt::format("at most {} marks", stackLimit), "more");
        m_marks.push_back(m_stack.size());
        break;
    case 0x80:
        protocol();
        break;
    case 0x95:
        frame();
        break;
    default:
        return false;
    }
    return true;
}

bool PickleMachine::stepConstant(std::uint8_t opcode)
{
    switch (opcode) {
    case 'N':
        push(m_none ? m_none : m_none = make(Type::None));
        break;
    case 0x88:
        push(constant(Type::Bool, 1));
        break;
    case 0x89:
        push(constant(Type::Bool, 0));
        break;
    case 'K':
        pushInteger(static_cast<std::int64_t>(m_input.number(1)));
        break;
    case 'M':
        pushInteger(static_cast<std::int64_t>(m_input.number(2)));
        break;
    case 'J':
        pushInteger(static_cast<std::int32_t>(m_input.number(4)));
        break;
    case 0x8A:
        pushLong(m_input.take(m_input.number(1)));
        break;
    case 0x8B: {
        const auto length = static_cast<std::int32_t>(m_input.number(4));
        if (length < 0)
            m_input.fail("length", "a length", fmt::to_string(length));
        pushLong(m_input.take(static_cast<std::uint64_t>(length)));
        break;
    }
    case 'G': {
        const double value = m_input.bigEndianDouble();
        PickleNode* node = make(Type::Float);
        node->real = value;
        push(node);
        break;
    }
    default:
        return false;
    }
    return true;
}

PickleNode* PickleMachine::make(Type type)
{
    if (m_pickle.m_nodes.size() >= nodeLimit)
        m_input.fail("limit", fmt::format("at most {} values", nodeLimit), "more");
    PickleNode& node = m_pickle.m_nodes.emplace_back();
    node.type = type;
    return &node;
}

PickleNode* PickleMachine::constant(Type type, std::int64_t integer)
{
    PickleNode*& slot = type == Type::Bool ? (integer ? m_true : m_false) : m_smallIntegers[static_cast<std::size_t>(integer)];
    if (!slot) {
        slot = make(type);
        slot->integer = integer;
    }
    return slot;
}

void PickleMachine::push(PickleNode* node)
{
    if (m_stack.size() >= stackLimit)
        m_input.fail("depth", fmt::format("at most {} values on the stack", stackLimit), "more");
    m_stack.push_back(node);
}

PickleNode* PickleMachine::top()
{
    if (m_stack.size() <= (m_marks.empty() ? 0 : m_marks.back()))
        m_input.fail("stack", "a value on the stack", "none");
    return m_stack.back();
}

PickleNode* PickleMachine::pop()
{
    PickleNode* node = top();
    m_stack.pop_back();
    return node;
}

std::vector<const PickleNode*> PickleMachine::popMarked()
{
    if (m_marks.empty())
        m_input.fail("mark", "a MARK before this instruction", "none");
    const auto first = m_stack.begin() + static_cast<std::ptrdiff_t>(m_marks.back());
    std::vector<const PickleNode*> items(first, m_stack.end());
    m_stack.erase(first, m_stack.end());
    m_marks.pop_back();
    return items;
}

void PickleMachine::pushInteger(std::int64_t value)
{
    if (value >= 0 && value < 256)
        return push(constant(Type::Int, value));
    PickleNode* node = make(Type::Int);
    node->integer = value;
    push(node);
}

void PickleMachine::pushLong(std::string_view bytes)
{
    if (bytes.size() > longLimit)
        m_input.fail("integer", fmt::format("an integer of at most {} bytes", longLimit), fmt::format("one of {}", bytes.size()));
    if (bytes.size() > 8)
        return pushText(Type::BigInt, bytes);
    std::uint64_t value = !bytes.empty() && bytes.back() < 0 ? ~std::uint64_t{0} : 0;
    for (std::size_t i = bytes.size(); i-- > 0;)
        value = value << 8 | static_cast<std::uint8_t>(bytes[i]);
    pushInteger(static_cast<std::int64_t>(value));
}

void PickleMachine::memoise(std::uint64_t index, PickleNode* node)
{
    constexpr std::size_t gap = 1024;
    if (m_memo.size() + m_sparseMemo.size() >= memoLimit)
        m_input.fail("limit", fmt::format("at most {} remembered values", memoLimit), "more");
    if (index >= m_memo.size() && index < m_memo.size() + gap)
        m_memo.resize(static_cast<std::size_t>(index) + 1);
    const bool isDense = index < m_memo.size() && !m_sparseMemo.contains(index);
    PickleNode*& slot = isDense ? m_memo[static_cast<std::size_t>(index)] : m_sparseMemo[index];
    m_remembered += slot ? 0 : 1;
    slot = node;
}

PickleNode* PickleMachine::remembered(std::uint64_t index)
{
    const auto sparse = m_sparseMemo.find(index);
    PickleNode* node = sparse != m_sparseMemo.end() ? sparse->second
                       : index < m_memo.size()      ? m_memo[static_cast<std::size_t>(index)]
                                                    : nullptr;
    if (!node)
        m_input.fail("memo", "a value that was remembered before", fmt::format("number {}, never set", index));
    return node;
}

void PickleMachine::protocol()
{
    m_pickle.m_protocol = static_cast<int>(m_input.number(1));
    if (m_pickle.m_protocol > 5)
        m_input.fail("protocol", "pickle protocol 0 to 5", fmt::to_string(m_pickle.m_protocol));
}

void PickleMachine::frame()
{
    const std::uint64_t length = m_input.number(8);
    if (length <= m_input.left())
        return;
    const std::string text =
        fmt::format("A frame at byte {} claims {} bytes where {} are left.", m_input.opcodeOffset(), length, m_input.left());
    if (m_pickle.m_notes.size() < 8)
        m_pickle.m_notes.push_back({{"pickle-frame", {fmt::to_string(m_input.opcodeOffset())}, text}, Note::Severity::Warning, ""});
}

}
