// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/torch/numpyarray.h"
#include "core/formats/torch/torchcontent.h"

namespace core::formats {

using Type = PickleNode::Type;

namespace {

constexpr std::size_t lineLimit = 400, listLimit = 256;

std::optional<Ints> integerList(const PickleNode& node)
{
    Ints values;
    for (const PickleNode* item : node.items) {
        if (!item->is(Type::Int) || values.size() == listLimit)
            return {};
        values.push_back(item->integer);
    }
    return values;
}

std::optional<Reals> realList(const PickleNode& node)
{
    Reals values;
    for (const PickleNode* item : node.items) {
        if ((!item->is(Type::Int) && !item->is(Type::Float)) || values.size() == listLimit)
            return {};
        values.push_back(item->is(Type::Int) ? static_cast<double>(item->integer) : item->real);
    }
    return values;
}

}

std::optional<Attribute> torchAttribute(const PickleNode& node)
{
    switch (node.type) {
    case Type::Bool:
        return Attribute(node.integer != 0);
    case Type::Int:
        return Attribute(node.integer);
    case Type::Float:
        return Attribute(node.real);
    case Type::String:
        return Attribute(printable(node.text, lineLimit));
    case Type::List:
    case Type::Tuple:
        if (auto values = integerList(node))
            return Attribute(std::move(*values));
        if (auto values = realList(node))
            return Attribute(std::move(*values));
        return Attribute(describe(node));
    case Type::Object:
        return numpyScalar(node);
    default:
        return {};
    }
}

Attributes torchAttributes(const PickleNode& dict)
{
    Attributes result;
    for (std::size_t i = 0; i < dict.pairs(); ++i) {
        const PickleNode& key = *dict.items[2 * i];
        if (!key.is(Type::String) || key.text.starts_with('_') || key.text == "training")
            continue;
        if (auto value = torchAttribute(*dict.items[2 * i + 1]))
            result.set(printable(key.text), std::move(*value));
    }
    return result;
}

}
