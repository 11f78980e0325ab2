// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/proofwish.h"

#include "core/layers/room.h"

#include <algorithm>

namespace core::session {

namespace {

constexpr int noises = 8;

InputSource samplesFor(const Model& model, const digits::DigitSet& set, int count)
{
    const auto inputs = engines::inputsOf(model);
    if (set.count() == 0 || inputs.size() != 1 || !inputs[0].shape || !digits::takesDigit(*inputs[0].shape))
        return NoiseInput{0, noises};
    DigitsInput chosen;
    for (int i = 0; i < std::min(count, set.count()); ++i)
        chosen.pictures.push_back(set.picture(i));
    return chosen;
}

}

convert::ProofWish proofWish(const std::shared_ptr<const Model>& source, const std::string& cannotRun, const digits::DigitSet& digits,
                             int count, const digits::Preprocess& preprocess, double tolerance)
{
    convert::ProofWish wish{{}, source ? "it was not asked for" : cannotRun, tolerance};
    if (!source || count <= 0)
        return wish;
    try {
        layers::checkRoom(*source);
        wish.inputs = inputsFor(*source, samplesFor(*source, digits, count), preprocess);
    } catch (const Error& error) {
        wish.why = error.what();
    }
    return wish;
}

}
