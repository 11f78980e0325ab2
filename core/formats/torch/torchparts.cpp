// SPDX-License-Identifier: GPL-3.0-or-later
// Tensors that are made of several others (torch/_utils.py, torch/sparse, torch/nested).
#include "core/formats/torch/torchparts.h"

#include "core/formats/torch/torchstorage.h"

#include <fmt/format.h>

namespace core::formats {

using Type = PickleNode::Type;

namespace {

/// "sparse_coo" of torch.sparse_coo, spelled as a global or as _get_layout('torch.sparse_coo').
std::string layoutName(const PickleNode& node)
{
    std::string_view name;
    if (node.is(Type::Global))
        name = node.name();
    else if (node.is(Type::Object) && !node.arguments->items.empty() && node.arguments->items[0]->is(Type::String))
        name = node.arguments->items[0]->text;
    if (name.starts_with("torch."))
        name.remove_prefix(6);
    return std::string(name);
}

std::vector<std::string> partNames(const std::string& layout)
{
    if (layout == "sparse_coo")
        return {"indices", "values"};
    if (layout == "sparse_csr" || layout == "sparse_bsr")
        return {"crow_indices", "col_indices", "values"};
    if (layout == "sparse_csc" || layout == "sparse_bsc")
        return {"ccol_indices", "row_indices", "values"};
    throw TorchProblem{fmt::format("a tensor of layout {}: listed, not read", printable(layout, 60))};
}

void addParts(const std::vector<std::string>& names, TorchArguments nodes, const std::string& whole, TorchTensor& tensor)
{
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i >= nodes.size())
            throw TorchProblem{fmt::format("the {} of {} are missing", names[i], whole)};
        if (!nodes[i]->is(Type::None))
            tensor.parts.push_back({names[i], nodes[i], fmt::format("{} of {}", names[i], whole)});
    }
}

void readSparse(TorchArguments arguments, std::string_view function, TorchTensor& tensor)
{
    const std::string layout = layoutName(torchArgument(arguments, 0, function));
    const PickleNode& data = torchArgument(arguments, 1, function);
    const std::vector<std::string> names = partNames(layout);
    if (!data.is(Type::Tuple) || data.items.size() <= names.size())
        throw TorchProblem{"a sparse tensor without its parts: " + describe(data, 60)};
    const Shape shape = torchIntegers(*data.items[names.size()], "the shape");
    addParts(names, data.items, fmt::format("a {} tensor {}", layout, text(shape)), tensor);
}

void readNested(TorchArguments arguments, std::string_view function, TorchTensor& tensor)
{
    torchArgument(arguments, 3, function);
    addParts({"values", "sizes", "strides", "offsets"}, arguments, "a nested tensor", tensor);
}

void readJagged(TorchArguments arguments, std::string_view function, TorchTensor& tensor)
{
    const PickleNode& state = torchArgument(arguments, 0, function);
    const PickleNode* values = state.value("values");
    const PickleNode* offsets = state.value("offsets");
    if (!values || !offsets)
        throw TorchProblem{"a nested tensor without values: " + describe(state, 60)};
    const PickleNode* lengths = state.value("lengths");
    std::vector<const PickleNode*> nodes{values, offsets};
    if (lengths)
        nodes.push_back(lengths);
    addParts(lengths ? std::vector<std::string>{"values", "offsets", "lengths"} : std::vector<std::string>{"values", "offsets"}, nodes,
             "a nested (jagged) tensor", tensor);
}

std::string numberText(const PickleNode& node)
{
    return describe(node, 40);
}

}

const PickleNode& torchArgument(TorchArguments arguments, std::size_t index, std::string_view function)
{
    if (index >= arguments.size())
        throw TorchProblem{fmt::format("{} has {} arguments only", function, arguments.size())};
    return *arguments[index];
}

void readQuantiser(const PickleNode& quantiser, TorchTensor& tensor)
{
    const auto& items = quantiser.items;
    const bool isKnown = quantiser.is(Type::Tuple) && items.size() >= 3 && items[0]->is(Type::Global);
    const std::string_view scheme = isKnown ? items[0]->name() : std::string_view();
    if (scheme.starts_with("per_tensor")) {
        tensor.detail = fmt::format("scale {}, zero point {}", numberText(*items[1]), numberText(*items[2]));
        return;
    }
    if (!scheme.starts_with("per_channel") || items.size() < 4)
        throw TorchProblem{"quantised in a way that is not known: " + describe(quantiser, 60)};
    tensor.detail = fmt::format("scales and zero points along axis {}", numberText(*items[3]));
    for (const std::size_t i : {std::size_t{1}, std::size_t{2}}) {
        const std::string name = i == 1 ? "scales" : "zero_points";
        if (isTorchTensor(*items[i]))
            tensor.parts.push_back(
                {name, items[i], fmt::format("{} along axis {}", i == 1 ? "scales" : "zero points", numberText(*items[3]))});
        else
            tensor.detail += fmt::format(", {} {}", i == 1 ? "scales" : "zero points", describe(*items[i], 100));
    }
}

bool readTorchParts(std::string_view function, TorchArguments arguments, TorchTensor& tensor)
{
    if (function.starts_with("_rebuild_sparse"))
        readSparse(arguments, function, tensor);
    else if (function == "_rebuild_nested_tensor")
        readNested(arguments, function, tensor);
    else if (function == "_rebuild_njt")
        readJagged(arguments, function, tensor);
    else
        return false;
    return true;
}

void addStateParts(const PickleNode& state, std::string_view className, TorchTensor& tensor)
{
    // Either the instance's dict, or (dict, slots).
    const auto addFrom = [&](const PickleNode& dict) {
        for (std::size_t i = 0; i < dict.pairs() && dict.is(Type::Dict) && tensor.parts.size() < 64; ++i)
            if (dict.items[2 * i]->is(Type::String) && isTorchTensor(*dict.items[2 * i + 1]))
                tensor.parts.push_back({printable(dict.items[2 * i]->text, 80), dict.items[2 * i + 1],
                                        fmt::format("{} of a {}", printable(dict.items[2 * i]->text, 80), printable(className, 80))});
    };
    addFrom(state);
    for (std::size_t i = 0; state.is(Type::Tuple) && i < state.items.size(); ++i)
        addFrom(*state.items[i]);
}

}
