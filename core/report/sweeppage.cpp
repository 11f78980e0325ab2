// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/html.h"
#include "core/report/numbers.h"
#include "core/report/sweep.h"
#include "core/report/sweepparts.h"
#include "core/report/text.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace core::report {

namespace {

std::string fileCard(std::string_view side, const Json& file)
{
    const std::string sum = wordOf(keyOf(file, "sha256"));
    return fmt::format("<div class=\"card file\"><span class=\"soft\">{}</span> <b>{}</b> {}<br><code>sha256 {}</code></div>\n",
                       escaped(side), escaped(wordOf(keyOf(file, "path"))), escaped(wordOf(keyOf(file, "format"))),
                       sum.empty() ? "not computed" : escaped(sum));
}

std::string figuresPart(const Json& document)
{
    const std::int64_t samples = integerOf(keyOf(document, "samples"));
    std::vector<std::vector<std::string>> rows;
    const auto counted = [&](const Json& count) {
        return count.is_null()
                   ? std::string("-")
                   : fmt::format("{} ({} of {})", percent(integerOf(count), samples), thousands(integerOf(count)), thousands(samples));
    };
    if (const Json& correct = keyOf(document, "correct"); !keyOf(correct, "left").is_null()) {
        rows.push_back({"accuracy, " + escaped(sideOfSweep(document, true)), counted(keyOf(correct, "left"))});
        rows.push_back({"accuracy, " + escaped(sideOfSweep(document, false)), counted(keyOf(correct, "right"))});
    }
    if (const Json& agreeing = keyOf(document, "agreeing"); !agreeing.is_null())
        rows.push_back({"agreement of the classes", counted(agreeing)});
    if (const Json& worst = keyOf(document, "worst"); !worst.is_null())
        rows.push_back({"largest |d| in the outputs",
                        fmt::format("{}, sample {}", figureText(keyOf(worst, "max_abs")), integerOf(keyOf(worst, "index")))});
    rows.push_back({"over tolerance", counted(keyOf(document, "over_tolerance"))});
    return htmlTable({"", ""}, {"", ""}, rows);
}

/// Label down, answer across; the darker the more of the label's samples.
std::string confusionPart(const Json& matrix, std::string_view side)
{
    constexpr std::size_t most = 40; // columns that fit a page
    if (matrix.is_null() || matrix.size() > most)
        return {};
    std::string result =
        fmt::format("<h2>{}: label down, answer across</h2>\n<div class=\"card\"><table class=\"confusion\"><tr><th></th>", escaped(side));
    for (std::size_t i = 0; i < matrix.size(); ++i)
        result += fmt::format("<th class=\"n\">{}</th>", i);
    result += "</tr>\n";
    for (std::size_t row = 0; row < matrix.size(); ++row) {
        std::int64_t all = 0;
        for (const Json& cell : matrix[row])
            all += integerOf(cell);
        result += fmt::format("<tr><th>{}</th>", row);
        for (std::size_t column = 0; column < matrix[row].size(); ++column) {
            const std::int64_t count = integerOf(matrix[row][column]);
            const double share = all > 0 ? static_cast<double>(count) / static_cast<double>(all) : 0;
            result +=
                fmt::format("<td class=\"n\" style=\"background:rgba({},{:.2f})\">{}</td>", row == column ? "38,110,214" : "214,120,20",
                            count > 0 ? 0.08 + 0.6 * std::sqrt(share) : 0.0, count > 0 ? thousands(count) : "");
        }
        result += "</tr>\n";
    }
    return result + "</table></div>\n";
}

std::string histogramPart(const Json& histogram, double tolerance)
{
    std::vector<std::pair<std::string, std::int64_t>> bars{{"0", integerOf(keyOf(histogram, "zero"))},
                                                           {"&lt; 1e-12", integerOf(keyOf(histogram, "below"))}};
    std::vector<double> starts{-1, 0};
    const Json &edges = keyOf(histogram, "edges"), &counts = keyOf(histogram, "counts");
    for (std::size_t i = 0; i < counts.size(); ++i) {
        bars.emplace_back(roundNumber(keyOf(edges, i)), integerOf(counts[i]));
        starts.push_back(keyOf(edges, i));
    }
    bars.emplace_back("&ge; 1e4", integerOf(keyOf(histogram, "above")));
    bars.emplace_back("nan, inf", integerOf(keyOf(histogram, "not_finite")));
    starts.insert(starts.end(), 2, HUGE_VAL);
    std::int64_t most = 1;
    for (const auto& bar : bars)
        most = std::max(most, bar.second);
    std::string shapes;
    constexpr int width = 26, height = 160;
    for (std::size_t i = 0; i < bars.size(); ++i) {
        const double length = static_cast<double>(height) * static_cast<double>(bars[i].second) / static_cast<double>(most);
        const double x = static_cast<double>(i) * width;
        shapes += fmt::format(
            "<rect x=\"{:.0f}\" y=\"{:.1f}\" width=\"{}\" height=\"{:.1f}\" fill=\"var({})\"><title>{}: {} samples</title></rect>\n", x + 2,
            height - length + 10, width - 4, length, starts[i] >= tolerance ? "--over" : "--bar", bars[i].first, bars[i].second);
        if (i < 2 || i + 2 >= bars.size() || i % 4 == 2)
            shapes += fmt::format("<text x=\"{:.0f}\" y=\"{}\" font-size=\"10\" text-anchor=\"middle\" fill=\"var(--soft)\">{}</text>\n",
                                  x + width / 2.0, height + 24 + (i % 2 == 1 ? 11 : 0), bars[i].first);
    }
    return fmt::format(
        "<h2>Samples by max |d| / max(1, max |b|)</h2>\n<div class=\"card\"><svg viewBox=\"0 0 {} {}\" width=\"100%\" role=\"img\" "
        "aria-label=\"histogram of the errors\">{}</svg></div>\n",
        width * bars.size(), height + 42, shapes);
}

/// A digit as horizontal strokes of one grey each: small, sharp, nothing to fetch.
std::string pictureSvg(const digits::Picture& picture)
{
    std::string shapes;
    for (std::size_t y = 0; y < 28; ++y)
        for (std::size_t x = 0; x < 28;) {
            const int grey = static_cast<int>(std::lround(picture[y * 28 + x] / 17)); // of 16
            std::size_t end = x + 1;
            while (end < 28 && std::lround(picture[y * 28 + end] / 17) == grey)
                ++end;
            if (grey > 0)
                shapes += fmt::format("<path d=\"M{} {}h{}\" stroke=\"#{:x}{:x}{:x}\"/>", x, static_cast<double>(y) + 0.5, end - x, grey,
                                      grey, grey);
            x = end;
        }
    return "<svg viewBox=\"0 0 28 28\" width=\"56\" height=\"56\" style=\"background:#000\">" + shapes + "</svg>";
}

std::string samplesPart(const Json& document, const char* key, std::string_view title, const PictureOf& pictureOf)
{
    constexpr std::size_t most = 60;
    const Json& list = keyOf(document, key);
    if (list.empty())
        return {};
    std::vector<std::vector<std::string>> rows;
    for (std::size_t i = 0; i < std::min(most, list.size()); ++i) {
        const Json& sample = list[i];
        const auto picture = pictureOf ? pictureOf(integerOf(keyOf(sample, "index"))) : std::nullopt;
        const auto shown = [&](const char* what) {
            return keyOf(sample, what).is_null() ? std::string("-") : std::to_string(integerOf(keyOf(sample, what)));
        };
        rows.push_back({picture ? pictureSvg(*picture) : escaped(wordOf(keyOf(sample, "name"))), shown("index"), shown("label"),
                        shown("left"), shown("right"), figureText(keyOf(sample, "max_abs"))});
    }
    return fmt::format("<h2>{}</h2>\n", escaped(title)) +
           htmlTable({"", "sample", "label", sideOfSweep(document, true), sideOfSweep(document, false), "max |d|"},
                     {"", "n", "n", "n", "n", "n"}, rows);
}

}

