// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/progress.h"
#include "core/files/file.h"
#include "core/json/json.h"
#include "core/model/model.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace core::formats {

struct H5Group
{
    std::string path;
    Json attributes; ///< text, numbers, or lists of them
};

struct H5Dataset
{
    std::string path;
    TensorSource source; ///< a part of the file where that can be, else read by a worker
    std::string problem; ///< why its values cannot be read; empty when they can
};

/// What an HDF5 file holds, as the h5 worker tells it and this process has checked it. Parents come before their children.
struct H5Contents
{
    std::vector<H5Group> groups;
    std::vector<H5Dataset> datasets;
    std::vector<Note> notes; ///< links that were not followed, attributes that could not be read

    const H5Group* group(const std::string& path) const;
    const H5Dataset* dataset(const std::string& path) const;

    std::map<std::string, std::size_t> groupIndex, datasetIndex;
};

/// Whether an HDF5 signature stands at byte 0, 512, 1024, 2048 ... (behind a user block); never throws.
bool isHdf5(std::span<const std::byte> head, const File& file);

/// Lists a file through a worker of its own, which ends at once when every dataset lies plainly in the file. Throws Error naming the file.
H5Contents listH5(const std::shared_ptr<const File>& file, const Progress& progress = Progress());

/// A text attribute, or nothing.
std::optional<std::string> textAttribute(const H5Group& group, const std::string& name);
/// A list of names, also one that Keras split into name0, name1 ... because of HDF5's limit; nothing when there is none.
std::optional<std::vector<std::string>> namesAttribute(const H5Group& group, const std::string& name);

}
