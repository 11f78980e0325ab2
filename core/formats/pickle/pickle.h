// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/progress.h"
#include "core/model/model.h"

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace core::formats {

/// One value of a pickle as data; nothing that it asks for was run. Nodes belong to their Pickle, may be shared and may contain themselves.
struct PickleNode
{
    enum class Type : std::uint8_t { None, Bool, Int, BigInt, Float, String, Bytes, List, Tuple, Dict, Set, Global, Object, Persistent };

    Type type = Type::None;
    bool paired = false;      ///< Object: items are key, value, ... and not appended values
    std::int64_t integer = 0; ///< Bool, Int; Global: length of the module's name in text
    double real = 0;          ///< Float
    std::string text;         ///< String, Bytes, Global ("os.system"), BigInt (beyond 64 bits: its bytes or digits as written)
    /// List, Tuple, Set: the values. Dict: key, value, key, value ... in order, equal keys kept. Persistent: the one id. Object: what was
    /// appended.
    std::vector<const PickleNode*> items;
    const PickleNode* callable = nullptr;  ///< Object: the class or function that was to be called
    const PickleNode* arguments = nullptr; ///< Object
    const PickleNode* keywords = nullptr;  ///< Object made by NEWOBJ_EX, else null
    const PickleNode* state = nullptr;     ///< what BUILD set, of an Object or a container with attributes (an OrderedDict's _metadata)

    bool is(Type t) const { return type == t; }
    bool isGlobal(std::string_view module, std::string_view name) const;
    std::string_view module() const; ///< Global
    std::string_view name() const;   ///< Global
    /// Value of a string key in a Dict; the last one of equal keys, as in Python. Null when absent or not a Dict.
    const PickleNode* value(std::string_view key) const;
    std::size_t pairs() const { return items.size() / 2; }
};

/// One line for people: "{'epoch': 3, 'lr': 0.1}", "os.system('rm')"; cut at `limit` bytes, nested at most six deep, safe to show.
std::string describe(const PickleNode& node, std::size_t limit = 120);

/// The values of one pickle stream, protocols 0 to 5, read by a machine that imports and calls nothing: a global stays a name, a call stays
/// {callable, arguments, state}. Only plain containers are made of calls (OrderedDict, set, bytes).
class Pickle
{
public:
    /// `where` names the stream in messages ("data.pkl"). Throws Error("pickle-...") with the byte offset: cut short, malformed, or beyond
    /// the caps on opcodes, values, stack and memo; the advice tells what code it asked for before. Bounds are checked before anything is
    /// allocated. Values that are left over at STOP are a note: Python's reader takes the last one too.
    static Pickle read(std::span<const std::byte> bytes, const std::string& file, const std::string& where,
                       const Progress& progress = Progress());

    const PickleNode& root() const { return *m_root; }
    int protocol() const { return m_protocol; }
    /// Bytes up to and with STOP.
    std::size_t size() const { return m_size; }
    /// Every global asked for, once each, in order of appearance.
    const std::vector<const PickleNode*>& globals() const { return m_globals; }
    /// The globals ("os.system") that the stream calls: REDUCE, NEWOBJ, OBJ, INST; those whose name only stands in a list are not among
    /// them.
    const std::unordered_set<std::string>& called() const { return m_called; }
    /// Every persistent id asked for, in order of appearance: what lies outside the stream.
    const std::vector<const PickleNode*>& persistents() const { return m_persistents; }
    /// What is odd without being an error: lying frame lengths.
    const std::vector<Note>& notes() const { return m_notes; }

private:
    friend class PickleMachine;
    std::deque<PickleNode> m_nodes;
    const PickleNode* m_root = nullptr;
    std::vector<const PickleNode*> m_globals, m_persistents;
    std::unordered_set<std::string> m_called;
    std::vector<Note> m_notes;
    std::size_t m_size = 0;
    int m_protocol = 0;
};

}
