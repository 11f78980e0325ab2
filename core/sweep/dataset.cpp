// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sweep/dataset.h"

#include "core/base/held.h"
#include "core/files/file.h"
#include "core/files/sha256.h"
#include "core/sweep/labels.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace core::sweep {

namespace {

using session::ArraysInput;
using session::PairInputs;

Tensor firstAxisPart(const Tensor& tensor, const Range& range)
{
    Shape shape = tensor.shape();
    const auto stride = static_cast<std::size_t>(tensor.count() / shape.front());
    shape.front() = range.count();
    return Tensor::fromFloats(
        shape, tensor.floats().subspan(static_cast<std::size_t>(range.first) * stride, static_cast<std::size_t>(range.count()) * stride),
        tensor.axes());
}

bool hasSamples(const Tensor& tensor, std::int64_t count)
{
    return !tensor.shape().empty() && tensor.shape().front() == count;
}

/// Of the arrays that have `count` samples those of the range; others, which are no inputs, as they are.
ArraysInput part(const ArraysInput& arrays, const Range& range, std::int64_t count)
{
    ArraysInput result{arrays.path, {}, arrays.layout};
    for (const auto& [name, tensor] : arrays.arrays)
        result.arrays.emplace_back(name, hasSamples(tensor, count) ? firstAxisPart(tensor, range) : tensor);
    return result;
}

std::int64_t samplesIn(const engines::Inputs& inputs)
{
    return inputs.empty() ? 0 : inputs.begin()->second.shape().front();
}

/// One batch of several.
engines::Inputs joinedInputs(const std::vector<const engines::Inputs*>& samples)
{
    engines::Inputs result;
    for (const auto& [name, first] : *samples.front()) {
        std::vector<float> values;
        for (const engines::Inputs* sample : samples) {
            const Tensor& value = held(*sample, name);
            if (Shape(value.shape().begin() + 1, value.shape().end()) != Shape(first.shape().begin() + 1, first.shape().end()))
                throw Error("sweep-folder")
                    .expected(fmt::format("samples of one shape, {}", text(first.shape())))
                    .found(text(value.shape()));
            values.insert(values.end(), value.floats().begin(), value.floats().end());
        }
        Shape shape = first.shape();
        shape.front() = static_cast<std::int64_t>(samples.size());
        result.emplace(name, Tensor::fromFloats(shape, values, first.axes()));
    }
    return result;
}

PairInputs joinedInputs(const std::vector<PairInputs>& samples)
{
    std::vector<const engines::Inputs*> left, right;
    for (const PairInputs& sample : samples) {
        left.push_back(&sample.left);
        right.push_back(&sample.right);
    }
    return {joinedInputs(left), joinedInputs(right)};
}

struct Feeder
{
    const Range& range;
    std::int64_t count; ///< of the whole set
    const session::Pair& pair;
    const digits::Preprocess &left, &right;

    PairInputs operator()(const std::shared_ptr<const digits::DigitSet>& digits) const
    {
        session::DigitsInput input;
        for (std::int64_t i = range.first; i < range.end; ++i)
            input.pictures.push_back(digits->picture(static_cast<int>(i)));
        return of(input);
    }
    PairInputs operator()(const ArraysInput& arrays) const { return of(part(arrays, range, count)); }
    PairInputs operator()(const Files& files) const
    {
        return joined([&](std::int64_t i) {
            const std::string& path = files.paths[static_cast<std::size_t>(i)];
            PairInputs sample = isArrayFile(path) ? of(session::readArrays(path, files.layout)) : ofPicture(files, path);
            if (samplesIn(sample.left) != 1)
                throw Error("sweep-folder")
                    .file(path)
                    .expected("one sample in each file of a folder")
                    .found(fmt::format("{}", samplesIn(sample.left)))
                    .advice("Give a batch by its own name.");
            return sample;
        });
    }
    PairInputs operator()(const Noises& noises) const
    {
        return joined([&](std::int64_t i) { return of(session::NoiseInput{noises.seed + static_cast<std::uint32_t>(i), 1}); });
    }

private:
    PairInputs of(const session::InputSource& source) const
    {
        return session::inputsFor(*pair.runLeft, *pair.runRight, pair.mapping, source, left, right);
    }
    PairInputs ofPicture(const Files& files, const std::string& path) const
    {
        return of(
            session::PictureInput{path, [&](int channels, int height, int width) { return files.read(path, channels, height, width); }});
    }
    template <typename Make>
    PairInputs joined(Make make) const
    {
        std::vector<PairInputs> samples;
        for (std::int64_t i = range.first; i < range.end; ++i)
            samples.push_back(make(i));
        return joinedInputs(samples);
    }
};

std::string digitsSum(const digits::DigitSet& digits)
{
    Sha256 sum;
    sum.add(std::as_bytes(std::span(digits.pixels)));
    sum.add(std::as_bytes(std::span(digits.labels)));
    return sum.text();
}

/// How many samples the arrays are for the pair: as many as their first axis is long where that is the batch, else one.
std::int64_t samplesOf(const ArraysInput& arrays, const session::Pair& pair)
{
    const digits::Preprocess none;
    const auto fed = [&](const ArraysInput& some) {
        return samplesIn(session::inputsFor(*pair.runLeft, *pair.runRight, pair.mapping, some, none, none).left);
    };
    std::set<std::int64_t> sizes;
    for (const auto& [name, tensor] : arrays.arrays)
        if (!tensor.shape().empty() && tensor.shape().front() >= 2)
            sizes.insert(tensor.shape().front());
    for (const std::int64_t size : sizes)
        try {
            if (fed(part(arrays, {0, 2}, size)) == 2)
                return size;
        } catch (const Error&) { // no batch of so many
        }
    const std::int64_t whole = fed(arrays);
    if (whole != 1)
        throw Error("input-batch")
            .file(arrays.path)
            .expected("one sample, or arrays of as many samples each")
            .found(fmt::format("{}", whole));
    return whole;
}

bool isInputOf(const session::Pair& pair, const std::string& name)
{
    for (const auto& model : {pair.runLeft, pair.runRight})
        for (const engines::ModelInput& input : engines::inputsOf(*model))
            if (input.name == name)
                return true;
    return false;
}

}

