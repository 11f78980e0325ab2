// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/gather.h"

#include "core/layers/sequencekinds.h"

#include <algorithm>

namespace core::layers {

namespace {

const Op* opAt(const Model& model, Port port)
{
    return port.output == 0 && port.op >= 0 ? &model.ops[static_cast<std::size_t>(port.op)] : nullptr;
}

bool isRecurrent(const Op* op)
{
    const Kind* known = op ? kind(op->kind) : nullptr;
    return known && known->family == lstm.family && op->inputs.size() == 1 && op->unsupported.empty();
}

/// Whether the two read the same, one forwards and one backwards, and differ in nothing else.
bool areDirections(const Op& forward, const Op& backward)
{
    Attributes one = forward.attributes, other = backward.attributes;
    const bool isRight = !one.boolean("reverse", true) && other.boolean("reverse", false) && !other.boolean("turned", true);
    for (Attributes* settings : {&one, &other})
        for (const char* key : {"reverse", "turned"})
            settings->remove(key);
    return isRight && one == other && forward.kind == backward.kind && forward.inputs == backward.inputs;
}

/// Whether nothing but `reader` takes the port, and the model does not give it.
bool isReadOnlyBy(const Model& model, Port port, int reader)
{
    for (std::size_t i = 0; i < model.ops.size(); ++i)
        for (const Input& input : model.ops[i].inputs)
            if (input.port == port && static_cast<int>(i) != reader)
                return false;
    return std::none_of(model.outputs.begin(), model.outputs.end(), [&](const Output& output) { return output.port == port; });
}

}

std::optional<Gathered> gathered(const Model& model, int index, Framework there)
{
    const Op& join = model.ops[static_cast<std::size_t>(index)];
    const Kind* joining = kind(join.kind);
    if (there != Framework::Keras || !joining || joining->effect != Effect::Joins || join.inputs.size() != 2)
        return {};
    const std::int64_t axis = join.attributes.integer("axis", 0);
    const Port ports[] = {join.inputs[0].port, join.inputs[1].port};
    const Op *forward = opAt(model, ports[0]), *backward = opAt(model, ports[1]);
    if ((axis != -1 && axis != 2) || !isRecurrent(forward) || !isRecurrent(backward) || !areDirections(*forward, *backward) ||
        !isReadOnlyBy(model, ports[0], index) || !isReadOnlyBy(model, ports[1], index))
        return {};
    const Kind& own = *kind(forward->kind);
    Op plain = *forward;
    plain.attributes.set("time", std::int64_t{1});
    const Json inner = own.toKeras(plain);
    Json turned = inner;
    turned["go_backwards"] = true;
    const std::string className(own.kerasClasses.front());
    Gathered result{"Bidirectional", "_" + std::string(own.id), {{"merge_mode", "concat"}}, {}, {ports[1].op, ports[0].op, index}, {1, 0}};
    result.steps = *kerasSteps({result.className,
                                result.config,
                                "2.15.0",
                                {KerasSpec{className, inner, "2.15.0", {}}, KerasSpec{className, turned, "2.15.0", {}}}},
                               1);
    result.config["layer"] = {{"module", "keras.layers"}, {"class_name", className}, {"config", inner}, {"registered_name", nullptr}};
    return result;
}

Json namedConfig(const Gathered& layer, const std::string& name)
{
    Json result = layer.config;
    result["layer"]["config"]["name"] = name + layer.innerName;
    return result;
}

std::string namedParameter(const Gathered& layer, const std::string& name, const std::string& own)
{
    const std::string direction = own.substr(0, own.find('_') + 1); // of "forward_layer/kernel"
    return direction + name + layer.innerName + "/" + layer.innerName.substr(1) + "_cell" + own.substr(own.find('/'));
}

}
