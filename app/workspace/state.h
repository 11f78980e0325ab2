// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/session.h"

#include <QtGlobal>
#include <memory>
#include <optional>

namespace app {

enum class Side { Left, Right };

/// Which picture both networks get.
struct InputChoice
{
    enum class Kind { Sample, Digit, Drawing };
    Kind kind = Kind::Sample;
    int index = 0;
    std::vector<core::digits::Stroke> strokes;
};

/// What the person decided and can undo.
struct Choices
{
    core::mapping::Mapping mapping;
    InputChoice input;
    core::digits::Preprocess left, right;
    double tolerance = 1e-5;
};

/// Everything that one run computed, and from what.
struct Result
{
    quint64 generation = 0; ///< of the workspace when it was asked for
    std::shared_ptr<const core::session::Pair> pair;
    core::session::Traces traces;
    core::compare::Report report; ///< empty layers when one side is missing
    bool compared = false;        ///< both sides ran
    std::optional<core::digits::Picture> picture;
    core::Tensor inputLeft, inputRight; ///< as the networks got it; null for a side that did not run
    std::optional<int> label;
    std::string problemLeft, problemRight; ///< why a side did not run
};

}
