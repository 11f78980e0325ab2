// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/pickle/globals.h"
#include "core/formats/torch/torchmodule.h"

#include <fmt/format.h>

namespace core::formats {

namespace {

using Names = std::vector<std::string>;

std::string listed(const Names& names)
{
    return names.size() == 1 ? names[0] : fmt::format("{} and {} more", names[0], names.size() - 1);
}

/// `sentence` with the names in it, where there are any.
void tell(Model& model, std::string id, Note::Severity severity, const Names& names, fmt::string_view sentence)
{
    if (!names.empty())
        model.notes.push_back(torchNote(std::move(id), severity, fmt::vformat(sentence, fmt::make_format_args(listed(names))),
                                        {fmt::to_string(names.size()), names[0]}));
}

}

void listTorchGlobals(const Pickle& pickle, Model& model, bool inScript)
{
    constexpr std::size_t limit = 10'000;
    Names harmful, functions, foreign;
    for (const PickleNode* global : pickle.globals()) {
        const Global::Sort sort = sortOfGlobal(global->module(), global->name(), inScript);
        const bool isCalled = pickle.called().contains(global->text);
        if (model.globals.size() < limit)
            model.globals.push_back({printable(global->text), sort});
        if (sort == Global::Sort::Usual)
            continue;
        Names& names = sort == Global::Sort::Harmful                                     ? harmful
                       : isCalled && isStrangeFunction(global->module(), global->name()) ? functions
                                                                                         : foreign;
        names.push_back(printable(global->text, 80));
    }
    tell(model, "torch-global-harmful", Note::Severity::Error, harmful, "The file asks for {}: shown, never run.");
    tell(model, "torch-global-called", Note::Severity::Warning, functions,
         "The file calls {}, which PyTorch's own safe reader does not allow: kept as data, never run.");
    tell(model, "torch-global", Note::Severity::Info, foreign,
         "The file asks for {}, which PyTorch's own safe reader does not allow: kept as data, never run.");
}

}
