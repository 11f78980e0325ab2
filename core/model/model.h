// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/model/attributes.h"
#include "core/model/port.h"
#include "core/tensor/source.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace core {

enum class Framework { None, Torch, Keras };
/// "none", "torch", "keras" (documents) and "", "PyTorch", "Keras" (people).
std::string_view name(Framework framework);
std::string_view title(Framework framework);

/// What a person should know about a file or a model.
struct Note
{
    enum class Severity { Info, Warning, Error };
    Message message;
    Severity severity = Severity::Info;
    std::string where; ///< a layer or parameter, or empty
};
std::string_view name(Note::Severity severity); ///< "info", "warning", "error"

/// A class or function that a pickle asks for. It is a name here: never looked up, never called.
struct Global
{
    enum class Sort {
        Usual,   ///< a framework's own, or a plain container
        Foreign, ///< of somebody's script or another package: kept as data
        Harmful  ///< would run commands or load code
    };
    std::string name; ///< "torch._utils._rebuild_tensor_v2", "os.system"
    Sort sort = Sort::Usual;
};
std::string_view name(Global::Sort sort); ///< "usual", "foreign", "harmful"

/// Something in the file beside the model's parameters: an epoch, an optimizer's setting, training arguments.
struct Entry
{
    std::string name;  ///< its path in the file: "optimizer.param_groups.0.lr"
    std::string value; ///< in one line, safe to show; a source text has several
};

/// A named array of the file: weight or buffer.
struct Parameter
{
    std::string name;  ///< unique, as the file calls it: "0.weight", "conv2d/kernel:0"
    std::string layer; ///< the Layer it belongs to
    std::string role;  ///< "kernel", "bias", "gamma", "beta", "mean", "variance", ..., or the last part of its name
    TensorSource source;
    Axes axes;                     ///< labels of source.shape when its kind is known
    std::optional<bool> trainable; ///< not told by a state dict
    std::vector<std::string> sharedWith;
    std::string detail;  ///< what else the file says of its values: "scale 0.1, zero point 3", "indices of a sparse tensor [4,4]"
    std::string problem; ///< why its values cannot be read; empty when they can
};

/// One elementary operation. A fused activation is an op of its own in the same layer.
struct Op
{
    std::string name;                              ///< unique; the layer's last op bears the layer's name, inner ones "layer:kind"
    std::string kind;                              ///< id in core/layers, "" when unknown
    std::string layer;                             ///< empty for an input that the file does not call a layer
    Attributes attributes;                         ///< canonical, see the kind's file; of an unknown kind as the file calls them
    std::vector<Input> inputs;                     ///< outputs of earlier ops
    std::map<std::string, std::string> parameters; ///< role -> parameter name
    std::string unsupported;                       ///< why it cannot run; empty when it can
    std::string type = {};                         ///< the framework's own class or operator that it is ("GELU", "permute"), "" when none
};

/// What the file calls a layer: a name over one or several consecutive ops.
struct Layer
{
    std::string name;      ///< unique, "features.0", "conv2d"
    std::string kind;      ///< the file's class name: "Conv2d", "Conv2D"
    Attributes attributes; ///< what the file says, for showing
    std::vector<std::string> parameters;
    bool supported = true;
};

struct Origin
{
    std::string path;
    std::string format;   ///< "torch-zip", "keras-h5", ... (cli.md)
    std::string content;  ///< "module", "state-dict", "checkpoint", "model", "weights", ...
    std::string producer; ///< what the file says of who wrote it, may be empty
    std::string sha256;   ///< empty until computed
    std::uint64_t fileSize = 0;
    std::string architecture = {}; ///< path of the file that tells the layers, where it is another one
    std::string unhashed = {};     ///< why sha256 is not computed, "it has 1099511627776 bytes ..."; empty where nobody asked for it
};

class ModelIndex;

/// A network as a file tells it. A value; ops are in an order in which they can be computed.
struct Model
{
    Framework framework = Framework::None;
    Origin origin;
    std::vector<Layer> layers; ///< in the file's order
    std::vector<Op> ops;       ///< includes one op of kind "input" for each model input when wired
    std::vector<Input> inputs; ///< in the file's order, which may be another than that of the ops; empty where it is the same
    std::vector<Output> outputs;
    std::vector<Parameter> parameters;
    bool wired = false;              ///< false: a state dict; ops have no inputs and no attributes beyond what shapes tell
    std::optional<Shape> inputShape; ///< without batch, in this framework's layout; of the first input
    std::vector<Note> notes;
    std::vector<Global> globals; ///< in the order in which they are asked for
    std::vector<Entry> entries;  ///< in the file's order

    /// Makes the lookups below take constant time, until a layer, op or parameter is added or removed; then they search again. A model
    /// whose names changed is to be indexed anew.
    void indexNames();

    const Layer* layer(std::string_view layerName) const;
    const Parameter* parameter(std::string_view parameterName) const;
    int opIndex(std::string_view opName) const; ///< -1 when absent
    std::vector<int> opsOf(std::string_view layerName) const;
    /// The ops of kind "input", in the order of `inputs`.
    std::vector<int> inputOps() const;

private:
    std::shared_ptr<const ModelIndex> m_index; ///< never changed, so that copies may share it across threads
};

/// How a network calls its output: by its own name, else by its op's, with the number of the op's output behind the first.
std::string outputName(const Model& model, const Output& output);
/// The op that gives the only input of an op, -1 where it has none or several.
int onlyProducer(const Op& op);
/// Whether what `producer` puts out first is all that the op takes.
bool takesOnly(const Op& op, int producer);
/// The ops whose values an op takes, in the order of its inputs, each as often as it is taken.
std::vector<int> producers(const Op& op);
/// The values of a network's inputs or outputs.
std::vector<Port> ports(const std::vector<NamedPort>& named);

/// Values in parameters and buffers that can be read.
std::int64_t parametersTotal(const Model& model);

/// Elements and bytes of one parameter.
std::int64_t count(const Parameter& parameter);
std::uint64_t byteCount(const Parameter& parameter);

/// The model with the parameters that the file holds, as it holds them: none that is computed, none in another order.
Model asStored(Model model);

}
