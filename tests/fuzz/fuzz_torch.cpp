// SPDX-License-Identifier: GPL-3.0-or-later
// PyTorch's containers: zip, legacy stream, tar, TorchScript, exported programs.
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    fuzz::openAs(core::Framework::Torch, data, size);
    return 0;
}
