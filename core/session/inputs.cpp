// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/inputs.h"

#include "core/digits/noise.h"
#include "core/formats/numpy/npy.h"
#include "core/layers/kind.h"
#include "core/layers/room.h"
#include "core/mapping/inputs.h"
#include "core/mapping/labelled.h"
#include "core/session/shapes.h"

#include <algorithm>
#include <fmt/format.h>

namespace core::session {

namespace {

using engines::Inputs;
using engines::ModelInput;

/// A model's inputs, each with its place: the index that both sides of a pair have for it.
struct Placed
{
    const Model& model;
    std::vector<ModelInput> inputs; ///< by place
};

Placed alone(const Model& model)
{
    return {model, engines::inputsOf(model)};
}

/// In the order of the left side's inputs, which may be another than that of its ops.
Placed inOrderOf(const Placed& left, const Model& right, const mapping::Mapping& mapping)
{
    Placed result{right, {}};
    const std::vector<ModelInput> unordered = engines::inputsOf(right);
    const mapping::PairedOps pairs = mapping::pairedInputs(left.model, right, mapping);
    for (const ModelInput& input : left.inputs) {
        const auto pair = std::find_if(pairs.begin(), pairs.end(), [&](const auto& one) { return one.first == input.op; });
        result.inputs.push_back(
            *std::find_if(unordered.begin(), unordered.end(), [&](const ModelInput& other) { return other.op == pair->second; }));
    }
    return result;
}

std::vector<std::string> namesOf(const Placed& placed)
{
    std::vector<std::string> names;
    for (const ModelInput& input : placed.inputs)
        names.push_back(input.name);
    return names;
}

/// Whether there is an array for an input that `names` do not have: x2 where there are x0 and x1. Others may be anything, such as labels.
bool hasMoreNumbered(const ArraysInput& source, const std::vector<std::string>& names)
{
    return std::any_of(source.arrays.begin(), source.arrays.end(), [&](const auto& entry) {
        const std::string& key = entry.first;
        const bool isNumbered = key.size() > 1 && key[0] == 'x' && key.find_first_not_of("0123456789", 1) == std::string::npos;
        return isNumbered && std::find(names.begin(), names.end(), key) == names.end();
    });
}

/// The array for each place: by the names of one of the models, by x0, x1 ..., or one for one.
std::vector<InputArray> arraysInPlace(const ArraysInput& source, const std::vector<Placed>& sides)
{
    const std::size_t count = sides.front().inputs.size();
    std::vector<std::vector<std::string>> namings;
    for (const Placed& side : sides)
        namings.push_back(namesOf(side));
    namings.emplace_back();
    for (std::size_t i = 0; i < count; ++i)
        namings.back().push_back(fmt::format("x{}", i));
    if (count == 1)
        namings.insert(namings.end(), {{"x"}, {source.arrays.size() == 1 ? source.arrays.front().first : std::string()}});
    for (const auto& names : namings) {
        std::vector<InputArray> result;
        for (const std::string& name : names)
            for (const auto& [key, values] : source.arrays)
                if (key == name)
                    result.push_back({source.path, key, values, source.layout});
        if (result.size() == count && !hasMoreNumbered(source, names))
            return result;
    }
    std::vector<std::string> keys;
    for (const auto& [key, values] : source.arrays)
        keys.push_back(printable(key));
    throw Error("input-names")
        .file(source.path)
        .expected(count == 1
                      ? "one array, called like the input " + text(sides.front().inputs) + ", or x0"
                      : fmt::format("an array for each of the {} inputs {}, or x0 ... x{}", count, text(sides.front().inputs), count - 1))
        .found(fmt::format("{}", fmt::join(keys, ", ")));
}

/// One sample of the input, all sizes known.
layers::Value fixedInput(const Placed& side, std::size_t place)
{
    const ModelInput& input = side.inputs[place];
    const bool isFixed = input.shape && std::all_of(input.shape->begin(), input.shape->end(), [](std::int64_t size) { return size >= 0; });
    if (isFixed)
        return layers::inputValue(side.model, input.op, *input.shape);
    if (const auto guess = place == 0 && side.inputs.size() == 1 ? layers::guessInputShape(side.model) : std::nullopt)
        return layers::inputValue(side.model, input.op, *guess);
    throw Error("input-shape")
        .file(side.model.origin.path)
        .expected("a model input of fixed size")
        .found(input.shape ? text(*input.shape) : std::string("none that its layers agree on"))
        .at(printable(input.name))
        .advice("Give an array of the wanted size with --input.");
}

layers::Value onlyInput(const Placed& side, std::string_view what)
{
    if (side.inputs.size() == 1)
        return fixedInput(side, 0);
    throw Error("input-several")
        .file(side.model.origin.path)
        .expected("a model with one input for " + std::string(what))
        .found(fmt::format("{} inputs: {}", side.inputs.size(), text(side.inputs)))
        .advice("Give an .npz with an array for each of them (--input), or noise (--random).");
}

/// Samples of one shape and labelling as one batch.
Tensor stacked(const std::vector<Tensor>& samples)
{
    std::vector<float> values;
    for (const Tensor& sample : samples)
        values.insert(values.end(), sample.floats().begin(), sample.floats().end());
    Shape shape = samples.front().shape();
    shape.front() = static_cast<std::int64_t>(samples.size());
    return Tensor::fromFloats(shape, values, samples.front().axes());
}

Tensor digitsAs(const DigitsInput& source, const digits::Preprocess& preprocess, const layers::Value& input)
{
    std::vector<Tensor> samples;
    for (const digits::Picture& picture : source.pictures)
        samples.push_back(digits::toInput(picture, preprocess, input));
    if (samples.empty())
        throw Error("input-empty").expected("at least one digit").found("none");
    return stacked(samples);
}

Tensor pictureAs(const PictureInput& source, const digits::Preprocess& preprocess, const layers::Value& input)
{
    if (digits::takesDigit(Shape(input.shape.begin() + 1, input.shape.end()))) {
        const auto bytes = source.pixels(1, 28, 28);
        digits::Picture picture{};
        std::copy(bytes.begin(), bytes.end(), picture.begin());
        return digits::toInput(picture, preprocess, input);
    }
    constexpr std::int64_t largest = 16384;
    const Axes nchw = axesOf("NCHW");
    const bool isImage = layers::inLayoutOf(Framework::Torch, input.axes) == nchw;
    const Shape shape = isImage ? layers::reordered(input.shape, input.axes, nchw) : Shape{0, 0, 0, 0};
    if ((shape[1] != 1 && shape[1] != 3) || shape[2] > largest || shape[3] > largest)
        throw Error("input-shape")
            .file(source.path)
            .expected("a model input with height and width up to 16384 and 1 or 3 channels")
            .found(text(Shape(input.shape.begin() + 1, input.shape.end())));
    const auto bytes = source.pixels(static_cast<int>(shape[1]), static_cast<int>(shape[2]), static_cast<int>(shape[3]));
    std::vector<float> values(bytes.size());
    std::transform(bytes.begin(), bytes.end(), values.begin(), [&](std::uint8_t byte) { return digits::scaled(byte, preprocess); });
    return Tensor::fromFloats(shape, values, nchw).relabelled(input.shape, input.axes);
}

/// Each input's own seed; the first one's is the one that was asked for.
std::uint32_t seedOf(const NoiseInput& source, std::size_t place)
{
    return source.seed + static_cast<std::uint32_t>(place) * 0x9e3779b9u;
}

struct Maker
{
    const Placed& side;
    const std::vector<Placed>& sides;
    const digits::Preprocess& preprocess;

