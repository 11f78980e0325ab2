// SPDX-License-Identifier: GPL-3.0-or-later
// The last part of the workspace's chain of jobs: engines -> run or judgement -> local errors -> causes -> sample digits.
#include "app/workspace/workspace.h"

namespace app {

namespace {

/// Of the same run and pair: nothing is run again for another tolerance.
void keepLocalErrors(const Result& from, Result& to)
{
    if (!from.localErrors || from.report.layers.size() != to.report.layers.size())
        return;
    for (std::size_t i = 0; i < to.report.layers.size(); ++i) {
        const auto& known = from.report.layers[i];
        auto& layer = to.report.layers[i];
        layer.localScaledMax = known.localScaledMax;
        layer.localDiffers = known.localScaledMax ? !(*known.localScaledMax <= to.report.tolerance) : known.localDiffers;
    }
    to.localErrors = true;
}

}

void Workspace::startEngines()
{
    m_run.cancel();
    if (m_engines && m_engines->fit(*m_pair)) {
        startRun();
        return;
    }
    m_engines.reset();
    ++m_fed;
    m_build.start([pair = m_pair](const core::Progress& progress) { return makeEngines(pair, progress); },
                  [this](const std::shared_ptr<EnginePair>& engines) {
                      m_engines = engines;
                      startRun();
                  });
}

/// Runs both networks, or, where what they were run on is still the same, judges what they computed anew.
void Workspace::startRun()
{
    if (!m_engines || m_map.isRunning())
        return;
    const auto show = [this](const std::shared_ptr<const Result>& result) {
        m_result = result;
        Q_EMIT resultChanged();
        m_afterRun.start(); // not between two points of the pen
    };
    stopExplaining(); // the person first
    if (m_result && m_result->fed == m_fed) {
        m_run.start(
            [before = m_result, pair = m_pair, tolerance = m_choices.tolerance, generation = m_generation](const core::Progress&) {
                auto result = std::make_shared<Result>(*before);
                judge(*result, pair, tolerance);
                result->explained = false;
                result->localErrors = false;
                if (pair == before->pair)
                    keepLocalErrors(*before, *result);
                result->generation = generation;
                return std::shared_ptr<const Result>(std::move(result));
            },
            show);
        return;
    }
    m_sampleJob.cancel();
    m_run.start(
        [engines = m_engines, pair = m_pair, trials = m_copiedTrials, choices = m_choices, image = picture(), number = label(),
         generation = m_generation, fed = m_fed](const core::Progress& progress) {
            auto result = std::make_shared<Result>(run(*engines, pair, image, choices, progress));
            result->generation = generation;
            result->fed = fed;
            result->trials = trials;
            result->label = number;
            return std::shared_ptr<const Result>(std::move(result));
        },
        show);
}

/// Where it differs: what each pair of layers does by itself.
void Workspace::startLocalErrors()
{
    if (!m_engines || !m_result || !m_result->compared || m_result->localErrors || isStale()) {
        startCauses();
        return;
    }
    m_localJob.start([engines = m_engines, result = m_result](
                         const core::Progress& progress) { return std::pair(result, withLocalErrors(*engines, result, progress)); },
                     [this](const std::pair<std::shared_ptr<const Result>, std::shared_ptr<const Result>>& measured) {
                         if (measured.first != m_result)
                             return;
                         m_result = measured.second;
                         startCauses();
                         Q_EMIT explained();
                     });
    Q_EMIT explained();
}

/// Why it differs.
void Workspace::startCauses()
{
    const bool wanted = m_result && !isStale() && !m_result->explained && m_result->pair->left && m_result->pair->right &&
                        m_result->report.verdict != core::compare::Verdict::TiesOut;
    if (!wanted) {
        startSamples();
        return;
    }
    m_explainedPart = 0;
    m_causeJob.start([result = m_result](const core::Progress& progress) { return std::pair(result, withCauses(result, progress)); },
                     [this](const std::pair<std::shared_ptr<const Result>, std::shared_ptr<const Result>>& found) {
                         if (found.first != m_result)
                             return;
                         m_result = found.second;
                         startSamples();
                         Q_EMIT explained();
                     });
    Q_EMIT explained();
}

void Workspace::stopLookingForCauses()
{
    if (!explains())
        return;
    stopExplaining();
    m_whyUnexplained = tr("The looking for a cause was stopped.");
    startSamples();
    Q_EMIT explained();
}

void Workspace::stopExplaining()
{
    m_localJob.cancel();
    m_causeJob.cancel();
    m_aloneJob.cancel();
    m_whyUnexplained.clear();
}

void Workspace::runAlone(int row)
{
    if (!m_engines || !m_result || !m_result->compared || isStale())
        return;
    m_aloneJob.start([engines = m_engines, result = m_result, row](const core::Progress&) { return app::runAlone(*engines, result, row); },
                     [this](const AloneRun& run) {
                         m_alone = std::make_shared<const AloneRun>(run);
                         Q_EMIT aloneRun();
                     });
}

/// Once for each pair of networks and their preprocessing.
void Workspace::startSamples()
{
    if (m_sampleRuns || m_sampleJob.isRunning() || !m_samples || !m_engines || !m_result || !m_result->compared || !m_result->digit ||
        isStale())
        return;
    m_sampleJob.start([engines = m_engines, pair = m_pair, set = m_samples, choices = m_choices](
                          const core::Progress& progress) { return runSamples(*engines, *pair, *set, choices, progress); },
                      [this](const SampleRuns& runs) {
                          m_sampleRuns = std::make_shared<const SampleRuns>(runs);
                          Q_EMIT samplesRun();
                      });
}

void Workspace::dropSamples()
{
    m_afterRun.stop();
    m_sampleJob.cancel();
    m_sampleRuns.reset();
}

}
