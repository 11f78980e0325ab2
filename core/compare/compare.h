// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/compare/metrics.h"
#include "core/engines/engine.h"
#include "core/mapping/mapping.h"

namespace core::compare {

enum class Verdict { TiesOut, Differs, NotCompared };
std::string_view name(Verdict verdict); ///< "ties-out", "differs", "not-compared"

/// One pair of layers, in the order of computation.
struct LayerResult
{
    std::string left, right;         ///< op names as shown (layer name for a layer's last op)
    std::string leftKind, rightKind; ///< class names
    int leftOp = -1, rightOp = -1;
    std::vector<std::string> leftLayers, rightLayers; ///< of the whole link
    Shape shape;                                      ///< in the right side's axis order, with batch
    Axes axes;
    std::optional<Metrics> metrics; ///< empty: could not be compared (problem says why)
    std::optional<double> localScaledMax;
    bool tiesOut = false;
    std::string problem;
};

struct ParameterResult
{
    mapping::ParameterLink link;
    bool equal = false;
    double maxAbs = 0;
};

struct OutputResult
{
    Tensor left, right;    ///< as brought to the same form and layout (right's)
    std::string broughtTo; ///< "softmax", or empty
    std::optional<Metrics> metrics;
    std::vector<int> argmaxLeft, argmaxRight; ///< one for each sample
};

struct Report
{
    Verdict verdict = Verdict::NotCompared;
    double tolerance = 1e-5;
    std::optional<OutputResult> output;
    std::vector<LayerResult> layers;
    int differing = 0;
    int firstDivergence = -1; ///< index in layers
    std::vector<ParameterResult> parameters;
    std::vector<std::string> unmappedLeft, unmappedRight;
    double minimumTolerance = 0;
    std::vector<Note> notes;
};

/// One side of a comparison: a model that was run.
struct Side
{
    const Model* model;
    const engines::Trace* trace;
};

/// Compares two traces through the mapping; pure. A pair whose shapes cannot agree differs and has no metrics; one that could not be
/// computed on a side has a problem and is no difference. Parameters are left empty (compareParameters).
Report compareTraces(const Side& left, const Side& right, const mapping::Mapping& mapping, double tolerance);

/// The left run's values in the layout of the right (for heatmaps and metrics). Throws Error("axes-disagree").
Tensor broughtToLayout(const Tensor& value, const Tensor& like);

/// Parameters compared through the rules, no run needed.
std::vector<ParameterResult> compareParameters(const Model& left, const Model& right, const mapping::Mapping& mapping);

/// Fills localScaledMax of every layer: the right group alone on the left run's inputs (brought to the right layout), against the left's
/// own output. A group that cannot run on those inputs keeps none.
void addLocalErrors(Report& report, const Side& left, engines::Engine& right, const mapping::Mapping& mapping);

}
