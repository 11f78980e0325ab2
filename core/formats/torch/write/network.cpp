// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/torch/write/network.h"

#include "core/base/error.h"
#include "core/layers/torchcode.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>

namespace core::formats {

namespace {

Error unwritable(std::string_view expected, std::string_view found)
{
    return Error("torch-write-network").expected(expected).found(found);
}

layers::Values valuesOf(const Model& model)
{
    std::vector<layers::Value> inputs;
    const std::vector<int> ops = model.inputOps();
    for (const int index : ops) {
        const Op& op = model.ops[static_cast<std::size_t>(index)];
        std::optional<Shape> shape;
        if (op.attributes.has("shape"))
            shape = op.attributes.integers("shape");
        else if (index == ops.front())
            shape = layers::guessInputShape(model);
        if (!shape)
            throw unwritable("an input of known shape", "one whose shape no file tells").at(printable(op.name));
        inputs.push_back(layers::inputValue(model, index, *shape));
    }
    return layers::inferValues(model, inputs);
}

/// The part of a name that the module itself gives: all behind it is where the module stands.
std::optional<std::string> pathOf(std::string_view parameter, std::string_view own)
{
    const bool ends = parameter.size() > own.size() + 1 && parameter.ends_with(own) && parameter[parameter.size() - own.size() - 1] == '.';
    return ends ? std::optional<std::string>(parameter.substr(0, parameter.size() - own.size() - 1)) : std::nullopt;
}

class NetworkBuilder
{
public:
    explicit NetworkBuilder(const Model& model)
    {
        m_network.model = &model;
        if (!model.wired || model.outputs.empty())
            throw unwritable("a network whose layers are connected", "layers alone");
        m_network.values = valuesOf(model);
        m_network.moduleOf.assign(model.ops.size(), -1);
    }

    TorchNetwork build()
    {
        const Model& model = *m_network.model;
        for (std::size_t i = 0; i < model.ops.size(); ++i)
            if (model.ops[i].kind != "input")
                addOrNote(static_cast<int>(i));
        for (const Parameter& parameter : model.parameters)
            if (!m_taken.contains(parameter.name) && !isKeptByModule(parameter.name) && m_problems.empty())
                note(parameter.layer, fmt::format("nothing takes its parameter {}", printable(parameter.name)));
        if (!m_problems.empty())
            throw unwritable("layers that PyTorch can be told of", fmt::format("{}", fmt::join(m_problems, "; ")));
        return std::move(m_network);
    }

private:
    const Op& opAt(int index) const { return m_network.model->ops[static_cast<std::size_t>(index)]; }

    /// A buffer that takes no part in the arithmetic, of which some files' graphs do not speak.
    bool isKeptByModule(std::string_view parameter) const
    {
        return std::any_of(m_network.modules.begin(), m_network.modules.end(), [&](const NetworkModule& module) {
            const auto& buffers = module.call.type->buffers;
            return std::any_of(buffers.begin(), buffers.end(), [&](std::string_view own) { return pathOf(parameter, own) == module.path; });
        });
    }

    void note(std::string_view layer, std::string_view what)
    {
        if (m_noted.insert(std::string(layer)).second)
            m_problems.push_back(fmt::format("{}: {}", printable(layer), what));
    }

    void addOrNote(int index)
    {
        const Op& op = opAt(index);
        try {
            addOp(index);
        } catch (const Error& error) {
            note(op.layer.empty() ? op.name : op.layer, fmt::format("{} ({} was expected)", error.found(), error.expected()));
        }
    }

    void addOp(int index)
    {
        const Op& op = opAt(index);
        const layers::Call call(op, m_network.values);
        if (!op.unsupported.empty() || !call.isKnown())
            throw unwritable("a layer that Tieout can compute", op.unsupported.empty() ? "inputs of unknown shape" : op.unsupported);
        std::string reason = op.kind;
        try {
            addModule(index, call);
        } catch (const Error& error) {
            if (error.id() != "layer-no-twin")
                throw;
            reason = fmt::format("{} ({} was expected)", error.found(), error.expected());
        }
        const bool hasModule = m_network.moduleOf[static_cast<std::size_t>(index)] >= 0;
        if (!hasModule && !op.parameters.empty())
            throw unwritable("a class of torch.nn for a layer with parameters", reason);
        layers::torchCode(call, {std::vector<std::string>(op.inputs.size(), "x"), hasModule ? "m" : ""});
    }

