// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/files/atomicfile.h"
#include "core/files/file.h"
#include "core/formats/numpy/npy.h"
#include "core/formats/numpy/npyheader.h"

#include <algorithm>
#include <fmt/format.h>
#include <memory>
#include <unistd.h>
#include <zip.h>

namespace core::formats {

namespace {

constexpr std::uint64_t entryLimit = std::uint64_t{1} << 34;
/// Deflate cannot do better than about 1032 to 1: an entry that claims more lies about its size.
constexpr std::uint64_t deflateRatio = 1100;

using Archive = std::unique_ptr<zip_t, decltype(&zip_discard)>;
using Entry = std::unique_ptr<zip_file_t, decltype(&zip_fclose)>;
using Source = std::unique_ptr<zip_source_t, decltype(&zip_source_free)>;

Archive openArchive(const File& file)
{
    int code = 0;
    const int copy = dup(file.descriptor());
    Archive archive(copy < 0 ? nullptr : zip_fdopen(copy, ZIP_CHECKCONS, &code), &zip_discard);
    if (!archive) {
        if (copy >= 0)
            close(copy);
        zip_error_t reason;
        zip_error_init_with_code(&reason, code);
        const std::string words = zip_error_strerror(&reason);
        zip_error_fini(&reason);
        throw Error("npz-archive").file(file.path()).expected("a zip of NumPy arrays (.npz)").found(words);
    }
    return archive;
}

std::vector<std::byte> readEntry(zip_t* archive, const zip_stat_t& stat, const std::string& where)
{
    if (stat.size > entryLimit || stat.size > stat.comp_size * deflateRatio + 1024)
        throw Error("npz-size")
            .file(where)
            .expected("an entry's true size")
            .found(fmt::format("{} bytes out of {}", stat.size, stat.comp_size));
    const Entry entry(zip_fopen_index(archive, stat.index, 0), &zip_fclose);
    if (!entry)
        throw Error("npz-entry").file(where).expected("a stored or deflated entry").found(zip_strerror(archive));
    std::vector<std::byte> bytes(stat.size);
    std::uint64_t done = 0;
    while (done < stat.size) {
        const zip_int64_t got = zip_fread(entry.get(), bytes.data() + done, stat.size - done);
        if (got <= 0)
            throw Error("npz-cut")
                .file(where)
                .expected(fmt::format("{} bytes", stat.size))
                .found(got < 0 ? zip_file_strerror(entry.get()) : fmt::format("{}", done));
        done += static_cast<std::uint64_t>(got);
    }
    std::byte beyond{};
    if (zip_fread(entry.get(), &beyond, 1) != 0)
        throw Error("npz-checksum").file(where).expected("data that fits its checksum").found(zip_file_strerror(entry.get()));
    return bytes;
}

NamedTensors readNpz(const File& file, std::span<const std::string> wanted)
{
    const Archive archive = openArchive(file);
    NamedTensors tensors;
    const zip_int64_t count = zip_get_num_entries(archive.get(), 0);
    for (zip_uint64_t i = 0; i < static_cast<zip_uint64_t>(count); ++i) {
        zip_stat_t stat;
        if (zip_stat_index(archive.get(), i, 0, &stat) != 0 || !stat.name)
            throw Error("npz-entry").file(file.path()).expected("an entry with a name").found(zip_strerror(archive.get()));
        std::string name = stat.name;
        if (!name.ends_with(".npy"))
            continue;
        name.resize(name.size() - 4);
        if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), name) == wanted.end())
            continue;
        const std::string where = file.path() + ", " + printable(name);
        tensors.emplace_back(name, readNpy(readEntry(archive.get(), stat, where), where));
    }
    if (tensors.empty() && wanted.empty())
        throw Error("npz-empty").file(file.path()).expected("NumPy arrays (.npy entries)").found("none");
    return tensors;
}

/// Adds one array; the bytes live until the archive is closed.
void addEntry(zip_t* archive, const std::string& path, const std::string& name, const std::vector<std::byte>& bytes)
{
    zip_source_t* source = zip_source_buffer(archive, bytes.data(), bytes.size(), 0);
    const zip_int64_t index = source ? zip_file_add(archive, (name + ".npy").c_str(), source, ZIP_FL_ENC_UTF_8) : -1;
    if (index < 0) {
        zip_source_free(source);
        throw Error("npz-write").file(path).expected(fmt::format("room for {}", printable(name))).found(zip_strerror(archive));
    }
    zip_set_file_compression(archive, static_cast<zip_uint64_t>(index), ZIP_CM_STORE, 0);
}

void copyTo(AtomicFile& file, zip_source_t* source, const std::string& path)
{
    if (zip_source_open(source) != 0)
        throw Error("npz-write").file(path).expected("the finished archive").found(zip_error_strerror(zip_source_error(source)));
    std::vector<std::byte> piece(1 << 20);
    for (zip_int64_t got = 0; (got = zip_source_read(source, piece.data(), piece.size())) > 0;)
        file.write(std::span(piece).first(static_cast<std::size_t>(got)));
    zip_source_close(source);
}

}

NamedTensors readNpyOrNpz(const std::string& path, std::span<const std::string> wanted)
{
    const auto file = File::open(path);
    const auto head = file->read(0, std::min<std::uint64_t>(file->size(), 4));
    const std::string_view first(reinterpret_cast<const char*>(head.data()), head.size());
    if (first.starts_with("PK"))
        return readNpz(*file, wanted);
    if (file->size() > entryLimit)
        throw Error("npy-length").file(path).expected("at most 16 GiB").found(fmt::format("{} bytes", file->size()));
    return {{"x0", readNpy(file->read(0, file->size()), path)}};
}

void writeNpz(const std::string& path, const NamedTensors& tensors)
{
    std::vector<std::vector<std::byte>> entries;
    for (const auto& [name, tensor] : tensors) {
        const Tensor known = forNumpy(tensor);
        const std::string preamble = npyPreamble(known);
        const auto* first = reinterpret_cast<const std::byte*>(preamble.data());
        std::vector<std::byte>& bytes = entries.emplace_back(first, first + preamble.size());
        bytes.insert(bytes.end(), known.bytes().begin(), known.bytes().end());
    }
    AtomicFile file(path);
    zip_error_t reason;
    zip_error_init(&reason);
    const Source target(zip_source_buffer_create(nullptr, 0, 0, &reason), &zip_source_free);
    Archive archive(target ? zip_open_from_source(target.get(), ZIP_CREATE | ZIP_TRUNCATE, &reason) : nullptr, &zip_discard);
    if (!archive)
        throw Error("npz-write").file(path).expected("an archive in memory").found(zip_error_strerror(&reason));
    zip_source_keep(target.get());
    for (std::size_t i = 0; i < tensors.size(); ++i)
        addEntry(archive.get(), path, tensors[i].first, entries[i]);
    if (zip_close(archive.get()) != 0)
        throw Error("npz-write").file(path).expected("an archive in memory").found(zip_strerror(archive.get()));
    archive.release();
    copyTo(file, target.get(), path);
    file.commit();
}

}
