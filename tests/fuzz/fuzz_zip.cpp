// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/input.h"

#include "core/formats/zip/zipdirectory.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    constexpr std::uint64_t limit = 1 << 20;
    const fuzz::MemoryFile input(data, size);
    fuzz::allowErrors([&] {
        const auto directory = core::formats::ZipDirectory::read(core::File::open(input.path()));
        for (const auto& entry : directory.entries())
            fuzz::allowErrors([&] {
                bool crcMatches = false;
                if (directory.contents(entry, limit, &crcMatches).size() != entry.size)
                    std::abort();
            });
    });
    return 0;
}
