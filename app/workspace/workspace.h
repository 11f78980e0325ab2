// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/tasks/task.h"
#include "app/workspace/enginepair.h"
#include "app/workspace/readings.h"
#include "app/workspace/sources.h"
#include "core/convert/convert.h"

#include <QHash>
#include <QObject>
#include <QTimer>
#include <QUndoStack>
#include <array>

namespace app {

/// Why a file could not be opened, for the banner of its side.
struct SideError
{
    Source source;
    core::Error error{"none"};
};

/// What is open, mapped, chosen and computed. Starts the jobs, keeps the undo stack, and says what changed; views draw from its values
/// only.
class Workspace final : public QObject
{
    Q_OBJECT

public:
    explicit Workspace(QObject* parent = nullptr);
    ~Workspace() override;

    /// Opens a file on a side; without one the framework decides. A Keras file that meets a PyTorch one always goes right.
    void open(const Source& source, std::optional<Side> side = {});
    /// Opens two files at once, each on its own side.
    void openPair(const Source& first, const Source& second);
    /// Opens what was dropped: the first two files, or one on its side; a configuration alone tells the layers of the weights that are
    /// open.
    void openDropped(const QStringList& paths, std::optional<Side> side = {});
    /// Reads a file again. Links made by hand and the undo stack stay; a link whose layer is gone dangles.
    void reload(Side side);
    void reloadAll();
    /// Also what is still being read for that side comes no more.
    void close(Side side);
    void closeAll();
    void swapSides();
    void dismissError(Side side);
    /// What is open there could not be read any more: it stays, with the reason above it.
    void fail(Side side, const core::Error& error);
    /// Asks for the statistics of the parameters that are in sight.
    void wantStatistics(Side side, const QStringList& parameters) { m_readings[index(side)].want(parameters); }

    std::shared_ptr<const core::Model> model(Side side) const;
    /// The same as the file alone tells it: another object for each opening.
    std::shared_ptr<const core::Model> opened(Side side) const { return m_models[index(side)]; }
    /// That, or its copy with the repairs that are tried on it.
    std::shared_ptr<const core::Model> copy(Side side) const { return m_copies[index(side)] ? m_copies[index(side)] : opened(side); }
    std::shared_ptr<const core::session::Pair> pair() const { return m_pair; }
    /// Of the pair's links; null while there are none.
    std::shared_ptr<const Obstacles> obstacles() const { return m_obstacles; }
    std::optional<SideError> error(Side side) const { return m_errors[index(side)]; }
    std::shared_ptr<const Result> result() const { return m_result; }
    /// What is known so far: of the last run, else of the weights alone; null before both.
    const core::compare::Report* report() const { return m_result ? &m_result->report : m_weights.get(); }
    /// Both networks on the digits that come with the program; null until they were run.
    std::shared_ptr<const SampleRuns> sampleRuns() const { return m_sampleRuns; }
    bool runsSamples() const { return m_sampleJob.isRunning(); }
    /// Errors of each pair of layers alone are still being measured, or causes looked for.
    bool explains() const { return m_localJob.isRunning() || m_causeJob.isRunning(); }
    /// How much of the looking for causes is done, 0 to 1.
    double explainedPart() const { return m_explainedPart; }
    /// Why no cause is known: it could not be looked for, or the person stopped it.
    const QString& whyUnexplained() const { return m_whyUnexplained; }
    void stopLookingForCauses();
    /// The repairs that what is shown was computed with: of the result, else of the weights.
    /// Those of the pair.
    const Trials& mappedTrials() const { return m_copiedTrials; }
    const Trials& trials() const { return m_result ? m_result->trials : m_copiedTrials; }
    /// Of the present result, once it was asked for; else null.
    std::shared_ptr<const AloneRun> alone() const
    {
        return m_alone && m_result && m_alone->of->generation == m_result->generation ? m_alone : nullptr;
    }
    /// Runs a row of the report's layers by itself in the background.
    void runAlone(int row);
    bool isStale() const { return m_result && m_result->generation != m_generation; }
    bool isLoading() const { return m_load[0].isRunning() || m_load[1].isRunning() || m_loadPair.isRunning() || m_map.isRunning(); }
    /// Whether any network that can run is given a digit.
    bool takesDigit() const;
    const Choices& choices() const { return m_choices; }
    QUndoStack& undoStack() { return m_undo; }

    /// Edits; each can be undone.
    void autoMap();
    void link(const QString& leftLayer, const QString& rightLayer);
    void unlink(const QString& layer, Side side);
    /// Repairs the side's copy in memory and compares again. Nothing for a cause without a proved repair.
    void tryRepair(const core::compare::Cause& cause);
    void takeBackRepairs();
    QString whyNotLink(const QString& leftLayer, const QString& rightLayer) const;
    void setTolerance(double tolerance);
    void setPreprocess(const core::digits::Preprocess& left, const core::digits::Preprocess& right);
    void chooseInput(const InputChoice& input);
    /// For networks that take no digit.
    void chooseOther(const OtherInput& input);
    /// The drawing while the pen is down: computed live, one undo step a stroke.
    void setDrawing(const std::vector<core::digits::Stroke>& strokes);

