// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/files/sha256.h"
#include "core/report/fragments.h"
#include "core/report/sweep.h"
#include "core/report/sweepparts.h"

#include <fmt/format.h>

namespace core::report {

namespace {

Json optionalNumber(const std::optional<double>& value)
{
    return value ? jsonNumber(*value) : Json(nullptr);
}

Json optionalClass(const std::optional<int>& value)
{
    return value ? Json(*value) : Json(nullptr);
}

Json samplesJson(const std::vector<sweep::SampleResult>& samples, const NamesOf& names)
{
    Json list = Json::array();
    for (const sweep::SampleResult& sample : samples)
        list.push_back({{"index", sample.index},
                        {"label", optionalClass(sample.label)},
                        {"left", optionalClass(sample.left)},
                        {"right", optionalClass(sample.right)},
                        {"max_abs", optionalNumber(sample.maxAbs)},
                        {"scaled_max", optionalNumber(sample.scaledMax)},
                        {"over", sample.over},
                        {"name", textOrNull(names(sample.index))},
                        {"problem", textOrNull(sample.problem)}});
    return list;
}

/// Rows of a square matrix; null where there is none.
Json squareJson(const std::vector<std::int64_t>& values, int classes)
{
    if (values.empty())
        return nullptr;
    Json rows = Json::array();
    for (auto first = values.begin(); first != values.end(); first += classes)
        rows.push_back(std::vector<std::int64_t>(first, first + classes));
    return rows;
}

Json histogramJson(const sweep::Histogram& histogram)
{
    Json edges = Json::array();
    for (int i = 0; i <= sweep::Histogram::bins; ++i)
        edges.push_back(jsonNumber(sweep::binStart(i)));
    return {{"metric", "scaled_max"},   {"edges", std::move(edges)}, {"counts", histogram.counts},       {"zero", histogram.zero},
            {"below", histogram.below}, {"above", histogram.above},  {"not_finite", histogram.notFinite}};
}

Json listOrNull(const std::vector<std::int64_t>& counts)
{
    return counts.empty() ? Json(nullptr) : Json(counts);
}

/// Which links the mapping has, as a checksum: parts of a sweep are of one mapping.
std::string sumOf(const SweepHead& head)
{
    const std::string links = dumpJson(mapping::toJson(head.mapping, head.left, head.right).value("links", Json::array()), -1);
    return sha256(std::as_bytes(std::span(links)));
}

Json sweepInputJson(const SweepHead& head)
{
    const sweep::DataSet& set = head.set;
    const auto* noises = std::get_if<sweep::Noises>(&set.samples);
    return {{"source", set.source},
            {"file", textOrNull(set.file)},
            {"sha256", textOrNull(set.sha256)},
            {"seed", noises ? Json(noises->seed) : Json(nullptr)},
            {"samples", set.count},
            {"labelled", !set.labels.empty()},
            {"class_names", set.classNames.empty() ? Json(nullptr) : Json(set.classNames)},
            {"preprocess", {{"left", textOrNull(head.preprocessLeft)}, {"right", textOrNull(head.preprocessRight)}}}};
}

Json shardJson(const std::optional<sweep::Shard>& shard, std::int64_t samples)
{
    if (!shard)
        return nullptr;
    const sweep::Range range = sweep::rangeOf(*shard, samples);
    return {{"number", shard->number}, {"of", shard->count}, {"first", range.first}, {"end", range.end}};
}

}

const Json& keyOf(const Json& document, std::string_view key)
{
    const auto found = document.find(std::string(key)); // the end of what is no object
    if (found == document.end())
        throw Error("sweep-key").expected(fmt::format("a document of a sweep with the key {}", key)).found("none");
    return *found;
}

const Json& keyOf(const Json& list, std::size_t place)
{
    if (!list.is_array() || place >= list.size())
        throw Error("sweep-key").expected(fmt::format("a list of more than {} values", place)).found(fmt::format("{}", list.size()));
    return list[place];
}

Json headOfSweep(const SweepHead& head)
{
    Json json = document("sweep");
    json["left"] = fileJson(head.left);
    json["right"] = fileJson(head.right);
    json["mapping_sha256"] = sumOf(head);
    json["input"] = sweepInputJson(head);
    json["tolerance"] = jsonNumber(head.tolerance);
    json["parameters"] = {{"equal", head.weights.equal}, {"differing", head.weights.differing}, {"not_compared", head.weights.unknown}};
    json["open"] = textOrNull(head.weights.open);
    json["assumed"] = assumedJson(head.weights.assumed);
    json["notes"] = notesJson(head.weights.notes);
    return json;
}

Json withSweep(Json json, const sweep::Sweep& sweep, const std::optional<sweep::Shard>& shard, const std::optional<double>& rate,
               const NamesOf& names)
{
    const auto conclusion = sweep::conclusion(sweep, keyOf(keyOf(json, "parameters"), "differing").get<int>(),
                                              keyOf(json, "open").is_null() ? "" : keyOf(json, "open"), !keyOf(json, "assumed").is_null());
    const Json worst = sweep.worst.empty()
                           ? Json(nullptr)
                           : Json{{"index", sweep.worst.front().index}, {"max_abs", optionalNumber(sweep.worst.front().maxAbs)}};
    const bool answers = sweep.classes > 0, labels = answers && sweep.labelled;
    const auto pairOf = [](bool known, std::int64_t left, std::int64_t right) -> Json {
        return {{"left", known ? Json(left) : Json(nullptr)}, {"right", known ? Json(right) : Json(nullptr)}};
    };
    json["shard"] = shardJson(shard, keyOf(keyOf(json, "input"), "samples").get<std::int64_t>());
    json["samples"] = sweep.samples;
    json["classes"] = sweep.classes;
    json["accuracy"] = {{"left", optionalNumber(sweep.accuracy(true))}, {"right", optionalNumber(sweep.accuracy(false))}};
    json["correct"] = pairOf(labels, sweep.correctLeft, sweep.correctRight);
    json["agreement"] = optionalNumber(sweep.agreement());
    json["agreeing"] = answers ? Json(sweep.agreeing) : Json(nullptr);
    json["unanswered"] = pairOf(answers, sweep.unansweredLeft, sweep.unansweredRight);
    json["labels"] = listOrNull(sweep.ofLabel);
    json["agreeing_of_label"] = listOrNull(sweep.agreeingOfLabel);
    json["confusion"] = {{"left", squareJson(sweep.confusionLeft, sweep.classes)},
                         {"right", squareJson(sweep.confusionRight, sweep.classes)}};
    json["worst"] = worst;
    json["worst_samples"] = samplesJson(sweep.worst, names);
    json["disagreeing"] = answers ? Json(sweep.disagreeing()) : Json(nullptr);
    json["disagreements"] = samplesJson(sweep.disagreements, names);
    json["histogram"] = histogramJson(sweep.histogram);
    json["measured"] = sweep.measured;
    json["over_tolerance"] = sweep.over;
    json["not_compared"] = sweep.notCompared;
    json["problem"] = sweep.problem ? Json{{"index", sweep.problem->first}, {"text", sweep.problem->second}} : Json(nullptr);
    json["minimum_tolerance"] = jsonNumber(sweep.minimumTolerance);
    json["verdict"] = compare::name(conclusion.verdict);
    json["reason"] = textOrNull(conclusion.reason);
    json["images_per_second"] = optionalNumber(rate);
    json["summary"] = summaryJson(summaryOfSweep(json));
    return json;
}

Json sweepDocument(const SweepHead& head, const sweep::Sweep& sweep, const std::optional<sweep::Shard>& shard,
                   const std::optional<double>& rate)
{
    const auto& names = head.set.names;
    return withSweep(headOfSweep(head), sweep, shard, rate, [&](std::int64_t index) {
        return static_cast<std::size_t>(index) < names.size() ? names[static_cast<std::size_t>(index)] : std::string();
    });
}

}
