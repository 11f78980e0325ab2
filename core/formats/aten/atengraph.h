// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/aten/atenvalue.h"
#include "core/layers/steps.h"
#include "core/model/model.h"

#include <array>
#include <deque>
#include <map>
#include <unordered_map>

namespace core::formats {

/// A module that calls operators, as far as the file tells it.
struct AtenModule
{
    std::string path;      ///< "features.0"; empty for the whole model
    std::string package;   ///< "torch.nn.modules.conv"
    std::string className; ///< "Conv2d"
    Attributes attributes; ///< for showing
    bool isLeaf = false;   ///< a layer to people; the operators of others become layers of their own
};

/// The layer that a module is: its path, for the whole model its class in lower case.
std::string atenLayerName(const AtenModule& module);

/// One call of an operator. Arguments bear their schema's name, or none: then they count by position.
struct AtenCall
{
    std::string name; ///< "conv2d", "add_", without namespace and overload
    std::vector<std::pair<std::string, AtenValue>> arguments;
    const AtenModule* module = nullptr;
    int invocation = 0; ///< which call of that module, counted over all modules: what it is called with belongs together
};

/// Turns the operators that a program calls into ops, layers and edges of a model whose parameters are already there. TorchScript's
/// source and torch.export's graph both come down to this. Operators that compute what a torch.nn class computes get its kind; others are
/// kept under their names, with their edges.
class AtenGraph
{
public:
    explicit AtenGraph(Model& model);

    /// An input of the model; `shape` (batch first) may be empty when it is not told.
    AtenValue input(const std::string& name, const Shape& shape);
    /// The operator's result; arguments that are tensors become edges, parameters the op's parameters. Never throws for what it does not
    /// know: the op says why it cannot run.
    AtenValue call(const AtenCall& call);
    /// The dimensions of a computed tensor where they are certain, -1 else.
    int rank(const AtenValue& value) const;
    std::size_t size() const { return m_model.ops.size(); }

    /// Names ops and layers, sets the model's outputs to the tensors in `result`, and gives every parameter its layer and role.
    void finish(const AtenValue& result, const std::vector<const AtenModule*>& modules);

private:
    /// What is known of an op beside the model's Op.
    struct Node
    {
        const AtenModule* module = nullptr;
        int invocation = 0;
        std::string name;            ///< the operator's
        std::string className;       ///< what it computes, empty when that is no class
        Attributes raw;              ///< its settings as PyTorch calls them
        std::int64_t features = -1;  ///< of a flattening: values a sample that it is sure for, 0 for any
        std::int64_t batchSize = -1; ///< of an input, where it is told
        int batch = -1;              ///< the value whose first dimension this one shares
        int rank = -1;
        int viewOf = -1;          ///< the value whose storage it shares
        std::string inner;        ///< the module within its own that it is computed for
        std::int64_t second = -1; ///< of a view to four dimensions: the second of its sizes, where it is told
        bool isOpen = false;      ///< a matrix product to which a bias may still be added
    };
    /// Arguments of a call, sorted by what they are.
    struct Bound
    {
        std::string_view className;
        std::map<std::string, AtenValue> values; ///< by the class' names, or the schema's, or their position
        std::vector<AtenValue> tensors;          ///< in order
        std::vector<std::string> names;          ///< under which the class takes them
    };

    std::size_t opOf(int value) const { return static_cast<std::size_t>(m_values[static_cast<std::size_t>(value)]); }
    Node& nodeOf(int value) { return m_nodes[opOf(value)]; }
    const Node& nodeOf(int value) const { return m_nodes[opOf(value)]; }
    AtenValue append(Op op, Node node);

    Bound bind(const AtenCall& call, std::string_view name) const;
    static void collect(const AtenValue& value, std::vector<AtenValue>& tensors);
    AtenValue add(const AtenCall& call, std::string_view name, const Bound& bound, Node node);
    void connect(Op& op, Node& node, const Bound& bound) const;
    void setParameters(Op& op, const Bound& bound) const;
    std::string classNameOf(const Bound& bound) const;
    void setKind(Op& op, Node& node, const AtenCall& call, const Bound& bound) const;
    std::string objection(const Bound& bound) const;

    bool recurs(const AtenCall& call, std::string_view name, AtenValue& result);
    bool encodes(const AtenCall& call, std::string_view name, AtenValue& result);
    void settleInner(const std::vector<const AtenModule*>& modules);
    bool takesState(const AtenCall& call, std::string_view name, AtenValue& result);
    AtenValue addSteps(const AtenCall& call, std::string_view name, const layers::Steps& steps,
                       const std::map<std::string, std::string>& names, const std::vector<Input>& inputs, int batchOf);
    bool passesParameter(const AtenCall& call, std::string_view name, AtenValue& result) const;
    bool normalisesWeight(const AtenCall& call, std::string_view name, AtenValue& result);
    void addComputed();
    void multiplies(const AtenCall& call, std::string_view name, Bound& bound) const;
    bool addsBias(const AtenCall& call, std::string_view name, AtenValue& result);
    std::int64_t flattenedFeatures(const AtenCall& call, std::string_view name, Bound& bound);
    bool isBatch(const AtenValue& size, const AtenValue& tensor);
    void reshapes(const AtenCall& call, std::string_view name, Bound& bound);
    std::optional<double> number(const AtenValue& value) const;
    void simplifies(const AtenCall& call, std::string_view name, Bound& bound) const;
    void movesDimension(const AtenCall& call, std::string_view name, Bound& bound) const;
    static void picksHighest(const AtenCall& call, std::string_view name, Bound& bound);
    bool averages(const AtenCall& call, std::string_view name, Op& op) const;

    void foldAttentions();
    void foldAttention(std::size_t first, std::size_t behind);
    void setAttention(std::size_t first, std::size_t behind, const std::array<Port, 3>& taken, std::int64_t heads, bool causal);
    void erase(std::size_t first, std::size_t behind);

    void nameOps(const std::vector<const AtenModule*>& modules);
    void settleParameters();
    void addLayers(const std::vector<const AtenModule*>& modules);
    void checkFlattenings();
    bool feedsLinear(std::size_t index, std::int64_t features) const;

    Model& m_model;
    std::vector<Node> m_nodes; ///< as the model's ops
    std::vector<int> m_values; ///< value -> op; an in-place operator moves its input's value on
    std::unordered_map<std::string, const Parameter*> m_parameters;
    std::deque<Parameter> m_computed;                             ///< weights that the network makes of others
    std::map<std::string, std::string, std::less<>> m_normalised; ///< those others, and the weight that each is for
    std::unordered_map<int, std::string> m_stale;                 ///< values that are no longer what the op behind them computes, and why
    bool m_fixedBatch = false;
};

}
