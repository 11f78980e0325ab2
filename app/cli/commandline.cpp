// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commandline.h"

#include "app/cli/commands.h"
#include "app/cli/syntax.h"
#include "core/base/error.h"

#include <algorithm>
#include <csignal>
#include <functional>
#include <new>

namespace app {

namespace {

constexpr int failed = 2;

int answer(const Console& console, const std::function<int()>& command)
{
    try {
        return command();
    } catch (const core::Cancelled&) {
        console.message("cancelled");
    } catch (const std::bad_alloc&) {
        console.message("not enough memory");
    } catch (const std::exception& error) {
        console.message(error.what());
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
    return answer(console, [&] {
        if (!request.problem.empty())
            throw UsageError(request.problem);
        if (request.command)
            return request.command(request.options);
        console.result(request.version ? versionText() : request.help);
        return 0;
    });
}

}
