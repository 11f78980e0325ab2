// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/keras/graph/ops.h"

#include "core/base/held.h"
#include "core/formats/keras/config/legacy.h"
#include "core/formats/keras/graph/activation.h"
#include "core/formats/keras/graph/graph.h"
#include "core/formats/keras/graph/nodes.h"
#include "core/formats/keras/graph/operator.h"
#include "core/layers/follow.h"
#include "core/layers/steps.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <unordered_map>
#include <unordered_set>

namespace core::formats {

namespace {

/// As the file names it: a foreign class with its package.
std::string shownClass(const KerasLayer& layer)
{
    return layer.owner.package.empty() ? layer.className : layer.owner.package + ">" + layer.className;
}

constexpr std::array<std::string_view, 7> notShown{"name",        "trainable",    "dtype",          "batch_input_shape",
                                                   "batch_shape", "build_config", "registered_name"};

bool isShown(std::string_view key)
{
    return std::find(notShown.begin(), notShown.end(), key) == notShown.end() && !key.ends_with("_initializer") &&
           !key.ends_with("_regularizer") && !key.ends_with("_constraint");
}

void addAttribute(Attributes& attributes, const std::string& key, const Json& value)
{
    if (value.is_boolean())
        attributes.set(key, value.get<bool>());
    else if (value.is_number_integer())
        attributes.set(key, value.get<std::int64_t>());
    else if (value.is_number())
        attributes.set(key, value.get<double>());
    else if (value.is_string())
        attributes.set(key, printable(value.get<std::string>()));
    else if (isIntegerList(value))
        attributes.set(key, value.get<Ints>());
    else if (const auto className = textIn(value, "class_name"); !className.empty())
        attributes.set(key, printable(className));
    else if (!value.is_null())
        attributes.set(key, printable(dumpJson(value, -1)));
}

/// What a call says besides its tensors; the calls of a layer that is used several times are numbered.
void addArguments(Attributes& attributes, const KerasLayer& keras)
{
    for (std::size_t call = 0; call < keras.arguments.size(); ++call)
        for (const auto& [key, value] : keras.arguments[call].items()) {
            if (key == "name") // TensorFlow's, of no effect
                continue;
            const auto name = keras.arguments.size() == 1 ? key : fmt::format("call {}, {}", call + 1, key);
            if (value.is_primitive() || isIntegerList(value))
                addAttribute(attributes, name, value);
            else
                attributes.set(name, printable(argumentText(value)));
        }
}

Layer layerOf(const KerasLayer& keras)
{
    Layer layer{keras.name, shownClass(keras), {}, {}, true};
    addArguments(layer.attributes, keras);
    const auto function = keras.isOperator ? textIn(keras.config, "function") : std::string();
    for (const auto& [key, value] : keras.config.items())
        if (isShown(key) && (key != "function" || function.empty() || keras.name.find(function) == std::string::npos)) // the name tells it
            addAttribute(layer.attributes, key, value);
    if (const auto trainable = keras.config.find("trainable"); trainable != keras.config.end() && *trainable == false)
        layer.attributes.set("trainable", false);
    layer.attributes.set("config", dumpJson(keras.config, -1));
    if (keras.owner.isForeign && (keras.owner.isModule || keras.owner.package.empty()))
        layer.attributes.set("defined in", keras.owner.package.empty() ? "__main__" : keras.owner.package);
    return layer;
}

std::string reason(const Error& error)
{
    return "it asks for " + error.found() + ", Tieout runs " + error.expected();
}

/// Fills kind and attributes, or says why it cannot run.
void setKind(Op& op, const layers::KerasSpec& spec, std::string otherwise)
{
    const auto* kind = layers::kindOfKeras(spec);
    if (!kind || !kind->fromKeras) {
        op.unsupported = std::move(otherwise);
        return;
    }
    try {
        op.attributes = kind->fromKeras(spec);
        op.kind = kind->id;
    } catch (const Error& error) {
        op.unsupported = reason(error);
    }
}

/// Why the layer's numbers are not what its class says, or empty.
std::string quantised(const Json& config)
{
    const Json* dtype = memberOf(config, "dtype");
    const Json* policy = dtype ? memberOf(*dtype, "config") : nullptr;
    const auto mode = policy ? textIn(*policy, "mode") : std::string();
    return mode.empty() ? "" : fmt::format("its weights are quantised ({})", printable(mode));
}

/// What following the axes through a layer that cannot run needs of its configuration.
Attributes followedSettings(const layers::KerasSpec& spec)
{
    Attributes raw;
    for (const auto& [key, value] : spec.config.items())
        addAttribute(raw, key, value);
    return layers::settingsToFollow(spec.className, raw);
}

class Builder
{
public:
    Builder(const KerasGraph& graph, std::string_view version, std::string_view backend)
        : m_graph(graph), m_version(version), m_backend(backend)
    {
        m_model.framework = Framework::Keras;
        m_model.wired = true;
    }

