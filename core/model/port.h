// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/held.h"

#include <compare>
#include <cstddef>
#include <initializer_list>
#include <map>
#include <string>
#include <vector>

namespace core {

/// A value in a network: what an op puts out. Most have one output.
struct Port
{
    int op = -1;    ///< index in Model::ops
    int output = 0; ///< which of the op's

    Port() = default;
    Port(int ofOp, int itsOutput = 0) : op(ofOp), output(itsOutput) {}
    auto operator<=>(const Port&) const = default;
};

/// A value under the name by which an op takes it ("query", "mask", "initial_state") or a network takes or gives it; empty for the plain
/// ones, which are told apart by their order.
struct NamedPort
{
    std::string name;
    Port port;

    NamedPort() = default;
    NamedPort(Port value) : port(value) {}
    NamedPort(int op) : port(op) {}
    NamedPort(std::string ownName, Port value) : name(std::move(ownName)), port(value) {}
    bool operator==(const NamedPort&) const = default;
};
using Input = NamedPort;
using Output = NamedPort;

/// Something for each output of each op. By an op's index it is that of the op's first output, and only those are walked through.
template <typename T>
class ByPort
{
public:
    ByPort() = default;
    explicit ByPort(std::size_t ops) : m_first(ops) {}
    ByPort(std::initializer_list<T> first) : m_first(first) {}
    ByPort(std::vector<T> first) : m_first(std::move(first)) {}

    std::size_t size() const { return m_first.size(); }
    bool empty() const { return m_first.empty(); }
    void resize(std::size_t ops) { m_first.resize(ops); }
    void push_back(T value) { m_first.push_back(std::move(value)); }

    T& operator[](std::size_t op) { return m_first[op]; }
    const T& operator[](std::size_t op) const { return m_first[op]; }
    T& at(std::size_t op) { return heldAt(m_first, op); }
    const T& at(std::size_t op) const { return heldAt(m_first, op); }
    T& back() { return m_first.back(); }
    const T& back() const { return m_first.back(); }
    const T* data() const { return m_first.data(); }
    auto begin() { return m_first.begin(); }
    auto end() { return m_first.end(); }
    auto begin() const { return m_first.begin(); }
    auto end() const { return m_first.end(); }

    /// An op that is there, with any output.
    T& operator[](Port port) { return port.output == 0 ? m_first[static_cast<std::size_t>(port.op)] : m_further[port]; }
    /// A default value where nothing is known of the port.
    const T& operator[](Port port) const
    {
        static const T none{};
        if (port.op < 0 || static_cast<std::size_t>(port.op) >= m_first.size())
            return none;
        if (port.output == 0)
            return m_first[static_cast<std::size_t>(port.op)];
        const auto found = m_further.find(port);
        return found == m_further.end() ? none : found->second;
    }
    /// Of the outputs behind the first.
    const std::map<Port, T>& further() const { return m_further; }

private:
    std::vector<T> m_first;
    std::map<Port, T> m_further;
};

}
