// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/plain/safetensorsheader.h"

#include "core/base/error.h"
#include "core/json/json.h"

#include <fmt/format.h>
#include <unordered_set>

namespace core::formats {

namespace {

/// {"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, "__metadata__": {"key": "text"}}
class Handler final : public nlohmann::json_sax<Json>
{
public:
    Handler(SafetensorsHeader& header, std::string_view where) : m_header(header), m_where(where) {}

    bool null() override { return refuse("nothing (null)"); }
    bool boolean(bool) override { return refuse("true or false"); }
    bool number_float(number_float_t, const string_t& text) override { return refuse(text); }
    bool binary(binary_t&) override { return refuse("binary data"); }
    bool number_integer(number_integer_t value) override { return refuse(fmt::format("the negative number {}", value)); }
    bool number_unsigned(number_unsigned_t value) override
    {
        if (m_depth != 3 || value > std::uint64_t{1} << 62)
            return refuse(fmt::format("the number {}", value));
        if (m_key == "shape")
            entry().shape.push_back(static_cast<std::int64_t>(value));
        else
            entry().offsets.push_back(value);
        if (entry().shape.size() > 64 || entry().offsets.size() > 2)
            fail("at most 64 sizes and two offsets", "more");
        return true;
    }
    bool string(string_t& text) override
    {
        if (m_depth == 2 && m_isMetadata)
            m_header.metadata.emplace_back(m_key, std::move(text));
        else if (m_depth == 2 && m_key == "dtype")
            entry().dtype = std::move(text);
        else
            return refuse(fmt::format("the text {}", printable(text, 40)));
        return true;
    }
    bool key(string_t& text) override
    {
        m_key = std::move(text);
        if (m_depth != 1)
            return true;
        if (!m_names.insert(m_key).second)
            fail("every name once", "it twice");
        m_isMetadata = m_key == "__metadata__";
        if (!m_isMetadata)
            m_header.tensors.push_back({m_key, "", {}, {}});
        return true;
    }
    bool start_object(std::size_t) override { return ++m_depth <= 2 || refuse("a nested object"); }
    bool end_object() override { return --m_depth >= 0; }
    bool start_array(std::size_t) override
    {
        const bool isKnown = m_depth == 2 && !m_isMetadata && (m_key == "shape" || m_key == "data_offsets");
        return ++m_depth == 3 && isKnown ? true : refuse("a list");
    }
    bool end_array() override { return --m_depth >= 0; }
    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override
    {
        throw Error("safetensors-header")
            .file(m_where)
            .expected("a header in JSON")
            .found("other text")
            .at(fmt::format("character {} of the header", position));
    }

private:
    SafetensorsEntry& entry() { return m_header.tensors.back(); }
    bool refuse(const std::string& what) { fail("dtype, shape and data_offsets of each tensor", what); }
    [[noreturn]] void fail(std::string_view expected, std::string_view found) const
    {
        const std::string name = m_header.tensors.empty() || m_isMetadata ? m_key : m_header.tensors.back().name;
        throw Error("safetensors-header").file(m_where).expected(expected).found(found).at(printable(name, 100));
    }

    SafetensorsHeader& m_header;
    std::string_view m_where;
    std::string m_key;
    std::unordered_set<std::string> m_names;
    int m_depth = 0;
    bool m_isMetadata = false;
};

}

SafetensorsHeader parseSafetensorsHeader(std::string_view json, std::string_view where)
{
    SafetensorsHeader header;
    Handler handler(header, where);
    if (!json.starts_with('{'))
        throw Error("safetensors-header").file(where).expected("a header in JSON").found(printable(json, 20));
    Json::sax_parse(json, &handler);
    return header;
}

}
