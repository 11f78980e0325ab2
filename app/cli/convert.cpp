// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/pair.h"
#include "app/resources.h"
#include "core/convert/dump.h"
#include "core/digits/noise.h"
#include "core/files/file.h"
#include "core/files/sha256.h"
#include "core/json/json.h"
#include "core/layers/room.h"
#include "core/report/dump.h"
#include "core/report/page.h"
#include "core/report/text.h"

#include <filesystem>
#include <fmt/format.h>

namespace app {

using core::Framework;
using core::Model;
using core::convert::OutputKind;

namespace {

[[noreturn]] void wrongUsage(const std::string& text)
{
    throw UsageError(text + " (see tieout convert --help)");
}

/// What is written: as asked for, else by the framework, else by the output's name.
OutputKind kindOf(const Options& options)
{
    const std::string suffix = std::filesystem::path(options.output).extension().string();
    std::string kind = options.kind;
    if (kind.empty() && !options.to.empty())
        kind = options.to == "keras" ? "h5" : "state-dict";
    if (kind.empty())
        kind = suffix == ".h5" || suffix == ".hdf5" ? "h5" : suffix == ".pt" || suffix == ".pth" ? "state-dict" : "";
    if (kind.empty())
        wrongUsage(fmt::format("-o {}: a name that ends in .h5, .pt, .npz or .safetensors is expected, or --as with one of the kinds",
                               options.output));
    if ((options.to == "keras" && kind != "h5") || (options.to == "torch" && kind != "state-dict"))
        wrongUsage(fmt::format("--to {} cannot be written as {}", options.to, kind));
    return kind == "h5" ? OutputKind::KerasH5 : OutputKind::StateDict;
}

/// Sample digits where the model takes them, else noise; in the layout of `model`.
std::vector<core::Tensor> proofInputs(const Model* model, bool isLeft, const Options& options)
{
    std::vector<core::Tensor> inputs;
    if (!model || !model->inputShape)
        return inputs;
    core::layers::checkRoom(*model);
    constexpr unsigned noises = 5;
    if (!core::digits::takesDigit(*model->inputShape)) {
        for (unsigned seed = 0; seed < noises; ++seed)
            inputs.push_back(core::digits::noise(seed, model->framework, *model->inputShape));
        return inputs;
    }
    const auto set = core::digits::readSamples(samplesFolder());
    const auto preprocess = options.input.preprocessFor(*model, isLeft);
    for (int i = 0; i < set.count(); ++i)
        inputs.push_back(core::digits::toInput(set.picture(i), preprocess, model->framework, *model->inputShape));
    return inputs;
}

/// "npz" or "safetensors" where every parameter keeps its name and layout, else empty.
std::string dumpKind(const Options& options)
{
    const std::string suffix = std::filesystem::path(options.output).extension().string();
    const std::string kind = !options.kind.empty() || suffix.empty() ? options.kind : suffix.substr(1);
    if (kind != "npz" && kind != "safetensors")
        return {};
    if (!options.like.empty() || !options.to.empty())
        wrongUsage(fmt::format("{} keeps the names and layout of the source: --like and --to do not go with it", kind));
    return kind;
}

int dumpCommand(const Options& options, const std::string& kind)
{
    const Model model = openFile(options.first, options.console, false);
    const core::convert::Dump dump = core::convert::dump(model, options.output, kind, options.console.progress("writing"));
    const core::report::Written written{options.output, core::sha256(*core::File::open(options.output))};
    if (options.json)
        options.console.result(core::dumpJson(core::report::dumpDocument(model, dump, written)) + "\n");
    else
        options.console.result(core::report::dumpText(model, dump, written));
    return 0;
}

}

int convertCommand(const Options& options)
{
    if (const std::string kind = dumpKind(options); !kind.empty())
        return dumpCommand(options, kind);
    if (options.like.empty())
        wrongUsage("--like FILE is missing: the twin whose architecture and names the new file takes");
    const OutputKind kind = kindOf(options);
    const OpenPair opened = openPair(options.first, options.like, options, nullptr, options.verify);
    const core::session::Pair& pair = opened.pair;
    const bool onLeft = !opened.swapped;
    const auto plan = core::convert::plan(onLeft ? pair.left : pair.right, onLeft ? pair.right : pair.left, pair.mapping, onLeft, kind);
    core::convert::write(plan, options.output, options.console.progress("writing"));
    const core::report::Written written{options.output, core::sha256(*core::File::open(options.output))};
    std::optional<core::convert::Proof> proof;
    if (options.verify) {
        const auto& runs = onLeft ? pair.runLeft : pair.runRight;
        proof = core::convert::prove(plan, options.output, proofInputs(runs.get(), onLeft, options), options.console.progress("proving"));
    }
    if (!options.report.empty())
        writeText(options.report, core::report::convertPage(plan, written, proof, options.tolerance));
    if (options.json)
        options.console.result(core::dumpJson(core::report::convertDocument(plan, written, proof)) + "\n");
    else
        options.console.result(core::report::convertText(plan, written, proof, options.tolerance, options.console.hasColour()));
    return proof && !proof->holds(options.tolerance) ? 1 : 0;
}

}
