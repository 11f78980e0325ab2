// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/engines/inputs.h"
#include "core/mapping/assumed.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace core::convert {

/// Proved: every tensor bit for bit, and all outputs compared within tolerance with the same argmax. NotProved: nothing is wrong, but
/// something could not be compared. Failed: something is wrong, and nothing was put in place.
enum class Result { Written, Proved, NotProved, Failed };
std::string_view name(Result result);  ///< "written", "proved", "not-proved", "failed"
std::string_view title(Result result); ///< "WRITTEN", "PROVED", "WRITTEN, UNPROVED", "THE PROOF FAILED: NOTHING WAS PUT IN PLACE"

struct ProofWish
{
    engines::Inputs inputs; ///< what the source is run on, and the written model too; may be empty
    std::string why;        ///< there are none
    double tolerance = 1e-5;
};

struct Proof
{
    bool reopened = false;
    bool bitwise = false;                ///< rule(source) equals the bytes read back
    std::optional<bool> inverse;         ///< where every rule is bijective
    std::map<std::string, bool> tensors; ///< by target parameter name: bit for bit
    int samples = 0;
    double maxAbs = 0, scaledMax = 0, argmaxAgreement = 1;
    bool outputsCompared = false;
    std::optional<mapping::Assumption> assumed; ///< what both were run by, though one file does not tell it
    std::vector<Message> faults;                ///< what is wrong
    std::vector<Message> gaps;                  ///< what could not be compared, and why
    std::vector<Message> remarks;               ///< what else was done

    Result result() const;
};

}
