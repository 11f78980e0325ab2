// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/keras/apart.h"
#include "core/formats/keras/config/entries.h"
#include "core/formats/keras/keras.h"
#include "core/formats/keras/weights/npz.h"
#include "core/formats/keras/weights/store.h"
#include "core/formats/zip/zipdirectory.h"
#include "core/formats/zip/zipparser.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::formats {

namespace {

constexpr std::uint64_t configLimit = std::uint64_t{256} << 20, metadataLimit = std::uint64_t{1} << 20;
constexpr std::uint64_t inflatedFloor = std::uint64_t{256} << 20; ///< deflated weights may be this large, or twice the file

class KerasZipReader
{
public:
    KerasZipReader(std::shared_ptr<const File> file, const Progress& progress)
        : m_file(std::move(file)), m_progress(progress), m_directory(ZipDirectory::read(m_file, progress))
    {
        findRoot();
    }

    Model read()
    {
        const Json metadata = m_directory.find(m_root + "metadata.json") ? jsonOf("metadata.json", metadataLimit) : Json::object();
        m_producer.version = textIn(metadata, "keras_version");
        auto model = content();
        model.origin.format = kerasZip.id;
        model.origin.producer = m_producer.text();
        addJsonEntries(model, "metadata", metadata);
        addOthers(model);
        return model;
    }

private:
    /// People unpack archives and pack the folder again: then all lies one folder down.
    void findRoot()
    {
        for (const auto& entry : m_directory.entries()) {
            const auto slash = entry.name.find('/');
            const auto name = std::string_view(entry.name).substr(slash == std::string::npos ? 0 : slash + 1);
            if (name == "config.json" || name.starts_with("model.weights."))
                m_roots.push_back(entry.name.substr(0, entry.name.size() - name.size()));
        }
        m_root = m_roots.empty() ? "" : *std::min_element(m_roots.begin(), m_roots.end());
    }

    std::string where(std::string_view entry) const { return m_file->path() + ", " + std::string(entry); }

    Json jsonOf(const std::string& name, std::uint64_t limit) const
    {
        const auto bytes = m_directory.contents(*m_directory.find(m_root + name), limit);
        return parseJson({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, where(name));
    }

    Model content()
    {
        const auto weights = store();
        Json config = m_directory.find(m_root + "config.json") ? jsonOf("config.json", configLimit) : Json();
        if (!tellsLayers(config))
            return weightsOnly(weights, config);
        const Json compiled = config.value("compile_config", Json());
        const auto graph = kerasGraph(std::move(config), where("config.json"));
        auto model = wiredStore(graph, weights, m_producer.version, where("config.json"));
        model.notes.insert(model.notes.end(), m_notes.begin(), m_notes.end());
        model.notes.insert(model.notes.end(), weights.notes.begin(), weights.notes.end());
        if (compiled.is_object() && !compiled.empty())
            addJsonEntries(model, "compile_config", compiled);
        model.origin.content = "model";
        return model;
    }

    Model weightsOnly(const KerasStore& weights, const Json& config) const
    {
        auto model = storeModel(weights);
        model.notes.insert(model.notes.end(), m_notes.begin(), m_notes.end());
        const auto className = textIn(config, "class_name");
        model.notes.push_back(
            {{"keras-no-layers",
              {className},
              className.empty() ? std::string("There is no config.json with a model: only the weights are known.")
                                : fmt::format("The model is of the class {}, whose layers only its code knows.", printable(className))},
             Note::Severity::Warning,
             ""});
        if (config.is_object())
            addJsonEntries(model, "config", config);
        model.origin.content = "weights";
        return model;
    }

    KerasStore store()
    {
        if (const auto* entry = m_directory.find(m_root + "model.weights.h5"))
            return kerasStore(listH5(placeOf(*entry), m_progress));
        if (const auto* entry = m_directory.find(m_root + "model.weights.npz"))
            return npzStore(File::inMemory(where(entry->name), m_directory.contents(*entry, inflatedLimit())), m_progress);
        m_notes.push_back({{"keras-no-weights", {}, "There is no model.weights.h5 in the archive, so no layer has its weights."},
                           Note::Severity::Error,
                           ""});
        return {};
    }

    /// A stored entry lies in the file as it is; a deflated one is unpacked into memory.
    H5Place placeOf(const ZipEntry& entry) const
    {
        if (entry.isStored())
            return {m_file, entry.offset, entry.packedSize};
        return H5Place(File::inMemory(where(entry.name), m_directory.contents(entry, inflatedLimit())));
    }

    std::uint64_t inflatedLimit() const { return std::max(inflatedFloor, 2 * m_file->size()); }

    void addOthers(Model& model) const
    {
        for (const auto& entry : m_directory.entries()) {
            const auto known = [&](std::string_view name) { return entry.name == m_root + std::string(name); };
            if (!known("config.json") && !known("metadata.json") && !known("model.weights.h5") && !known("model.weights.npz") &&
                !entry.name.ends_with('/'))
                model.entries.push_back({printable(entry.name), fmt::format("a record of {} bytes", entry.size)});
        }
    }

    std::shared_ptr<const File> m_file;
    const Progress& m_progress;
    ZipDirectory m_directory;
    std::string m_root;
    std::vector<std::string> m_roots;
    std::vector<Note> m_notes;
    KerasProducer m_producer;
};

bool isKerasZip(std::span<const std::byte> head, const File& file)
{
    if (!ZipDirectory::matches(head))
        return false;
    try {
        const ZipParser parser(file);
        return parser.hasName("model.weights.h5") || parser.hasName("model.weights.npz") ||
               (parser.hasName("config.json") && parser.hasName("metadata.json"));
    } catch (const Error&) {
        return false;
    }
}

Model readKerasZip(std::shared_ptr<const File> file, const Progress& progress)
{
    return guardedKeras(*file, [&] { return KerasZipReader(file, progress).read(); });
}

}

const Format kerasZip{"keras-v3", Framework::Keras, "*.keras", isKerasZip, readKerasZip};

}
