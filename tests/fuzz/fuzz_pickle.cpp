// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/input.h"

#include "core/formats/pickle/pickle.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    fuzz::allowErrors([&] {
        const auto pickle = core::formats::Pickle::read(fuzz::bytes(data, size), "input", "pickle");
        core::formats::describe(pickle.root());
        for (const auto* global : pickle.globals())
            core::formats::describe(*global);
    });
    return 0;
}