    Inputs operator()(const DigitsInput& source) const
    {
        const layers::Value input = onlyInput(side, "a digit");
        layers::checkRoom(side.model, static_cast<std::int64_t>(source.pictures.size()));
        return {{side.inputs[0].name, digitsAs(source, preprocess, input)}};
    }
    Inputs operator()(const PictureInput& source) const
    {
        const layers::Value input = onlyInput(side, "a picture");
        layers::checkRoom(side.model);
        return {{side.inputs[0].name, pictureAs(source, preprocess, input)}};
    }
    Inputs operator()(const ArraysInput& source) const
    {
        const std::vector<InputArray> arrays = arraysInPlace(source, sides);
        Inputs result;
        for (std::size_t i = 0; i < arrays.size(); ++i)
            result.emplace(side.inputs[i].name, fitted(arrays[i], side.model, side.inputs[i]));
        if (!result.empty() && !result.begin()->second.shape().empty())
            layers::checkRoom(side.model, result.begin()->second.shape().front());
        return result;
    }
    Inputs operator()(const NoiseInput& source) const
    {
        layers::checkRoom(side.model, source.samples);
        Inputs result;
        for (std::size_t i = 0; i < side.inputs.size(); ++i)
            result.emplace(side.inputs[i].name, noiseAs(source, i));
        return result;
    }

private:
    /// The values of the first side; its own where the two see no axes alike.
    Tensor noiseAs(const NoiseInput& source, std::size_t place) const
    {
        const layers::Value input = fixedInput(side, place);
        if (&side != &sides.front())
            try {
                const Tensor first = digits::noise(seedOf(source, place), fixedInput(sides.front(), place), source.samples, rowsAt(place));
                Shape shape = input.shape;
                shape.front() = source.samples;
                return first.relabelled(shape, input.axes);
            } catch (const Error&) { // axes that cannot be brought together, or a shape that only one side knows
            }
        return digits::noise(seedOf(source, place), input, source.samples, rowsAt(place));
    }

