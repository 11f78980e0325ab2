// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace core {

/// A path and what it is for: "--report", "the twin".
struct NamedPath
{
    std::string role, path;
};

/// To be asked before any work. Throws Error("output-clash") when an output is one of the inputs or another output, by whatever name or
/// link it is reached, and what AtomicFile throws for one that cannot be written. Empty paths are none.
void checkOutputs(const std::vector<NamedPath>& inputs, const std::vector<NamedPath>& outputs);

}
