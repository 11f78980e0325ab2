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

#include <charconv>
#include <fmt/format.h>

namespace app {

using core::Framework;
using core::Model;
using core::convert::Result;

namespace {

[[noreturn]] void wrongUsage(const std::string& text)
{
    throw UsageError(text + " (see tieout convert --help)");
}

Framework frameworkOf(std::string_view word)
{
    return word == "keras" ? Framework::Keras : Framework::Torch;
}

/// "h5, keras, ...", what --as takes.
std::string kindNames()
{
    std::string result;
    for (const core::formats::Writer* row : core::formats::writers())
        if (result.find(row->id) == result.npos)
            result += (result.empty() ? "" : ", ") + std::string(row->id);
    return result + ", npz, safetensors";
}

/// The kind that a name is usual for among those of the framework that was asked for; empty when there is none.
std::string promisedFor(const Options& options)
{
    for (const core::formats::Writer* row : core::formats::writersPromisedBy(options.output))
        if (options.to.empty() || row->framework == frameworkOf(options.to))
            return std::string(row->id);
    return std::string(core::convert::promisedKind(options.output));
}

/// What is written: as asked for, else by the output's name, which must not promise anything else, else by the framework.
std::string kindOf(const Options& options)
{
    std::string kind = options.kind.empty() ? promisedFor(options) : options.kind;
    if (kind.empty() && !options.to.empty())
        kind = options.to == "keras" ? "h5" : "state-dict";
    if (kind.empty())
        wrongUsage(fmt::format("-o {}: a name that ends in .h5, .pt, .npz or .safetensors is expected, or --as with one of the kinds",
                               options.output));
    if (!core::convert::mayBe(options.output, kind))
        wrongUsage(fmt::format("-o {}: the name promises {}, but {} would be written", options.output,
                               core::convert::promisedKind(options.output), kind));
    if (!core::formats::writer(kind) && kind != "npz" && kind != "safetensors")
        wrongUsage(fmt::format("-o {}: {} cannot be written; the kinds are {}", options.output, kind, kindNames()));
    return kind;
}

const core::formats::Writer& writerOf(const std::string& kind, const Options& options)
{
    const core::formats::Writer* writer = core::formats::writer(kind, options.output);
    if (!options.to.empty() && (!writer || writer->framework != frameworkOf(options.to)))
        wrongUsage(fmt::format("-o {}: --to {} cannot be written as {}", options.output, options.to, kind));
    return *writer;
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

/// What will be written, and what of the source runs for the proof.
struct Planned
{
    core::convert::Plan plan;
    std::shared_ptr<const Model> run; ///< null when it cannot
    std::string cannotRun;
};

/// Into the architecture and names of another file.
Planned plannedLike(const Options& options, const core::formats::Writer& writer)
{
    const OpenPair opened = openPair(options.first, options.like, options, nullptr, options.verify);
    const core::session::Pair& pair = opened.pair;
    const bool onLeft = !opened.swapped;
    return {core::convert::plan(onLeft ? pair.left : pair.right, onLeft ? pair.right : pair.left, pair.mapping, onLeft, writer),
            onLeft ? pair.runLeft : pair.runRight, onLeft ? pair.cannotRunLeft : pair.cannotRunRight};
}

/// "3,224,224".
core::Shape sizesOf(const std::string& text)
{
    core::Shape result;
    const char *at = text.data(), *const end = at + text.size();
    for (bool goesOn = true; goesOn;) {
        std::int64_t size = 0;
        const auto [rest, problem] = std::from_chars(at, end, size);
        goesOn = problem == std::errc() && rest != end && *rest == ',';
        if (problem != std::errc() || size < 1 || size > 1 << 24 || (rest != end && !goesOn))
            wrongUsage(fmt::format("--input-shape {}: sizes are expected as in 3,224,224", text));
        result.push_back(size);
        at = rest + 1;
    }
    return result;
}

/// Into a twin made from the source.
Planned plannedAlone(const Options& options, const core::formats::Writer& writer)
{
    if (!options.map.file.empty())
        wrongUsage("--map says how two files belong together: it goes with --like");
    Model model = openFirst(options);
    model.origin.sha256 = core::sha256(*core::File::open(options.first), options.console.progress("checksum"));
    std::optional<core::Shape> shape;
    if (!options.inputShape.empty())
        shape = sizesOf(options.inputShape);
    const auto source = core::session::prepared(std::move(model), shape ? &*shape : nullptr);
    return {core::convert::plan(core::convert::translate(source, writer.framework), writer), source->wired ? source : nullptr,
            fmt::format("{} has no architecture", core::printable(source->origin.path))};
}

}

int convertCommand(const Options& options)
{
    const std::string kind = kindOf(options);
    if (!options.inputShape.empty() && !options.like.empty())
        wrongUsage("--input-shape goes without --like, whose file tells the shape");
    if (isDump(kind, options))
        return dumpCommand(options, kind);
    const core::formats::Writer& writer = writerOf(kind, options);
    const auto [plan, run, cannotRun] = options.like.empty() ? plannedAlone(options, writer) : plannedLike(options, writer);
    std::optional<core::convert::ProofWish> wish;
    if (options.verify) {
        const auto set = core::digits::readSamples(samplesFolder());
        wish = core::session::proofWish(run, cannotRun, set, set.count(), options.input.preprocessFor(*plan.source, plan.sourceOnLeft),
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
