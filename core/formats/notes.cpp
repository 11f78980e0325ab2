// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/notes.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fmt/format.h>
#include <unordered_map>

namespace core::formats {

namespace {

constexpr std::size_t shownNames = 3;

/// The float types beside float32 that the parameters have and a Keras policy asks for, by name.
std::vector<std::string> otherPrecisions(const Model& model)
{
    std::vector<std::string> types;
    const auto add = [&](std::string_view type) {
        if (std::find(types.begin(), types.end(), type) == types.end())
            types.emplace_back(type);
    };
    for (const Parameter& parameter : model.parameters)
        if (const DType type = parameter.source.dtype; type == DType::Float64 || type == DType::Float16 || type == DType::BFloat16)
            add(name(type));
    constexpr std::array policies = {"mixed_float16", "mixed_bfloat16", "float16", "bfloat16", "float64"};
    for (const Layer& layer : model.layers)
        for (const auto& [key, value] : layer.attributes) {
            const auto* config = key == "config" ? std::get_if<std::string>(&value) : nullptr; // of Keras; another's may be anything
            for (const std::string_view policy : policies)
                if (config && (config->find(fmt::format("\"dtype\":\"{}\"", policy)) != std::string::npos ||
                               config->find(fmt::format("\"name\":\"{}\"}}", policy)) != std::string::npos))
                    add(policy);
        }
    return types;
}

/// The first argument is what stands beside a verdict.
void notePrecision(Model& model)
{
    const std::vector<std::string> types = otherPrecisions(model);
    if (types.empty())
        return;
    const std::string said = fmt::format("{}", fmt::join(types, ", "));
    const auto narrowed = std::count_if(model.parameters.begin(), model.parameters.end(),
                                        [](const Parameter& parameter) { return parameter.source.dtype == DType::Float64; });
    std::string text = fmt::format("The file says {}; Tieout computes in float32.", said);
    if (narrowed > 0)
        text += fmt::format(" {} of {} parameters are rounded to it before anything is computed.", narrowed, model.parameters.size());
    const std::string file = printable(std::filesystem::path(model.origin.path).filename().string());
    model.notes.push_back(
        {{"precision", {fmt::format("computed in float32, {} says {}", file, said)}, std::move(text)}, Note::Severity::Warning, ""});
}

/// What a note says of any layer: its text without the layer's own name.
std::string kindOf(const Note& note)
{
    std::string text = note.message.id + '\n' + note.message.text;
    for (std::size_t at = text.find(note.where); at != std::string::npos; at = text.find(note.where, at + 1))
        text.replace(at, note.where.size(), "\n");
    return text;
}

/// One note for all that say the same of several layers or parameters: the first one's, with how many more there are and some of their
/// names.
void groupNotes(std::vector<Note>& notes)
{
    struct Group
    {
        std::size_t note; ///< the first one's place
        std::vector<std::string> more;
    };
    std::unordered_map<std::string, std::size_t> places;
    std::vector<Group> groups;
    std::vector<Note> kept;
    for (Note& note : notes) {
        if (!note.where.empty()) {
            const auto [place, isNew] = places.try_emplace(kindOf(note), groups.size());
            if (!isNew) {
                groups[place->second].more.push_back(printable(note.where, 100));
                continue;
            }
            groups.push_back({kept.size(), {}});
        }
        kept.push_back(std::move(note));
    }
    for (const Group& group : groups) {
        if (group.more.empty())
            continue;
        const std::size_t shown = std::min(group.more.size(), shownNames);
        Message& message = kept[group.note].message;
        if (!message.text.empty() && message.text.find_last_of(".!?") + 1 != message.text.size())
            message.text += '.';
        message.text += fmt::format(" The same of {} more: {}{}.", group.more.size(),
                                    fmt::join(group.more.begin(), group.more.begin() + static_cast<std::ptrdiff_t>(shown), ", "),
                                    shown < group.more.size() ? ", ..." : "");
    }
    notes = std::move(kept);
}

/// A wired model says of each layer that stops its run why; readers that told it already are left alone.
void noteCannotRun(Model& model)
{
    if (!model.wired)
        return;
    const bool isTold = std::any_of(model.notes.begin(), model.notes.end(), [](const Note& note) {
        return note.message.id == "layer-cannot-run" || note.message.id == "keras-layer";
    });
    for (const Op& op : model.ops)
        if (!isTold && !op.unsupported.empty())
            model.notes.push_back({{"layer-cannot-run", {op.layer, op.unsupported}, op.unsupported},
                                   Note::Severity::Warning,
                                   op.layer.empty() ? op.name : op.layer});
}

/// One note for all layers whose class is a guess among several: their kind names them all ("Conv2d or ConvTranspose2d").
void noteGuesses(Model& model)
{
    std::vector<const Layer*> guessed;
    for (const Layer& layer : model.layers)
        if (layer.kind.find(" or ") != std::string::npos)
            guessed.push_back(&layer);
    if (model.wired || guessed.empty())
        return;
    std::string names;
    for (std::size_t i = 0; i < std::min(shownNames, guessed.size()); ++i)
        names += fmt::format("{}{} may be {}", i == 0 ? "" : ", ", printable(guessed[i]->name), guessed[i]->kind);
    if (guessed.size() > shownNames)
        names += fmt::format(", and {} more layers likewise", guessed.size() - shownNames);
    model.notes.push_back(
        {{"guessed-class",
          {fmt::to_string(guessed.size()), guessed.front()->name},
          fmt::format("The file does not tell the classes of its layers, and names and shapes leave a choice: {}. The whole "
                      "model, a traced file or a twin tells.",
                      names)},
         Note::Severity::Warning,
         guessed.size() == 1 ? guessed.front()->name : std::string()});
}

}

void finishNotes(Model& model)
{
    noteCannotRun(model);
    groupNotes(model.notes);
    noteGuesses(model);
    notePrecision(model);
}

}
