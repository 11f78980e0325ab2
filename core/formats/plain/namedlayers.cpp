// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/plain/namedlayers.h"

#include "core/base/letters.h"
#include "core/formats/torch/torchguess.h"
#include "core/formats/torch/torchnames.h"
#include "core/layers/spec.h"

#include <algorithm>
#include <fmt/format.h>
#include <tuple>
#include <unordered_map>

namespace core::formats {

namespace {

/// The indices of a layer's parameters.
using Members = std::vector<std::size_t>;
using Shapes = TorchShapes;

struct Guess
{
    std::string className;
    const layers::Kind* kind = nullptr;
    bool isKeras = false;
    Attributes attributes;
    std::string unsupported;
};

/// What Keras' names and shapes tell.
Guess guessKeras(const Shapes& shapes)
{
    Guess told;
    told.isKeras = true;
    const auto kernel = shapes.find("kernel");
    const std::size_t rank = kernel == shapes.end() ? 0 : kernel->second->size();
    if (shapes.contains("moving_mean")) {
        told.kind = layers::kindOfKeras({"BatchNormalization", {}});
        told.attributes = {{"scale", shapes.contains("gamma")}, {"center", shapes.contains("beta")}};
    } else if (rank == 4) {
        const Shape& shape = *kernel->second;
        told.kind = layers::kindOfKeras({"Conv2D", {}});
        told.attributes = {{"filters", shape[3]}, {"kernel", Ints{shape[0], shape[1]}}, {"bias", shapes.contains("bias")}};
    } else if (rank == 2 && !shapes.contains("recurrent_kernel")) {
        told.kind = layers::kindOfKeras({"Dense", {}});
        told.attributes = {{"units", (*kernel->second)[1]}, {"bias", shapes.contains("bias")}};
    }
    if (told.kind)
        told.className = told.kind->kerasClasses.front();
    return told;
}

Guess guess(const std::string& layer, const Shapes& shapes)
{
    Guess told;
    if (shapes.contains("kernel") || shapes.contains("moving_mean")) {
        told = guessKeras(shapes);
    } else {
        TorchGuess torch = guessTorchLayer(layer, shapes);
        told.className = std::move(torch.className);
        told.attributes = std::move(torch.attributes);
        if (torch.normalisation.empty())
            told.kind = torch.kind;
        else
            told.unsupported = fmt::format("its weight is computed from others ({})", torch.normalisation);
    }
    if (!told.kind && told.unsupported.empty())
        told.unsupported = told.className.empty()
                               ? "what it computes is not in the file and its shapes do not tell"
                               : fmt::format("seen by its shapes as {}, which cannot run from shapes alone", told.className);
    return told;
}

void adopt(Parameter& parameter, const Guess& told)
{
    const auto role = layers::roleNamed(*told.kind, told.isKeras ? Framework::Keras : Framework::Torch, parameter.role);
    if (!role)
        return;
    parameter.role = role->role;
    if (role->axes.size() != parameter.source.shape.size())
        return;
    parameter.axes.clear();
    for (const layers::RoleAxis& axis : role->axes)
        parameter.axes.push_back({axis.name, {}});
}

/// {"conv2d", "kernel"}; a name that is one word belongs to no layer.
std::pair<std::string, std::string> split(const std::string& name)
{
    std::pair<std::string, std::string> result{"", name};
    if (const std::size_t slash = name.rfind('/'); slash != std::string::npos && slash > 0)
        result = {name.substr(0, slash), name.substr(slash + 1)};
    else if (slash == std::string::npos && name.find('.') != std::string::npos)
        result = splitTorchName(name);
    if (result.second.ends_with(":0"))
        result.second.resize(result.second.size() - 2);
    return result;
}

void addLayer(Model& model, const std::string& name, const Members& members)
{
    Shapes shapes; // views of names and shapes that stay until the layer is told
    for (const std::size_t index : members)
        if (model.parameters[index].problem.empty())
            shapes.emplace(model.parameters[index].role, &model.parameters[index].source.shape);
    const Guess told = guess(name, shapes);
    Layer layer{name, told.className, told.attributes, {}, told.kind != nullptr};
    Op op;
    op.name = op.layer = name;
    op.unsupported = told.unsupported;
    if (told.kind) {
        op.kind = told.kind->id;
        op.attributes = told.attributes;
    }
    for (const std::size_t index : members) {
        Parameter& parameter = model.parameters[index];
        if (told.kind)
            adopt(parameter, told);
        layer.parameters.push_back(parameter.name);
        op.parameters.emplace(parameter.role, parameter.name);
    }
    model.layers.push_back(std::move(layer));
    model.ops.push_back(std::move(op));
}

/// The run of digits at `at` without leading zeros.
std::string_view digits(std::string_view text, std::size_t& at)
{
    while (at + 1 < text.size() && text[at] == '0' && isDigit(text[at + 1]))
        ++at;
    const std::size_t start = at;
    while (at < text.size() && isDigit(text[at]))
        ++at;
    return text.substr(start, at - start);
}

bool countsBefore(std::string_view a, std::string_view b)
{
    std::size_t i = 0, k = 0;
    while (i < a.size() && k < b.size()) {
        if (isDigit(a[i]) && isDigit(b[k])) {
            const std::string_view x = digits(a, i), y = digits(b, k);
            if (x != y)
                return x.size() != y.size() ? x.size() < y.size() : x < y;
        } else if (a[i] != b[k]) {
            return a[i] < b[k];
        } else {
            ++i;
            ++k;
        }
    }
    return a.size() - i < b.size() - k;
}

}

void groupByNames(Model& model)
{
    std::vector<std::pair<std::string, Members>> groups;
    std::unordered_map<std::string, std::size_t> places;
    for (std::size_t i = 0; i < model.parameters.size(); ++i) {
        Parameter& parameter = model.parameters[i];
        std::tie(parameter.layer, parameter.role) = split(parameter.name);
        if (parameter.layer.empty())
            continue;
        const auto [place, isNew] = places.try_emplace(parameter.layer, groups.size());
        if (isNew)
            groups.push_back({parameter.layer, {}});
        groups[place->second].second.push_back(i);
    }
    for (const auto& [name, members] : groups)
        addLayer(model, name, members);
}

void sortByNames(std::vector<Parameter>& parameters)
{
    std::stable_sort(parameters.begin(), parameters.end(),
                     [](const Parameter& a, const Parameter& b) { return countsBefore(a.name, b.name); });
}

}
