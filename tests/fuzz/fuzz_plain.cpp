// SPDX-License-Identifier: GPL-3.0-or-later
// Files of no framework (.safetensors, .npy, .npz), and the words for what is foreign.
#include "tests/fuzz/input.h"

#include "core/formats/foreign.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    core::formats::describeForeign(fuzz::bytes(data, size < 4096 ? size : 4096));
    fuzz::openAs(core::Framework::None, data, size);
    return 0;
}
