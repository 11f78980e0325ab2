// SPDX-License-Identifier: GPL-3.0-or-later
// What the fuzz targets share.
#pragma once

#include "core/base/error.h"
#include "core/formats/format.h"

#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

namespace fuzz {

inline std::span<const std::byte> bytes(const std::uint8_t* data, std::size_t size)
{
    return std::as_bytes(std::span(data, size));
}

/// The input as a file that never touches a disk.
class MemoryFile
{
public:
    MemoryFile(const std::uint8_t* data, std::size_t size) : m_fd(::memfd_create("input", MFD_CLOEXEC))
    {
        if (m_fd < 0 || ::write(m_fd, data, size) != static_cast<ssize_t>(size))
            std::abort();
    }
    ~MemoryFile() { ::close(m_fd); }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;

    std::string path() const { return "/proc/self/fd/" + std::to_string(m_fd); }

private:
    int m_fd;
};

/// Bad input may be refused by core::Error and by nothing else: any other exception ends the run.
template <typename Action>
void allowErrors(Action action)
{
    try {
        action();
    } catch (const core::Error& error) {
        if (error.id().empty())
            std::abort();
    }
}

/// Lets every format of `framework` that takes the file read it, and then reads its small tensors.
inline void openAs(core::Framework framework, const std::uint8_t* data, std::size_t size)
{
    constexpr std::uint64_t tensorLimit = 1 << 16;
    const MemoryFile input(data, size);
    const auto file = core::File::open(input.path());
    const auto head = bytes(data, size < 4096 ? size : 4096);
    for (const core::formats::Format* format : core::formats::formats()) {
        if (format->framework != framework || !format->matches(head, *file))
            continue;
        allowErrors([&] {
            const core::Model model = format->read(file, core::Progress());
            for (const core::Parameter& parameter : model.parameters)
                if (parameter.problem.empty())
                    allowErrors([&] { core::read(parameter.source, tensorLimit); });
        });
    }
}

}
