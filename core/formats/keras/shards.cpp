// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/foreign.h"
#include "core/formats/keras/apart.h"
#include "core/formats/keras/config/entries.h"
#include "core/formats/keras/finish.h"
#include "core/formats/keras/keras.h"
#include "core/formats/keras/weights/store.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <set>

namespace core::formats {

namespace {

constexpr std::uint64_t indexLimit = std::uint64_t{64} << 20;
constexpr std::size_t shardLimit = 4096;

/// Shards in order. Names with folders in them would lead elsewhere: those of Keras have none.
std::vector<std::string> shardNames(const Json& map, const std::string& path)
{
    std::set<std::string> names;
    for (const auto& [variables, files] : map.items())
        for (const auto& name : files.is_array() ? files : Json::array({files})) {
            const auto text = name.get<std::string>();
            if (text.empty() || text.find('/') != std::string::npos || text == "..")
                throw Error("keras-shard").file(path).expected("shards beside the file").found(printable(text)).at(printable(variables));
            names.insert(text);
        }
    if (names.size() > shardLimit)
        throw Error("keras-shard").file(path).expected(fmt::format("at most {} shards", shardLimit)).found(std::to_string(names.size()));
    return {names.begin(), names.end()};
}

void addShard(KerasStore& store, const std::string& path, const Progress& progress)
{
    auto shard = kerasStore(listH5(H5Place(File::open(path)), progress));
    std::move(shard.tensors.begin(), shard.tensors.end(), std::back_inserter(store.tensors));
    std::move(shard.notes.begin(), shard.notes.end(), std::back_inserter(store.notes));
    store.names.merge(shard.names);
    store.objects.insert(store.objects.end(), shard.objects.begin(), shard.objects.end());
}

/// A variable that two shards hold is taken from the first.
void dropTwins(KerasStore& store)
{
    store.sort();
    const auto twin =
        std::unique(store.tensors.begin(), store.tensors.end(), [](const H5Dataset& a, const H5Dataset& b) { return a.path == b.path; });
    if (twin != store.tensors.end())
        store.notes.push_back(
            {{"keras-shard-twice", {}, "Some variables are in two shards; the first counts."}, Note::Severity::Warning, ""});
    store.tensors.erase(twin, store.tensors.end());
}

void noteMissing(KerasStore& store, const Json& map)
{
    std::set<std::string> folders;
    for (const auto& tensor : store.tensors)
        folders.insert("/" + tensor.path.substr(0, tensor.path.rfind('/')));
    for (const auto& [variables, files] : map.items())
        if (!folders.contains(variables))
            store.notes.push_back({{"keras-weight-absent", {variables}, "it is named, but in none of the shards"},
                                   Note::Severity::Error,
                                   printable(variables)});
}

Model readShardsWith(std::shared_ptr<const File> file, const std::string& config, const Progress& progress)
{
    return guardedKeras(*file, [&] {
        if (file->size() > indexLimit)
            throw Error("keras-shard")
                .expected(fmt::format("an index of at most {} bytes", indexLimit))
                .found(std::to_string(file->size()));
        const auto bytes = file->read(0, file->size());
        const Json index = parseJson({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, file->path());
        const auto found = index.find("weight_map");
        if (found == index.end() || !found->is_object())
            throw Error("keras-shard")
                .expected("a weight_map of variables to shards")
                .found(found == index.end() ? "none" : found->type_name());
        const Json& map = *found;
        KerasStore store;
        const auto names = shardNames(map, file->path());
        const auto folder = std::filesystem::path(file->path()).parent_path();
        for (std::size_t i = 0; i < names.size(); ++i) {
            progress.report(static_cast<double>(i) / static_cast<double>(names.size()));
            addShard(store, (folder / names[i]).string(), progress);
        }
        dropTwins(store);
        noteMissing(store, map);
        auto model = storeWithConfigApart(store, *file, config);
        model.notes.insert(model.notes.end(), store.notes.begin(), store.notes.end());
        model.entries.push_back({"shards", std::to_string(names.size())});
        if (const auto metadata = index.find("metadata"); metadata != index.end())
            addJsonEntries(model, "metadata", *metadata);
        return model;
    });
}

Model readShards(std::shared_ptr<const File> file, const Progress& progress)
{
    return readShardsWith(std::move(file), "", progress);
}

/// A JSON text whose weight_map names shards of Keras (.weights.h5). Its metadata stand first.
bool isShards(std::span<const std::byte> head, const File&)
{
    const std::string_view text(reinterpret_cast<const char*>(head.data()), head.size());
    const auto first = text.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && text[first] == '{' && text.find("\"weight_map\"") != std::string_view::npos &&
           text.find(".weights.h5\"") != std::string_view::npos;
}

}

const Format kerasShards{"keras-v3-weights", Framework::Keras, "*.weights.json", isShards, readShards, readShardsWith};

}
