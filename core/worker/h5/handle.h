// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <hdf5.h>
#include <string>
#include <string_view>
#include <utility>

namespace core::worker::h5 {

/// Throws Error("h5-library") with what HDF5's error stack says of its innermost failure, and empties the stack.
[[noreturn]] void throwLibraryError(std::string_view expected);

/// The result of an HDF5 call, which is negative when it failed. Every call goes through here or through a Handle.
template <typename T>
T checked(T result, std::string_view expected)
{
    if (result < 0)
        throwLibraryError(expected);
    return result;
}

/// Owns an HDF5 identifier of any sort.
class Handle
{
public:
    Handle() = default;
    Handle(hid_t id, herr_t (*close)(hid_t), std::string_view expected) : m_id(checked(id, expected)), m_close(close) {}
    ~Handle() { reset(); }
    Handle(Handle&& other) noexcept : m_id(std::exchange(other.m_id, -1)), m_close(other.m_close) {}
    Handle& operator=(Handle&& other) noexcept
    {
        reset();
        m_id = std::exchange(other.m_id, -1);
        m_close = other.m_close;
        return *this;
    }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;

    operator hid_t() const { return m_id; }

private:
    void reset()
    {
        if (m_id >= 0)
            m_close(m_id);
        m_id = -1;
    }

    hid_t m_id = -1;
    herr_t (*m_close)(hid_t) = nullptr;
};

/// HDF5 keeps quiet, loads no filter plugins and prints nothing. Once per process.
void initialise();

}
