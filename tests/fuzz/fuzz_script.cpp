// SPDX-License-Identifier: GPL-3.0-or-later
// The texts inside TorchScript archives and exported programs, without the archive around them.
#include "tests/fuzz/input.h"

#include "core/formats/pt2/pt2graph.h"
#include "core/formats/torchscript/scriptparser.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    fuzz::allowErrors([&] { core::formats::parseScript(text, "input"); });
    fuzz::allowErrors([&] {
        const core::Json program = core::parseJson(text, "input");
        core::Model model;
        try {
            core::formats::Pt2Graph(model).read(core::formats::pt2Member(program, "graph_module"));
        } catch (const core::Json::exception&) {
            // The reader of the file turns it into a note.
        }
    });
    return 0;
}
