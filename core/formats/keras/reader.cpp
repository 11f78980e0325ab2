// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/hdf5/h5file.h"
#include "core/formats/keras/apart.h"
#include "core/formats/keras/config/entries.h"
#include "core/formats/keras/finish.h"
#include "core/formats/keras/graph/nest.h"
#include "core/formats/keras/graph/ops.h"
#include "core/formats/keras/keras.h"
#include "core/formats/keras/weights/naturalorder.h"
#include "core/formats/keras/weights/store.h"
#include "core/formats/keras/weights/weights.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace core::formats {

namespace {

std::string below(const std::string& group, const std::string& name)
{
    return (group == "/" ? "" : group) + "/" + name;
}

std::string attribute(const H5Contents& contents, const std::string& path, const std::string& name)
{
    const auto* group = contents.group(path);
    return group ? textAttribute(*group, name).value_or("") : "";
}

bool hasNames(const H5Contents& contents, const std::string& path)
{
    const auto* group = contents.group(path);
    return group && namesAttribute(*group, "layer_names");
}

/// The outermost group that `isIt`: some containers hold a model one level down or two ("model/kerasmodel"). Null when there is none.
template <typename Test>
const H5Group* outermost(const H5Contents& contents, Test isIt)
{
    const auto depth = [](const H5Group& group) { return group.path == "/" ? 0 : std::count(group.path.begin(), group.path.end(), '/'); };
    const H5Group* best = nullptr;
    for (const auto& group : contents.groups)
        if (isIt(group) && (!best || depth(group) < depth(*best)))
            best = &group;
    return best;
}

KerasProducer producerOf(const H5Contents& contents, const std::string& base, const std::string& weights)
{
    KerasProducer producer;
    for (const auto& path : {base, weights}) {
        if (producer.version.empty())
            producer.version = attribute(contents, path, "keras_version");
        if (producer.backend.empty())
            producer.backend = attribute(contents, path, "backend");
    }
    return producer;
}

Model withOrigin(Model model, std::string format, std::string content, std::string producer)
{
    model.origin.format = std::move(format);
    model.origin.content = std::move(content);
    model.origin.producer = std::move(producer);
    return model;
}

/// Says where the weights below `root` are of other layers than the configuration's, all of which the file names.
void noteNames(Model& model, const KerasGraph& flat, const H5Contents& contents, const std::string& root)
{
    const auto* group = contents.group(root);
    const auto listed = group ? namesAttribute(*group, "layer_names") : std::nullopt;
    if (!listed)
        return;
    std::set<std::string> told(listed->begin(), listed->end()), known, inputs;
    for (const auto& layer : flat.layers)
        (layer.isImplied || layer.className == "InputLayer" ? inputs : known).insert(layer.path.front());
    told.erase("top_level_model_weights");
    const auto stranger = std::find_if(known.begin(), known.end(), [&](const auto& name) { return !told.contains(name); });
    const auto missing =
        std::find_if(told.begin(), told.end(), [&](const auto& name) { return !known.contains(name) && !inputs.contains(name); });
    if (stranger != known.end() || missing != told.end())
        model.notes.push_back({{std::string(configNamesNote),
                                {},
                                stranger != known.end() ? fmt::format("the weights have no layer {}", printable(*stranger))
                                                        : fmt::format("the weights have a layer {} that it has not", printable(*missing))},
                               Note::Severity::Warning,
                               ""});
}

void addOptimizer(Model& model, const H5Contents& contents, const std::string& base)
{
    const auto folder = below(base, "optimizer_weights/");
    for (const auto& dataset : contents.datasets)
        if (dataset.path.starts_with(folder))
            addDatasetEntry(model, dataset.path.substr(folder.size() - std::string_view("optimizer_weights/").size()), dataset);
}

/// A configuration and the weights below `root`, a group for each layer.
Model wiredModel(const KerasGraph& flat, const KerasProducer& producer, const H5Contents& contents, const std::string& root,
                 const std::string& where)
{
    KerasProducer known = producer;
    if (known.backend.empty() && (known.version.starts_with("0.") || known.version.starts_with("1.")))
        known.backend = guessedBackend(contents, root);
    auto model = kerasModel(flat, known.version, known.backend, where);
    addKerasWeights(model, flat, contents, root, known);
    finishKerasModel(model);
    return model;
}

/// Reads weights without an architecture: alone, or together with one that lies apart.
class WeightsReader
{
public:
    WeightsReader(const File& file, const H5Contents& contents, std::string config)
        : m_file(file), m_contents(contents), m_config(std::move(config))
    {
    }

