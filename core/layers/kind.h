// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json/fwd.h"
#include "core/layers/call.h"
#include "core/layers/classes.h"

#include <span>
#include <string_view>

namespace core::layers {

/// A torch.nn module as its file tells it: class name without package, plain attributes, shapes of its own parameters.
struct TorchSpec
{
    std::string className;
    Attributes raw;
    std::map<std::string, Shape> parameters; ///< their sizes may be left open (an empty shape)
};

struct KerasSpec; // core/layers/spec.h
struct Turned;    // core/layers/turned.h
struct Steps;     // core/layers/steps.h

/// How a value lies elsewhere: dimension k of it there is dimension [k] of it here, batch included.
using Arrangement = std::vector<std::size_t>;

/// One dimension of a parameter: its letter, how long it must be (0: not told), and where its elements are those along a dimension of the
/// op's first input (negative: counted from the end), that dimension: their order is the input's, a flattened one for instance.
struct RoleAxis
{
    std::string name;
    std::int64_t size = 0;
    std::optional<std::int64_t> along = {};
    std::vector<std::string> blocks = {}; ///< equal parts that lie one behind the other, by name, where frameworks order them otherwise
};

/// A parameter that an op has, as one framework names and stores it. Letters: `o` = produced channel or feature, `i` = consumed one, `h`,
/// `w` = position in a kernel.
struct Role
{
    std::string role;           ///< "kernel"
    std::string name;           ///< the framework's: "weight", "moving_mean"
    std::vector<RoleAxis> axes; ///< empty: it takes no part in arithmetic
    bool buffer = false;
    bool needed = true; ///< false: without it the layer computes as with a neutral value
};

/// Parameters (by role) of two ops of a kind that hold the same values, and how: the id of a rule of core/rules from `a` to `b`; empty
/// where the labels tell it.
struct RoleGroup
{
    std::vector<std::string> a, b;
    std::string rule;
};

/// An operator of ATen that computes what a class of torch.nn computes: its arguments' names in ATen's schema, and those that the class
/// gives them. "input" is the tensor that flows.
struct AtenForm
{
    std::string_view name;      ///< "conv2d", without overload and without the underscore of in-place ones
    std::string_view className; ///< "Conv2d"; a '#' stands for the number of spatial dimensions, which the weight tells
    std::vector<std::pair<std::string_view, std::string_view>> arguments;
};

/// What an output that an op gives means when it is the network's last.
enum class Form { Plain, Logits, Probabilities, LogProbabilities };

/// What a kind takes beside its parameters.
struct Takes
{
    std::size_t least = 1, most = 1;          ///< plain inputs
    std::vector<std::string_view> named = {}; ///< others that it knows, all optional
    static constexpr std::size_t any = static_cast<std::size_t>(-1);
};

/// Everything that is known of one elementary kind; one file each. Kinds are constants in one table. Nobody else asks for a kind by its id
/// but the engines' tables.
struct Kind
{
    std::string_view id;                        ///< "conv2d"
    std::vector<std::string_view> torchClasses; ///< "Conv2d"; the class that is written first
    std::vector<std::string_view> kerasClasses;
    std::vector<std::string_view> kerasActivations = {}; ///< names of the Keras activation that it is, the one that is written first
    std::vector<AtenForm> aten = {};

    Effect effect = Effect::None; ///< on the axes of what it takes
    std::string_view family = {}; ///< within which links make sense although kinds differ: "pooling"; empty: there is none
    bool transparent = false;     ///< identity at inference: Dropout, Identity, input; skipped by mapping where the other side lacks it
    bool activation = false;      ///< elementwise or softmax: Keras may fuse it
    bool takesActivation = false; ///< Keras fuses an activation into it
    bool commutes = false;        ///< its plain inputs may change places
    bool rises = false;           ///< a rising function of each element: changes places with what picks
    bool picks = false;           ///< picks or orders elements by their size or place: max pooling, Flatten
    bool flattens = false;        ///< takes images and makes vectors of them
    bool pads = false;            ///< puts something around images, or cuts it off, and does nothing else
    bool minds = false;           ///< Keras: computes otherwise where a mask flows in (of a Masking, or an Embedding with mask_zero)
    bool indexes = false;         ///< takes whole numbers, each the place of a row of its parameter
    bool normalises = false;      ///< without scale and shift it is a layer of the same sort all the same
    bool takesFeatures = false;   ///< makes features of all that it takes, whose order only its kernel knows
    bool neverNegative = false;   ///< no element that it puts out is below 0
    Form form = Form::Plain;

