// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/convertpart.h"

#include "app/resources.h"
#include "app/window/replacequestion.h"
#include "core/files/atomicfile.h"
#include "core/files/outputs.h"
#include "core/json/json.h"
#include "core/report/page.h"
#include "core/session/proofwish.h"
#include "widgets/convert/changesmodel.h"
#include "widgets/convert/convertpage.h"

#include <QDateTime>
#include <QDesktopServices>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QLocale>
#include <QUrl>
#include <algorithm>

namespace app {

namespace {

widgets::ConvertSide sideOf(const Workspace& workspace, Side side)
{
    const auto model = workspace.model(side);
    const auto& trials = workspace.mappedTrials();
    const bool isRepaired = std::any_of(trials.begin(), trials.end(), [&](const auto& trial) {
        return trial->cause.repair && trial->cause.repair->onLeft == (side == Side::Left);
    });
    return model ? widgets::ConvertSide{model->framework, QFileInfo(QString::fromStdString(model->origin.path)).fileName(), isRepaired}
                 : widgets::ConvertSide();
}

/// The program's own samples are no place to write to.
QString sampleFolder()
{
    try {
        return QFileInfo(QString::fromStdString(samplesFolder())).absoluteFilePath();
    } catch (const core::Error&) {
        return {};
    }
}

/// Empty when nothing is open there.
std::string pathOf(const Workspace& workspace, Side side)
{
    const auto model = workspace.opened(side);
    return model ? model->origin.path : std::string();
}

/// The file that tells the layers of weights that are open there; empty when they do themselves.
std::string architectureOf(const Workspace& workspace, Side side)
{
    const auto model = workspace.opened(side);
    return model ? model->origin.architecture : std::string();
}

QString endingOf(const core::formats::Writer& writer)
{
    return QString::fromUtf8(writer.endings.front().data(), static_cast<qsizetype>(writer.endings.front().size()));
}

}

ConvertPart::ConvertPart(Workspace& workspace, widgets::ConvertPage& page, QObject* parent)
    : QObject(parent), m_workspace(workspace), m_page(page)
{
    connectPage();
    page.installEventFilter(this);
    connect(&m_planning, &JobSlot::failed, this,
            [this](std::exception_ptr thrown) { m_page.setProblem(QString::fromUtf8(toError(thrown).what())); });
    connect(&workspace, &Workspace::sidesChanged, this, &ConvertPart::showSides);
    connect(&workspace, &Workspace::pairChanged, this, &ConvertPart::showSides);
    connect(&workspace, &Workspace::digitsChanged, this, &ConvertPart::showSides);
    connect(&workspace, &Workspace::conversionProgressed, this, [this](double fraction) {
        if (m_running)
            m_page.setProgress(fraction);
    });
    connect(&workspace, &Workspace::converted, this, &ConvertPart::showProof);
    connect(&workspace, &Workspace::conversionFailed, this, [this](const core::Error& error) {
        finish();
        Q_EMIT failed(error);
    });
    showSides();
}

void ConvertPart::connectPage()
{
    connect(&m_page, &widgets::ConvertPage::choiceChanged, this, &ConvertPart::makePlan);
    connect(&m_page, &widgets::ConvertPage::browseRequested, this, &ConvertPart::browse);
    connect(&m_page, &widgets::ConvertPage::writeRequested, this, &ConvertPart::write);
    connect(&m_page, &widgets::ConvertPage::cancelRequested, this, [this] {
        m_workspace.cancelConversion();
        finish();
    });
    connect(m_page.proof(), &widgets::ProofView::openRequested, this, &ConvertPart::openWritten);
    connect(m_page.proof(), &widgets::ProofView::folderRequested, this, &ConvertPart::showFolder);
    connect(m_page.proof(), &widgets::ProofView::saveRequested, this, &ConvertPart::chooseWhereToSave);
}

void ConvertPart::chooseDirection(bool leftToRight)
{
    if (m_running)
        return;
    m_page.setDirection(leftToRight);
    makePlan();
}

void ConvertPart::showSides()
{
    if (m_running) { // the page goes on telling of what is written
        m_outdated = true;
        return;
    }
    m_page.setSides(sideOf(m_workspace, Side::Left), sideOf(m_workspace, Side::Right));
    makePlan();
}

void ConvertPart::makePlan()
{
    if (m_running) {
        m_outdated = true;
        return;
    }
    m_planning.cancel();
    m_plan.reset();
    m_page.setProgress({});
    m_page.setPending();
    tellSamples();
    suggestPath();
    m_due = !m_page.isVisible();
    if (m_due)
        return;
    try {
        const widgets::ConvertChoice choice = m_page.choice();
        m_planning.start(
            [planner = m_workspace.planner(choice.leftToRight, choice.like, *choice.writer)](const core::Progress&) { return planner(); },
            [this](const core::convert::Plan& plan) {
                m_plan = plan;
                m_page.setPlan(plan);
            });
    } catch (const core::Error& error) {
        m_page.setProblem(QString::fromUtf8(error.what()));
    }
}

bool ConvertPart::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Show && m_due)
        makePlan();
    return QObject::eventFilter(watched, event);
}

void ConvertPart::tellSamples()
{
    const auto source = m_workspace.model(m_page.choice().leftToRight ? Side::Left : Side::Right);
    const auto& set = m_workspace.testSet() ? m_workspace.testSet() : m_workspace.samples();
    const bool onNoises = source && source->wired && !core::session::takesDigits(*source);
    m_page.setSamplesAvailable(onNoises ? core::session::proofNoises : set ? set->count() : 0, onNoises);
}