    void setSamples(core::digits::DigitSet samples);
    /// Null until they are read.
    std::shared_ptr<const core::digits::DigitSet> samples() const { return m_samples; }
    std::shared_ptr<const core::digits::DigitSet> testSet() const { return m_testSet; }
    /// Reads the test set of a folder (or of the usual places when empty) in the background.
    void loadTestSet(const QString& folder);

    /// Tells what a conversion would write, whatever is opened or linked meanwhile; may read weights, so not for the window's thread.
    /// Throws core::Error, as what it returns does.
    /// `like`: in the architecture of the other side's file; else in one made from the source, which may be open alone.
    std::function<core::convert::Plan()> planner(bool leftToRight, bool like, const core::formats::Writer& writer) const;
    core::convert::Plan plan(bool leftToRight, const core::formats::Writer& writer) const { return planner(leftToRight, true, writer)(); }
    /// Writes in the background and, with `proves`, proves it on so many digits (0: the tensors alone) or on noises.
    /// `fromLeft`: the side that it is written from, where the plan's twin was made and both sides may be of one framework.
    void convert(const core::convert::Plan& plan, const QString& path, bool proves, int samples, std::optional<bool> fromLeft = {});
    void cancelConversion() { m_convert.cancel(); }

Q_SIGNALS:
    void sidesChanged(); ///< models, errors
    void pairChanged();  ///< mapping, parameters
    void choicesChanged();
    void resultChanged();
    void busyChanged();
    /// Files were opened or read again: the repairs that were tried on the copies before are gone.
    void trialsDropped(int count);
    void explainProgressed();
    void explained(); ///< the result is the same, but more is known of where and why it differs
    void aloneRun();
    void samplesRun();
    void statisticsReady(app::Side side, const QList<app::ParameterStatistics>& statistics);
    void digitsChanged();
    void testSetFailed(const core::Error& error);
    void conversionProgressed(double fraction);
    void converted(const core::convert::Plan& plan, const core::convert::Conversion& conversion);
    void conversionFailed(const core::Error& error);
    /// Something outside a single side went wrong (a worker died and was replaced, a run failed).
    void troubled(const core::Error& error);

private:
    friend class ChoicesCommand;
    static std::size_t index(Side side) { return side == Side::Left ? 0 : 1; }

    void openOne(const Source& source, std::optional<Side> side);
    void loadPair(const Source& first, const Source& second, bool again);
    Source shownSource(Side side) const; ///< of what is open, or of what could not be read
    bool place(std::shared_ptr<const core::Model> model, std::optional<Side> side);
    void slotsChanged(bool again = false);
    void startMapping();
    void startEngines();
    void startRun();
    void startLocalErrors();
    void startCauses();
    int dropTrials();
    std::function<core::convert::Plan()> toldOfTrials(std::function<core::convert::Plan()> planner, bool leftToRight, bool like) const;
    void stopExplaining();
    void startSamples();
    void dropSamples();
    void recoverRun(const core::Error& error);
    void edit(const QString& text, Choices after, int mergeId = -1);
    void apply(const Choices& choices);
    const core::digits::DigitSet* chosenSet() const; ///< null while drawing, or when it has no such digit
    core::digits::Picture picture() const;
    std::optional<int> label() const;

    std::array<std::shared_ptr<const core::Model>, 2> m_models;
    std::array<std::optional<SideError>, 2> m_errors;
    std::array<quint64, 2> m_asked{}; ///< how often something was asked of a side: what was loaded for an older wish is dropped
    std::array<std::shared_ptr<const core::Model>, 2> m_copies; ///< the models as they are tried
    Trials m_copiedTrials;                                      ///< with these
    std::shared_ptr<const core::session::Pair> m_pair;
    std::shared_ptr<const core::compare::Report> m_weights; ///< what the pair tells before a run
    std::shared_ptr<const Obstacles> m_obstacles;
    std::optional<core::mapping::Mapping> m_automatic; ///< of the present models, once it was made
    std::shared_ptr<EnginePair> m_engines;
    std::shared_ptr<const Result> m_result;
    std::shared_ptr<const AloneRun> m_alone;
    std::shared_ptr<const SampleRuns> m_sampleRuns;
    Choices m_choices;
    quint64 m_fed = 0; ///< see Result
    quint64 m_generation = 0;
    quint64 m_recovered = ~quint64{0}; ///< generation for which a lost worker was replaced
    std::shared_ptr<const core::digits::DigitSet> m_samples, m_testSet;
    QUndoStack m_undo;
    double m_explainedPart = 0;
    QString m_whyUnexplained;
    std::array<JobSlot, 2> m_load{JobSlot(JobSlot::Policy::Replace), JobSlot(JobSlot::Policy::Replace)}; ///< by the side that is expected
    JobSlot m_loadPair{JobSlot::Policy::Replace}, m_map{JobSlot::Policy::Replace}, m_build{JobSlot::Policy::Replace},
        m_run{JobSlot::Policy::Coalesce};
    JobSlot m_localJob{JobSlot::Policy::Replace}, m_causeJob{JobSlot::Policy::Replace}, m_aloneJob{JobSlot::Policy::Replace};
    JobSlot m_sampleJob{JobSlot::Policy::Replace}, m_digits{JobSlot::Policy::Replace}, m_convert{JobSlot::Policy::Replace};
    std::array<Readings, 2> m_readings;
    QTimer m_afterRun; ///< until nothing else was asked for
};

}
