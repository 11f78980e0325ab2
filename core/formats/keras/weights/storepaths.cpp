// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/keras/weights/storepaths.h"

#include "core/formats/keras/graph/graph.h"
#include "core/formats/keras/graph/order.h"
#include "core/formats/keras/weights/store.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <map>
#include <set>
#include <vector>

namespace core::formats {

namespace {

constexpr std::string_view today = "layers/", before = "_layer_checkpoint_dependencies/";

std::string keyOf(const std::vector<std::string>& path)
{
    std::string key;
    for (const auto& part : path)
        key += part + '\n';
    return key;
}

/// The layers of one model as Keras counts them.
std::vector<std::size_t> ordered(const KerasGraph& graph, std::string_view where)
{
    std::vector<std::size_t> order;
    if (graph.isSequential) {
        for (std::size_t i = 0; i < graph.layers.size(); ++i)
            if (!graph.layers[i].isImplied)
                order.push_back(i);
        return order;
    }
    std::vector<std::size_t> inputs;
    for (std::size_t i = 0; i < graph.layers.size(); ++i)
        if (graph.layers[i].className == "InputLayer")
            inputs.push_back(i);
    return kerasLayerOrder(computationOrder(graph, where), graph.layers.size(), inputs);
}

class Paths
{
public:
    Paths(const KerasGraph& flat, const KerasStore& store, std::string_view where) : m_where(where)
    {
        for (std::size_t i = 0; i < flat.layers.size(); ++i)
            m_flat.emplace(keyOf(flat.layers[i].path), i);
        for (const auto& tensor : store.tensors)
            addFolders(tensor.path);
        for (const auto& [path, name] : store.names)
            addFolders(path + "/vars");
    }

    void walk(const KerasGraph& graph, const std::string& prefix, const std::vector<std::string>& path)
    {
        const bool isOld =
            !m_folders.contains(prefix + "layers") && m_folders.contains(prefix + std::string(before.substr(0, before.size() - 1)));
        std::map<std::string, std::size_t> numbers;
        for (const auto index : ordered(graph, m_where)) {
            const auto& layer = graph.layers[index];
            const auto name = snakeCase(layer.className);
            const auto number = numbers[name]++;
            enter(layer, isOld ? oldPath(prefix + std::string(before), name, number) : prefix + std::string(today) + numbered(name, number),
                  path);
        }
    }

    std::unordered_map<std::string, std::size_t> result;

private:
    static std::string numbered(const std::string& name, std::size_t number)
    {
        return number == 0 ? name : fmt::format("{}_{}", name, number);
    }

    /// Keras 2.12 and 2.13 count layers with weights twice: the n-th of a class is the n-th that is there.
    std::string oldPath(const std::string& container, const std::string& name, std::size_t number)
    {
        const auto [entry, isNew] = m_suffixes.try_emplace(container + name);
        auto& suffixes = entry->second;
        for (auto it = m_folders.lower_bound(container + name); isNew && it != m_folders.end() && it->starts_with(container + name); ++it) {
            const auto rest = std::string_view(*it).substr(container.size() + name.size());
            const auto* end = rest.data() + rest.size();
            std::size_t suffix = 0;
            if (rest.empty() || (rest.front() == '_' && std::from_chars(rest.data() + 1, end, suffix).ptr == end && rest.size() > 1))
                suffixes.push_back(suffix);
        }
        if (isNew)
            std::sort(suffixes.begin(), suffixes.end());
        return container + numbered(name, number < suffixes.size() ? suffixes[number] : SIZE_MAX);
    }

    void enter(const KerasLayer& layer, const std::string& place, std::vector<std::string> path)
    {
        path.push_back(layer.name);
        if (layer.graph) {
            walk(*layer.graph, place + "/", path);
            return;
        }
        if (const auto found = m_flat.find(keyOf(path)); found != m_flat.end())
            result.emplace(place, found->second);
        for (const auto& wrapped : layer.wrapped)
            enter(wrapped, place + "/" + wrapped.attribute, path);
    }

    void addFolders(const std::string& path)
    {
        for (auto slash = path.rfind('/'); slash != std::string::npos && slash > 0; slash = path.rfind('/', slash - 1))
            if (!m_folders.insert(path.substr(0, slash)).second)
                return;
    }

    std::string_view m_where;
    std::unordered_map<std::string, std::size_t> m_flat;
    std::set<std::string> m_folders;
    std::map<std::string, std::vector<std::size_t>> m_suffixes; ///< of a class in a container
};

}

std::unordered_map<std::string, std::size_t> storePaths(const KerasGraph& graph, const KerasGraph& flat, const KerasStore& store,
                                                        std::string_view where)
{
    Paths paths(flat, store, where);
    paths.walk(graph, "", {});
    return std::move(paths.result);
}

}
