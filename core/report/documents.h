// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/compare/compare.h"
#include "core/convert/convert.h"
#include "core/json/fwd.h"
#include "core/tensor/statistics.h"

#include <map>
#include <optional>
#include <string>

namespace core::report {

/// Where the values that were run came from.
struct InputInfo
{
    std::string source;                          ///< "digit", "sample", "samples" (all of them), "image", "input", "random"
    std::optional<int> index;                    ///< number of the digit or sample, seed of the noise
    std::optional<int> label;                    ///< what the digit is
    std::string file;                            ///< of an image or array
    std::string preprocessLeft, preprocessRight; ///< as in --preprocess; empty where nothing was scaled
    int samples = 1;                             ///< of a batch that the program chose
};

/// Values of parameters by name, for those that were read.
using ParameterStatistics = std::map<std::string, Statistics>;

/// SHA-256 of parameters' dense row-major little-endian bytes, by name.
using ParameterChecksums = std::map<std::string, std::string>;

/// What a dump wrote.
struct Written
{
    std::string path, sha256;
};

/// The documents of the command line, one for each command: pure functions of core values. Keys that are always there stay there; missing
/// values are null. Numbers read back as the same float; NaN and infinities are "nan", "inf", "-inf".
Json infoDocument(const Model& model, const ParameterStatistics& statistics, const ParameterChecksums& checksums = {});
Json mapDocument(const Model& left, const Model& right, const mapping::Mapping& mapping);
/// `file` is what was opened, `model` what ran (with borrowed wiring perhaps).
Json runDocument(const Model& file, const Model& model, const engines::Trace& trace, const InputInfo& input);
Json compareDocument(const Model& left, const Model& right, const InputInfo& input, const compare::Report& report);
/// `warnings` also tell what keeps a proof from being one.
Json convertDocument(const convert::Plan& plan, const convert::Conversion& conversion);

}
