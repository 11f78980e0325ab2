// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/keras/kerasweights.h"

#include "core/layers/kind.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <unordered_map>

namespace core::formats {

namespace {

// "sequential/conv2d/kernel:0" -> "kernel"
std::string lastPart(std::string_view name)
{
    const auto slash = name.rfind('/');
    auto part = name.substr(slash == std::string_view::npos ? 0 : slash + 1);
    if (const auto colon = part.rfind(':'); colon != std::string_view::npos && colon + 1 < part.size() &&
                                            part.find_first_not_of("0123456789", colon + 1) == std::string_view::npos)
        part = part.substr(0, colon);
    return std::string(part);
}

std::string joined(const std::string& group, const std::string& name)
{
    return (group == "/" ? "" : group) + "/" + name;
}

bool isBuffer(const Parameter& parameter)
{
    const auto& role = parameter.role;
    return role == "mean" || role == "variance" || role.starts_with("moving_") || role.find("running_") != std::string::npos ||
           !isFloating(parameter.source.dtype);
}

/// Reads the parameters of one layer after the other; names stay unique over the whole file.
class Weights
{
public:
    Weights(Model& model, const H5Contents& contents, std::string root) : m_model(model), m_contents(contents), m_root(std::move(root)) {}

    /// Appends the parameters of the group and returns their indices in the model.
    std::vector<std::size_t> add(Layer& layer)
    {
        std::vector<std::size_t> indices;
        const auto path = joined(m_root, layer.name);
        const auto* group = m_contents.group(path);
        if (!group)
            return indices;
        for (const auto& name : namesAttribute(*group, "weight_names").value_or(std::vector<std::string>())) {
            if (!m_used.insert(joined(path, name)).second)
                note("keras-weight-twice", "it is named twice", joined(path, name), Note::Severity::Warning);
            else if (const auto* dataset = m_contents.dataset(joined(path, name)))
                indices.push_back(addOne(layer, name, *dataset));
            else
                note("keras-weight-absent", "it is named, but not in the file", joined(path, name), Note::Severity::Error);
        }
        return indices;
    }

    void noteLeftOver()
    {
        for (const auto& dataset : m_contents.datasets)
            if (dataset.path.starts_with(m_root == "/" ? m_root : m_root + "/") && !m_used.contains(dataset.path))
                note("keras-weight-left-over", "no layer names it as its weight", dataset.path, Note::Severity::Warning);
    }

    void note(std::string id, std::string text, const std::string& where, Note::Severity severity)
    {
        m_model.notes.push_back({{std::move(id), {where}, std::move(text)}, severity, where});
    }

private:
    std::size_t addOne(Layer& layer, const std::string& name, const H5Dataset& dataset)
    {
        Parameter parameter;
        parameter.name = name;
        while (!m_names.insert(parameter.name).second)
            parameter.name.insert(0, layer.name + "/");
        parameter.layer = layer.name;
        parameter.role = lastPart(name);
        parameter.source = dataset.source;
        parameter.problem = dataset.problem;
        layer.parameters.push_back(parameter.name);
        m_model.parameters.push_back(std::move(parameter));
        return m_model.parameters.size() - 1;
    }

