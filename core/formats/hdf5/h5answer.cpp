// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/formats/hdf5/h5file.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::formats {

namespace {

/// Values that are read by the worker may take this much more than twice the file: compressed zeros.
constexpr std::uint64_t expansionLimit = std::uint64_t{2} << 30;
constexpr std::size_t rankLimit = 64;

[[noreturn]] void wrong(const H5Place& place, std::string_view expected, std::string_view found)
{
    throw Error("worker-answer").file(place.file->path()).expected(expected).found(printable(found));
}

class Answer
{
public:
    Answer(Json& json, const H5Place& place, const H5Read& read) : m_json(json), m_place(place), m_read(read) {}

    H5Contents contents()
    {
        H5Contents contents;
        for (auto& group : list("groups")) {
            auto path = pathOf(group);
            if (!contents.groupIndex.emplace(path, contents.groups.size()).second)
                wrong(m_place, "each group once", path);
            if (!group.at("attributes").is_object())
                wrong(m_place, "attributes by name", path);
            contents.groups.push_back({std::move(path), std::move(group["attributes"])});
        }
        contents.datasets.reserve(list("datasets").size());
        for (const auto& json : list("datasets")) {
            contents.datasets.push_back(dataset(json));
            const auto& path = contents.datasets.back().path;
            if (!contents.datasetIndex.emplace(path, contents.datasets.size() - 1).second)
                wrong(m_place, "each dataset once", path);
        }
        for (const auto& link : list("links"))
            contents.notes.push_back(linkNote(link));
        for (const auto& problem : list("problems")) {
            const auto where = printable(problem.at("where").get<std::string>()),
                       what = printable(problem.at("text").get<std::string>(), 500);
            contents.notes.push_back({{"h5-problem", {where, what}, what}, Note::Severity::Warning, where});
        }
        return contents;
    }

private:
    Json& list(const char* key)
    {
        auto& value = m_json.at(key);
        if (!value.is_array())
            wrong(m_place, std::string("a list of ") + key, value.type_name());
        return value;
    }

    std::string pathOf(const Json& json) const
    {
        auto path = json.at("path").get<std::string>();
        if (!path.starts_with('/'))
            wrong(m_place, "a path from the root", path);
        return path;
    }

    std::uint64_t unsignedOf(const Json& json) const
    {
        if (!json.is_number_unsigned())
            wrong(m_place, "a whole number of zero and above", dumpJson(json, -1));
        return json.get<std::uint64_t>();
    }

    H5Dataset dataset(const Json& json) const
    {
        H5Dataset dataset;
        dataset.path = pathOf(json);
        if (const auto problem = json.find("problem"); problem != json.end())
            dataset.problem = printable(problem->get<std::string>(), 500);
        const auto dtype = dtypeFromName(json.at("dtype").get_ref<const std::string&>());
        auto& shape = dataset.source.shape;
        const Json& sizes = json.at("shape");
        if (!isIntegerList(sizes))
            wrong(m_place, "a shape", dumpJson(sizes, -1));
        shape = sizes.get<Shape>();
        if (!dtype || shape.size() > rankLimit || std::any_of(shape.begin(), shape.end(), [](std::int64_t size) { return size < 0; }))
            wrong(m_place, "a type and a shape", dumpJson(json, -1));
        dataset.source.dtype = *dtype;
        if (*dtype == DType::Opaque)
            dataset.opaqueSize = json.contains("size") ? unsignedOf(json.at("size")) : 0;
        locate(dataset, json);
        return dataset;
    }

    void locate(H5Dataset& dataset, const Json& json) const
    {
        const auto& shape = dataset.source.shape;
        std::uint64_t bytes = 0;
        const std::uint64_t size = dataset.source.dtype == DType::Opaque ? dataset.opaqueSize : itemSize(dataset.source.dtype);
        if (__builtin_mul_overflow(static_cast<std::uint64_t>(elementCount(shape)), size, &bytes))
            wrong(m_place, "a shape that can be", text(shape));
        dataset.source.data = WorkerDataset{dataset.path, [read = m_read, path = dataset.path, bytes] { return read(path, bytes); }};
        const auto offset = json.find("offset");
        if (offset == json.end()) {
            if (dataset.problem.empty() && bytes > 2 * m_place.size + expansionLimit)
                dataset.problem = fmt::format("its shape {} is far larger than the file", text(shape));
            return;
        }
        const auto at = unsignedOf(*offset);
        FileRegion region{m_place.file, m_place.base + at, denseStrides(shape), json.value("bigEndian", false)};
        if (at > m_place.size || bytes > m_place.size - at)
            dataset.problem = fmt::format("its {} bytes at {} lie behind the end of the file, {}", bytes, at, m_place.size);
        else if (dataset.opaqueSize > 0)
            dataset.opaque = std::move(region);
        else
            dataset.source.data = std::move(region);
    }

    static Note linkNote(const Json& json)
    {
        const auto path = printable(json.at("path").get<std::string>()), sort = printable(json.at("sort").get<std::string>());
        if (sort == "again")
            return {{"h5-link-again", {path}, "a link to a group that is listed already"}, Note::Severity::Info, path};
        return {{"h5-link", {path, sort}, fmt::format("a link of the sort \"{}\", which is not followed", sort)},
                Note::Severity::Warning,
                path};
    }

    Json& m_json;
    const H5Place& m_place;
    const H5Read& m_read;
};

}

H5Contents checkedH5Contents(Json answer, const H5Place& place, const H5Read& read)
{
    try {
        return Answer(answer, place, read).contents();
    } catch (const Json::exception&) {
        wrong(place, "the contents of the file", "an answer of another form");
    } catch (Error& error) {
        if (error.file().empty())
            error.file(place.file->path());
        throw;
    }
}

}
