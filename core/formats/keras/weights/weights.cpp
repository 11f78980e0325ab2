// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/keras/weights/weights.h"

#include "core/base/held.h"
#include "core/formats/keras/config/legacy.h"
#include "core/formats/keras/weights/guess.h"
#include "core/formats/keras/weights/legacyweights.h"
#include "core/formats/keras/weights/parameters.h"
#include "core/layers/follow.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <unordered_map>
#include <unordered_set>

namespace core::formats {

namespace {

std::string joined(const std::string& group, const std::string& name)
{
    return (group == "/" ? "" : group) + "/" + name;
}

std::string_view withoutIndex(std::string_view name)
{
    const auto colon = name.rfind(':');
    const bool isIndex = colon != std::string_view::npos && colon + 1 < name.size() &&
                         name.find_first_not_of("0123456789", colon + 1) == std::string_view::npos;
    return isIndex ? name.substr(0, colon) : name;
}

struct Renamed
{
    std::string_view keras1, today;
};

constexpr std::array<Renamed, 10> keras1Names{{{"W", "kernel"},
                                               {"U", "recurrent_kernel"},
                                               {"b", "bias"},
                                               {"gamma", "gamma"},
                                               {"beta", "beta"},
                                               {"running_mean", "moving_mean"},
                                               {"running_std", "moving_variance"}, // it holds the variance
                                               {"depthwise_kernel", "depthwise_kernel"},
                                               {"pointwise_kernel", "pointwise_kernel"},
                                               {"alphas", "alpha"}}};

/// How well a weight's name fits a layer: how many names of the layer's path below its group are in it, in order; 0 unless the last is.
std::size_t fit(const std::vector<std::string>& path, std::string_view weight)
{
    const auto slash = weight.rfind('/');
    const std::string folder = "/" + std::string(weight.substr(0, slash == std::string_view::npos ? 0 : slash)) + "/";
    std::size_t score = 0, position = 0;
    for (std::size_t i = 1; i < path.size(); ++i) {
        const auto found = folder.find("/" + path[i] + "/", position);
        if (found != std::string::npos) {
            ++score;
            position = found + path[i].size() + 1;
        } else if (i + 1 == path.size()) {
            return weight.starts_with(path[i] + "_") ? 1 : 0; // Keras 1: "dense_1_W"
        }
    }
    return score;
}

/// Reads a group of weights for each layer.
class Groups
{
public:
    Groups(KerasParameters& parameters, const H5Contents& contents, std::string root)
        : m_parameters(parameters), m_contents(contents), m_root(std::move(root))
    {
    }

    /// Hands every dataset that the group names to `take(name, dataset)`.
    template <typename Take>
    void each(const std::string& layer, Take take)
    {
        const auto path = joined(m_root, layer);
        const auto* group = m_contents.group(path);
        if (!group)
            return;
        for (const auto& name : namesAttribute(*group, "weight_names").value_or(std::vector<std::string>())) {
            if (!m_used.insert(joined(path, name)).second)
                m_parameters.note("keras-weight-twice", "it is named twice", joined(path, name), Note::Severity::Warning);
            else if (const auto* dataset = m_contents.dataset(joined(path, name)))
                take(name, *dataset);
            else
                m_parameters.note("keras-weight-absent", "it is named, but not in the file", joined(path, name), Note::Severity::Error);
        }
    }

    void noteLeftOver()
    {
        for (const auto& dataset : m_contents.datasets)
            if (dataset.path.starts_with(m_root == "/" ? m_root : m_root + "/") && !m_used.contains(dataset.path))
                m_parameters.note("keras-weight-left-over", "no layer names it as its weight", dataset.path, Note::Severity::Warning);
    }

private:
    KerasParameters& m_parameters;
    const H5Contents& m_contents;
    std::string m_root;
    std::unordered_set<std::string> m_used;
};

/// The layer inside of a group that a weight belongs to, by the folders of its name: "mid" has "inner/b/kernel:0" of "inner/b", "dense"
/// has "sequential/dense/kernel" itself. The parts of one layer, as the cell of an LSTM, stay together. Empty: the group's own.
std::string innerLayer(std::string_view group, std::string_view weight)
{
    constexpr std::array<std::string_view, 6> parts{"cell", "seed_generator", "query", "key", "value", "attention_output"};
    const auto slash = weight.rfind('/');
    if (slash == std::string_view::npos)
        return {};
    const std::string folder = "/" + std::string(weight.substr(0, slash)) + "/", own = "/" + std::string(group) + "/";
    const auto found = folder.find(own);
    std::string inner;
    for (std::size_t start = found == std::string::npos ? 1 : found + own.size(); start < folder.size();) {
        const auto end = folder.find('/', start);
        const auto part = std::string_view(folder).substr(start, end - start);
        if (part.ends_with("_cell") || part.ends_with("_cells") || std::find(parts.begin(), parts.end(), part) != parts.end())
            break;
        inner += (inner.empty() ? "" : "/") + std::string(part);
        start = end + 1;
    }
    return inner;
}

/// Of Keras 0 or 1, as far as the file tells.
bool isOldVersion(std::string_view version)
{
    return version.empty() || version.starts_with("1.") || version.starts_with("0.");
}

/// The layers whose weights one group holds.
class Members
{
public:
    void add(const KerasLayer& layer)
    {
        m_all.push_back(&layer);
        m_byName[layer.path.back()].push_back(&layer);
    }

