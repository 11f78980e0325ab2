// SPDX-License-Identifier: GPL-3.0-or-later
// What nn.MultiheadAttention(batch_first=True) calls where PyTorch does not take its one fused operator: torch.nn.functional's
// multi_head_attention_forward without attention weights, as 2.x traces and exports it. Its operators become the layer again.
#include "core/formats/aten/atengraph.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace core::formats {

namespace {

/// Operators that only show projections in another form; which of them there are depends on what is alike of query, key and value.
constexpr std::array<std::string_view, 10> plumbing{"chunk",     "split",   "split_with_sizes", "contiguous", "unflatten",
                                                    "unsqueeze", "squeeze", "select",           "detach",     "alias"};
constexpr std::string_view attending = " view transpose view transpose view transpose view view view scaled_dot_product_attention permute";

/// How many of query, key and value differ: 1 to 3; 0 where the operators are not those of an attention without masks.
std::size_t differentInputs(const std::string& names)
{
    for (const std::string_view last : {" reshape linear view transpose", " view linear view transpose"}) {
        const std::string end = std::string(attending) + std::string(last);
        if (names == " transpose linear transpose" + end)
            return 1;
        if (names == " transpose transpose linear linear transpose" + end)
            return 2;
        std::string start;
        for (std::size_t count = 1; count <= 3; ++count) {
            start += " transpose";
            if (names == start + " linear linear linear" + end)
                return count;
        }
    }
    return 0;
}

}

void AtenGraph::foldAttentions()
{
    for (std::size_t first = 0; first < m_nodes.size(); ++first) {
        const AtenModule* module = m_nodes[first].module;
        if (!module || module->className != "MultiheadAttention" || !module->package.starts_with("torch.nn.modules"))
            continue;
        std::size_t behind = first;
        while (behind < m_nodes.size() && m_nodes[behind].module == module && m_nodes[behind].invocation == m_nodes[first].invocation)
            ++behind;
        foldAttention(first, behind);
    }
}

/// The ops from `first` to before `behind` become one, if they are what an attention calls.
void AtenGraph::foldAttention(std::size_t first, std::size_t behind)
{
    std::string names;
    std::vector<Port> taken;
    std::int64_t heads = 0;
    bool causal = false, isPlain = true;
    const auto isOwn = [&](int op) { return op >= static_cast<int>(first) && op < static_cast<int>(behind); };
    for (std::size_t i = first; i < behind; ++i) {
        const Op& op = m_model.ops[i];
        const std::string& name = m_nodes[i].name;
        const bool isArithmetic = op.inputs.empty(); // of sizes, and views of parameters
        if (!isArithmetic && std::find(plumbing.begin(), plumbing.end(), name) == plumbing.end())
            names += " " + name;
        for (const Input& input : op.inputs)
            if (!isOwn(input.port.op)) {
                taken.push_back(input.port);
                isPlain = isPlain && name == "transpose" && input.port.output == 0;
            }
        if (name != "scaled_dot_product_attention")
            continue;
        isPlain = isPlain && op.inputs.size() == 3;
        for (const auto& [key, value] : m_nodes[i].raw) {
            const bool* flag = std::get_if<bool>(&value);
            const double* number = std::get_if<double>(&value);
            causal = causal || ((key == "is_causal" || key == "argument5") && flag && *flag);
            isPlain = isPlain && ((flag && (!*flag || causal)) || (number && *number == 0));
        }
        if (!op.inputs.empty() && isOwn(op.inputs[0].port.op))
            heads = m_nodes[static_cast<std::size_t>(op.inputs[0].port.op)].second;
    }
    for (std::size_t i = behind; i < m_model.ops.size(); ++i)
        for (const Input& input : m_model.ops[i].inputs)
            isPlain = isPlain && (!isOwn(input.port.op) || input.port == Port(static_cast<int>(behind) - 1));
    for (const Output& output : m_model.outputs)
        isPlain = isPlain && (!isOwn(output.port.op) || output.port == Port(static_cast<int>(behind) - 1));
    const std::size_t count = differentInputs(names);
    if (!isPlain || heads < 1 || count == 0 || taken.size() != count)
        return;
    setAttention(first, behind, {taken.front(), taken[std::min<std::size_t>(1, count - 1)], taken.back()}, heads, causal);
}

void AtenGraph::setAttention(std::size_t first, std::size_t behind, const std::array<Port, 3>& taken, std::int64_t heads, bool causal)
{
    Node node = m_nodes[behind - 1];
    const std::string path = node.module->path.empty() ? "" : node.module->path + ".";
    const layers::Kind* kind = layers::kindOfTorch("MultiheadAttention");
    layers::TorchSpec spec{"MultiheadAttention", {{"num_heads", heads}, {"batch_first", true}}, {}};
    Op op;
    op.kind = kind->id;
    op.type = spec.className;
    op.inputs = {{"", taken[0]}, {"key", taken[1]}, {"value", taken[2]}};
    for (const layers::Role& role : kind->roles({}, Framework::Torch, {}))
        if (const auto found = m_parameters.find(path + role.name); found != m_parameters.end()) {
            spec.parameters.emplace(role.name, found->second->source.shape);
            op.parameters.emplace(role.role, found->first);
        }
    const auto out = spec.parameters.find("out_proj.weight");
    if (out == spec.parameters.end() || out->second.empty() || m_parameters.contains(path + "bias_k"))
        return;
    spec.raw.set("embed_dim", out->second[0]);
    try {
        op.attributes = kind->fromTorch(spec);
        op.attributes.set("causal", causal);
        op.unsupported = layers::inputsProblem(*kind, op);
    } catch (const Error&) {
        return; // no attention that the module could be: its operators stay
    }
    node.name = "multi_head_attention";
    node.className = spec.className;
    node.raw = spec.raw;
    m_model.ops[behind - 1] = std::move(op);
    m_nodes[behind - 1] = std::move(node);
    erase(first, behind - 1);
}

/// Takes out ops whose values only those before `behind` take, and the one there.
void AtenGraph::erase(std::size_t first, std::size_t behind)
{
    const auto count = static_cast<int>(behind - first);
    const auto move = [&](int& op) { op = op >= static_cast<int>(behind) ? op - count : std::min(op, static_cast<int>(first)); };
    m_model.ops.erase(m_model.ops.begin() + static_cast<std::ptrdiff_t>(first), m_model.ops.begin() + static_cast<std::ptrdiff_t>(behind));
    m_nodes.erase(m_nodes.begin() + static_cast<std::ptrdiff_t>(first), m_nodes.begin() + static_cast<std::ptrdiff_t>(behind));
    for (Op& op : m_model.ops)
        for (Input& input : op.inputs)
            move(input.port.op);
    for (Output& output : m_model.outputs)
        move(output.port.op);
    for (int& op : m_values)
        move(op);
}

}
