// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commandline.h"
#include "app/window/runwindow.h"

int main(int argc, char** argv)
{
    if (!app::isCommandLine(argc, argv))
        return app::runWindow(argc, argv);
    return app::runCommandLine(argc, argv);
}
