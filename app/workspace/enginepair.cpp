// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workspace/enginepair.h"

namespace app {

namespace {

using core::Model;
using core::Tensor;

std::unique_ptr<core::engines::Engine> engineFor(const std::shared_ptr<const Model>& model, std::string& problem,
                                                 const core::Progress& progress)
{
    if (!model)
        return nullptr;
    try {
        return core::engines::makeEngine(model, progress);
    } catch (const core::Error& error) {
        problem = error.what();
        return nullptr;
    }
}

}

std::shared_ptr<EnginePair> makeEngines(const core::session::Pair& pair, const core::Progress& progress)
{
    auto engines = std::make_shared<EnginePair>();
    engines->problemLeft = pair.cannotRunLeft;
    engines->problemRight = pair.cannotRunRight;
    engines->left = engineFor(pair.runLeft, engines->problemLeft, progress);
    engines->right = engineFor(pair.runRight, engines->problemRight, progress);
    engines->runLeft = pair.runLeft;
    engines->runRight = pair.runRight;
    return engines;
}

core::session::InputSource sourceFor(const Model& model, const core::digits::Picture& picture)
{
    const auto inputs = core::engines::inputsOf(model);
    if (inputs.size() == 1 && inputs[0].shape && core::digits::takesDigit(*inputs[0].shape))
        return core::session::DigitsInput{{picture}};
    return core::session::NoiseInput();
}

std::optional<Tensor> inputFor(const Model& model, const core::digits::Picture& picture, const core::digits::Preprocess& preprocess)
{
    if (!model.inputShape)
        return {};
    const auto inputs = core::session::inputsFor(model, sourceFor(model, picture), preprocess);
    return inputs.begin()->second;
}

namespace {

/// What both engines get; a side that cannot be fed does not run, with the reason.
core::session::PairInputs inputsOfBoth(const EnginePair& engines, const core::session::Pair& pair, const core::digits::Picture& picture,
                                       const Choices& choices, Result& result)
{
    core::session::PairInputs inputs;
    if (engines.left && engines.right) {
        try {
            const Model &left = engines.left->model(), &right = engines.right->model();
            return core::session::inputsFor(left, right, pair.mapping, sourceFor(right, picture), choices.left, choices.right);
        } catch (const core::Error& error) {
            result.problemLeft = result.problemRight = error.what();
            return inputs;
        }
    }
    const auto fill = [&](const std::unique_ptr<core::engines::Engine>& engine, const core::digits::Preprocess& preprocess,
                          core::engines::Inputs& values, std::string& problem) {
        try {
            if (engine)
                values = core::session::inputsFor(engine->model(), sourceFor(engine->model(), picture), preprocess);
        } catch (const core::Error& error) {
            problem = error.what();
        }
    };
    fill(engines.left, choices.left, inputs.left, result.problemLeft);
    fill(engines.right, choices.right, inputs.right, result.problemRight);
    return inputs;
}

Tensor first(const Model* model, const core::engines::Inputs& inputs)
{
    const auto declared = model ? core::engines::inputsOf(*model) : std::vector<core::engines::ModelInput>();
    const auto value = declared.empty() ? inputs.end() : inputs.find(declared.front().name);
    return value == inputs.end() ? Tensor() : value->second;
}

}

Result run(EnginePair& engines, std::shared_ptr<const core::session::Pair> pair, const core::digits::Picture& picture,
           const Choices& choices, const core::Progress& progress)
{
    const std::scoped_lock lock(engines.inUse);
    Result result;
    result.pair = pair;
    result.problemLeft = engines.problemLeft;
    result.problemRight = engines.problemRight;
    result.picture = picture;
    const auto inputs = inputsOfBoth(engines, *pair, picture, choices, result);
    core::engines::Engine* const left = inputs.left.empty() ? nullptr : engines.left.get();
    core::engines::Engine* const right = inputs.right.empty() ? nullptr : engines.right.get();
    result.inputLeft = first(left ? &left->model() : nullptr, inputs.left);
    result.inputRight = first(right ? &right->model() : nullptr, inputs.right);
    result.traces = core::session::runBoth(left, right, inputs, progress);
    result.compared = left && right;
    result.report = result.compared ? core::session::runReport(*pair, result.traces, choices.tolerance)
                                    : core::session::weightsReport(*pair, choices.tolerance);
    return result;
}

}
