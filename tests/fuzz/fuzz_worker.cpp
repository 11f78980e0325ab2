// SPDX-License-Identifier: GPL-3.0-or-later
// What a worker answers: the message itself, and the contents of an HDF5 file that it tells.
#include "tests/fuzz/input.h"

#include "core/formats/hdf5/h5file.h"
#include "core/worker/protocol.h"

#include <fcntl.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    constexpr std::uint64_t payloadLimit = 1 << 16;
    const fuzz::MemoryFile input(data, size);
    const int fd = ::open(input.path().c_str(), O_RDONLY | O_CLOEXEC);
    fuzz::allowErrors([&] {
        const auto message = core::worker::receive(fd, payloadLimit);
        const core::formats::H5Place place(core::File::open(input.path()));
        core::formats::checkedH5Contents(message.head, place, {});
    });
    ::close(fd);
    return 0;
}
