// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace core::report {

/// Aligned columns for a terminal: columns are as wide as they must be; those that may shrink lose their end ("...") until a line fits
/// `width`.
class Table
{
public:
    struct Column
    {
        std::string title;
        bool right = false;   ///< numbers
        bool shrinks = false; ///< names, details
    };

    explicit Table(std::vector<Column> columns) : m_columns(std::move(columns)) {}
    /// Cells beyond the last are empty. Control characters are written as \xNN.
    void add(std::vector<std::string> cells);
    std::string text(std::size_t width = 100) const;

private:
    std::vector<Column> m_columns;
    std::vector<std::vector<std::string>> m_rows;
};

/// Characters (code points) of valid UTF-8.
std::size_t textWidth(std::string_view text);

}
