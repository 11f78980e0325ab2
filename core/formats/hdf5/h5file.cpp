// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/hdf5/h5file.h"

#include "core/worker/client.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace core::formats {

namespace {

constexpr std::string_view signature = "\x89HDF\r\n\x1a\n";
constexpr std::uint64_t workerMemory = std::uint64_t{2} << 30;

/// The worker of one file: it inherits the descriptor, so the file stays open as long.
struct Reader
{
    std::shared_ptr<const File> file;
    worker::Client client;

    explicit Reader(std::shared_ptr<const File> opened)
        : file(std::move(opened)),
          client({"tieout-worker-h5", file->descriptor(), workerMemory + 2 * file->size(), std::chrono::seconds(30)})
    {
    }

    worker::Message request(const Json& head, std::uint64_t payloadLimit, const Progress& progress)
    {
        file->checkUnchanged();
        try {
            return client.request(head, {}, payloadLimit, progress);
        } catch (Error& error) {
            error.file(file->path());
            if (error.id() == "worker-died" || error.id() == "worker-hung")
                error.advice("The HDF5 library does not survive this file: it is damaged, or made to do harm.");
            throw;
        }
    }
};

[[noreturn]] void wrongAnswer(const File& file, std::string_view expected, std::string_view found)
{
    throw Error("worker-answer").file(file.path()).expected(expected).found(found);
}

SharedBytes readByWorker(Reader& reader, const std::string& path, std::uint64_t bytes)
{
    auto answer = reader.request({{"request", "read"}, {"path", path}}, bytes, Progress());
    if (answer.payload.size() != bytes)
        wrongAnswer(*reader.file, fmt::format("{} bytes of {}", bytes, path), fmt::format("{}", answer.payload.size()));
    return std::make_shared<const std::vector<std::byte>>(std::move(answer.payload));
}

// What the worker says of a dataset is believed no more than the file: offset and size must lie within it.
H5Dataset checkedDataset(const Json& json, const std::shared_ptr<Reader>& reader)
{
    H5Dataset dataset;
    dataset.path = json.at("path").get<std::string>();
    dataset.problem = json.value("problem", "");
    const auto dtype = dtypeFromName(json.at("dtype").get<std::string>());
    dataset.source.shape = json.at("shape").get<Shape>();
    if (!dtype || std::any_of(dataset.source.shape.begin(), dataset.source.shape.end(), [](std::int64_t size) { return size < 0; }))
        wrongAnswer(*reader->file, "a type and a shape", dumpJson(json, -1));
    dataset.source.dtype = *dtype;
    const auto count = static_cast<std::uint64_t>(elementCount(dataset.source.shape));
    const std::uint64_t size = itemSize(*dtype), bytes = count * size;
    if (size != 0 && bytes / size != count)
        wrongAnswer(*reader->file, "a shape that can be", text(dataset.source.shape));
    if (dataset.problem.empty() && bytes > 2 * reader->file->size() + workerMemory)
        dataset.problem = fmt::format("its shape {} is far larger than the file", text(dataset.source.shape));

    const auto offset = json.find("offset");
    if (offset == json.end()) {
        dataset.source.data =
            WorkerDataset{dataset.path, [reader, path = dataset.path, bytes] { return readByWorker(*reader, path, bytes); }};
        return dataset;
    }
    const auto at = offset->get<std::uint64_t>(), end = reader->file->size();
    if (at > end || bytes > end - at)
        dataset.problem = fmt::format("its {} bytes at {} lie behind the end of the file, {}", bytes, at, end);
    dataset.source.data = FileRegion{reader->file, at, denseStrides(dataset.source.shape), json.value("bigEndian", false)};
    return dataset;
}

Note linkNote(const Json& json)
{
    const auto path = json.at("path").get<std::string>();
    const auto sort = json.at("sort").get<std::string>();
    if (sort == "again")
        return {{"h5-link-again", {path}, "a link to a group that is listed already"}, Note::Severity::Info, path};
    return {
        {"h5-link", {path, sort}, fmt::format("a link of the sort \"{}\", which is not followed", sort)}, Note::Severity::Warning, path};
}

H5Contents checkedContents(const Json& json, const std::shared_ptr<Reader>& reader)
{
    H5Contents contents;
    for (const auto& group : json.at("groups")) {
        contents.groupIndex.emplace(group.at("path").get<std::string>(), contents.groups.size());
        contents.groups.push_back({group.at("path").get<std::string>(), group.at("attributes")});
    }
    for (const auto& dataset : json.at("datasets")) {
        contents.datasetIndex.emplace(dataset.at("path").get<std::string>(), contents.datasets.size());
        contents.datasets.push_back(checkedDataset(dataset, reader));
    }
    for (const auto& link : json.at("links"))
        contents.notes.push_back(linkNote(link));
    for (const auto& problem : json.at("problems")) {
        const auto where = problem.at("where").get<std::string>(), what = printable(problem.at("text").get<std::string>(), 500);
        contents.notes.push_back({{"h5-problem", {where, what}, what}, Note::Severity::Warning, where});
    }
    return contents;
}

template <typename T>
const T* found(const std::map<std::string, std::size_t>& index, const std::vector<T>& values, const std::string& path)
{
    const auto entry = index.find(path);
    return entry == index.end() ? nullptr : &values[entry->second];
}

std::optional<std::vector<std::string>> names(const Json& value)
{
    std::vector<std::string> result;
    if (!value.is_array())
        return {};
    for (const auto& name : value) {
        if (!name.is_string())
            return {};
        result.push_back(name.get<std::string>());
    }
    return result;
}

}

