// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/digits/digits.h"
#include "core/digits/gunzip.h"

#include <algorithm>
#include <fmt/format.h>
#include <zlib.h>

namespace core::digits {

namespace {

constexpr std::uint64_t imageLimit = 1'000'000;
constexpr std::size_t side = 28;

struct Inflater
{
    z_stream stream{};
    explicit Inflater(const File& file)
    {
        if (inflateInit2(&stream, 15 + 16) != Z_OK)
            throw Error("gzip-start").file(file.path()).expected("memory to inflate it").found("none");
    }
    ~Inflater() { inflateEnd(&stream); }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;
};

Content inflated(const File& file, std::vector<std::byte> packed, std::uint64_t limit)
{
    Inflater inflater(file);
    z_stream& stream = inflater.stream;
    stream.next_in = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_in = static_cast<uInt>(packed.size());
    Content content;
    std::vector<std::byte> piece(1 << 18);
    while (content.bytes.size() <= limit) {
        stream.next_out = reinterpret_cast<Bytef*>(piece.data());
        stream.avail_out = static_cast<uInt>(piece.size());
        const int code = inflate(&stream, Z_NO_FLUSH);
        const std::size_t produced = piece.size() - stream.avail_out;
        content.bytes.insert(content.bytes.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(produced));
        if (code == Z_STREAM_END) {
            if (stream.avail_in == 0)
                return content;
            inflateReset(&stream);
        } else if (code != Z_OK) {
            throw Error("gzip-cut")
                .file(file.path())
                .expected("gzip data to its end")
                .found(stream.avail_in == 0 ? "a file cut short" : "damaged data")
                .at(fmt::format("byte {}", packed.size() - stream.avail_in));
        }
    }
    content.bytes.resize(static_cast<std::size_t>(limit));
    content.whole = false;
    return content;
}

std::uint32_t bigEndian(std::span<const std::byte> bytes, std::size_t index)
{
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i)
        value = value << 8 | std::to_integer<std::uint32_t>(bytes[4 * index + i]);
    return value;
}

/// The data of an IDX file of unsigned bytes with `rank` dimensions (Y. LeCun's description of MNIST's files); all sizes are checked
/// against what is there.
std::vector<std::uint8_t> idxBytes(const std::string& path, std::size_t rank, std::uint32_t& count)
{
    const auto file = File::open(path);
    const std::size_t header = 4 + 4 * rank;
    const std::uint64_t item = rank == 3 ? side * side : 1;
    const Content content = readContent(*file, header + imageLimit * item + 1);
    const std::uint32_t magic = 0x0800u + static_cast<std::uint32_t>(rank);
    if (content.bytes.size() < header)
        throw Error("idx-cut")
            .file(path)
            .expected(fmt::format("an IDX header of {} bytes", header))
            .found(fmt::format("{} bytes", content.bytes.size()));
    if (const auto found = bigEndian(content.bytes, 0); found != magic)
        throw Error("idx-magic")
            .file(path)
            .expected(fmt::format("IDX {} (magic {:08x})", rank == 3 ? "images" : "labels", magic))
            .found(fmt::format("magic {:08x}", found));
    count = bigEndian(content.bytes, 1);
    if (rank == 3 && (bigEndian(content.bytes, 2) != side || bigEndian(content.bytes, 3) != side))
        throw Error("idx-dimensions")
            .file(path)
            .expected("images of 28 x 28")
            .found(fmt::format("{} x {}", bigEndian(content.bytes, 2), bigEndian(content.bytes, 3)));
    if (count == 0 || count > imageLimit)
        throw Error("idx-count").file(path).expected(fmt::format("1 to {} items", imageLimit)).found(fmt::format("{}", count));
    const std::uint64_t expected = header + std::uint64_t{count} * item;
    if (content.bytes.size() != expected || !content.whole)
        throw Error("idx-length")
            .file(path)
            .expected(fmt::format("{} bytes for {} items", expected, count))
            .found(content.bytes.size() > expected ? "more" : fmt::format("{}", content.bytes.size()));
    const auto* first = reinterpret_cast<const std::uint8_t*>(content.bytes.data());
    return {first + header, first + expected};
}

}

Content readContent(const File& file, std::uint64_t limit)
{
    constexpr std::uint64_t packedLimit = 1u << 30;
    const auto head = file.read(0, std::min<std::uint64_t>(file.size(), 2));
    const bool gzip = head.size() == 2 && head[0] == std::byte{0x1f} && head[1] == std::byte{0x8b};
    if (!gzip)
        return {file.read(0, std::min(file.size(), limit)), file.size() <= limit};
    if (file.size() > packedLimit)
        throw Error("gzip-large").file(file.path()).expected("at most 1 GiB of gzip data").found(fmt::format("{} bytes", file.size()));
    return inflated(file, file.read(0, file.size()), limit);
}

DigitSet readIdx(const std::string& images, const std::string& labels)
{
    DigitSet set;
    std::uint32_t imageCount = 0, labelCount = 0;
    set.pixels = idxBytes(images, 3, imageCount);
    if (labels.empty())
        return set;
    set.labels = idxBytes(labels, 1, labelCount);
    if (labelCount != imageCount)
        throw Error("idx-count")
            .file(labels)
            .expected(fmt::format("{} labels, as many as images", imageCount))
            .found(fmt::format("{}", labelCount));
    const auto above = std::find_if(set.labels.begin(), set.labels.end(), [](std::uint8_t label) { return label > 9; });
    if (above != set.labels.end())
        throw Error("idx-label")
            .file(labels)
            .expected("labels 0 to 9")
            .found(fmt::format("{}", *above))
            .at(fmt::format("item {}", above - set.labels.begin()));
    return set;
}

}
