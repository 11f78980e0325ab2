// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace app {

/// Opens the window, with up to two model files from the command line. Returns the exit status.
int runWindow(int argc, char** argv);

}
