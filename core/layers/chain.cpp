// SPDX-License-Identifier: GPL-3.0-or-later
// What ops that follow each other tell of features, where the rest of the network is not known.
#include "core/layers/follow.h"
#include "core/layers/spec.h"

#include <algorithm>
#include <map>

namespace core::layers {

namespace {

/// The size that an image's positions are taken to have while only its channels count: many poolings divide it.
constexpr std::int64_t anySize = 1024;

const Parameter* parameterOf(const Model& model, const Op& op, const std::string& role)
{
    const auto name = op.parameters.find(role);
    return name == op.parameters.end() ? nullptr : model.parameter(name->second);
}

/// The channels of what an op keeps that has a parameter along them, as a normalization does; 0 where none tells.
std::int64_t channelsKept(const Model& model, const Op& op)
{
    for (const Role& role : keepsAxes(op) ? rolesOf(op, model.framework) : std::vector<Role>())
        if (role.axes.size() == 1 && role.axes.front().along == 1)
            if (const Parameter* parameter = parameterOf(model, op, role.role); parameter && parameter->source.shape.size() == 1)
                return parameter->source.shape.front() > 1 ? parameter->source.shape.front() : 0;
    return 0;
}

/// Of the image that an op takes: its kernel's, else the only one that it slides over.
std::string_view imageLetters(const Model& model, const Op& op, const Parameter* kernel)
{
    const Kind* known = kind(op.kind);
    if (known && known->inputAxes && kernel)
        return known->inputAxes(op, model.framework, kernel->source.shape.size());
    for (std::size_t rank = 3; known && known->inputAxes && rank <= 5; ++rank)
        if (const std::string_view letters = known->inputAxes(op, model.framework, rank); letters.size() == rank)
            return letters;
    return {};
}

/// What an op takes whose own weights tell the channels, or ops before it `kept`; nothing where they do not.
std::optional<Value> expectedImage(const Model& model, const Op& op, std::int64_t kept)
{
    const Parameter* kernel = parameterOf(model, op, "kernel");
    const std::int64_t channels = kernel ? parameterAxis(model, op, "i") * op.attributes.integer("groups", 1) : kept;
    const std::string_view letters = imageLetters(model, op, kernel);
    if (channels < 1 || letters.empty())
        return {};
    Value image{Shape(kernel ? kernel->source.shape.size() : letters.size(), anySize), axesOf(letters)};
    const int place = indexOf(image.axes, "C");
    if (image.axes.size() != image.shape.size() || place < 1)
        return {};
    image.shape.front() = 1;
    image.shape[static_cast<std::size_t>(place)] = channels;
    return image;
}

/// What the op makes of an image, or of one that is not known but for its channels (0: not even those); nothing where that cannot be told.
std::optional<Value> passed(const Model& model, const Op& op, const std::optional<Value>& image, std::int64_t channels)
{
    if (image && keepsAxes(op))
        return image;
    const Kind* known = kind(op.kind);
    const std::optional<Value> taken = image ? image : expectedImage(model, op, channels);
    if (!taken || !known || !known->infer || !op.unsupported.empty() || !takesImage(op))
        return {};
    Op alone = op;
    alone.inputs = {0};
    const Call call(alone, {&*taken});
    try {
        checkParameters(model, call);
        std::vector<Value> result = inferred(*known, call);
        return result.size() == 1 ? std::optional(result.front()) : std::nullopt;
    } catch (const Error&) {
        return {};
    }
}

bool flattensSamples(const Op& op)
{
    const Kind* known = kind(op.kind);
    return known && known->flattens && op.attributes.integer("start", 1) == 1 && op.attributes.integer("end", -1) == -1;
}

/// The features of a flattened image of which the positions' sizes are not known: they stay one part, "HW", as long as all of them.
std::optional<Axis> flattenedImage(const Value& image)
{
    if (image.axes.size() < 3 || image.axes.size() != image.shape.size() || image.axes[1].name != "C" || image.shape[1] < 1)
        return {};
    std::string positions;
    for (std::size_t d = 2; d < image.axes.size(); ++d)
        positions += image.axes[d].name;
    return Axis{"F", {{"C", image.shape[1]}, {positions, 0}}};
}

/// `flat`, as long as `size`, under the name of a parameter's axis; nothing where it cannot be as long.
std::optional<Axis> withSize(Axis flat, const std::string& name, std::int64_t size)
{
    const std::int64_t channels = flat.parts.front().size;
    if (size < channels || size % channels != 0)
        return {};
    flat.name = name;
    flat.parts.back().size = size / channels;
    return channels == 1 || size == channels ? Axis{name, {}} : flat;
}

/// Labels the parameters of an op that takes flattened features.
void labelBehind(Model& model, const Op& op, const Axis& flat)
{
    for (const Role& role : rolesOf(op, model.framework)) {
        const auto name = op.parameters.find(role.role);
        const auto parameter = std::find_if(model.parameters.begin(), model.parameters.end(), [&](const Parameter& candidate) {
            return name != op.parameters.end() && candidate.name == name->second;
        });
        if (parameter == model.parameters.end() || parameter->source.shape.size() != role.axes.size())
            continue;
        Axes axes;
        for (std::size_t d = 0; d < role.axes.size(); ++d) {
            const RoleAxis& axis = role.axes[d];
            if (const auto label = axis.along ? withSize(flat, axis.name, parameter->source.shape[d]) : Axis{axis.name, {}})
                axes.push_back(*label);
        }
        if (axes.size() == role.axes.size())
            parameter->axes = std::move(axes);
    }
}

/// Whether a layer takes features and gives features, in a plain order if they came in one.
bool keepsFeatures(const Op& op)
{
    return !takesImage(op) && (keepsAxes(op) || (kind(op.kind) && effectOf(op) == Effect::Makes));
}

/// Of a layer of which the file has no more than its class.
bool keepsFeatures(const Layer& layer)
{
    Op op;
    op.type = layer.kind;
    const Kind* known = kindOfKeras({layer.kind, {}});
    op.kind = known ? std::string(known->id) : std::string();
    return keepsAxes(op);
}

}

void labelFeatures(Model& model)
{
    std::map<std::string, const Op*> ops;
    for (const Op& op : model.ops)
        ops.emplace(op.layer, &op);
    const auto isPlain = [&](const Layer& layer) {
        const auto op = ops.find(layer.name);
        return op == ops.end() ? keepsFeatures(layer) : keepsFeatures(*op->second);
    };
    if (!std::all_of(model.layers.begin(), model.layers.end(), isPlain))
        return;
    for (const Op& op : model.ops)
        for (const Role& role : rolesOf(op, model.framework)) {
            const auto name = op.parameters.find(role.role);
            const auto parameter = std::find_if(model.parameters.begin(), model.parameters.end(), [&](const Parameter& candidate) {
                return name != op.parameters.end() && candidate.name == name->second;
            });
            if (parameter == model.parameters.end() || parameter->source.shape.size() != role.axes.size())
                continue;
            for (std::size_t d = 0; d < role.axes.size(); ++d)
                parameter->axes.push_back(plainAxis(role.axes[d], parameter->source.shape[d]));
        }
}

void labelChain(Model& model, std::span<const int> chain)
{
    std::optional<Value> image;
    std::optional<Axis> flat;
    std::int64_t channels = 0;
    for (const int index : chain) {
        const Op& op = model.ops[static_cast<std::size_t>(index)];
        if (flat) {
            labelBehind(model, op, *flat);
            if (!keepsAxes(op))
                flat.reset();
        } else if (image && flattensSamples(op)) {
            flat = flattenedImage(*image);
            image.reset();
        } else {
            image = passed(model, op, image, channels);
            channels = keepsAxes(op) ? std::max(channels, channelsKept(model, op)) : 0;
        }
    }
}

}
