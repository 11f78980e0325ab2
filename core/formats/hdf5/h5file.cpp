// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/hdf5/h5file.h"

#include "core/base/error.h"
#include "core/worker/client.h"

#include <fmt/format.h>

namespace core::formats {

namespace {

constexpr std::uint64_t workerMemory = std::uint64_t{2} << 30;

/// The worker of one file: it inherits the descriptor, so the file stays open as long.
class Reader
{
public:
    explicit Reader(H5Place place)
        : m_place(std::move(place)),
          m_client({"tieout-worker-h5", m_place.file->descriptor(), workerMemory + 2 * m_place.size, std::chrono::seconds(30)})
    {
    }

    Json list(const Progress& progress) { return request({{"request", "list"}}, 0, progress).head; }

    SharedBytes read(const std::string& path, std::uint64_t bytes)
    {
        auto answer = request({{"request", "read"}, {"path", path}}, bytes, Progress());
        if (answer.payload.size() != bytes)
            throw Error("worker-answer")
                .file(m_place.file->path())
                .expected(fmt::format("{} bytes of {}", bytes, printable(path)))
                .found(fmt::format("{}", answer.payload.size()));
        return std::make_shared<const std::vector<std::byte>>(std::move(answer.payload));
    }

private:
    worker::Message request(Json head, std::uint64_t payloadLimit, const Progress& progress)
    {
        m_place.file->checkUnchanged();
        head["base"] = m_place.base;
        head["size"] = m_place.size;
        try {
            return m_client.request(head, {}, payloadLimit, progress);
        } catch (const Error& error) {
            throw explained(error);
        }
    }

    Error explained(Error error) const
    {
        error.file(m_place.file->path());
        if (error.id() == "worker-died")
            error.advice("The HDF5 library does not survive this file: it is damaged, or made to do harm.");
        if (error.id() == "worker-hung")
            error.advice("The machine is very busy, or the file is damaged. Try again.");
        if (error.id() != "h5-open")
            return error;
        const auto diagnosis = diagnoseH5(m_place);
        if (!diagnosis.found.empty())
            error.found(diagnosis.found + " (" + error.found() + ")").advice(diagnosis.advice);
        return error;
    }

    H5Place m_place;
    worker::Client m_client;
};

template <typename T>
const T* find(const std::unordered_map<std::string, std::size_t>& index, const std::vector<T>& values, const std::string& path)
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
    return find(groupIndex, groups, path);
}

const H5Dataset* H5Contents::dataset(const std::string& path) const
{
    return find(datasetIndex, datasets, path);
}

H5Contents listH5(const H5Place& place, const Progress& progress)
{
    const auto reader = std::make_shared<Reader>(place);
    auto contents = checkedH5Contents(reader->list(progress), place,
                                      [reader](const std::string& path, std::uint64_t bytes) { return reader->read(path, bytes); });
    if (const auto state = diagnoseH5(place); state.isOpenForWriting)
        contents.notes.push_back({{"h5-open-elsewhere", {}, "It is " + state.found + ": what it holds may change. " + state.advice},
                                  Note::Severity::Warning,
                                  ""});
    return contents;
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
