// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/table.h"

#include "core/base/error.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>

namespace core::report {

namespace {

constexpr std::size_t gap = 2, leastWidth = 8;

bool continues(char byte)
{
    return (static_cast<unsigned char>(byte) & 0xc0) == 0x80;
}

constexpr std::string_view cut = "...";

/// Where the character of that number begins.
std::size_t startOf(const std::string& text, std::size_t character)
{
    std::size_t at = 0;
    for (std::size_t characters = 0; at < text.size(); ++at) {
        characters += continues(text[at]) ? 0u : 1u;
        if (characters > character)
            break;
    }
    return at;
}

/// A name of several parts ("encoder.layers.11.linear1") keeps its end, in which it differs from its neighbours; a text keeps its
/// beginning.
std::string shortened(const std::string& text, std::size_t width)
{
    const std::size_t whole = textWidth(text), kept = width - cut.size();
    if (whole <= width)
        return text;
    const bool isPath = text.find_first_of("./") != std::string::npos && text.find(' ') == std::string::npos;
    if (isPath)
        return std::string(cut) + text.substr(startOf(text, whole - kept));
    return text.substr(0, startOf(text, kept)) + std::string(cut);
}

/// Whether two different texts of a column would look alike at this width.
bool looksAlike(const std::vector<std::vector<std::string>>& rows, std::size_t column, std::size_t width)
{
    std::unordered_map<std::string, const std::string*> seen;
    for (const auto& row : rows)
        if (const auto [place, isNew] = seen.try_emplace(shortened(row[column], width), &row[column]);
            !isNew && *place->second != row[column])
            return true;
    return false;
}

}

std::size_t textWidth(std::string_view text)
{
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char byte) { return !continues(byte); }));
}

void Table::add(std::vector<std::string> cells)
{
    cells.resize(m_columns.size());
    constexpr std::size_t longest = 4096; // names of several hundred characters differ at their end
    for (std::string& cell : cells)
        cell = printable(cell, longest);
    m_rows.push_back(std::move(cells));
}

std::string Table::text(std::size_t width) const
{
    std::vector<std::size_t> widths;
    for (std::size_t c = 0; c < m_columns.size(); ++c) {
        widths.push_back(textWidth(m_columns[c].title));
        for (const auto& row : m_rows)
            widths[c] = std::max(widths[c], textWidth(row[c]));
    }
    const auto total = [&] { return std::accumulate(widths.begin(), widths.end(), gap * widths.size()); };
    while (total() > width) {
        std::size_t* widest = nullptr;
        for (std::size_t c = 0; c < widths.size(); ++c)
            if (m_columns[c].shrinks && widths[c] > leastWidth && (!widest || widths[c] > *widest))
                widest = &widths[c];
        if (!widest)
            break;
        --*widest;
    }
    constexpr std::size_t nameColumns = 2; // the sides' names: they stay apart, if it takes a longer line
    for (std::size_t c = 0; c < std::min(nameColumns, widths.size()); ++c)
        if (m_columns[c].shrinks && looksAlike(m_rows, c, widths[c]))
            for (const auto& row : m_rows)
                widths[c] = std::max(widths[c], textWidth(row[c]));
    std::string result;
    const auto addLine = [&](const auto& cellAt) {
        std::string line;
        for (std::size_t c = 0; c < widths.size(); ++c) {
            const std::string cell = shortened(cellAt(c), widths[c]);
            const std::string fill(widths[c] - textWidth(cell), ' ');
            line += std::string(gap, ' ') + (m_columns[c].right ? fill + cell : cell + fill);
        }
        result += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
    };
    addLine([&](std::size_t c) { return m_columns[c].title; });
    for (const auto& row : m_rows)
        addLine([&](std::size_t c) { return row[c]; });
    return result;
}

}
