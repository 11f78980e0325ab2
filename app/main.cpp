// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commandline.h"
#ifdef TIEOUT_WINDOW
#include "app/window/runwindow.h"
#endif

int main(int argc, char** argv)
{
#ifdef TIEOUT_WINDOW
    if (!app::isCommandLine(argc, argv))
        return app::runWindow(argc, argv);
#endif
    return app::runCommandLine(argc, argv);
}