    Model& m_model;
    const H5Contents& m_contents;
    std::string m_root;
    std::set<std::string> m_used, m_names;
};

/// The roles that an op needs, as its attributes say.
std::vector<const layers::Role*> neededRoles(const Op& op)
{
    std::vector<const layers::Role*> roles;
    const auto* kind = layers::kind(op.kind);
    for (const auto& role : kind ? std::span<const layers::Role>(kind->roles) : std::span<const layers::Role>()) {
        const bool absent = (role.role == "bias" && !op.attributes.boolean("bias", true)) ||
                            (role.role == "gamma" && !op.attributes.boolean("scale", true)) ||
                            (role.role == "beta" && !op.attributes.boolean("center", true));
        if (!role.kerasName.empty() && !absent)
            roles.push_back(&role);
    }
    return roles;
}

/// Gives the op its parameters; what stays of `indices` is left over.
void matchRoles(Model& model, Op& op, std::vector<std::size_t>& indices)
{
    auto roles = neededRoles(op);
    const auto take = [&](const layers::Role* role, std::size_t index) {
        auto& parameter = model.parameters[index];
        parameter.role = role->role;
        op.parameters[std::string(role->role)] = parameter.name;
        std::erase(indices, index);
    };
    std::vector<const layers::Role*> open;
    for (const auto* role : roles) {
        const auto found = std::find_if(indices.begin(), indices.end(),
                                        [&](std::size_t i) { return lastPart(model.parameters[i].name) == role->kerasName; });
        found == indices.end() ? open.push_back(role) : take(role, *found);
    }
    const auto* kind = layers::kind(op.kind);
    const auto known = [&](std::size_t i) { // a name that belongs to another role is no stand-in for a missing one
        return std::any_of(kind->roles.begin(), kind->roles.end(),
                           [&](const layers::Role& role) { return role.kerasName == lastPart(model.parameters[i].name); });
    };
    if (kind && open.size() == indices.size() && std::none_of(indices.begin(), indices.end(), known))
        for (const auto* role : open)
            take(role, indices.front());
}

void setTrainable(Model& model, const Layer& layer, const std::vector<std::size_t>& indices)
{
    const bool trainable = layer.attributes.boolean("trainable", true);
    for (const auto index : indices)
        model.parameters[index].trainable = trainable && !isBuffer(model.parameters[index]);
}

void checkRunnable(Model& model, Op& op, const std::vector<std::size_t>& leftOver, Weights& weights)
{
    const auto cannot = [&](std::string id, std::string why) {
        weights.note(std::move(id), why, op.layer, Note::Severity::Error);
        if (op.unsupported.empty())
            op.unsupported = std::move(why);
    };
    for (const auto* role : neededRoles(op))
        if (!op.parameters.contains(std::string(role->role)))
            cannot("keras-weight-missing", fmt::format("the file has no {} for it", role->kerasName));
    for (const auto index : leftOver)
        cannot("keras-weight-unknown",
               fmt::format("it has a weight that Tieout does not know: {}", printable(model.parameters[index].name)));
    try {
        layers::checkParameters(model, op, nullptr);
    } catch (const Error& error) {
        cannot("keras-weight-shape",
               fmt::format("its configuration asks for {} in {}, the file has {}", error.expected(), error.at(), error.found()));
    }
}

// kernel of rank 4 -> conv2d, of rank 2 -> linear, moving_mean -> batchnorm: all that shapes and names tell.
void guessKind(Op& op, const Model& model, const std::vector<std::size_t>& indices)
{
    const auto find = [&](std::string_view part) -> const Parameter* {
        const auto found = std::find_if(indices.begin(), indices.end(), [&](std::size_t i) { return model.parameters[i].role == part; });
        return found == indices.end() ? nullptr : &model.parameters[*found];
    };
    const auto* kernel = find("kernel");
    const bool simple = std::all_of(indices.begin(), indices.end(), [&](std::size_t i) {
        return model.parameters[i].role == "kernel" || model.parameters[i].role == "bias";
    });
    if (find("moving_mean")) {
        op.kind = "batchnorm";
        op.attributes = {{"scale", find("gamma") != nullptr}, {"center", find("beta") != nullptr}};
    } else if (kernel && simple && kernel->source.shape.size() == 4) {
        const auto& s = kernel->source.shape;
        op.kind = "conv2d";
        op.attributes = {{"filters", s[3]}, {"kernel", Ints{s[0], s[1]}}, {"bias", find("bias") != nullptr}};
    } else if (kernel && simple && kernel->source.shape.size() == 2) {
        op.kind = "linear";
        op.attributes = {{"units", kernel->source.shape[1]}, {"bias", find("bias") != nullptr}};
    } else {
        op.unsupported = "the file does not tell what sort of layer it is";
    }
}

void addUnwiredLayer(Model& model, Weights& weights, const std::string& name)
{
    Layer layer{name, "", {}, {}, true};
    const auto all = weights.add(layer);
    auto open = all;
    Op op;
    op.name = op.layer = name;
    guessKind(op, model, all);
    matchRoles(model, op, open);
    for (const auto index : all)
        if (isBuffer(model.parameters[index]))
            model.parameters[index].trainable = false;
    if (const auto* kind = layers::kind(op.kind))
        layer.kind = kind->kerasClasses.front();
    layer.supported = op.unsupported.empty();
    model.layers.push_back(std::move(layer));
    if (!all.empty())
        model.ops.push_back(std::move(op));
}

}

void addKerasWeights(Model& model, const H5Contents& contents, const std::string& root)
{
    Weights weights(model, contents, root);
    std::unordered_map<std::string, std::vector<std::size_t>> opsOf;
    for (std::size_t i = 0; i < model.ops.size(); ++i)
        opsOf[model.ops[i].layer].push_back(i);
    for (auto& layer : model.layers) {
        const auto all = weights.add(layer);
        for (const auto index : opsOf[layer.name]) { // a shared layer has several ops and one set of weights
            auto& op = model.ops[index];
            auto indices = all;
            const bool fused = !op.inputs.empty() && model.ops[static_cast<std::size_t>(op.inputs[0])].layer == layer.name;
            if (op.kind.empty() || fused)
                continue;
            matchRoles(model, op, indices);
            checkRunnable(model, op, indices, weights);
            layer.supported = layer.supported && op.unsupported.empty();
        }
        setTrainable(model, layer, all);
    }
    weights.noteLeftOver();
}

Model kerasWeightsModel(const H5Contents& contents, const std::string& root, std::string_view version)
{
    Model model;
    model.framework = Framework::Keras;
    Weights weights(model, contents, root);
    const auto* group = contents.group(root);
    for (const auto& name : namesAttribute(*group, "layer_names").value_or(std::vector<std::string>()))
        addUnwiredLayer(model, weights, name);
    weights.noteLeftOver();
    if (version.empty() || version.starts_with("1."))
        weights.note("keras-1", "Keras 1 wrote these weights: kernels may be stored in other orders than today's", "",
                     Note::Severity::Warning);
    return model;
}

}