    Model model(std::string_view where)
    {
        const auto order = computationOrder(m_graph, where);
        for (const auto& layer : m_graph.layers)
            if (!layer.isImplied && layer.partOf.empty()) {
                m_index.emplace(layer.name, m_model.layers.size());
                m_model.layers.push_back(layerOf(layer));
                m_model.layers.back().supported = !layer.isInner;
            }
        m_outputs.assign(order.calls.size(), {});
        for (std::size_t i = 0; i < order.calls.size(); ++i) {
            const auto& call = order.calls[i];
            const auto& layer = m_graph.layers[call.layer];
            std::vector<Input> inputs;
            m_places.clear();
            m_arguments = layer.arguments.empty() ? nullptr : &layer.arguments[call.node % layer.arguments.size()];
            m_form = layer.forms.empty() ? Json() : layer.forms[call.node % layer.forms.size()];
            for (std::size_t k = 0; k < call.inputs.size(); ++k) {
                const auto& tensor = layer.calls[call.node][k];
                inputs.emplace_back(layer.isOperator ? std::string() : tensor.name, outputOf(call.inputs[k], tensor.tensor));
                m_places.push_back(tensor.argument);
            }
            const bool last = call.node + 1 >= std::max<std::size_t>(layer.calls.size(), 1);
            const std::string name = last ? layer.name : fmt::format("{}:call{}", layer.name, call.node + 1);
            const std::size_t first = m_model.ops.size();
            m_outputs[i] = addSteps(layer, name, inputs);
            if (m_outputs[i].empty())
                addOps(layer, name, inputs);
            followMasks(layer, first);
            followWhole(layer, first);
            if (layer.isOperator)
                m_forms[layer.name].push_back(m_form);
            for (const Input& input : inputs)
                if (!isThere(input.port))
                    refuse(m_model.ops.back(), "it takes a second output of another layer");
            if (m_arguments && isTrue(*m_arguments, "training"))
                refuse(m_model.ops.back(), "it is called with training=True, so it computes as in training whenever the model runs");
            if (m_outputs[i].empty())
                m_outputs[i] = {Port(static_cast<int>(m_model.ops.size()) - 1)};
        }
        keepCalls();
        addInputs();
        addOutputs(order);
        for (const auto& foreign : m_graph.foreignModels)
            m_model.notes.push_back(
                {{"keras-foreign-model",
                  {foreign},
                  foreign + ": its layers run as its configuration lists them, what its own code does besides is not in "
                            "the file"},
                 Note::Severity::Warning,
                 ""});
        return std::move(m_model);
    }

private:
    static bool isTrue(const Json& arguments, const char* key)
    {
        const Json* value = memberOf(arguments, key);
        return value && ((value->is_boolean() && value->get<bool>()) || (value->is_number() && *value != 0));
    }

    /// What a call puts out; of a layer of one op Tieout knows how many by its kind.
    Port outputOf(std::size_t call, std::size_t tensor) const
    {
        const std::vector<Port>& outputs = m_outputs[call];
        if (tensor < outputs.size())
            return outputs[tensor];
        return {outputs.front().op, static_cast<int>(outputs.size() == 1 ? tensor : unknownOutput)};
    }

    /// Whether an op may put out what is taken of it; of unknown kinds nothing is known.
    bool isThere(Port port) const
    {
        const int count = layers::outputCount(m_model.ops[static_cast<std::size_t>(port.op)]);
        return port.output < std::max(count, 1);
    }

    /// The model's inputs in the order of its configuration.
    void addInputs()
    {
        for (const auto& input : m_graph.inputs)
            if (const int op = m_model.opIndex(input.layer); op >= 0 && m_model.ops[static_cast<std::size_t>(op)].kind == "input")
                m_model.inputs.emplace_back(input.layer, op);
        if (m_model.inputs.empty())
            return;
        const Attributes& first = m_model.ops[static_cast<std::size_t>(m_model.inputs.front().port.op)].attributes;
        m_model.inputShape.reset();
        if (first.has("shape"))
            m_model.inputShape = first.integers("shape");
    }

    void addOutputs(const KerasOrder& order)
    {
        for (std::size_t i = 0; i < order.outputs.size(); ++i) {
            const Port port = outputOf(order.outputs[i], m_graph.outputs[i].tensor);
            m_model.outputs.emplace_back(port);
            if (!isThere(port))
                refuse(m_model.ops[static_cast<std::size_t>(port.op)],
                       fmt::format("the model's output is its output number {}, Tieout computes the first one only", port.output + 1));
        }
    }

