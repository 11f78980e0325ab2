// SPDX-License-Identifier: GPL-3.0-or-later
// The source text of a network's class. What comes from files gets into it as identifiers of letters, digits and _, or as quoted literals.
#include "core/base/names.h"
#include "core/formats/torch/write/identifiers.h"
#include "core/formats/torch/write/network.h"
#include "core/formats/write.h"
#include "core/layers/torchcode.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>
#include <set>

namespace core::formats {

namespace {

/// The modules of a network by their names, as they are nested.
struct Branch
{
    const NetworkModule* module = nullptr; ///< null: it has branches
    std::vector<std::pair<std::string, Branch>> branches = {};
};

Branch treeOf(const TorchNetwork& network)
{
    Branch root;
    for (const NetworkModule& module : network.modules) {
        Branch* at = &root;
        for (const std::string& part : partsOf(module.path)) {
            const auto found =
                std::find_if(at->branches.begin(), at->branches.end(), [&](const auto& known) { return known.first == part; });
            at = found != at->branches.end() ? &found->second : &at->branches.emplace_back(part, Branch{}).second;
            if (at->module)
                break;
        }
        if (at->module || !at->branches.empty())
            throw Error("torch-write-network")
                .expected("a name for each module")
                .found("one that is a part of another's")
                .at(printable(module.path));
        at->module = &module;
    }
    return root;
}

/// Whether the names are 0, 1, 2 ...
bool isNumbered(const Branch& branch)
{
    for (std::size_t i = 0; i < branch.branches.size(); ++i)
        if (branch.branches[i].first != std::to_string(i))
            return false;
    return !branch.branches.empty();
}

bool areModules(const Branch& branch)
{
    return std::all_of(branch.branches.begin(), branch.branches.end(), [](const auto& entry) { return entry.second.module; });
}

/// The member of a module, which is no attribute where its name is none, or one that modules have already.
std::string member(const std::string& parent, const std::string& name)
{
    return isPlainAttribute(name) ? fmt::format("{}.{}", parent, name) : fmt::format("{}._modules[{}]", parent, repr(rawName(name)));
}

class SourceWriter
{
public:
    explicit SourceWriter(const TorchNetwork& network) : m_network(network), m_tree(treeOf(network))
    {
        for (const std::string_view word : {"self", "torch", "nn", "Model", "float"})
            m_names.insert(std::string(word));
        countUses();
    }

    std::string text()
    {
        const bool isSequence = notInChain(m_network).empty() && isNumbered(m_tree) && areModules(m_tree);
        std::string result = fmt::format("import torch\nfrom torch import nn\n\n\nclass Model({}):\n    def __init__(self):\n",
                                         isSequence ? "nn.Sequential" : "nn.Module");
        if (isSequence)
            return result + "        super().__init__(\n" + listed(m_tree, "            ") + "        )\n";
        result += "        super().__init__()\n";
        addModules(result, "self", m_tree);
        return result + forward();
    }

private:
    static std::string listed(const Branch& branch, const std::string& indent)
    {
        std::string result;
        for (const auto& [name, child] : branch.branches)
            result += fmt::format("{}{},\n", indent, constructorText(child.module->call));
        return result;
    }

    void addModules(std::string& text, const std::string& parent, const Branch& branch)
    {
        for (const auto& [name, child] : branch.branches) {
            const std::string here = member(parent, name);
            if (child.module) {
                text += fmt::format("        {} = {}\n", here, constructorText(child.module->call));
                m_places[child.module] = here;
            } else if (isNumbered(child) && areModules(child)) {
                text += fmt::format("        {} = nn.ModuleList([\n{}        ])\n", here, listed(child, "            "));
                for (std::size_t i = 0; i < child.branches.size(); ++i)
                    m_places[child.branches[i].second.module] = fmt::format("{}[{}]", here, i);
            } else {
                text += fmt::format("        {} = nn.Module()\n", here);
                addModules(text, here, child);
            }
        }
    }

    /// How often each value is taken; what the network puts out is taken once more than anything uses up.
    void countUses()
    {
        for (const Op& op : m_network.model->ops)
            for (const Input& input : op.inputs)
                ++m_uses[input.port];
        for (const Output& output : m_network.model->outputs)
            ++m_uses[output.port];
    }