    /// Canonical attributes. Throw Error("layer-...") when the layer asks for something that this kind cannot do (told as `unsupported`).
    Attributes (*fromTorch)(const TorchSpec&) = nullptr;
    Attributes (*fromKeras)(const KerasSpec&) = nullptr;
    /// Adds what a call of the Keras layer is given besides its config: settings, and inputs in the kind's own order and under its names.
    /// Null: nothing.
    void (*fromKerasCall)(Op&, const Json& arguments) = nullptr;
    /// The names of what the Keras layer is called with, in order; "" the plain input. Empty: all tensors are plain.
    std::vector<std::string_view> kerasArguments = {};
    /// Settings of the torch.nn class, as its constructor calls them, or Error("layer-no-twin"); `op` may be of either framework, its axes
    /// are PyTorch's.
    TorchSpec (*toTorch)(const Op&) = nullptr;
    /// Keras config that Keras 2.10 to 3 all load (formats.md B1), without name and dtype; `op` may be of either framework.
    Json (*toKeras)(const Op&) = nullptr;
    /// What a call of the Keras layer is given besides tensors. Null: nothing.
    Json (*toKerasCall)(const Op&) = nullptr;
    /// Adds to what a call of the ATen operator `name` told what only a module would: sizes that its weights have, defaults that are not
    /// the class'. Null: nothing.
    void (*fromAten)(std::string_view name, TorchSpec&) = nullptr;
    /// The parameters in the framework's order. `inputs` may be empty: then axes that depend on them have no size. Null: it has none.
    std::vector<Role> (*roles)(const Attributes&, Framework, std::span<const Value> inputs) = nullptr;
    /// Which parameters of two ops correspond where it is not role by role. Null: it is.
    std::vector<RoleGroup> (*groups)(const Attributes& a, Framework ofA, const Attributes& b, Framework ofB) = nullptr;
    /// What an op of this kind may take: some plain inputs, and others under these names.
    Takes takes = {};
    /// How many values an op of this kind puts out; null: one.
    int (*outputs)(const Op&) = nullptr;
    /// What the op takes a value of that rank (batch included) for in that framework: "NCHW"; empty where it takes anything. Null: always.
    std::string_view (*inputAxes)(const Op&, Framework, std::size_t rank) = nullptr;
    /// Shape and labels of what the op puts out, all inputs known. Throws Error("shape-...") saying what was given and what the layer
    /// takes.
    std::vector<Value> (*infer)(const Call&) = nullptr;
    /// Whether two ops of this kind compute the same given the same weights: empty, or what differs ("stride 2 against 1"). A bias or scale
    /// that only one has is a matter of the weights (rules::neutralRule).
    /// `a` and `b` may be of different frameworks; their inputs need not be known.
    std::string (*difference)(const Call& a, const Call& b) = nullptr;
    /// Whether two ops cannot be the same whatever their weights are, by settings that every file tells. Null: never.
    bool (*apart)(const Attributes& a, const Attributes& b) = nullptr;
    /// What lists show behind the class name, word by word; `consumed` channels or features as the kernel tells them, 0 where unknown.
    std::vector<std::string> (*words)(const Op&, std::int64_t consumed) = nullptr;

