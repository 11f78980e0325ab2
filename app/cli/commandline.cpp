// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commandline.h"

#include "app/cli/commands.h"
#include "core/base/error.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <new>
#include <string_view>

namespace app {

namespace {

constexpr int failed = 2;
constexpr std::array<std::string_view, 5> commands{"info", "map", "run", "compare", "convert"};

int answer(const Console& console, const Run& run)
{
    try {
        return run();
    } catch (const CLI::Error& error) {
        console.message(error.what());
    } catch (const core::Cancelled&) {
        console.message("cancelled");
    } catch (const std::bad_alloc&) {
        console.message("not enough memory");
    } catch (const std::exception& error) {
        console.message(error.what());
    }
    return failed;
}

/// A wrong command line: what is wrong, and where help is.
int wrongUsage(const CLI::App& program, const CLI::ParseError& error, const Console& console)
{
    const auto used = program.get_subcommands();
    const std::string command = used.empty() ? "" : " " + used.front()->get_name();
    console.message(std::string(error.what()) + " (see tieout" + command + " --help)");
    return failed;
}

}

bool isCommandLine(int argc, char** argv)
{
    if (argc < 2)
        return false;
    const std::string_view first = argv[1];
    return first.starts_with("-") || std::find(commands.begin(), commands.end(), first) != commands.end();
}

int runCommandLine(int argc, char** argv)
{
    std::signal(SIGPIPE, SIG_IGN);
    Options options;
    Run chosen;
    bool version = false;
    CLI::App program("Do a PyTorch and a Keras network tie out? Without a command the window opens.", "tieout");
    program.add_flag("--version", version, "versions of the program and its libraries");
    program.require_subcommand(0, 1);
    for (const auto add : {addInfo, addMap, addRun, addCompare, addConvert})
        add(program, options, chosen);
    try {
        program.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        const auto used = program.get_subcommands();
        const std::string text = used.empty() ? program.help() : used.front()->help();
        return answer(options.console, [&] {
            options.console.result(text);
            return 0;
        });
    } catch (const CLI::ParseError& error) {
        return wrongUsage(program, error, options.console);
    }
    if (version)
        return answer(options.console, [&] {
            options.console.result(versionText());
            return 0;
        });
    if (!chosen)
        return wrongUsage(program, CLI::RequiredError("a command"), options.console);
    return answer(options.console, chosen);
}

}
