// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/actions.h"

#include "widgets/theme/icons.h"

#include <QActionGroup>
#include <QCoreApplication>
#include <QMenu>
#include <QMenuBar>

namespace app {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("app::Actions", text);
}

QAction* make(QObject* parent, const char* text, const QKeySequence& key = {}, const char* iconName = nullptr)
{
    auto* action = new QAction(tr(text), parent);
    action->setShortcut(key);
    if (iconName)
        action->setIcon(widgets::icon(QString::fromLatin1(iconName)));
    return action;
}

}

Actions::Actions(QObject* parent)
    : openLeft(make(parent, "Open &left…", QKeySequence::Open, "open")),
      openRight(make(parent, "Open &right…", QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_O), "open")),
      openSample(make(parent, "Open the &sample LeNet-5", {}, "play")),
      reload(make(parent, "&Reload both", QKeySequence::Refresh, "reload")),
      close(make(parent, "&Close both", QKeySequence(Qt::CTRL | Qt::Key_W), "cross")), swap(make(parent, "S&wap sides")),
      mnistFolder(make(parent, "&MNIST folder…", {}, "grid")), quit(make(parent, "&Quit", QKeySequence(Qt::CTRL | Qt::Key_Q))),
      copyCommand(make(parent, "Copy as command &line", QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C), "copy")),
      find(make(parent, "&Find layer…", QKeySequence::Find, "search")),
      autoMap(make(parent, "&Auto-map", QKeySequence(Qt::CTRL | Qt::Key_M), "automap")), unlink(make(parent, "&Remove link", {}, "unlink")),
      nextDifference(make(parent, "&Next differing layer", QKeySequence(Qt::Key_F8), "flag")),
      previousDifference(make(parent, "&Previous differing layer", QKeySequence(Qt::SHIFT | Qt::Key_F8))),
      layerAlone(make(parent, "This layer &alone", QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_L), "play")),
      tryFix(make(parent, "Try the &fix", QKeySequence(Qt::CTRL | Qt::Key_R), "bolt")),
      outputs(make(parent, "Layer &outputs", QKeySequence(Qt::CTRL | Qt::Key_L), "grid")),
      tensor(make(parent, "&Values of the chosen tensor", QKeySequence(Qt::CTRL | Qt::Key_T), "table")),
      fileLeft(make(parent, "About the &left file", QKeySequence(Qt::CTRL | Qt::Key_I), "file")),
      fileRight(make(parent, "About the &right file", QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_I), "file")),
      compare(make(parent, "&Compare", QKeySequence(Qt::CTRL | Qt::Key_1))),
      testSet(make(parent, "&Test set", QKeySequence(Qt::CTRL | Qt::Key_2))),
      convert(make(parent, "C&onvert", QKeySequence(Qt::CTRL | Qt::Key_3))),
      convertToRight(make(parent, "Convert → right…", QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_Right), "arrow")),
      convertToLeft(make(parent, "← Convert to left…", QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_Left))),
      themeSystem(make(parent, "As the &desktop")), themeLight(make(parent, "&Light", {}, "sun")), themeDark(make(parent, "Da&rk")),
      about(make(parent, "&About Tieout"))
{
    auto* themes = new QActionGroup(parent);
    for (QAction* theme : {themeSystem, themeLight, themeDark}) {
        theme->setCheckable(true);
        themes->addAction(theme);
    }
    layerAlone->setCheckable(true);
    unlink->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_Delete));
}

void buildMenus(QMainWindow& window, const Actions& actions, const QList<QAction*>& pictureActions)
{
    QMenu* file = window.menuBar()->addMenu(tr("&File"));
    file->addActions({actions.openLeft, actions.openRight, actions.openSample});
    file->addSeparator();
    file->addActions({actions.reload, actions.swap, actions.close});
    file->addSeparator();
    file->addActions({actions.mnistFolder});
    file->addSeparator();
    file->addAction(actions.quit);

    QMenu* edit = window.menuBar()->addMenu(tr("&Edit"));
    edit->addActions({actions.undo, actions.redo});
    edit->addSeparator();
    edit->addActions({actions.find, actions.copyCommand});

    QMenu* view = window.menuBar()->addMenu(tr("&View"));
    view->addActions({actions.compare, actions.testSet, actions.convert});
    view->addSeparator();
    view->addActions({actions.outputs, actions.tensor, actions.fileLeft, actions.fileRight});
    view->addSeparator();
    view->addActions(pictureActions);
    view->addSeparator();
    view->addActions({actions.themeSystem, actions.themeLight, actions.themeDark});

    QMenu* mapping = window.menuBar()->addMenu(tr("&Mapping"));
    mapping->addActions({actions.autoMap, actions.unlink});
    mapping->addSeparator();
    mapping->addActions({actions.convertToRight, actions.convertToLeft});

    QMenu* run = window.menuBar()->addMenu(tr("&Run"));
    run->addActions({actions.nextDifference, actions.previousDifference});
    run->addSeparator();
    run->addActions({actions.layerAlone, actions.tryFix});

    QMenu* help = window.menuBar()->addMenu(tr("&Help"));
    help->addAction(actions.about);
}

}
