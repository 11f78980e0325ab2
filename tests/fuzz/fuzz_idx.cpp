// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/input.h"

#include "core/digits/digits.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const fuzz::MemoryFile input(data, size);
    fuzz::allowErrors([&] { core::digits::readIdx(input.path(), ""); });
    fuzz::allowErrors([&] { core::digits::readIdx(input.path(), input.path()); });
    fuzz::allowErrors([&] { core::digits::readTestSet(input.path()); });
    return 0;
}
