// SPDX-License-Identifier: GPL-3.0-or-later
// The second half of the workspace's chain of jobs: engines -> run or judgement -> sample digits.
#include "app/workspace/workspace.h"

namespace app {

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
        m_samplesSoon.start(); // not between two points of the pen
    };
    if (m_result && m_result->fed == m_fed) {
        m_run.start(
            [before = m_result, pair = m_pair, tolerance = m_choices.tolerance, generation = m_generation](const core::Progress&) {
                auto result = std::make_shared<Result>(*before);
                judge(*result, pair, tolerance);
                result->generation = generation;
                return std::shared_ptr<const Result>(std::move(result));
            },
            show);
        return;
    }
    m_sampleJob.cancel(); // the person first
    m_run.start(
        [engines = m_engines, pair = m_pair, choices = m_choices, image = picture(), number = label(), generation = m_generation,
         fed = m_fed](const core::Progress& progress) {
            auto result = std::make_shared<Result>(run(*engines, pair, image, choices, progress));
            result->generation = generation;
            result->fed = fed;
            result->label = number;
            return std::shared_ptr<const Result>(std::move(result));
        },
        show);
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
    m_samplesSoon.stop();
    m_sampleJob.cancel();
    m_sampleRuns.reset();
}

}
