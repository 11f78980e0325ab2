// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/hdf5/h5image.h"

#include "core/files/atomicfile.h"
#include "core/worker/client.h"

#include <algorithm>

namespace core::formats {

namespace {

constexpr std::size_t namesLimit = 3900; ///< 16 bytes each, in an object header of at most 64 KiB
constexpr std::uint64_t workerMemory = std::uint64_t{2} << 30;
constexpr std::uint64_t structureLimit = std::uint64_t{512} << 20; ///< what an image may hold besides values

}

void H5Image::addAttribute(std::string_view name, Json value, std::string_view encoding)
{
    m_groups.back()["attributes"].push_back({{"name", name}, {"value", std::move(value)}, {"encoding", encoding}});
}

void H5Image::addNames(const std::string& name, const std::vector<std::string>& names)
{
    if (names.size() <= namesLimit) {
        addAttribute(name, names);
        return;
    }
    for (std::size_t first = 0, piece = 0; first < names.size(); first += namesLimit, ++piece) {
        const auto last = std::min(first + namesLimit, names.size());
        addAttribute(name + std::to_string(piece), std::vector<std::string>(names.begin() + static_cast<std::ptrdiff_t>(first),
                                                                            names.begin() + static_cast<std::ptrdiff_t>(last)));
    }
}

void H5Image::addDataset(const std::string& path, const Tensor& tensor)
{
    m_datasets.push_back({{"path", path}, {"dtype", core::name(tensor.dtype())}, {"shape", tensor.shape()}});
    m_values.push_back(tensor);
}

std::vector<std::byte> H5Image::made(const std::string& path) const
{
    std::vector<std::span<const std::byte>> pieces;
    std::uint64_t bytes = 0;
    for (const auto& value : m_values) {
        pieces.push_back(value.bytes());
        bytes += value.bytes().size();
    }
    worker::Client client({"tieout-worker-h5", -1, workerMemory + 4 * bytes, std::chrono::seconds(120)});
    try {
        const Json request{{"request", "write"}, {"tree", {{"groups", m_groups}, {"datasets", m_datasets}}}};
        return client.request(request, pieces, bytes + structureLimit).payload;
    } catch (Error& error) {
        error.file(path);
        throw;
    }
}

void H5Image::write(AtomicFile& file) const
{
    file.write(made(file.path()));
}

void H5Image::write(const std::string& path) const
{
    AtomicFile file(path);
    write(file);
    file.commit();
}

}
