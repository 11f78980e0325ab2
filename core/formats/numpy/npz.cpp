// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/base/names.h"
#include "core/files/atomicfile.h"
#include "core/files/file.h"
#include "core/formats/numpy/npy.h"
#include "core/formats/numpy/npyheader.h"
#include "core/formats/zip/zipdirectory.h"
#include "core/formats/zip/zipwriter.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::formats {

namespace {

constexpr std::uint64_t entryLimit = std::uint64_t{1} << 34;

std::vector<std::byte> checked(const ZipDirectory& archive, const ZipEntry& entry)
{
    bool isWhole = true;
    std::vector<std::byte> bytes = archive.contents(entry, entryLimit, &isWhole);
    if (!isWhole)
        throw Error("npz-checksum")
            .file(archive.file()->path())
            .expected("data that fits its checksum")
            .found("other data")
            .at(printable(entry.name));
    return bytes;
}

NamedTensors readNpz(const std::shared_ptr<const File>& file, std::span<const std::string> wanted)
{
    const ZipDirectory archive = ZipDirectory::read(file);
    NamedTensors tensors;
    for (const ZipEntry& entry : archive.entries()) {
        if (!entry.name.ends_with(".npy"))
            continue;
        const std::string name = nameOfEntry(entry.name.substr(0, entry.name.size() - 4));
        if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), name) == wanted.end())
            continue;
        tensors.emplace_back(name, readNpy(checked(archive, entry), file->path() + ", " + printable(name)));
    }
    if (tensors.empty() && wanted.empty())
        throw Error("npz-empty").file(file->path()).expected("NumPy arrays (.npy entries)").found("none");
    return tensors;
}

}

NamedTensors readNpyOrNpz(const std::string& path, std::span<const std::string> wanted)
{
    const auto file = File::open(path);
    const auto head = file->read(0, std::min<std::uint64_t>(file->size(), 4));
    const std::string_view first(reinterpret_cast<const char*>(head.data()), head.size());
    if (first.starts_with("PK"))
        return readNpz(file, wanted);
    if (file->size() > entryLimit)
        throw Error("npy-length").file(path).expected("at most 16 GiB").found(fmt::format("{} bytes", file->size()));
    return {{"x0", readNpy(file->read(0, file->size()), path)}};
}

void writeNpz(const std::string& path, const NamedTensors& tensors)
{
    AtomicFile file(path);
    ZipWriter archive(file);
    for (const auto& [name, tensor] : tensors) {
        const Tensor known = forNumpy(tensor);
        const std::string preamble = npyPreamble(known);
        archive.add(entryName(rawName(name)) + ".npy", std::as_bytes(std::span(preamble)), known.bytes());
    }
    archive.finish();
    file.commit();
}

}
