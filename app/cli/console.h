// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/progress.h"

#include <string>
#include <string_view>

namespace app {

/// `text` for a terminal: lines, tabs and our own colours stay, every other control or direction character is written as \xNN, so that a
/// name in a file commands nothing.
std::string forTerminal(std::string_view text);

/// Where results and messages go: results to stdout, everything else to stderr. A reader that went away (`| head`) is no error.
class Console
{
public:
    bool quiet = false;
    bool verbose = false;

    /// Throws core::Error("output") when stdout cannot be written for another reason than a closed pipe.
    void result(std::string_view text) const;
    void message(std::string_view text) const;
    /// Only with --verbose.
    void log(std::string_view text) const;
    /// A bar on a terminal, nothing in a pipe or with --quiet.
    core::Progress progress(std::string_view doing) const;
    bool hasColour() const;
};

}
