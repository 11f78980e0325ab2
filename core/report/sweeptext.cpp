// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/numbers.h"
#include "core/report/sweepparts.h"
#include "core/report/table.h"
#include "core/report/textparts.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace core::report {

std::int64_t integerOf(const Json& json)
{
    return json.is_null() ? 0 : json.get<std::int64_t>();
}

/// A number of a document; what is not finite is text there.
std::string figureText(const Json& json)
{
    return json.is_null() ? "-" : json.is_string() ? json.get<std::string>() : twoDigits(json.get<double>());
}

std::string wordOf(const Json& json)
{
    return json.is_null() ? std::string() : json.get<std::string>();
}

std::string shortName(const Json& file)
{
    const std::string path = wordOf(keyOf(file, "path"));
    return path.substr(path.find_last_of('/') + 1); // all of it where there is none
}

namespace {

std::string assumedText(const Json& assumed)
{
    return mapping::text({keyOf(assumed, "side") == "left", keyOf(assumed, "from"), keyOf(assumed, "what")});
}

std::string overText(const Json& document)
{
    const Json& largest = keyOf(document, "minimum_tolerance");
    if (largest == "nan")
        return "NaN on one side";
    const double tolerance = keyOf(document, "tolerance");
    if (largest.is_number() && largest.get<double>() <= tolerance)
        return "shapes disagree";
    return fmt::format("max |d| {} > {}", figureText(largest), roundNumber(tolerance));
}

void tellSweepDifference(Summary& summary, const Json& document)
{
    const std::int64_t over = integerOf(keyOf(document, "over_tolerance")), samples = integerOf(keyOf(document, "samples"));
    if (over > 0) {
        summary.headline = fmt::format("DIFFERS on {} of {} samples", thousands(over), thousands(samples));
        summary.detail = overText(document);
        return;
    }
    const Json& parameters = keyOf(document, "parameters");
    const std::int64_t differing = integerOf(keyOf(parameters, "differing"));
    summary.headline = fmt::format("DIFFERS in {} of {} parameters", differing,
                                   integerOf(keyOf(parameters, "equal")) + integerOf(keyOf(parameters, "not_compared")) + differing);
    if (integerOf(keyOf(document, "not_compared")) == 0)
        summary.detail = fmt::format("the outputs of all {} samples are within {}", thousands(samples),
                                     roundNumber(keyOf(document, "tolerance").get<double>()));
}

std::string shardText(const Json& shard)
{
    return fmt::format("shard {} of {}: samples {} to {}", integerOf(keyOf(shard, "number")), integerOf(keyOf(shard, "of")),
                       integerOf(keyOf(shard, "first")), integerOf(keyOf(shard, "end")) - 1);
}

void tellSweepCounts(Summary& summary, const Json& document)
{
    const Json &shard = keyOf(document, "shard"), &agreeing = keyOf(document, "agreeing"), &parameters = keyOf(document, "parameters");
    if (!shard.is_null())
        summary.notes.push_back(shardText(shard));
    if (!agreeing.is_null())
        summary.notes.push_back(fmt::format("the classes agree on {} of {} samples", thousands(integerOf(agreeing)),
                                            thousands(integerOf(keyOf(document, "samples")))));
    if (const std::int64_t count = integerOf(keyOf(document, "not_compared")); count > 0)
        summary.notes.push_back(fmt::format("{} samples not compared", thousands(count)));
    const std::int64_t equal = integerOf(keyOf(parameters, "equal")), unknown = integerOf(keyOf(parameters, "not_compared")),
                       all = equal + unknown + integerOf(keyOf(parameters, "differing"));
    if (all > 0)
        summary.notes.push_back(fmt::format("{} of {} parameters equal", equal, all));
}

std::string frameworkOf(const Json& file)
{
    for (const Framework framework : {Framework::Torch, Framework::Keras})
        if (keyOf(file, "framework") == name(framework))
            return std::string(title(framework));
    return "no framework";
}

std::string sideLine(std::string_view side, const Json& file)
{
    std::string line = fmt::format("{:<9}{} ({}, {})\n", side, printable(wordOf(keyOf(file, "path")), 400), frameworkOf(file),
                                   printable(wordOf(keyOf(file, "format"))));
    if (const std::string sum = wordOf(keyOf(file, "sha256")); !sum.empty())
        line += fmt::format("{:<9}sha256 {}\n", "", printable(sum));
    return line;
}

std::string figuresTable(const Json& document)
{
    const std::int64_t samples = integerOf(keyOf(document, "samples"));
    Table table(
        {{"", false, false}, {sideOfSweep(document, true), true, false}, {sideOfSweep(document, false), true, false}, {"", false, true}});
    if (const Json& correct = keyOf(document, "correct"); !keyOf(correct, "left").is_null())
        table.add({"accuracy", percent(integerOf(keyOf(correct, "left")), samples), percent(integerOf(keyOf(correct, "right")), samples),
                   fmt::format("{} and {} of {}", thousands(integerOf(keyOf(correct, "left"))),
                               thousands(integerOf(keyOf(correct, "right"))), thousands(samples))});
    if (const Json& unanswered = keyOf(document, "unanswered");
        integerOf(keyOf(unanswered, "left")) + integerOf(keyOf(unanswered, "right")) > 0)
        table.add({"no answer (NaN)", thousands(integerOf(keyOf(unanswered, "left"))), thousands(integerOf(keyOf(unanswered, "right")))});
    if (const Json& agreeing = keyOf(document, "agreeing"); !agreeing.is_null())
        table.add({"agreement", percent(integerOf(agreeing), samples), "",
                   fmt::format("{} of {}", thousands(integerOf(agreeing)), thousands(samples))});
    if (const Json& worst = keyOf(document, "worst"); !worst.is_null())
        table.add({"largest |d|", figureText(keyOf(worst, "max_abs")), "", fmt::format("sample {}", integerOf(keyOf(worst, "index")))});
    return table.text();
}

/// "1e-7 ... 3.2e-7   8,412 ########"; rows without samples at either end are left out.
std::string histogramText(const Json& histogram)
{
    struct Row
    {
        std::string title;
        std::int64_t count;
    };
    std::vector<Row> rows{{"0", integerOf(keyOf(histogram, "zero"))}, {"below 1e-12", integerOf(keyOf(histogram, "below"))}};
    const Json &edges = keyOf(histogram, "edges"), &counts = keyOf(histogram, "counts");
    for (std::size_t i = 0; i < counts.size(); ++i)
        rows.push_back({fmt::format("{} ... {}", roundNumber(keyOf(edges, i)), roundNumber(keyOf(edges, i + 1))), integerOf(counts[i])});
    rows.push_back({"1e4 and more", integerOf(keyOf(histogram, "above"))});
    rows.push_back({"not finite", integerOf(keyOf(histogram, "not_finite"))});
    const auto some = [](const Row& row) { return row.count > 0; };
    const auto first = std::find_if(rows.begin(), rows.end(), some);
    const auto last = std::find_if(rows.rbegin(), rows.rend(), some).base();
    std::int64_t most = 1;
    for (const Row& row : rows)
        most = std::max(most, row.count);
    std::string result = "samples by max |d| / max(1, max |b|)\n";
    for (auto row = first; row < last; ++row)
        result += fmt::format("  {:<18}{:>9}  {}\n", row->title, thousands(row->count),
                              std::string(static_cast<std::size_t>((row->count * 50 + most - 1) / most), '#'));
    return first < last ? result : std::string();
}

std::string sampleTable(const Json& document, const char* key, std::string_view heading)
{
    constexpr std::size_t most = 10;
    const Json& list = keyOf(document, key);
    if (list.empty())
        return {};
    Table table({{"sample", true, false},
                 {"label", true, false},
                 {sideOfSweep(document, true), true, false},
                 {sideOfSweep(document, false), true, false},
                 {"max |d|", true, false},
                 {"", false, true}});
    for (std::size_t i = 0; i < std::min(most, list.size()); ++i) {
        const auto shown = [&](const char* what) {
            return keyOf(list[i], what).is_null() ? std::string("-") : fmt::format("{}", integerOf(keyOf(list[i], what)));
        };
        table.add({shown("index"), shown("label"), shown("left"), shown("right"), figureText(keyOf(list[i], "max_abs")),
                   wordOf(keyOf(list[i], "name"))});
    }
    return fmt::format("{}\n{}\n", heading, table.text());
}

}

