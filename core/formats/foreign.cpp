// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/foreign.h"

#include "core/base/letters.h"

#include <algorithm>
#include <array>

namespace core::formats {

using namespace std::string_view_literals;

bool hasAt(std::span<const std::byte> head, std::size_t at, std::string_view text)
{
    if (at > head.size() || text.size() > head.size() - at)
        return false;
    return std::string_view(reinterpret_cast<const char*>(head.data()) + at, text.size()) == text;
}

bool startsWith(std::span<const std::byte> head, std::string_view text)
{
    return hasAt(head, 0, text);
}

namespace {

struct Signature
{
    std::size_t at;
    std::string_view bytes, what, advice = {};
};

constexpr std::array signatures = {
    Signature{0, "version https://git-lfs.github.com"sv, "a Git LFS pointer: the file itself was not fetched (git lfs pull)"},
    Signature{0, "\x1f\x8b"sv, "a gzip archive"},
    Signature{0, "7z\xbc\xaf\x27\x1c"sv, "a 7z archive"},
    Signature{0, "BZh"sv, "a bzip2 archive"},
    Signature{0,
              "\xfd"
              "7zXZ\0"sv,
              "an xz archive"},
    Signature{0, "\x28\xb5\x2f\xfd"sv, "a Zstandard archive"},
    Signature{0, "Rar!"sv, "a RAR archive"},
    Signature{257, "ustar"sv, "a tar archive"},
    Signature{0, "PK\3\4"sv, "a zip archive"},
    Signature{0, "PK\5\6"sv, "an empty zip archive"},
    Signature{0, "PYTORCH1"sv, "a preview archive of PyTorch 1.0, which PyTorch itself no longer reads"},
    Signature{0, "\x89HDF\r\n\x1a\n"sv, "an HDF5 file"},
    Signature{0, "\x89PNG\r\n\x1a\n"sv, "a PNG picture"},
    Signature{0, "\xff\xd8\xff"sv, "a JPEG picture"},
    Signature{0, "GIF8"sv, "a GIF picture"},
    Signature{0, "%PDF"sv, "a PDF document"},
    Signature{0, "\x93NUMPY"sv, "a NumPy array"},
    Signature{0,
              "\x7f"
              "ELF"sv,
              "a program"},
    Signature{0, "GGUF"sv, "a GGUF model"},
    Signature{4, "TFL3"sv, "a TensorFlow Lite model"},
    Signature{0, "\0\0\x08\x03"sv, "IDX images"},
    Signature{0, "\0\0\x08\x01"sv, "IDX labels"},
};

bool isText(std::span<const std::byte> head)
{
    return std::none_of(head.begin(), head.end(), [](std::byte b) {
        const int c = std::to_integer<int>(b);
        return (c < 32 && c != '\n' && c != '\r' && c != '\t' && c != '\f') || c == 127;
    });
}

/// A protocol buffer's field: its tag, a length and so many bytes. Where the content starts, or 0.
std::size_t fieldStart(std::span<const std::byte> head, std::size_t at, int tag, std::uint64_t* length = nullptr)
{
    if (at >= head.size() || std::to_integer<int>(head[at]) != tag)
        return 0;
    std::uint64_t value = 0;
    for (std::size_t i = 1; i <= 5 && at + i < head.size(); ++i) {
        const auto byte = std::to_integer<std::uint64_t>(head[at + i]);
        value |= (byte & 0x7F) << (7 * (i - 1));
        if (byte < 0x80) {
            if (length)
                *length = value;
            return at + i + 1;
        }
    }
    return 0;
}

/// Whether such a field is a short text; `end` is where it ends.
bool isTextField(std::span<const std::byte> head, std::size_t at, int tag, std::size_t* end = nullptr)
{
    std::uint64_t length = 0;
    const std::size_t start = fieldStart(head, at, tag, &length);
    if (start == 0 || length > head.size() - start || !isText(head.subspan(start, static_cast<std::size_t>(length))))
        return false;
    if (end)
        *end = start + static_cast<std::size_t>(length);
    return true;
}

bool startsWithSmallNumber(std::span<const std::byte> head)
{
    return head.size() > 16 && head[0] == std::byte{0x08} && std::to_integer<int>(head[1]) > 0 && std::to_integer<int>(head[1]) < 32;
}

/// SavedModel: schema version 1, then a MetaGraphDef, which begins with its MetaInfoDef, a message whose first field is another one.
bool looksLikeSavedModel(std::span<const std::byte> head)
{
    if (!startsWithSmallNumber(head) || head[1] != std::byte{1})
        return false;
    const std::size_t graph = fieldStart(head, 2, 0x12), info = graph == 0 ? 0 : fieldStart(head, graph, 0x0A);
    return info != 0 && info < head.size() &&
           (head[info] == std::byte{0x0A} || head[info] == std::byte{0x12} || head[info] == std::byte{0x22});
}

/// ModelProto: ir_version, then the producer's name, or the graph or an opset where nobody is named.
bool looksLikeOnnx(std::span<const std::byte> head)
{
    return startsWithSmallNumber(head) && (isTextField(head, 2, 0x12) || fieldStart(head, 2, 0x3A) != 0 || fieldStart(head, 2, 0x42) != 0);
}

/// GraphDef: NodeDefs, each with a name and an operation.
bool looksLikeGraph(std::span<const std::byte> head)
{
    const std::size_t node = fieldStart(head, 0, 0x0A);
    std::size_t end = 0, last = 0;
    return node != 0 && isTextField(head, node, 0x0A, &end) && end > node + 2 && isTextField(head, end, 0x12, &last) && last > end + 2;
}

/// A JSON text by the keys in its first bytes.
ForeignContent describeJson(std::string_view text)
{
    const auto has = [&](std::string_view key) { return text.find(key) != std::string_view::npos; };
    if (has("\"class_name\"") && has("\"config\""))
        return {"a Keras configuration without weights", "Open the weights file beside it, or the .keras or .h5 file as a whole."};
    if (has("\"weight_map\""))
        return {"an index of weights in several files", "Open one of the files that it names."};
    if (has("\"architectures\"") || has("\"model_type\""))
        return {"a Hugging Face configuration without weights", "Open the .safetensors or .bin file beside it."};
    return {"a JSON text", ""};
}

ForeignContent describeText(std::span<const std::byte> head)
{
    const std::string start = lower({reinterpret_cast<const char*>(head.data()), head.size()});
    const std::size_t first = start.find_first_not_of(" \t\r\n");
    const std::string_view text = first == std::string::npos ? std::string_view() : std::string_view(start).substr(first);
    if (text.starts_with("<!doctype html") || text.starts_with("<html"))
        return {"an HTML page: the download went wrong", "Fetch the file again; a page of its site was saved in its place."};
    if (text.starts_with('<'))
        return {"an XML text", ""};
    if (text.starts_with('{') || text.starts_with('['))
        return describeJson(text);
    return {"a text", ""};
}

}

ForeignContent describeForeign(std::span<const std::byte> head)
{
    if (head.empty())
        return {"an empty file", "Fetch or save it again."};
    for (const Signature& signature : signatures)
        if (hasAt(head, signature.at, signature.bytes))
            return {std::string(signature.what), std::string(signature.advice)};
    if (looksLikeSavedModel(head))
        return {"a SavedModel of TensorFlow", std::string(savedModelAdvice)};
    if (looksLikeOnnx(head))
        return {"an ONNX model", ""};
    if (looksLikeGraph(head))
        return {"a graph of TensorFlow", ""};
    if (head.size() > 9 && std::to_integer<int>(head[8]) == '{' && hasAt(head, 9, "\""))
        return {"a safetensors file", ""};
    if (startsWith(head, "\x80") && head.size() > 1 && std::to_integer<int>(head[1]) <= 5)
        return {"a pickle that torch.save did not write", ""};
    if (isText(head))
        return describeText(head);
    if (std::all_of(head.begin(), head.end(), [](std::byte b) { return b == std::byte{0}; }))
        return {"nothing but zeros", "Fetch it again: the space was set aside and never filled."};
    return {};
}

}
