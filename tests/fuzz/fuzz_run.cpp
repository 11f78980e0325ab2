// SPDX-License-Identifier: GPL-3.0-or-later
// The Keras side's arithmetic on networks with spoilt settings and weights: what it computes has the shape that was told beforehand.
#include "tests/fuzz/networks.h"

#include "core/engines/engine.h"
#include "core/engines/inputs.h"
#include "core/json/json.h"
#include "core/layers/room.h"
#include "core/report/documents.h"
#include "core/report/text.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t most, unsigned seed)
{
    return seed % 3 == 0 ? LLVMFuzzerMutate(data, size, most) : fuzz::mutated(data, size, most, seed);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const fuzz::Script script(data, size);
    const core::Model network = fuzz::Network(core::Framework::Keras, script).model(script, true);
    fuzz::allowErrors([&] {
        const auto model = core::session::prepared(network);
        core::layers::checkRoom(*model, 2, fuzz::mostMemory);
        const auto engine = core::engines::makeEngine(model);
        const auto inputs = core::session::inputsFor(*model, core::session::NoiseInput{script.how, 2}, {});
        const auto trace = engine->run(core::engines::feedsFor(*model, inputs));
        for (std::size_t op = 0; op < model->ops.size(); ++op)
            if (const auto& value = trace.values[op]; value && static_cast<std::int64_t>(value->floats().size()) != value->count())
                std::abort();
        core::report::runDocument(network, *model, trace, {});
        core::report::infoDocument(network, {});
    });
    return 0;
}
