// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/settings/settings.h"
#include "app/window/actions.h"
#include "app/workspace/workspace.h"

#include <QMainWindow>

class QComboBox;
class QLabel;
class QStackedWidget;

namespace widgets {
class Banner;
class ConvertPage;
class EmptyPage;
class SegmentedSwitch;
class TestSetPage;
class Theme;
class VerdictChip;
}

namespace app {

class ComparePage;
class ConvertPart;
class TestSetPart;

/// The window: only composes the pages and connects them with the workspace.
class MainWindow final : public QMainWindow
{
    Q_OBJECT

public:
    MainWindow(Workspace& workspace, widgets::Theme& theme, QWidget* parent = nullptr);

    ComparePage* comparePage() const { return m_compare; }
    widgets::ConvertPage* convertPage() const { return m_convert; }
    widgets::TestSetPage* testSetPage() const { return m_testSet; }
    widgets::EmptyPage* emptyPage() const { return m_empty; }
    widgets::VerdictChip* verdict() const { return m_verdict; }
    widgets::Banner* banner() const { return m_banner; }
    widgets::Banner* trialsBanner() const { return m_trials; }
    const Actions& actions() const { return m_actions; }
    QString shownPage() const; ///< "empty", "compare", "testset", "convert"
    void openSample();

protected:
    void closeEvent(QCloseEvent* event) override;

private:
    void buildToolBar();
    void buildStatusBar();
    void connectActions();
    void connectWorkspace();
    void connectEmptyPage();
    void showPage(int page);
    void showSides();
    void showVerdict();
    void showRecent();
    void rememberPair();
    void chooseFile(Side side);
    void chooseMnist();
    void chooseInputFile();
    void savePicture();
    void copyCommandLine();
    void about();
    void showTrials();
    void tellDropped(int trials);
    void showTrouble(const core::Error& error);
    void setTheme(ThemeChoice choice);

    Workspace& m_workspace;
    widgets::Theme& m_theme;
    Settings m_settings;
    Actions m_actions;
    QStackedWidget* m_pages;
    widgets::EmptyPage* m_empty;
    ComparePage* m_compare;
    widgets::ConvertPage* m_convert;
    ConvertPart* m_convertPart;
    widgets::TestSetPage* m_testSet;
    TestSetPart* m_testSetPart;
    widgets::Banner *m_banner, *m_trials; ///< the second stands while fixes are tried
    widgets::SegmentedSwitch* m_switch = nullptr;
    widgets::VerdictChip* m_verdict = nullptr;
    QAction* m_verdictPlace = nullptr; ///< in the toolbar
    QComboBox *m_metric = nullptr, *m_tolerance = nullptr;
    QLabel *m_hints = nullptr, *m_inputText = nullptr, *m_times = nullptr;
    QList<RecentPair> m_recent;
    RecentPair m_remembered;
};

}
