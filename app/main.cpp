// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commandline.h"
#include "app/cli/words.h"
#include "app/window/runwindow.h"

#include <iostream>

int main(int argc, char** argv)
{
    if (app::isCommandLine(argc, argv))
        return app::runCommandLine(argc, argv);
    const std::span<char* const> words(argv + (argc > 0 ? 1 : 0), argv + argc);
    if (const std::string problem = app::windowProblem(words, app::hasDisplay()); !problem.empty()) {
        std::cerr << "tieout: " << problem << '\n';
        return 2;
    }
    return app::runWindow(argc, argv);
}
