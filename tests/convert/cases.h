// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/convert/convert.h"
#include "core/session/session.h"
#include "modelbuilder.h"

/// Pairs of small models that are converted.
namespace cases {

using namespace core;
using formats::kerasH5Writer;
using formats::stateDictWriter;

inline std::shared_ptr<const Model> shared(Model model)
{
    return std::make_shared<const Model>(std::move(model));
}

inline Model dense(Framework framework, float seed)
{
    const bool keras = framework == Framework::Keras;
    return ModelBuilder(framework, {4}).linear(keras ? "a" : "fc1", 4, 3, {}, seed).linear(keras ? "b" : "fc2", 3, 2, {}, seed).model();
}

inline Model normed(double epsilon)
{
    return ModelBuilder(Framework::Keras, {1, 2, 2}).batchNorm("bn", 2, epsilon).plain("flatten", "flatten").linear("dense", 4, 1).model();
}

/// A source and a twin, mapped.
struct Case
{
    session::Pair pair;
    const formats::Writer* writer = &kerasH5Writer;

    convert::Plan plan() const { return convert::plan(pair.left, pair.right, pair.mapping, true, *writer); }
    convert::ProofWish wish() const { return {session::inputsFor(*pair.runLeft, session::NoiseInput{0, 8}, {}), {}, 1e-5}; }
};

inline Case made(Model source, Model twin)
{
    return {session::makePair(shared(std::move(source)), shared(std::move(twin)))};
}

/// Two layers of one shape that no name tells apart, linked as somebody or something says.
inline Case twoAlike(mapping::LinkOrigin origin, const std::string& first, const std::string& second)
{
    const Model state = ModelBuilder(Framework::Torch, {3}).linear(first, 3, 3, {}, 1).linear(second, 3, 3, {}, 5).stateDict();
    const Model twin = ModelBuilder(Framework::Keras, {3}).linear("dense", 3, 3).linear("dense_1", 3, 3).model();
    mapping::Mapping mapping;
    mapping = mapping::linked(mapping, state, twin, first, "dense");
    mapping = mapping::linked(mapping, state, twin, second, "dense_1");
    for (mapping::Link& link : mapping.links)
        link.origin = origin;
    return {session::makePair(shared(state), shared(twin), mapping)};
}

}
