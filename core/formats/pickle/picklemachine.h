// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/pickle/pickle.h"
#include "core/formats/pickle/pickleinput.h"

#include <array>
#include <unordered_map>
#include <unordered_set>

namespace core::formats {

/// The stack machine behind Pickle::read: iterative, with caps on everything that a stream can make grow.
/// Opcodes as in CPython's pickletools, protocols 0 to 5.
class PickleMachine
{
public:
    PickleMachine(Pickle& pickle, std::span<const std::byte> bytes, const std::string& file, const std::string& where)
        : m_pickle(pickle), m_input(bytes, file, where)
    {
    }

    /// Reads up to STOP.
    void run(const Progress& progress);

    static constexpr std::size_t opcodeLimit = 40'000'000, nodeLimit = 4'000'000, stackLimit = 1'100'000, memoLimit = 4'000'000,
                                 longLimit = 4096, copyLimit = std::size_t{1} << 28;

private:
    using Type = PickleNode::Type;

    bool step(std::uint8_t opcode); ///< false at STOP
    bool stepConstant(std::uint8_t opcode);
    bool stepText(std::uint8_t opcode);
    bool stepContainer(std::uint8_t opcode);
    bool stepObject(std::uint8_t opcode);
    bool stepMemo(std::uint8_t opcode);

    PickleNode* make(Type type);
    PickleNode* constant(Type type, std::int64_t integer);
    void push(PickleNode* node);
    PickleNode* pop();
    PickleNode* top();
    /// Takes everything above the last mark, and the mark.
    std::vector<const PickleNode*> popMarked();
    void pushText(Type type, std::string_view text);
    void pushInteger(std::int64_t value);
    void pushLong(std::string_view twosComplement);
    void pushDecimal(std::string_view digits);
    void pushGlobal(std::string_view module, std::string_view name);
    void pushTuple(std::vector<const PickleNode*> items);

    void append(PickleNode* target, std::span<const PickleNode* const> items);
    void setItems(PickleNode* target, std::span<const PickleNode* const> items);
    void call(const PickleNode* callable, const PickleNode* arguments, const PickleNode* keywords);
    bool callPlain(const PickleNode& callable, const PickleNode& arguments);
    void build();
    /// Counts bytes that one instruction copies out of remembered values, so that a short stream cannot make a large one.
    void charge(std::size_t bytes);
    void protocol();
    void frame();

    void memoise(std::uint64_t index, PickleNode* node);
    PickleNode* remembered(std::uint64_t index);
    std::uint64_t decimalIndex(std::string_view digits) const;

    Pickle& m_pickle;
    PickleInput m_input;
    std::vector<PickleNode*> m_stack;
    std::vector<std::size_t> m_marks;
    std::vector<PickleNode*> m_memo; ///< indices as Python's pickler gives them, without large gaps
    std::unordered_map<std::uint64_t, PickleNode*> m_sparseMemo;
    std::size_t m_remembered = 0;
    std::unordered_set<std::string_view> m_globalNames;
    std::size_t m_copied = 0;
    std::array<PickleNode*, 256> m_smallIntegers{};
    PickleNode* m_none = nullptr;
    PickleNode* m_true = nullptr;
    PickleNode* m_false = nullptr;
    PickleNode* m_emptyTuple = nullptr;
};

}
