// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workspace/enginepair.h"

#include "app/cli/picturefile.h"
#include "app/tasks/task.h"
#include "core/compare/causes/causes.h"
#include "core/mapping/inputs.h"

#include <cmath>
#include <tuple>

namespace app {

namespace {

using core::Model;
using core::Tensor;
using core::digits::Picture;
using core::engines::Inputs;
using core::session::Pair;

std::unique_ptr<core::engines::Engine> engineFor(const std::shared_ptr<const Model>& model, std::string& problem,
                                                 const core::Progress& progress)
{
    if (!model)
        return nullptr;
    try {
        return core::engines::makeEngine(model, progress);
    } catch (const core::Error& error) {
        problem = error.what();
        return nullptr;
    }
}

bool isGivenDigit(const Model& model)
{
    const auto inputs = core::engines::inputsOf(model);
    return inputs.size() == 1 && inputs[0].shape && core::digits::takesDigit(*inputs[0].shape);
}

core::session::InputSource sourceOf(bool digit, const Picture& picture, const OtherInput& other)
{
    if (digit)
        return core::session::DigitsInput{{picture}};
    const std::string file = other.file.toStdString();
    if (file.empty())
        return core::session::NoiseInput{other.seed, 1};
    if (isArrayFile(other.file))
        return core::session::readArrays(file, {});
    return core::session::PictureInput{file,
                                       [file](int channels, int height, int width) { return readPicture(file, channels, height, width); }};
}

/// What both engines get; a side that cannot be fed does not run, with the reason.
core::session::PairInputs inputsOfBoth(const EnginePair& engines, const Pair& pair, const Picture& picture, const Choices& choices,
                                       Result& result)
{
    core::session::PairInputs inputs;
    try {
        const auto source = sourceOf(result.digit, picture, choices.other);
        if (engines.left && engines.right)
            return core::session::inputsFor(engines.left->model(), engines.right->model(), pair.mapping, source, choices.left,
                                            choices.right);
        if (engines.left)
            inputs.left = core::session::inputsFor(engines.left->model(), source, choices.left);
        if (engines.right)
            inputs.right = core::session::inputsFor(engines.right->model(), source, choices.right);
    } catch (const core::Error& error) {
        for (std::string* problem : {&result.problemLeft, &result.problemRight})
            if (problem->empty())
                *problem = error.what();
    }
    return inputs;
}

Tensor valueOf(const Inputs& inputs, const std::string& name)
{
    const auto value = inputs.find(name);
    return value == inputs.end() ? Tensor() : value->second;
}

/// Of what both get, the first input of the left side, or of the only one that runs, and the one that corresponds to it.
std::pair<Tensor, Tensor> shownInputs(const EnginePair& engines, const Pair& pair, const core::session::PairInputs& inputs)
{
    const auto first = [](const core::engines::Engine& engine, const Inputs& given) {
        const auto declared = core::engines::inputsOf(engine.model());
        return declared.empty() ? Tensor() : valueOf(given, declared.front().name);
    };
    if (inputs.left.empty() || inputs.right.empty())
        return {inputs.left.empty() ? Tensor() : first(*engines.left, inputs.left),
                inputs.right.empty() ? Tensor() : first(*engines.right, inputs.right)};
    const Model &left = engines.left->model(), &right = engines.right->model();
    for (const auto& [ours, theirs] : core::mapping::pairedInputs(left, right, pair.mapping))
        if (ours == left.inputOps().front())
            return {valueOf(inputs.left, left.ops[static_cast<std::size_t>(ours)].name),
                    valueOf(inputs.right, right.ops[static_cast<std::size_t>(theirs)].name)};
    return {};
}

/// Whether a side of another pair computes the same: the same object, or the same file's own network.
bool same(const std::shared_ptr<const Model>& a, const std::shared_ptr<const Model>& openedA, const std::shared_ptr<const Model>& b,
          const std::shared_ptr<const Model>& openedB)
{
    return a == b || (a && b && openedA && openedA == openedB && openedA->wired && a->inputShape == b->inputShape);
}

/// The largest error of a sample over its layers and outputs.
SampleRuns::Sample sampleOf(const core::compare::Report& report)
{
    SampleRuns::Sample sample;
    const auto add = [&](const auto& result) {
        if (result.metrics)
            sample.worst = std::isnan(sample.worst) || std::isnan(result.metrics->scaledMax)
                               ? std::nan("")
                               : std::max(sample.worst, result.metrics->scaledMax);
        else
            sample.compared = false;
    };
    for (const auto& layer : report.layers)
        add(layer);
    for (const auto& output : report.outputs)
        add(output);
    sample.compared = sample.compared && !report.outputs.empty();
    return sample;
}

}

bool EnginePair::fit(const Pair& other) const
{
    return pair && same(pair->runLeft, pair->openedLeft, other.runLeft, other.openedLeft) &&
           same(pair->runRight, pair->openedRight, other.runRight, other.openedRight);
}

std::shared_ptr<EnginePair> makeEngines(std::shared_ptr<const Pair> pair, const core::Progress& progress)
{
    const std::shared_ptr<EnginePair> engines = endedAside(std::make_unique<EnginePair>());
    engines->problemLeft = pair->cannotRunLeft;
    engines->problemRight = pair->cannotRunRight;
    engines->left = engineFor(pair->runLeft, engines->problemLeft, progress);
    engines->right = engineFor(pair->runRight, engines->problemRight, progress);
    engines->pair = std::move(pair);
    return engines;
}

bool takesDigit(const Pair& pair)
{
    if (!pair.runLeft && !pair.runRight)
        return true;
    return (pair.runLeft && isGivenDigit(*pair.runLeft)) || (pair.runRight && isGivenDigit(*pair.runRight));
}

bool isArrayFile(const QString& path)
{
    return path.endsWith(QLatin1String(".npy"), Qt::CaseInsensitive) || path.endsWith(QLatin1String(".npz"), Qt::CaseInsensitive);
}

Result run(EnginePair& engines, std::shared_ptr<const Pair> pair, const Picture& picture, const Choices& choices,
           const core::Progress& progress)
{
    const std::scoped_lock lock(engines.inUse);
    Result result;
    result.problemLeft = engines.problemLeft;
    result.problemRight = engines.problemRight;
    result.digit = takesDigit(*pair);
    result.picture = picture;
    result.other = choices.other;
    const auto inputs = inputsOfBoth(engines, *pair, picture, choices, result);
    core::engines::Engine* const left = inputs.left.empty() ? nullptr : engines.left.get();
    core::engines::Engine* const right = inputs.right.empty() ? nullptr : engines.right.get();
    std::tie(result.inputLeft, result.inputRight) = shownInputs(engines, *pair, inputs);
    result.traces = core::session::runBoth(left, right, inputs, progress);
    result.compared = left && right;
    judge(result, std::move(pair), choices.tolerance);
    return result;
}

void judge(Result& result, std::shared_ptr<const Pair> pair, double tolerance)
{
    result.pair = std::move(pair);
    if (result.compared) {
        result.report = core::session::runReport(*result.pair, result.traces, tolerance);
        return;
    }
    result.report = core::session::weightsReport(*result.pair, tolerance);
    const std::string& problem = result.problemLeft.empty() ? result.problemRight : result.problemLeft;
    if (result.pair->left && result.pair->right && !problem.empty())
        result.report.reason = {"cannot-run", {}, problem};
}

std::shared_ptr<const Result> withLocalErrors(EnginePair& engines, const std::shared_ptr<const Result>& result,
                                              const core::Progress& progress)
{
    const std::scoped_lock lock(engines.inUse);
    auto measured = std::make_shared<Result>(*result);
    core::compare::addLocalErrors(measured->report, {result->pair->runLeft.get(), &result->traces.left}, *engines.right,
                                  result->pair->mapping, progress, &result->traces.right);
    measured->localErrors = true;
    return measured;
}

std::shared_ptr<const Result> withCauses(const std::shared_ptr<const Result>& result, const core::Progress& progress)
{
    auto explained = std::make_shared<Result>(*result);
    const Pair& pair = *result->pair;
    if (result->compared)
        explained->report.causes = core::compare::causesOf(result->report, {pair.runLeft.get(), &result->traces.left},
                                                           {pair.runRight.get(), &result->traces.right}, pair.mapping, progress);
    else if (pair.left && pair.right)
        explained->report.causes = core::compare::causesOfParameters(result->report, *pair.left, *pair.right, pair.mapping, progress);
    explained->explained = true;
    return explained;
}

AloneRun runAlone(EnginePair& engines, const std::shared_ptr<const Result>& result, int row)
{
    AloneRun run{result, row, {}, {}};
    if (row < 0 || static_cast<std::size_t>(row) >= result->report.layers.size())
        return run;
    const std::scoped_lock lock(engines.inUse);
    try {
        run.values = core::compare::layerAlone(result->report.layers[static_cast<std::size_t>(row)],
                                               {result->pair->runLeft.get(), &result->traces.left}, *engines.right, result->pair->mapping,
                                               &result->traces.right);
    } catch (const core::Error& error) {
        run.problem = error.what();
    }
    if (run.values.right.isNull() && run.problem.empty())
        run.problem = "what one side takes cannot be told to be what the other one takes";
    return run;
}

SampleRuns runSamples(EnginePair& engines, const Pair& pair, const core::digits::DigitSet& set, const Choices& choices,
                      const core::Progress& progress)
{
    SampleRuns runs;
    for (int i = 0; i < set.count(); ++i) {
        progress.report(static_cast<double>(i) / set.count());
        const std::scoped_lock lock(engines.inUse);
        const auto inputs = core::session::inputsFor(engines.left->model(), engines.right->model(), pair.mapping,
                                                     core::session::DigitsInput{{set.picture(i)}}, choices.left, choices.right);
        const auto traces = core::session::runBoth(engines.left.get(), engines.right.get(), inputs); // not broken off: that ends the worker
        runs.samples.push_back(sampleOf(core::session::runReport(pair, traces, choices.tolerance)));
    }
    return runs;
}

}