/// "lenet5_from_torch.h5" beside the source, unless the person typed a name.
void ConvertPart::suggestPath()
{
    const widgets::ConvertChoice choice = m_page.choice();
    const auto source = m_workspace.model(choice.leftToRight ? Side::Left : Side::Right);
    if (!source || (!choice.path.isEmpty() && choice.path != m_suggested))
        return;
    const QFileInfo file(QString::fromStdString(source->origin.path));
    const bool ownFolder = QFileInfo(file.path()).isWritable() && file.path() != sampleFolder();
    const QDir folder(ownFolder ? file.path() : QDir::homePath());
    const auto& trials = m_workspace.mappedTrials();
    const QString how = choice.writer->framework != source->framework
                            ? QStringLiteral("from_") + QString::fromUtf8(core::name(source->framework).data())
                        : trials.empty() ? QStringLiteral("anew")
                                         : QStringLiteral("repaired");
    m_suggested = folder.filePath(file.completeBaseName() + u'_' + how + endingOf(*choice.writer));
    m_page.setPath(m_suggested);
}

void ConvertPart::browse()
{
    const widgets::ConvertChoice choice = m_page.choice();
    QStringList patterns;
    for (const std::string_view ending : choice.writer->endings)
        patterns << u'*' + QString::fromUtf8(ending.data(), static_cast<qsizetype>(ending.size()));
    const std::string_view title = choice.writer->title;
    const QString filter =
        QStringLiteral("%1 (%2)").arg(QString::fromUtf8(title.data(), static_cast<qsizetype>(title.size())), patterns.join(u' '));
    const QString path = QFileDialog::getSaveFileName(&m_page, tr("Write to"), choice.path, filter, nullptr,
                                                      QFileDialog::DontConfirmOverwrite); // write() asks
    if (!path.isEmpty())
        m_page.setPath(path);
}

void ConvertPart::write()
{
    if (!m_plan || m_running)
        return;
    const QString path = m_page.choice().path;
    try {
        core::checkOutputs({{"the left side", pathOf(m_workspace, Side::Left)},
                            {"the right side", pathOf(m_workspace, Side::Right)},
                            {"the left side's layers", architectureOf(m_workspace, Side::Left)},
                            {"the right side's layers", architectureOf(m_workspace, Side::Right)}},
                           {{"what is written", path.toStdString()}});
    } catch (const core::Error& error) {
        Q_EMIT failed(error);
        return;
    }
    const QFileInfo there(path);
    if (!there.exists()) {
        startWriting();
        return;
    }
    askToReplace(there, m_page, m_looking, [this] { startWriting(); });
}

void ConvertPart::startWriting()
{
    if (!m_plan || m_running)
        return;
    const widgets::ConvertChoice choice = m_page.choice();
    m_running = true;
    m_page.setProgress(0.0);
    m_fromLeft = choice.leftToRight;
    m_workspace.convert(*m_plan, choice.path, choice.prove, choice.samples, m_fromLeft);
}

void ConvertPart::finish()
{
    m_running = false;
    m_page.setProgress({});
    if (std::exchange(m_outdated, false))
        showSides();
}

void ConvertPart::showProof(const core::convert::Plan& plan, const core::convert::Conversion& conversion)
{
    finish();
    m_done = Done{plan, conversion, m_fromLeft};
    const auto nameOf = [](const core::Model& model) { return QFileInfo(QString::fromStdString(model.origin.path)).fileName(); };
    const bool isRepaired =
        std::any_of(plan.warnings.begin(), plan.warnings.end(), [](const core::Message& warning) { return warning.id == "repaired-copy"; });
    m_page.setProof({conversion, isRepaired ? tr("%1 as repaired").arg(nameOf(*plan.source)) : nameOf(*plan.source), nameOf(*plan.twin),
                     m_done->fromLeft, QLocale().toString(QDateTime::currentDateTime(), QLocale::ShortFormat)});
}

void ConvertPart::openWritten()
{
    if (m_done)
        m_workspace.open(QString::fromStdString(m_done->conversion.path), m_done->fromLeft ? Side::Right : Side::Left);
}

void ConvertPart::showFolder()
{
    if (m_done)
        QDesktopServices::openUrl(QUrl::fromLocalFile(QFileInfo(QString::fromStdString(m_done->conversion.path)).absolutePath()));
}

void ConvertPart::chooseWhereToSave()
{
    if (!m_done)
        return;
    const QFileInfo written(QString::fromStdString(m_done->conversion.path));
    const QString path = QFileDialog::getSaveFileName(&m_page, tr("Save the proof"),
                                                      written.dir().filePath(written.completeBaseName() + QStringLiteral("_proof.html")),
                                                      tr("Web page (*.html);;JSON (*.json)"));
    if (!path.isEmpty())
        saveProof(path);
}

void ConvertPart::saveProof(const QString& path)
{
    if (!m_done)
        return;
    try {
        const std::string target = path.toStdString();
        core::checkOutputs({{"what was written", m_done->conversion.path}}, {{"the proof", target}});
        core::AtomicFile file(target);
        file.write(path.endsWith(QLatin1String(".json"), Qt::CaseInsensitive)
                       ? core::dumpJson(core::report::convertDocument(m_done->plan, m_done->conversion)) + "\n"
                       : core::report::convertPage(m_done->plan, m_done->conversion));
        file.commit();
    } catch (const core::Error& error) {
        Q_EMIT failed(error);
    }
}

}
