// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/session.h"

#include <QString>
#include <algorithm>
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
    bool operator==(const InputChoice&) const = default;
};

/// What networks get that take no 28 x 28 digit: normal noise, or an array (.npy, .npz) or picture of a file.
struct OtherInput
{
    std::uint32_t seed = 0;
    QString file; ///< empty: noise
    bool operator==(const OtherInput&) const = default;
};

/// A proved cause whose repair the person tries on the copies in memory; no file is written.
struct Trial
{
    core::compare::Cause cause;
    double before = 0; ///< the largest error of anything compared, without it
};
using Trials = std::vector<std::shared_ptr<const Trial>>;

/// What the person decided and can undo.
struct Choices
{
    Trials trials; ///< one after the other
    core::mapping::Mapping mapping;
    bool handMade = false; ///< links were edited; else the mapping is whatever the models' automatic one is
    InputChoice input;
    OtherInput other;
    core::digits::Preprocess left, right;
    double tolerance = 1e-5;
};

/// Everything that one run computed, and from what.
struct Result
{
    quint64 generation = 0; ///< of the workspace when it was asked for
    quint64 fed = 0;        ///< counts what the networks were run on: while it stays, only the judgement changes
    std::shared_ptr<const core::session::Pair> pair;
    Trials trials; ///< that the pair's copies had
    core::session::Traces traces;
    core::compare::Report report; ///< of the run; of the weights alone where a side did not run
    bool compared = false;        ///< both sides ran
    bool localErrors = false;     ///< the report has those of every pair that can run alone
    bool explained = false;       ///< the report has the causes, as far as any were found
    std::optional<core::digits::Picture> picture;
    bool digit = true; ///< the networks got the picture; else they got `other`
    OtherInput other;
    core::Tensor inputLeft, inputRight; ///< as the networks got it; null for a side that did not run
    std::optional<int> label;
    std::string problemLeft, problemRight; ///< why a side did not run
};

/// One pair of layers by itself, both sides on the same input.
struct AloneRun
{
    std::shared_ptr<const Result> of; ///< of whose inputs
    int row = -1;                     ///< in its report's layers
    core::compare::LayerAlone values;
    std::string problem; ///< why it cannot run alone
};

/// Why each of a pair's links cannot hold (core::mapping::obstacles), and what was found so far of the same two models.
struct Obstacles
{
    std::shared_ptr<const core::Model> left, right;
    core::mapping::KnownObstacles known;
    std::vector<std::optional<core::Message>> links;
};

/// Both networks run on the digits that come with the program, for what one digit does not show.
struct SampleRuns
{
    struct Sample
    {
        double worst = 0;     ///< largest error over layers and outputs, by the metric of the tolerance; NaN where a side alone has NaN
        bool compared = true; ///< all of them could be
        bool tiesOut(double tolerance) const { return compared && worst <= tolerance; }
    };
    std::vector<Sample> samples;

    int count() const { return static_cast<int>(samples.size()); }
    int tyingOut(double tolerance) const
    {
        return static_cast<int>(std::count_if(samples.begin(), samples.end(), [&](const Sample& one) { return one.tiesOut(tolerance); }));
    }
};

}
