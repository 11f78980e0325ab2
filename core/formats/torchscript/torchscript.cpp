// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/torchscript/torchscript.h"

#include "core/formats/torch/torchlayer.h"
#include "core/formats/torch/torchmodule.h"
#include "core/formats/torch/torchrecords.h"
#include "core/formats/torchscript/scriptevaluator.h"
#include "core/model/constants.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::formats {

using Type = PickleNode::Type;

namespace {

class ScriptReader
{
public:
    ScriptReader(std::shared_ptr<const File> file, const Progress& progress)
        : m_progress(progress), m_records(std::move(file), "data.pkl", progress), m_program(m_records)
    {
        m_model.framework = Framework::Torch;
        m_model.origin.path = m_records.file()->path();
        m_model.origin.format = torchScript.id;
        m_model.origin.content = "script";
        m_model.origin.fileSize = m_records.file()->size();
        if (m_records.has("byteorder"))
            m_model.origin.producer = "PyTorch 2.1 or newer (torch.jit.save)";
    }

    Model read()
    {
        const TorchContent content = contentOf("data.pkl", "data/");
        listTorchGlobals(content.pickle, m_model, true);
        ScriptTree tree(content, m_program, m_model);
        const auto root = tree.read(content.pickle.root());
        const TorchContent constants = readConstants();
        if (tree.isTraining())
            note("script-training", Note::Severity::Info, "The model was saved in training mode; it is shown as it is used (eval).");
        noteRestoring(*root);
        readInputs();
        m_progress.report(0.4);
        readGraph(root, tree);
        markConstants();
        m_progress.report(1);
        return std::move(m_model);
    }

private:
    void note(std::string id, Note::Severity severity, std::string text)
    {
        m_model.notes.push_back(torchNote(std::move(id), severity, std::move(text)));
    }

    TorchContent contentOf(std::string_view record, std::string_view folder)
    {
        TorchContent content;
        content.file = m_records.file();
        content.bigEndian = m_records.isBigEndian();
        content.storages = m_records.storages(folder);
        content.pickle = m_records.pickle(record, m_model.notes, m_progress);
        for (const Note& note : content.pickle.notes())
            m_model.notes.push_back(note);
        return content;
    }

    /// Tensors that the code calls CONSTANTS.c0, CONSTANTS.c1, ...; all weights of a frozen module are among them.
    TorchContent readConstants()
    {
        if (!m_records.has("constants.pkl")) {
            note("script-constants", Note::Severity::Warning,
                 "The record constants.pkl is missing: constants of the code have no values; PyTorch itself refuses that.");
            return {};
        }
        TorchContent content = contentOf("constants.pkl", "constants/");
        const PickleNode& root = content.pickle.root();
        if (!root.is(Type::Tuple) && !root.is(Type::List)) {
            note("script-constants", Note::Severity::Warning, "The record constants.pkl is no list of tensors: " + describe(root));
            return content;
        }
        TorchParameters parameters(content, m_model);
        const std::size_t first = m_model.parameters.size();
        for (std::size_t i = 0; i < root.items.size(); ++i) {
            const std::string own = fmt::format("c{}", i);
            const bool isTensor = isTorchTensor(*root.items[i]);
            m_constants.push_back(isTensor ? parameters.add("CONSTANTS." + own, "CONSTANTS", own, *root.items[i]) : std::string());
        }
        for (Parameter& parameter : std::span(m_model.parameters).subspan(first))
            parameter.trainable = false;
        parameters.finish();
        return content;
    }

    /// Values that the trace wrote down are no parameters of a network that has parameters, unless an operator takes them for its weights.
    void markConstants()
    {
        constexpr std::string_view prefix = "CONSTANTS.";
        constexpr std::string_view weights[] = {"kernel", "weight",   "bias",         "gamma",      "beta",
                                                "mean",   "variance", "running_mean", "running_var"};
        const auto isConstant = [&](const Parameter& parameter) { return parameter.name.starts_with(prefix); };
        auto& all = m_model.parameters;
        if (std::all_of(all.begin(), all.end(), isConstant)) // a frozen module keeps all of its weights there
            return;
        for (Parameter& parameter : all)
            if (isConstant(parameter) && std::find(std::begin(weights), std::end(weights), parameter.role) == std::end(weights))
                parameter.role = constantRole;
    }

    /// Classes that would run code of the archive while PyTorch loads them.
    void noteRestoring(const ScriptModule& module)
    {
        std::vector<const ScriptModule*> open{&module};
        std::size_t found = 0;
        while (!open.empty()) {
            const ScriptModule& at = *open.back();
            open.pop_back();
            found += at.type && at.type->method("__setstate__") ? 1U : 0U;
            for (const auto& [name, child] : at.children)
                open.push_back(child.get());
        }
        if (found > 0)
            note(
                "script-setstate", Note::Severity::Info,
                fmt::format("{} modules restore themselves by code of the file (__setstate__), which is never run: their state is shown as "
                            "it was saved.",
                            found));
    }

