// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/testsetpart.h"

#include "core/files/atomicfile.h"
#include "core/files/outputs.h"
#include "core/json/json.h"
#include "core/report/sweep.h"
#include "core/session/proofwish.h"
#include "core/sweep/run.h"
#include "widgets/testset/testsetpage.h"

#include <QDir>
#include <QFileDialog>
#include <cmath>
#include <fmt/format.h>

namespace app {

namespace {

using core::sweep::SampleResult;
using widgets::TestSetRun;

/// The same errors judged by a tolerance: nothing is run.
core::sweep::Sweep judged(std::vector<SampleResult>& samples, double tolerance, bool labelled, int classes)
{
    core::sweep::Sweep sweep = core::sweep::emptySweep(labelled, classes);
    for (SampleResult& sample : samples) {
        if (sample.scaledMax)
            sample.over = !(*sample.scaledMax <= tolerance);
        core::sweep::add(sweep, sample);
    }
    return sweep;
}

std::string tableText(const TestSetRun& run)
{
    std::string text = "index,label,left,right,max_abs,scaled_max,over_tolerance\n";
    const auto cell = [](const auto& value) { return value ? fmt::format("{}", *value) : std::string(); };
    for (const SampleResult& sample : run.samples)
        text += fmt::format("{},{},{},{},{},{},{}\n", sample.index, cell(sample.label), cell(sample.left), cell(sample.right),
                            cell(sample.maxAbs), cell(sample.scaledMax), sample.over ? 1 : 0);
    return text;
}

}

bool TestSetPart::Basis::holds(const Basis& other) const
{
    return pair && other.pair && pair->runLeft == other.pair->runLeft && pair->runRight == other.pair->runRight &&
           pair->mapping == other.pair->mapping && digits == other.digits && left == other.left && right == other.right;
}

TestSetPart::TestSetPart(Workspace& workspace, widgets::TestSetPage& page, QObject* parent)
    : QObject(parent), m_workspace(workspace), m_page(page)
{
    connect(&page, &widgets::TestSetPage::runRequested, this, &TestSetPart::run);
    connect(&page, &widgets::TestSetPage::cancelRequested, this, &TestSetPart::cancel);
    connect(&page, &widgets::TestSetPage::digitOpened, this, &TestSetPart::open);
    connect(&page, &widgets::TestSetPage::saveRequested, this, &TestSetPart::chooseWhereToSave);
    connect(&page, &widgets::TestSetPage::folderWanted, this, &TestSetPart::folderWanted);
    for (const auto signal : {&Workspace::sidesChanged, &Workspace::pairChanged, &Workspace::digitsChanged})
        connect(&workspace, signal, this, &TestSetPart::tellState);
    connect(&workspace, &Workspace::choicesChanged, this, [this] {
        judge();
        tellState();
    });
    connect(&m_job, &JobSlot::progressed, this, [this](double fraction) {
        m_page.setProgress(m_first + static_cast<int>(std::lround(fraction * m_count)),
                           m_before + static_cast<double>(m_clock.elapsed()) / 1000);
    });
    connect(&m_job, &JobSlot::failed, this, [this](std::exception_ptr thrown) {
        m_page.setProgress({});
        Q_EMIT failed(toError(thrown));
    });
    tellState();
}

TestSetPart::~TestSetPart()
{
    cancel();
}

TestSetPart::Basis TestSetPart::basis() const
{
    return {m_workspace.pair(), m_workspace.testSet(), m_workspace.choices().left, m_workspace.choices().right};
}

QString TestSetPart::problem() const
{
    const auto pair = m_workspace.pair();
    if (!m_workspace.opened(Side::Left) || !m_workspace.opened(Side::Right))
        return tr("Open both sides to run them on the test set.");
    if (!pair)
        return tr("The two files are still being read.");
    if (!m_workspace.mappedTrials().empty())
        return tr("A fix is tried on a copy in memory: take it back first, so that the test set tells of the files.");
    for (const std::string& why : {pair->cannotRunLeft, pair->cannotRunRight})
        if (!why.empty())
            return QString::fromStdString(why);
    if (pair->runLeft && pair->runRight && !core::session::takesDigits(*pair->runLeft) && !core::session::takesDigits(*pair->runRight))
        return tr("These networks take no 28 x 28 digit: `tieout sweep` runs them on arrays, pictures or noise.");
    return {};
}

void TestSetPart::tellState()
{
    const auto left = m_workspace.model(Side::Left), right = m_workspace.model(Side::Right);
    const auto framework = [](const auto& model) { return model ? model->framework : core::Framework::None; };
    m_page.setSides(widgets::sideNames(framework(left), framework(right)));
    m_page.setAvailable(m_workspace.testSet() ? m_workspace.testSet()->count() : 0, problem());
    m_page.setStale(m_run && !m_basis.holds(basis()));
}

void TestSetPart::judge()
{
    if (!m_run || m_run->tolerance == m_workspace.choices().tolerance)
        return;
    auto run = std::make_shared<TestSetRun>(*m_run);
    run->tolerance = m_workspace.choices().tolerance;
    run->sweep = judged(run->samples, run->tolerance, m_run->sweep.labelled, m_run->sweep.classes);
    m_run = std::move(run);
    m_page.setRun(m_run);
}

void TestSetPart::run()
{
    const Basis now = basis();
    if (!problem().isEmpty() || !now.digits || m_job.isRunning())
        return;
    std::vector<SampleResult> known; // whole batches of what was cancelled
    m_before = 0;
    if (m_run && !m_run->isComplete() && m_basis.holds(now)) {
        const auto whole = static_cast<std::ptrdiff_t>(
            m_run->samples.size() - m_run->samples.size() % static_cast<std::size_t>(core::sweep::batchSize(now.digits->count())));
        known.assign(m_run->samples.begin(), m_run->samples.begin() + whole);
        m_before = m_run->seconds;
    }
    m_stop = std::make_shared<std::atomic<bool>>(false);
    m_first = static_cast<int>(known.size());
    m_count = now.digits->count() - m_first;
    m_clock.start();
    m_page.setProgress(m_first, m_before);
    m_job.start(
        [now, known, stop = m_stop, tolerance = m_workspace.choices().tolerance](const core::Progress& progress) {
            const core::sweep::DataSet set = core::sweep::digitSet(now.digits, {});
            const auto left = core::engines::makeEngine(now.pair->runLeft, progress.part(0, 0)),
                       right = core::engines::makeEngine(now.pair->runRight, progress.part(0, 0));
            auto run = std::make_shared<TestSetRun>(TestSetRun{now.digits, known, {}, tolerance, 0});
            const core::sweep::Sweep part =
                core::sweep::run({*now.pair, *left, *right, set, now.left, now.right, tolerance},
                                 {static_cast<std::int64_t>(known.size()), set.count}, progress, [&](const SampleResult& sample) {
                                     run->samples.push_back(sample);
                                     return !*stop;
                                 });
            run->sweep = judged(run->samples, tolerance, part.labelled, part.classes);
            return std::shared_ptr<const TestSetRun>(std::move(run));
        },
        [this, now](const std::shared_ptr<const TestSetRun>& found) {
            auto timed = std::make_shared<TestSetRun>(*found);
            timed->seconds = m_before + static_cast<double>(m_clock.elapsed()) / 1000;
            m_basis = now;
            m_run = std::move(timed);
            m_page.setProgress({});
            m_page.setRun(m_run);
            judge();
            tellState();
        });
}

void TestSetPart::cancel()
{
    if (m_stop)
        *m_stop = true;
}

void TestSetPart::open(int number)
{
    if (!m_run || m_run->digits != m_workspace.testSet())
        return;
    m_workspace.chooseInput({InputChoice::Kind::Digit, number, m_workspace.choices().input.strokes});
    Q_EMIT digitOpened();
}

void TestSetPart::chooseWhereToSave()
{
    const QString path =
        QFileDialog::getSaveFileName(&m_page, tr("Save the test set's results"), QDir::home().filePath(QStringLiteral("testset.csv")),
                                     tr("Table (*.csv);;Web page (*.html);;JSON (*.json)"));
    if (!path.isEmpty())
        save(path);
}

void TestSetPart::save(const QString& path)
{
    if (!m_run)
        return;
    try {
        const core::session::Pair& pair = *m_basis.pair;
        core::checkOutputs({{"the left side", pair.left->origin.path}, {"the right side", pair.right->origin.path}},
                           {{"the table", path.toStdString()}});
        core::sweep::DataSet set = core::sweep::digitSet(m_run->digits, {});
        set = set.limited(static_cast<std::int64_t>(m_run->samples.size())); // where it was cancelled, of those that were run
        const core::Json document = core::report::sweepDocument(
            {*pair.left, *pair.right, pair.mapping, set, core::digits::text(m_basis.left), core::digits::text(m_basis.right),
             m_run->tolerance, core::sweep::weightsOf(core::session::weightsReport(pair, m_run->tolerance))},
            m_run->sweep);
        core::AtomicFile file(path.toStdString());
        if (path.endsWith(QLatin1String(".json"), Qt::CaseInsensitive))
            file.write(core::dumpJson(document) + "\n");
        else if (path.endsWith(QLatin1String(".html"), Qt::CaseInsensitive))
            file.write(core::report::sweepPage(
                document, [this](std::int64_t index) { return std::optional(m_run->digits->picture(static_cast<int>(index))); }));
        else
            file.write(tableText(*m_run));
        file.commit();
    } catch (const core::Error& error) {
        Q_EMIT failed(error);
    }
}

}
