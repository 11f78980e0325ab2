// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/report/summary.h"
#include "core/report/text.h"

#include <span>

namespace core::report {

/// Pieces of the texts for a terminal.
std::string notesText(const std::vector<Note>& notes);
std::string fileLine(std::string_view title, const Model& model);
std::string toned(std::string_view text, Tone tone, bool colour);
std::string runLine(const InputInfo& input);
/// "0.5 at most in 1 element", "NaN on the right alone", or why it could not be compared.
/// What stands behind a layer's verdict: ", borrowed" of one that only the other file tells, ", worst of 2 calls".
std::string behindVerdict(const compare::LayerResult& layer);
std::string parameterText(const compare::ParameterResult& parameter);

/// Which sample of a batch the outputs differ most on.
std::size_t worstSample(const compare::OutputResult& output);
/// One sample's values of a batch.
std::span<const float> sampleOf(const Tensor& batch, std::size_t sample);

/// "conv1 | c1: kernel height and width swapped; undone, max |d| is 4.5e-7"; what is not proved says so.
std::string causeText(const compare::Cause& cause);

}
