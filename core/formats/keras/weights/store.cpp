// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/keras/weights/store.h"

#include "core/base/held.h"
#include "core/formats/keras/config/entries.h"
#include "core/formats/keras/weights/guess.h"
#include "core/formats/keras/weights/naturalorder.h"
#include "core/formats/keras/weights/parameters.h"
#include "core/formats/keras/weights/storepaths.h"
#include "core/formats/keras/weights/variables.h"
#include "core/layers/follow.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <set>
#include <tuple>

namespace core::formats {

namespace {

constexpr std::array<std::string_view, 2> containers{"layers", "_layer_checkpoint_dependencies"};

std::string_view parentOf(std::string_view path)
{
    const auto slash = path.rfind('/');
    return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

std::string_view lastOf(std::string_view path)
{
    return path.substr(path.rfind('/') + 1);
}

std::uint64_t numberOf(std::string_view text)
{
    std::uint64_t value = UINT64_MAX;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

/// Belongs to the training and not to the model.
bool isTraining(std::string_view path)
{
    return path.starts_with("optimizer/") || path.starts_with("metrics/") || path.starts_with("_metrics/") ||
           path.starts_with("loss_tracker/");
}

/// The path of the layer that a variable of a store alone belongs to: "layers/lstm/cell/vars/0" -> "layers/lstm".
std::string_view layerPath(std::string_view path)
{
    auto owner = parentOf(parentOf(path));
    while (lastOf(owner) == "cell" || lastOf(owner) == "seed_generator")
        owner = parentOf(owner);
    return owner;
}

bool isContainer(std::string_view part)
{
    return std::find(containers.begin(), containers.end(), part) != containers.end();
}

/// Layers without variables that the store names: what stands in a model's list of layers, or is an attribute of the model itself, and
/// holds nothing.
std::vector<std::string_view> emptyLayers(const KerasStore& store)
{
    std::set<std::string_view> filled; ///< whatever holds variables or other objects
    const auto fill = [&](std::string_view path) {
        for (path = parentOf(path); !path.empty() && filled.insert(path).second;)
            path = parentOf(path);
    };
    for (const auto& tensor : store.tensors)
        fill(tensor.path);
    for (const auto& path : store.objects)
        fill(path);
    std::vector<std::string_view> result;
    for (const std::string_view path : store.objects)
        if (!path.empty() && !filled.contains(path) && !isTraining(std::string(path) + "/") &&
            (parentOf(path).empty() || isContainer(lastOf(parentOf(path)))))
            result.push_back(path);
    return result;
}

/// Whether these are the layers of one Sequential, which has no others: a functional model lists its inputs as well and may compute between
/// layers, a class of a user's own calls its layers as it likes.
bool isSequential(const std::vector<std::string_view>& owners)
{
    return std::all_of(owners.begin(), owners.end(), [](std::string_view owner) {
        return parentOf(owner) == containers.front() && !lastOf(owner).starts_with("input_layer");
    });
}

/// "layers/encoder/layers/dense" -> "encoder/dense", by the layers' own names where the store has them.
std::string shownName(const KerasStore& store, std::string_view path)
{
    std::string name;
    for (std::size_t start = 0; start < path.size();) {
        const auto end = std::min(path.find('/', start), path.size());
        const auto part = path.substr(start, end - start);
        const auto own = store.names.find(std::string(path.substr(0, end)));
        if (!isContainer(part))
            name += (name.empty() ? "" : "/") + (own == store.names.end() ? std::string(part) : own->second);
        start = end + 1;
    }
    return name.empty() ? "/" : name;
}

}

void KerasStore::sort()
{
    std::stable_sort(tensors.begin(), tensors.end(), [](const H5Dataset& a, const H5Dataset& b) {
        if (parentOf(a.path) != parentOf(b.path))
            return naturalLess(parentOf(a.path), parentOf(b.path));
        return std::tuple(numberOf(lastOf(a.path)), a.path) < std::tuple(numberOf(lastOf(b.path)), b.path);
    });
    std::sort(objects.begin(), objects.end(), naturalLess);
    objects.erase(std::unique(objects.begin(), objects.end()), objects.end());
}

bool isKerasStore(const H5Contents& contents)
{
    return contents.group("/layers") || contents.group("/_layer_checkpoint_dependencies") ||
           std::any_of(contents.datasets.begin(), contents.datasets.end(), [](const H5Dataset& dataset) {
               const auto number = lastOf(dataset.path);
               return lastOf(parentOf(dataset.path)) == "vars" && number.find_first_not_of("0123456789") == std::string_view::npos;
           });
}

KerasStore kerasStore(H5Contents contents)
{
    KerasStore store;
    store.tensors = std::move(contents.datasets);
    for (auto& tensor : store.tensors)
        tensor.path.erase(0, 1);
    for (const auto& group : contents.groups) {
        if (lastOf(group.path) != "vars")
            continue;
        const auto owner = parentOf(std::string_view(group.path).substr(1));
        store.objects.emplace_back(owner);
        if (const auto name = textAttribute(group, "name"))
            store.names.emplace(owner, *name);
    }
    store.notes = std::move(contents.notes);
    store.sort();
    return store;
}

void addStoreWeights(Model& model, const KerasGraph& graph, const KerasGraph& flat, const KerasStore& store, std::string_view version,
                     std::string_view where)
{
    KerasParameters parameters(model);
    const auto paths = storePaths(graph, flat, store, where);
    for (const auto& tensor : store.tensors) {
        if (isTraining(tensor.path)) {
            addDatasetEntry(model, tensor.path, tensor);
            continue;
        }
        auto owner = parentOf(tensor.path);
        while (!owner.empty() && !paths.contains(std::string(owner)))
            owner = parentOf(owner);
        const auto* layer = owner.empty() ? nullptr : &flat.layers[held(paths, std::string(owner))];
        const std::string name = !layer ? std::string() : layer->partOf.empty() ? layer->name : layer->partOf;
        const int index = layer ? parameters.layerIndex(name) : -1;
        if (index < 0) {
            parameters.note("keras-weight-left-over", "no layer of the configuration has it", tensor.path, Note::Severity::Warning);
            continue;
        }
        const auto own = variableRole(layer->owner.isForeign ? "" : layer->className, layer->config,
                                      std::string_view(tensor.path).substr(owner.size() + 1), version);
        parameters.add(static_cast<std::size_t>(index), layer->name + "/" + own, roleInLayer(*layer, own), tensor, tensor.path);
    }
    parameters.match();
}

std::string storeDifference(const KerasGraph& graph, const KerasGraph& flat, const KerasStore& store, std::string_view where)
{
    const auto paths = storePaths(graph, flat, store, where);
    const auto listed = emptyLayers(store);
    for (const auto path : listed)
        if (!paths.contains(std::string(path)))
            return fmt::format("the weights have a layer {} that it has not", printable(path));
    for (const auto& [path, index] : paths) {
        const KerasLayer& layer = flat.layers[index];
        const auto named = store.names.find(path);
        if (named != store.names.end() && named->second != layer.path.back())
            return fmt::format("the weights call its layer {} {}", printable(layer.name), printable(named->second));
        const bool isThere = std::binary_search(store.objects.begin(), store.objects.end(), path, naturalLess);
        if (!listed.empty() && !isThere && !layer.isImplied && !layer.isInner)
            return fmt::format("the weights have no layer {}", printable(layer.name));
    }
    return {};
}

Model storeModel(const KerasStore& store)
{
    Model model;
    model.framework = Framework::Keras;
    std::vector<std::string_view> owners;
    for (const auto& tensor : store.tensors)
        if (const auto owner = layerPath(tensor.path); !isTraining(tensor.path) && (owners.empty() || owners.back() != owner))
            owners.push_back(owner);
    std::sort(owners.begin(), owners.end(), naturalLess);
    owners.erase(std::unique(owners.begin(), owners.end()), owners.end());
    const auto empty = emptyLayers(store); // last: their place among the others is not told
    owners.insert(owners.end(), empty.begin(), empty.end());
    std::map<std::string, int> taken;
    std::map<std::string_view, std::size_t> indices;
    for (const auto owner : owners) {
        auto name = shownName(store, owner);
        if (taken[name]++ > 0)
            name = std::string(owner);
        indices.emplace(owner, model.layers.size());
        const auto className = classOfPath(lastOf(owner)); // an attribute of a model has a name of its own
        model.layers.push_back({name, className.empty() ? classOfPath(lastOf(name)) : className, {}, {}, true});
    }
    KerasParameters parameters(model);
    std::map<std::string_view, std::size_t> counts; ///< of the layers' own variables
    for (const auto& tensor : store.tensors)
        if (const auto owner = layerPath(tensor.path); parentOf(parentOf(tensor.path)) == owner)
            ++counts[owner];
    for (const auto& tensor : store.tensors) {
        const auto owner = layerPath(tensor.path);
        if (isTraining(tensor.path))
            addDatasetEntry(model, tensor.path, tensor);
        else
            parameters.add(held(indices, owner), tensor.path,
                           variableRole(model.layers[held(indices, owner)].kind, Json::object(),
                                        std::string_view(tensor.path).substr(owner.empty() ? 0 : owner.size() + 1), "3", counts[owner]),
                           tensor);
    }
    guessKerasKinds(model, parameters, "");
    if (isSequential(owners))
        layers::labelFeatures(model);
    return model;
}

std::string snakeCase(std::string_view className)
{
    const auto isUpper = [](char c) { return c >= 'A' && c <= 'Z'; };
    const auto isLower = [](char c) { return c >= 'a' && c <= 'z'; };
    std::string words;
    for (const char c : className)
        if (isUpper(c) || isLower(c) || (c >= '0' && c <= '9') || c == '_' || static_cast<unsigned char>(c) > 127)
            words += c;
    // Keras replaces (.)([A-Z][a-z]+) by \1_\2, then ([a-z])([A-Z]) likewise, and lowers the rest.
    std::string first;
    for (std::size_t i = 0; i < words.size();) {
        std::size_t end = i + 2;
        while (end < words.size() && isLower(words[end]))
            ++end;
        if (i + 2 < words.size() && isUpper(words[i + 1]) && end > i + 2) {
            first += words[i];
            first += '_';
            first += words.substr(i + 1, end - i - 1);
            i = end;
        } else {
            first += words[i++];
        }
    }
    std::string result;
    for (std::size_t i = 0; i < first.size(); ++i) {
        result += static_cast<char>(isUpper(first[i]) ? first[i] - 'A' + 'a' : first[i]);
        if (i + 1 < first.size() && isLower(first[i]) && isUpper(first[i + 1]))
            result += '_';
    }
    return result;
}

}
