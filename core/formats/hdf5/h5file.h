// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/progress.h"
#include "core/files/file.h"
#include "core/json/json.h"
#include "core/model/model.h"

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace core::formats {

/// Where an HDF5 file lies: it is a file, or `size` bytes of one from `base` on (an entry that an archive stores as it is).
struct H5Place
{
    H5Place(std::shared_ptr<const File> opened) : file(std::move(opened)), size(file->size()) {}
    H5Place(std::shared_ptr<const File> opened, std::uint64_t from, std::uint64_t length)
        : file(std::move(opened)), base(from), size(length)
    {
    }

    std::shared_ptr<const File> file;
    std::uint64_t base = 0, size = 0;
};

struct H5Group
{
    std::string path;
    Json attributes; ///< text, numbers, or lists of them
};

struct H5Dataset
{
    std::string path;
    TensorSource source;                ///< a part of the file where that can be, else read by a worker
    std::string problem;                ///< why its values cannot be read; empty when they can
    std::size_t opaqueSize = 0;         ///< bytes of an element that the file calls opaque
    std::optional<FileRegion> opaque{}; ///< where those lie, for a reader that knows what they are
};

/// What an HDF5 file holds, as the h5 worker tells it and this process has checked it. Parents come before their children.
struct H5Contents
{
    std::vector<H5Group> groups;
    std::vector<H5Dataset> datasets;
    std::vector<Note> notes; ///< links that were not followed, attributes that could not be read

    const H5Group* group(const std::string& path) const;
    const H5Dataset* dataset(const std::string& path) const;

    std::unordered_map<std::string, std::size_t> groupIndex, datasetIndex;
};

/// Whether an HDF5 signature stands at byte 0, 512, 1024, 2048 ... (behind a user block); never throws.
bool isHdf5(std::span<const std::byte> head, const File& file);

/// Lists a file through a worker of its own, which ends at once when every dataset lies plainly in the file. Throws Error naming the file.
H5Contents listH5(const H5Place& place, const Progress& progress = Progress());

/// Reads a dataset that does not lie plainly in the file: its path and its number of bytes.
using H5Read = std::function<SharedBytes(const std::string&, std::uint64_t)>;
/// What a worker told ("list"), believed no more than the file: names are paths and told once, shapes can be, offsets lie inside.
/// Throws Error("worker-answer").
H5Contents checkedH5Contents(Json answer, const H5Place& place, const H5Read& read);

/// Why HDF5 may refuse a file, as its header tells: cut short, open for writing elsewhere. Empty when the header tells nothing.
struct H5Diagnosis
{
    std::string found, advice;
    bool isOpenForWriting = false;
};
H5Diagnosis diagnoseH5(const H5Place& place);

/// A text attribute, or nothing.
std::optional<std::string> textAttribute(const H5Group& group, const std::string& name);
/// A list of names, also one that Keras split into name0, name1 ... because of HDF5's limit; nothing when there is none.
std::optional<std::vector<std::string>> namesAttribute(const H5Group& group, const std::string& name);

}
