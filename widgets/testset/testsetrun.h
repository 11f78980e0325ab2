// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/digits/digits.h"
#include "core/sweep/sweep.h"

#include <memory>

namespace widgets {

/// What is known of a test set that both networks were run on, as far as they came.
struct TestSetRun
{
    std::shared_ptr<const core::digits::DigitSet> digits;
    std::vector<core::sweep::SampleResult> samples; ///< in the set's order, from the first on
    core::sweep::Sweep sweep;                       ///< of these
    double tolerance = 1e-5, seconds = 0;

    bool isComplete() const { return digits && static_cast<int>(samples.size()) == digits->count(); }
};

}
