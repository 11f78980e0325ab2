// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/input.h"

#include "core/formats/keras/graph/nest.h"
#include "core/formats/keras/graph/ops.h"
#include "core/formats/keras/weights/store.h"
#include "core/formats/keras/weights/storepaths.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const char* version : {"1.2.2", "2.15.0", "3.15.1"})
        fuzz::allowErrors([&] {
            const auto graph = core::formats::parseKerasConfig(text, "input");
            const auto flat = core::formats::flattened(graph, "input");
            core::formats::kerasModel(flat, version, "tensorflow", "input");
            core::formats::storePaths(graph, flat, {}, "input");
        });
    return 0;
}
