// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/keras/apart.h"

#include "core/formats/keras/config/config.h"
#include "core/formats/keras/graph/nest.h"
#include "core/formats/keras/graph/ops.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <optional>

namespace core::formats {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t fileLimit = std::uint64_t{64} << 20;
constexpr std::size_t mostEntries = 10'000, mostConfigs = 100; ///< of a folder that are looked at

/// The text, and who wrote it: Keras 2 says so, Keras 3 names modules instead. Throws Error.
KerasConfigFile configFile(const std::string& path)
{
    const auto file = File::open(path);
    if (file->size() > fileLimit)
        throw Error("keras-config").file(path).expected(fmt::format("at most {} bytes", fileLimit)).found(fmt::format("{}", file->size()));
    const auto bytes = file->read(0, file->size());
    KerasConfigFile config{path, parseJson({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, path), {}};
    if (!tellsLayers(config.root))
        throw Error("keras-config").file(path).expected("a Keras architecture, as model.to_json() writes it").found("no layers");
    config.producer = {textIn(config.root, "keras_version"), textIn(config.root, "backend")};
    if (config.producer.version.empty() && config.root.contains("module"))
        config.producer.version = "3";
    return config;
}

/// Why the weights are not those of the architecture that they were put into; empty when they are.
std::string misfit(const Model& model)
{
    constexpr std::array<std::string_view, 5> signs{"keras-weight-left-over", "keras-weight-missing", "keras-weight-unknown",
                                                    "keras-weight-shape", "keras-layer"};
    for (const auto& note : model.notes)
        if (std::find(signs.begin(), signs.end(), note.message.id) != signs.end())
            return fmt::format("{}: {}", printable(note.where), note.message.text);
    return {};
}

/// "net_config.json", "net.weights.h5" -> "net".
std::string stem(const fs::path& path)
{
    constexpr std::array<std::string_view, 4> words{"weights", "config", "architecture", "model"};
    std::string name = path.stem().string();
    for (bool more = true; more;) {
        more = false;
        for (const auto word : words)
            if (name.size() > word.size() && name.ends_with(word) &&
                std::string_view("._-").find(name[name.size() - word.size() - 1]) != std::string_view::npos) {
                name.resize(name.size() - word.size() - 1);
                more = true;
            }
    }
    return name;
}

/// The .json files beside `weights`, by name.
std::vector<std::string> configsBeside(const std::string& weights)
{
    std::vector<std::string> paths;
    std::error_code ignored;
    std::size_t looked = 0;
    const fs::path folder = fs::path(weights).parent_path();
    for (fs::directory_iterator entry(folder.empty() ? "." : folder, ignored), end; entry != end && looked < mostEntries;
         entry.increment(ignored), ++looked)
        if (entry->path().extension() == ".json" && entry->is_regular_file(ignored))
            paths.push_back(folder.empty() ? entry->path().filename().string() : entry->path().string());
    std::sort(paths.begin(), paths.end());
    paths.resize(std::min(paths.size(), mostConfigs));
    return paths;
}

Model told(Model model, const KerasConfigFile& config, bool isFound)
{
    model.origin.architecture = config.path;
    const auto name = printable(fs::path(config.path).filename().string());
    model.notes.push_back({{"keras-config-apart",
                            {config.path},
                            isFound ? fmt::format("Its layers are those of {}, which lies beside it and fits its weights.", name)
                                    : fmt::format("Its layers are those of {}.", name)},
                           Note::Severity::Info,
                           ""});
    return model;
}

/// Of a configuration that nobody named, the layers' names have to be those of the weights, too.
std::optional<Model> fitting(const KerasConfigFile& config, const std::function<Model(const KerasConfigFile&)>& wire)
{
    Model model = wire(config);
    const bool isNamedAlike =
        std::none_of(model.notes.begin(), model.notes.end(), [](const Note& note) { return note.message.id == configNamesNote; });
    return isNamedAlike && misfit(model).empty() ? std::optional(std::move(model)) : std::nullopt;
}

}

Model withConfigApart(Model bare, const File& weights, const std::string& given, const std::function<Model(const KerasConfigFile&)>& wire)
{
    if (!given.empty()) {
        const auto config = configFile(given);
        Model model = wire(config);
        if (const std::string why = misfit(model); !why.empty())
            throw Error("keras-config-fit")
                .file(given)
                .expected(fmt::format("the architecture of the weights in {}", printable(fs::path(weights.path()).filename().string())))
                .found(why);
        return told(std::move(model), config, false);
    }
    std::vector<std::pair<KerasConfigFile, Model>> found;
    for (const auto& path : configsBeside(weights.path())) {
        try {
            auto config = configFile(path);
            if (auto model = fitting(config, wire))
                found.emplace_back(std::move(config), std::move(*model));
        } catch (const Cancelled&) {
            throw;
        } catch (const std::exception&) { // some other JSON
        }
    }
    if (found.size() > 1)
        if (const auto own =
                std::partition(found.begin(), found.end(), [&](const auto& each) { return stem(each.first.path) == stem(weights.path()); });
            own != found.begin())
            found.erase(own, found.end());
    if (found.size() == 1)
        return told(std::move(found[0].second), found[0].first, true);
    if (!found.empty()) {
        std::vector<std::string> names;
        for (const auto& [config, model] : found)
            names.push_back(printable(fs::path(config.path).filename().string()));
        bare.notes.push_back(
            {{"keras-configs-apart", names,
              fmt::format("Several architectures beside it fit its weights: {}. Which is meant is not told.", fmt::join(names, ", "))},
             Note::Severity::Warning,
             ""});
    }
    return bare;
}

Model wiredStore(const KerasGraph& graph, const KerasStore& store, const std::string& version, const std::string& where)
{
    const auto flat = flattened(graph, where);
    auto model = kerasModel(flat, version, "", where);
    addStoreWeights(model, graph, flat, store, version, where);
    finishKerasModel(model);
    return model;
}

Model storeWithConfigApart(const KerasStore& store, const File& weights, const std::string& given)
{
    const auto withOrigin = [](Model model, const std::string& producer) {
        model.origin.format = "keras-v3-weights";
        model.origin.content = "weights";
        model.origin.producer = producer;
        return model;
    };
    return withConfigApart(withOrigin(storeModel(store), "Keras"), weights, given, [&](const KerasConfigFile& config) {
        const auto graph = kerasGraph(Json(config.root), config.path);
        auto model = wiredStore(graph, store, config.producer.version, config.path);
        if (const auto difference = storeDifference(graph, flattened(graph, config.path), store, config.path); !difference.empty())
            model.notes.push_back({{std::string(configNamesNote), {}, difference}, Note::Severity::Warning, ""});
        return withOrigin(std::move(model), config.producer.text());
    });
}

}
