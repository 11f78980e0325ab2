// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/keras/write/layerconfig.h"

#include "core/formats/keras/config/config.h"
#include "core/formats/keras/config/owner.h"
#include "core/layers/steps.h"

#include <algorithm>

namespace core::formats {

namespace {

bool isOneOf(std::string_view word, std::initializer_list<std::string_view> words)
{
    return std::find(words.begin(), words.end(), word) != words.end();
}

// What one generation of Keras writes and another refuses, and what only training needs.
bool isKept(std::string_view className, std::string_view key, const Json& value)
{
    if (key.ends_with("_initializer") || key.ends_with("_regularizer") || key.ends_with("_constraint"))
        return false;
    if (isOneOf(key, {"batch_input_shape", "batch_shape", "build_config", "dtype", "name", "time_major", "input_length"}))
        return false;
    if (key == "groups" &&
        (className.find("Transpose") != std::string_view::npos || className.starts_with("Depthwise") || className.starts_with("Separable")))
        return false;
    if (key == "trainable" && className.starts_with("SpatialDropout"))
        return false;
    return !(value.is_null() && isOneOf(key, {"lora_rank", "lora_alpha", "quantization_config", "seed", "noise_shape"}));
}

/// A class that is written with its own configuration. Keras 2 looks a .h5 file's class up by class_name, where a registered one has its
/// package before it ("Mine>Gain"); Keras 3 by registered_name, then in the module (load_model of 2.15 and 3.15, tried). Both find what is
/// neither Keras' nor registered among custom_objects by the bare name.
KerasClass asItIs(const std::string& shown, const std::string& module, Json config)
{
    if (module.empty())
        return {shown, std::move(config), "keras.layers", shown};
    const std::string bare = shown.starts_with(module + ">") ? shown.substr(module.size() + 1) : shown;
    return {bare, std::move(config), module, bare};
}

Json keptKeys(std::string_view className, const Json& own);

// Keras 3 finds a wrapped layer only by its module.
Json keptLayer(const Json& wrapped)
{
    const auto className = textIn(wrapped, "class_name");
    const auto config = wrapped.is_object() ? wrapped.find("config") : wrapped.end();
    if (className.empty() || config == wrapped.end() || !config->is_object())
        return wrapped;
    Json kept{{"name", textIn(*config, "name")}, {"dtype", "float32"}};
    kept.update(keptKeys(className, *config));
    const KerasOwner owner = kerasOwner(wrapped);
    if (!owner.isForeign)
        return kerasObject("keras.layers", className, std::move(kept));
    const bool isRegistered = !owner.isModule && !owner.package.empty();
    const std::string bare = bareClassName(wrapped), module = owner.package.empty() ? "__main__" : owner.package;
    const KerasClass own = isRegistered ? asItIs(owner.package + ">" + bare, "", std::move(kept)) : asItIs(bare, module, std::move(kept));
    return kerasObject(own.module, own.name, own.config, own.registered);
}

Json keptKeys(std::string_view className, const Json& own)
{
    auto config = Json::object();
    for (const auto& [key, value] : own.items())
        if (isKept(className, key, value))
            config[key] = isOneOf(key, {"layer", "backward_layer"}) ? keptLayer(value) : value;
    return config;
}

Json keptConfig(const Layer& layer)
{
    const auto text = layer.attributes.string("config", "");
    if (text.empty())
        throw Error("keras-write")
            .expected("a layer that Keras has, or one with its own configuration")
            .found(printable(layer.kind))
            .at(printable(layer.name));
    return keptKeys(layer.kind, parseJson(text, layer.name));
}

/// The activation that tells the op wholly, empty when none does.
std::string_view nameOf(const layers::Kind& kind, const Op& op)
{
    if (kind.kerasActivations.empty())
        return {};
    const std::string_view name = kind.kerasActivations.front();
    try {
        return kind.fromKeras({"Activation", {{"activation", name}}}) == op.attributes ? name : std::string_view();
    } catch (const Error&) { // one that not every Keras computes alike
        return {};
    }
}

/// Of a kind's classes the one that reads the op's settings back from what is written of them: "DepthwiseConv2D" of a "Conv2D".
std::string_view classFor(const layers::Kind& kind, const Op& op, const Json& config)
{
    for (const std::string_view name : kind.kerasClasses) {
        try {
            if (kind.kerasClasses.size() > 1 && kind.fromKeras && kind.fromKeras({std::string(name), config}) == op.attributes)
                return name;
        } catch (const Error&) { // a class that cannot be told so
        }
    }
    return kind.kerasClasses.front();
}

KerasClass classOf(const Op& op, const Layer& layer)
{
    const auto& kind = *layers::kind(op.kind);
    const auto& classes = kind.kerasClasses;
    const std::string_view named = nameOf(kind, op);
    if (!named.empty() && std::find(classes.begin(), classes.end(), layer.kind) == classes.end())
        return {"Activation", {{"activation", named}}};
    Json config = kind.toKeras(op);
    if (classes.empty())
        throw Error("keras-write")
            .expected("a layer that Keras has")
            .found(printable(op.kind) + " with these settings")
            .at(printable(op.name));
    return {std::string(classFor(kind, op, config)), std::move(config)};
}

// A fused activation must be one that the name alone tells.
void addActivation(KerasClass& written, const Op& op)
{
    const auto& kind = *layers::kind(op.kind);
    if (nameOf(kind, op).empty())
        throw Error("keras-write")
            .expected("a fused activation that its name tells wholly, as a softmax over the last axis")
            .found(printable(op.kind) + " with settings of its own")
            .at(printable(op.name));
    written.config["activation"] = nameOf(kind, op);
}

}

Json kerasObject(const std::string& module, const std::string& className, Json config, Json registered)
{
    return {{"module", module}, {"class_name", className}, {"config", std::move(config)}, {"registered_name", std::move(registered)}};
}

KerasClass kerasClass(const std::vector<const Op*>& ops, const Layer& layer)
{
    const bool hasConfig = layer.attributes.has("config");
    const bool known =
        !ops.empty() && ops.size() <= 2 && !layers::isOfSteps(layer.kind) && std::all_of(ops.begin(), ops.end(), [&](const Op* op) {
            const auto* kind = layers::kind(op->kind);
            return kind && kind->toKeras && (op->unsupported.empty() || !hasConfig);
        });
    if (!known)
        return asItIs(layer.kind, layer.attributes.string("defined in", ""), keptConfig(layer));
    auto written = classOf(*ops[0], layer);
    if (ops.size() == 2)
        addActivation(written, *ops[1]);
    return written;
}

}
