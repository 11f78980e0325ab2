// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/inputs.h"
#include "app/cli/pair.h"
#include "core/formats/numpy/npy.h"
#include "core/json/json.h"
#include "core/report/text.h"

#include <algorithm>
#include <fmt/format.h>

namespace app {

using core::Error;
using core::Model;

namespace {

/// The model that runs, and the file it came from.
struct Runnable
{
    std::shared_ptr<const Model> file, model;
    bool isLeft = true;
};

Runnable withTwin(const Options& options, const Input& input)
{
    const OpenPair opened = openPair(options.first, options.like, options, input.arrays(), true);
    const core::session::Pair& pair = opened.pair;
    const bool left = !opened.swapped;
    Runnable result{left ? pair.left : pair.right, left ? pair.runLeft : pair.runRight, left};
    if (!result.model)
        throw Error("run-wiring")
            .file(options.first)
            .expected("wiring, its own or the twin's")
            .found(left ? pair.cannotRunLeft : pair.cannotRunRight);
    if (const std::vector<core::Note> assumed = core::session::assumedOrders(pair, left); !assumed.empty()) {
        Model model = *result.model;
        model.notes.insert(model.notes.end(), assumed.begin(), assumed.end());
        result.model = std::make_shared<const Model>(std::move(model));
    }
    return result;
}

Runnable alone(const Options& options, const Input& input)
{
    Model file = openFirst(options);
    if (file.framework == core::Framework::Torch)
        core::engines::prestartTorch();
    if (!file.wired)
        throw Error("run-wiring")
            .file(options.first)
            .expected("a model with its order of computation")
            .found(fmt::format("{} without it", file.origin.content))
            .advice("Name a file that has it with --like.");
    const auto model = core::session::prepared(input.arrays() ? core::session::withShapesOf(*input.arrays(), file) : file);
    return {std::make_shared<const Model>(std::move(file)), model, true};
}

/// Every layer's value under its name, batch first, in the framework's own axis order.
void writeActivations(const std::string& path, const Model& model, const core::engines::Trace& trace)
{
    core::formats::NamedTensors tensors;
    for (std::size_t i = 0; i < model.ops.size(); ++i)
        if (!model.ops[i].layer.empty() && trace.values[i])
            tensors.emplace_back(model.ops[i].name, *trace.values[i]);
    core::formats::writeNpz(path, tensors);
}

bool computesOutput(const Model& model, const core::engines::Trace& trace)
{
    return std::any_of(model.outputs.begin(), model.outputs.end(),
                       [&](const core::Output& output) { return trace.values[output.port].has_value(); });
}

}

int runCommand(const Options& options)
{
    if (!options.input.isGiven())
        throw UsageError("one of --digit, --sample, --image, --input and --random is expected (see tieout run --help)");
    Input input(options.input);
    const Runnable runnable = options.like.empty() ? alone(options, input) : withTwin(options, input);
    const core::engines::Inputs values = input.inputsFor(*runnable.model, runnable.isLeft);
    core::report::InputInfo info = input.info();
    if (!runnable.isLeft)
        std::swap(info.preprocessLeft, info.preprocessRight);
    const auto engine = core::engines::makeEngine(runnable.model, options.console.progress("loading"));
    const core::engines::Trace trace =
        engine->run(core::engines::feedsFor(*runnable.model, values), {}, options.console.progress("running"));
    options.console.log(fmt::format("ran {} ops in {:.2f} ms", runnable.model->ops.size(), trace.milliseconds));
    if (!options.output.empty())
        writeActivations(options.output, *runnable.model, trace);
    if (options.json)
        options.console.result(core::dumpJson(core::report::runDocument(*runnable.file, *runnable.model, trace, info)) + "\n");
    else
        options.console.result(core::report::runText(*runnable.file, *runnable.model, trace, info));
    return computesOutput(*runnable.model, trace) ? 0 : 2;
}

}