    void setInput(Op& op, const Json& config)
    {
        setKind(op, {"InputLayer", config}, "");
        op.kind = "input";
        if (!m_model.inputShape && op.attributes.has("shape"))
            m_model.inputShape = op.attributes.integers("shape");
    }

    void refuse(Op& op, std::string why)
    {
        if (op.unsupported.empty())
            op.unsupported = std::move(why);
        if (const auto layer = m_index.find(op.layer); layer != m_index.end())
            m_model.layers[layer->second].supported = false;
    }

    /// Operators are written again with the calls that they have.
    void keepCalls()
    {
        for (const KerasLayer& layer : m_graph.layers)
            if (const auto forms = m_forms.find(layer.name); forms != m_forms.end() && m_index.contains(layer.name))
                m_model.layers[held(m_index, layer.name)].attributes.set("calls", operatorText(layer.origin, forms->second));
    }

    /// Notes which ops may give whole numbers: inputs of such, and what takes them without arithmetic that makes floats of them.
    void followWhole(const KerasLayer& layer, std::size_t first)
    {
        const std::string type = layer.className == "InputLayer" ? textIn(layer.config, "dtype") : std::string();
        const bool isWhole = type.starts_with("int") || type.starts_with("uint") || type.starts_with("bool");
        const bool makesFloats = layer.className == "Rescaling" || (layer.isOperator && m_numbers == layers::Numbers::Made);
        for (std::size_t i = first; i < m_model.ops.size(); ++i) {
            const layers::Kind* kind = layers::kind(m_model.ops[i].kind);
            if (isWhole || (!makesFloats && takesWhole(m_model.ops[i]) && (!kind || !kind->roles)))
                m_whole.insert(static_cast<int>(i));
        }
    }

    bool takesWhole(const Op& op) const
    {
        return std::any_of(op.inputs.begin(), op.inputs.end(), [&](const Input& input) { return m_whole.contains(input.port.op); });
    }

    void setLayerKind(Op& op, const KerasLayer& layer)
    {
        m_numbers = layers::Numbers::Computed;
        if (layer.owner.isForeign) {
            op.unsupported = cannotRun(layer);
            return;
        }
        if (layer.isOperator) {
            try {
                m_numbers = setOperator(op, layer, m_form, takesWhole(op));
            } catch (const Error& error) {
                op.unsupported = reason(error);
            }
            return;
        }
        const auto modern = modernLayer(layer, m_version, m_backend);
        const bool isActivation = modern.spec.className == "Activation";
        const auto activation = isActivation ? activationOf(modern.spec.config) : KerasActivation();
        if (activation.problem.empty())
            op.type = modern.spec.className;
        setKind(op, dated(isActivation && !activation.name.empty() ? activation.spec : modern.spec),
                !activation.problem.empty() ? activation.problem
                : isActivation              ? cannotCompute(activation)
                                            : cannotRun(layer));
        if (const layers::Kind* kind = layers::kind(op.kind))
            setCall(op, *kind);
        auto why = modern.problem.empty() ? quantised(layer.config) : modern.problem;
        if (const layers::Kind* kind = layers::kind(op.kind); op.unsupported.empty() && why.empty() && kind)
            why = layers::inputsProblem(*kind, op);
        else if (!why.empty())
            op.kind.clear();
        if (op.kind.empty())
            op.attributes = followedSettings(modern.spec);
        if (op.unsupported.empty())
            op.unsupported = std::move(why);
    }

    layers::KerasSpec specOf(const KerasLayer& layer, std::string& problem) const
    {
        auto modern = modernLayer(layer, m_version, m_backend);
        modern.spec.version = m_version;
        for (const KerasLayer& wrapped : layer.wrapped)
            modern.spec.wrapped.push_back(specOf(wrapped, problem));
        if (problem.empty())
            problem = modern.problem.empty() ? quantised(layer.config) : modern.problem;
        return std::move(modern.spec);
    }