std::string sideOfSweep(const Json& document, bool isLeft)
{
    const Json &left = keyOf(document, "left"), &right = keyOf(document, "right");
    if (keyOf(left, "framework") == keyOf(right, "framework"))
        return isLeft ? "left" : "right";
    return frameworkOf(isLeft ? left : right);
}

Summary summaryOfSweep(const Json& document)
{
    Summary summary;
    const Json& verdict = keyOf(document, "verdict");
    if (verdict == name(compare::Verdict::TiesOut)) {
        summary.tone = Tone::Good;
        summary.headline = "TIES OUT";
        summary.detail =
            fmt::format("on {} samples, max |d| {} <= {}", thousands(integerOf(keyOf(document, "samples"))),
                        figureText(keyOf(document, "minimum_tolerance")), roundNumber(keyOf(document, "tolerance").get<double>()));
        if (const Json& assumed = keyOf(document, "assumed"); !assumed.is_null()) {
            summary.tone = Tone::Qualified;
            summary.headline += " as far as the files tell";
            summary.detail = assumedText(assumed) + ", " + summary.detail;
        }
    } else if (verdict == name(compare::Verdict::Differs)) {
        summary.tone = Tone::Bad;
        tellSweepDifference(summary, document);
    } else {
        summary.headline = "NOT COMPARED";
        summary.detail = wordOf(keyOf(document, "reason"));
    }
    tellSweepCounts(summary, document);
    return summary;
}

