// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/plain/namedlayers.h"

#include "core/layers/kind.h"

#include <algorithm>
#include <cctype>
#include <unordered_map>

namespace core::formats {

namespace {

/// The indices of a layer's parameters, by role.
using Members = std::vector<std::size_t>;

const Parameter* withRole(const Model& model, const Members& members, std::string_view role)
{
    for (const std::size_t index : members)
        if (model.parameters[index].role == role)
            return &model.parameters[index];
    return nullptr;
}

struct Guess
{
    const layers::Kind* kind = nullptr;
    bool isKeras = false;
    Attributes attributes;
};

/// What the roles and shapes tell (formats.md A5); a weight's rank is that of its kind in either framework.
Guess guess(const Model& model, const Members& members)
{
    const bool hasMean = withRole(model, members, "running_mean"), hasMovingMean = withRole(model, members, "moving_mean");
    if (hasMean || hasMovingMean)
        return {layers::kind("batchnorm"),
                hasMovingMean,
                {{"scale", withRole(model, members, hasMean ? "weight" : "gamma") != nullptr},
                 {"center", withRole(model, members, hasMean ? "bias" : "beta") != nullptr}}};
    const Parameter* kernel = withRole(model, members, "kernel");
    const Parameter* weight = kernel ? kernel : withRole(model, members, "weight");
    if (!weight || !weight->problem.empty())
        return {};
    const Shape& shape = weight->source.shape;
    const bool hasBias = withRole(model, members, "bias") != nullptr;
    if (shape.size() == 4)
        return {layers::kind("conv2d"),
                kernel != nullptr,
                {{"filters", kernel ? shape[3] : shape[0]},
                 {"kernel", kernel ? Ints{shape[0], shape[1]} : Ints{shape[2], shape[3]}},
                 {"bias", hasBias}}};
    if (shape.size() == 2)
        return {layers::kind("linear"), kernel != nullptr, {{"units", kernel ? shape[1] : shape[0]}, {"bias", hasBias}}};
    return {};
}

void adopt(Parameter& parameter, const Guess& told)
{
    for (const layers::Role& role : told.kind->roles) {
        if ((told.isKeras ? role.kerasName : role.torchName) != parameter.role)
            continue;
        const std::string_view letters = told.isKeras ? role.kerasAxes : role.torchAxes;
        parameter.role = role.role;
        if (letters.size() == parameter.source.shape.size())
            parameter.axes = axesOf(letters);
        return;
    }
}

void addLayer(Model& model, const std::string& name, const Members& members)
{
    const Guess told = guess(model, members);
    Layer layer{name, "", told.attributes, {}, told.kind != nullptr};
    Op op;
    op.name = op.layer = name;
    if (told.kind) {
        op.kind = told.kind->id;
        op.attributes = told.attributes;
        layer.kind = (told.isKeras ? told.kind->kerasClasses : told.kind->torchClasses).front();
    } else {
        op.unsupported = "what it computes is not in the file and its shapes do not tell";
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

bool isDigit(char c)
{
    return std::isdigit(static_cast<unsigned char>(c)) != 0;
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
        const std::size_t cut = parameter.name.find_last_of("./");
        parameter.role = cut == std::string::npos ? parameter.name : parameter.name.substr(cut + 1);
        if (parameter.role.ends_with(":0"))
            parameter.role.resize(parameter.role.size() - 2);
        if (cut == std::string::npos || cut == 0)
            continue;
        parameter.layer = parameter.name.substr(0, cut);
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
