// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sweep/run.h"

#include "app/cli/commands.h"
#include "app/cli/inputs.h"
#include "app/cli/pair.h"
#include "app/cli/picturefile.h"
#include "core/report/sweep.h"
#include "core/session/proofwish.h"

#include <chrono>
#include <filesystem>
#include <fmt/format.h>

namespace app {

namespace {

namespace sweep = core::sweep;
using core::session::Pair;

/// Noises where nobody says how many.
constexpr int noisesOfSweep = 1000;

[[noreturn]] void wrongSweep(const std::string& text)
{
    throw UsageError(text + " (see tieout sweep --help)");
}

bool isFolder(const std::string& path)
{
    std::error_code ignored;
    return std::filesystem::is_directory(path, ignored);
}

/// What does not depend on the networks is read before they are: the arrays of a file, which tell their shapes.
std::optional<core::session::ArraysInput> arraysOf(const InputOptions& options)
{
    if (options.input.empty() || isFolder(options.input))
        return {};
    return core::session::readArrays(options.input, options.layout);
}

sweep::DataSet dataSet(const Options& options, const Pair& pair, std::optional<core::session::ArraysInput> arrays)
{
    const InputOptions& input = options.input;
    if (!input.mnist.empty() && (input.random || !input.input.empty()))
        wrongSweep("--mnist, --input and --random exclude each other");
    if (arrays)
        return sweep::arraySet(std::move(*arrays), pair);
    if (!input.input.empty())
        return sweep::folderSet(input.input, readPicture, input.layout);
    if (input.random)
        return sweep::noiseSet(static_cast<std::uint32_t>(*input.random), options.limit.value_or(noisesOfSweep));
    if (!core::session::takesDigits(*pair.runLeft) && !core::session::takesDigits(*pair.runRight))
        wrongSweep(fmt::format("{} takes {}, no MNIST digit: give samples with --input, or noise with --random SEED",
                               core::printable(pair.runLeft->origin.path), core::engines::text(core::engines::inputsOf(*pair.runLeft))));
    std::string where;
    auto digits = std::make_shared<const core::digits::DigitSet>(testSet(input.mnist, where));
    return sweep::digitSet(std::move(digits), where);
}

void checkRuns(const Pair& pair)
{
    for (const std::string& problem : {pair.cannotRunLeft, pair.cannotRunRight})
        if (!problem.empty())
            throw core::Error("cannot-run").expected("two networks that can run").found(problem);
}

core::report::PictureOf picturesOf(const sweep::DataSet& set)
{
    const auto* digits = std::get_if<std::shared_ptr<const core::digits::DigitSet>>(&set.samples);
    if (!digits)
        return {};
    return [all = *digits](std::int64_t index) { return std::optional(all->picture(static_cast<int>(index))); };
}

int statusOf(const core::Json& document)
{
    const core::Json& verdict = core::report::keyOf(document, "verdict");
    return verdict == name(core::compare::Verdict::TiesOut) ? 0 : verdict == name(core::compare::Verdict::Differs) ? 1 : 2;
}

void tellDocument(const core::Json& document, const Options& options, const core::report::PictureOf& pictures)
{
    if (!options.report.empty())
        writeText(options.report, core::report::sweepPage(document, pictures));
    if (options.json)
        options.console.result(core::dumpJson(document) + "\n");
    else
        options.console.result(core::report::sweepText(document, options.console.hasColour()));
    if (statusOf(document) == 2 && options.json && core::report::keyOf(document, "reason").is_string())
        options.console.message(core::report::keyOf(document, "reason").get<std::string>());
}

}

int sweepCommand(const Options& options)
{
    std::optional<sweep::Shard> shard;
    if (!options.shard.empty())
        shard = sweep::shardFromText(options.shard);
    auto arrays = arraysOf(options.input);
    const OpenPair opened = openPair(options.first, options.second, options, arrays ? &*arrays : nullptr, true);
    const Pair& pair = opened.pair;
    checkRuns(pair);
    sweep::DataSet set = dataSet(options, pair, std::move(arrays));
    if (options.limit)
        set = set.limited(*options.limit);
    if (!set.isScaled() && options.input.isPreprocessGiven())
        wrongSweep("--preprocess is for digits and pictures: arrays and noise are taken as they are");
    const sweep::Range range = sweep::rangeOf(shard.value_or(sweep::Shard()), set.count);
    const core::Progress progress = options.console.progress("running");
    const auto left = core::engines::makeEngine(pair.runLeft), right = core::engines::makeEngine(pair.runRight);
    const auto preprocessLeft = options.input.preprocessFor(*pair.runLeft, true),
               preprocessRight = options.input.preprocessFor(*pair.runRight, false);
    const auto start = std::chrono::steady_clock::now();
    const sweep::Sweep result = sweep::run({pair, *left, *right, set, preprocessLeft, preprocessRight, options.tolerance}, range, progress);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    const double rate = static_cast<double>(range.count()) / took.count();
    if (!options.console.quiet && !options.json)
        options.console.message(fmt::format("{} samples in {:.2f} s, {:.0f} a second", range.count(), took.count(), rate));
    const auto scaling = [&](const core::digits::Preprocess& preprocess) {
        return set.isScaled() ? core::digits::text(preprocess) : std::string();
    };
    const core::report::SweepHead head{*pair.left,
                                       *pair.right,
                                       pair.mapping,
                                       set,
                                       scaling(preprocessLeft),
                                       scaling(preprocessRight),
                                       options.tolerance,
                                       sweep::weightsOf(core::session::weightsReport(pair, options.tolerance))};
    const core::Json document = core::report::sweepDocument(head, result, shard, options.timing ? std::optional(rate) : std::nullopt);
    tellDocument(document, options, picturesOf(set));
    return statusOf(document);
}

int mergeCommand(const Options& options)
{
    std::vector<std::pair<std::string, core::Json>> shards;
    for (const std::string& path : options.shards)
        shards.emplace_back(path, core::parseJson(readText(path, 256u << 20), path));
    tellDocument(core::report::mergedSweeps(shards), options, {});
    return 0;
}

}