    bool isEmpty() const { return m_all.empty(); }

    /// The layer that a weight belongs to: by its name; a wrapper's only layer gets what bears no name.
    const KerasLayer& owner(std::string_view weight) const
    {
        const KerasLayer* best = nullptr;
        std::size_t most = 0;
        const auto look = [&](const KerasLayer* layer) {
            if (const auto score = fit(layer->path, weight); score > most) {
                most = score;
                best = layer;
            }
        };
        for (std::size_t start = 0, slash = 0; (slash = weight.find('/', start)) != std::string_view::npos; start = slash + 1)
            if (const auto found = m_byName.find(std::string(weight.substr(start, slash - start))); found != m_byName.end())
                std::for_each(found->second.begin(), found->second.end(), look);
        if (weight.find('/') == std::string_view::npos && m_all.size() > 1)
            std::for_each(m_all.begin(), m_all.end(), look);
        if (best)
            return *best;
        return m_all.size() == 2 && m_all[1]->isInner ? *m_all[1] : *m_all.front();
    }

private:
    std::vector<const KerasLayer*> m_all;
    std::unordered_map<std::string, std::vector<const KerasLayer*>> m_byName;
};

// h5py writes bfloat16 as two opaque bytes without any mark; the layer's configuration knows.
H5Dataset withType(H5Dataset dataset, const KerasLayer& layer)
{
    if (dataset.opaque && dataset.opaqueSize == 2 && variableType(layer.config) == "bfloat16") {
        dataset.source.dtype = DType::BFloat16;
        dataset.source.data = *dataset.opaque;
        dataset.problem.clear();
    }
    return dataset;
}

}

std::string kerasRole(std::string_view weightName, std::string_view layerName)
{
    constexpr std::array<std::string_view, 4> attention{"query", "key", "value", "attention_output"};
    const std::size_t last = weightName.rfind('/');
    auto part = withoutIndex(weightName.substr(last + 1));
    const std::string_view folder = last == std::string_view::npos ? std::string_view() : weightName.substr(0, last);
    const std::string_view inner = folder.substr(folder.rfind('/') + 1);
    if (inner != layerName && inner.size() < folder.size() && std::find(attention.begin(), attention.end(), inner) != attention.end())
        return fmt::format("{}/{}", inner, part);
    if (part.size() <= layerName.size() + 1 || !part.starts_with(layerName) || part[layerName.size()] != '_')
        return std::string(part);
    part = part.substr(layerName.size() + 1);
    for (const auto& name : keras1Names)
        if (part == name.keras1)
            return std::string(name.today);
    return std::string(part);
}

std::string guessedBackend(const H5Contents& contents, const std::string& root)
{
    bool any = false;
    for (const auto& dataset : contents.datasets) {
        if (!dataset.path.starts_with(root == "/" ? root : root + "/"))
            continue;
        any = true;
        if (withoutIndex(dataset.path).size() != dataset.path.size())
            return "tensorflow";
    }
    return any ? "theano" : "";
}

void addKerasWeights(Model& model, const KerasGraph& flat, const H5Contents& contents, const std::string& root,
                     const KerasProducer& producer)
{
    KerasParameters parameters(model);
    Groups groups(parameters, contents, root);
    std::unordered_map<std::string, Members> members;
    std::vector<std::string> order;
    for (const auto& layer : flat.layers) {
        if (layer.isImplied)
            continue;
        auto& list = members[layer.path.front()];
        if (list.isEmpty())
            order.push_back(layer.path.front());
        list.add(layer);
    }
    const bool mayBeOld = producer.backend == "theano" || isOldVersion(producer.version);
    for (const auto& name : order)
        groups.each(name, [&](const std::string& weight, const H5Dataset& dataset) {
            const auto& owner = held(members, name).owner(weight);
            const auto index = static_cast<std::size_t>(parameters.layerIndex(owner.partOf.empty() ? owner.name : owner.partOf));
            const std::string role = kerasRole(weight, owner.path.back());
            H5Dataset typed = withType(dataset, owner);
            if (mayBeOld && role == "kernel" && typed.problem.empty())
                toModernKernel(typed.source, weight, owner, producer);
            parameters.add(index, weight, roleInLayer(owner, role), typed);
        });
    parameters.match();
    groups.each("top_level_model_weights", [](const std::string&, const H5Dataset&) {});
    groups.noteLeftOver();
}

Model kerasWeightsModel(const H5Contents& contents, const std::string& root, std::string_view version)
{
    Model model;
    model.framework = Framework::Keras;
    KerasParameters parameters(model);
    Groups groups(parameters, contents, root);
    std::vector<std::string> nested;
    for (const auto& group : namesAttribute(*contents.group(root), "layer_names").value_or(std::vector<std::string>())) {
        std::unordered_map<std::string, std::size_t> layers;
        const auto layerIndex = [&](const std::string& name) {
            const auto [entry, isNew] = layers.emplace(name, model.layers.size());
            if (isNew)
                model.layers.push_back({name, "", {}, {}, true});
            return entry->second;
        };
        groups.each(group, [&](const std::string& weight, const H5Dataset& dataset) {
            const auto inner = innerLayer(group, weight);
            parameters.add(layerIndex(inner.empty() ? group : group + "/" + inner), weight,
                           kerasRole(weight, inner.empty() ? group : inner), dataset);
        });
        if (layers.empty())
            layerIndex(group);
        else if (layers.size() > 1)
            nested.push_back(group);
    }
    const bool isOld = isOldVersion(version);
    guessKerasKinds(model, parameters, isOld && guessedBackend(contents, root) == "theano" ? std::string(theanoReason) : "");
    const auto isListed = [](const Parameter& one) { return one.name.starts_with(one.layer + "/"); }; // not in a class of one's own
    if (nested.empty() && std::all_of(model.parameters.begin(), model.parameters.end(), isListed))
        layers::labelFeatures(model);
    groups.noteLeftOver();
    if (!nested.empty())
        parameters.note(
            "keras-nested-order",
            fmt::format("The layers inside {} are listed as their weights are: Keras writes trainable ones first, so where some "
                        "were frozen this is not the order of computation.",
                        fmt::join(nested, ", ")),
            "", Note::Severity::Info);
    if (isOld)
        parameters.note("keras-1", "Keras 1 wrote these weights: kernels may be stored in other orders than today's", "",
                        Note::Severity::Warning);
    return model;
}

bool isKeras0(const H5Contents& contents, const std::string& root)
{
    const auto* group = contents.group(root);
    return group && group->attributes.contains("nb_layers") && contents.group(joined(root, "layer_0"));
}

Model keras0WeightsModel(const H5Contents& contents, const std::string& root)
{
    Model model;
    model.framework = Framework::Keras;
    for (std::size_t i = 0; contents.group(joined(root, fmt::format("layer_{}", i))); ++i)
        model.layers.push_back({fmt::format("layer_{}", i), "", {}, {}, true});
    KerasParameters parameters(model);
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
        const auto path = joined(root, model.layers[i].name);
        std::vector<const H5Dataset*> found;
        while (const auto* dataset = contents.dataset(fmt::format("{}/param_{}", path, found.size())))
            found.push_back(dataset);
        const auto rankOf = [&](std::size_t k) { return k < found.size() ? found[k]->source.shape.size() : std::size_t{0}; };
        const bool isSimple = found.size() == 2 && rankOf(0) >= 2 && rankOf(1) == 1;
        for (std::size_t k = 0; k < found.size(); ++k)
            parameters.add(i, fmt::format("{}/param_{}", model.layers[i].name, k),
                           isSimple ? (k == 0 ? "kernel" : "bias") : fmt::format("param_{}", k), *found[k]);
    }
    guessKerasKinds(model, parameters, std::string(theanoReason));
    parameters.note("keras-1", "Keras 0 wrote these weights: kernels may be stored in other orders than today's", "",
                    Note::Severity::Warning);
    return model;
}

}
