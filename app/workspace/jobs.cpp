// SPDX-License-Identifier: GPL-3.0-or-later
// The first part of the workspace's chain of jobs: load, by side or as a pair.
#include "app/workspace/workspace.h"
#include "core/formats/format.h"

namespace app {

namespace {

using core::Model;

/// One file opened, or why not.
struct Loaded
{
    Source source;
    std::shared_ptr<const Model> model;
    std::optional<core::Error> error;
};

Loaded load(const Source& source, const core::Progress& progress)
{
    try {
        Model model = core::formats::openModel(source.path.toStdString(), progress, source.architecture.toStdString());
        model.indexNames();
        return {source, endedAside(std::move(model)), {}}; // as the file tells it: a guess is no fact for its twin
    } catch (const core::Error& error) {
        return {source, nullptr, error};
    }
}

bool isFile(const Model& model, const QString& path)
{
    return QString::fromStdString(model.origin.path) == path;
}

/// The side that a file belongs to by its name, for one that could not be read.
Side likelySide(const QString& path)
{
    return isKerasName(path) ? Side::Right : Side::Left;
}

}

void Workspace::open(const Source& source, std::optional<Side> side)
{
    const Side expected = side.value_or(likelySide(source.path));
    ++m_asked[index(expected)];
    m_load[index(expected)].start([source](const core::Progress& progress) { return load(source, progress); },
                                  [this, side, expected](const Loaded& loaded) {
                                      if (loaded.error) { // a model that is open there stays
                                          m_errors[index(expected)] = SideError{loaded.source, *loaded.error};
                                          Q_EMIT sidesChanged();
                                      } else {
                                          slotsChanged(place(loaded.model, side));
                                      }
                                  });
}

void Workspace::openPair(const Source& first, const Source& second)
{
    loadPair(first, second, false);
}

void Workspace::openDropped(const QStringList& paths, std::optional<Side> side)
{
    const QList<Source> sources = sourcesOf(paths);
    if (sources.size() >= 2)
        openPair(sources[0], sources[1]);
    else if (sources.size() == 1)
        openOne(sources[0], side);
}

/// An architecture alone tells the layers of weights that are open.
void Workspace::openOne(const Source& source, std::optional<Side> side)
{
    const auto isBare = [this](Side each) {
        const auto& model = m_models[index(each)];
        return model && model->framework == core::Framework::Keras && model->origin.content == "weights";
    };
    if (isArchitecture(source.path))
        for (const Side each : {side.value_or(Side::Right), Side::Right, Side::Left})
            if (isBare(each)) {
                open({QString::fromStdString(m_models[index(each)]->origin.path), source.path}, each);
                return;
            }
    open(source, side);
}

/// `again`: the files of both sides in their order, of which a broken one leaves its side as it is.
void Workspace::loadPair(const Source& first, const Source& second, bool again)
{
    for (const std::size_t i : {0u, 1u}) {
        m_load[i].cancel();
        ++m_asked[i];
    }
    m_loadPair.start([first, second](const core::Progress& progress) { return std::pair(load(first, progress), load(second, progress)); },
                     [this, again, asked = m_asked](const std::pair<Loaded, Loaded>& loaded) {
                         const auto& [a, b] = loaded;
                         const bool swap = a.model && b.model ? core::session::swapsSides(*a.model, *b.model)
                                           : again            ? false
                                           : a.model          ? a.model->framework == core::Framework::Keras
                                           : b.model          ? b.model->framework == core::Framework::Torch
                                                              : likelySide(a.source.path) == Side::Right;
                         bool same = again && !swap, any = false;
                         for (const std::size_t i : {0u, 1u}) {
                             const Loaded& one = (i == 0) == swap ? b : a;
                             if (asked[i] != m_asked[i])
                                 continue; // closed or opened anew meanwhile
                             m_errors[i] = one.error ? std::optional(SideError{one.source, *one.error}) : std::nullopt;
                             if (again && one.error)
                                 continue;
                             same = same && m_models[i] && isFile(*m_models[i], one.source.path);
                             m_models[i] = one.model;
                             any = true;
                         }
                         if (any)
                             slotsChanged(same);
                         else
                             Q_EMIT sidesChanged();
                     });
}

Source Workspace::shownSource(Side side) const
{
    const auto& failed = m_errors[index(side)];
    const auto& current = m_models[index(side)];
    return failed ? failed->source : current ? Source(*current) : Source();
}

void Workspace::reload(Side side)
{
    if (const Source source = shownSource(side); !source.isEmpty())
        open(source, side);
}

void Workspace::reloadAll()
{
    const Source left = shownSource(Side::Left), right = shownSource(Side::Right);
    if (!left.isEmpty() && !right.isEmpty())
        loadPair(left, right, true);
    else
        reload(left.isEmpty() ? Side::Right : Side::Left);
}

void Workspace::closeAll()
{
    for (JobSlot* slot : {&m_load[0], &m_load[1], &m_loadPair})
        slot->cancel();
    m_models = {};
    m_errors = {};
    slotsChanged();
}

void Workspace::close(Side side)
{
    m_load[index(side)].cancel();
    ++m_asked[index(side)];
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

/// Puts a model into its slot; whether it is the file that was there.
bool Workspace::place(std::shared_ptr<const Model> model, std::optional<Side> side)
{
    const Side byFramework = model->framework == core::Framework::Keras ? Side::Right : Side::Left;
    Side wanted = side.value_or(byFramework);
    const Side other = wanted == Side::Left ? Side::Right : Side::Left;
    if (!m_models[index(other)] && wanted != byFramework)
        wanted = byFramework;
    const auto& before = m_models[index(wanted)];
    const bool again = before && isFile(*before, QString::fromStdString(model->origin.path));
    m_models[index(wanted)] = std::move(model);
    m_errors[index(wanted)].reset();
    if (side)
        m_errors[index(*side)].reset();
    if (!m_models[0] || !m_models[1] || !core::session::swapsSides(*m_models[0], *m_models[1]))
        return again;
    std::swap(m_models[0], m_models[1]);
    std::swap(m_errors[0], m_errors[1]);
    return false;
}

/// `again`: the same files were read anew, so what the person chose and made by hand still holds.
void Workspace::slotsChanged(bool again)
{
    ++m_generation;
    const int tried = dropTrials();
    for (JobSlot* slot : {&m_map, &m_build, &m_run})
        slot->cancel();
    stopExplaining();
    dropSamples();
    m_alone.reset();
    m_pair.reset();
    m_weights.reset();
    m_obstacles.reset();
    m_automatic.reset();
    m_engines.reset();
    m_result.reset();
    if (!again) {
        m_undo.clear();
        m_choices.mapping = {};
        m_choices.handMade = false;
        for (const Side side : {Side::Left, Side::Right})
            if (const auto& opened = m_models[index(side)])
                (side == Side::Left ? m_choices.left : m_choices.right) = core::digits::guessPreprocess(*opened);
    }
    for (const Side side : {Side::Left, Side::Right})
        m_readings[index(side)].setModel(m_models[index(side)]);
    Q_EMIT sidesChanged();
    Q_EMIT resultChanged();
    if (tried > 0)
        Q_EMIT trialsDropped(tried);
    startMapping();
}

}
