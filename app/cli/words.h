// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace app {

/// The command that a mistyped word was meant to be, by the fewest letters changed, added or left out (two at most); empty when none is
/// near.
std::string_view nearestCommand(std::string_view word);

/// What keeps the window from opening with these words of the command line, in one sentence; empty when nothing does. Files that are not
/// there are the window's to tell where it has a display.
std::string windowProblem(std::span<char* const> words, bool hasDisplay);

/// Whether the environment names a display, or a platform of Qt's that needs none.
bool hasDisplay();

}
