// SPDX-License-Identifier: GPL-3.0-or-later
// What a worker answers: the message itself.
#include "tests/fuzz/input.h"

#include "core/worker/protocol.h"

#include <fcntl.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    constexpr std::uint64_t payloadLimit = 1 << 16;
    const fuzz::MemoryFile input(data, size);
    const int fd = ::open(input.path().c_str(), O_RDONLY | O_CLOEXEC);
    fuzz::allowErrors([&] { core::worker::receive(fd, payloadLimit); });
    ::close(fd);
    return 0;
}
