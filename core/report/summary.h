// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/compare/compare.h"
#include "core/convert/convert.h"

#include <string>
#include <vector>

namespace core::report {

/// Qualified: good as far as the files tell.
enum class Tone { Good, Qualified, Bad, Unsure };

/// What a report says, in words: the only source of the chip, the chart's title, the text, the page and JUnit, so that none of them can be
/// greener than another.
struct Summary
{
    Tone tone = Tone::Unsure;
    std::string headline; ///< "TIES OUT", "TIES OUT as far as the files tell", "DIFFERS from conv2d_1 on", "DIFFERS in 1 of 10 parameters",
                          ///< "NOT COMPARED"
    std::string detail;   ///< "max |d| 2.4e-7 <= 1e-5", "order and ReLU taken from b.h5, max |d| 2.4e-7 <= 1e-5", "max |d| 0.31 > 1e-5", or
                          ///< why nothing was compared
    std::vector<std::string> notes; ///< "10 of 10 parameters equal", "9 of 22 layers could run", "2 layers unmapped", "NaN from conv2d on"
};

/// Of a run, or of what the weights alone tell before one.
Summary summaryOf(const compare::Report& report);
/// Of a conversion: "PROVED", "PROVED as far as the files tell", ...
Summary summaryOf(const convert::Conversion& conversion);
/// In one line: "TIES OUT  max |d| 2.4e-7 <= 1e-5", "DIFFERS from conv2d on (max |d| 0.31 > 1e-5)", "NOT COMPARED: fc cannot run".
std::string sentence(const Summary& summary);

}
