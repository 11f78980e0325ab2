// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/pair.h"
#include "app/resources.h"
#include "core/convert/dump.h"
#include "core/files/file.h"
#include "core/files/sha256.h"
#include "core/json/json.h"
#include "core/report/dump.h"
#include "core/report/page.h"
#include "core/report/text.h"
#include "core/session/proofwish.h"

#include <fmt/format.h>

namespace app {

using core::Framework;
using core::Model;
using core::convert::OutputKind;
using core::convert::Result;

namespace {

[[noreturn]] void wrongUsage(const std::string& text)
{
    throw UsageError(text + " (see tieout convert --help)");
}

/// What is written: as asked for, else by the framework, else by the output's name, which must not promise anything else.
std::string kindOf(const Options& options)
{
    const std::string promised(core::convert::promisedKind(options.output));
    std::string kind = options.kind;
    if (kind.empty() && !options.to.empty())
        kind = options.to == "keras" ? "h5" : "state-dict";
    if (kind.empty())
        kind = promised;
    if (kind.empty())
        wrongUsage(fmt::format("-o {}: a name that ends in .h5, .pt, .npz or .safetensors is expected, or --as with one of the kinds",
                               options.output));
    if (!promised.empty() && promised != kind)
        wrongUsage(fmt::format("-o {}: the name promises {}, but {} would be written", options.output, promised, kind));
    if (kind != "h5" && kind != "state-dict" && kind != "npz" && kind != "safetensors")
        wrongUsage(fmt::format("-o {}: {} cannot be written yet; name a .h5, .pt, .npz or .safetensors", options.output, kind));
    return kind;
}

OutputKind outputKind(const std::string& kind, const Options& options)
{
    if ((options.to == "keras" && kind != "h5") || (options.to == "torch" && kind != "state-dict"))
        wrongUsage(fmt::format("--to {} cannot be written as {}", options.to, kind));
    return kind == "h5" ? OutputKind::KerasH5 : OutputKind::StateDict;
}

/// Whether every parameter keeps its name and layout.
bool isDump(const std::string& kind, const Options& options)
{
    if (kind != "npz" && kind != "safetensors")
        return false;
    if (!options.like.empty() || !options.to.empty())
        wrongUsage(fmt::format("{} keeps the names and layout of the source: --like and --to do not go with it", kind));
    return true;
}

int dumpCommand(const Options& options, const std::string& kind)
{
    const Model model = core::asStored(openFirst(options));
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
    const std::string kind = kindOf(options);
    if (isDump(kind, options))
        return dumpCommand(options, kind);
    if (options.like.empty())
        wrongUsage("--like FILE is missing: the twin whose architecture and names the new file takes");
    const OutputKind output = outputKind(kind, options);
    const OpenPair opened = openPair(options.first, options.like, options, nullptr, options.verify);
    const core::session::Pair& pair = opened.pair;
    const bool onLeft = !opened.swapped;
    const auto plan = core::convert::plan(onLeft ? pair.left : pair.right, onLeft ? pair.right : pair.left, pair.mapping, onLeft, output);
    std::optional<core::convert::ProofWish> wish;
    if (options.verify) {
        const auto set = core::digits::readSamples(samplesFolder());
        wish = core::session::proofWish(onLeft ? pair.runLeft : pair.runRight, onLeft ? pair.cannotRunLeft : pair.cannotRunRight, set,
                                        set.count(), options.input.preprocessFor(onLeft ? *pair.left : *pair.right, onLeft),
                                        options.tolerance);
    }
    const auto conversion =
        core::convert::convert(plan, options.output, wish, options.console.progress(options.verify ? "writing and proving" : "writing"));
    if (!options.report.empty())
        writeText(options.report, core::report::convertPage(plan, conversion));
    if (options.json)
        options.console.result(core::dumpJson(core::report::convertDocument(plan, conversion)) + "\n");
    else
        options.console.result(core::report::convertText(plan, conversion, options.console.hasColour()));
    return conversion.result == Result::Written || conversion.result == Result::Proved ? 0 : 1;
}

}
