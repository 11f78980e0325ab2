// SPDX-License-Identifier: GPL-3.0-or-later
// How the window is furnished: toolbar, status bar, actions, and what they show.
#include "app/window/comparepage.h"
#include "app/window/convertpart.h"
#include "app/window/giveninput.h"
#include "app/window/listspart.h"
#include "app/window/mainwindow.h"
#include "app/window/patterns.h"
#include "app/window/recent.h"
#include "app/window/verdicttext.h"
#include "widgets/empty/emptypage.h"
#include "widgets/heatmap/heatmappanel.h"
#include "widgets/lists/layerpane.h"
#include "widgets/sides/headerbar.h"
#include "widgets/sides/text.h"
#include "widgets/theme/segmentedswitch.h"
#include "widgets/verdict/banner.h"
#include "widgets/verdict/verdictchip.h"

#include <QComboBox>
#include <QDoubleValidator>
#include <QFileInfo>
#include <QLabel>
#include <QLineEdit>
#include <QStackedWidget>
#include <QStatusBar>
#include <QToolBar>
#include <QToolButton>

namespace app {

namespace {

enum Page { Empty, Compare, TestSet, Convert }; // the order in which the window stacks them

QWidget* gap(int width)
{
    auto* widget = new QWidget;
    if (width > 0)
        widget->setFixedWidth(width);
    else
        widget->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    return widget;
}

}

void MainWindow::buildToolBar()
{
    QToolBar* bar = addToolBar(tr("Tools"));
    bar->setMovable(false);
    bar->setFloatable(false);
    bar->setContextMenuPolicy(Qt::PreventContextMenu);
    m_switch = new widgets::SegmentedSwitch;
    m_switch->add(m_actions.compare);
    m_switch->add(m_actions.testSet);
    m_switch->add(m_actions.convert);
    bar->addWidget(gap(4));
    bar->addWidget(m_switch);
    bar->addSeparator();
    bar->addAction(m_actions.undo);
    bar->addAction(m_actions.redo);
    bar->addAction(m_actions.autoMap);
    if (QWidget* button = bar->widgetForAction(m_actions.autoMap))
        static_cast<QToolButton*>(button)->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    bar->addSeparator();
    bar->addWidget(widgets::textLabel(tr("Metric"), bar, 12, false, true));
    bar->addWidget(gap(8));
    m_metric = new QComboBox;
    m_metric->addItems({tr("max |d|"), tr("absolute max"), tr("mean |d|"), tr("1 − cosine")});
    m_metric->setToolTip(tr("What the bars show. The verdict always uses max |d| / max(1, max |b|), b = right side."));
    m_metric->setAccessibleName(tr("Metric"));
    bar->addWidget(m_metric);
    bar->addWidget(gap(8));
    bar->addWidget(widgets::textLabel(tr("Tolerance"), bar, 12, false, true));
    bar->addWidget(gap(8));
    m_tolerance = new QComboBox;
    m_tolerance->setEditable(true);
    m_tolerance->setCompleter(nullptr); // a typed 1 is no beginning of 1e-3
    m_tolerance->addItems(
        {QStringLiteral("1e-3"), QStringLiteral("1e-4"), QStringLiteral("1e-5"), QStringLiteral("1e-6"), QStringLiteral("1e-7")});
    m_tolerance->setCurrentIndex(2);
    m_tolerance->setInsertPolicy(QComboBox::NoInsert);
    m_tolerance->setFixedWidth(76);
    m_tolerance->setAccessibleName(tr("Tolerance"));
    auto* validator = new QDoubleValidator(0, 1e9, 20, m_tolerance);
    validator->setLocale(QLocale::c());
    m_tolerance->setValidator(validator);
    bar->addWidget(m_tolerance);
    bar->addWidget(gap(0));
    m_verdict = new widgets::VerdictChip;
    m_verdictPlace = bar->addWidget(m_verdict);
    bar->addWidget(gap(4));
    bar->setMinimumHeight(bar->sizeHint().height()); // also without the chip
    connect(m_metric, &QComboBox::activated, this, [this](int index) { m_compare->setMetric(static_cast<Metric>(index)); });
    const auto setTolerance = [this] {
        bool ok = false;
        const double value = QLocale::c().toDouble(m_tolerance->currentText(), &ok);
        m_tolerance->lineEdit()->setModified(false);
        if (ok && value >= 0)
            m_workspace.setTolerance(value);
    };
    connect(m_tolerance, &QComboBox::activated, this, setTolerance);
    connect(m_tolerance->lineEdit(), &QLineEdit::editingFinished, this, setTolerance);
    connect(m_verdict, &QAbstractButton::clicked, this, [this] { m_compare->chooseDifference(0); });
}

void MainWindow::buildStatusBar()
{
    statusBar()->setSizeGripEnabled(false);
    m_hints = new QLabel;
    m_inputText = new QLabel;
    m_times = new QLabel;
    for (QLabel* label : {m_hints, m_inputText, m_times}) {
        label->setContentsMargins(8, 0, 8, 0);
        label->setTextFormat(Qt::PlainText);
        label->setForegroundRole(QPalette::PlaceholderText);
    }
    statusBar()->addWidget(m_hints);
    statusBar()->addPermanentWidget(m_inputText);
    statusBar()->addPermanentWidget(m_times);
}

void MainWindow::connectActions()
{
    const auto on = [this](QAction* action, auto slot) { connect(action, &QAction::triggered, this, slot); };
    on(m_actions.openLeft, [this] { chooseFile(Side::Left); });
    on(m_actions.openRight, [this] { chooseFile(Side::Right); });
    on(m_actions.openSample, [this] { openSample(); });
    on(m_actions.reload, [this] { m_workspace.reloadAll(); });
    on(m_actions.close, [this] { m_workspace.closeAll(); });
    on(m_actions.swap, [this] { m_workspace.swapSides(); });
    on(m_actions.mnistFolder, [this] { chooseMnist(); });
    on(m_actions.quit, [this] { close(); });
    on(m_actions.copyCommand, [this] { copyCommandLine(); });
    on(m_actions.find, [this] { m_compare->lists()->pane(m_compare->chosenOnLeft() ? Side::Left : Side::Right)->showFilter(); });
    on(m_actions.autoMap, [this] { m_workspace.autoMap(); });
    on(m_actions.unlink, [this] { m_workspace.unlink(m_compare->chosenLayer(), m_compare->chosenOnLeft() ? Side::Left : Side::Right); });
    on(m_actions.nextDifference, [this] { m_compare->chooseDifference(1); });
    on(m_actions.previousDifference, [this] { m_compare->chooseDifference(-1); });
    const auto below = [this, on](QAction* action, auto show) {
        on(action, [this, show] {
            showPage(Compare);
            show();
        });
    };
    below(m_actions.outputs, [this] { m_compare->showLower(ComparePage::Lower::Outputs); });
    below(m_actions.tensor, [this] { m_compare->showChosenParameter(); });
    below(m_actions.fileLeft, [this] { m_compare->showFile(Side::Left); });
    below(m_actions.fileRight, [this] { m_compare->showFile(Side::Right); });
    on(m_actions.layerAlone, [this](bool alone) {
        showPage(Compare);
        m_compare->setAlone(alone);
        m_actions.layerAlone->setChecked(m_compare->showsAlone());
    });
    connect(m_compare, &ComparePage::aloneChanged, m_actions.layerAlone, &QAction::setChecked);
    m_actions.tryFix->setEnabled(false);
    on(m_actions.tryFix, [this] { m_compare->tryFix(); });
    connect(m_compare, &ComparePage::fixPossible, m_actions.tryFix, &QAction::setEnabled);
    m_compare->setLayerActions({m_actions.layerAlone, m_actions.tryFix, m_actions.tensor, m_actions.unlink});
    on(m_actions.compare, [this] { showPage(Compare); });
    on(m_actions.testSet, [this] { showPage(TestSet); });
    on(m_actions.convert, [this] { showPage(Convert); });
    on(m_actions.convertToRight, [this] {
        m_convertPart->chooseDirection(true);
        showPage(Convert);
    });
    on(m_actions.convertToLeft, [this] {
        m_convertPart->chooseDirection(false);
        showPage(Convert);
    });
    on(m_actions.themeSystem, [this] { setTheme(ThemeChoice::System); });
    on(m_actions.themeLight, [this] { setTheme(ThemeChoice::Light); });
    on(m_actions.themeDark, [this] { setTheme(ThemeChoice::Dark); });
    on(m_actions.about, [this] { about(); });
}

void MainWindow::showPage(int page)
{
    m_pages->setCurrentIndex(page);
    m_hints->setVisible(page == Compare || page == TestSet);
    m_hints->setText(page == TestSet ? tr("Enter opens the digit in Compare   Esc cancels a run   a cell lists its digits")
                                     : tr("Space flicker   + − exposure   N fit scale   R reset view"));
    m_inputText->setVisible(page != TestSet); // of the chosen digit
    m_times->setVisible(page != TestSet);
    if (page != Empty)
        m_switch->setCurrent(page - Compare);
    showVerdict();
}

void MainWindow::showSides()
{
    const bool left = m_workspace.model(Side::Left) != nullptr, right = m_workspace.model(Side::Right) != nullptr;
    const bool any = left || right || m_workspace.error(Side::Left) || m_workspace.error(Side::Right);
    if (!any) {
        showRecent();
        m_empty->setPatterns(fileEndings(core::Framework::Torch), fileEndings(core::Framework::Keras));
        m_empty->setShortcuts(QStringLiteral("Ctrl+O"), QStringLiteral("Ctrl+Shift+O"));
    }
    if (!any || m_pages->currentIndex() == Empty)
        showPage(any ? Compare : Empty);
    m_actions.fileLeft->setEnabled(left);
    m_actions.fileRight->setEnabled(right);
    for (QAction* action : {m_actions.outputs, m_actions.tensor, m_actions.compare, m_actions.testSet, m_actions.convert, m_actions.reload,
                            m_actions.close, m_actions.find, m_actions.copyCommand})
        action->setEnabled(any);
    for (QAction* action : {m_actions.autoMap, m_actions.unlink, m_actions.swap, m_actions.convertToLeft, m_actions.convertToRight,
                            m_actions.nextDifference, m_actions.previousDifference, m_actions.layerAlone})
        action->setEnabled(left && right);
    m_switch->setEnabled(any);
    m_metric->setEnabled(left && right);
    m_tolerance->setEnabled(left && right);
    m_banner->hide();
    showVerdict();
}

void MainWindow::showVerdict()
{
    VerdictText verdict = verdictOf(m_workspace);
    const auto left = m_workspace.opened(Side::Left), right = m_workspace.opened(Side::Right);
    if (m_pages->currentIndex() == Convert && left && right) { // beside a proof, which speaks of another file
        const auto nameOf = [](const core::Model& model) { return QFileInfo(QString::fromStdString(model.origin.path)).fileName(); };
        verdict.counts.prepend(tr("%1 and %2").arg(nameOf(*left), nameOf(*right)) + QStringLiteral(" · "));
    }
    m_verdictPlace->setVisible(m_pages->currentIndex() != Convert || (left && right)); // one file is converted alone: nothing to compare
    m_verdict->setVerdict(verdict.state, verdict.detail, verdict.counts);
    m_verdict->setWhy(verdict.why);
    m_verdict->setRepairs(verdict.repairs);
    m_verdict->setComputing(m_workspace.isLoading() || m_workspace.isStale());
    const QString tolerance = widgets::roundNumber(m_workspace.choices().tolerance);
    if (!m_tolerance->lineEdit()->isModified() && QLocale::c().toDouble(m_tolerance->currentText()) != m_workspace.choices().tolerance)
        m_tolerance->setEditText(tolerance);
    const bool shown = m_workspace.result() != nullptr;
    showTrials();
    m_inputText->setText(shown ? inputText(m_workspace) : tr("Tieout runs no code from the files it opens"));
    m_times->setText(timesText(m_workspace));
}

void MainWindow::showRecent()
{
    m_recent = m_settings.recentPairs();
    m_empty->setRecentPairs(shownRecent(m_recent));
}

void MainWindow::rememberPair()
{
    const auto result = m_workspace.result();
    if (!result || !result->pair->left || !result->pair->right || !result->trials.empty()) // of the files, never of what is tried on copies
        return;
    const RecentPair pair = recentOf(*result, m_workspace.sampleRuns().get());
    if (pair.left == m_remembered.left && pair.right == m_remembered.right && pair.verdict == m_remembered.verdict)
        return; // not for each move of the pen
    m_remembered = pair;
    m_settings.addRecentPair(pair);
}

}
