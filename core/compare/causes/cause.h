// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/model.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace core::compare {

/// A pure edit of one side's copy in memory: what undoes a cause. A value that can be applied again.
struct Repair
{
    /// What an op computes: its kind, settings and parameters (role -> name).
    struct Settings
    {
        std::string kind;
        Attributes attributes;
        std::map<std::string, std::string> parameters;
        bool operator==(const Settings&) const = default;
    };

    bool onLeft = false;                             ///< whose copy it edits
    std::map<std::string, Tensor> values;            ///< of parameters, by name, in their own dtype and shape
    std::map<std::string, Settings> settings;        ///< of ops, by name
    std::vector<std::string> removed;                ///< ops, by name: what took their value takes what they took
    std::vector<Parameter> added;                    ///< parameters that the file lacks; each of its layer
    std::map<std::string, std::vector<Op>> inserted; ///< behind the op of that name, one behind the other; their inputs do not count

    bool isEmpty() const { return values.empty() && settings.empty() && removed.empty() && added.empty() && inserted.empty(); }
};

/// The model with the repair done. What it names and the model lacks is left out: a file without wiring has parameters and no settings.
Model repaired(const Model& model, const Repair& repair);

/// One element in which two linked parameters differ.
struct Element
{
    std::string parameter;           ///< the right side's, the left's where it alone has one
    std::vector<std::int64_t> index; ///< in that parameter's own order
    double left = 0, right = 0;
};

/// Why a pair of layers differs. Proved: with the repair done the pair alone agrees within the tolerance, and its error is at least ten
/// times smaller than before; of parameters that cannot run, they are equal with it.
struct Cause
{
    std::string id;          ///< cli.md's: "kernel-spatial-transpose"
    std::string left, right; ///< layer names; empty where a side has no such layer
    bool proved = false;
    std::string text; ///< one sentence, without a full stop: "kernel height and width swapped; undone, max |d| is 4.5e-07"
    std::optional<double> errorBefore, errorAfter;            ///< of the pair alone, scaled as in LayerResult::localScaledMax
    std::vector<std::string> parametersLeft, parametersRight; ///< that it is about
    std::vector<Element> elements;                            ///< where few differ
    std::optional<Repair> repair;
};

}
