// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json/fwd.h"
#include "core/model/model.h"

#include <span>
#include <string_view>

namespace core::layers {

/// A torch.nn module as its file tells it: class name without package, plain attributes, shapes of its own parameters.
struct TorchSpec
{
    std::string className;
    Attributes raw;
    std::map<std::string, Shape> parameters;
};

struct KerasSpec; // core/layers/spec.h

/// Shape and labels of a value, batch first (N = 1 while inferring).
struct Value
{
    Shape shape;
    Axes axes;
};

/// A parameter that a kind has, with the letters of its axes in both frameworks. `o` = produced channel or feature axis,
/// `i` = consumed one (both replaced by the op's real axes, e.g. a flattened one), others are kernel positions.
struct Role
{
    std::string_view role, torchName, kerasName;
    std::string_view torchAxes, kerasAxes;
    bool buffer = false;
};

/// Everything that is known of one elementary kind; one file each. Kinds are constants in one table.
struct Kind
{
    std::string_view id;                        ///< "conv2d"
    std::vector<std::string_view> torchClasses; ///< "Conv2d"; the class that is written first
    std::vector<std::string_view> kerasClasses;
    std::vector<Role> roles;
    bool transparent = false; ///< identity at inference: Dropout, Identity, input; skipped by mapping where the other side lacks it
    bool activation = false;  ///< elementwise or softmax: Keras may fuse it

    /// Canonical attributes. Throw Error("layer-...") when the layer asks for something that this kind cannot do (told as `unsupported`).
    Attributes (*fromTorch)(const TorchSpec&) = nullptr;
    Attributes (*fromKeras)(const KerasSpec&) = nullptr;
    /// Keras config that Keras 2.10 to 3 all load (formats.md B1), without name and dtype; `op` may be of either framework.
    Json (*toKeras)(const Op&) = nullptr;
    /// Shape and labels of the result. Throws Error("shape-...") saying what was given and what the layer takes.
    Value (*infer)(const Op&, std::span<const Value> inputs) = nullptr;
    /// Size that the parameters' axis `letter` must have ('o', 'i', 'h', 'w'), 0 when the op and its input do not tell.
    std::int64_t (*axisSize)(const Op&, char letter, const Value* input) = nullptr;
    /// Whether two ops of this kind compute the same given the same weights: empty, or what differs ("stride 2 against 1"). A bias or scale
    /// that only one has is a matter of the weights (rules::neutralRule).
    /// `a` and `b` may be of different frameworks; inputs may be null when shapes are not known.
    std::string (*difference)(const Op& a, const Op& b, const Value* inputA, const Value* inputB) = nullptr;
};

/// The table, in the order in which it is documented.
std::span<const Kind* const> kinds();
const Kind* kind(std::string_view id);
/// The kind of a torch.nn class, or null.
const Kind* kindOfTorch(std::string_view className);
/// The kind of a Keras layer, or null: Activation("tanh") is "tanh", ReLU and Softmax layers likewise.
const Kind* kindOfKeras(const KerasSpec& spec);
/// The kind of an activation by Keras' name ("tanh", "log_softmax"); null for "linear" and for unknown ones.
const Kind* kindOfActivation(std::string_view kerasName);

/// Shape and labels of every op; `inputs` gives those of the input ops in order. An op that cannot be inferred, and all behind it, are
/// empty. `problems` (may be null) gets one Error text an op that cannot be inferred by itself.
std::vector<std::optional<Value>> inferValues(const Model& model, std::span<const Value> inputs,
                                              std::map<int, std::string>* problems = nullptr);

/// Throws Error("parameter-shape") naming the first parameter of the op whose shape is not what its kind and input ask for.
void checkParameters(const Model& model, const Op& op, const Value* input);

/// Input value for `shape` (without batch) in the framework's layout: rank 3 is C,H,W or H,W,C, rank 1 is F.
Value inputValue(Framework framework, const Shape& shape);
/// A shape that the model's layers accept when the file tells none: from the first layers' channels and features, 28 x 28 preferred, else
/// the smallest square one that fits all; nullopt when none does. With a shape of its own the model returns that.
std::optional<Shape> guessInputShape(const Model& model);

/// The size of the axis `letter` of the first of the op's parameters that has it, 0 when none does.
std::int64_t parameterAxis(const Model& model, const Op& op, char letter);

/// The dimension (batch included) along which a softmax or logsoftmax normalises an input of that rank. PyTorch's dim=None means the first
/// of one or three dimensions, else the second (torch.nn.functional._get_softmax_dim).
std::int64_t softmaxAxis(const Op& op, std::size_t rank);

/// Labels every parameter of the model from its kind's roles and the values that flow, so that the weight behind a Flatten is (o,
/// flat(C,H,W)). Where the features that a layer takes cannot be followed their axis is of unknown order. Values may be empty.
Model withParameterAxes(Model model, std::span<const std::optional<Value>> values);

/// The one-line attribute text that lists show behind the class name: "1->6 5x5 p2", "6 5x5 same tanh", "2x2".
std::string summary(const Model& model, const Layer& layer);
/// The same where the layer's ops and its parameters have been looked up: a list of many layers asks for one after the other.
std::string summary(const Model& model, const Layer& layer, std::span<const int> ops, std::span<const Parameter* const> parameters);

}
