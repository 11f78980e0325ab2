// SPDX-License-Identifier: GPL-3.0-or-later
// Labels, and samples that lie in folders.
#include "core/base/error.h"
#include "core/files/sha256.h"
#include "core/sweep/dataset.h"
#include "core/sweep/labels.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fmt/format.h>

namespace core::sweep {

namespace fs = std::filesystem;

namespace {

/// Lower case, ASCII.
std::string endingOf(std::string_view path)
{
    std::string ending = fs::path(path).extension().string();
    std::transform(ending.begin(), ending.end(), ending.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return ending;
}

bool isSample(const fs::path& path)
{
    const std::string ending = endingOf(path.string());
    const auto is = [&](std::string_view one) { return ending == one; };
    return isArrayFile(path.string()) || is(".png") || is(".jpg") || is(".jpeg") || is(".bmp") || is(".gif") || is(".ppm") || is(".pgm") ||
           is(".webp");
}

bool isHidden(const fs::path& path)
{
    return path.filename().string().starts_with(".");
}

bool isLabels(const fs::path& path)
{
    return path.filename() == "labels.npy" || path.filename() == "y.npy";
}

struct Listing
{
    std::vector<fs::path> files, folders; ///< in the order of their names' bytes
};

Listing listing(const fs::path& folder)
{
    Listing result;
    std::error_code failure;
    for (fs::directory_iterator entry(folder, failure), end; !failure && entry != end; entry.increment(failure)) {
        if (isHidden(entry->path()))
            continue;
        std::error_code ignored;
        if (entry->is_directory(ignored))
            result.folders.push_back(entry->path());
        else if (entry->is_regular_file(ignored) && isSample(entry->path()))
            result.files.push_back(entry->path());
    }
    if (failure)
        throw Error("sweep-folder").file(folder.string()).expected("a folder that can be read").found(failure.message());
    const auto byBytes = [](const fs::path& a, const fs::path& b) { return a.native() < b.native(); };
    std::sort(result.files.begin(), result.files.end(), byBytes);
    std::sort(result.folders.begin(), result.folders.end(), byBytes);
    return result;
}

/// All samples below a folder; those of the folder itself first.
void addSamples(const fs::path& folder, std::vector<fs::path>& samples, int depth = 0)
{
    constexpr int deepest = 32; // a link may lead back up
    if (depth > deepest)
        throw Error("sweep-folder").file(folder.string()).expected(fmt::format("at most {} folders in each other", deepest)).found("more");
    const Listing found = listing(folder);
    samples.insert(samples.end(), found.files.begin(), found.files.end());
    for (const fs::path& below : found.folders)
        addSamples(below, samples, depth + 1);
}

std::string sumOf(const DataSet& set, const std::vector<fs::path>& samples)
{
    Sha256 sum;
    const auto add = [&](const std::string& line) { sum.add(std::as_bytes(std::span(line))); };
    for (std::size_t i = 0; i < samples.size(); ++i) {
        std::error_code ignored;
        add(fmt::format("{} {} {}\n", set.names[i], fs::file_size(samples[i], ignored), i < set.labels.size() ? set.labels[i] : -1));
    }
    return sum.text();
}

bool isOneHot(std::span<const float> row)
{
    return std::count(row.begin(), row.end(), 1.0f) == 1 &&
           std::count(row.begin(), row.end(), 0.0f) == static_cast<std::ptrdiff_t>(row.size()) - 1;
}

}

bool isArrayFile(std::string_view path)
{
    const std::string ending = endingOf(path);
    return ending == ".npy" || ending == ".npz";
}

std::vector<int> labelsOf(const Tensor& array, std::int64_t samples, const std::string& file)
{
    const Shape& shape = array.shape();
    const auto wrong = [&](std::string_view found) {
        return Error("sweep-labels")
            .file(file)
            .expected(fmt::format("{} labels: whole numbers from 0 on, or one-hot rows", samples))
            .found(found);
    };
    if (shape.empty() || shape.front() != samples || shape.size() > 2)
        throw wrong(text(shape));
    const auto values = array.floats();
    const auto columns = values.size() / static_cast<std::size_t>(samples);
    std::vector<int> labels;
    for (std::size_t i = 0; i < static_cast<std::size_t>(samples); ++i) {
        const auto row = values.subspan(i * columns, columns);
        const float value = row.front();
        if (columns > 1 && isOneHot(row))
            labels.push_back(static_cast<int>(std::find(row.begin(), row.end(), 1.0f) - row.begin()));
        else if (columns == 1 && value >= 0 && value < 16'777'216.0f && std::floor(value) == value)
            labels.push_back(static_cast<int>(value));
        else
            throw wrong(columns > 1 ? std::string("another row") : fmt::format("{}", value)).at(fmt::format("sample {}", i));
    }
    return labels;
}

DataSet folderSet(const std::string& folder, PictureReader read, const std::string& layout)
{
    Listing top = listing(folder);
    DataSet set;
    set.source = "input";
    set.file = folder;
    std::vector<fs::path> samples;
    std::optional<fs::path> labels;
    for (const fs::path& file : top.files)
        if (isLabels(file))
            labels = file;
        else
            samples.push_back(file);
    if (!samples.empty() && !top.folders.empty())
        throw Error("sweep-folder")
            .file(folder)
            .expected("samples in the folder itself, or class folders")
            .found(fmt::format("both: {} and {}", printable(samples.front().filename().string()),
                               printable(top.folders.front().filename().string())));
    for (const fs::path& below : top.folders) {
        const std::size_t before = samples.size();
        addSamples(below, samples);
        set.labels.insert(set.labels.end(), samples.size() - before, static_cast<int>(set.classNames.size()));
        set.classNames.push_back(below.filename().string());
    }
    if (samples.empty())
        throw Error("sweep-folder").file(folder).expected("files .npy, .npz or pictures, or class folders with them").found("none");
    set.count = static_cast<std::int64_t>(samples.size());
    Files files{{}, std::move(read), layout};
    for (const fs::path& sample : samples) {
        files.paths.push_back(sample.string());
        set.names.push_back(sample.lexically_relative(folder).string());
    }
    if (labels) {
        const session::ArraysInput array = session::readArrays(labels->string(), {});
        set.labels = labelsOf(array.arrays.front().second, set.count, labels->string());
    }
    set.sha256 = sumOf(set, samples);
    set.samples = std::move(files);
    return set;
}

}
