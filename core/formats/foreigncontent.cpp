// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/foreigncontent.h"

#include "core/formats/foreign.h"
#include "core/formats/zip/zipdirectory.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <fmt/format.h>
#include <optional>
#include <set>
#include <zlib.h>

namespace core::formats {

using namespace std::string_view_literals;

namespace {

constexpr std::size_t shownNames = 5;

bool soundsLikeModel(std::string_view name)
{
    constexpr std::array endings = {".pt"sv,   ".pth"sv,   ".pt2"sv, ".ckpt"sv, ".pkl"sv, ".h5"sv,
                                    ".hdf5"sv, ".keras"sv, ".bin"sv, ".npz"sv,  ".npy"sv, ".safetensors"sv};
    return !name.starts_with("__MACOSX/") &&
           std::any_of(endings.begin(), endings.end(), [&](std::string_view e) { return name.ends_with(e); });
}

/// "a, b, c, d, e and 7 more"
std::string listed(const std::vector<std::string>& names)
{
    std::string result;
    for (std::size_t i = 0; i < std::min(names.size(), shownNames); ++i)
        result += (i == 0 ? "" : ", ") + printable(names[i], 100);
    return names.size() > shownNames ? result + fmt::format(" and {} more", names.size() - shownNames) : result;
}

/// What an archive of these names is. `tool` extracts it.
ForeignContent archiveOf(std::string_view archive, const std::vector<std::string>& names, std::string_view tool)
{
    std::vector<std::string> models;
    std::copy_if(names.begin(), names.end(), std::back_inserter(models), soundsLikeModel);
    if (!models.empty())
        return {fmt::format("{} that holds {}", archive, listed(models)), fmt::format("Extract it first ({}).", tool)};
    const auto ends = [&](std::string_view end) {
        return std::any_of(names.begin(), names.end(), [&](const std::string& name) { return name.ends_with(end); });
    };
    if (ends("saved_model.pb"))
        return {fmt::format("{} that holds a SavedModel of TensorFlow", archive), std::string(savedModelAdvice)};
    return {fmt::format("{} that holds no model known here but {}", archive, listed(names)), ""};
}

ForeignContent inZip(const std::shared_ptr<const File>& file, const Progress& progress)
{
    const ZipDirectory zip = ZipDirectory::read(file, progress);
    std::vector<std::string> names;
    for (const ZipEntry& entry : zip.entries()) {
        if (entry.name.ends_with("/.data/extern_modules"))
            return {"a torch.package archive: code and pickles that only Python can put together",
                    "Load it in Python (torch.package.PackageImporter) and save the model's state_dict() with torch.save."};
        if (!entry.name.ends_with('/'))
            names.push_back(entry.name);
    }
    return names.empty() ? ForeignContent{"an empty zip archive", ""} : archiveOf("a zip archive", names, "unzip");
}

std::string_view field(std::span<const std::byte> block, std::size_t at, std::size_t length)
{
    const std::string_view text(reinterpret_cast<const char*>(block.data()) + at, length);
    return text.substr(0, std::min(text.find('\0'), text.size()));
}

/// The names of a tar archive's regular files, as far as its headers can be followed.
ForeignContent inTar(const File& file, const Progress& progress)
{
    constexpr std::uint64_t block = 512;
    constexpr int headerLimit = 10'000;
    std::vector<std::string> names;
    std::uint64_t at = 0;
    for (int i = 0; i < headerLimit && at <= file.size() && file.size() - at >= block; ++i) {
        progress.report(static_cast<double>(at) / static_cast<double>(file.size()));
        const std::vector<std::byte> header = file.read(at, block);
        std::string_view size = field(header, 124, 12);
        size.remove_prefix(std::min(size.find_first_not_of(' '), size.size()));
        std::uint64_t bytes = 0;
        if (!hasAt(header, 257, "ustar") || std::from_chars(size.data(), size.data() + size.size(), bytes, 8).ec != std::errc())
            break;
        const auto type = std::to_integer<char>(header[156]);
        if (type == '0' || type == '\0')
            names.emplace_back(field(header, 0, 100));
        if (bytes > file.size() - at - block)
            break;
        at += block + (bytes + block - 1) / block * block;
    }
    return names.empty() ? ForeignContent{"a tar archive", "Extract it first (tar xf)."} : archiveOf("a tar archive", names, "tar xf");
}

/// The first bytes behind a gzip header; fewer where damaged.
std::vector<std::byte> unzipped(std::span<const std::byte> head)
{
    std::vector<std::byte> bytes(1024);
    z_stream stream{};
    if (inflateInit2(&stream, 15 + 16) != Z_OK)
        return {};
    std::vector<std::byte> input(head.begin(), head.end());
    stream.next_in = reinterpret_cast<Bytef*>(input.data());
    stream.avail_in = static_cast<uInt>(input.size());
    stream.next_out = reinterpret_cast<Bytef*>(bytes.data());
    stream.avail_out = static_cast<uInt>(bytes.size());
    inflate(&stream, Z_SYNC_FLUSH);
    bytes.resize(bytes.size() - stream.avail_out);
    inflateEnd(&stream);
    return bytes;
}

ForeignContent inGzip(std::span<const std::byte> head)
{
    const std::vector<std::byte> inside = unzipped(head);
    if (inside.empty())
        return {"a gzip archive", "Unpack it first (gunzip)."};
    const std::string what = startsWith(inside, "PK\3\4") ? "a zip archive, as torch.save and Keras write them"
                             : startsWith(inside, "\x80") ? "a pickle"
                                                          : describeForeign(inside).what;
    return {"a gzip archive" + (what.empty() ? "" : " that holds " + what), "Unpack it first (gunzip)."};
}

}

namespace {

/// A checkpoint of TensorFlow is several files: an index (a LevelDB table, by the magic number at its end), the values, which have no
/// signature, and a text that lists checkpoints.
std::optional<ForeignContent> inCheckpoint(const File& file, std::span<const std::byte> head)
{
    constexpr std::string_view advice = "Load it with the TensorFlow that wrote it and save the Keras model as .keras or .h5.";
    constexpr std::string_view tableMagic = "\x57\xfb\x80\x8b\x24\x75\x47\xdb";
    if (file.size() >= 48 && startsWith(file.read(file.size() - tableMagic.size(), tableMagic.size()), tableMagic))
        return ForeignContent{"the index of a TensorFlow checkpoint, whose values are in the .data files beside it", std::string(advice)};
    const std::string name = std::filesystem::path(file.path()).filename().string();
    constexpr std::string_view ending = ".data-00000-of-00001";
    const std::size_t at = name.rfind(".data-");
    if (at != std::string::npos && name.size() - at == ending.size() && name.compare(at + 11, 4, "-of-") == 0)
        return ForeignContent{"values of a TensorFlow checkpoint, whose names are in the .index file beside it", std::string(advice)};
    if (startsWith(head, "model_checkpoint_path:"))
        return ForeignContent{"a list of TensorFlow checkpoints", std::string(advice)};
    return {};
}

}

Error foreignError(const std::shared_ptr<const File>& file, std::span<const std::byte> head, const Progress& progress)
{
    const std::optional<ForeignContent> checkpoint = inCheckpoint(*file, head);
    ForeignContent content = checkpoint                     ? *checkpoint
                             : ZipDirectory::matches(head)  ? inZip(file, progress)
                             : hasAt(head, 257, "ustar")    ? inTar(*file, progress)
                             : startsWith(head, "\x1f\x8b") ? inGzip(head)
                                                            : describeForeign(head);
    Error error("format-unknown");
    error.file(file->path()).expected("a PyTorch or Keras model").found(content.what.empty() ? "something else" : content.what);
    if (!content.advice.empty())
        error.advice(content.advice);
    return error;
}

Error folderError(const std::string& path, std::span<const std::string> endings)
{
    constexpr int entryLimit = 10'000;
    std::set<std::string> all;
    std::error_code problem;
    std::filesystem::directory_iterator entry(path, problem), end;
    const bool isReadable = !problem;
    for (int i = 0; !problem && entry != end && i < entryLimit; ++i, entry.increment(problem)) {
        std::error_code unknown;
        if (entry->is_regular_file(unknown))
            all.insert(entry->path().filename().string());
    }
    std::vector<std::string> models;
    std::copy_if(all.begin(), all.end(), std::back_inserter(models), [&](const std::string& name) {
        return soundsLikeModel(name) ||
               std::any_of(endings.begin(), endings.end(), [&](const std::string& e) { return name.ends_with(e); });
    });
    const bool isSavedModel = all.contains("saved_model.pb");
    Error error("file-kind");
    error.file(path).expected("a file").found(isSavedModel ? "a folder: a SavedModel of TensorFlow"
                                              : all.contains("config.json") && !models.empty()
                                                  ? "a folder, as Hugging Face's libraries write it"
                                              : isReadable && all.empty() ? "a folder without files"
                                                                          : "a folder");
    if (!models.empty())
        error.advice(fmt::format("Open a file in it: {}.", listed(models)));
    else if (isSavedModel)
        error.advice(savedModelAdvice);
    return error;
}

}
