// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/compare/causes/cause.h"
#include "core/compare/metrics.h"
#include "core/engines/engine.h"
#include "core/mapping/assumed.h"
#include "core/mapping/mapping.h"

namespace core::compare {

enum class Verdict { TiesOut, Differs, NotCompared };
std::string_view name(Verdict verdict); ///< "ties-out", "differs", "not-compared"

/// One pair of layers, in the order of computation. Neither compared nor differing: a side could not compute it.
struct LayerResult
{
    std::string left, right;         ///< op names as shown (layer name for a layer's last op)
    std::string leftKind, rightKind; ///< class names
    int leftOp = -1, rightOp = -1;
    std::vector<std::string> leftLayers, rightLayers; ///< of the whole link
    Shape shape;                                      ///< in the right side's axis order, with batch
    Axes axes;
    std::optional<Metrics> metrics;       ///< over the whole batch; empty: could not be compared (problem says why)
    std::optional<double> localScaledMax; ///< of the pair alone, both sides on the left run's values; empty: it cannot run so
    bool localDiffers = false;            ///< alone it is over tolerance, or gives shapes that cannot agree
    bool tiesOut = false;
    bool differs = false; ///< over tolerance, or of shapes that cannot agree
    int calls = 1;        ///< times that the layer is used: all figures tell the worst of them
    bool assumed = false; ///< one side's file does not tell of this layer: it is the other side's own, so that it cannot but agree
    /// Both sides computed it, one in an order of features that is only assumed, which its parameters do not bear out.
    bool open = false;
    std::string problem;
};

/// Parameters that are linked, compared through their rule; the same whatever was run and at every tolerance.
struct ParameterResult
{
    mapping::ParameterLink link; ///< whose `equal` is empty where they could not be compared
    bool equal = false;
    std::optional<double> maxAbs, scaledMax; ///< by the metric of activations; empty: could not be compared (problem says why)
    bool shapesDisagree = false;             ///< they cannot be the same, whatever the rule
    std::int64_t differing = 0;              ///< elements that are not equal
    std::int64_t worstIndex = -1;            ///< flat, in the right one's order
    std::int64_t nansLeft = 0, nansRight = 0;
    std::string problem;
};
bool differs(const ParameterResult& parameter, double tolerance);

/// Two outputs that belong together, or one that the other side has no counterpart for.
struct OutputResult
{
    std::string left, right; ///< core::outputName, empty where there is no counterpart
    Port leftPort = {}, rightPort = {};
    Tensor leftValue, rightValue; ///< as brought to the same form and layout (right's); null where there is none
    std::string broughtTo;        ///< "softmax", or empty
    std::optional<Metrics> metrics;
    std::vector<std::optional<int>> argmaxLeft, argmaxRight; ///< one for each sample; none where it has a NaN
    bool tiesOut = false;
    bool differs = false; ///< over tolerance, or of shapes that cannot agree
    std::string problem;  ///< why it was not compared
};

/// Where NaN enters a side's run: the first op that gives NaN although what it takes has none.
struct NanOrigin
{
    std::string layer;
    std::string parameter; ///< of this layer, which holds NaN; empty when none does
};

struct Report
{
    Verdict verdict = Verdict::NotCompared;
    Message reason;                             ///< why there is no verdict; empty otherwise
    std::optional<mapping::Assumption> assumed; ///< what the verdict takes for granted
    double tolerance = 1e-5;
    std::int64_t samples = 0; ///< run as one batch: all figures tell the worst of them; 0 before a run
    std::vector<OutputResult> outputs;
    std::vector<LayerResult> layers;
    int compared = 0, notCompared = 0; ///< of layers: both sides computed them, or not
    int differing = 0;                 ///< of layers
    int firstDivergence = -1;          ///< index in layers
    std::vector<ParameterResult> parameters;
    int equalParameters = 0, differingParameters = 0, unknownParameters = 0; ///< unknown: could not be compared
    std::vector<mapping::Ambiguity> ambiguous; ///< by layer names: what holds weights and was left without a mate
    std::vector<std::string> unmappedLeft, unmappedRight;
    std::optional<NanOrigin> nanLeft, nanRight;
    double minimumTolerance = 0; ///< the largest scaledMax of outputs, layers and parameters
    std::vector<Cause> causes;   ///< see causesOf(); empty where nobody asked for them
    std::vector<Note> notes;
};

/// One side of a comparison: a model that was run.
struct Side
{
    const Model* model;
    const engines::Trace* trace;
};

/// Compares two traces through the mapping; pure. Differs: an output, a pair of layers or a linked parameter is over tolerance, has shapes
/// that cannot agree or NaN on one side only. Ties out: all of them were compared and are within tolerance, every output has a counterpart,
/// and nothing with weights was left ambiguous. Everything else is not compared, with the reason; so is a pair without any output that both
/// sides computed. `parameters` come from compareParameters.
Report compareTraces(const Side& left, const Side& right, const mapping::Mapping& mapping, std::vector<ParameterResult> parameters,
                     double tolerance);

/// What the parameters alone tell, where nothing was run (yet): `reason` says why.
Report compareWeights(const Model& left, const Model& right, const mapping::Mapping& mapping, std::vector<ParameterResult> parameters,
                      double tolerance, Message reason);

/// What keeps a report in which nothing differs from tying out: an output, a pair of layers or a parameter that could not be compared, or
/// an open ambiguity. An empty id when nothing does.
Message openQuestion(const Report& report);

/// Pairs all outputs: by equal names, by the links of the ops that make them, then by order where as many are left on both sides. Each pair
/// is brought to the right side's layout, and to probabilities where the sides end in different forms of them (softmax, log-softmax,
/// logits); `notes` get what was done.
std::vector<OutputResult> compareOutputs(const Side& left, const Side& right, const mapping::Mapping& mapping, double tolerance,
                                         std::vector<Note>& notes);

/// The left run's values in the layout of the right (for heatmaps and metrics). Throws Error("axes-disagree").
Tensor broughtToLayout(const Tensor& value, const Tensor& like);

/// Results by what they depend on beside the values in the files: names, rule and labels. What is known is not read again.
using KnownParameters = std::map<std::string, ParameterResult>;

/// All linked parameters compared through their rules, in the order of the links; no run needed. Adds to `known` what it reads. Throws
/// Cancelled.
std::vector<ParameterResult> compareParameters(const Model& left, const Model& right, const mapping::Mapping& mapping,
                                               KnownParameters* known = nullptr, const Progress& progress = Progress());

/// Fills localScaledMax and localDiffers of every layer: the right group alone, with what stands unlinked before it, on the left run's
/// values (brought to the right layout), against the left's own output. Of the model's inputs it takes what the right run took, where
/// `rightTrace` tells it: the sides may scale them differently. A group that cannot run on those values keeps none. Throws Cancelled.
void addLocalErrors(Report& report, const Side& left, engines::Engine& right, const mapping::Mapping& mapping,
                    const Progress& progress = Progress(), const engines::Trace* rightTrace = nullptr);

/// Both sides of a pair of layers by itself: what addLocalErrors measures.
struct LayerAlone
{
    Tensor left, right;             ///< in the right layout where they can be compared; null where the group cannot run on those values
    std::optional<Metrics> metrics; ///< empty: shapes disagree, or it cannot run
};
LayerAlone layerAlone(const LayerResult& layer, const Side& left, engines::Engine& right, const mapping::Mapping& mapping,
                      const engines::Trace* rightTrace = nullptr);

}
