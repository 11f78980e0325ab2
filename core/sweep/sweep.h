// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace core::sweep {

/// What both networks say of one sample of a set.
struct SampleResult
{
    std::int64_t index = 0;                ///< in the set, from 0
    std::optional<int> label, left, right; ///< classes; none where the output of classes has a NaN, or where there is none
    /// The largest over the sample's outputs, as core::compare's Metrics has them for this sample alone; NaN where one side alone has NaN,
    /// none where no output was compared by its values.
    std::optional<double> maxAbs, scaledMax;
    bool over = false;   ///< an output over tolerance, or of shapes that cannot agree
    std::string problem; ///< why an output of it was not compared; empty when all were

    bool agrees() const { return left && left == right; }
    bool operator==(const SampleResult&) const = default;
};

/// Samples by scaledMax, in half decades.
struct Histogram
{
    static constexpr int lowest = -12, highest = 4, perDecade = 2, bins = (highest - lowest) * perDecade;
    std::int64_t zero = 0, below = 0;        ///< exactly 0, and more but below 1e-12
    std::array<std::int64_t, bins> counts{}; ///< bin i begins at 10^(lowest + i / perDecade)
    std::int64_t above = 0, notFinite = 0;   ///< 1e4 and more; NaN and infinite
    bool operator==(const Histogram&) const = default;
};
/// Where bin `i` begins; of Histogram::bins, where the last one ends.
double binStart(int i);

/// What is known of the samples of a set, or of any part of it: a commutative sum, so that the parts may be run anywhere and added in any
/// order.
struct Sweep
{
    static constexpr std::size_t worstKept = 20, disagreementsKept = 10'000;
    static constexpr int confusionClasses = 256; ///< a confusion matrix of more classes is not kept

    bool labelled = false;
    int classes = 0; ///< features of the first output that has two or more; 0 where none does
    std::int64_t samples = 0;
    std::int64_t measured = 0, over = 0, notCompared = 0; ///< with an error; over tolerance; with an output that was not compared
    std::int64_t agreeing = 0, correctLeft = 0, correctRight = 0;
    std::int64_t unansweredLeft = 0, unansweredRight = 0;    ///< with a NaN among the classes
    std::vector<std::int64_t> ofLabel, agreeingOfLabel;      ///< one for each class; empty without labels
    std::vector<std::int64_t> confusionLeft, confusionRight; ///< row = label, column = answer
    double minimumTolerance = 0;                             ///< the largest scaledMax; NaN where one side alone has NaN
    Histogram histogram;
    std::vector<SampleResult> worst;         ///< by (maxAbs, greatest first, NaN before all; index), the first worstKept
    std::vector<SampleResult> disagreements; ///< by index, the first disagreementsKept
    std::optional<std::pair<std::int64_t, std::string>> problem; ///< of the first sample that was not compared as a whole

    std::int64_t disagreeing() const { return classes > 0 ? samples - agreeing : 0; }
    std::optional<double> accuracy(bool ofLeft) const; ///< none without labels or classes
    std::optional<double> agreement() const;
    bool operator==(const Sweep&) const = default;
};

/// A sweep of nothing yet.
Sweep emptySweep(bool labelled, int classes);
void add(Sweep& sweep, const SampleResult& sample);
/// The sum of two parts of one set. Throws Error("sweep-parts") where they are not of the same classes.
Sweep merged(Sweep a, const Sweep& b);

/// One of `count` parts of a set, 1-based.
struct Shard
{
    int number = 1, count = 1;
    bool operator==(const Shard&) const = default;
};
/// "2/8". Throws Error("sweep-shard").
Shard shardFromText(std::string_view text);

/// Samples of a set: those from `first` on, before `end`.
struct Range
{
    std::int64_t first = 0, end = 0;
    std::int64_t count() const { return end - first; }
    bool operator==(const Range&) const = default;
};
/// How many samples of a set of so many are run as one batch wherever it is divided: their neighbours in a batch may change the last bit of
/// a result. 64, fewer of a small set so that it can be divided, too.
std::int64_t batchSize(std::int64_t samples);
/// A shard's part of so many samples, whole batches as long as there are any. Throws Error("sweep-shard") where there are more shards than
/// batches.
Range rangeOf(const Shard& shard, std::int64_t samples);

}
