// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/syntax.h"

#include "app/cli/commands.h"
#include "core/formats/writers.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <array>
#include <cmath>
#include <fmt/format.h>

namespace app {

namespace {

void addConsoleOptions(CLI::App& command, Options& options)
{
    command.add_flag("--json", options.json, "write the JSON document instead of text");
    command.add_flag("--quiet", options.console.quiet, "show no progress");
    command.add_flag("--verbose", options.console.verbose, "tell on stderr what is done");
}

void addPreprocessOptions(CLI::App& command, Options& options)
{
    InputOptions& input = options.input;
    command.add_option("--preprocess", input.preprocess, "unit, byte, symmetric or standard[:MEAN:STD]; invert, center (a comma list)")
        ->type_name("SPEC");
    command.add_option("--preprocess-torch", input.preprocessTorch, "the same for PyTorch models")->type_name("SPEC");
    command.add_option("--preprocess-keras", input.preprocessKeras, "the same for Keras models")->type_name("SPEC");
    command.add_option("--preprocess-left", input.preprocessLeft, "the same for the left side")->type_name("SPEC");
    command.add_option("--preprocess-right", input.preprocessRight, "the same for the right side")->type_name("SPEC");
}

void addInputOptions(CLI::App& command, Options& options)
{
    InputOptions& input = options.input;
    CLI::Option_group* group = command.add_option_group("INPUT", "one of");
    group->add_option("--digit", input.digit, "image N of the MNIST test set, from 0")->type_name("N");
    group->add_option("--sample", input.sample, "digit N of those that come with the program, from 0")->type_name("N");
    group->add_option("--image", input.image, "a picture, resized to the model's input")->type_name("FILE");
    group
        ->add_option("--input", input.input,
                     "a .npy or .npz with one sample or a batch, NCHW or NHWC; several inputs: an .npz by their names, or x0, x1 ...")
        ->type_name("FILE");
    group->add_option("--random", input.random, "normal noise (mt19937 with SEED, Box-Muller, in C,H,W order)")->type_name("SEED");
    group->require_option(0, 1);
    command.add_option("--layout", input.layout, "layout of --input where its shape fits both")
        ->type_name("nchw|nhwc")
        ->check(CLI::IsMember({"nchw", "nhwc"}));
    command.add_option("--mnist", input.mnist, "folder of MNIST's IDX files (plain or .gz), or a mnist.npz")->type_name("DIR");
    addPreprocessOptions(command, options);
}

void addTolerance(CLI::App& command, Options& options)
{
    command.add_option("--tolerance", options.tolerance, "limit of max|a-b| / max(1, max|b|), b = right; 1e-5 by default")
        ->type_name("X")
        ->check([](const std::string& text) {
            double value = -1;
            const bool number = CLI::detail::lexical_cast(text, value);
            return number && std::isfinite(value) && value >= 0 ? std::string() : "a number of 0 or more is expected, not " + text;
        });
}

void addMapOptions(CLI::App& command, Options& options)
{
    command.add_option("--map", options.map.file, "a mapping saved by `tieout map -o` or by the window")->type_name("FILE");
    command.add_flag("--map-anyway", options.map.anyway, "try a mapping made for other files by its names");
}

void addConfig(CLI::App& command, std::string& path, const std::string& names, const std::string& whose)
{
    command.add_option(names, path, "a Keras config JSON with the layers of " + whose + ", a file of weights alone")->type_name("FILE");
}

void addConfigOptions(CLI::App& command, Options& options)
{
    addConfig(command, options.configLeft, "--config-left", "the left side (PyTorch is left where the two differ)");
    addConfig(command, options.configRight, "--config-right", "the right side");
}

void addInfo(CLI::App& program, Request& request)
{
    Options& options = request.options;
    CLI::App* command = program.add_subcommand("info", "what is in a file");
    command->add_option("FILE", options.first, "a PyTorch or Keras file")->required();
    addConfig(*command, options.configLeft, "--config,--config-left", "FILE");
    command->add_flag("--stats", options.stats, "read the values: range, mean, deviation, zeros, NaNs");
    command->add_option("--tensor", options.tensor, "one tensor's values, large ones in short (all with --json or -o)")->type_name("NAME");
    command
        ->add_option("-o,--output", options.output,
                     "write that tensor as .npy (bfloat16 and 8-bit floats as float32, complex32 as complex64)")
        ->type_name("FILE");
    command->add_flag("--checksum", options.checksum, "compute the SHA-256 of the file and of each parameter's values");
    addConsoleOptions(*command, options);
    command->callback([&request] { request.command = infoCommand; });
}

void addChecksum(CLI::App& command, Options& options)
{
    command.add_flag("--checksum", options.checksum, "compute the SHA-256 of files of more than 16 GiB, too");
}

void addMap(CLI::App& program, Request& request)
{
    Options& options = request.options;
    CLI::App* command = program.add_subcommand("map", "which layers of two files belong together");
    command->add_option("A", options.first, "a PyTorch or Keras file")->required();
    command->add_option("B", options.second, "the other one")->required();
    command->add_option("-o,--output", options.output, "save the mapping for --map")->type_name("FILE");
    addConfigOptions(*command, options);
    addChecksum(*command, options);
    addMapOptions(*command, options);
    addConsoleOptions(*command, options);
    command->callback([&request] { request.command = mapCommand; });
}

void addRun(CLI::App& program, Request& request)
{
    Options& options = request.options;
    CLI::App* command = program.add_subcommand("run", "run one model, all activations");
    command->add_option("MODEL", options.first, "a PyTorch or Keras file")->required();
    command->add_option("--like", options.like, "a twin that has the order of computation, for a state dict")->type_name("FILE");
    command->add_option("-o,--output", options.output, "write every layer's activation as .npz")->type_name("FILE");
    command->add_flag("--checksum", options.checksum, "compute the file's SHA-256");
    addConfigOptions(*command, options);
    addInputOptions(*command, options);
    addMapOptions(*command, options);
    addConsoleOptions(*command, options);
    command->callback([&request] { request.command = runCommand; });
}

void addCompare(CLI::App& program, Request& request)
{
    Options& options = request.options;
    CLI::App* command = program.add_subcommand("compare", "both models on the same input, layer by layer");
    command->add_option("A", options.first, "a PyTorch or Keras file")->required();
    command->add_option("B", options.second, "the other one")->required();
    command->add_option("--report", options.report, "write an HTML page")->type_name("FILE");
    command->add_option("--junit", options.junit, "write JUnit's XML")->type_name("FILE");
    addConfigOptions(*command, options);
    addChecksum(*command, options);
    addTolerance(*command, options);
    addInputOptions(*command, options);
    addMapOptions(*command, options);
    addConsoleOptions(*command, options);
    command->callback([&request] { request.command = compareCommand; });
}

/// "h5 (Keras model, HDF5), ...": what is written.
std::string kindsText()
{
    std::string result;
    for (const core::formats::Writer* writer : core::formats::writers())
        result += fmt::format("{}{} ({})", result.empty() ? "" : ", ", writer->id, writer->title);
    return result;
}

std::vector<std::string> kindWords()
{
    std::vector<std::string> result{"npz", "safetensors"};
    for (const core::formats::Writer* writer : core::formats::writers())
        result.emplace_back(writer->id);
    return result;
}

void addConvert(CLI::App& program, Request& request)
{
    Options& options = request.options;
    CLI::App* command = program.add_subcommand("convert", "weights through the mapping into a new file");
    command->add_option("A", options.first, "the file whose weights are taken")->required();
    command
        ->add_option("--like", options.like, "the twin whose architecture and names the new file takes; without one they are made from A")
        ->type_name("FILE");
    command->add_option("-o,--output", options.output, "the new file")->type_name("FILE")->required();
    command->add_option("--to", options.to, "framework; by default told by the new file's name")
        ->type_name("torch|keras")
        ->check(CLI::IsMember({"torch", "keras"}));
    command
        ->add_option("--as", options.kind,
                     kindsText() + "; npz or safetensors: every parameter under its own name, read back before it is kept")
        ->type_name("KIND")
        ->check(CLI::IsMember(kindWords()));
    command
        ->add_option("--input-shape", options.inputShape,
                     "what the network takes, without batch, in A's own layout (3,224,224), where A does not tell it; without --like")
        ->type_name("SIZES");
    command->add_flag("--verify", options.verify, "open the new file again and prove it: every tensor, and the outputs on samples");
    command->add_option("--report", options.report, "write an HTML page")->type_name("FILE");
    addConfigOptions(*command, options);
    addTolerance(*command, options);
    addPreprocessOptions(*command, options);
    addMapOptions(*command, options);
    addConsoleOptions(*command, options);
    command->callback([&request] { request.command = convertCommand; });
}

void addSweep(CLI::App& program, Request& request)
{
    Options& options = request.options;
    InputOptions& input = options.input;
    CLI::App* command = program.add_subcommand("sweep", "a whole test set through both models");
    command->add_option("A", options.first, "a PyTorch or Keras file")->required();
    command->add_option("B", options.second, "the other one")->required();
    command->add_option("--mnist", input.mnist, "folder of MNIST's IDX files (plain or .gz), or a mnist.npz; the usual places without it")
        ->type_name("DIR");
    command
        ->add_option("--input", input.input,
                     "an .npy or .npz with a batch (labels: y), a folder of .npy files or pictures, or of class folders with them")
        ->type_name("PATH");
    command->add_option("--random", input.random, "normal noise: sample i is that of SEED + i; 1000 of them without --limit")
        ->type_name("SEED");
    command->add_option("--layout", input.layout, "layout of --input where its shape fits both")
        ->type_name("nchw|nhwc")
        ->check(CLI::IsMember({"nchw", "nhwc"}));
    command->add_option("--limit", options.limit, "only the first N samples")->type_name("N")->check(CLI::Range(1, 1'000'000'000));
    command->add_option("--shard", options.shard, "only the K-th of N parts, from 1; `tieout merge` joins their documents")
        ->type_name("K/N");
    command->add_flag("--timing", options.timing, "tell images_per_second in the document: it is no part of the result");
    command->add_option("--report", options.report, "write an HTML page")->type_name("FILE");
    addPreprocessOptions(*command, options);
    addConfigOptions(*command, options);
    addChecksum(*command, options);
    addTolerance(*command, options);
    addMapOptions(*command, options);
    addConsoleOptions(*command, options);
    command->callback([&request] { request.command = sweepCommand; });
}

void addMerge(CLI::App& program, Request& request)
{
    Options& options = request.options;
    CLI::App* command = program.add_subcommand("merge", "joins the shards of a sweep");
    command->add_option("SHARD", options.shards, "documents of `tieout sweep --shard K/N --json`, all of them, in any order")->required();
    command->add_option("--report", options.report, "write an HTML page")->type_name("FILE");
    addConsoleOptions(*command, options);
    command->callback([&request] { request.command = mergeCommand; });
}

}

std::span<const std::string_view> commandNames()
{
    static constexpr std::array<std::string_view, 7> names{"info", "map", "run", "compare", "convert", "sweep", "merge"};
    return names;
}

Request parseCommandLine(int argc, char** argv)
{
    Request request;
    CLI::App program("Do a PyTorch and a Keras network tie out? Without a command the window opens.", "tieout");
    program.add_flag("--version", request.version, "versions of the program and its libraries");
    program.require_subcommand(0, 1);
    for (const auto add : {addInfo, addMap, addRun, addCompare, addConvert, addSweep, addMerge})
        add(program, request);
    const auto used = [&] { return program.get_subcommands().empty() ? nullptr : program.get_subcommands().front(); };
    try {
        program.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        request.help = used() ? used()->help("tieout") : program.help();
    } catch (const CLI::ParseError& error) {
        request.problem = std::string(error.what()) + " (see tieout " + (used() ? used()->get_name() + " " : "") + "--help)";
    }
    if (!request.command && !request.version && request.help.empty() && request.problem.empty())
        request.problem = "a command is expected (see tieout --help)";
    return request;
}

}