    /// The rows that the values index on every side.
    std::int64_t rowsAt(std::size_t place) const
    {
        std::int64_t rows = 0;
        for (const Placed& one : sides)
            if (const std::int64_t own = layers::indexedRows(one.model, one.inputs[place].op); own > 0)
                rows = rows == 0 ? own : std::min(rows, own);
        return rows;
    }
};

}

ArraysInput readArrays(const std::string& path, const std::string& layout)
{
    ArraysInput result{path, {}, layout};
    for (const auto& [name, tensor] : formats::readNpyOrNpz(path)) {
        if (tensor.count() == 0)
            throw Error("input-array").file(path).expected("at least one sample").found(text(tensor.shape())).at(printable(name));
        result.arrays.emplace_back(name, tensor.toFloat32());
    }
    return result;
}

namespace {

bool isOpen(const ModelInput& input)
{
    return !input.shape || std::any_of(input.shape->begin(), input.shape->end(), [](std::int64_t size) { return size < 0; });
}

/// Both sides must be able to take the same values.
void requireSameSize(const Placed& left, const Placed& right, std::size_t place)
{
    const ModelInput &a = left.inputs[place], &b = right.inputs[place];
    if (!isOpen(a) && !isOpen(b) && elementCount(*a.shape) != elementCount(*b.shape))
        throw Error("inputs-differ")
            .file(right.model.origin.path)
            .expected(fmt::format("as many values for {} as {} of {} takes, {}", printable(b.name), printable(a.name),
                                  printable(left.model.origin.path), text(*a.shape)))
            .found(text(*b.shape));
}

}

Model withShapesOf(const ArraysInput& arrays, Model model, const Model* other)
{
    if (!model.wired || model.inputOps().empty())
        return model;
    std::vector<Placed> sides{alone(model)};
    if (other && other->wired && other->inputOps().size() == sides[0].inputs.size())
        sides.push_back(inOrderOf(sides[0], *other, {}));
    try {
        std::vector<InputArray> given = arraysInPlace(arrays, sides);
        for (std::size_t i = 0; i < given.size(); ++i)
            if (sides.size() > 1 && !isOpen(sides[1].inputs[i]))
                given[i].values = Tensor(); // what the other side's file says comes first
        return withShapesOf(given, model);
    } catch (const Error&) { // told when the model is to be run
        return model;
    }
}

Inputs inputsFor(const Model& model, const InputSource& source, const digits::Preprocess& preprocess)
{
    const std::vector<Placed> sides{alone(model)};
    return std::visit(Maker{sides[0], sides, preprocess}, source);
}

PairInputs inputsFor(const Model& left, const Model& right, const mapping::Mapping& mapping, const InputSource& source,
                     const digits::Preprocess& preprocessLeft, const digits::Preprocess& preprocessRight)
{
    const Placed first = alone(left);
    const std::vector<Placed> sides{first, inOrderOf(first, right, mapping)};
    for (std::size_t i = 0; i < sides[0].inputs.size(); ++i)
        requireSameSize(sides[0], sides[1], i);
    return {std::visit(Maker{sides[0], sides, preprocessLeft}, source), std::visit(Maker{sides[1], sides, preprocessRight}, source)};
}

}
