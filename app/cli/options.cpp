// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/options.h"

#include <cmath>

namespace app {

core::digits::Preprocess InputOptions::preprocessFor(const core::Model& model, bool isLeft) const
{
    const std::string& byFramework = model.framework == core::Framework::Torch ? preprocessTorch : preprocessKeras;
    for (const std::string& spec :
         {isLeft ? preprocessLeft : preprocessRight, model.framework == core::Framework::None ? std::string() : byFramework, preprocess})
        if (!spec.empty())
            return core::digits::preprocessFromText(spec);
    return core::digits::guessPreprocess(model);
}

void addConsoleOptions(CLI::App& command, Options& options)
{
    command.add_flag("--json", options.json, "write the JSON document instead of text");
    command.add_flag("--quiet", options.console.quiet, "show no progress");
    command.add_flag("--verbose", options.console.verbose, "tell on stderr what is done");
}

void addInputOptions(CLI::App& command, Options& options)
{
    InputOptions& input = options.input;
    CLI::Option_group* group = command.add_option_group("INPUT", "one of");
    group->add_option("--digit", input.digit, "image N of the MNIST test set, from 0")->type_name("N");
    group->add_option("--sample", input.sample, "digit N of those that come with the program, from 0")->type_name("N");
    group->add_option("--image", input.image, "a picture, resized to the model's input")->type_name("FILE");
    group->add_option("--input", input.input, "a .npy or .npz with one sample or a batch, NCHW or NHWC")->type_name("FILE");
    group->add_option("--random", input.random, "normal noise (mt19937 with SEED, Box-Muller, in C,H,W order)")->type_name("SEED");
    group->require_option(0, 1);
    command.add_option("--layout", input.layout, "layout of --input where its shape fits both")
        ->type_name("nchw|nhwc")
        ->check(CLI::IsMember({"nchw", "nhwc"}));
    command.add_option("--mnist", input.mnist, "folder of MNIST's IDX files (plain or .gz), or a mnist.npz")->type_name("DIR");
    addPreprocessOptions(command, options);
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

}
