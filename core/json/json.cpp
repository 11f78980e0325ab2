// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/json/json.h"

#include "core/base/decimal.h"
#include "core/base/error.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace core {

namespace {

/// Python's json module writes NaN and Infinity bare; they become strings with a mark that the builder turns back into numbers.
constexpr std::string_view mark = "\x01number:";

bool isWordAt(std::string_view text, std::size_t at, std::string_view word)
{
    return text.substr(at, word.size()) == word;
}

std::string withoutBareNumbers(std::string_view text)
{
    std::string result;
    result.reserve(text.size());
    bool inString = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (inString && c == '\\' && i + 1 < text.size()) {
            result += c;
            result += text[++i];
            continue;
        }
        if (c == '"')
            inString = !inString;
        bool replaced = false;
        for (const std::string_view word : {"NaN", "-Infinity", "Infinity"}) {
            if (inString || !isWordAt(text, i, word))
                continue;
            result += fmt::format("\"\\u0001number:{}\"", word);
            i += word.size() - 1;
            replaced = true;
            break;
        }
        if (!replaced)
            result += c;
    }
    return result;
}

/// Counts nesting and rejects what would make later recursive copies overflow the stack.
class DepthCounter : public nlohmann::json_sax<Json>
{
public:
    DepthCounter(std::string_view place, int limit) : m_place(place), m_limit(limit) {}

    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t) override { return true; }
    bool number_unsigned(number_unsigned_t) override { return true; }
    bool number_float(number_float_t, const string_t&) override { return true; }
    bool string(string_t&) override { return true; }
    bool binary(binary_t&) override { return true; }
    bool key(string_t&) override { return true; }
    bool start_object(std::size_t) override { return deeper(); }
    bool end_object() override { return --m_depth >= 0; }
    bool start_array(std::size_t) override { return deeper(); }
    bool end_array() override { return --m_depth >= 0; }
    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& exception) override
    {
        // "[json.exception.parse_error.101] parse error at line 1, column 2: ...": the library's name for it helps nobody.
        const std::string_view reason = exception.what();
        const std::size_t bracket = reason.find("] ");
        throw Error("json-malformed")
            .file(m_place)
            .expected("JSON text")
            .found(printable(reason.substr(bracket == std::string_view::npos ? 0 : bracket + 2)))
            .at(fmt::format("character {}", position));
    }

private:
    bool deeper()
    {
        if (++m_depth > m_limit)
            throw Error("json-depth").file(m_place).expected(fmt::format("at most {} nested levels", m_limit)).found("deeper nesting");
        return true;
    }

    std::string_view m_place;
    int m_limit, m_depth = 0;
};

void restoreNumbers(Json& json)
{
    if (json.is_structured()) {
        for (auto& element : json)
            restoreNumbers(element);
    } else if (json.is_string() && json.get_ref<const std::string&>().starts_with(mark)) {
        const std::string word = json.get<std::string>().substr(mark.size());
        const double infinity = std::numeric_limits<double>::infinity();
        json = word == "NaN" ? std::numeric_limits<double>::quiet_NaN() : word[0] == '-' ? -infinity : infinity;
    }
}

Json specialNumber(double value)
{
    return std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf";
}

}

Json parseJson(std::string_view text, std::string_view where, int depthLimit)
{
    const bool special = text.find("NaN") != std::string_view::npos || text.find("Infinity") != std::string_view::npos;
    const std::string cleaned = special ? withoutBareNumbers(text) : std::string();
    const std::string_view source = special ? std::string_view(cleaned) : text;
    DepthCounter counter(where, depthLimit);
    Json::sax_parse(source, &counter);
    Json json = Json::parse(source);
    if (special)
        restoreNumbers(json);
    return json;
}

bool isIntegerList(const Json& json)
{
    return json.is_array() && std::all_of(json.begin(), json.end(), [](const Json& element) { return element.is_number_integer(); });
}

Json jsonNumber(double value)
{
    return std::isfinite(value) ? Json(value) : specialNumber(value);
}

Json jsonNumber(float value)
{
    if (!std::isfinite(value))
        return specialNumber(static_cast<double>(value));
    return shortestDecimal(value);
}

namespace {

/// The code point of the well-formed UTF-8 sequence at `at`, and how many bytes it has.
std::pair<unsigned, std::size_t> pointAt(std::string_view text, std::size_t at)
{
    const auto first = static_cast<unsigned char>(text[at]);
    const std::size_t length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    unsigned point = length == 1 ? first : first & (0xffu >> (length + 1));
    for (std::size_t i = 1; i < length && at + i < text.size(); ++i)
        point = point << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3fu);
    return {point, length};
}

/// What a terminal obeys (C1), what turns the direction of text, and what is no character: all that core::printable hides.
bool isHidden(unsigned point)
{
    return (point >= 0x7f && point < 0xa0) || point == 0x61c || (point >= 0x200b && point <= 0x200f) ||
           (point >= 0x2028 && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069) || point == 0xfeff || (point & 0xfffe) == 0xfffe ||
           (point >= 0xfdd0 && point <= 0xfdef);
}

std::string escapedPoint(unsigned point)
{
    if (point < 0x10000)
        return fmt::format("\\u{:04x}", point);
    return fmt::format("\\u{:04x}\\u{:04x}", 0xd800 + ((point - 0x10000) >> 10), 0xdc00 + ((point - 0x10000) & 0x3ff));
}

}

std::string dumpJson(const Json& json, int indent)
{
    const std::string text = json.dump(indent, ' ', false, Json::error_handler_t::replace);
    std::string result;
    result.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) { // what is beyond ASCII stands in texts, where an escape means the same
        if (static_cast<unsigned char>(text[i]) < 0x7f) {
            result += text[i++];
            continue;
        }
        const auto [point, length] = pointAt(text, i);
        result += isHidden(point) ? escapedPoint(point) : text.substr(i, length);
        i += length;
    }
    return result;
}

}
