// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sweep/sweep.h"

#include "core/base/error.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <iterator>

namespace core::sweep {

namespace {

/// 10^(n/2) as literals: the same on every machine.
constexpr std::array<double, Histogram::bins + 1> binStarts{
    1e-12, 3.1622776601683795e-12, 1e-11, 3.1622776601683795e-11, 1e-10, 3.1622776601683795e-10, 1e-9, 3.1622776601683795e-9,
    1e-8,  3.1622776601683795e-8,  1e-7,  3.1622776601683795e-7,  1e-6,  3.1622776601683795e-6,  1e-5, 3.1622776601683795e-5,
    1e-4,  3.1622776601683795e-4,  1e-3,  3.1622776601683795e-3,  1e-2,  3.1622776601683795e-2,  0.1,  0.31622776601683795,
    1,     3.1622776601683795,     10,    31.622776601683795,     100,   316.22776601683795,     1e3,  3162.2776601683795,
    1e4};

void count(Histogram& histogram, double error)
{
    if (!std::isfinite(error)) {
        ++histogram.notFinite;
        return;
    }
    const auto bin = std::upper_bound(binStarts.begin(), binStarts.end(), error) - binStarts.begin() - 1;
    if (error == 0)
        ++histogram.zero;
    else if (bin < 0)
        ++histogram.below;
    else if (bin >= Histogram::bins)
        ++histogram.above;
    else
        ++histogram.counts[static_cast<std::size_t>(bin)];
}

bool isWorse(const SampleResult& a, const SampleResult& b)
{
    const double left = *a.maxAbs, right = *b.maxAbs;
    if (std::isnan(left) != std::isnan(right))
        return std::isnan(left);
    if (!std::isnan(left) && left != right)
        return left > right;
    return a.index < b.index;
}

bool isEarlier(const SampleResult& a, const SampleResult& b)
{
    return a.index < b.index;
}

/// Puts a sample in its place of an ordered list of at most `most`.
template <typename Order>
void keep(std::vector<SampleResult>& list, const SampleResult& sample, std::size_t most, Order before)
{
    if (list.size() == most && !before(sample, list.back()))
        return;
    list.insert(std::upper_bound(list.begin(), list.end(), sample, before), sample);
    if (list.size() > most)
        list.pop_back();
}

template <typename Order>
std::vector<SampleResult> joined(const std::vector<SampleResult>& a, const std::vector<SampleResult>& b, std::size_t most, Order before)
{
    std::vector<SampleResult> result;
    std::merge(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(result), before);
    result.resize(std::min(result.size(), most));
    return result;
}

void addTo(std::vector<std::int64_t>& sum, const std::vector<std::int64_t>& other)
{
    std::transform(sum.begin(), sum.end(), other.begin(), sum.begin(), std::plus<>());
}

double larger(double a, double b)
{
    return std::isnan(a) || std::isnan(b) ? std::nan("") : std::max(a, b);
}

void countAnswers(Sweep& sweep, const SampleResult& sample)
{
    sweep.unansweredLeft += sample.left ? 0 : 1;
    sweep.unansweredRight += sample.right ? 0 : 1;
    sweep.agreeing += sample.agrees() ? 1 : 0;
    if (!sample.agrees())
        keep(sweep.disagreements, sample, Sweep::disagreementsKept, isEarlier);
    if (!sweep.labelled || !sample.label)
        return;
    const auto label = static_cast<std::size_t>(*sample.label), classes = static_cast<std::size_t>(sweep.classes);
    ++sweep.ofLabel[label];
    sweep.agreeingOfLabel[label] += sample.agrees() ? 1 : 0;
    sweep.correctLeft += sample.left == sample.label ? 1 : 0;
    sweep.correctRight += sample.right == sample.label ? 1 : 0;
    if (sweep.confusionLeft.empty())
        return;
    if (sample.left)
        ++sweep.confusionLeft[label * classes + static_cast<std::size_t>(*sample.left)];
    if (sample.right)
        ++sweep.confusionRight[label * classes + static_cast<std::size_t>(*sample.right)];
}

}

double binStart(int i)
{
    return binStarts[static_cast<std::size_t>(i)];
}

std::optional<double> Sweep::accuracy(bool ofLeft) const
{
    if (!labelled || classes == 0 || samples == 0)
        return {};
    return static_cast<double>(ofLeft ? correctLeft : correctRight) / static_cast<double>(samples);
}

std::optional<double> Sweep::agreement() const
{
    if (classes == 0 || samples == 0)
        return {};
    return static_cast<double>(agreeing) / static_cast<double>(samples);
}

Sweep emptySweep(bool labelled, int classes)
{
    Sweep sweep;
    sweep.labelled = labelled;
    sweep.classes = classes;
    if (!labelled || classes == 0)
        return sweep;
    const auto size = static_cast<std::size_t>(classes);
    sweep.ofLabel.resize(size);
    sweep.agreeingOfLabel.resize(size);
    if (classes <= Sweep::confusionClasses) {
        sweep.confusionLeft.resize(size * size);
        sweep.confusionRight.resize(size * size);
    }
    return sweep;
}

void add(Sweep& sweep, const SampleResult& sample)
{
    ++sweep.samples;
    sweep.over += sample.over ? 1 : 0;
    if (sample.scaledMax) {
        ++sweep.measured;
        sweep.minimumTolerance = larger(sweep.minimumTolerance, *sample.scaledMax);
        count(sweep.histogram, *sample.scaledMax);
        keep(sweep.worst, sample, Sweep::worstKept, isWorse);
    }
    if (!sample.problem.empty()) {
        ++sweep.notCompared;
        if (!sweep.problem || sample.index < sweep.problem->first)
            sweep.problem = {sample.index, sample.problem};
    }
    if (sweep.classes > 0)
        countAnswers(sweep, sample);
}

Sweep merged(Sweep a, const Sweep& b)
{
    if (a.labelled != b.labelled || a.classes != b.classes)
        throw Error("sweep-parts")
            .expected(fmt::format("parts of {} classes {} labels", a.classes, a.labelled ? "with" : "without"))
            .found(fmt::format("one of {} classes {} labels", b.classes, b.labelled ? "with" : "without"));
    a.samples += b.samples;
    a.measured += b.measured;
    a.over += b.over;
    a.notCompared += b.notCompared;
    a.agreeing += b.agreeing;
    a.correctLeft += b.correctLeft;
    a.correctRight += b.correctRight;
    a.unansweredLeft += b.unansweredLeft;
    a.unansweredRight += b.unansweredRight;
    addTo(a.ofLabel, b.ofLabel);
    addTo(a.agreeingOfLabel, b.agreeingOfLabel);
    addTo(a.confusionLeft, b.confusionLeft);
    addTo(a.confusionRight, b.confusionRight);
    a.minimumTolerance = larger(a.minimumTolerance, b.minimumTolerance);
    a.histogram.zero += b.histogram.zero;
    a.histogram.below += b.histogram.below;
    a.histogram.above += b.histogram.above;
    a.histogram.notFinite += b.histogram.notFinite;
    for (std::size_t i = 0; i < a.histogram.counts.size(); ++i)
        a.histogram.counts[i] += b.histogram.counts[i];
    a.worst = joined(a.worst, b.worst, Sweep::worstKept, isWorse);
    a.disagreements = joined(a.disagreements, b.disagreements, Sweep::disagreementsKept, isEarlier);
    if (b.problem && (!a.problem || b.problem->first < a.problem->first))
        a.problem = b.problem;
    return a;
}

Shard shardFromText(std::string_view text)
{
    Shard shard{0, 0};
    const char *first = text.data(), *end = text.data() + text.size();
    const auto number = std::from_chars(first, end, shard.number);
    if (number.ec == std::errc() && number.ptr != end && *number.ptr == '/') {
        const auto count = std::from_chars(number.ptr + 1, end, shard.count);
        if (count.ec == std::errc() && count.ptr == end && shard.number >= 1 && shard.number <= shard.count)
            return shard;
    }
    throw Error("sweep-shard").expected("K/N, one of N parts, K from 1 to N").found(printable(text)).at("--shard");
}

std::int64_t batchSize(std::int64_t samples)
{
    return std::clamp<std::int64_t>(samples / 16, 1, 64);
}

Range rangeOf(const Shard& shard, std::int64_t samples)
{
    const std::int64_t size = batchSize(samples), batches = (samples + size - 1) / size;
    if (shard.count > batches && shard.count > 1)
        throw Error("sweep-shard")
            .expected(fmt::format("at most {} parts of {} samples, {} a batch", batches, samples, size))
            .found(fmt::format("{}", shard.count))
            .at("--shard");
    const auto start = [&](int number) { return std::min(samples, batches * number / shard.count * size); };
    return {start(shard.number - 1), start(shard.number)};
}

}