    /// What the model was traced with, kept by PyTorch 2 beside the code.
    void readInputs()
    {
        if (!m_records.has("traced_inputs.pkl"))
            return;
        try {
            const Pickle pickle = m_records.pickle("traced_inputs.pkl", m_model.notes, m_progress);
            const PickleNode* inputs = untagged(pickle.root()).value("forward");
            const PickleNode* list = inputs ? &untagged(*inputs) : nullptr;
            for (std::size_t i = 0; list && list->is(Type::List) && i < list->items.size(); ++i)
                m_inputs.push_back(isTorchTensor(*list->items[i]) ? torchTensor(*list->items[i]).shape : Shape());
        } catch (const Error& error) {
            note("script-inputs", Note::Severity::Warning, fmt::format("The example inputs cannot be read: {}", error.what()));
        }
        if (!m_inputs.empty() && m_inputs[0].size() > 1)
            m_model.inputShape = Shape(m_inputs[0].begin() + 1, m_inputs[0].end());
    }

    /// The value inside torch.jit._pickle.restore_type_tag(value, "List[Tensor]").
    static const PickleNode& untagged(const PickleNode& node)
    {
        const bool isTagged =
            node.is(Type::Object) && node.callable->isGlobal("torch.jit._pickle", "restore_type_tag") && !node.arguments->items.empty();
        return isTagged ? *node.arguments->items[0] : node;
    }

    void readGraph(const std::shared_ptr<const ScriptModule>& root, const ScriptTree& tree)
    {
        std::string problem = "the archive has no code";
        try {
            if (root->type || tree.codeProblem()) {
                AtenGraph graph(m_model);
                const AtenValue result = ScriptEvaluator(m_program, graph, m_constants, m_progress).run(root, m_inputs);
                return graph.finish(result, tree.modules());
            }
        } catch (const Error& error) {
            const Error& first = tree.codeProblem() ? *tree.codeProblem() : error;
            problem = first.id() == "script-graph" ? first.found() : first.what();
        }
        note("script-graph", Note::Severity::Warning,
             fmt::format("The graph cannot be told: {}. Layers are listed as the modules hold them.", problem));
        m_model.ops.clear();
        listModules(tree);
    }

    /// Layers without order and edges.
    void listModules(const ScriptTree& tree)
    {
        std::unordered_map<std::string, std::vector<Parameter*>> own;
        for (Parameter& parameter : m_model.parameters)
            own[parameter.layer].push_back(&parameter);
        std::unordered_map<std::string, const AtenModule*> modules;
        std::vector<std::string> names;
        for (const AtenModule* module : tree.modules()) {
            const std::string name = atenLayerName(*module);
            if ((module->isLeaf || own.contains(name)) && modules.emplace(name, module).second)
                names.push_back(name);
        }
        if (names.empty() && !tree.modules().empty()) {
            names.push_back(atenLayerName(*tree.modules()[0]));
            modules.emplace(names[0], tree.modules()[0]);
        }
        if (own.contains("CONSTANTS"))
            names.push_back("CONSTANTS");
        for (const std::string& name : names) {
            const auto module = modules.find(name);
            const AtenModule shown = module == modules.end() ? AtenModule() : *module->second;
            TorchLayer layer(name, {shown.package, shown.className}, shown.attributes, shown.attributes);
            for (Parameter* parameter : own[name]) {
                layer.add(parameter->role, parameter->name, parameter->source.shape);
                parameter->role = layer.role(parameter->role);
            }
            const std::vector<Op> ops = layer.ops(0, {});
            m_model.layers.push_back(layer.layer(ops));
            m_model.ops.insert(m_model.ops.end(), ops.begin(), ops.end());
        }
    }

    const Progress& m_progress;
    TorchRecords m_records;
    ScriptProgram m_program;
    Model m_model;
    std::vector<std::string> m_constants; ///< parameters by the constants' numbers; empty for other values
    std::vector<Shape> m_inputs;
};

bool isScript(std::span<const std::byte> head, const File& file)
{
    return hasTorchRecord(head, file, "/constants.pkl") || (hasTorchRecord(head, file, "/data.pkl") && hasTorchRecord(head, file, ".py"));
}

}

const Format torchScript{
    "torchscript", Framework::Torch, "*.pt *.pth *.ts *.ptl", isScript,
    [](std::shared_ptr<const File> file, const Progress& progress) { return ScriptReader(std::move(file), progress).read(); }};

}