std::string sweepBody(const Json& document, const PictureOf& pictureOf)
{
    const std::int64_t disagreeing = integerOf(keyOf(document, "disagreeing"));
    std::string body = figuresPart(document);
    body += histogramPart(keyOf(document, "histogram"), keyOf(document, "tolerance"));
    for (const bool isLeft : {true, false})
        body += confusionPart(keyOf(keyOf(document, "confusion"), isLeft ? "left" : "right"), sideOfSweep(document, isLeft));
    if (disagreeing > 0)
        body += samplesPart(document, "disagreements", fmt::format("{} samples on which the classes disagree", thousands(disagreeing)),
                            pictureOf);
    return body + samplesPart(document, "worst_samples", "Samples that differ most", pictureOf);
}

std::string sweepPage(const Json& document, const PictureOf& pictureOf)
{
    const Summary summary = summaryOfSweep(document);
    const Json& input = keyOf(document, "input");
    std::string body =
        htmlVerdict(sentence(summary), summary.tone) + fmt::format("<p>{}</p>\n", escaped(joined(summary.notes, " \u00b7 ")));
    body +=
        fileCard(sideOfSweep(document, true), keyOf(document, "left")) + fileCard(sideOfSweep(document, false), keyOf(document, "right"));
    body += fmt::format("<p>Input: {}, {} samples. Tolerance {}.</p>\n",
                        keyOf(input, "source") == "random" ? fmt::format("noise of seed {} on", integerOf(keyOf(input, "seed")))
                                                           : escaped(wordOf(keyOf(input, "file"))),
                        thousands(integerOf(keyOf(input, "samples"))), roundNumber(keyOf(document, "tolerance").get<double>()));
    body += sweepBody(document, pictureOf);
    for (const Json& note : keyOf(document, "notes"))
        body += fmt::format("<p>{}</p>\n", escaped(wordOf(keyOf(note, "text"))));
    return htmlPage(fmt::format("Tieout: {} and {}", shortName(keyOf(document, "left")), shortName(keyOf(document, "right"))), body);
}

}
