// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/textparts.h"

#include "core/report/numbers.h"
#include "core/report/table.h"

#include <cmath>
#include <fmt/format.h>

namespace core::report {

std::string joined(const std::vector<std::string>& names, std::string_view separator)
{
    constexpr std::size_t nameLimit = 4096;
    std::vector<std::string> shown;
    for (const std::string& name : names)
        shown.push_back(printable(name, nameLimit));
    return fmt::format("{}", fmt::join(shown, separator));
}

std::string notesText(const std::vector<Note>& notes)
{
    std::string result;
    for (const Note& note : notes) {
        result += fmt::format("{}: ", name(note.severity));
        if (!note.where.empty())
            result += printable(note.where) + ": ";
        result += note.message.text + "\n";
    }
    return result.empty() ? result : "\n" + result;
}

std::string sideTitle(const Model& model, const Model& other, bool isLeft)
{
    if (model.framework != other.framework && model.framework != Framework::None)
        return std::string(title(model.framework));
    return isLeft ? "left" : "right";
}

std::string fileLine(std::string_view title, const Model& model)
{
    const std::string framework = model.framework == Framework::None ? "no framework" : std::string(core::title(model.framework));
    std::string line = fmt::format("{:<9}{} ({}, {})\n", title, printable(model.origin.path, 400), framework, model.origin.format);
    if (!model.origin.sha256.empty())
        line += fmt::format("{:<9}sha256 {}\n", "", model.origin.sha256);
    else if (!model.origin.unhashed.empty())
        line += fmt::format("{:<9}sha256 not computed: {}\n", "", model.origin.unhashed);
    return line;
}

std::string toned(std::string_view text, Tone tone, bool colour)
{
    if (!colour)
        return std::string(text);
    const int code = tone == Tone::Good ? 32 : tone == Tone::Bad ? 31 : 33;
    return fmt::format("\x1b[1;{}m{}\x1b[0m", code, text);
}

std::string inputText(const InputInfo& input)
{
    std::string text = input.source;
    if (input.source == "random")
        text =
            fmt::format("{} of seed {}", input.samples == 1 ? "noise" : fmt::format("{} noises", input.samples), input.index.value_or(0));
    else if (input.source == "samples")
        text = fmt::format("{} sample digits", input.samples);
    else if (!input.file.empty())
        text = printable(input.file);
    else if (input.index)
        text += fmt::format(" {}", *input.index);
    if (input.label)
        text += fmt::format(" (a {})", *input.label);
    return text;
}

std::string runLine(const InputInfo& input)
{
    if (input.source.empty())
        return {};
    std::string line = fmt::format("{:<9}{}", "input", inputText(input));
    if (input.preprocessLeft == input.preprocessRight || input.preprocessRight.empty())
        line += input.preprocessLeft.empty() ? "" : ", " + input.preprocessLeft;
    else
        line += fmt::format(", {} | {}", input.preprocessLeft, input.preprocessRight);
    return line + "\n";
}

std::string behindVerdict(const compare::LayerResult& layer)
{
    return (layer.assumed && layer.tiesOut ? ", borrowed" : "") + (layer.calls > 1 ? fmt::format(", worst of {} calls", layer.calls) : "");
}

std::string parameterText(const compare::ParameterResult& parameter)
{
    if (!parameter.problem.empty())
        return parameter.problem;
    if (parameter.equal)
        return "equal";
    if (parameter.nansLeft != parameter.nansRight || (parameter.maxAbs && std::isnan(*parameter.maxAbs)))
        return fmt::format("NaN in {} element{} on the left, {} on the right", thousands(parameter.nansLeft),
                           parameter.nansLeft == 1 ? "" : "s", thousands(parameter.nansRight));
    return fmt::format("max |d| {} in {} element{}", twoDigits(parameter.maxAbs.value_or(0)), thousands(parameter.differing),
                       parameter.differing == 1 ? "" : "s");
}

std::size_t worstSample(const compare::OutputResult& output)
{
    return output.metrics && output.metrics->worstSample > 0 ? static_cast<std::size_t>(output.metrics->worstSample) : 0;
}

std::span<const float> sampleOf(const Tensor& batch, std::size_t sample)
{
    const auto values = batch.floats();
    if (batch.shape().empty() || batch.shape().front() <= 0)
        return values;
    const std::size_t size = values.size() / static_cast<std::size_t>(batch.shape().front());
    return values.subspan(sample * size, size);
}

std::string causeText(const compare::Cause& cause)
{
    std::string where = printable(cause.left.empty() ? cause.right : cause.left);
    if (!cause.left.empty() && !cause.right.empty() && cause.left != cause.right)
        where += " | " + printable(cause.right);
    return fmt::format("{}: {}{}", where, cause.text, cause.proved || !cause.errorBefore ? "" : " (not proved)");
}

}
