// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/mainwindow.h"

#include "app/resources.h"
#include "app/window/comparepage.h"
#include "app/window/convertpart.h"
#include "app/window/listspart.h"
#include "app/window/testsetpart.h"
#include "app/window/verdicttext.h"
#include "widgets/convert/convertpage.h"
#include "widgets/empty/emptypage.h"
#include "widgets/heatmap/heatmappanel.h"
#include "widgets/lists/layerpane.h"
#include "widgets/testset/testsetpage.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/theme.h"
#include "widgets/verdict/banner.h"

#include <QApplication>
#include <QCloseEvent>
#include <QStackedWidget>
#include <QStatusBar>
#include <QVBoxLayout>

namespace app {

MainWindow::MainWindow(Workspace& workspace, widgets::Theme& theme, QWidget* parent)
    : QMainWindow(parent), m_workspace(workspace), m_theme(theme), m_actions(this), m_pages(new QStackedWidget),
      m_empty(new widgets::EmptyPage), m_compare(new ComparePage(workspace)), m_convert(new widgets::ConvertPage),
      m_convertPart(new ConvertPart(workspace, *m_convert, this)), m_testSet(new widgets::TestSetPage),
      m_testSetPart(new TestSetPart(workspace, *m_testSet, this)), m_banner(new widgets::Banner), m_trials(new widgets::Banner)
{
    setWindowTitle(QStringLiteral("Tieout"));
    m_pages->addWidget(m_empty);
    m_pages->addWidget(m_compare);
    m_pages->addWidget(m_testSet);
    m_pages->addWidget(m_convert);
    auto* center = new QWidget;
    auto* column = new QVBoxLayout(center);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_banner);
    column->addWidget(m_trials);
    column->addWidget(m_pages, 1);
    setCentralWidget(center);

    m_actions.undo = workspace.undoStack().createUndoAction(this);
    m_actions.redo = workspace.undoStack().createRedoAction(this);
    m_actions.undo->setIcon(widgets::icon(QStringLiteral("undo")));
    m_actions.redo->setIcon(widgets::icon(QStringLiteral("redo")));
    m_actions.undo->setShortcut(QKeySequence::Undo);
    m_actions.redo->setShortcuts({QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z), QKeySequence(Qt::CTRL | Qt::Key_Y)});
    const auto& pictures = m_compare->heatmaps()->actions();
    buildMenus(
        *this, m_actions,
        {pictures.brighter, pictures.darker, pictures.fit, pictures.reset, pictures.save, pictures.copyPicture, pictures.copyValues});
    buildToolBar();
    buildStatusBar();
    connectActions();
    connectWorkspace();
    connectEmptyPage();
    setTheme(m_settings.theme());
    setMinimumSize(1024, 700);
    resize(1280, 800);
    restoreGeometry(m_settings.state(QStringLiteral("window")));
    m_compare->restoreState(m_settings.state(QStringLiteral("compare")));
    showSides();
}

void MainWindow::connectWorkspace()
{
    connect(&m_workspace, &Workspace::sidesChanged, this, &MainWindow::showSides);
    connect(&m_workspace, &Workspace::pairChanged, this, &MainWindow::showVerdict);
    connect(&m_workspace, &Workspace::resultChanged, this, &MainWindow::showVerdict);
    connect(&m_workspace, &Workspace::resultChanged, this, &MainWindow::rememberPair);
    connect(&m_workspace, &Workspace::choicesChanged, this, &MainWindow::showVerdict);
    connect(&m_workspace, &Workspace::busyChanged, this, &MainWindow::showVerdict);
    connect(&m_workspace, &Workspace::samplesRun, this, &MainWindow::showVerdict);
    connect(&m_workspace, &Workspace::explained, this, &MainWindow::showVerdict);
    connect(&m_workspace, &Workspace::trialsDropped, this, &MainWindow::tellDropped);
    connect(m_trials, &widgets::Banner::closed, this, [this] { m_workspace.takeBackRepairs(); });
    connect(&m_workspace, &Workspace::samplesRun, this, &MainWindow::rememberPair);
    connect(&m_workspace, &Workspace::troubled, this, &MainWindow::showTrouble);
    connect(&m_workspace, &Workspace::testSetFailed, this, [this](const core::Error& error) { showTrouble(error); });
    connect(m_convertPart, &ConvertPart::failed, this, &MainWindow::showTrouble);
    connect(m_testSetPart, &TestSetPart::failed, this, &MainWindow::showTrouble);
    connect(m_testSetPart, &TestSetPart::folderWanted, this, &MainWindow::chooseMnist);
    connect(m_testSetPart, &TestSetPart::digitOpened, m_actions.compare, &QAction::trigger);
    connect(m_compare, &ComparePage::openRequested, this, &MainWindow::chooseFile);
    connect(m_compare, &ComparePage::mnistFolderWanted, this, &MainWindow::chooseMnist);
    connect(m_compare, &ComparePage::inputFileWanted, this, &MainWindow::chooseInputFile);
    connect(m_compare, &ComparePage::failed, this, &MainWindow::showTrouble);
    connect(m_compare, &ComparePage::told, this, [this](const QString& text) { statusBar()->showMessage(text, 5000); });
    connect(m_compare, &ComparePage::savePictureRequested, this, &MainWindow::savePicture);
}

void MainWindow::connectEmptyPage()
{
    connect(m_empty, &widgets::EmptyPage::openLeftRequested, this, [this] { chooseFile(Side::Left); });
    connect(m_empty, &widgets::EmptyPage::openRightRequested, this, [this] { chooseFile(Side::Right); });
    connect(m_empty, &widgets::EmptyPage::sampleRequested, this, &MainWindow::openSample);
    connect(m_empty, &widgets::EmptyPage::filesDropped, this, [this](const QStringList& paths) { m_workspace.openDropped(paths); });
    connect(m_empty, &widgets::EmptyPage::recentChosen, this, [this](int index) {
        if (index >= 0 && index < m_recent.size())
            m_workspace.openPair(m_recent[index].left, m_recent[index].right);
    });
}

void MainWindow::openSample()
{
    try {
        const QString folder = QString::fromStdString(samplesFolder());
        m_workspace.openPair(folder + QStringLiteral("/lenet5.pt"), folder + QStringLiteral("/lenet5.h5"));
    } catch (const core::Error& error) {
        showTrouble(error);
    }
}

QString MainWindow::shownPage() const
{
    const char* const names[] = {"empty", "compare", "testset", "convert"};
    return QString::fromLatin1(names[m_pages->currentIndex()]);
}

void MainWindow::showTrouble(const core::Error& error)
{
    using Kind = widgets::Banner::Kind;
    const bool replaced = error.id() == "worker-died" || error.id() == "worker-killed" || error.id() == "worker-hung";
    m_banner->present(replaced ? Kind::Warning : Kind::Error,
                      replaced ? tr("A worker process was lost and replaced") : tr("That did not work"), widgets::Banner::rowsOf(error));
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    m_settings.setState(QStringLiteral("window"), saveGeometry());
    m_settings.setState(QStringLiteral("compare"), m_compare->saveState());
    QMainWindow::closeEvent(event);
}

}
