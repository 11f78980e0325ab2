// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compare/alone.h"

namespace core::compare {

namespace {

/// The first of the ways to take the pair apart from the rest in which it can run.
Outcome measuredAlone(const std::pair<Call, Call>& call, const Bench& bench, engines::Engine& engine, const Progress& progress)
{
    for (const Alone& alone : alonesOf(call, bench)) {
        try {
            const engines::Trace trace = engine.run(alone.feeds, {alone.right.output}, progress);
            if (const Tensor* result = valueOf({&bench.right.model, &trace}, alone.right.output))
                return outcomeOf(alone, result, bench); // what cannot be compared so is in no known order
        } catch (const Error&) {                        // the group cannot run on these values
        }
    }
    return {};
}

}

void addLocalErrors(Report& report, const Side& left, engines::Engine& right, const mapping::Mapping& mapping, const Progress& progress,
                    const engines::Trace* rightTrace)
{
    const Bench bench(left, right.model(), rightTrace, mapping);
    for (std::size_t i = 0; i < report.layers.size(); ++i) {
        LayerResult& layer = report.layers[i];
        progress.report(static_cast<double>(i) / static_cast<double>(report.layers.size()));
        layer.localScaledMax.reset();
        layer.localDiffers = false;
        const auto call = layer.open ? std::nullopt : callOf(layer, *left.model, right.model(), mapping);
        if (!call)
            continue;
        const Outcome outcome = measuredAlone(*call, bench, right, progress.part(0, 0));
        if (outcome.metrics)
            layer.localScaledMax = outcome.metrics->scaledMax;
        layer.localDiffers = outcome.isKnown() && !outcome.agrees(report.tolerance);
    }
}

LayerAlone layerAlone(const LayerResult& layer, const Side& left, engines::Engine& right, const mapping::Mapping& mapping,
                      const engines::Trace* rightTrace)
{
    const auto call = callOf(layer, *left.model, right.model(), mapping);
    if (!call)
        return {};
    const Outcome outcome = measuredAlone(*call, Bench(left, right.model(), rightTrace, mapping), right, Progress());
    return {outcome.left, outcome.right, outcome.metrics};
}

}
