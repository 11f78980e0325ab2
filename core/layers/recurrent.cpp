// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/recurrent.h"

#include "core/layers/sequencekinds.h"
#include "core/layers/turned.h"
#include "core/layers/window.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace core::layers {

namespace {

/// The activations that cells compute with.
constexpr std::array<std::string_view, 14> cellActivations{"tanh",           "sigmoid",  "relu",        "linear", "hard_sigmoid",
                                                           "hard_sigmoid_2", "softsign", "softplus",    "elu",    "selu",
                                                           "silu",           "gelu",     "exponential", "mish"};

/// Canonical name of a cell's activation. Keras 1 and 2 compute hard_sigmoid otherwise than Keras 3.
std::string cellActivation(const KerasSpec& spec, const char* key, const char* fallback)
{
    const auto found = spec.config.find(key);
    if (found != spec.config.end() && found->is_null())
        return "linear";
    if (found != spec.config.end() && !found->is_string())
        unsupported(fmt::format("an object as its {}", key), "activations by name");
    std::string name = kerasText(spec.config, key, fallback);
    if (name == "swish")
        name = "silu";
    if (name == "hard_sigmoid" && !isOfKeras3(spec, name))
        name = "hard_sigmoid_2";
    if (std::find(cellActivations.begin(), cellActivations.end(), name) == cellActivations.end())
        unsupported(fmt::format("the {} {}", key, printable(name)), "tanh, sigmoid, relu, hard_sigmoid and the like");
    return name;
}

bool hasBias(const Attributes& settings)
{
    return settings.boolean("bias", true);
}

/// Keras keeps the two biases of a GRU with reset_after as rows of one.
bool hasRows(const Attributes& settings)
{
    return settings.boolean("reset_after", false);
}

}

std::vector<Role> recurrentRoles(const Recurrent& kind, const Attributes& settings, Framework framework, std::span<const Value> inputs)
{
    const std::int64_t units = settings.integer("units", 0),
                       features = inputs.empty() || inputs[0].shape.empty() ? 0 : inputs[0].shape.back();
    const bool bias = hasBias(settings), isKeras = framework == Framework::Keras, isOpen = settings == Attributes();
    std::vector<RoleAxis> axes{{"g", units * kind.gates}, {"o", units}, {"i", features, -1}, {"r", 2}};
    axes[0].blocks = isKeras ? kind.kerasOrder : kind.torchOrder;
    return rolesFrom(framework, axes,
                     {{"kernel", "weight_ih_l0", "kernel", "gi", "ig"},
                      {"recurrent", "weight_hh_l0", "recurrent_kernel", "go", "og"},
                      {"input_bias", "bias_ih_l0", "", "g", "", bias && !isKeras},
                      {"recurrent_bias", "bias_hh_l0", "", "g", "", bias && !isKeras},
                      {"bias", "", "bias", "", "g", bias && isKeras && !hasRows(settings)},
                      {"biases", "", "bias", "", "rg", bias && isKeras && (isOpen || hasRows(settings))}});
}

std::vector<RoleGroup> recurrentGroups(const Attributes& a, Framework ofA, const Attributes& b, Framework ofB)
{
    const bool fromTorch = ofA == Framework::Torch && ofB == Framework::Keras, toTorch = ofA == Framework::Keras && ofB == Framework::Torch;
    if (!(fromTorch || toTorch) || !hasBias(a) || !hasBias(b))
        return {};
    const Attributes& keras = fromTorch ? b : a;
    const bool rows = hasRows(keras);
    if (!rows && keras.has("reset_after")) // a GRU of the older sort has no second bias
        return {};
    RoleGroup group;
    group.a = {"input_bias", "recurrent_bias"};
    group.b.emplace_back(rows ? "biases" : "bias");
    group.rule = rows ? "bias-rows" : "bias-sum";
    if (toTorch) {
        std::swap(group.a, group.b);
        group.rule = rows ? "bias-split" : "bias-zero";
    }
    std::vector<RoleGroup> result;
    result.push_back(std::move(group));
    return result;
}

