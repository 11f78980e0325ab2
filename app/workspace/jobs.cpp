// SPDX-License-Identifier: GPL-3.0-or-later
// The workspace's chain of jobs: load -> pair and mapping -> engines -> run.
#include "app/workspace/workspace.h"
#include "core/formats/format.h"

namespace app {

namespace {

using core::Model;
using core::session::Pair;

/// One file opened, or why not.
struct Loaded
{
    QString path;
    std::shared_ptr<const Model> model;
    std::optional<core::Error> error;
};

Loaded load(const QString& path, const core::Progress& progress)
{
    try {
        return {path, core::session::prepared(core::formats::openModel(path.toStdString(), progress)), {}};
    } catch (const core::Error& error) {
        return {path, nullptr, error};
    }
}

/// The side that a file belongs to by its name, for one that could not be read.
Side likelySide(const QString& path)
{
    const QString lower = path.toLower();
    return lower.endsWith(QLatin1String("h5")) || lower.endsWith(QLatin1String(".keras")) || lower.endsWith(QLatin1String(".hdf5"))
               ? Side::Right
               : Side::Left;
}

}

void Workspace::open(const QString& path, std::optional<Side> side)
{
    const Side expected = side.value_or(likelySide(path));
    m_load[index(expected)].start([path](const core::Progress& progress) { return load(path, progress); },
                                  [this, side, expected](const Loaded& loaded) {
                                      if (loaded.error) { // a model that is open there stays
                                          m_errors[index(expected)] = SideError{loaded.path, *loaded.error};
                                          Q_EMIT sidesChanged();
                                      } else {
                                          place(loaded.model, side);
                                          slotsChanged();
                                      }
                                  });
}

void Workspace::openPair(const QString& first, const QString& second)
{
    m_load[1].cancel();
    m_load[0].start([first, second](const core::Progress& progress) { return std::pair(load(first, progress), load(second, progress)); },
                    [this](const std::pair<Loaded, Loaded>& loaded) {
                        const auto& [a, b] = loaded;
                        const bool swap = a.model && b.model ? core::session::swapsSides(*a.model, *b.model)
                                          : a.model          ? a.model->framework == core::Framework::Keras
                                          : b.model          ? b.model->framework == core::Framework::Torch
                                                             : likelySide(a.path) == Side::Right;
                        const Side sideA = swap ? Side::Right : Side::Left, sideB = swap ? Side::Left : Side::Right;
                        for (const auto& [one, side] : {std::pair(&a, sideA), std::pair(&b, sideB)}) {
                            m_models[index(side)] = one->model;
                            m_errors[index(side)] = one->error ? std::optional(SideError{one->path, *one->error}) : std::nullopt;
                        }
                        slotsChanged();
                    });
}

void Workspace::reload(Side side)
{
    if (const auto& failed = m_errors[index(side)])
        open(failed->path, side);
    else if (const auto& current = m_models[index(side)])
        open(QString::fromStdString(current->origin.path), side);
}

void Workspace::reloadAll()
{
    const auto pathOf = [this](Side side) {
        const auto& failed = m_errors[index(side)];
        const auto& current = m_models[index(side)];
        return failed ? failed->path : current ? QString::fromStdString(current->origin.path) : QString();
    };
    const QString left = pathOf(Side::Left), right = pathOf(Side::Right);
    if (!left.isEmpty() && !right.isEmpty())
        openPair(left, right);
    else if (!left.isEmpty() || !right.isEmpty())
        reload(left.isEmpty() ? Side::Right : Side::Left);
}

void Workspace::closeAll()
{
    for (JobSlot& slot : m_load)
        slot.cancel();
    m_models = {};
    m_errors = {};
    slotsChanged();
}

void Workspace::close(Side side)
{
    m_models[index(side)].reset();
    m_errors[index(side)].reset();
    slotsChanged();
}

void Workspace::swapSides()
{
    if (m_models[0] && m_models[1] && m_models[0]->framework != m_models[1]->framework)
        return; // PyTorch stays left
    std::swap(m_models[0], m_models[1]);
    std::swap(m_errors[0], m_errors[1]);
    slotsChanged();
}

void Workspace::place(std::shared_ptr<const Model> model, std::optional<Side> side)
{
    const Side byFramework = model->framework == core::Framework::Keras ? Side::Right : Side::Left;
    Side wanted = side.value_or(byFramework);
    const Side other = wanted == Side::Left ? Side::Right : Side::Left;
    if (!m_models[index(other)] && wanted != byFramework)
        wanted = byFramework;
    m_models[index(wanted)] = std::move(model);
    m_errors[index(wanted)].reset();
    if (side)
        m_errors[index(*side)].reset();
    if (m_models[0] && m_models[1] && core::session::swapsSides(*m_models[0], *m_models[1])) {
        std::swap(m_models[0], m_models[1]);
        std::swap(m_errors[0], m_errors[1]);
    }
}

void Workspace::slotsChanged()
{
    ++m_generation;
    for (JobSlot* slot : {&m_map, &m_build, &m_run})
        slot->cancel();
    m_undo.clear();
    m_pair.reset();
    m_engines.reset();
    m_result.reset();
    m_choices.mapping = {};
    for (const Side side : {Side::Left, Side::Right})
        if (const auto& opened = m_models[index(side)])
            (side == Side::Left ? m_choices.left : m_choices.right) = core::digits::guessPreprocess(*opened);
    for (const Side side : {Side::Left, Side::Right})
        m_readings[index(side)].setModel(m_models[index(side)]);
    Q_EMIT sidesChanged();
    Q_EMIT resultChanged();
    startMapping({});
}

void Workspace::startMapping(std::optional<core::mapping::Mapping> mapping)
{
    if (!m_models[0] && !m_models[1])
        return;
    m_map.start(
        [left = m_models[0], right = m_models[1], mapping, before = m_pair](const core::Progress& progress) {
            return std::make_shared<const Pair>(mapping && left && right
                                                    ? core::session::makePair(left, right, *mapping, before.get(), progress)
                                                    : core::session::makePair(left, right, progress));
        },
        [this](const std::shared_ptr<const Pair>& pair) {
            m_pair = pair;
            m_choices.mapping = pair->mapping;
            Q_EMIT pairChanged();
            startEngines();
        });
}

void Workspace::startEngines()
{
    m_run.cancel();
    if (m_engines && m_engines->runLeft == m_pair->runLeft && m_engines->runRight == m_pair->runRight) {
        startRun();
        return;
    }
    m_engines.reset();
    m_build.start([pair = m_pair](const core::Progress& progress) { return makeEngines(*pair, progress); },
                  [this](const std::shared_ptr<EnginePair>& engines) {
                      m_engines = engines;
                      startRun();
                  });
}

void Workspace::startRun()
{
    if (!m_engines || m_map.isRunning())
        return;
    m_run.start(
        [engines = m_engines, pair = m_pair, choices = m_choices, image = picture(), number = label(),
         generation = m_generation](const core::Progress& progress) {
            auto result = std::make_shared<Result>(run(*engines, pair, image, choices, progress));
            result->generation = generation;
            result->label = number;
            return std::shared_ptr<const Result>(std::move(result));
        },
        [this](const std::shared_ptr<const Result>& result) {
            m_result = result;
            Q_EMIT resultChanged();
        });
}

}
