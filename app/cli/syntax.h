// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/options.h"

#include <span>
#include <string_view>

namespace app {

/// What a command line asks for.
struct Request
{
    Options options;
    int (*command)(const Options&) = nullptr; ///< null for a help text, the version, or a wrong command line
    std::string help;
    bool version = false;
    std::string problem; ///< why the command line is wrong
};

Request parseCommandLine(int argc, char** argv);
std::span<const std::string_view> commandNames();

}
