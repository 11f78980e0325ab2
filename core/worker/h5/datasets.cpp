// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/worker/h5/datasets.h"

#include "core/base/error.h"
#include "core/worker/h5/attributes.h"
#include "core/worker/h5/types.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>

namespace core::worker::h5 {

namespace {

/// Compressed values may be this much larger than twice what is stored.
constexpr std::uint64_t expansionLimit = std::uint64_t{256} << 20;

struct Description
{
    ElementType type;
    Shape shape;
    std::uint64_t bytes = 0, stored = 0;
    H5D_layout_t layout = H5D_CONTIGUOUS;
    int filters = 0;
    std::optional<haddr_t> offset; ///< when every byte is in one piece of the file
    std::string problem;
};

Shape shapeOf(hid_t dataset, std::string& problem)
{
    const Handle space(H5Dget_space(dataset), H5Sclose, "a dataspace");
    if (H5Sget_simple_extent_type(space) == H5S_NULL) {
        problem = "it has no values (a null dataspace)";
        return {0};
    }
    std::vector<hsize_t> sizes(static_cast<std::size_t>(checked(H5Sget_simple_extent_ndims(space), "a rank")));
    checked(H5Sget_simple_extent_dims(space, sizes.data(), nullptr), "a shape");
    Shape shape;
    for (const auto size : sizes) {
        if (size > std::uint64_t{1} << 62)
            throw Error("shape-overflow").expected("a size below 2^62").found(std::to_string(size));
        shape.push_back(static_cast<std::int64_t>(size));
    }
    return shape;
}

std::uint64_t chunkBytes(hid_t properties, std::size_t elementSize)
{
    std::array<hsize_t, H5S_MAX_RANK> sizes{};
    const int rank = checked(H5Pget_chunk(properties, H5S_MAX_RANK, sizes.data()), "the shape of a chunk");
    std::uint64_t bytes = elementSize;
    for (int d = 0; d < rank; ++d)
        if (__builtin_mul_overflow(bytes, sizes[static_cast<std::size_t>(d)], &bytes))
            return UINT64_MAX;
    return bytes;
}

std::string missingFilter(hid_t properties, int filters)
{
    for (int i = 0; i < filters; ++i) {
        unsigned flags = 0, config = 0;
        std::size_t values = 0;
        const auto filter =
            checked(H5Pget_filter2(properties, static_cast<unsigned>(i), &flags, &values, nullptr, 0, nullptr, &config), "a filter");
        if (H5Zfilter_avail(filter) <= 0) {
            H5Eclear2(H5E_DEFAULT);
            return fmt::format("it is compressed by filter {}, which is not built in", static_cast<int>(filter));
        }
    }
    return {};
}

// Shapes that claim more than the file holds are refused before anything is allocated.
std::string sizeProblem(const Description& d, std::uint64_t chunk)
{
    if (d.filters == 0 && d.stored < d.bytes)
        return fmt::format("its shape {} needs {} bytes, but {} are stored", text(d.shape), d.bytes, d.stored);
    if (d.filters > 0 && std::max(d.bytes, chunk) / 2 > d.stored + expansionLimit / 2)
        return fmt::format("its shape {} needs {} bytes, which {} compressed ones hardly hold", text(d.shape), d.bytes, d.stored);
    return {};
}

std::string layoutProblem(hid_t properties, const Description& d)
{
    if (d.layout == H5D_VIRTUAL)
        return "its values are in other files (a virtual dataset), which are not opened";
    if (H5Pget_external_count(properties) > 0)
        return "its values are in another file (external storage), which is not opened";
    const auto chunk = d.layout == H5D_CHUNKED ? chunkBytes(properties, d.type.size) : 0;
    if (const auto missing = missingFilter(properties, d.filters); !missing.empty())
        return missing;
    return sizeProblem(d, chunk);
}

// Only contiguous values that are in this file have an offset; without storage it lies, so the stored bytes must be all. That spares most
// datasets the property list, which costs more than everything else.
void locate(Description& d, hid_t dataset)
{
    if (!d.problem.empty() || d.bytes == 0 || d.stored != d.bytes)
        return;
    if (const auto offset = H5Dget_offset(dataset); offset != HADDR_UNDEF)
        d.offset = offset;
    H5Eclear2(H5E_DEFAULT);
}

void setLayout(Description& d, hid_t dataset)
{
    const Handle properties(H5Dget_create_plist(dataset), H5Pclose, "the properties of a dataset");
    d.layout = checked(H5Pget_layout(properties), "a layout");
    d.filters = checked(H5Pget_nfilters(properties), "a number of filters");
    d.problem = layoutProblem(properties, d);
}

Description described(hid_t dataset)
{
    Description d;
    const Handle type(H5Dget_type(dataset), H5Tclose, "a type");
    d.type = elementType(type);
    if (d.type.isOpaqueData && d.type.size == 2 && textAttribute(dataset, "dtype") == "bfloat16") // Keras 3 stores it so
        d.type.dtype = DType::BFloat16;
    d.shape = shapeOf(dataset, d.problem);
    const auto count = static_cast<std::uint64_t>(elementCount(d.shape));
    if (__builtin_mul_overflow(count, std::uint64_t{d.type.size}, &d.bytes))
        throw Error("shape-overflow").expected("a shape that can be").found(text(d.shape));
    d.stored = H5Dget_storage_size(dataset);
    locate(d, dataset);
    if (d.problem.empty() && !d.offset)
        setLayout(d, dataset);
    if (d.problem.empty() && d.type.dtype == DType::Opaque)
        d.problem = fmt::format("its elements are of a type that networks do not have ({}, {} bytes)", d.type.description, d.type.size);
    return d;
}

}

Json describeDataset(hid_t dataset, const std::string& path)
{
    const auto d = described(dataset);
    Json json{{"path", path}, {"dtype", name(d.type.dtype)}, {"shape", d.shape}};
    if (d.type.bigEndian)
        json["bigEndian"] = true;
    if (!d.problem.empty())
        json["problem"] = d.problem;
    if (d.type.isOpaqueData)
        json["size"] = d.type.size;
    if (d.offset && (d.problem.empty() || d.type.isOpaqueData))
        json["offset"] = *d.offset;
    return json;
}

Tensor readDataset(hid_t dataset, const std::string& path)
{
    const auto d = described(dataset);
    if (!d.problem.empty())
        throw Error("h5-dataset").expected("values").found(d.problem).at(path);
    auto bytes = std::make_shared<std::vector<std::byte>>(d.bytes);
    const Handle stored(H5Dget_type(dataset), H5Tclose, "a type");
    const bool hasOrder = H5Tget_class(stored) == H5T_INTEGER || H5Tget_class(stored) == H5T_FLOAT;
    const Handle wanted(H5Tcopy(stored), H5Tclose, "a type");
    if (hasOrder)
        checked(H5Tset_order(wanted, H5T_ORDER_LE), "a byte order");
    if (d.bytes > 0)
        checked(H5Dread(dataset, wanted, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes->data()), "the values of " + path);
    return Tensor(d.type.dtype, d.shape, std::move(bytes));
}

Handle openDataset(hid_t file, const std::string& path)
{
    Handle here(H5Gopen2(file, "/", H5P_DEFAULT), H5Gclose, "the root group");
    for (std::size_t start = 1; start <= path.size();) {
        const auto end = std::min(path.find('/', start), path.size());
        const std::string part = path.substr(start, end - start);
        H5L_info_t link;
        checked(H5Lget_info(here, part.c_str(), &link, H5P_DEFAULT), "a link called " + part);
        if (link.type != H5L_TYPE_HARD)
            throw Error("h5-link").expected("an object of this file").found("a link to somewhere else").at(path);
        here = Handle(H5Oopen(here, part.c_str(), H5P_DEFAULT), H5Oclose, "an object called " + part);
        start = end + 1;
    }
    if (H5Iget_type(here) != H5I_DATASET)
        throw Error("h5-dataset").expected("a dataset").found("another object").at(path);
    return here;
}

}
