// SPDX-License-Identifier: GPL-3.0-or-later
// The stream of torch.save before 1.6: five pickles, then raw storages (formats.md A2).
#include "core/formats/foreign.h"
#include "core/formats/torch/torchformats.h"
#include "core/formats/torch/torchstorage.h"
#include "core/formats/torch/torchstream.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::formats {

using Type = PickleNode::Type;

namespace {

constexpr std::string_view magicBytes = "\x6C\xFC\x9C\x46\xF9\x20\x6A\xA8\x50\x19", magicDigits = "119547037146038801333356";

[[noreturn]] void fail(const TorchStream& stream, std::string_view expected, const std::string& found, std::string_view at)
{
    throw Error("torch-legacy").file(stream.path()).expected(expected).found(found).at(at);
}

/// The first three pickles: the magic number and the protocol spelled out as numbers (a call that would make them is not made), and what
/// the writing machine was.
void readHeader(TorchStream& stream, TorchContent& content, const Progress& progress)
{
    const Pickle magic = stream.pickle("the magic number", progress);
    if (!magic.root().is(Type::BigInt) || (magic.root().text != magicBytes && magic.root().text != magicDigits))
        fail(stream, "PyTorch's magic number", describe(magic.root(), 80), "byte 0");
    const Pickle protocol = stream.pickle("the protocol", progress);
    if (!protocol.root().is(Type::Int) || protocol.root().integer != 1001)
        fail(stream, "protocol 1001", describe(protocol.root(), 80), "the protocol");
    const Pickle machine = stream.pickle("sys_info", progress);
    if (const PickleNode* little = machine.root().value("little_endian"); little && little->is(Type::Bool) && !little->integer)
        content.notes.push_back(torchNote("torch-big-endian", Note::Severity::Info,
                                          "A big-endian machine wrote the file; PyTorch writes little-endian values there too."));
}

/// Bytes of an element of every storage that the pickle asks for.
std::unordered_map<std::string, std::int64_t> itemSizes(const Pickle& pickle)
{
    std::unordered_map<std::string, std::int64_t> sizes;
    for (const PickleNode* node : pickle.persistents()) {
        if (!isTorchStorage(*node))
            continue;
        try {
            const TorchStorageId id = torchStorageId(*node);
            sizes.emplace(id.key, static_cast<std::int64_t>(itemSize(id.dtype)));
        } catch (const TorchProblem&) {
            // Told by the tensor that uses it.
        }
    }
    return sizes;
}

/// Storages in the order of their keys: a length, then the values. From the first one whose length cannot be known on, the others' places
/// are not known either.
class StorageWalk
{
public:
    StorageWalk(TorchStream& stream, TorchContent& content) : m_stream(stream), m_content(content), m_sizes(itemSizes(content.pickle)) {}

    void run(const PickleNode& keys, const Progress& progress)
    {
        for (std::size_t i = 0; i < keys.items.size(); ++i) {
            if (i % 1024 == 0)
                progress.report(0.5 + 0.4 * static_cast<double>(i) / static_cast<double>(keys.items.size()));
            if (!keys.items[i]->is(Type::String))
                fail(m_stream, "the keys of storages", describe(*keys.items[i], 60), "the list of storages");
            add(keys.items[i]->text);
        }
        if (m_lost.empty() && m_stream.left() > 0)
            m_content.notes.push_back(
                torchNote("torch-trailing", Note::Severity::Warning, fmt::format("{} bytes follow the last storage.", m_stream.left())));
    }

private:
    void add(const std::string& key)
    {
        const std::string name = printable(key, 40);
        TorchStorage storage = next(key, name);
        if (!m_content.storages.emplace(key, std::move(storage)).second)
            m_content.notes.push_back(torchNote("torch-storage", Note::Severity::Warning,
                                                fmt::format("Storage {} is listed twice; the first is used.", name), {name}));
    }

    TorchStorage next(const std::string& key, const std::string& name)
    {
        if (!m_lost.empty())
            return {0, 0, m_lost, {}};
        const auto item = m_sizes.find(key);
        if (item == m_sizes.end()) {
            m_lost = fmt::format("it lies behind storage {}, which no tensor uses and whose size is therefore unknown", name);
            m_content.notes.push_back(torchNote("torch-storage", Note::Severity::Warning,
                                                fmt::format("Storage {} is in the list and no tensor uses it.", name), {name}));
            return {0, 0, m_lost, {}};
        }
        if (m_stream.left() < 8) {
            m_lost = "the file ends before it";
            return {0, 0, m_lost, {}};
        }
        const std::int64_t count = m_stream.integer(8, name);
        std::int64_t bytes = 0;
        if (count < 0 || __builtin_mul_overflow(count, item->second, &bytes)) {
            m_lost = fmt::format("storage {} claims {} elements", name, count);
            return {0, 0, m_lost, {}};
        }
        return m_stream.storage(static_cast<std::uint64_t>(bytes));
    }

    TorchStream& m_stream;
    TorchContent& m_content;
    std::unordered_map<std::string, std::int64_t> m_sizes;
    std::string m_lost; ///< why nothing behind it can be found
};

}

void readTorchStream(TorchStream& stream, TorchContent& content, const Progress& progress)
{
    readHeader(stream, content, progress);
    content.pickle = stream.pickle("the object", progress, std::uint64_t{1} << 18);
    const Pickle keys = stream.pickle("the list of storages", progress, std::uint64_t{1} << 16);
    if (!keys.root().is(Type::List))
        fail(stream, "the list of storages", describe(keys.root(), 80), "the fifth pickle");
    StorageWalk(stream, content).run(keys.root(), progress);
}

namespace {

/// The magic number as a pickler of any protocol writes it.
bool hasMagic(std::span<const std::byte> head)
{
    std::string_view bytes(reinterpret_cast<const char*>(head.data()), std::min<std::size_t>(head.size(), 64));
    if (bytes.starts_with('\x80'))
        bytes.remove_prefix(std::min<std::size_t>(2, bytes.size()));
    if (bytes.starts_with('\x95'))
        bytes.remove_prefix(std::min<std::size_t>(9, bytes.size()));
    if (bytes.starts_with("\x8A\x0A"))
        return bytes.substr(2).starts_with(magicBytes);
    return bytes.starts_with('L') && bytes.substr(1).starts_with(magicDigits);
}

Model readLegacy(std::shared_ptr<const File> file, const Progress& progress)
{
    TorchContent content;
    TorchStream stream(file, 0, file->size());
    content.file = file;
    readTorchStream(stream, content, progress);
    content.origin.path = file->path();
    content.origin.format = torchLegacy.id;
    content.origin.producer = "PyTorch's torch.save in its form before 1.6";
    content.origin.fileSize = file->size();
    return torchModel(std::move(content), progress);
}

}

const Format torchLegacy{"torch-legacy", Framework::Torch, "*.pt *.pth *.ckpt *.bin *.pkl *.th",
                         [](std::span<const std::byte> head, const File&) { return hasMagic(head); }, readLegacy};

}
