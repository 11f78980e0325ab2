// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/inputs.h"

#include "app/cli/picturefile.h"
#include "app/resources.h"
#include "core/session/proofwish.h"

#include <fmt/format.h>

namespace app {

using core::Error;
using core::Model;
namespace digits = core::digits;
namespace session = core::session;

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
        m_source = session::PictureInput{options.image, [path = options.image](int channels, int height, int width) {
                                             return readPicture(path, channels, height, width);
                                         }};
        m_info.source = "image";
        m_info.file = options.image;
    } else if (!options.input.empty()) {
        m_source = session::readArrays(options.input, options.layout);
        m_info.source = "input";
        m_info.file = options.input;
    } else if (options.random) {
        m_source = session::NoiseInput{static_cast<std::uint32_t>(*options.random), 1};
        m_info.source = "random";
        m_info.index = options.random;
    }
}

const session::ArraysInput* Input::arrays() const
{
    return std::get_if<session::ArraysInput>(&m_source);
}

void Input::takeDigit(const digits::DigitSet& set, int index, const std::string& where)
{
    if (index < 0 || index >= set.count())
        throw Error("digit-range")
            .file(where)
            .expected(fmt::format("a digit from 0 to {}", set.count() - 1))
            .found(fmt::format("{}", index));
    m_source = session::DigitsInput{{set.picture(index)}};
    m_info.index = index;
    m_info.label = set.label(index);
}

void Input::chooseFor(const Model& model)
{
    if (m_options.isGiven())
        return;
    if (session::takesDigits(model)) {
        const digits::DigitSet set = digits::readSamples(samplesFolder());
        session::DigitsInput all;
        for (int i = 0; i < set.count(); ++i)
            all.pictures.push_back(set.picture(i));
        m_source = std::move(all);
        m_info.source = "samples";
        m_info.samples = set.count();
    } else {
        m_source = session::NoiseInput{0, noises};
        m_info.source = "random";
        m_info.index = 0;
        m_info.samples = noises;
    }
}

bool Input::takeFewer()
{
    if (m_options.isGiven() || m_info.samples < 2)
        return false;
    m_info.samples /= 2;
    if (auto* pictures = std::get_if<session::DigitsInput>(&m_source))
        pictures->pictures.resize(static_cast<std::size_t>(m_info.samples));
    else if (auto* noise = std::get_if<session::NoiseInput>(&m_source))
        noise->samples = m_info.samples;
    return true;
}

digits::Preprocess Input::preprocessFor(const Model& model, bool isLeft)
{
    const digits::Preprocess preprocess = m_options.preprocessFor(model, isLeft);
    if (std::holds_alternative<session::DigitsInput>(m_source) || std::holds_alternative<session::PictureInput>(m_source))
        (isLeft ? m_info.preprocessLeft : m_info.preprocessRight) = digits::text(preprocess);
    return preprocess;
}

core::engines::Inputs Input::inputsFor(const Model& model, bool isLeft)
{
    chooseFor(model);
    return session::inputsFor(model, m_source, preprocessFor(model, isLeft));
}

session::PairInputs Input::inputsFor(const session::Pair& pair)
{
    return session::inputsFor(*pair.runLeft, *pair.runRight, pair.mapping, m_source, preprocessFor(*pair.runLeft, true),
                              preprocessFor(*pair.runRight, false));
}

}
