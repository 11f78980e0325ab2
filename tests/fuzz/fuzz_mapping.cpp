// SPDX-License-Identifier: GPL-3.0-or-later
// A saved mapping, of any text, against two networks that it may name: read, edited, used.
#include "tests/fuzz/networks.h"

#include "core/json/json.h"
#include "core/report/text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const auto left = std::make_shared<const core::Model>(
        ModelBuilder(core::Framework::Torch, {1, 6, 6}).conv("0", 1, 2, 3).plain("1", "flatten").linear("2", 32, 3, {}, 1).model());
    static const auto right = std::make_shared<const core::Model>(ModelBuilder(core::Framework::Keras, {6, 6, 1})
                                                                      .conv("conv", 1, 2, 3, "relu")
                                                                      .plain("flatten", "flatten")
                                                                      .linear("dense", 32, 3, {}, 2)
                                                                      .model());
    static const auto automatic = core::session::makePair(left, right);
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const bool anyway : {false, true})
        fuzz::allowErrors([&] {
            auto mapping = core::mapping::fromJson(core::parseJson(text, "map"), *automatic.left, *automatic.right, anyway, "map");
            const auto pair = core::session::makePair(left, right, mapping, &automatic);
            core::session::weightsReport(pair, 1e-5);
            core::mapping::obstacles(pair.mapping, *pair.left, *pair.right);
            mapping = core::mapping::unlinked(pair.mapping, *pair.left, *pair.right, "0", true);
            core::mapping::linked(mapping, *pair.left, *pair.right, "0", "conv");
        });
    return 0;
}