    /// The ops of a layer that computes in several, and what it puts out; nothing for other layers.
    std::vector<Port> addSteps(const KerasLayer& layer, const std::string& name, const std::vector<Input>& inputs)
    {
        if (layer.owner.isForeign || layer.isOperator)
            return {};
        std::string problem;
        std::optional<layers::Steps> steps;
        const layers::KerasSpec spec = specOf(layer, problem);
        try {
            steps = layers::kerasSteps(spec, inputs.size());
        } catch (const Error& error) {
            problem = problem.empty() ? reason(error) : problem;
        }
        for (const Input& input : inputs)
            if (!input.name.empty() && input.name != "initial_state" && problem.empty())
                problem = fmt::format("it is called with {}, which Tieout does not follow", printable(input.name));
        const auto first = static_cast<int>(m_model.ops.size());
        if (steps && problem.empty()) {
            for (Op& op : layers::opsOf(*steps, name, layer.name, first, inputs)) {
                takeMask(op);
                m_model.ops.push_back(std::move(op));
                if (!m_model.ops.back().unsupported.empty())
                    refuse(m_model.ops.back(), "");
            }
            m_model.ops.back().type = spec.className;
            for (Port& output : steps->outputs)
                output.op += first;
            return steps->outputs;
        }
        if (!steps && problem.empty())
            return {};
        if (!steps && !layers::isOfSteps(spec.className))
            return {};
        Op op;
        op.name = name;
        op.layer = layer.name;
        op.inputs = inputs;
        op.type = spec.className;
        op.unsupported = problem;
        m_model.ops.push_back(std::move(op));
        refuse(m_model.ops.back(), "");
        return {Port(first)};
    }

    /// What the call is given, by the names under which the kind knows it.
    void setCall(Op& op, const layers::Kind& kind)
    {
        for (std::size_t i = 0; i < op.inputs.size() && !kind.kerasArguments.empty(); ++i)
            if (Input& input = op.inputs[i]; input.name.empty() && m_places[i] > 0)
                input.name = m_places[i] < kind.kerasArguments.size() ? kind.kerasArguments[m_places[i]]
                                                                      : fmt::format("argument {}", m_places[i] + 1);
        const auto masking =
            std::find_if(op.inputs.begin(), op.inputs.end(), [&](const Input& input) { return m_masking.contains(input.port.op); });
        if (kind.minds && masking != op.inputs.end())
            op.unsupported =
                fmt::format("a mask of {} flows into it, Tieout runs attention without masks", held(m_masking, masking->port.op).layer);
        try {
            if (kind.fromKerasCall && op.unsupported.empty())
                kind.fromKerasCall(op, m_arguments ? *m_arguments : Json::object());
        } catch (const Error& error) {
            op.unsupported = reason(error);
        }
    }

    /// Notes which ops of a layer give values with masks: it makes them, or takes a value with one.
    void followMasks(const KerasLayer& layer, std::size_t first)
    {
        const Json* masks = memberOf(layer.config, "mask_zero");
        const bool makes = layer.className == "Masking" || (masks && masks->is_boolean() && masks->get<bool>());
        if (endsMasks(layer))
            return;
        for (std::size_t i = first; i < m_model.ops.size(); ++i) {
            if (makes)
                m_masking.emplace(static_cast<int>(i), Mask{printable(layer.name), Port(static_cast<int>(i), 1), true});
            for (const Input& input : m_model.ops[i].inputs) {
                const auto found = m_masking.find(input.port.op);
                if (makes || found == m_masking.end() || input.port.output != 0 || !input.name.empty())
                    continue;
                Mask mask = found->second;
                mask.isSure = mask.isSure && handsOnMasks(layer.className);
                if (mindsMasks(layer.className))
                    refuse(m_model.ops[i], fmt::format("a mask of {} flows into it, which Tieout does not compute with", mask.layer));
                m_masking.emplace(static_cast<int>(i), std::move(mask));
            }
        }
    }

    /// Recurrent layers that give their last step, which has no mask.
    static bool endsMasks(const KerasLayer& layer)
    {
        const KerasLayer& own = layer.className == "Bidirectional" && !layer.wrapped.empty() ? layer.wrapped.front() : layer;
        const bool isRecurrent = own.className == "LSTM" || own.className == "GRU" || own.className == "SimpleRNN";
        const Json* sequences = memberOf(own.config, "return_sequences");
        return isRecurrent && !(sequences && sequences->is_boolean() && sequences->get<bool>());
    }

    /// Layers that compute otherwise where they are given a mask, besides those whose kinds say so.
    static bool mindsMasks(std::string_view className) { return className == "GlobalAveragePooling1D" || className == "Softmax"; }

    /// Layers whose value has the mask that they take (supports_masking) in every generation of Keras.
    static bool handsOnMasks(std::string_view className)
    {
        constexpr std::array<std::string_view, 19> known{"Dropout",
                                                         "SpatialDropout1D",
                                                         "GaussianNoise",
                                                         "GaussianDropout",
                                                         "Activation",
                                                         "ReLU",
                                                         "LeakyReLU",
                                                         "PReLU",
                                                         "ELU",
                                                         "ActivityRegularization",
                                                         "Dense",
                                                         "LayerNormalization",
                                                         "BatchNormalization",
                                                         "TimeDistributed",
                                                         "LSTM",
                                                         "GRU",
                                                         "SimpleRNN",
                                                         "Bidirectional",
                                                         "InputLayer"};
        return std::find(known.begin(), known.end(), className) != known.end();
    }

