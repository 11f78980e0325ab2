// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/write.h"
#include "core/json/json.h"

#include <string>
#include <string_view>

namespace core::formats {

/// An HDF5 file to be: groups with text attributes, and contiguous datasets.
class H5Image
{
public:
    /// Parents before children; "/" may be named to give it attributes.
    void addGroup(std::string path) { m_groups.push_back({{"path", std::move(path)}, {"attributes", Json::array()}}); }
    /// A text, or a list of texts, of the group that was added last; of variable length, as h5py writes them.
    void addAttribute(std::string_view name, Json value, std::string_view encoding = "ascii");
    /// Like addAttribute, split into name0, name1 ... where HDF5's 64 KiB would be exceeded, as Keras does it.
    void addNames(const std::string& name, const std::vector<std::string>& names);
    void addDataset(const std::string& path, const Tensor& tensor);

    /// Made by the h5 worker; equal contents give equal bytes. Throws Error, which names the file `path`.
    std::vector<std::byte> made(const std::string& path) const;
    /// The caller commits the file. Throws Error.
    void write(AtomicFile& file) const;
    /// The same, and puts it in place.
    void write(const std::string& path) const;

private:
    Json m_groups = Json::array(), m_datasets = Json::array();
    std::vector<Tensor> m_values;
};

}