std::string sweepText(const Json& document, bool colour)
{
    const Json& input = keyOf(document, "input");
    std::string result = sideLine("left", keyOf(document, "left")) + sideLine("right", keyOf(document, "right"));
    const std::string source = keyOf(input, "source") == "random" ? fmt::format("noise of seed {} on", integerOf(keyOf(input, "seed")))
                                                                  : printable(wordOf(keyOf(input, "file")), 400);
    std::string scaling = wordOf(keyOf(keyOf(input, "preprocess"), "left"));
    if (const std::string other = wordOf(keyOf(keyOf(input, "preprocess"), "right")); other != scaling)
        scaling += " | " + other;
    result += fmt::format("{:<9}{}, {} samples{}\n\n", "input", source, thousands(integerOf(keyOf(input, "samples"))),
                          scaling.empty() ? "" : ", " + printable(scaling));
    result += figuresTable(document) + "\n" + histogramText(keyOf(document, "histogram")) + "\n";
    const std::int64_t disagreeing = integerOf(keyOf(document, "disagreeing"));
    result += disagreeing > 0
                  ? sampleTable(document, "disagreements",
                                fmt::format("{} samples on which the classes disagree, the first of them", thousands(disagreeing)))
                  : sampleTable(document, "worst_samples", "samples that differ most");
    const Summary summary = summaryOfSweep(document);
    result += toned(sentence(summary), summary.tone, colour) + "\n";
    for (const std::string& note : summary.notes)
        result += note + "\n";
    for (const Json& note : keyOf(document, "notes"))
        result += printable(fmt::format("{}: {}", wordOf(keyOf(note, "severity")), wordOf(keyOf(note, "text"))), 1000) + "\n";
    return result;
}

}
