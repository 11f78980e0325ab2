// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workspace/enginepair.h"

#include "core/digits/noise.h"

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

std::optional<Tensor> inputFor(const Model& model, const core::digits::Picture& picture, const core::digits::Preprocess& preprocess)
{
    if (!model.inputShape)
        return {};
    if (core::digits::takesDigit(*model.inputShape))
        return core::digits::toInput(picture, preprocess, model.framework, *model.inputShape);
    return core::digits::noise(0, model.framework, *model.inputShape);
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
    const auto left = engines.left ? inputFor(engines.left->model(), picture, choices.left) : std::nullopt;
    const auto right = engines.right ? inputFor(engines.right->model(), picture, choices.right) : std::nullopt;
    result.inputLeft = left.value_or(Tensor());
    result.inputRight = right.value_or(Tensor());
    core::engines::Engine* const leftEngine = left ? engines.left.get() : nullptr;
    core::engines::Engine* const rightEngine = right ? engines.right.get() : nullptr;
    result.traces = core::session::runBoth(leftEngine, left ? &*left : nullptr, rightEngine, right ? &*right : nullptr, progress);
    if (leftEngine && rightEngine) {
        result.report = core::compare::compareTraces({&leftEngine->model(), &result.traces.left},
                                                     {&rightEngine->model(), &result.traces.right}, pair->mapping, choices.tolerance);
        result.compared = true;
    }
    return result;
}

}
