// SPDX-License-Identifier: GPL-3.0-or-later
// The container of Hugging Face's safetensors: an 8-byte length, a JSON header, then all values, little-endian and dense.
#include "core/base/names.h"
#include "core/formats/foreign.h"
#include "core/formats/plain/namedlayers.h"
#include "core/formats/plain/plainformats.h"
#include "core/formats/plain/safetensorsheader.h"
#include "core/formats/plain/safetensorstypes.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::formats {

namespace {

constexpr std::uint64_t headerLimit = 100'000'000; // as the library itself has it

std::uint64_t headerLength(std::span<const std::byte> head)
{
    std::uint64_t length = 0;
    for (std::size_t i = 8; i-- > 0;)
        length = length << 8 | std::to_integer<std::uint64_t>(head[i]);
    return length;
}

class SafetensorsReader
{
public:
    explicit SafetensorsReader(std::shared_ptr<const File> file) : m_file(std::move(file)) {}

    Model read(const Progress& progress)
    {
        readHeader();
        m_model.origin = {m_file->path(), std::string(safetensors.id), "tensors", "", "", m_file->size()};
        for (const auto& [key, value] : m_header.metadata)
            m_model.entries.push_back({"__metadata__." + printable(key), printable(value, 1000)});
        m_model.parameters.reserve(m_header.tensors.size());
        for (const SafetensorsEntry& entry : m_header.tensors) {
            add(entry);
            if (m_model.parameters.size() % 1024 == 0)
                progress.report(static_cast<double>(m_model.parameters.size()) / static_cast<double>(m_header.tensors.size()));
        }
        checkOrder();
        if (isSorted())
            sortByNames(m_model.parameters);
        groupByNames(m_model);
        return std::move(m_model);
    }

    const SafetensorsHeader& header()
    {
        readHeader();
        return m_header;
    }

private:
    void readHeader()
    {
        const std::uint64_t length = headerLength(m_file->read(0, 8)), room = m_file->size() - 8;
        if (length > headerLimit)
            throw Error("safetensors-header")
                .file(m_file->path())
                .expected(fmt::format("a header of at most {} bytes", headerLimit))
                .found(fmt::format("a length of {}", length))
                .at("offset 0");
        if (length > room)
            throw Error("safetensors-cut")
                .file(m_file->path())
                .expected(fmt::format("a header of {} bytes", length))
                .found(fmt::format("{} bytes: the file is cut short", room))
                .advice("Fetch it again.");
        const std::vector<std::byte> bytes = m_file->read(8, length);
        m_header = parseSafetensorsHeader({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, m_file->path());
        m_start = 8 + length;
    }

    void add(const SafetensorsEntry& entry)
    {
        Parameter& parameter = m_model.parameters.emplace_back();
        parameter.name = safeName(entry.name);
        const SafetensorsType type = safetensorsType(entry.dtype, entry.shape);
        parameter.source = {type.dtype, type.shape, SharedBytes()};
        parameter.problem = type.problem;
        if (entry.offsets.size() != 2 || entry.offsets[0] > entry.offsets[1]) {
            parameter.problem = "its data_offsets are no two rising numbers";
            return;
        }
        const std::uint64_t bytes = entry.offsets[1] - entry.offsets[0], room = m_file->size() - m_start;
        if (parameter.problem.empty() && bytes != type.bytes)
            parameter.problem = fmt::format("its {} of {} should have {} bytes and has {}", text(entry.shape), printable(entry.dtype, 20),
                                            type.bytes, bytes);
        else if (parameter.problem.empty() && entry.offsets[1] > room)
            parameter.problem = fmt::format("its values end at byte {} of the file, which has {}: it is cut short",
                                            m_start + entry.offsets[1], m_file->size());
        if (!parameter.problem.empty())
            return;
        parameter.source.data = FileRegion{m_file, m_start + entry.offsets[0], denseStrides(type.shape), false};
    }

    /// The library asks for values one behind the other without gaps, so that nothing can hide; two tensors never share bytes.
    void checkOrder()
    {
        std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges;
        for (const SafetensorsEntry& entry : m_header.tensors)
            if (entry.offsets.size() == 2 && entry.offsets[0] < entry.offsets[1])
                ranges.emplace_back(entry.offsets[0], entry.offsets[1]);
        std::sort(ranges.begin(), ranges.end());
        std::uint64_t end = 0, gaps = 0;
        for (const auto& [from, to] : ranges) {
            if (from < end)
                throw Error("safetensors-overlap")
                    .file(m_file->path())
                    .expected("tensors one behind the other")
                    .found("two that share bytes")
                    .at(fmt::format("offset {}", m_start + from));
            gaps += from - end;
            end = to;
        }
        const std::uint64_t room = m_file->size() - m_start;
        gaps += room > end ? room - end : 0;
        if (gaps > 0)
            note("safetensors-gaps", Note::Severity::Warning,
                 fmt::format("{} bytes belong to no tensor; the safetensors library refuses that.", gaps));
        if (room < end)
            note("safetensors-cut", Note::Severity::Error,
                 fmt::format("The file ends {} bytes too early: tensors at its end cannot be read.", end - room));
    }

    /// The library sorts by the size of the type, then by name: the network's own order is lost.
    bool isSorted() const
    {
        const auto& all = m_model.parameters;
        for (std::size_t i = 1; i < all.size(); ++i)
            if (all[i - 1].source.dtype == all[i].source.dtype && all[i].name < all[i - 1].name)
                return false;
        return true;
    }

    void note(std::string id, Note::Severity severity, std::string text)
    {
        m_model.notes.push_back({{std::move(id), {}, std::move(text)}, severity, ""});
    }

    std::shared_ptr<const File> m_file;
    SafetensorsHeader m_header;
    std::uint64_t m_start = 0; ///< of the values
    Model m_model;
};

/// A length below 2^40 before a brace: other text before a brace makes a far larger number.
bool matchesHead(std::span<const std::byte> head, const File&)
{
    constexpr std::string_view after = "\"} \n\r\t";
    return head.size() >= 10 && hasAt(head, 8, "{") && headerLength(head) < std::uint64_t{1} << 40 &&
           after.find(static_cast<char>(head[9])) != std::string_view::npos;
}

}

std::map<std::string, std::string> safetensorsMetadata(const std::string& path)
{
    const auto file = File::open(path);
    const SafetensorsHeader header = SafetensorsReader(file).header();
    return {header.metadata.begin(), header.metadata.end()};
}

const Format safetensors{
    "safetensors", Framework::None, "*.safetensors", matchesHead,
    [](std::shared_ptr<const File> file, const Progress& progress) { return SafetensorsReader(std::move(file)).read(progress); }};

}