bool DataSet::isScaled() const
{
    const auto* files = std::get_if<Files>(&samples);
    return std::holds_alternative<std::shared_ptr<const digits::DigitSet>>(samples) ||
           (files && std::any_of(files->paths.begin(), files->paths.end(), [](const std::string& path) { return !isArrayFile(path); }));
}

DataSet DataSet::limited(std::int64_t limit) const
{
    DataSet result = *this;
    result.count = std::min(count, limit);
    if (const auto* arrays = std::get_if<ArraysInput>(&samples))
        result.samples = part(*arrays, {0, result.count}, count);
    const auto cut = [&](auto& list) { list.resize(std::min(list.size(), static_cast<std::size_t>(result.count))); };
    cut(result.labels);
    cut(result.names);
    return result;
}

DataSet digitSet(std::shared_ptr<const digits::DigitSet> digits, std::string file)
{
    DataSet set;
    set.source = "mnist";
    set.file = std::move(file);
    set.sha256 = digitsSum(*digits);
    set.count = digits->count();
    set.labels.assign(digits->labels.begin(), digits->labels.end());
    set.samples = std::move(digits);
    return set;
}

DataSet noiseSet(std::uint32_t seed, std::int64_t count)
{
    DataSet set;
    set.source = "random";
    set.count = count;
    set.samples = Noises{seed};
    return set;
}

DataSet arraySet(ArraysInput arrays, const session::Pair& pair)
{
    DataSet set;
    set.source = "input";
    set.file = arrays.path;
    set.sha256 = sha256(*File::open(arrays.path));
    const auto has = [&](std::string_view name) {
        return std::any_of(arrays.arrays.begin(), arrays.arrays.end(), [&](const auto& entry) { return entry.first == name; });
    };
    if (has("x_test"))
        std::erase_if(arrays.arrays, [](const auto& entry) { return entry.first.ends_with("_train"); });
    std::optional<Tensor> labels;
    if (arrays.arrays.size() > 1)
        for (const char* name : {"y", "labels", "label", "targets", "target", "y_test"})
            if (has(name) && !labels && !isInputOf(pair, name)) {
                const auto found =
                    std::find_if(arrays.arrays.begin(), arrays.arrays.end(), [&](const auto& entry) { return entry.first == name; });
                labels = found->second;
                arrays.arrays.erase(found);
            }
    set.count = samplesOf(arrays, pair);
    if (labels)
        set.labels = labelsOf(*labels, set.count, arrays.path);
    for (auto& [name, tensor] : arrays.arrays) // one sample is a batch of one
        if (set.count == 1 && (tensor.shape().empty() || tensor.shape().front() != 1)) {
            Shape shape = tensor.shape();
            shape.insert(shape.begin(), 1);
            tensor = tensor.reshaped(shape);
        }
    set.samples = std::move(arrays);
    return set;
}

session::PairInputs inputsOf(const DataSet& set, const Range& range, const session::Pair& pair, const digits::Preprocess& left,
                             const digits::Preprocess& right)
{
    return std::visit(Feeder{range, set.count, pair, left, right}, set.samples);
}

}
