// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commandline.h"

#include "app/cli/commands.h"
#include "app/cli/outputs.h"
#include "app/cli/syntax.h"
#include "core/base/fault.h"

#include <algorithm>
#include <csignal>
#include <functional>

namespace app {

namespace {

constexpr int failed = 2;

/// The files that a command was told to open.
std::string namedFiles(const Options& options)
{
    std::string files;
    for (const std::string* file :
         {&options.first, &options.second, &options.like, &options.map.file, &options.input.input, &options.input.image})
        if (!file->empty())
            files += (files.empty() ? "" : " and ") + *file;
    return files;
}

int answer(const Options& options, const std::function<int()>& command)
{
    const Console& console = options.console;
    try {
        return command();
    } catch (const core::Cancelled&) {
        console.message("cancelled");
    } catch (const UsageError& error) {
        console.message(error.what());
    } catch (const std::exception& error) {
        console.log(error.what());
        console.message(core::asError(std::current_exception(), namedFiles(options)).what());
    }
    return failed;
}

}

bool isCommandLine(int argc, char** argv)
{
    if (argc < 2)
        return false;
    const std::string_view first = argv[1];
    const auto names = commandNames();
    return first.starts_with("-") || std::find(names.begin(), names.end(), first) != names.end();
}

int runCommandLine(int argc, char** argv)
{
    std::signal(SIGPIPE, SIG_IGN);
    const Request request = parseCommandLine(argc, argv);
    const Console& console = request.options.console;
    return answer(request.options, [&] {
        if (!request.problem.empty())
            throw UsageError(request.problem);
        if (request.command) {
            checkOutputs(request.options);
            return request.command(request.options);
        }
        console.result(request.version ? versionText() : request.help);
        return 0;
    });
}

}
