// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/worker/h5/image.h"

#include "core/base/error.h"
#include "core/tensor/shape.h"
#include "core/worker/h5/attributes.h"
#include "core/worker/h5/types.h"

#include <string>

namespace core::worker::h5 {

namespace {

Handle intermediateGroups()
{
    Handle list(H5Pcreate(H5P_LINK_CREATE), H5Pclose, "a property list");
    checked(H5Pset_create_intermediate_group(list, 1), "groups on the way");
    return list;
}

/// Creation properties of a group, dataset or file whose object keeps no times: equal contents give equal bytes.
Handle timeless(hid_t what)
{
    Handle list(H5Pcreate(what), H5Pclose, "a property list");
    checked(H5Pset_obj_track_times(list, 0), "objects without times");
    return list;
}

Handle memoryFile()
{
    const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "a file access list");
    checked(H5Pset_fapl_core(access, std::size_t{1} << 20, 0), "a file in memory");
    checked(H5Pset_fclose_degree(access, H5F_CLOSE_STRONG), "files that close wholly");
    return Handle(H5Fcreate("memory", H5F_ACC_TRUNC, timeless(H5P_FILE_CREATE), access), H5Fclose, "a file in memory");
}

void writeGroup(hid_t file, hid_t links, const Json& group)
{
    const auto path = group.at("path").get<std::string>();
    const Handle target = path == "/" ? Handle(H5Gopen2(file, "/", H5P_DEFAULT), H5Gclose, "the root group")
                                      : Handle(H5Gcreate2(file, path.c_str(), links, timeless(H5P_GROUP_CREATE), H5P_DEFAULT), H5Gclose,
                                               "to make the group " + path);
    for (const auto& attribute : group.at("attributes"))
        writeAttribute(target, attribute);
}

std::size_t writeDataset(hid_t file, hid_t links, const Json& dataset, std::span<const std::byte> values)
{
    const auto path = dataset.at("path").get<std::string>();
    const auto shape = dataset.at("shape").get<Shape>();
    const auto dtype = dtypeFromName(dataset.at("dtype").get<std::string>()).value_or(DType::Opaque);
    const std::vector<hsize_t> sizes(shape.begin(), shape.end());
    const std::size_t bytes = static_cast<std::size_t>(elementCount(shape)) * itemSize(dtype);
    if (bytes > values.size())
        throw Error("h5-write").expected(std::to_string(bytes) + " bytes").found(std::to_string(values.size())).at(path);
    const Handle space(shape.empty() ? H5Screate(H5S_SCALAR) : H5Screate_simple(static_cast<int>(sizes.size()), sizes.data(), nullptr),
                       H5Sclose, "a dataspace");
    const Handle type = fileType(dtype);
    const Handle target(H5Dcreate2(file, path.c_str(), type, space, links, timeless(H5P_DATASET_CREATE), H5P_DEFAULT), H5Dclose,
                        "to make the dataset " + path);
    if (bytes > 0)
        checked(H5Dwrite(target, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), "to write the dataset " + path);
    return bytes;
}

}

std::vector<std::byte> fileImage(const Json& tree, std::span<const std::byte> values)
{
    const Handle file = memoryFile();
    const Handle links = intermediateGroups();
    for (const auto& group : tree.at("groups"))
        writeGroup(file, links, group);
    for (const auto& dataset : tree.at("datasets"))
        values = values.subspan(writeDataset(file, links, dataset, values));
    if (!values.empty())
        throw Error("h5-write").expected("values for every dataset and no more").found(std::to_string(values.size()) + " bytes left over");
    checked(H5Fflush(file, H5F_SCOPE_GLOBAL), "a flushed file");
    std::vector<std::byte> image(static_cast<std::size_t>(checked(H5Fget_file_image(file, nullptr, 0), "the image of a file")));
    checked(H5Fget_file_image(file, image.data(), image.size()), "the image of a file");
    return image;
}

}
