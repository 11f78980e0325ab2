// SPDX-License-Identifier: GPL-3.0-or-later
// Layers that are several recurrent ops: stacked, of two directions, or of which only the last step is taken.
#include "core/layers/mergekinds.h"
#include "core/layers/recurrent.h"
#include "core/layers/sequencekinds.h"
#include "core/layers/shapekinds.h"

#include <algorithm>
#include <fmt/format.h>
#include <functional>

namespace core::layers {

namespace {

/// The op of a role's parameter under the name that it has in its layer.
std::map<std::string, std::string> ownNames(const Kind& kind, const Attributes& settings, Framework framework,
                                            const std::function<std::string(const std::string&)>& inLayer)
{
    std::map<std::string, std::string> result;
    for (const Role& role : kind.roles(settings, framework, {}))
        result.emplace(role.role, inLayer(role.name));
    return result;
}

int last(const Steps& steps)
{
    return static_cast<int>(steps.steps.size()) - 1;
}

int stateCount(const Kind& kind)
{
    return kind.outputs(Op()) - 1;
}

/// The last step that was computed.
Step lastStep(std::string name, int of, const Attributes& settings)
{
    const bool isFirstInTime = settings.boolean("reverse") && !settings.boolean("turned");
    return {std::move(name), select.id, {{"axis", settings.integer("time")}, {"index", std::int64_t{isFirstInTime ? 0 : -1}}}, {Port(of)}};
}

Step keras(std::string name, const Kind& kind, const Attributes& settings, const std::string& prefix, std::size_t firstState,
           bool hasStates)
{
    Step step{std::move(name), kind.id, settings, {Port(-1, 0)}, ownNames(kind, settings, Framework::Keras, [&](const std::string& own) {
                  return prefix + own;
              })};
    for (int state = 0; hasStates && state < stateCount(kind); ++state)
        step.inputs.emplace_back("initial_state", Port(-1, static_cast<int>(firstState) + state));
    return step;
}

void requireStates(std::size_t inputs, std::size_t states)
{
    if (inputs != 1 && inputs != 1 + states)
        unsupported(fmt::format("{} inputs", inputs), fmt::format("a sequence alone or with {} initial states", states));
}

const Kind& merging(const std::string& mode)
{
    if (mode == "concat")
        return concatenate;
    if (mode == "sum")
        return add;
    if (mode == "mul")
        return multiply;
    if (mode == "ave")
        return average;
    unsupported(fmt::format("the merge_mode {}", printable(mode)), "concat, sum, mul, ave and None");
}

}

Steps torchRecurrent(const TorchSpec& spec)
{
    constexpr std::int64_t most = 10'000;
    const Kind& kind = *kindOfTorch(spec.className);
    const std::int64_t count = spec.raw.integer("num_layers", 1);
    const bool both = spec.raw.boolean("bidirectional", false);
    if (count < 1 || count > most)
        unsupported(fmt::format("{} layers", count), fmt::format("1 to {}", most));
    Steps result;
    std::vector<Port> h, c;
    Port below(-1, 0);
    for (std::int64_t layer = 0; layer < count; ++layer) {
        std::vector<Input> directions;
        for (const bool reverse : both ? std::vector<bool>{false, true} : std::vector<bool>{false}) {
            const std::string name = fmt::format("l{}{}", layer, reverse ? "_reverse" : "");
            const Attributes settings = recurrentFromTorch(spec, reverse);
            Step step{name, kind.id, settings, {below}, ownNames(kind, settings, Framework::Torch, [&](const std::string& own) {
                          return own.substr(0, own.size() - 2) + name; // "weight_ih_l0"
                      })};
            result.steps.push_back(std::move(step));
            directions.emplace_back(Port(last(result)));
            h.emplace_back(last(result), 1);
            if (stateCount(kind) == 2)
                c.emplace_back(last(result), 2);
        }
        if (both)
            result.steps.push_back({fmt::format("l{}_both", layer), concatenate.id, {{"axis", std::int64_t{-1}}}, directions});
        below = Port(last(result));
    }
    result.outputs = {below};
    result.outputs.insert(result.outputs.end(), h.begin(), h.end());
    result.outputs.insert(result.outputs.end(), c.begin(), c.end());
    return result;
}

std::optional<Steps> kerasRecurrent(const KerasSpec& spec, std::size_t inputs)
{
    const Kind& kind = *kindOfKeras(spec);
    const Attributes settings = recurrentFromKeras(spec);
    const auto states = static_cast<std::size_t>(stateCount(kind));
    requireStates(inputs, states);
    Steps result;
    result.steps.push_back(keras(std::string(kind.id), kind, settings, "", 1, inputs > 1));
    if (!kerasBool(spec.config, "return_sequences", false))
        result.steps.push_back(lastStep("last", 0, settings));
    result.outputs = {Port(last(result))};
    for (std::size_t state = 0; kerasBool(spec.config, "return_state", false) && state < states; ++state)
        result.outputs.emplace_back(0, static_cast<int>(state) + 1);
    return result;
}

std::optional<Steps> kerasBidirectional(const KerasSpec& spec, std::size_t inputs)
{
    if (spec.wrapped.size() != 2 || spec.wrapped[0].className != spec.wrapped[1].className)
        unsupported("two layers of different kinds", "two of one kind");
    const Kind* kind = kindOfKeras(spec.wrapped[0]);
    if (!kind || kind->family != lstm.family)
        unsupported(fmt::format("two {} layers", printable(spec.wrapped[0].className)), "LSTM, GRU and SimpleRNN");
    const Json& config = spec.wrapped[0].config;
    const auto states = static_cast<std::size_t>(stateCount(*kind));
    requireStates(inputs, 2 * states);
    const bool hasStates = inputs > 1, sequences = kerasBool(config, "return_sequences", false);
    for (const char* key : {"return_sequences", "return_state"})
        if (kerasBool(config, key, false) != kerasBool(spec.wrapped[1].config, key, false))
            unsupported(fmt::format("layers of which one has {}", key), "two that agree");
    Attributes forward = recurrentFromKeras(spec.wrapped[0]), backward = recurrentFromKeras(spec.wrapped[1]);
    if (forward.boolean("reverse"))
        unsupported("a forward layer that goes backwards", "one that does not");
    backward.set("reverse", true);
    backward.set("turned", false); // Bidirectional turns it back
    Steps result;
    result.steps.push_back(keras("backward", *kind, backward, "backward_layer/", 1 + states, hasStates));
    result.steps.push_back(keras("forward", *kind, forward, "forward_layer/", 1, hasStates));
    Port back(0), forth(1);
    if (!sequences) {
        result.steps.push_back(lastStep("backward_last", 0, backward));
        back = Port(last(result));
        result.steps.push_back(lastStep("forward_last", 1, forward));
        forth = Port(last(result));
    }
    const auto mode = spec.config.find("merge_mode");
    result.outputs = {forth, back};
    if (mode == spec.config.end() || !mode->is_null()) {
        const Kind& merge = merging(kerasText(spec.config, "merge_mode", "concat"));
        const bool joins = merge.id == concatenate.id;
        result.steps.push_back({"merged", merge.id, joins ? Attributes{{"axis", std::int64_t{-1}}} : Attributes(), {forth, back}});
        result.outputs = {Port(last(result))};
    }
    for (int state = 0; kerasBool(config, "return_state", false) && state < 2 * static_cast<int>(states); ++state)
        result.outputs.emplace_back(state < static_cast<int>(states) ? 1 : 0, state % static_cast<int>(states) + 1);
    return result;
}

std::optional<Steps> kerasTimeDistributed(const KerasSpec& spec, std::size_t inputs)
{
    if (spec.wrapped.size() != 1 || inputs != 1)
        unsupported("more than a layer and an input", "one of each");
    const KerasSpec& inner = spec.wrapped[0];
    const Kind* kind = kindOfKeras(inner);
    const bool isLast = kind && kind->effect == Effect::Makes && kind->takesActivation;
    if (!kind || !kind->fromKeras || !(isLast || (kind->effect == Effect::Keeps && !kind->roles && kind->form == Form::Plain)))
        unsupported(fmt::format("a {} at every step", printable(inner.className)), "Dense, elementwise activations and Dropout");
    Steps result;
    const Attributes settings = kind->fromKeras(inner);
    Step step{std::string(kind->id), kind->id, settings, {Port(-1, 0)}};
    if (kind->roles)
        step.parameters = ownNames(*kind, settings, Framework::Keras, [](const std::string& own) { return "layer/" + own; });
    result.steps.push_back(std::move(step));
    if (const auto activation = inner.config.find("activation");
        kind->takesActivation && activation != inner.config.end() && !activation->is_null() && *activation != "linear") {
        const KerasSpec fused{"Activation", {{"activation", *activation}}, spec.version, {}};
        const Kind* function = activation->is_string() ? kindOfKeras(fused) : nullptr;
        if (!function || !function->fromKeras)
            unsupported("a Dense with an activation that Tieout cannot compute at every step", "activations by name");
        result.steps.push_back({std::string(function->id), function->id, function->fromKeras(fused), {Port(0)}});
    }
    result.outputs = {Port(last(result))};
    return result;
}

}
