// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAction>
#include <QMainWindow>

namespace app {

/// Every command of the window, with its text, shortcut and icon. Who carries it out connects to it.
struct Actions
{
    explicit Actions(QObject* parent);

    QAction *openLeft, *openRight, *openSample, *reload, *close, *swap, *mnistFolder, *quit;
    QAction *undo = nullptr, *redo = nullptr; ///< made by the undo stack
    QAction *copyCommand, *find;
    QAction *autoMap, *unlink;
    QAction *nextDifference, *previousDifference, *layerAlone, *tryFix;
    QAction *outputs, *tensor, *fileLeft, *fileRight;
    QAction *compare, *testSet, *convert, *convertToRight, *convertToLeft;
    QAction *themeSystem, *themeLight, *themeDark;
    QAction* about;
};

/// The menu bar of the window.
void buildMenus(QMainWindow& window, const Actions& actions, const QList<QAction*>& pictureActions);

}