    std::string newName(std::string_view wanted)
    {
        const std::string name = identifier(wanted);
        std::string unique = name;
        for (int number = 1; !m_names.insert(unique).second; ++number)
            unique = fmt::format("{}_{}", name, number);
        return unique;
    }

    std::string forward()
    {
        const Model& model = *m_network.model;
        std::string arguments, comments, body;
        const std::vector<int> inputs = model.inputOps();
        for (const int index : inputs) {
            const Op& op = model.ops[static_cast<std::size_t>(index)];
            const std::string name = newName(inputs.size() == 1 ? "x" : op.name);
            m_variables[Port(index)] = name;
            arguments += ", " + name;
            comments += comment(name, *m_network.values[Port(index)]);
        }
        for (std::size_t i = 0; i < model.ops.size(); ++i)
            if (model.ops[i].kind != "input")
                body += statement(static_cast<int>(i));
        std::vector<std::string> outputs;
        for (const Output& output : model.outputs)
            outputs.push_back(m_variables[output.port]);
        return fmt::format("\n    def forward(self{}):\n{}{}        return {}\n", arguments, comments, body, fmt::join(outputs, ", "));
    }

    /// "# x: N,C,H,W = (N, 1, 28, 28)".
    static std::string comment(const std::string& name, const layers::Value& value)
    {
        std::vector<std::string> sizes{"N"};
        for (std::size_t d = 1; d < value.shape.size(); ++d)
            sizes.push_back(std::to_string(value.shape[d]));
        return fmt::format("        # {}: ({})\n", name, fmt::join(sizes, ", "));
    }

    std::string statement(int index)
    {
        const Op& op = m_network.model->ops[static_cast<std::size_t>(index)];
        layers::TorchNames names;
        for (const Input& input : op.inputs)
            names.inputs.push_back(m_variables[input.port]);
        if (const int module = m_network.moduleOf[static_cast<std::size_t>(index)]; module >= 0)
            names.module = m_places[&m_network.modules[static_cast<std::size_t>(module)]];
        const layers::TorchCode code = m_network.code(index, names);
        std::vector<int> used;
        for (std::size_t output = 0; output < code.outputs.size(); ++output)
            if (m_uses.contains(Port(index, static_cast<int>(output))))
                used.push_back(static_cast<int>(output));
        for (const Input& input : op.inputs)
            --m_uses[input.port];
        if (used.empty() || used == std::vector<int>{0}) {
            const std::string name = resultName(op);
            m_variables[Port(index)] = name;
            return fmt::format("        {} = {}{}\n", name, code.expression, code.outputs.front());
        }
        const std::string all = newName(op.name + "_all");
        std::string text = fmt::format("        {} = {}\n", all, code.expression);
        for (const int output : used) {
            const std::string name = newName(op.name);
            m_variables[Port(index, output)] = name;
            text += fmt::format("        {} = {}{}\n", name, all, code.outputs[static_cast<std::size_t>(output)]);
        }
        return text;
    }

    /// The variable of what the op takes first, where nobody takes that any more.
    std::string resultName(const Op& op)
    {
        if (!op.inputs.empty() && m_uses[op.inputs.front().port] == 0)
            return m_variables[op.inputs.front().port];
        return newName(op.name);
    }

    const TorchNetwork& m_network;
    Branch m_tree;
    std::set<std::string> m_names;
    std::map<Port, int> m_uses;
    std::map<Port, std::string> m_variables;
    std::map<const NetworkModule*, std::string> m_places;
};

}

std::string torchSource(const Model& model, const std::string& sourceName, const std::string& weightsName)
{
    const TorchNetwork network = torchNetwork(model);
    const std::string weights = repr(PythonValue(weightsName));
    return fmt::format("# The network of {}, written by Tieout. Its weights are in {}:\n"
                       "#\n"
                       "#     model = Model()\n"
                       "#     model.load_state_dict(torch.load({}, weights_only=True))\n"
                       "#     model.eval()\n",
                       repr(PythonValue(sourceName)), weights, weights) +
           SourceWriter(network).text();
}

}