std::vector<Value> recurrentValues(const Recurrent& kind, const Call& call)
{
    const Value& in = call.input();
    const std::int64_t units = call.op.attributes.integer("units"), time = call.op.attributes.integer("time", 1);
    if (in.shape.size() != 3 || units < 1)
        throw Error("shape-recurrent")
            .expected("an input of steps with features, and at least one unit")
            .found(fmt::format("{} units on {}", units, text(in.shape)))
            .at(printable(call.op.name));
    const auto batch = static_cast<std::size_t>(1 - time);
    if (time != 1 && in.axes.empty())
        throw Error("shape-recurrent")
            .expected("an input whose second axis is the batch")
            .found("one of unknown axes")
            .at(printable(call.op.name));
    if (!in.axes.empty() && in.axes[batch].name != "N")
        throw Error("shape-recurrent")
            .expected(fmt::format("an input whose axis {} is the batch (batch_first={})", batch, time == 1 ? "True" : "False"))
            .found(text(in.axes))
            .at(printable(call.op.name));
    if (in.shape[static_cast<std::size_t>(time)] < 1)
        throw Error("shape-recurrent").expected("at least one step").found(text(in.shape)).at(printable(call.op.name));
    Value sequence = in, state{{in.shape[batch], units}, axesOf("NF")};
    sequence.shape[2] = units;
    if (!sequence.axes.empty())
        sequence.axes[2] = {"F", {}};
    std::size_t given = 0;
    for (std::size_t i = 0; i < call.count(); ++i)
        if (call.op.inputs[i].name == "initial_state" && ++given > 0 && call.at(i)->shape != state.shape)
            throw Error("shape-recurrent")
                .expected("initial states " + text(state.shape))
                .found(text(call.at(i)->shape))
                .at(printable(call.op.name));
    if (const Value* mask = call.find("mask"); mask && mask->shape != Shape(in.shape.begin(), in.shape.end() - 1))
        throw Error("shape-recurrent")
            .expected("a mask " + text(Shape(in.shape.begin(), in.shape.end() - 1)))
            .found(text(mask->shape))
            .at(printable(call.op.name));
    if (given != 0 && given != static_cast<std::size_t>(kind.states))
        throw Error("shape-recurrent")
            .expected(fmt::format("{} initial states or none", kind.states))
            .found(std::to_string(given))
            .at(printable(call.op.name));
    std::vector<Value> result(static_cast<std::size_t>(kind.states) + 1, state);
    result[0] = std::move(sequence);
    return result;
}

std::string recurrentDifference(const Call& a, const Call& b)
{
    const auto text = [&](const char* name, const char* title) {
        const bool isTold = a.op.attributes.has(name) && b.op.attributes.has(name);
        return isTold ? differs(title, a.op.attributes.string(name), b.op.attributes.string(name)) : std::string();
    };
    const auto flag = [&](const char* name) {
        const bool isTold = a.op.attributes.has(name) && b.op.attributes.has(name);
        return isTold ? differs(name, a.op.attributes.boolean(name), b.op.attributes.boolean(name)) : std::string();
    };
    const auto masks = [](const Call& call) {
        return std::string(
            std::any_of(call.op.inputs.begin(), call.op.inputs.end(), [](const Input& input) { return input.name == "mask"; })
                ? "of some steps"
                : "none");
    };
    return firstOf({differs("units", a.op.attributes.integer("units", 0), b.op.attributes.integer("units", 0)),
                    text("activation", "activation"), text("recurrent_activation", "recurrent activation"), flag("reset_after"),
                    flag("reverse"), flag("turned"), differs("mask", masks(a), masks(b))});
}

bool recurrentApart(const Attributes& a, const Attributes& b)
{
    return a.has("reverse") && b.has("reverse") && a.boolean("reverse") != b.boolean("reverse");
}

