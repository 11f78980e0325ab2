// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/input.h"

#include "core/formats/keras/kerasconfig.h"
#include "core/formats/keras/kerasops.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const char* version : {"1.2.2", "2.15.0", "3.15.1"})
        fuzz::allowErrors(
            [&] { core::formats::kerasModel(core::formats::parseKerasConfig(text, "input"), version, "tensorflow", "input"); });
    return 0;
}
