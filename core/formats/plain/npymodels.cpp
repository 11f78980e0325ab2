// SPDX-License-Identifier: GPL-3.0-or-later
// NumPy's .npy and .npz as files of their own: arrays and their names.
#include "core/base/names.h"
#include "core/formats/foreign.h"
#include "core/formats/numpy/npy.h"
#include "core/formats/plain/namedlayers.h"
#include "core/formats/plain/plainformats.h"
#include "core/formats/zip/zipparser.h"

#include <fmt/format.h>
#include <unordered_set>

namespace core::formats {

namespace {

Model plainModel(const File& file, std::string_view format)
{
    Model model;
    model.origin.path = file.path();
    model.origin.format = format;
    model.origin.content = "tensors";
    model.origin.fileSize = file.size();
    return model;
}

void add(Model& model, std::string name, NpyArray array)
{
    Parameter& parameter = model.parameters.emplace_back();
    parameter.name = parameter.role = std::move(name);
    parameter.source = std::move(array.source);
    parameter.problem = std::move(array.problem);
}

/// An array that is listed although its header is damaged.
NpyArray arrayOf(const std::shared_ptr<const ZipDirectory>& archive, const ZipEntry& entry)
{
    try {
        return npyArray(archive, entry);
    } catch (const Error& error) {
        return {{DType::Opaque, {}, SharedBytes()}, fmt::format("expected {}, found {}", error.expected(), error.found())};
    }
}

Model readNpz(std::shared_ptr<const File> file, const Progress& progress)
{
    Model model = plainModel(*file, npz.id);
    const auto archive = std::make_shared<const ZipDirectory>(ZipDirectory::read(std::move(file), progress));
    std::unordered_set<std::string> names;
    std::size_t others = 0, done = 0;
    for (const ZipEntry& entry : archive->entries()) {
        progress.report(static_cast<double>(done++) / static_cast<double>(archive->entries().size()));
        if (!entry.name.ends_with(".npy")) {
            others += !entry.name.ends_with('/');
            continue;
        }
        const std::string plain = safeName(nameOfEntry(entry.name.substr(0, entry.name.size() - 4)));
        std::string name = plain;
        for (int copy = 2; !names.insert(name).second; ++copy)
            name = fmt::format("{} ({})", plain, copy);
        add(model, std::move(name), arrayOf(archive, entry));
    }
    if (others > 0)
        model.notes.push_back({{"npz-others", {}, fmt::format("{} entries of the archive are no arrays and not looked at.", others)},
                               Note::Severity::Info,
                               ""});
    groupByNames(model);
    return model;
}

}

const Format npz{"npz", Framework::None, "*.npz",
                 [](std::span<const std::byte> head, const File& file) {
                     if (!ZipDirectory::matches(head))
                         return false;
                     try {
                         return ZipParser(file).hasName(".npy");
                     } catch (const Error&) {
                         return false;
                     }
                 },
                 readNpz};

const Format npy{"npy", Framework::None, "*.npy",
                 [](std::span<const std::byte> head, const File&) { return startsWith(head, std::string_view("\x93NUMPY", 6)); },
                 [](std::shared_ptr<const File> file, const Progress&) {
                     Model model = plainModel(*file, npy.id);
                     add(model, "array", npyArray(file, 0, file->size(), file->path()));
                     return model;
                 }};

}
