// SPDX-License-Identifier: GPL-3.0-or-later
// The documents of shards read back, checked and added.
#include "core/report/sweepparts.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <map>

namespace core::report {

namespace {

using Named = std::pair<std::string, Json>;

Error noShard(const std::string& file, std::string_view found)
{
    return Error("merge-document").file(file).expected("the JSON document of `tieout sweep --shard K/N --json`").found(found);
}

/// Whole and not negative.
std::int64_t countOf(const Json& json)
{
    constexpr std::int64_t most = std::int64_t{1} << 53;
    if (!json.is_number_integer() || json.get<std::int64_t>() < 0 || json.get<std::int64_t>() > most)
        throw Error("number").expected("a count").found(dumpJson(json, -1));
    return json.get<std::int64_t>();
}

std::int64_t countOrNone(const Json& json)
{
    return json.is_null() ? 0 : countOf(json);
}

std::optional<int> classOf(const Json& json)
{
    if (json.is_null())
        return {};
    return static_cast<int>(std::min<std::int64_t>(countOf(json), std::numeric_limits<int>::max()));
}

/// As jsonNumber wrote it.
double numberOf(const Json& json)
{
    if (json == "nan")
        return std::nan("");
    if (json == "inf" || json == "-inf")
        return json == "inf" ? HUGE_VAL : -HUGE_VAL;
    return json.get<double>();
}

std::optional<double> numberOrNone(const Json& json)
{
    return json.is_null() ? std::nullopt : std::optional(numberOf(json));
}

std::string textOf(const Json& json)
{
    return json.is_null() ? std::string() : json.get<std::string>();
}

std::vector<std::int64_t> countsOf(const Json& json, std::size_t size)
{
    std::vector<std::int64_t> result;
    for (const Json& value : json)
        result.push_back(countOf(value));
    if (!result.empty() && result.size() != size)
        throw Error("number").expected(fmt::format("{} counts", size)).found(fmt::format("{}", result.size()));
    return result;
}

std::vector<std::int64_t> squareOf(const Json& json, std::size_t classes)
{
    std::vector<std::int64_t> result;
    if (!json.is_null() && json.size() != classes)
        throw Error("number").expected(fmt::format("{} rows", classes)).found(fmt::format("{}", json.size()));
    for (const Json& row : json) {
        const auto counts = countsOf(row, classes);
        result.insert(result.end(), counts.begin(), counts.end());
    }
    return result;
}

std::vector<sweep::SampleResult> samplesOf(const Json& json, std::map<std::int64_t, std::string>& names)
{
    std::vector<sweep::SampleResult> result;
    for (const Json& one : json) {
        sweep::SampleResult sample;
        sample.index = countOf(keyOf(one, "index"));
        sample.label = classOf(keyOf(one, "label"));
        sample.left = classOf(keyOf(one, "left"));
        sample.right = classOf(keyOf(one, "right"));
        sample.maxAbs = numberOrNone(keyOf(one, "max_abs"));
        sample.scaledMax = numberOrNone(keyOf(one, "scaled_max"));
        sample.over = keyOf(one, "over").get<bool>();
        sample.problem = textOf(keyOf(one, "problem"));
        names[sample.index] = textOf(keyOf(one, "name"));
        result.push_back(std::move(sample));
    }
    return result;
}

sweep::Histogram histogramOf(const Json& json)
{
    sweep::Histogram histogram;
    const auto counts = countsOf(keyOf(json, "counts"), histogram.counts.size());
    std::copy(counts.begin(), counts.end(), histogram.counts.begin());
    histogram.zero = countOf(keyOf(json, "zero"));
    histogram.below = countOf(keyOf(json, "below"));
    histogram.above = countOf(keyOf(json, "above"));
    histogram.notFinite = countOf(keyOf(json, "not_finite"));
    return histogram;
}

/// As many counts as a sweep of these classes has.
void checkSizes(const sweep::Sweep& sweep)
{
    const auto classes = static_cast<std::size_t>(sweep.classes);
    const std::size_t counted = sweep.labelled ? classes : 0;
    const std::size_t cells = sweep.classes <= sweep::Sweep::confusionClasses ? counted * classes : 0;
    if (sweep.ofLabel.size() != counted || sweep.agreeingOfLabel.size() != counted || sweep.confusionLeft.size() != cells ||
        sweep.confusionRight.size() != cells)
        throw Error("number").expected(fmt::format("counts of {} classes", counted)).found("others");
    for (const sweep::SampleResult& sample : sweep.worst)
        if (!sample.maxAbs)
            throw Error("number").expected("an error of each of the worst samples").found("none");
}

sweep::Sweep sweepOf(const Json& json, std::map<std::int64_t, std::string>& names)
{
    sweep::Sweep sweep;
    sweep.labelled = keyOf(keyOf(json, "input"), "labelled").get<bool>();
    sweep.classes = static_cast<int>(std::min<std::int64_t>(countOf(keyOf(json, "classes")), std::numeric_limits<int>::max()));
    const auto classes = static_cast<std::size_t>(sweep.classes);
    sweep.samples = countOf(keyOf(json, "samples"));
    sweep.measured = countOf(keyOf(json, "measured"));
    sweep.over = countOf(keyOf(json, "over_tolerance"));
    sweep.notCompared = countOf(keyOf(json, "not_compared"));
    sweep.agreeing = countOrNone(keyOf(json, "agreeing"));
    sweep.correctLeft = countOrNone(keyOf(keyOf(json, "correct"), "left"));
    sweep.correctRight = countOrNone(keyOf(keyOf(json, "correct"), "right"));
    sweep.unansweredLeft = countOrNone(keyOf(keyOf(json, "unanswered"), "left"));
    sweep.unansweredRight = countOrNone(keyOf(keyOf(json, "unanswered"), "right"));
    sweep.ofLabel = countsOf(keyOf(json, "labels"), classes);
    sweep.agreeingOfLabel = countsOf(keyOf(json, "agreeing_of_label"), classes);
    sweep.confusionLeft = squareOf(keyOf(keyOf(json, "confusion"), "left"), classes);
    sweep.confusionRight = squareOf(keyOf(keyOf(json, "confusion"), "right"), classes);
    sweep.minimumTolerance = numberOf(keyOf(json, "minimum_tolerance"));
    sweep.histogram = histogramOf(keyOf(json, "histogram"));
    sweep.worst = samplesOf(keyOf(json, "worst_samples"), names);
    sweep.disagreements = samplesOf(keyOf(json, "disagreements"), names);
    if (const Json& problem = keyOf(json, "problem"); !problem.is_null())
        sweep.problem = {countOf(keyOf(problem, "index")), keyOf(problem, "text").get<std::string>()};
    checkSizes(sweep);
    return sweep;
}

/// What a file is known by: its bytes, or its path where they were not summed.
std::string identityOf(const Json& file)
{
    const std::string sum = textOf(keyOf(file, "sha256"));
    return sum.empty() ? textOf(keyOf(file, "path")) : "sha256 " + sum;
}

std::string inputIdentity(const Json& input)
{
    Json known = input;
    known.erase("file"); // the same samples may lie elsewhere
    return dumpJson(known, -1);
}

/// All that parts of one sweep have alike.
void checkAlike(const Named& first, const Named& other)
{
    const auto require = [&](std::string_view what, const std::string& expected, const std::string& found) {
        if (expected != found)
            throw Error("merge-other")
                .file(other.first)
                .expected(fmt::format("a shard of the same {} as {}, {}", what, printable(first.first), printable(expected, 1000)))
                .found(printable(found, 1000));
    };
    const Json &a = first.second, &b = other.second;
    require("left file", identityOf(keyOf(a, "left")), identityOf(keyOf(b, "left")));
    require("right file", identityOf(keyOf(a, "right")), identityOf(keyOf(b, "right")));
    require("tolerance", dumpJson(keyOf(a, "tolerance"), -1), dumpJson(keyOf(b, "tolerance"), -1));
    require("input", inputIdentity(keyOf(a, "input")), inputIdentity(keyOf(b, "input")));
    require("mapping", textOf(keyOf(a, "mapping_sha256")), textOf(keyOf(b, "mapping_sha256")));
    for (const char* key : {"parameters", "open", "assumed", "notes", "classes"})
        require(key, dumpJson(keyOf(a, key), -1), dumpJson(keyOf(b, key), -1));
    require("number of shards", dumpJson(keyOf(keyOf(a, "shard"), "of"), -1), dumpJson(keyOf(keyOf(b, "shard"), "of"), -1));
}

sweep::Shard shardOf(const Named& shard)
{
    const Json& json = shard.second;
    if (!json.is_object() || textOf(json.value("schema", Json())) != "tieout.sweep/1")
        throw noShard(shard.first, json.is_object() ? printable(dumpJson(json.value("schema", Json()), -1)) : std::string("no document"));
    if (keyOf(json, "shard").is_null())
        throw noShard(shard.first, "a sweep of the whole set");
    const std::int64_t number = countOf(keyOf(keyOf(json, "shard"), "number")), count = countOf(keyOf(keyOf(json, "shard"), "of"));
    return sweep::shardFromText(fmt::format("{}/{}", number, count));
}

/// A shard must have the samples that its number says.
void checkRange(const Named& named, const sweep::Shard& shard)
{
    const Json& json = named.second;
    const sweep::Range range = sweep::rangeOf(shard, countOf(keyOf(keyOf(json, "input"), "samples")));
    if (countOf(keyOf(keyOf(json, "shard"), "first")) != range.first || countOf(keyOf(keyOf(json, "shard"), "end")) != range.end ||
        countOf(keyOf(json, "samples")) != range.count())
        throw Error("merge-document")
            .file(named.first)
            .expected(fmt::format("samples {} to {} in shard {} of {}", range.first, range.end, shard.number, shard.count))
            .found(fmt::format("{} samples from {} to {}", dumpJson(keyOf(json, "samples"), -1),
                               dumpJson(keyOf(keyOf(json, "shard"), "first"), -1), dumpJson(keyOf(keyOf(json, "shard"), "end"), -1)));
}

void requireAll(const std::map<int, const Named*>& byNumber, int count)
{
    std::string missing;
    for (int number = 1; number <= count && missing.size() < 100; ++number)
        if (!byNumber.contains(number))
            missing += fmt::format("{}{}", missing.empty() ? "" : ", ", number);
    if (!missing.empty())
        throw Error("merge-missing")
            .expected(fmt::format("all {} shards", count))
            .found(fmt::format("{}; missing: {}", byNumber.size(), missing));
}

/// What cannot be read of a document is its fault.
template <typename Read>
void reading(const Named& named, Read read)
{
    try {
        read();
    } catch (const Json::exception&) {
        throw noShard(named.first, "other keys or values");
    } catch (const Error& error) {
        throw noShard(named.first, error.what());
    }
}

std::map<int, const Named*> inOrder(const std::vector<Named>& shards)
{
    std::map<int, const Named*> byNumber;
    int count = 0;
    for (const Named& named : shards) {
        try {
            const sweep::Shard shard = shardOf(named);
            checkAlike(shards.front(), named);
            checkRange(named, shard);
            const auto [there, isNew] = byNumber.emplace(shard.number, &named);
            if (!isNew)
                throw Error("merge-twice")
                    .file(named.first)
                    .expected("each shard once")
                    .found(fmt::format("shard {} of {} again, as in {}", shard.number, shard.count, printable(there->second->first)));
            count = shard.count;
        } catch (const Json::exception&) {
            throw noShard(named.first, "other keys or values");
        } catch (const Error& error) {
            if (error.id() == "sweep-key" || error.id() == "number")
                throw noShard(named.first, error.what());
            throw;
        }
    }
    requireAll(byNumber, count);
    return byNumber;
}

}

Json mergedSweeps(const std::vector<Named>& shards)
{
    const auto byNumber = inOrder(shards);
    std::map<std::int64_t, std::string> names;
    std::optional<sweep::Sweep> sum;
    for (const auto& entry : byNumber)
        reading(*entry.second, [&] {
            sweep::Sweep part = sweepOf(entry.second->second, names);
            sum = sum ? sweep::merged(std::move(*sum), part) : std::move(part);
        });
    Json merged;
    const Named& first = *byNumber.begin()->second;
    reading(first, [&] {
        Json head;
        for (const char* key :
             {"schema", "left", "right", "mapping_sha256", "input", "tolerance", "parameters", "open", "assumed", "notes"})
            head[key] = keyOf(first.second, key);
        merged = withSweep(std::move(head), *sum, {}, {}, [&](std::int64_t index) {
            const auto name = names.find(index);
            return name == names.end() ? std::string() : name->second;
        });
    });
    return merged;
}

}
