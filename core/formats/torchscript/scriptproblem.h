// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <string>

namespace core::formats {

/// Ends the reading of a graph, never that of the file: `what` is a sentence for people.
[[noreturn]] inline void scriptProblem(const std::string& what)
{
    throw Error("script-graph").expected("a graph that is the same for every input").found(what);
}

}
