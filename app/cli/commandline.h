// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace app {

/// Whether the first argument is a command or an option that the command line answers; file names alone open the window.
bool isCommandLine(int argc, char** argv);
/// Runs one command without a display. Result: 0 done, 1 done and it differs, 2 could not be done.
int runCommandLine(int argc, char** argv);

}
