// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/torch/torchguess.h"

#include "core/base/letters.h"
#include "core/base/names.h"

#include <fmt/format.h>

namespace core::formats {

namespace {

using Shapes = TorchShapes;

const Shape* find(const Shapes& shapes, std::string_view name)
{
    const auto found = shapes.find(name);
    return found == shapes.end() ? nullptr : found->second;
}

/// Whether a name begins so; most layers have a weight and a bias only, and need no further questions.
bool hasPrefix(const Shapes& shapes, std::string_view prefix)
{
    const auto first = shapes.lower_bound(prefix);
    return first != shapes.end() && first->first.starts_with(prefix);
}

bool nameHas(const std::string& layer, std::string_view word)
{
    return lower(layer.substr(layer.rfind('.') + 1)).find(word) != std::string::npos;
}

void setClasses(TorchGuess& guess, const std::vector<std::string>& classes)
{
    guess.className = either(classes);
}

bool hasSize(const Shape& bias, std::int64_t size)
{
    return bias.size() == 1 && bias[0] == size;
}

/// A convolution's weight is (out, in / groups, ...) and a transposed one's (in, out / groups, ...): the bias, which has `out` values,
/// tells which. Where both fit, or there is no bias, both may be.
TorchGuess guessConvolution(const Shape& weight, const Shape* bias)
{
    TorchGuess guess;
    const std::string plain = fmt::format("Conv{}d", weight.size() - 2), transposed = fmt::format("ConvTranspose{}d", weight.size() - 2);
    const bool isPlain = !bias || hasSize(*bias, weight[0]);
    const bool isTransposed =
        !bias ||
        (weight[1] == weight[0] ? isPlain : bias->size() == 1 && (*bias)[0] != weight[0] && weight[1] > 0 && (*bias)[0] % weight[1] == 0);
    if (!isPlain && !isTransposed)
        return guess;
    setClasses(guess, !isTransposed ? std::vector{plain} : isPlain ? std::vector{plain, transposed} : std::vector{transposed});
    const Ints kernel(weight.begin() + 2, weight.end());
    const bool hasBias = bias != nullptr;
    if (!isPlain) {
        guess.kind = layers::kindOfTorch(transposed);
        guess.attributes = {{"filters", (*bias)[0]}, {"groups", (*bias)[0] / weight[1]}, {"kernel", kernel}, {"bias", hasBias}};
    } else {
        guess.kind = layers::kindOfTorch(plain);
        guess.attributes = {{"filters", weight[0]}, {"kernel", kernel}, {"bias", hasBias}};
    }
    return guess;
}

/// A weight of rank 2 is a Linear's when there is a bias; else it may be an Embedding's, the likelier where the layer calls itself so.
TorchGuess guessMatrix(const std::string& layer, const Shape& weight, const Shape* bias)
{
    TorchGuess guess;
    if (bias && !hasSize(*bias, weight[0]))
        return guess;
    const bool hasBias = bias != nullptr;
    const bool isEmbedding = !hasBias && (nameHas(layer, "emb") || nameHas(layer, "wte") || nameHas(layer, "wpe"));
    if (isEmbedding) {
        setClasses(guess, {"Embedding", "Linear"});
        guess.kind = layers::kindOfTorch("Embedding");
        guess.attributes = {{"rows", weight[0]}, {"units", weight[1]}};
        return guess;
    }
    setClasses(guess, hasBias ? std::vector<std::string>{"Linear"} : std::vector<std::string>{"Linear", "Embedding"});
    guess.kind = layers::kindOfTorch("Linear");
    guess.attributes = {{"units", weight[0]}, {"bias", hasBias}};
    return guess;
}

/// A weight of rank 1: a norm's with a bias, of whichever sort; alone a PReLU's or an RMSNorm's.
TorchGuess guessVector(const std::string& layer, const Shape& weight, bool hasBias)
{
    TorchGuess guess;
    if (hasBias) {
        setClasses(guess, {"LayerNorm", "GroupNorm", "BatchNorm", "InstanceNorm"});
        guess.kind = layers::kindOfTorch("LayerNorm");
        guess.attributes = {{"scale", true}, {"center", true}};
    } else if (weight[0] != 1 && (nameHas(layer, "norm") || nameHas(layer, "ln"))) {
        setClasses(guess, {"RMSNorm", "LayerNorm"});
        guess.kind = layers::kindOfTorch("RMSNorm");
        guess.attributes = {{"scale", true}};
    } else {
        setClasses(guess, {"PReLU", "RMSNorm", "LayerNorm"});
        guess.attributes = {{weight[0] == 1 ? "count" : "num_parameters", weight[0]}};
        if (weight[0] == 1) // nobody normalises one value
            guess.kind = layers::kindOfTorch("PReLU");
    }
    return guess;
}

/// weight_ih_l0 has a row for each gate and hidden unit: four gates LSTM, three GRU, one RNN.
TorchGuess guessRecurrent(const Shapes& shapes, const Shape& input, const Shape& hidden, bool isCell)
{
    TorchGuess guess;
    if (input.size() != 2 || hidden.size() != 2 || hidden[0] == 0 || hidden[1] == 0)
        return guess;
    const Shape* projection = find(shapes, "weight_hr_l0");
    const std::int64_t units = projection && projection->size() == 2 ? (*projection)[1] : hidden[1];
    const std::int64_t gates = units > 0 && hidden[0] % units == 0 ? hidden[0] / units : 0;
    guess.className = gates == 4 ? "LSTM" : gates == 3 ? "GRU" : gates == 1 ? "RNN" : "";
    if (guess.className.empty())
        return guess;
    guess.attributes = {{"input_size", input[1]}, {"hidden_size", units}};
    if (isCell) {
        guess.className += "Cell";
        return guess;
    }
    std::int64_t count = 0;
    while (shapes.contains(fmt::format("weight_ih_l{}", count)))
        ++count;
    guess.attributes.set("num_layers", count);
    guess.attributes.set("bidirectional", shapes.contains("weight_ih_l0_reverse"));
    guess.attributes.set("bias", shapes.contains("bias_ih_l0"));
    if (projection)
        guess.attributes.set("proj_size", hidden[1]);
    return guess;
}

TorchGuess guessBatchNorm(const Shapes& shapes)
{
    TorchGuess guess;
    guess.className = "BatchNorm"; // of 1, 2 or 3 dimensions: they compute the same
    guess.kind = layers::kindOfTorch("BatchNorm2d");
    guess.attributes = {{"scale", shapes.contains("weight")}, {"center", shapes.contains("bias")}};
    return guess;
}

/// How many heads share the features is not in the shapes.
TorchGuess guessAttention(const Shapes& shapes)
{
    TorchGuess guess;
    guess.className = "MultiheadAttention";
    const Shape* out = find(shapes, "out_proj.weight");
    guess.attributes = {{"bias", shapes.contains("in_proj_bias")}, {"packed", shapes.contains("in_proj_weight")}};
    if (out && out->size() == 2)
        guess.attributes.set("units", (*out)[0]);
    if (!shapes.contains("bias_k") && out)
        guess.kind = layers::kindOfTorch(guess.className);
    return guess;
}

}

std::string torchNormalisation(const Shapes& shapes, Shape* weight)
{
    const auto shaped = [&](const char* name, const char* result) {
        const Shape* shape = find(shapes, name);
        if (shape && weight)
            *weight = *shape;
        return shape ? std::string(result) : std::string();
    };
    if (!hasPrefix(shapes, "weight_") && !hasPrefix(shapes, "parametrizations."))
        return {};
    if (shapes.contains("weight_g"))
        return shaped("weight_v", "weight_norm");
    if (shapes.contains("parametrizations.weight.original0"))
        return shaped("parametrizations.weight.original1", "weight_norm");
    if (shapes.contains("weight_u"))
        return shaped("weight_orig", "spectral_norm");
    if (shapes.contains("parametrizations.weight.0._u"))
        return shaped("parametrizations.weight.original", "spectral_norm");
    return shaped("parametrizations.weight.original", "parametrisation");
}

TorchGuess guessTorchLayer(const std::string& layer, const Shapes& shapes)
{
    if (shapes.contains("running_mean"))
        return guessBatchNorm(shapes);
    for (const char* suffix : {"_l0", ""})
        if (const Shape* input = find(shapes, std::string("weight_ih") + suffix), *hidden = find(shapes, std::string("weight_hh") + suffix);
            input && hidden)
            return guessRecurrent(shapes, *input, *hidden, *suffix == '\0');
    if (const Shape* projection = find(shapes, shapes.contains("q_proj_weight") ? "q_proj_weight" : "in_proj_weight");
        projection && projection->size() == 2)
        return guessAttention(shapes);
    Shape made;
    std::string normalisation = torchNormalisation(shapes, &made);
    const Shape* weight = normalisation.empty() ? find(shapes, "weight") : &made;
    if (!weight)
        return {};
    const Shape* bias = find(shapes, "bias");
    TorchGuess guess;
    if (weight->size() >= 3 && weight->size() <= 5)
        guess = guessConvolution(*weight, bias);
    else if (weight->size() == 2)
        guess = guessMatrix(layer, *weight, bias);
    else if (weight->size() == 1)
        guess = guessVector(layer, *weight, bias != nullptr);
    guess.normalisation = std::move(normalisation);
    return guess;
}

}
