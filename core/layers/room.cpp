// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/room.h"

#include "core/layers/told.h"

#include <algorithm>
#include <fmt/format.h>
#include <unistd.h>

namespace core::layers {

namespace {

constexpr double itemBytes = 4, smallInput = 64 << 20;

/// In floating point: declared sizes may overflow any integer.
double elements(const Shape& shape)
{
    double count = 1;
    for (const std::int64_t size : shape)
        count *= static_cast<double>(std::max<std::int64_t>(size, 0));
    return count;
}

std::string gibibytes(double bytes)
{
    return fmt::format("{:.1f} GiB", bytes / static_cast<double>(std::uint64_t{1} << 30));
}

std::string shown(const std::vector<std::optional<Shape>>& shapes)
{
    std::string result;
    for (const std::optional<Shape>& shape : shapes)
        result += (result.empty() ? "" : " and ") + (shape ? text(*shape) : "unknown shape");
    return result.empty() ? "unknown shape" : result;
}

/// What the model's own input does not fit, where one of the layers that take it says so.
void checkFirstLayers(const Model& model, const std::map<int, std::string>& problems)
{
    for (const auto& [index, problem] : problems) {
        const Op& op = model.ops[static_cast<std::size_t>(index)];
        const bool takesInput = std::any_of(op.inputs.begin(), op.inputs.end(), [&](const Input& input) {
            return model.ops[static_cast<std::size_t>(input.port.op)].kind == "input";
        });
        if (takesInput)
            throw Error("run-shape")
                .file(model.origin.path)
                .expected(fmt::format("layers that take an input of {}", shown(toldShapes(model))))
                .found(problem)
                .at(printable(op.name));
    }
}

}

std::uint64_t runLimit()
{
    constexpr std::uint64_t least = std::uint64_t{2} << 30, most = std::uint64_t{8} << 30;
    const auto pages = static_cast<std::uint64_t>(std::max(::sysconf(_SC_PHYS_PAGES), 0L));
    return std::clamp(pages * static_cast<std::uint64_t>(std::max(::sysconf(_SC_PAGESIZE), 0L)) / 2, least, most);
}

void checkRoom(const Model& model, std::int64_t batch, std::uint64_t limit)
{
    const std::vector<std::optional<Shape>> shapes = toldShapes(model);
    double input = 0, parameters = 0, activations = 0;
    for (const std::optional<Shape>& shape : shapes)
        if (shape && std::all_of(shape->begin(), shape->end(), [](std::int64_t size) { return size >= 0; }))
            input += itemBytes * static_cast<double>(batch) * elements(*shape);
    for (const Parameter& parameter : model.parameters)
        parameters += parameter.problem.empty() ? itemBytes * elements(parameter.source.shape) : 0;
    const auto refuse = [&] {
        throw Error("activations-too-large")
            .file(model.origin.path)
            .expected(fmt::format("a run that takes at most {}", gibibytes(static_cast<double>(limit))))
            .found(fmt::format("{} for an input of {}, {} for all values of layers, {} for parameters", gibibytes(input), shown(shapes),
                               gibibytes(activations), gibibytes(parameters)))
            .advice("Take a smaller input or fewer samples.");
    };
    if (input < static_cast<double>(limit)) {
        std::map<int, std::string> problems;
        for (const std::optional<Value>& one : toldValues(model, &problems))
            activations += one ? itemBytes * static_cast<double>(batch) * elements(one->shape) : 0;
        if (input > smallInput)
            checkFirstLayers(model, problems);
    }
    if (input + activations + parameters > static_cast<double>(limit))
        refuse();
}

}