    /// A recurrent op leaves out the steps that the mask of its sequence says.
    void takeMask(Op& op)
    {
        const layers::Kind* kind = layers::kind(op.kind);
        const auto masked = op.inputs.empty() || op.inputs[0].port.output != 0 ? m_masking.end() : m_masking.find(op.inputs[0].port.op);
        if (!kind || masked == m_masking.end() ||
            std::find(kind->takes.named.begin(), kind->takes.named.end(), "mask") == kind->takes.named.end())
            return;
        if (masked->second.isSure)
            op.inputs.emplace_back("mask", masked->second.port);
        else
            op.unsupported =
                fmt::format("a mask of {} may flow into it, through layers that Tieout does not follow it through", masked->second.layer);
    }

    void addOps(const KerasLayer& layer, const std::string& name, std::vector<Input> inputs)
    {
        Op op;
        op.name = name;
        op.layer = layer.isImplied ? "" : layer.name;
        op.inputs = std::move(inputs);
        if (layer.className == "InputLayer" && !layer.owner.isForeign) {
            setInput(op, layer.config);
            m_model.ops.push_back(std::move(op));
            return;
        }
        setLayerKind(op, layer);
        const auto* kind = layers::kind(op.kind);
        const auto activation = kind && kind->takesActivation ? activationOf(layer.config) : KerasActivation();
        if (!activation.name.empty())
            op.name += ":" + op.kind;
        m_model.ops.push_back(std::move(op));
        if (!m_model.ops.back().unsupported.empty())
            refuse(m_model.ops.back(), "");
        if (!activation.name.empty())
            addActivation(layer, name, activation);
    }

    void addActivation(const KerasLayer& layer, const std::string& name, const KerasActivation& activation)
    {
        Op op;
        op.name = name;
        op.layer = layer.name;
        op.inputs = {static_cast<int>(m_model.ops.size()) - 1};
        if (activation.problem.empty()) {
            op.type = activation.spec.className;
            setKind(op, dated(activation.spec), cannotCompute(activation));
        } else {
            op.unsupported = activation.problem;
        }
        m_model.ops.push_back(std::move(op));
        if (!m_model.ops.back().unsupported.empty())
            refuse(m_model.ops.back(), "");
    }

    static constexpr std::size_t unknownOutput = 1'000'000;

    /// The layer with the version of Keras that it was written for: not all compute the same by the same name.
    layers::KerasSpec dated(layers::KerasSpec spec) const
    {
        spec.version = m_version;
        return spec;
    }

    const KerasGraph& m_graph;
    std::string m_version, m_backend;
    std::vector<std::vector<Port>> m_outputs; ///< by call
    Model m_model;
    std::unordered_map<std::string, std::size_t> m_index;       ///< of layers
    std::vector<std::size_t> m_places;                          ///< of the call that is read: which argument each input is
    const Json* m_arguments = nullptr;                          ///< of the call that is read
    Json m_form;                                                ///< of the call that is read, as kerasForms() has it
    layers::Numbers m_numbers = layers::Numbers::Computed;      ///< what the operator that is read makes
    std::unordered_map<std::string, std::vector<Json>> m_forms; ///< of operators' calls, by layer
    std::unordered_set<int> m_whole;                            ///< ops that may give whole numbers
    /// What a value's mask is, and whether every layer on the way to it is known to hand it on.
    struct Mask
    {
        std::string layer;
        Port port;
        bool isSure = true;
    };

    std::unordered_map<int, Mask> m_masking; ///< of ops whose values bear one
};

}

std::string cannotRun(std::string_view className)
{
    if (className == "Lambda")
        return "its code is in the file, which is never run";
    return fmt::format("Tieout cannot run {} layers yet", printable(className));
}

std::string cannotRun(const KerasLayer& layer)
{
    if (layer.owner.isForeign)
        return layer.owner.reason(layer.className);
    if (!layer.isOperator)
        return cannotRun(layer.className);
    const auto function = textIn(layer.config, "function");
    return fmt::format("Tieout cannot run the operator {} yet", printable(function.empty() ? layer.className : "tf." + function));
}

Model kerasModel(const KerasGraph& graph, std::string_view version, std::string_view backend, std::string_view where)
{
    return Builder(graph, version, backend).model(where);
}

}
