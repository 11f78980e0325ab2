// SPDX-License-Identifier: GPL-3.0-or-later
// A pickle of arrays without a container of PyTorch around it.
#include "core/base/letters.h"
#include "core/formats/torch/torchformats.h"
#include "core/formats/torch/torchlayer.h"
#include "core/formats/torch/torchmodule.h"
#include "core/formats/torch/torchsearch.h"
#include "core/formats/torch/torchstream.h"

#include <array>
#include <fmt/format.h>
#include <unordered_set>

namespace core::formats {

using Type = PickleNode::Type;

namespace {

/// What a plain pickle has in it, in dicts, lists and tuples: PyTorch's tensors and modules, NumPy's arrays.
struct Holds
{
    bool torch = false, arrays = false;
};

Holds holds(const PickleNode& root)
{
    constexpr std::size_t valueLimit = 1'000'000;
    Holds result;
    std::vector<const PickleNode*> open{&root};
    std::unordered_set<const PickleNode*> seen;
    for (std::size_t steps = 0; !open.empty() && steps < valueLimit; ++steps) {
        const PickleNode& node = *open.back();
        open.pop_back();
        if (!seen.insert(&node).second)
            continue;
        if (isTorchModule(node) || (isTorchTensor(node) && !isNumpyArray(node) && !node.is(Type::Persistent)))
            result.torch = true;
        else if (isNumpyArray(node))
            result.arrays = true;
        else if (!node.is(Type::Object))
            for (const TorchChild& child : torchChildren(node))
                open.push_back(child.node);
    }
    return result;
}

/// "a pickled sklearn.linear_model._base.LinearRegression", "a pickled dict: {...}"
std::string described(const PickleNode& root)
{
    if (root.is(Type::Object)) {
        const TorchClass type = torchClass(root);
        return "a pickled " + (type.full().empty() ? describe(root, 80) : type.full());
    }
    return "a pickle without arrays: " + describe(root, 80);
}

/// The class of the first object whose name is in the bytes, for streams that go on in a way of their own (joblib).
std::string firstGlobal(std::span<const std::byte> bytes)
{
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    const auto word = [&](std::size_t at) {
        std::size_t end = at;
        while (end < text.size() && (isLetter(text[end]) || isDigit(text[end]) || text[end] == '_' || text[end] == '.'))
            ++end;
        return text.substr(at, end - at);
    };
    // GLOBAL: c, module, newline, name, newline.
    for (std::size_t at = text.find('c'); at != text.npos; at = text.find('c', at + 1)) {
        const std::string_view module = word(at + 1);
        const std::size_t next = at + 1 + module.size();
        if (module.size() < 2 || !isLetter(module[0]) || next >= text.size() || text[next] != '\n')
            continue;
        if (const std::string_view name = word(next + 1);
            name.size() > 1 && next + 1 + name.size() < text.size() && text[next + 1 + name.size()] == '\n')
            return fmt::format("{}.{}", module, name);
    }
    // SHORT_BINUNICODE module, memo, SHORT_BINUNICODE name, memo, STACK_GLOBAL.
    for (std::size_t at = text.find('\x93'); at != text.npos && at > 4; at = text.find('\x93', at + 1)) {
        const std::size_t name = text.rfind('\x8C', at), module = name == text.npos || name == 0 ? text.npos : text.rfind('\x8C', name - 1);
        if (module != text.npos && at - module < 300)
            return fmt::format("{}.{}", word(module + 2), word(name + 2));
    }
    return {};
}

[[noreturn]] void refuse(const File& file, const std::string& found, const std::string& at = {})
{
    throw Error("pickle-object")
        .file(file.path())
        .expected("a PyTorch or Keras model, or a pickle of arrays")
        .found(found)
        .at(at)
        .advice("A pickle can only be opened as what it was by the program that wrote it: save the weights as arrays or as a state_dict.");
}

Pickle readPickle(TorchStream& stream, const File& file, const Progress& progress)
{
    try {
        return stream.pickle("the pickle", progress, std::uint64_t{1} << 18);
    } catch (const Error& error) {
        const std::string name = firstGlobal(file.read(0, std::min<std::uint64_t>(file.size(), 4096)));
        if (name.empty() || error.id() == "pickle-cut")
            throw;
        refuse(file, fmt::format("a pickled {} that goes on in a form of its own (joblib?)", printable(name)), error.at());
    }
}

Model readPlain(std::shared_ptr<const File> file, const Progress& progress)
{
    TorchStream stream(file, 0, file->size());
    TorchContent content;
    content.pickle = readPickle(stream, *file, progress);
    const Holds found = holds(content.pickle.root());
    if (!found.torch && !found.arrays)
        refuse(*file, described(content.pickle.root()));
    if (stream.left() > 0)
        content.notes.push_back(
            torchNote("pickle-trailing", Note::Severity::Warning, fmt::format("{} bytes follow the end of the pickle.", stream.left())));
    content.framework = found.torch ? Framework::Torch : Framework::None;
    content.origin.path = file->path();
    content.origin.format = plainPickle.id;
    content.origin.fileSize = file->size();
    content.origin.producer = fmt::format("Python's pickle, protocol {}", content.pickle.protocol());
    content.file = std::move(file);
    return torchModel(std::move(content), progress);
}

/// Protocols 2 and above begin with their number; older ones with a container, or a class.
bool looksPickled(std::span<const std::byte> head, const File&)
{
    const std::string_view text(reinterpret_cast<const char*>(head.data()), head.size());
    if (text.size() > 2 && text[0] == '\x80' && text[1] >= 1 && text[1] <= 5)
        return true;
    constexpr std::array<std::string_view, 10> starts = {
        "(dp0\n", "(dp1\n", "(lp0\n", "(lp1\n", "(dq", "(lq", "}q", "]q", "ccollections\nOrderedDict\n", "cnumpy"};
    return std::any_of(starts.begin(), starts.end(), [&](std::string_view start) { return text.starts_with(start); });
}

}

const Format plainPickle{"pickle", Framework::None, "*.pkl *.pickle", looksPickled, readPlain};

}
