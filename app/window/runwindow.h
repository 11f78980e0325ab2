// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace app {

class MainWindow;
class Workspace;

/// What nobody has to wait for, started after the first frame: LibTorch's worker, samples, test set.
void loadInBackground(Workspace& workspace, MainWindow& window);

/// Opens the window, with up to two model files from the command line. Returns the exit status.
int runWindow(int argc, char** argv);

}
