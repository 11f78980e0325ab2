// SPDX-License-Identifier: GPL-3.0-or-later
// Mapping, equality, both runs, the verdict and every report of two networks, one of which is spoilt or lists its layers otherwise; a saved
// mapping is read back. A network never differs from itself.
#include "tests/fuzz/networks.h"

#include "core/json/json.h"
#include "core/layers/room.h"
#include "core/report/documents.h"
#include "core/report/page.h"
#include "core/report/text.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t most, unsigned seed)
{
    return seed % 3 == 0 ? LLVMFuzzerMutate(data, size, most) : fuzz::mutated(data, size, most, seed);
}

namespace {

core::compare::Report compared(const core::session::Pair& pair, std::uint32_t seed)
{
    if (!pair.runLeft || !pair.runRight)
        return core::session::weightsReport(pair, 1e-5);
    for (const auto& model : {pair.runLeft, pair.runRight})
        core::layers::checkRoom(*model, 2, fuzz::mostMemory);
    const auto left = core::engines::makeEngine(pair.runLeft), right = core::engines::makeEngine(pair.runRight);
    const auto inputs = core::session::inputsFor(*pair.runLeft, *pair.runRight, pair.mapping, core::session::NoiseInput{seed, 2}, {}, {});
    const auto traces = core::session::runBoth(left.get(), right.get(), inputs);
    auto report = core::session::runReport(pair, traces, 1e-5);
    core::compare::addLocalErrors(report, {pair.runLeft.get(), &traces.left}, *right, pair.mapping);
    return report;
}

/// The other network: the same, spoilt, shuffled, or weights without their wiring.
core::Model otherOf(const fuzz::Script& script)
{
    const fuzz::Network network(core::Framework::Keras, script);
    switch (script.how / 16 % 4) {
    case 0:
        return network.model(script, false);
    case 1:
        return network.model(script, true);
    case 2:
        return shuffled(network.model(script, false), script.how);
    default:
        return network.stateDict();
    }
}

}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const fuzz::Script script(data, size);
    const auto left = std::make_shared<const core::Model>(fuzz::Network(core::Framework::Keras, script).model(script, false));
    const auto right = std::make_shared<const core::Model>(otherOf(script));
    fuzz::allowErrors([&] {
        auto pair = core::session::makePair(left, right);
        const std::string saved = core::dumpJson(core::mapping::toJson(pair.mapping, *pair.left, *pair.right));
        const auto mapping = core::mapping::fromJson(core::parseJson(saved, "saved"), *pair.left, *pair.right, false, "saved");
        core::mapping::obstacles(mapping, *pair.left, *pair.right);
        pair = core::session::makePair(left, right, mapping, &pair);
        const auto report = compared(pair, script.how);
        if (script.how / 16 % 4 == 0 && report.verdict == core::compare::Verdict::Differs)
            std::abort();
        core::report::compareDocument(*pair.left, *pair.right, {}, report);
        core::report::compareText(*pair.left, *pair.right, {}, report, false);
        core::report::comparePage(*pair.left, *pair.right, {}, report);
        core::report::junitDocument(*pair.left, *pair.right, report);
    });
    return 0;
}
