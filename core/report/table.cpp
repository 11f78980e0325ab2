// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/table.h"

#include "core/base/error.h"

#include <algorithm>
#include <numeric>

namespace core::report {

namespace {

constexpr std::size_t gap = 2, leastWidth = 8;

bool continues(char byte)
{
    return (static_cast<unsigned char>(byte) & 0xc0) == 0x80;
}

std::string shortened(const std::string& text, std::size_t width)
{
    if (textWidth(text) <= width)
        return text;
    std::size_t kept = 0, characters = 0;
    for (; kept < text.size(); ++kept) {
        characters += continues(text[kept]) ? 0u : 1u;
        if (characters > width - 3)
            break;
    }
    return text.substr(0, kept) + "...";
}

}

std::size_t textWidth(std::string_view text)
{
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char byte) { return !continues(byte); }));
}

void Table::add(std::vector<std::string> cells)
{
    cells.resize(m_columns.size());
    for (std::string& cell : cells)
        cell = printable(cell);
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
