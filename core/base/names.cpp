// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/names.h"

#include "core/base/error.h"

#include <algorithm>
#include <optional>

namespace core {

namespace {

constexpr char digits[] = "0123456789abcdef";

std::optional<unsigned> digit(char letter)
{
    if (letter >= '0' && letter <= '9')
        return static_cast<unsigned>(letter - '0');
    if (letter >= 'a' && letter <= 'f')
        return static_cast<unsigned>(letter - 'a' + 10);
    return {};
}

/// The byte that `mark` and two lower-case digits at the text's beginning stand for.
std::optional<char> escape(std::string_view text, std::string_view mark)
{
    if (!text.starts_with(mark) || text.size() < mark.size() + 2)
        return {};
    const auto high = digit(text[mark.size()]), low = digit(text[mark.size() + 1]);
    return high && low ? std::optional(static_cast<char>(*high << 4 | *low)) : std::nullopt;
}

std::string escaped(char letter, std::string_view mark)
{
    const auto value = static_cast<unsigned char>(letter);
    return std::string(mark) + digits[value >> 4] + digits[value & 15];
}

std::string unescaped(std::string_view text, std::string_view mark)
{
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
        const auto byte = escape(text.substr(at), mark);
        result += byte.value_or(text[at]);
        at += byte ? mark.size() + 2 : 1;
    }
    return result;
}

constexpr std::string_view shown = "\\x", packed = "%";

}

std::string safeName(std::string_view raw)
{
    std::string marked;
    for (std::size_t at = 0; at < raw.size(); ++at)
        marked += escape(raw.substr(at), shown) ? escaped(raw[at], shown) : std::string(1, raw[at]);
    return printable(marked, std::string::npos);
}

std::string rawName(std::string_view safe)
{
    return unescaped(safe, shown);
}

std::string entryName(std::string_view raw)
{
    std::string result;
    for (std::size_t first = 0; first <= raw.size();) {
        const std::size_t end = std::min(raw.find('/', first), raw.size());
        const std::string_view part = raw.substr(first, end - first);
        const bool leads = part == "." || part == "..";
        const bool isDrive = first == 0 && part.size() >= 2 && part[1] == ':';
        for (std::size_t i = 0; i < part.size(); ++i) {
            const auto value = static_cast<unsigned char>(part[i]);
            const bool isUnsafe = value < 0x20 || value == 0x7f || part[i] == '\\' || (isDrive && i == 1) || (leads && part[i] == '.') ||
                                  escape(part.substr(i), packed);
            result += isUnsafe ? escaped(part[i], packed) : std::string(1, part[i]);
        }
        if (end < raw.size())
            result += part.empty() ? escaped('/', packed) : "/"; // absolute, or a part without a name
        first = end + 1;
    }
    return result;
}

std::string nameOfEntry(std::string_view entry)
{
    const std::string name = unescaped(entry, packed);
    return entryName(name) == entry ? name : std::string(entry);
}

std::string either(const std::vector<std::string>& names)
{
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i)
        text += (i == 0 ? "" : i + 1 == names.size() ? " or " : ", ") + names[i];
    return text;
}

std::vector<std::string> choices(std::string_view either)
{
    const auto last = either.rfind(" or ");
    if (last == std::string_view::npos)
        return {std::string(either)};
    std::vector<std::string> names;
    std::string_view rest = either.substr(0, last);
    for (auto comma = rest.find(", "); comma != std::string_view::npos; comma = rest.find(", ")) {
        names.emplace_back(rest.substr(0, comma));
        rest.remove_prefix(comma + 2);
    }
    names.emplace_back(rest);
    names.emplace_back(either.substr(last + 4));
    return names;
}

}
