// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/torch/torchmodule.h"

#include "core/base/letters.h"
#include "core/formats/torch/torchentries.h"
#include "core/formats/torch/torchlayer.h"
#include "core/formats/torch/torchmodulenode.h"
#include "core/formats/torch/torchnormalised.h"
#include "core/formats/torch/torchsearch.h"
#include "core/layers/follow.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::formats {

using Type = PickleNode::Type;

namespace {

constexpr std::size_t depthLimit = 100, layerLimit = 100'000, containerLimit = 500;

class ModuleReader
{
public:
    ModuleReader(const TorchContent& content, Model& model) : m_model(model), m_parameters(content, model) {}

    void read(const PickleNode& root)
    {
        const TorchClass type = torchClass(root);
        if (const PickleNode* inner = wrappedTorchModule(root)) {
            checkDepth(++m_wrappers);
            m_model.notes.push_back(torchNote(
                "torch-prefix", Note::Severity::Info,
                fmt::format("The model inside {} is shown; names begin with '{}.' outside.", type.name, torchModuleChildren(root)[0].first),
                {type.name}));
            return read(*inner);
        }
        m_model.wired = isSequential(root) || (type.isTorch() && (isLeaf(root) || layers::hasTorchSteps(type.name)) && takesOne(type));
        if (m_model.wired)
            startWiring();
        if (isSequential(root))
            readSequential(root, "", 0);
        else if (m_model.wired)
            addLayer(root, "", lower(type.name));
        else
            readTree(root, "", 0);
        if (m_model.wired)
            m_model.outputs = {m_last};
        else if (type.isTorch() && isLeaf(root))
            m_model.notes.push_back(
                torchNote("torch-calls", Note::Severity::Warning,
                          fmt::format("{} takes several values; with which it is called the file does not tell.", printable(type.name, 80)),
                          {type.full()}));
        else
            m_model.notes.push_back(
                torchNote("torch-class", Note::Severity::Warning,
                          fmt::format("The order of computation is in the class {}, which is not in the file: layers are listed in "
                                      "the order in which they were made.",
                                      printable(type.full(), 80)),
                          {type.full()}));
        m_parameters.finish();
        for (const std::vector<int>& chain : m_chains)
            if (!m_model.wired)
                layers::labelChain(m_model, chain);
    }

private:
    static bool isSequential(const PickleNode& module)
    {
        const TorchClass type = torchClass(module);
        return type.isTorch() && type.name == "Sequential";
    }

    /// One layer to people, even if it keeps a part of itself in a module (MultiheadAttention's out_proj).
    static bool isLeaf(const PickleNode& module)
    {
        const PickleNode* own = torchModuleTable(module, "_parameters");
        return torchModuleChildren(module).empty() || (torchClass(module).isTorch() && own && own->pairs() > 0);
    }

    /// Whether a module of that class is called with one value, as a network is: not an attention, which takes query, key and value.
    static bool takesOne(const TorchClass& type)
    {
        const layers::Kind* kind = layers::kindOfTorch(type.name);
        return !kind || (kind->takes.least < 2 && kind->kerasArguments.size() < 2);
    }

    void startWiring()
    {
        Op input;
        input.name = "input";
        input.kind = "input";
        m_model.ops.push_back(std::move(input));
        m_last = 0;
    }

    /// Called for every module that is looked at: one that is its own child, or many times another's, comes to an end.
    void checkDepth(int depth)
    {
        if (static_cast<std::size_t>(depth) > depthLimit || m_model.layers.size() > layerLimit || ++m_visits > 10 * layerLimit)
            throw Error("torch-module")
                .file(m_model.origin.path)
                .expected(fmt::format("at most {} layers, nested {} deep", layerLimit, depthLimit))
                .found("more");
    }

    void readSequential(const PickleNode& module, const std::string& path, int depth)
    {
        checkDepth(depth);
        noteHooks(module, path);
        for (const auto& [name, child] : torchModuleChildren(module)) {
            const std::string childPath = joined(path, name);
            if (isSequential(*child))
                readSequential(*child, childPath, depth + 1);
            else
                addLayer(*child, childPath, childPath);
        }
    }

    void readTree(const PickleNode& module, const std::string& path, int depth)
    {
        checkDepth(depth);
        if (isLeaf(module))
            return addLayer(module, path, path.empty() ? lower(torchClass(module).name) : path);
        addContainerEntry(module, path);
        if (const PickleNode* code = torchModuleState(module)->value("_code"); code && code->is(Type::String))
            m_model.entries.push_back({"source of " + (path.empty() ? "the model" : path), torchSourceText(code->text)});
        const PickleNode* own = torchModuleTable(module, "_parameters");
        const PickleNode* buffers = torchModuleTable(module, "_buffers");
        const auto divide = [&] {
            if (!isSequential(module))
                m_chains.emplace_back();
        };
        divide();
        if ((own && own->pairs() > 0) || (buffers && buffers->pairs() > 0))
            addOwnLayer(module, path, path.empty() ? lower(torchClass(module).name) : path);
        for (const auto& [name, child] : torchModuleChildren(module)) {
            divide();
            readTree(*child, joined(path, name), depth + 1);
        }
        divide();
    }

