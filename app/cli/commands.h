// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/options.h"

#include <functional>

namespace app {

/// Each adds its command with its options; the function that runs it goes to `chosen` when the command line names it.
using Run = std::function<int()>;
void addInfo(CLI::App& program, Options& options, Run& chosen);
void addMap(CLI::App& program, Options& options, Run& chosen);
void addRun(CLI::App& program, Options& options, Run& chosen);
void addCompare(CLI::App& program, Options& options, Run& chosen);
void addConvert(CLI::App& program, Options& options, Run& chosen);

/// "tieout 0.1.0" and the libraries' versions.
std::string versionText();

}