    Model legacy(const std::string& root, const KerasProducer& producer, const std::string& format) const
    {
        auto bare = withOrigin(kerasWeightsModel(m_contents, root, producer.version), format, "weights", producer.text());
        return withConfigApart(std::move(bare), m_file, m_config, [&](const KerasConfigFile& config) {
            KerasProducer own = config.producer;
            if (own.version.empty())
                own.version = producer.version;
            if (own.backend.empty())
                own.backend = producer.backend;
            const auto flat = flattened(kerasGraph(Json(config.root), config.path), config.path);
            auto model = wiredModel(flat, own, m_contents, root, config.path);
            noteNames(model, flat, m_contents, root);
            return withOrigin(std::move(model), format, "weights", own.text());
        });
    }

    Model store() const
    {
        auto listed = m_contents;
        listed.notes.clear();
        return storeWithConfigApart(kerasStore(std::move(listed)), m_file, m_config);
    }

private:
    const File& m_file;
    const H5Contents& m_contents;
    std::string m_config;
};

Model fullModel(const H5Contents& contents, const std::string& base, const File& file, const WeightsReader& weights)
{
    const auto where = file.path() + ", model_config";
    const auto root = below(base, "model_weights");
    const auto producer = producerOf(contents, base, root);
    Json config = parseJson(attribute(contents, base, "model_config"), where);
    if (!textIn(config, "class_name").empty() && !tellsLayers(config) && hasNames(contents, root)) {
        auto model = weights.legacy(root, producer, "keras-h5");
        addJsonEntries(model, "model_config", config);
        return model;
    }
    auto model = wiredModel(flattened(kerasGraph(std::move(config), where), where), producer, contents, root, where);
    addTextEntries(model, "training_config", attribute(contents, base, "training_config"));
    addOptimizer(model, contents, base);
    return withOrigin(std::move(model), "keras-h5", "model", producer.text());
}

Model plainHdf5(const H5Contents& contents)
{
    Model model;
    std::unordered_map<std::string, std::size_t> layers;
    std::vector<const H5Dataset*> datasets;
    for (const auto& dataset : contents.datasets)
        datasets.push_back(&dataset);
    std::stable_sort(datasets.begin(), datasets.end(),
                     [](const H5Dataset* a, const H5Dataset* b) { return naturalLess(a->path, b->path); });
    for (const auto* listed : datasets) {
        const auto& dataset = *listed;
        const auto name = dataset.path.substr(1);
        const auto slash = name.rfind('/');
        Parameter parameter;
        parameter.name = name;
        parameter.layer = slash == std::string::npos ? "/" : name.substr(0, slash);
        parameter.role = slash == std::string::npos ? name : name.substr(slash + 1);
        parameter.source = dataset.source;
        parameter.problem = dataset.problem;
        const auto [entry, isNew] = layers.emplace(parameter.layer, model.layers.size());
        if (isNew)
            model.layers.push_back({parameter.layer, "", {}, {}, false});
        model.layers[entry->second].parameters.push_back(name);
        model.parameters.push_back(std::move(parameter));
    }
    model.notes.push_back({{"hdf5-plain", {}, "an HDF5 file that is no Keras model"}, Note::Severity::Warning, ""});
    return withOrigin(std::move(model), "hdf5", "tensors", "");
}

Model modelOf(const H5Contents& contents, const File& file, const std::string& config)
{
    const WeightsReader weights(file, contents, config);
    if (const auto* base = outermost(contents, [](const H5Group& group) { return textAttribute(group, "model_config").has_value(); }))
        return fullModel(contents, base->path, file, weights);
    if (const auto* base = outermost(contents, [](const H5Group& group) { return namesAttribute(group, "layer_names").has_value(); }))
        return weights.legacy(base->path, producerOf(contents, "/", base->path), "keras-h5-weights");
    if (isKerasStore(contents))
        return weights.store();
    if (const auto* base = outermost(contents, [&](const H5Group& group) { return isKeras0(contents, group.path); }))
        return withOrigin(keras0WeightsModel(contents, base->path), "keras-h5-weights", "weights", "Keras 0");
    return plainHdf5(contents);
}

Model readKerasH5With(std::shared_ptr<const File> file, const std::string& config, const Progress& progress)
{
    const auto contents = listH5(H5Place(file), progress);
    return guardedKeras(*file, [&] {
        auto model = modelOf(contents, *file, config);
        model.notes.insert(model.notes.end(), contents.notes.begin(), contents.notes.end());
        return model;
    });
}

Model readKerasH5(std::shared_ptr<const File> file, const Progress& progress)
{
    return readKerasH5With(std::move(file), "", progress);
}

}

const Format kerasH5{"keras-h5", Framework::Keras, "*.h5 *.hdf5 *.keras", isHdf5, readKerasH5, readKerasH5With};

}
