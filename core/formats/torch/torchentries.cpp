// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/torch/torchentries.h"

#include "core/formats/torch/torchlayer.h"
#include "core/formats/torch/torchmodule.h"
#include "core/formats/torch/torchsearch.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::formats {

using Type = PickleNode::Type;

namespace {

constexpr std::size_t entryLimit = 1000, valueLimit = 200, stepLimit = 1'000'000, depthLimit = 64, sourceLimit = 1 << 16;

bool isContainer(const PickleNode& node)
{
    return node.is(Type::Dict) || node.is(Type::List) || node.is(Type::Tuple) || node.is(Type::Set) || node.is(Type::Object);
}

/// A list or tuple of plain values is one line.
bool isLine(const PickleNode& node)
{
    const bool isList = node.is(Type::List) || node.is(Type::Tuple) || node.is(Type::Set);
    return !isContainer(node) || (isList && std::none_of(node.items.begin(), node.items.end(), [](const PickleNode* item) {
                                      return isContainer(*item) || isTorchTensor(*item);
                                  }));
}

class Lister
{
public:
    Lister(const PickleNode* shown, bool withTensors, std::vector<Entry>& entries)
        : m_shown(shown), m_withTensors(withTensors), m_entries(entries)
    {
    }

    void list(const std::string& path, const PickleNode& node, std::size_t depth)
    {
        if (&node == m_shown || ++m_steps > stepLimit)
            return;
        if (isTorchTensor(node)) {
            if (m_withTensors)
                add(path, torchTensorText(node));
        } else if (isTorchModule(node)) {
            listModule(path, node, depth);
        } else if (const auto scalar = node.is(Type::Object) ? torchAttribute(node) : std::nullopt) {
            add(path, core::text(*scalar));
        } else if (isLine(node)) {
            add(path, describe(node, valueLimit));
        } else {
            listContainer(path, node, depth);
        }
    }

    std::size_t more() const { return m_more; }

private:
    void add(const std::string& path, std::string value)
    {
        if (m_entries.size() < entryLimit)
            m_entries.push_back({path.empty() ? "value" : printable(path, 400), std::move(value)});
        else
            ++m_more;
    }

    void listContainer(const std::string& path, const PickleNode& node, std::size_t depth)
    {
        const std::vector<TorchChild> children = torchChildren(node);
        // A value inside itself ends here.
        if (depth == depthLimit || children.empty() || std::find(m_open.begin(), m_open.end(), &node) != m_open.end())
            return add(path, describe(node, valueLimit));
        const TorchClass type = node.is(Type::Object) ? torchClass(node) : TorchClass();
        if (node.is(Type::Object) && type.full() != "argparse.Namespace")
            add(path, "an object of the class " + type.full());
        m_open.push_back(&node);
        for (const TorchChild& child : children)
            listChild(path, child, depth);
        m_open.pop_back();
    }

    /// Names are made only for what is listed.
    void listChild(const std::string& path, const TorchChild& child, std::size_t depth)
    {
        const bool isFull = m_entries.size() >= entryLimit;
        if (isTorchTensor(*child.node) && !m_withTensors)
            return;
        if (isFull && isLine(*child.node))
            ++m_more;
        else
            list(isFull ? std::string() : joined(path, child.name()), *child.node, depth + 1);
    }

    /// A module by its class and tensors, without the tables that they are kept in.
    void listModule(const std::string& path, const PickleNode& node, std::size_t depth)
    {
        if (depth == depthLimit || std::find(m_open.begin(), m_open.end(), &node) != m_open.end())
            return add(path, describe(node, valueLimit));
        add(path, "a module of the class " + torchClass(node).full());
        m_open.push_back(&node);
        for (const std::string_view table : {"_parameters", "_buffers", "_modules"})
            if (const PickleNode* values = node.state ? node.state->value(table) : nullptr)
                for (const TorchChild& child : torchChildren(*values))
                    if (!child.node->is(Type::None))
                        listChild(path, child, depth);
        m_open.pop_back();
    }

    const PickleNode* m_shown;
    bool m_withTensors;
    std::vector<Entry>& m_entries;
    std::vector<const PickleNode*> m_open;
    std::size_t m_steps = 0, m_more = 0;
};

}

void addTorchEntries(const PickleNode& root, const PickleNode* shown, bool withTensors, Model& model)
{
    Lister lister(shown, withTensors, model.entries);
    lister.list("", root, 0);
    if (lister.more() > 0)
        model.notes.push_back(torchNote("torch-entries", Note::Severity::Info,
                                        fmt::format("{} more entries of the file are not listed.", lister.more()),
                                        {fmt::to_string(lister.more())}));
}

std::string torchSourceText(std::string_view source)
{
    std::string text;
    for (std::string_view rest = source.substr(0, sourceLimit); !rest.empty();) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        text += printable(rest.substr(0, end), 400) + "\n";
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return text;
}

void addTorchSources(const Pickle& pickle, Model& model)
{
    for (const PickleNode* node : pickle.persistents()) {
        const PickleNode* type = torchGlobal(*node);
        const PickleNode& id = *node->items[0];
        if (!type || id.items.size() < 3 || !id.items.back()->is(Type::String) || type->module().starts_with("torch."))
            continue;
        std::string name = "source of " + printable(type->text);
        const bool isKnown =
            std::any_of(model.entries.begin(), model.entries.end(), [&](const Entry& entry) { return entry.name == name; });
        if (isKnown || model.entries.size() >= 2 * entryLimit)
            continue;
        model.entries.push_back({std::move(name), torchSourceText(id.items.back()->text)});
    }
}

}
