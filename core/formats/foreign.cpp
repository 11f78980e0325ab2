// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/foreign.h"

#include "core/formats/format.h"

#include <algorithm>
#include <array>
#include <cctype>

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
    std::string_view bytes, what;
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
    Signature{0, "PK\3\4"sv, "a zip archive that holds no model known here"},
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

/// ModelProto begins with field 1, a small varint (ir_version), then mostly field 2, the producer's name.
bool looksLikeOnnx(std::span<const std::byte> head)
{
    const auto byte = [&](std::size_t i) { return std::to_integer<int>(head[i]); };
    return head.size() > 16 && byte(0) == 0x08 && byte(1) > 0 && byte(1) < 32 && (byte(2) == 0x12 || byte(2) == 0x3A || byte(2) == 0x42);
}

std::string describeText(std::span<const std::byte> head)
{
    std::string start(reinterpret_cast<const char*>(head.data()), std::min<std::size_t>(head.size(), 512));
    std::transform(start.begin(), start.end(), start.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const std::size_t first = start.find_first_not_of(" \t\r\n");
    const std::string_view text = first == std::string::npos ? std::string_view() : std::string_view(start).substr(first);
    if (text.starts_with("<!doctype html") || text.starts_with("<html"))
        return "an HTML page: the download went wrong";
    if (text.starts_with('<'))
        return "an XML text";
    if (text.starts_with('{') || text.starts_with('['))
        return "a JSON text";
    return "a text";
}

}

std::string describeForeign(std::span<const std::byte> head)
{
    if (head.empty())
        return "an empty file";
    for (const Signature& signature : signatures)
        if (hasAt(head, signature.at, signature.bytes))
            return std::string(signature.what);
    if (looksLikeOnnx(head))
        return "an ONNX model";
    if (startsWith(head, "\x80") && head.size() > 1 && std::to_integer<int>(head[1]) <= 5)
        return "a pickle that torch.save did not write";
    if (head.size() > 9 && std::to_integer<int>(head[8]) == '{' && hasAt(head, 9, "\""))
        return "a safetensors file";
    if (isText(head))
        return describeText(head);
    return std::all_of(head.begin(), head.end(), [](std::byte b) { return b == std::byte{0}; }) ? "nothing but zeros" : "";
}

}
