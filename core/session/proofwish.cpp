// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/proofwish.h"

#include "core/layers/room.h"

#include <algorithm>

namespace core::session {

namespace {

InputSource samplesFor(const Model& model, const digits::DigitSet& set, int count)
{
    if (set.count() == 0 || !takesDigits(model))
        return NoiseInput{0, proofNoises};
    DigitsInput chosen;
    for (int i = 0; i < std::min(count, set.count()); ++i)
        chosen.pictures.push_back(set.picture(i));
    return chosen;
}

}

bool takesDigits(const Model& model)
{
    const auto inputs = engines::inputsOf(model);
    return inputs.size() == 1 && inputs[0].shape && digits::takesDigit(*inputs[0].shape);
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
