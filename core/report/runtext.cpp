// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/text.h"

#include "core/model/names.h"
#include "core/report/fragments.h"
#include "core/report/numbers.h"
#include "core/report/table.h"
#include "core/report/textparts.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::report {

namespace {

/// The first sample's values, ten at most.
std::string valuesText(const Tensor& output)
{
    constexpr std::size_t shown = 10;
    const std::size_t batch = static_cast<std::size_t>(output.shape().empty() ? 1 : std::max<std::int64_t>(output.shape()[0], 1));
    const auto sample = output.floats().first(output.floats().size() / batch);
    std::string result;
    for (const float value : sample.first(std::min(shown, sample.size())))
        result += (result.empty() ? "" : "  ") + twoDigits(static_cast<double>(value));
    if (sample.size() > shown)
        result += fmt::format("  ... {} values", thousands(static_cast<std::int64_t>(sample.size())));
    if (batch > 1)
        result += fmt::format("  (first of {})", batch);
    return result;
}

}

std::string runText(const Model& file, const Model& model, const engines::Trace& trace, const InputInfo& input)
{
    std::string result = fileLine("model", file) + runLine(input) + "\n";
    Table table({{"layer", false, true},
                 {"kind", false, true},
                 {"shape", false, false},
                 {"axes", false, true},
                 {"min", true, false},
                 {"max", true, false},
                 {"mean", true, false},
                 {"nans", true, false}});
    for (std::size_t i = 0; i < model.ops.size(); ++i) {
        if (model.ops[i].layer.empty() || !trace.values[i])
            continue;
        const Tensor& value = *trace.values[i];
        const Statistics s = statistics(value);
        table.add({model.ops[i].name, shownKind(model, model.ops[i]), text(value.shape()), text(value.axes()),
                   twoDigits(figureOf(s, s.min)), twoDigits(figureOf(s, s.max)), twoDigits(figureOf(s, s.mean)),
                   s.nans > 0 ? thousands(s.nans) : ""});
    }
    result += table.text() + "\n";
    for (const Output& output : model.outputs) {
        const auto& value = trace.values[output.port];
        result +=
            fmt::format("output {}: {}\n", printable(outputName(model, output)), value ? valuesText(*value) : "could not be computed");
    }
    for (const auto& [index, problem] : trace.problems)
        result += fmt::format("{}: {}\n", shownOp(model, index), problem);
    return result + notesText(model.notes);
}

}