std::string_view recurrentAxes(const Op&, Framework, std::size_t rank)
{
    return rank == 3 ? "NTF" : "";
}

Turned recurrentTurned(const Call& here, Framework, const Arrangement&)
{
    Turned result{here.op.attributes, asHere(3), {}};
    const bool isTimeFirst = here.op.attributes.integer("time", 1) == 0;
    if (isTimeFirst)
        std::swap(result.input[0], result.input[1]);
    result.attributes.set("time", std::int64_t{1});
    result.outputs.push_back(result.input);
    for (int state = 1; state < outputCount(here.op); ++state)
        result.outputs.push_back(asHere(2));
    return result;
}

std::vector<std::string> recurrentWords(const Op& op, std::int64_t consumed)
{
    std::vector<std::string> result{producedWord(op.attributes.integer("units", 0), consumed)};
    if (op.attributes.boolean("reverse", false))
        result.emplace_back("reverse");
    return result;
}

Attributes recurrentFromTorch(const TorchSpec& spec, bool reverse)
{
    if (spec.raw.integer("proj_size", 0) != 0)
        unsupported(fmt::format("a projection of its output (proj_size {})", spec.raw.integer("proj_size")), "none");
    Attributes result{{"units", spec.raw.integer("hidden_size")},
                      {"bias", spec.raw.boolean("bias", true)},
                      {"reverse", reverse},
                      {"turned", false},
                      {"time", std::int64_t{spec.raw.boolean("batch_first", false) ? 1 : 0}}};
    if (spec.className != "RNN") {
        result.set("activation", std::string("tanh"));
        result.set("recurrent_activation", std::string("sigmoid"));
    } else if (spec.raw.has("nonlinearity"))
        result.set("activation", spec.raw.string("nonlinearity"));
    else if (spec.raw.has("mode"))
        result.set("activation", std::string(spec.raw.string("mode") == "RNN_RELU" ? "relu" : "tanh"));
    if (spec.className == "GRU")
        result.set("reset_after", true);
    return result;
}

Attributes recurrentFromKeras(const KerasSpec& spec)
{
    const bool isLstm = spec.className == "LSTM", isGru = spec.className == "GRU";
    if (kerasBool(spec.config, "time_major", false))
        unsupported("time_major", "the batch as first axis");
    const bool reverse = kerasBool(spec.config, "go_backwards", false);
    Attributes result{{"units", kerasInt(spec.config, "units", 0)},
                      {"bias", kerasBool(spec.config, "use_bias", true)},
                      {"reverse", reverse},
                      {"turned", reverse},
                      {"time", std::int64_t{1}},
                      {"activation", cellActivation(spec, "activation", "tanh")}};
    if (isLstm || isGru)
        result.set("recurrent_activation", cellActivation(spec, "recurrent_activation", "sigmoid"));
    if (isGru) // Keras before 2.4, which does not say otherwise, resets before
        result.set("reset_after", kerasBool(spec.config, "reset_after", false));
    return result;
}

Json recurrentToKeras(const Op& op)
{
    const Attributes& settings = op.attributes;
    const auto refuse = [&](std::string_view expected, const std::string& found) {
        throw Error("layer-no-twin").expected(expected).found(found).at(printable(op.name));
    };
    const bool reverse = settings.boolean("reverse", false);
    if (reverse != settings.boolean("turned", false))
        refuse("a layer that goes forwards, or one of both directions", "one that goes backwards and gives its steps in order of time");
    Json config{{"units", settings.integer("units")},
                {"use_bias", settings.boolean("bias", true)},
                {"return_sequences", true},
                {"go_backwards", reverse}};
    for (const char* key : {"activation", "recurrent_activation"})
        if (settings.has(key)) {
            if (settings.string(key).starts_with("hard_sigmoid"))
                refuse("an activation that Keras 2 and Keras 3 compute alike", settings.string(key));
            config[key] = settings.string(key);
        }
    if (settings.has("reset_after"))
        config["reset_after"] = settings.boolean("reset_after");
    return config;
}

}
