// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/report/documents.h"

namespace core::report {

/// The same as the documents for a person at a terminal: aligned, at most 100 columns, coloured only when asked for.
std::string infoText(const Model& model, const ParameterStatistics& statistics);
std::string mapText(const Model& left, const Model& right, const mapping::Mapping& mapping);
std::string runText(const Model& file, const Model& model, const engines::Trace& trace, const InputInfo& input);
std::string compareText(const Model& left, const Model& right, const InputInfo& input, const compare::Report& report, bool colour);
std::string convertText(const convert::Plan& plan, const convert::Conversion& conversion, bool colour);

/// The summary in one line, see summary.h.
std::string verdictText(const compare::Report& report);
/// "sample 3 (a 7)", "noise of seed 0", "digit.png".
std::string inputText(const InputInfo& input);
/// The framework's title ("PyTorch"), or "left" / "right" where both are of one.
std::string sideTitle(const Model& model, const Model& other, bool isLeft);
std::string joined(const std::vector<std::string>& names, std::string_view separator = ", ");

}