const H5Group* H5Contents::group(const std::string& path) const
{
    return found(groupIndex, groups, path);
}

const H5Dataset* H5Contents::dataset(const std::string& path) const
{
    return found(datasetIndex, datasets, path);
}

bool isHdf5(std::span<const std::byte> head, const File& file)
{
    const auto isSignature = [](std::span<const std::byte> bytes) {
        return bytes.size() >= signature.size() &&
               std::equal(signature.begin(), signature.end(), bytes.begin(), [](char a, std::byte b) { return std::byte(a) == b; });
    };
    if (isSignature(head))
        return true;
    std::array<std::byte, 8> bytes;
    for (std::uint64_t at = 512; at < file.size() && file.size() - at >= bytes.size(); at *= 2) {
        try {
            file.read(at, bytes);
        } catch (const Error&) {
            return false;
        }
        if (isSignature(bytes))
            return true;
    }
    return false;
}

H5Contents listH5(const std::shared_ptr<const File>& file, const Progress& progress)
{
    const auto reader = std::make_shared<Reader>(file);
    const auto answer = reader->request({{"request", "list"}}, 0, progress);
    try {
        return checkedContents(answer.head, reader);
    } catch (const Json::exception& error) {
        wrongAnswer(*file, "the contents of the file", error.what());
    }
}

std::optional<std::string> textAttribute(const H5Group& group, const std::string& name)
{
    const auto value = group.attributes.find(name);
    if (value == group.attributes.end())
        return {};
    if (value->is_array() && value->size() == 1 && value->front().is_string())
        return value->front().get<std::string>();
    return value->is_string() ? std::optional(value->get<std::string>()) : std::nullopt;
}

std::optional<std::vector<std::string>> namesAttribute(const H5Group& group, const std::string& name)
{
    if (const auto whole = group.attributes.find(name); whole != group.attributes.end())
        return names(*whole);
    std::optional<std::vector<std::string>> result;
    for (std::size_t i = 0;; ++i) {
        const auto piece = group.attributes.find(name + std::to_string(i));
        const auto more = piece == group.attributes.end() ? std::nullopt : names(*piece);
        if (!more)
            return result;
        if (!result)
            result.emplace();
        result->insert(result->end(), more->begin(), more->end());
    }
}

}