    /// A layer of everything at and below `module`.
    void addLayer(const PickleNode& module, const std::string& path, const std::string& layerName)
    {
        TorchLayer layer = begin(module, layerName);
        const std::size_t first = m_model.parameters.size();
        addParameters(module, path, "", layer, 0);
        addNormalised(path, first, layer);
        finish(std::move(layer));
    }

    /// The weight that is computed from the layer's parameters, of which `first` is the first in the model; where it is.
    void addNormalised(const std::string& path, std::size_t first, TorchLayer& layer)
    {
        std::map<std::string, const Parameter*> own;
        for (const Parameter& parameter : std::span(m_model.parameters).subspan(first))
            own.emplace(parameter.name.substr(path.empty() ? 0 : path.size() + 1), &parameter);
        std::optional<Parameter> weight = normalisedWeight(own, joined(path, "weight"));
        if (!weight)
            return;
        weight->role = layer.role("weight");
        layer.add("weight", weight->name, weight->source.shape);
        m_model.parameters.push_back(std::move(*weight));
    }

    /// A layer of what a module of the user's own class holds besides its children.
    void addOwnLayer(const PickleNode& module, const std::string& path, const std::string& layerName)
    {
        TorchLayer layer = begin(module, layerName);
        addTable(module, "_parameters", path, "", layer);
        addTable(module, "_buffers", path, "", layer);
        finish(std::move(layer));
    }

    TorchLayer begin(const PickleNode& module, const std::string& layerName)
    {
        checkDepth(0);
        noteHooks(module, layerName);
        std::string unique = layerName;
        for (int copy = 2; !m_layerNames.insert(unique).second; ++copy)
            unique = fmt::format("{} ({})", layerName, copy);
        const PickleNode* state = torchModuleState(module);
        return TorchLayer(unique, torchClass(module), attributesWithin(module, layerName, 0),
                          state ? shownAttributes(*state) : Attributes());
    }

    /// A module's plain attributes, and those of the modules that it keeps under their names: "norm1.eps", "norm1.class".
    Attributes attributesWithin(const PickleNode& module, const std::string& layerName, int depth)
    {
        constexpr int deepest = 4;
        checkDepth(depth);
        const PickleNode* state = torchModuleState(module);
        Attributes result = state ? torchAttributes(*state) : Attributes();
        if (!state || depth >= deepest || !torchClass(module).isTorch())
            return result;
        for (const auto& [name, child] : torchModuleChildren(module)) {
            noteHooks(*child, layerName);
            for (const auto& [key, value] : attributesWithin(*child, layerName, depth + 1))
                result.set(name + "." + key, value);
            const TorchClass type = torchClass(*child);
            result.set(name + ".class", type.isTorch() ? type.name : type.full());
        }
        return result;
    }

    /// What core/layers has no use for, in words: None, tensors, objects.
    static Attributes shownAttributes(const PickleNode& state)
    {
        Attributes result = torchAttributes(state);
        for (const TorchChild& child : torchChildren(state))
            if (const std::string name = child.name(); !name.starts_with('_') && name != "training" && !result.has(name))
                result.set(name, isTorchTensor(*child.node) ? torchTensorText(*child.node) : describe(*child.node));
        return result;
    }

    /// A module that is shown by its children only: its class and its plain attributes.
    void addContainerEntry(const PickleNode& module, const std::string& path)
    {
        if (m_model.entries.size() >= containerLimit)
            return;
        std::string line = torchClass(module).full();
        for (const auto& [name, value] : torchAttributes(*torchModuleState(module)))
            line += fmt::format(", {} {}", name, text(value));
        m_model.entries.push_back({path.empty() ? "model" : path, printable(line, 400)});
    }

    /// PyTorch's own hook that computes a layer's weight, which addNormalised() does.
    static bool computesWeight(const PickleNode& hook)
    {
        if (!hook.is(Type::Object) || !hook.callable || !hook.state)
            return false;
        const std::string type = torchClass(hook).full();
        const PickleNode* name = hook.state->value("name");
        return (type == "torch.nn.utils.weight_norm.WeightNorm" || type == "torch.nn.utils.spectral_norm.SpectralNorm") && name &&
               name->is(Type::String) && name->text == "weight";
    }

    /// Hooks are code: what they do to a layer's input, weights or output is not in the file.
    void noteHooks(const PickleNode& module, const std::string& layerName)
    {
        for (const std::string_view which : {"_forward_pre_hooks", "_forward_hooks"})
            if (const PickleNode* hooks = torchModuleTable(module, which); hooks && hooks->pairs() > 0) {
                std::size_t first = 0;
                while (first < hooks->pairs() && computesWeight(*hooks->items[2 * first + 1]))
                    ++first;
                if (first == hooks->pairs())
                    continue;
                const std::string what = describe(*hooks->items[2 * first + 1]);
                Note note = torchNote(
                    "torch-hook", Note::Severity::Warning,
                    fmt::format("A hook of {} is not run: {}", layerName.empty() ? "the whole model" : "layer " + layerName, what),
                    {layerName, what});
                note.where = layerName;
                m_model.notes.push_back(std::move(note));
                m_isHooked = true;
            }
    }