    /// The op in another framework's layout, where its plain inputs lie as `given`. Null: it takes and gives everything as it does here.
    Turned (*turned)(const Call& here, Framework there, const Arrangement& given) = nullptr;
    /// The ops that a framework computes it by where none of its layers does alone; `call` lies as that framework has it. Nothing: it is
    /// one op there. Null: always. Throws Error("layer-no-twin").
    std::optional<Steps> (*spread)(const Call& call, Framework framework, bool neverNegative) = nullptr;
};

/// The table, in the order in which it is documented.
std::span<const Kind* const> kinds();
const Kind* kind(std::string_view id);
/// The kind of a torch.nn class, or null.
const Kind* kindOfTorch(std::string_view className);
/// The same where the class' settings are known, which may tell another kind.
const Kind* kindOfTorch(const TorchSpec& spec);
/// The kind of a Keras layer, or null: Activation("tanh") is "tanh", ReLU and Softmax layers likewise.
const Kind* kindOfKeras(const KerasSpec& spec);
/// The kind of a class of either framework, or null.
const Kind* kindOfClass(std::string_view className);
/// The kind of an activation by Keras' name ("tanh", "log_softmax"); null for "linear" and for unknown ones.
const Kind* kindOfActivation(std::string_view kerasName);

/// The form of an ATen operator that computes what a known kind does, or null.
const AtenForm* atenForm(std::string_view name);

/// The parameters of an op's kind; none for an unknown kind.
std::vector<Role> rolesOf(const Op& op, Framework framework, std::span<const Value> inputs = {});
/// The role of `kind`, with default settings, that the framework gives that name; nothing when there is none.
std::optional<Role> roleNamed(const Kind& kind, Framework framework, std::string_view name);
/// The groups of two ops of a kind, of which both have all parameters.
std::vector<RoleGroup> groupsOf(const Op& a, Framework ofA, const Op& b, Framework ofB);
/// Roles that either op may have, each once: those of `a` first.
std::vector<std::string> roleNames(const Op& a, Framework ofA, const Op& b, Framework ofB);

/// Shape and labels of every op; `inputs` gives those of the input ops in order. An op that cannot be inferred, and all behind it, are
/// empty. `problems` (may be null) gets one Error text an op that cannot be inferred by itself.
Values inferValues(const Model& model, std::span<const Value> inputs, std::map<int, std::string>* problems = nullptr);
/// The values of one op whose inputs are known. Throws what the kind's infer throws, Error("op-inputs") as inputsProblem() says, and
/// Error("shape-...") for sizes that overflow.
std::vector<Value> inferred(const Kind& kind, const Call& call);
/// How many values an op puts out; 0 where it is of no known kind.
int outputCount(const Op& op);
/// Why an op of this kind cannot be computed with the inputs that it has; empty when it can.
std::string inputsProblem(const Kind& kind, const Op& op);

/// Throws Error("parameter-shape") naming the first parameter of the op whose shape is not what its kind and input ask for.
void checkParameters(const Model& model, const Call& call);

/// Labels of a value of that rank, batch included, of which nothing else is known: N,F, N,T,F, and images in the framework's layout.
Axes usualAxes(Framework framework, std::size_t rank);
/// The value of one of the model's inputs for `shape` (without batch), labelled as the first layer says that takes it as it is (or element
/// by element), else as usualAxes() does.
Value inputValue(const Model& model, int inputOp, const Shape& shape);
/// Of the model's first input.
Value inputValue(const Model& model, const Shape& shape);
/// The axes in the order in which a framework has them: the channels of an image (C) behind the batch, or last; others as they are.
Axes inLayoutOf(Framework framework, const Axes& axes);
/// Sizes of `axes`, axis by axis, in the order of `target`: by their names, and by place where one has no such name.
Shape reordered(const Shape& shape, const Axes& axes, const Axes& target);
/// How many rows the numbers index that an input of the model takes; 0 where they index nothing.
std::int64_t indexedRows(const Model& model, int inputOp);
/// A shape that the model's layers accept when the file tells none: from the first layers' channels and features, 28 x 28 preferred, else
/// the smallest square one that fits all; nullopt when none does. With a shape of its own the model returns that.
std::optional<Shape> guessInputShape(const Model& model);

/// The size of the axis of that name of the first of the op's parameters that has it, 0 when none does.
std::int64_t parameterAxis(const Model& model, const Op& op, std::string_view axis);

/// The dimension (batch included) along which a softmax or logsoftmax normalises an input of that rank. PyTorch's dim=None means the first
/// of one or three dimensions, else the second (torch.nn.functional._get_softmax_dim).
std::int64_t softmaxAxis(const Op& op, std::size_t rank);

/// Labels every parameter of the model from its kind's roles and the values that flow, so that the weight behind a Flatten is (o,
/// flat(C,H,W)). Where the features that a layer takes cannot be followed their axis is of unknown order. Values may be empty.
Model withParameterAxes(Model model, const Values& values);

/// The one-line attribute text that lists show behind the class name: "1->6 5x5 p2", "6 5x5 same tanh", "2x2".
std::string summary(const Model& model, const Layer& layer);
/// The same where the layer's ops and its parameters have been looked up: a list of many layers asks for one after the other.
std::string summary(const Model& model, const Layer& layer, std::span<const int> ops, std::span<const Parameter* const> parameters);

}