    /// Where the parameters' names say, else where the layer's name does.
    void addModule(int index, const layers::Call& call)
    {
        const Op& op = call.op;
        std::map<std::string, Shape> shapes;
        std::optional<std::string> path;
        for (const layers::Role& role : layers::rolesOf(op, Framework::Torch)) {
            const auto found = op.parameters.find(role.role);
            if (found == op.parameters.end())
                continue;
            const auto own = pathOf(found->second, role.name);
            const Parameter* parameter = m_network.model->parameter(found->second);
            if (!parameter || !own || (path && *path != *own))
                throw unwritable(fmt::format("a parameter called {}", role.name), printable(found->second));
            path = own;
            shapes.emplace(role.name, parameter->source.shape);
        }
        if (!path) {
            const bool isLayers = op.name == op.layer || op.name.starts_with(op.layer + ":call");
            path = isLayers && !op.layer.empty() ? op.layer : op.name;
        }
        ModuleCall made = moduleCall(call, shapes);
        for (const auto& [role, name] : op.parameters)
            m_taken.insert(name);
        const auto known = std::find_if(m_network.modules.begin(), m_network.modules.end(),
                                        [&](const NetworkModule& module) { return module.path == *path; });
        const auto place = static_cast<int>(known - m_network.modules.begin());
        if (known == m_network.modules.end())
            m_network.modules.push_back({*path, std::move(made)});
        else if (known->call.type != made.type || known->call.values != made.values)
            throw unwritable("one module of a name", printable(*path));
        m_network.moduleOf[static_cast<std::size_t>(index)] = place;
    }

    TorchNetwork m_network;
    std::set<std::string> m_taken, m_noted;
    std::vector<std::string> m_problems;
};

}

TorchNetwork torchNetwork(const Model& model)
{
    return NetworkBuilder(model).build();
}

layers::TorchCode TorchNetwork::code(int op, const layers::TorchNames& names) const
{
    return layers::torchCode(layers::Call(model->ops[static_cast<std::size_t>(op)], values), names);
}

std::vector<std::string> notInChain(const TorchNetwork& network)
{
    const Model& model = *network.model;
    std::vector<std::string> problems;
    std::set<int> met;
    if (model.ops.front().kind != "input" || model.inputOps().size() != 1 || model.outputs.size() != 1)
        problems.emplace_back("it has several inputs or outputs");
    for (std::size_t i = 1; i < model.ops.size(); ++i) {
        const Op& op = model.ops[i];
        const int module = network.moduleOf[i];
        const std::string name = printable(op.layer.empty() ? op.name : op.layer);
        const ModuleClass* type = module < 0 ? nullptr : network.modules[static_cast<std::size_t>(module)].call.type;
        if (op.inputs.size() != 1 || !takesOnly(op, static_cast<int>(i) - 1))
            problems.push_back(fmt::format("{} takes something else than what the layer before it gives", name));
        else if (!type)
            problems.push_back(fmt::format("{}: no class of torch.nn computes a {} alone", name, op.kind));
        else if (!type->isPlain)
            problems.push_back(fmt::format("{}: {} gives more than one tensor", name, type->name));
        else if (!met.insert(module).second)
            problems.push_back(fmt::format("{} is called more than once", name));
    }
    if (problems.empty() && model.outputs.front().port != Port(static_cast<int>(model.ops.size()) - 1))
        problems.emplace_back("its output is not what the last layer gives");
    return problems;
}

std::vector<std::string> partsOf(const std::string& path)
{
    std::vector<std::string> parts(1);
    for (const char letter : path) {
        if (letter == '.')
            parts.emplace_back();
        else
            parts.back() += letter;
    }
    if (std::any_of(parts.begin(), parts.end(), [](const std::string& part) { return part.empty(); }))
        throw unwritable("names of modules with dots between them", printable(path));
    return parts;
}

}
