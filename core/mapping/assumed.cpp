// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/assumed.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

namespace core::mapping {

std::optional<Assumption> assumption(const Model& model, bool onLeft)
{
    const auto note =
        std::find_if(model.notes.begin(), model.notes.end(), [](const Note& known) { return known.message.id == "borrowed-wiring"; });
    if (note == model.notes.end() || note->message.arguments.empty())
        return {};
    const auto& arguments = note->message.arguments;
    return Assumption{onLeft, arguments.front(), {arguments.begin() + 1, arguments.end()}};
}

std::string text(const Assumption& assumed)
{
    constexpr std::size_t most = 5;
    std::vector<std::string> shown;
    for (const std::string& what : assumed.what)
        shown.push_back(printable(what));
    if (shown.size() > most) {
        const std::size_t more = shown.size() - most + 1;
        shown.resize(most - 1);
        shown.push_back(fmt::format("{} more", more));
    }
    const std::string last = shown.empty() ? "order" : shown.back();
    if (!shown.empty())
        shown.pop_back();
    return fmt::format("{}{}{} taken from {}", fmt::join(shown, ", "), shown.empty() ? "" : " and ", last,
                       printable(std::filesystem::path(assumed.from).filename().string()));
}

std::set<std::string> borrowedLayers(const Model& model)
{
    std::set<std::string> names;
    for (const Note& note : model.notes)
        if (note.message.id == "borrowed-layer")
            names.insert(note.where);
    return names;
}

}
