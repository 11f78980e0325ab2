// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/report/text.h"

namespace core::report {

/// Pieces of the texts for a terminal.
std::string notesText(const std::vector<Note>& notes);
std::string fileLine(std::string_view title, const Model& model);
enum class Tone { Good, Bad, Unsure };
std::string toned(std::string_view text, Tone tone, bool colour);
std::string runLine(const InputInfo& input);

}
