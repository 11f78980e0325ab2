// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/report/summary.h"

#include <string>
#include <string_view>
#include <vector>

namespace core::report {

/// Text for HTML and XML: the five special characters as entities, control characters as \xNN.
std::string escaped(std::string_view text);
/// A whole page around `body`, with the style of the window in light and dark.
std::string htmlPage(std::string_view title, std::string_view body);
/// Rows of cells that are HTML already; `classes` gives each column's class ("n" for numbers).
std::string htmlTable(const std::vector<std::string>& titles, const std::vector<std::string>& classes,
                      const std::vector<std::vector<std::string>>& rows);
/// What file stood on a side: path, framework, SHA-256.
std::string htmlFile(std::string_view side, const Model& model);
std::string htmlVerdict(std::string_view text, Tone tone);

}