    void finish(TorchLayer layer)
    {
        std::vector<Op> ops =
            layer.ops(static_cast<int>(m_model.ops.size()), m_model.wired ? std::vector<Input>{m_last} : std::vector<Input>());
        if (m_model.wired && m_last == 0)
            takeBatchFirst(layer.name(), ops);
        m_model.layers.push_back(layer.layer(ops));
        const bool isHooked = std::exchange(m_isHooked, false);
        if (isHooked)
            m_chains.emplace_back();
        for (Op& op : ops) {
            m_chains.back().push_back(static_cast<int>(m_model.ops.size()));
            setRoles(op, m_model.layers.back());
            m_model.ops.push_back(std::move(op));
        }
        if (m_model.wired)
            m_last = static_cast<int>(m_model.ops.size()) - 1;
        if (isHooked)
            m_chains.emplace_back();
    }

    /// What a step of several calls its parameters.
    void setRoles(const Op& op, const Layer& layer)
    {
        const std::size_t first = m_model.parameters.size() - std::min(m_model.parameters.size(), layer.parameters.size());
        for (std::size_t i = first; i < m_model.parameters.size(); ++i)
            for (const auto& [role, name] : op.parameters)
                if (m_model.parameters[i].name == name)
                    m_model.parameters[i].role = role;
    }

    /// The network's own input is fed and shown batch first, whatever the layer that takes it calls it: each sample is computed by itself.
    void takeBatchFirst(const std::string& layerName, std::vector<Op>& ops)
    {
        bool isTurned = false;
        for (Op& op : ops)
            if (op.attributes.integer("time", 1) == 0) {
                op.attributes.set("time", std::int64_t{1});
                isTurned = true;
            }
        if (!isTurned)
            return;
        m_model.notes.push_back(
            torchNote("torch-batch-second", Note::Severity::Info,
                      fmt::format("{} takes steps first and the batch second (batch_first=False); Tieout feeds and shows "
                                  "the batch first, which changes no sample.",
                                  layerName),
                      {layerName}));
    }

    /// `inner` is the path within the layer: "out_proj".
    void addParameters(const PickleNode& module, const std::string& path, const std::string& inner, TorchLayer& layer, int depth)
    {
        checkDepth(depth);
        addTable(module, "_parameters", path, inner, layer);
        addTable(module, "_buffers", path, inner, layer);
        if (isPackedTorchModule(module))
            addPacked(*module.state, path, joined(inner, "state"), layer, depth);
        for (const auto& [name, child] : torchModuleChildren(module))
            addParameters(*child, path, joined(inner, name), layer, depth + 1);
    }

    /// Tensors at their places in a state that only the class itself could read.
    void addPacked(const PickleNode& state, const std::string& path, const std::string& inner, TorchLayer& layer, int depth)
    {
        checkDepth(depth);
        for (const TorchChild& child : torchChildren(state)) {
            const std::string name = joined(inner, child.name());
            if (isTorchTensor(*child.node))
                addTensor(path, name, *child.node, false, layer);
            else if (!child.node->items.empty() || child.node->state)
                addPacked(*child.node, path, name, layer, depth + 1);
        }
    }

    void addTable(const PickleNode& module, std::string_view which, const std::string& path, const std::string& inner, TorchLayer& layer)
    {
        const PickleNode* values = torchModuleTable(module, which);
        for (std::size_t i = 0; values && i < values->pairs(); ++i) {
            const PickleNode& key = *values->items[2 * i];
            const PickleNode& value = *values->items[2 * i + 1];
            if (value.is(Type::None))
                continue;
            const std::string name = joined(inner, torchKey(key));
            addTensor(path, name, value, which == "_parameters", layer);
        }
    }

    void addTensor(const std::string& path, const std::string& name, const PickleNode& value, bool isParameter, TorchLayer& layer)
    {
        const std::size_t first = m_model.parameters.size();
        m_parameters.add(joined(path, name), layer.name(), layer.role(name), value);
        for (std::size_t index = first; index < m_model.parameters.size(); ++index) {
            Parameter& parameter = m_model.parameters[index];
            parameter.trainable = isParameter && parameter.trainable.value_or(false);
            layer.add(index == first ? name : parameter.role, parameter.name, parameter.source.shape);
        }
        if (m_model.parameters.size() > 10 * layerLimit)
            checkDepth(static_cast<int>(depthLimit) + 1);
    }

    Model& m_model;
    TorchParameters m_parameters;
    std::unordered_set<std::string> m_layerNames;
    std::vector<std::vector<int>> m_chains = std::vector<std::vector<int>>(1); ///< ops that a Sequential calls one after the other
    bool m_isHooked = false;                                                   ///< the layer that is being read
    int m_last = -1, m_wrappers = 0;
    std::size_t m_visits = 0;
};

}

void readTorchModule(const TorchContent& content, const PickleNode& root, Model& model)
{
    ModuleReader(content, model).read(root);
}

}
