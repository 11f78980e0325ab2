// SPDX-License-Identifier: GPL-3.0-or-later
// The tar archive of PyTorch 0.1: members storages, tensors, pickle (formats.md A3).
#include "core/formats/foreign.h"
#include "core/formats/torch/torchformats.h"
#include "core/formats/torch/torchstorage.h"
#include "core/formats/torch/torchstream.h"

#include <fmt/format.h>
#include <map>

namespace core::formats {

using Type = PickleNode::Type;

namespace {

constexpr std::uint64_t block = 512;
constexpr std::int64_t countLimit = 1'000'000;

struct Member
{
    std::uint64_t offset = 0, size = 0;
};

[[noreturn]] void fail(const File& file, std::string_view expected, const std::string& found, const std::string& at)
{
    throw Error("torch-tar").file(file.path()).expected(expected).found(found).at(at);
}

/// A number of a tar header: octal digits between blanks.
std::uint64_t octal(const File& file, std::string_view field, std::uint64_t at)
{
    std::uint64_t value = 0;
    bool hasDigit = false;
    for (const char c : field) {
        if (c == '\0' || c == ' ') {
            if (hasDigit)
                break;
            continue;
        }
        if (c < '0' || c > '7')
            fail(file, "a size in octal digits", fmt::format("'{}'", printable(field, 40)), fmt::format("byte {}", at));
        value = value << 3 | static_cast<std::uint64_t>(c - '0');
        hasDigit = true;
    }
    return value;
}

/// Plain files of the archive by name, without a leading "./".
std::map<std::string, Member> members(const File& file)
{
    std::map<std::string, Member> result;
    for (std::uint64_t at = 0; at + block <= file.size() && result.size() < 64;) {
        const std::vector<std::byte> bytes = file.read(at, block);
        const std::string_view header(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        if (header.find_first_not_of('\0') == header.npos)
            break;
        if (!hasAt(bytes, 257, "ustar"))
            fail(file, "a member of the archive", "something else", fmt::format("byte {}", at));
        std::string name(header.substr(0, std::min<std::size_t>(header.find('\0'), 100)));
        const std::uint64_t size = octal(file, header.substr(124, 12), at + 124);
        if (size > file.size() - at - block)
            fail(file, fmt::format("member {} of {} bytes", printable(name), size),
                 fmt::format("{} before the end", file.size() - at - block), fmt::format("byte {}", at));
        if (name.starts_with("./"))
            name.erase(0, 2);
        if (header[156] == '0' || header[156] == '\0')
            result.emplace(name, Member{at + block, size});
        at += block + (size + block - 1) / block * block;
    }
    return result;
}

/// Keys were numbers (addresses) and are texts in files of other writers.
std::string keyOf(const PickleNode& node)
{
    return node.is(Type::Int) ? fmt::to_string(node.integer) : node.is(Type::String) ? node.text : std::string();
}

class TarReader
{
public:
    TarReader(std::shared_ptr<const File> file, const Progress& progress) : m_file(std::move(file)), m_progress(progress)
    {
        m_content.file = m_file;
        m_members = members(*m_file);
    }

    Model read()
    {
        readStorages();
        readTensors();
        TorchStream main = stream("pickle");
        m_content.pickle = main.pickle("pickle", m_progress, std::uint64_t{1} << 18);
        m_content.origin.path = m_file->path();
        m_content.origin.format = torchTar.id;
        m_content.origin.producer = "PyTorch 0.1 (torch.save)";
        m_content.origin.fileSize = m_file->size();
        return torchModel(std::move(m_content), m_progress);
    }

private:
    TorchStream stream(const std::string& name) const
    {
        const auto found = m_members.find(name);
        if (found == m_members.end())
            fail(*m_file, "the members storages and pickle", "no " + name, "the archive");
        return TorchStream(m_file, found->second.offset, found->second.size);
    }

    std::int64_t count(TorchStream& from, const std::string& where) const
    {
        const Pickle pickle = from.pickle(where, m_progress, 64);
        if (!pickle.root().is(Type::Int) || pickle.root().integer < 0 || pickle.root().integer > countLimit)
            fail(*m_file, "a number of entries", describe(pickle.root(), 60), where);
        return pickle.root().integer;
    }

    /// A tuple of at least `size` values.
    Pickle tuple(TorchStream& from, std::size_t size, const std::string& where) const
    {
        Pickle pickle = from.pickle(where, m_progress, 256);
        if (!pickle.root().is(Type::Tuple) || pickle.root().items.size() < size)
            fail(*m_file, fmt::format("a tuple of {}", size), describe(pickle.root(), 60), where);
        return pickle;
    }

    void readStorages()
    {
        TorchStream from = stream("storages");
        const std::int64_t total = count(from, "storages");
        for (std::int64_t i = 0; i < total; ++i) {
            const std::string where = fmt::format("storages, entry {}", i);
            const Pickle entry = tuple(from, 3, where); // key, location, class
            const PickleNode* type = torchGlobal(*entry.root().items[2]);
            const std::string key = keyOf(*entry.root().items[0]);
            DType dtype = DType::Opaque;
            try {
                dtype = torchStorageType(type ? type->name() : std::string_view());
            } catch (const TorchProblem& problem) {
                fail(*m_file, "a class of storages", problem.text, where);
            }
            const std::int64_t size = from.integer(8, where);
            std::int64_t bytes = 0;
            if (size < 0 || __builtin_mul_overflow(size, static_cast<std::int64_t>(itemSize(dtype)), &bytes))
                fail(*m_file, "a number of elements", fmt::to_string(size), where);
            m_types[key] = dtype;
            m_content.storages[key] = from.storage(static_cast<std::uint64_t>(bytes));
        }
        if (from.left() > 0)
            readViews(from);
    }

    /// (key of the view, key of its storage, offset, size): storages that are parts of others.
    void readViews(TorchStream& from)
    {
        const Pickle views = from.pickle("storages, views", m_progress, std::uint64_t{1} << 16);
        for (const PickleNode* view : views.root().items) {
            if (!view->is(Type::Tuple) || view->items.size() != 4 || !view->items[2]->is(Type::Int) || !view->items[3]->is(Type::Int))
                fail(*m_file, "a view of a storage", describe(*view, 60), "storages, views");
            const std::string key = keyOf(*view->items[0]), root = keyOf(*view->items[1]);
            const auto whole = m_content.storages.find(root);
            const std::int64_t offset = view->items[2]->integer, size = view->items[3]->integer;
            const bool isKnown = whole != m_content.storages.end();
            const auto item = static_cast<std::int64_t>(isKnown ? itemSize(m_types[root]) : 1);
            const std::int64_t available = isKnown ? static_cast<std::int64_t>(whole->second.size) / item : 0;
            if (!isKnown || offset < 0 || size < 0 || offset > available || size > available - offset)
                fail(*m_file, fmt::format("a view inside storage {}", printable(root, 40)),
                     fmt::format("{} elements from {}", size, offset), "storages, views");
            TorchStorage part = whole->second;
            part.offset += static_cast<std::uint64_t>(offset * item);
            part.size = static_cast<std::uint64_t>(size * item);
            m_types[key] = m_types[root];
            m_content.storages[key] = part;
        }
    }

    void readTensors()
    {
        if (!m_members.contains("tensors"))
            return;
        TorchStream from = stream("tensors");
        const std::int64_t total = count(from, "tensors");
        for (std::int64_t i = 0; i < total; ++i) {
            const std::string where = fmt::format("tensors, entry {}", i);
            const Pickle entry = tuple(from, 3, where); // key, key of the storage, class
            const std::int64_t rank = from.integer(4, where);
            from.integer(4, where);
            if (rank < 0 || rank > 64)
                fail(*m_file, "a rank of at most 64", fmt::to_string(rank), where);
            TorchTensor tensor;
            for (Shape* numbers : {&tensor.shape, &tensor.strides})
                for (std::int64_t d = 0; d < rank; ++d)
                    numbers->push_back(from.integer(8, where));
            tensor.offset = from.integer(8, where);
            tensor.storage = keyOf(*entry.root().items[1]);
            if (const auto storage = m_content.storages.find(tensor.storage); storage != m_content.storages.end()) {
                tensor.dtype = m_types[tensor.storage];
                tensor.storageBytes = static_cast<std::int64_t>(storage->second.size);
            }
            checkTorchTensor(tensor);
            m_content.tensors[keyOf(*entry.root().items[0])] = std::move(tensor);
        }
    }

    std::shared_ptr<const File> m_file;
    const Progress& m_progress;
    std::map<std::string, Member> m_members;
    std::unordered_map<std::string, DType> m_types;
    TorchContent m_content;
};

bool isTorchTar(std::span<const std::byte> head, const File&)
{
    if (!hasAt(head, 257, "ustar"))
        return false;
    const std::size_t start = hasAt(head, 0, "./") ? 2 : 0;
    for (const std::string_view member : {"sys_info", "pickle", "storages", "tensors"})
        if (hasAt(head, start, member) && hasAt(head, start + member.size(), std::string_view("\0", 1)))
            return true;
    return false;
}

}

const Format torchTar{
    "torch-tar", Framework::Torch, "*.pt *.pth *.tar", isTorchTar,
    [](std::shared_ptr<const File> file, const Progress& progress) { return TarReader(std::move(file), progress).read(); }};

}
