// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/pair.h"
#include "core/report/text.h"

namespace app {

namespace {

int map(const Options& options)
{
    const OpenPair opened = openPair(options.first, options.second, options, nullptr, false);
    const core::session::Pair& pair = opened.pair;
    if (!options.output.empty())
        writeText(options.output, core::dumpJson(core::mapping::toJson(pair.mapping, *pair.left, *pair.right)) + "\n");
    if (options.json)
        options.console.result(core::dumpJson(core::report::mapDocument(*pair.left, *pair.right, pair.mapping)) + "\n");
    else
        options.console.result(core::report::mapText(*pair.left, *pair.right, pair.mapping));
    return 0;
}

}

void addMap(CLI::App& program, Options& options, Run& chosen)
{
    CLI::App* command = program.add_subcommand("map", "which layers of two files belong together");
    command->add_option("A", options.first, "a PyTorch or Keras file")->required();
    command->add_option("B", options.second, "the other one")->required();
    command->add_option("-o,--output", options.output, "save the mapping for --map")->type_name("FILE");
    addMapOptions(*command, options);
    addConsoleOptions(*command, options);
    command->callback([&options, &chosen] { chosen = [&options] { return map(options); }; });
}

}
