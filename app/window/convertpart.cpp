// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/convertpart.h"

#include "app/resources.h"
#include "core/files/file.h"
#include "core/files/sha256.h"
#include "widgets/convert/changesmodel.h"
#include "widgets/convert/convertpage.h"

#include <QDateTime>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QLocale>

namespace app {

namespace {

widgets::ConvertSide sideOf(const Workspace& workspace, Side side)
{
    const auto model = workspace.model(side);
    return model ? widgets::ConvertSide{model->framework, QFileInfo(QString::fromStdString(model->origin.path)).fileName()}
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

QString endingOf(core::convert::OutputKind kind)
{
    return kind == core::convert::OutputKind::KerasH5 ? QStringLiteral(".h5") : QStringLiteral(".pt");
}

}

ConvertPart::ConvertPart(Workspace& workspace, widgets::ConvertPage& page, QObject* parent)
    : QObject(parent), m_workspace(workspace), m_page(page)
{
    connect(&page, &widgets::ConvertPage::choiceChanged, this, &ConvertPart::makePlan);
    connect(&page, &widgets::ConvertPage::browseRequested, this, &ConvertPart::browse);
    connect(&page, &widgets::ConvertPage::writeRequested, this, &ConvertPart::write);
    connect(&page, &widgets::ConvertPage::cancelRequested, this, [this] {
        m_workspace.cancelConversion();
        m_page.setProgress({});
    });
    connect(&workspace, &Workspace::sidesChanged, this, &ConvertPart::showSides);
    connect(&workspace, &Workspace::pairChanged, this, &ConvertPart::makePlan);
    connect(&workspace, &Workspace::digitsChanged, this, &ConvertPart::showSides);
    connect(&workspace, &Workspace::conversionProgressed, this, [this](double fraction) { m_page.setProgress(fraction); });
    connect(&workspace, &Workspace::converted, this, &ConvertPart::showProof);
    connect(&workspace, &Workspace::conversionFailed, this, [this](const core::Error& error) {
        m_page.setProgress({});
        Q_EMIT failed(error);
    });
    showSides();
}

void ConvertPart::chooseDirection(bool leftToRight)
{
    m_page.setDirection(leftToRight);
    makePlan();
}

void ConvertPart::showSides()
{
    m_page.setSides(sideOf(m_workspace, Side::Left), sideOf(m_workspace, Side::Right));
    const auto& set = m_workspace.testSet() ? m_workspace.testSet() : m_workspace.samples();
    m_page.setDigitsAvailable(set ? set->count() : 0);
    makePlan();
}

void ConvertPart::makePlan()
{
    m_plan.reset();
    m_page.setProgress({});
    suggestPath();
    try {
        const widgets::ConvertChoice choice = m_page.choice();
        m_plan = m_workspace.plan(choice.leftToRight, choice.kind);
        m_page.setPlan(*m_plan);
    } catch (const core::Error& error) {
        m_page.setProblem(QString::fromUtf8(error.what()));
    }
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
    const QString from = QString::fromUtf8(core::name(source->framework).data());
    m_suggested = folder.filePath(file.completeBaseName() + QStringLiteral("_from_") + from + endingOf(choice.kind));
    m_page.setPath(m_suggested);
}

void ConvertPart::browse()
{
    const widgets::ConvertChoice choice = m_page.choice();
    const QString filter =
        choice.kind == core::convert::OutputKind::KerasH5 ? tr("Keras model (*.h5)") : tr("PyTorch state dict (*.pt *.pth)");
    const QString path = QFileDialog::getSaveFileName(&m_page, tr("Write to"), choice.path, filter);
    if (!path.isEmpty())
        m_page.setPath(path);
}

void ConvertPart::write()
{
    if (!m_plan)
        return;
    const widgets::ConvertChoice choice = m_page.choice();
    m_page.setProgress(0.0);
    m_workspace.convert(*m_plan, choice.path, choice.digits);
}

void ConvertPart::showProof(const core::convert::Plan&, const core::convert::Proof& proof, const QString& path)
{
    m_page.setProgress({});
    widgets::ProofFacts facts;
    facts.proof = proof;
    facts.path = path;
    facts.when = QLocale().toString(QDateTime::currentDateTime(), QLocale::ShortFormat);
    facts.tolerance = m_workspace.choices().tolerance;
    try {
        const auto written = core::File::open(path.toStdString());
        facts.fileSize = written->size();
        facts.sha256 = QString::fromStdString(core::sha256(*written));
    } catch (const core::Error& error) {
        Q_EMIT failed(error);
    }
    m_page.setProof(facts);
}

}
