// SPDX-License-Identifier: GPL-3.0-or-later
// The second part of the workspace's chain of jobs: copies with what is tried on them -> pair and mapping.
#include "app/workspace/choicescommand.h"
#include "app/workspace/workspace.h"

namespace app {

namespace {

using core::Model;
using core::session::Pair;

/// A pair, what its weights alone tell, and which of its links cannot hold.
struct Mapped
{
    std::shared_ptr<const Pair> pair;
    std::shared_ptr<const core::compare::Report> weights;
    std::shared_ptr<const Obstacles> obstacles;
};

/// A side's model with what the trials repair on it: the same object where they leave it alone.
std::shared_ptr<const Model> copyOf(const std::shared_ptr<const Model>& file, const Trials& trials, Side side)
{
    std::shared_ptr<const Model> copy = file;
    for (const auto& trial : trials)
        if (copy && trial->cause.repair && trial->cause.repair->onLeft == (side == Side::Left))
            copy = endedAside(core::compare::repaired(*copy, *trial->cause.repair));
    return copy;
}

std::shared_ptr<const Obstacles> obstaclesOf(const Pair& pair, const Obstacles* before)
{
    if (!pair.left || !pair.right)
        return nullptr;
    Obstacles result{pair.runLeft ? pair.runLeft : pair.left, pair.runRight ? pair.runRight : pair.right, {}, {}};
    if (before && before->left == result.left && before->right == result.right)
        result.known = before->known;
    result.links = core::mapping::obstacles(pair.mapping, *result.left, *result.right, result.known);
    return std::make_shared<const Obstacles>(std::move(result));
}

Mapped mapped(const std::shared_ptr<const Model>& left, const std::shared_ptr<const Model>& right,
              const std::optional<core::mapping::Mapping>& given, const std::shared_ptr<const Pair>& before,
              const std::shared_ptr<const Obstacles>& obstacles, double tolerance, const core::Progress& progress)
{
    auto pair = endedAside(given && left && right ? core::session::makePair(left, right, *given, before.get(), progress)
                                                  : core::session::makePair(left, right, progress));
    return {pair, std::make_shared<const core::compare::Report>(core::session::weightsReport(*pair, tolerance)),
            obstaclesOf(*pair, obstacles.get())};
}

}

/// Maps by what the person made, or automatically; from then on the mapping is a choice as any other.
void Workspace::startMapping()
{
    if (!m_models[0] && !m_models[1])
        return;
    const auto given = m_choices.handMade ? std::optional(m_choices.mapping) : m_automatic;
    const bool copied = m_pair && m_choices.trials == m_copiedTrials;
    m_map.start(
        [files = copied ? m_copies : m_models, trials = m_choices.trials, copied, given, before = m_pair, obstacles = m_obstacles,
         tolerance = m_choices.tolerance](const core::Progress& progress) {
            const auto left = copied ? files[0] : copyOf(files[0], trials, Side::Left);
            const auto right = copied ? files[1] : copyOf(files[1], trials, Side::Right);
            return std::pair(trials, mapped(left, right, given, before, obstacles, tolerance, progress));
        },
        [this](const std::pair<Trials, Mapped>& done) {
            const Mapped& made = done.second;
            m_copiedTrials = done.first;
            m_pair = made.pair;
            m_copies = {m_pair->openedLeft, m_pair->openedRight};
            for (const Side side : {Side::Left, Side::Right})
                m_readings[index(side)].setModel(m_copies[index(side)]);
            m_weights = made.weights;
            m_obstacles = made.obstacles;
            m_choices.mapping = m_pair->mapping;
            if (!m_choices.handMade)
                m_automatic = m_pair->mapping;
            dropSamples();
            Q_EMIT pairChanged();
            startEngines();
        });
}

/// What was tried was tried on another file's copy; a step back would bring it to this one. How many there were.
int Workspace::dropTrials()
{
    const auto holdsTrials = [this] {
        for (int i = 0; i < m_undo.count(); ++i)
            if (static_cast<const ChoicesCommand*>(m_undo.command(i))->changesTrials())
                return true;
        return false;
    };
    if (holdsTrials())
        m_undo.clear();
    m_copies = {};
    m_copiedTrials.clear();
    return static_cast<int>(std::exchange(m_choices.trials, {}).size());
}

}
