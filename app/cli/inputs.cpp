// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/inputs.h"

#include "app/cli/picturefile.h"
#include "app/resources.h"
#include "core/digits/noise.h"

#include <algorithm>
#include <fmt/format.h>

namespace app {

using core::Error;
using core::Model;
using core::Shape;
using core::Tensor;
namespace digits = core::digits;

namespace {

digits::DigitSet testSet(const std::string& folder, std::string& where)
{
    where = folder.empty() ? digits::findTestSet() : folder;
    if (where.empty())
        throw Error("mnist-missing")
            .file("MNIST test set")
            .expected("the folder of its files (--mnist DIR)")
            .found("none in the usual places");
    return digits::readTestSet(where);
}

}

Input::Input(const InputOptions& options) : m_options(options)
{
    if (options.digit) {
        std::string where;
        const digits::DigitSet set = testSet(options.mnist, where);
        takeDigit(set, *options.digit, where);
        m_info.source = "digit";
    } else if (options.sample) {
        takeDigit(digits::readSamples(samplesFolder()), *options.sample, "sample digits");
        m_info.source = "sample";
    } else if (!options.image.empty()) {
        m_info = {"image", {}, {}, options.image, {}, {}};
    } else if (!options.input.empty()) {
        m_array = readInputArray(options.input, options.layout);
        m_info = {"input", {}, {}, options.input, {}, {}};
    } else if (options.random) {
        m_seed = static_cast<unsigned>(*options.random);
        m_info = {"random", options.random, {}, {}, {}, {}};
    }
}

void Input::takeDigit(const digits::DigitSet& set, int index, const std::string& where)
{
    if (index < 0 || index >= set.count())
        throw Error("digit-range")
            .file(where)
            .expected(fmt::format("a digit from 0 to {}", set.count() - 1))
            .found(fmt::format("{}", index));
    m_picture = set.picture(index);
    m_info.index = index;
    m_info.label = set.label(index);
}

void Input::chooseFor(const Model& model)
{
    if (m_options.isGiven() || !model.inputShape)
        return;
    if (digits::takesDigit(*model.inputShape))
        m_options.sample = 0;
    else
        m_options.random = 0;
    *this = Input(m_options);
}

Tensor Input::imageFor(const Model& model, const digits::Preprocess& preprocess) const
{
    const Shape& shape = *model.inputShape;
    if (digits::takesDigit(shape)) {
        const auto bytes = readPicture(m_options.image, 1, 28, 28);
        digits::Picture picture{};
        std::copy(bytes.begin(), bytes.end(), picture.begin());
        return digits::toInput(picture, preprocess, model.framework, shape);
    }
    const bool keras = model.framework == core::Framework::Keras;
    const std::int64_t channels = shape.size() == 3 ? shape[keras ? 2 : 0] : 0;
    if (channels != 1 && channels != 3)
        throw Error("input-shape")
            .file(m_options.image)
            .expected("a model input with height, width and 1 or 3 channels")
            .found(core::text(shape));
    const std::int64_t height = shape[keras ? 0 : 1], width = shape[keras ? 1 : 2];
    if (height > 16384 || width > 16384)
        throw Error("input-shape").file(m_options.image).expected("a model input of at most 16384 x 16384").found(core::text(shape));
    const auto bytes = readPicture(m_options.image, static_cast<int>(channels), static_cast<int>(height), static_cast<int>(width));
    std::vector<float> values(bytes.size());
    std::transform(bytes.begin(), bytes.end(), values.begin(), [&](std::uint8_t byte) { return digits::scaled(byte, preprocess); });
    return inLayoutOf(model.framework, Tensor::fromFloats({1, channels, height, width}, values, core::axesOf("NCHW")), shape);
}

Tensor Input::tensorFor(const Model& model, bool isLeft)
{
    chooseFor(model);
    if (!model.inputShape)
        throw Error("input-shape")
            .file(model.origin.path)
            .expected("a model whose input shape is known")
            .found("none that its layers agree on")
            .advice("Give an array of the right shape with --input.");
    if (m_array)
        return fitted(*m_array, model);
    const Shape& shape = *model.inputShape;
    if (std::any_of(shape.begin(), shape.end(), [](std::int64_t size) { return size < 0; }))
        throw Error("input-shape")
            .file(model.origin.path)
            .expected("a model input of fixed size")
            .found(core::text(shape))
            .advice("Give an array of the wanted size with --input.");
    if (m_seed)
        return digits::noise(*m_seed, model.framework, shape);
    const digits::Preprocess preprocess = m_options.preprocessFor(model, isLeft);
    (isLeft ? m_info.preprocessLeft : m_info.preprocessRight) = digits::text(preprocess);
    if (m_picture)
        return digits::toInput(*m_picture, preprocess, model.framework, shape);
    return imageFor(model, preprocess);
}

}
