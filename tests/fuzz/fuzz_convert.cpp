// SPDX-License-Identifier: GPL-3.0-or-later
// Plans of conversions in both directions, the tensors that they write, and the writers that need no worker; what was written reads back
// to the bit.
#include "tests/fuzz/networks.h"

#include "core/convert/convert.h"
#include "core/convert/dump.h"
#include "core/formats/write.h"

#include <filesystem>

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t most, unsigned seed)
{
    return seed % 3 == 0 ? LLVMFuzzerMutate(data, size, most) : fuzz::mutated(data, size, most, seed);
}

namespace {

using core::Framework;
using core::formats::kerasH5Writer;
using core::formats::stateDictWriter;

/// A folder in memory, which goes with the process' last file in it.
std::string target(const char* ending)
{
    static const std::string folder = [] {
        std::string name = std::filesystem::exists("/dev/shm") ? "/dev/shm/tieout-fuzz-XXXXXX" : "/tmp/tieout-fuzz-XXXXXX";
        if (!::mkdtemp(name.data()))
            std::abort();
        return name;
    }();
    return folder + "/out" + ending;
}

void writes(const core::session::Pair& pair, bool toTorch)
{
    const auto& source = toTorch ? pair.right : pair.left;
    const auto& twin = toTorch ? pair.left : pair.right;
    const auto plan = core::convert::plan(source, twin, pair.mapping, !toTorch, toTorch ? stateDictWriter : kerasH5Writer);
    const auto tensors = core::convert::convertedTensors(plan);
    const std::string path = target(".pt");
    core::formats::writeTorchStateDict(path, tensors);
    const core::Model written = core::formats::openModel(path);
    for (const auto& [name, tensor] : tensors) {
        const core::Parameter* parameter = written.parameter(name);
        if (!parameter || !core::sameBits(core::read(parameter->source), tensor))
            std::abort();
    }
}

}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const fuzz::Script script(data, size);
    const bool spoilt = script.how / 16 % 2 == 1;
    const auto shared = [](core::Model model) { return std::make_shared<const core::Model>(std::move(model)); };
    const fuzz::Network torch(Framework::Torch, script), keras(Framework::Keras, script);
    fuzz::allowErrors([&] {
        const auto left = shared(script.how / 32 % 2 == 0 ? torch.model(script, spoilt) : torch.stateDict());
        const auto pair = core::session::makePair(left, shared(keras.model(script, !spoilt)));
        for (const bool toTorch : {false, true})
            fuzz::allowErrors([&] { writes(pair, toTorch); });
        for (const char* kind : {"npz", "safetensors"})
            fuzz::allowErrors([&] { core::convert::dump(*pair.left, target(kind[0] == 'n' ? ".npz" : ".safetensors"), kind); });
    });
    return 0;
}
