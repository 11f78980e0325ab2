// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/words.h"

#include "app/cli/syntax.h"
#include "core/base/error.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <numeric>
#include <vector>

namespace app {

namespace {

/// Letters to change, add or leave out (V. I. Levenshtein, Soviet Physics Doklady 10, 1966).
std::size_t distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t changed = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({changed, row[j] + 1, diagonal + 1});
        }
    }
    return row[b.size()];
}

bool exists(std::string_view path)
{
    std::error_code ignored;
    return std::filesystem::exists(path, ignored);
}

bool isSet(const char* variable)
{
    const char* value = std::getenv(variable);
    return value && *value;
}

}

std::string_view nearestCommand(std::string_view word)
{
    std::string_view nearest;
    std::size_t least = std::min<std::size_t>(3, word.size());
    for (const std::string_view command : commandNames())
        if (const std::size_t changes = distance(word, command); changes < least) {
            nearest = command;
            least = changes;
        }
    return nearest;
}

std::string windowProblem(std::span<char* const> words, bool hasDisplay)
{
    const auto option = std::find_if(words.begin(), words.end(), [](const char* word) { return word[0] == '-'; });
    const auto files = words.first(static_cast<std::size_t>(option - words.begin()));
    const auto missing = std::find_if(files.begin(), files.end(), [](const char* word) { return !exists(word); });
    if (missing == files.begin() && missing != files.end()) {
        const std::string_view word = *missing;
        if (const std::string_view command = nearestCommand(word); !command.empty())
            return fmt::format("{} is neither a command nor a file: did you mean {}?", core::printable(word), command);
        if (word.find_first_of("./") == std::string_view::npos)
            return fmt::format("{} is neither a command nor a file (see tieout --help)", core::printable(word));
    }
    if (files.size() > 2)
        return fmt::format("two files at most are expected, found {} (see tieout --help)", files.size());
    if (hasDisplay)
        return {};
    if (missing != files.end())
        return fmt::format("{}: there is no such file", core::printable(*missing));
    return "there is no display for the window: the commands do without one (see tieout --help)";
}

bool hasDisplay()
{
    return isSet("DISPLAY") || isSet("WAYLAND_DISPLAY") || isSet("QT_QPA_PLATFORM");
}

}
