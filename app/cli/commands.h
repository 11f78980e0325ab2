// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/options.h"

namespace app {

/// The commands of cli.md. Result: the exit status. Throw core::Error and UsageError.
int infoCommand(const Options& options);
int mapCommand(const Options& options);
int runCommand(const Options& options);
int compareCommand(const Options& options);
int convertCommand(const Options& options);
int sweepCommand(const Options& options);
int mergeCommand(const Options& options);

/// "tieout 0.1.0" and the libraries' versions.
std::string versionText();

}
