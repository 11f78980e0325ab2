// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/torch/torchnames.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace core::formats {

namespace {

/// What the wrappers of PyTorch and Lightning put before the names of what they wrap.
constexpr std::array<std::string_view, 5> wrapperPrefixes = {"module.", "_orig_mod.", "_forward_module.", "_fsdp_wrapped_module.",
                                                             "_checkpoint_wrapped_module."};
/// An averaged model (SWA) counts beside the module that it wraps.
constexpr std::string_view averagedCount = "n_averaged";

bool allBegin(const std::vector<TorchNamed>& entries, std::string_view prefix)
{
    bool found = false;
    for (const TorchNamed& entry : entries) {
        if (entry.name == averagedCount)
            continue;
        if (entry.name.size() <= prefix.size() || !entry.name.starts_with(prefix))
            return false;
        found = true;
    }
    return found;
}

/// The first part of all names, with its dot, where each has a layer and a name behind it.
std::string sharedFirstPart(const std::vector<TorchNamed>& entries)
{
    const std::string& first = entries.front().name;
    const std::string prefix = first.substr(0, first.find('.') + 1);
    const bool isShared =
        !prefix.empty() && allBegin(entries, prefix) &&
        std::all_of(entries.begin(), entries.end(), [&](const TorchNamed& e) { return e.name.find('.', prefix.size()) != e.name.npos; });
    return isShared ? prefix : std::string();
}

}

std::string stripTorchPrefixes(std::vector<TorchNamed>& entries, bool any, std::vector<Note>& notes)
{
    std::string stripped;
    for (bool changed = !entries.empty(); changed;) {
        std::string prefix;
        for (const std::string_view known : wrapperPrefixes)
            if (allBegin(entries, known))
                prefix = known;
        if (prefix.empty() && any)
            prefix = sharedFirstPart(entries);
        changed = !prefix.empty();
        bool isAveraged = false;
        for (TorchNamed& entry : entries) {
            isAveraged = isAveraged || entry.name == averagedCount;
            if (changed && entry.name != averagedCount)
                entry.name.erase(0, prefix.size());
        }
        if (changed)
            notes.push_back(torchNote(
                "torch-prefix", Note::Severity::Info,
                fmt::format("All names{} begin with '{}', which is left out.", isAveraged ? " but n_averaged" : "", prefix), {prefix}));
        stripped += prefix;
    }
    return stripped;
}

std::pair<std::string, std::string> splitTorchName(const std::string& name)
{
    /// Names that a layer gives its own weights.
    constexpr std::array<std::string_view, 12> ownNames = {
        "weight",       "bias",     "running_mean", "running_var", "num_batches_tracked", "in_proj_weight",
        "in_proj_bias", "weight_g", "weight_v",     "weight_u",    "weight_orig",         "weight_ih_l0"};
    constexpr std::string_view parametrised = "parametrizations.";
    if (name.starts_with(parametrised))
        return {"model", name};
    if (const std::size_t at = name.find("." + std::string(parametrised)); at != name.npos)
        return {name.substr(0, at), name.substr(at + 1)};
    const std::size_t dot = name.rfind('.');
    if (dot != name.npos)
        return {name.substr(0, dot), name.substr(dot + 1)};
    const bool isOwn = std::find(ownNames.begin(), ownNames.end(), name) != ownNames.end() || name.starts_with("weight_hh_l") ||
                       name.starts_with("weight_ih_l") || name.starts_with("bias_hh_l") || name.starts_with("bias_ih_l");
    return {isOwn ? "model" : name, name};
}

}
