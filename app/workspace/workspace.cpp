// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workspace/workspace.h"

#include "core/mapping/mapping.h"
#include "core/session/proofwish.h"

#include <exception>

namespace app {

namespace {

using core::Model;
using core::session::Pair;

}

Workspace::Workspace(QObject* parent) : QObject(parent)
{
    for (const Side side : {Side::Left, Side::Right})
        connect(&m_readings[index(side)], &Readings::ready, this,
                [this, side](const QList<ParameterStatistics>& statistics) { Q_EMIT statisticsReady(side, statistics); });
    for (JobSlot* slot : {&m_load[0], &m_load[1], &m_loadPair, &m_map, &m_build})
        connect(slot, &JobSlot::runningChanged, this, &Workspace::busyChanged);
    for (JobSlot* slot : {&m_load[0], &m_load[1], &m_loadPair, &m_map, &m_build})
        connect(slot, &JobSlot::failed, this, [this](std::exception_ptr error) { Q_EMIT troubled(toError(error)); });
    m_afterRun.setSingleShot(true);
    m_afterRun.setInterval(100);
    connect(&m_afterRun, &QTimer::timeout, this, &Workspace::startLocalErrors);
    for (JobSlot* slot : {&m_localJob, &m_causeJob})
        connect(slot, &JobSlot::failed, this, [this](std::exception_ptr error) {
            m_whyUnexplained = tr("The cause could not be looked for: %1").arg(QString::fromUtf8(toError(error).what()));
            Q_EMIT explained();
            startSamples();
        });
    connect(&m_causeJob, &JobSlot::progressed, this, [this](double fraction) {
        m_explainedPart = fraction;
        Q_EMIT explainProgressed();
    });
    connect(&m_aloneJob, &JobSlot::failed, this, [this](std::exception_ptr error) { Q_EMIT troubled(toError(error)); });
    connect(&m_run, &JobSlot::failed, this, [this](std::exception_ptr error) { recoverRun(toError(error)); });
    connect(&m_convert, &JobSlot::progressed, this, &Workspace::conversionProgressed);
    connect(&m_convert, &JobSlot::failed, this, [this](std::exception_ptr error) { Q_EMIT conversionFailed(toError(error)); });
    connect(&m_digits, &JobSlot::failed, this, [this](std::exception_ptr error) { Q_EMIT testSetFailed(toError(error)); });
}

Workspace::~Workspace()
{
    for (JobSlot* slot : {&m_load[0], &m_load[1], &m_loadPair, &m_map, &m_build, &m_run, &m_localJob, &m_causeJob, &m_aloneJob,
                          &m_sampleJob, &m_digits, &m_convert})
        slot->cancel();
    for (Readings& readings : m_readings)
        readings.setModel(nullptr);
    m_undo.clear();
}

/// A worker that died or hung is replaced by the next request: the same input is run once more.
void Workspace::recoverRun(const core::Error& error)
{
    const bool lost = error.id() == "worker-died" || error.id() == "worker-killed" || error.id() == "worker-hung";
    Q_EMIT troubled(lost ? core::Error(error).advice("Another worker was started; what is open is not lost.") : error);
    if (lost && std::exchange(m_recovered, m_generation) != m_generation) {
        startRun();
    } else if (!m_run.isRunning()) { // nothing is on its way that would replace the old result
        m_result.reset();
        Q_EMIT resultChanged();
    }
}

std::shared_ptr<const Model> Workspace::model(Side side) const
{
    const auto& opened = m_models[index(side)];
    if (!m_pair || !opened)
        return opened;
    const auto& runs = side == Side::Left ? m_pair->runLeft : m_pair->runRight; // has the layers that were borrowed, too
    return runs ? runs : side == Side::Left ? m_pair->left : m_pair->right;
}

void Workspace::dismissError(Side side)
{
    m_errors[index(side)].reset();
    Q_EMIT sidesChanged();
}

void Workspace::fail(Side side, const core::Error& error)
{
    const auto& opened = m_models[index(side)];
    if (!opened || m_errors[index(side)])
        return;
    m_errors[index(side)] = SideError{Source(*opened), error};
    Q_EMIT sidesChanged();
}

bool Workspace::takesDigit() const
{
    if (m_pair)
        return app::takesDigit(*m_pair);
    core::session::Pair opened; // what the files alone tell
    for (const auto& [model, run] : {std::pair(m_models[0], &opened.runLeft), std::pair(m_models[1], &opened.runRight)})
        if (model && model->wired && model->inputShape)
            *run = model;
    return app::takesDigit(opened);
}

void Workspace::apply(const Choices& choices)
{
    const bool remap = choices.handMade != m_choices.handMade || (choices.handMade && choices.mapping != m_choices.mapping);
    const bool repaired = choices.trials != m_choices.trials;
    const bool preprocess = choices.left != m_choices.left || choices.right != m_choices.right;
    if (preprocess || repaired || choices.input != m_choices.input || choices.other != m_choices.other)
        ++m_fed;
    if (preprocess)
        dropSamples();
    const bool tolerance = choices.tolerance != m_choices.tolerance;
    m_choices = choices;
    if (tolerance && m_pair && !m_result)
        m_weights = std::make_shared<const core::compare::Report>(core::session::weightsReport(*m_pair, m_choices.tolerance));
    if (!choices.handMade && m_automatic) // a step back may remember that of an older file
        m_choices.mapping = *m_automatic;
    ++m_generation;
    Q_EMIT choicesChanged();
    if (remap || repaired)
        startMapping();
    else
        startRun();
}

void Workspace::setSamples(core::digits::DigitSet samples)
{
    m_samples = std::make_shared<const core::digits::DigitSet>(std::move(samples));
    ++m_generation;
    ++m_fed;
    dropSamples();
    Q_EMIT digitsChanged();
    startRun();
}

void Workspace::loadTestSet(const QString& folder)
{
    m_digits.start(
        [path = folder.toStdString()](const core::Progress&) {
            const std::string place = path.empty() ? core::digits::findTestSet() : path;
            using Digits = core::digits::DigitSet;
            return place.empty() ? std::shared_ptr<const Digits>() : std::make_shared<const Digits>(core::digits::readTestSet(place));
        },
        [this](const std::shared_ptr<const core::digits::DigitSet>& digits) {
            m_testSet = digits;
            Q_EMIT digitsChanged();
            if (m_choices.input.kind == InputChoice::Kind::Digit) {
                ++m_generation;
                ++m_fed;
                startRun();
            }
        });
}

const core::digits::DigitSet* Workspace::chosenSet() const
{
    const InputChoice& input = m_choices.input;
    if (input.kind == InputChoice::Kind::Drawing)
        return nullptr;
    const auto& set = input.kind == InputChoice::Kind::Digit ? m_testSet : m_samples;
    return set && input.index >= 0 && input.index < set->count() ? set.get() : nullptr;
}

core::digits::Picture Workspace::picture() const
{
    if (m_choices.input.kind == InputChoice::Kind::Drawing)
        return core::digits::rasterised(m_choices.input.strokes);
    const core::digits::DigitSet* set = chosenSet();
    return set ? set->picture(m_choices.input.index) : core::digits::Picture{};
}

std::optional<int> Workspace::label() const
{
    const core::digits::DigitSet* set = chosenSet();
    return set ? set->label(m_choices.input.index) : std::nullopt;
}

std::function<core::convert::Plan()> Workspace::planner(bool leftToRight, bool like, const core::formats::Writer& writer) const
{
    const std::shared_ptr<const Model> source = !m_pair ? nullptr : leftToRight ? m_pair->left : m_pair->right;
    const std::shared_ptr<const Model> twin = !m_pair ? nullptr : leftToRight ? m_pair->right : m_pair->left;
    if (!source || (like && !twin))
        throw core::Error("convert-pair")
            .expected("a model on both sides")
            .found(source ? "one" : "none")
            .advice("Open the other file: its architecture is used.");
    if (like)
        return toldOfTrials([source, twin, mapping = m_choices.mapping, leftToRight,
                             &writer] { return core::convert::plan(source, twin, mapping, leftToRight, writer); },
                            leftToRight, true);
    const auto& runs = leftToRight ? m_pair->runLeft : m_pair->runRight; // with the layers that the other side lent
    return toldOfTrials([source = runs ? runs : source,
                         &writer] { return core::convert::plan(core::convert::translate(source, writer.framework), writer); },
                        leftToRight, false);
}

/// A plan of a copy on which fixes are tried says so, wherever it and its proof are told.
std::function<core::convert::Plan()> Workspace::toldOfTrials(std::function<core::convert::Plan()> planner, bool leftToRight,
                                                             bool like) const
{
    std::vector<core::Message> told;
    for (const auto& trial : m_copiedTrials) {
        const bool onLeft = trial->cause.repair && trial->cause.repair->onLeft;
        if (const auto file = opened(onLeft ? Side::Left : Side::Right); file && (like || onLeft == leftToRight))
            told.push_back(
                {"repaired-copy",
                 {},
                 core::printable(file->origin.path) + " is taken as repaired in memory, not as it is: " + trial->cause.text + "."});
    }
    return [planner = std::move(planner), told] {
        core::convert::Plan plan = planner();
        plan.warnings.insert(plan.warnings.begin(), told.begin(), told.end());
        return plan;
    };
}

void Workspace::convert(const core::convert::Plan& plan, const QString& path, bool proves, int samples, std::optional<bool> fromLeft)
{
    const bool onLeft = fromLeft.value_or(plan.sourceOnLeft);
    const auto& set = m_testSet && (!m_samples || samples > m_samples->count()) ? m_testSet : m_samples;
    const auto wish = [source = onLeft ? m_pair->runLeft : m_pair->runRight, why = onLeft ? m_pair->cannotRunLeft : m_pair->cannotRunRight,
                       set = set ? set : std::make_shared<const core::digits::DigitSet>(), samples,
                       preprocess = onLeft ? m_choices.left : m_choices.right, tolerance = m_choices.tolerance] {
        return core::session::proofWish(source, why, *set, samples, preprocess, tolerance);
    };
    m_convert.start(
        [plan, proves, wish, target = path.toStdString()](const core::Progress& progress) {
            return std::pair(plan, core::convert::convert(plan, target, proves ? std::optional(wish()) : std::nullopt, progress));
        },
        [this](const std::pair<core::convert::Plan, core::convert::Conversion>& done) { Q_EMIT converted(done.first, done.second); });
}

}
