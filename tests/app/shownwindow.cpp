// SPDX-License-Identifier: GPL-3.0-or-later
#include "shownwindow.h"

#include "app/window/comparepage.h"
#include "app/window/listspart.h"
#include "widgets/lists/layerpane.h"
#include "widgets/lists/layertree.h"
#include "widgets/lists/linkgutter.h"
#include "widgets/verdict/banner.h"
#include "widgets/verdict/verdictchip.h"

#include <QDropEvent>
#include <QLineEdit>
#include <QMimeData>
#include <QSettings>
#include <QToolButton>
#include <QUrl>
#include <QWindow>

Surroundings::Surroundings()
{
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, folder.filePath(QStringLiteral("settings")));
    QCoreApplication::setOrganizationName(QStringLiteral("Tieout"));
    QCoreApplication::setApplicationName(QStringLiteral("Tieout"));
    theme = std::make_unique<widgets::Theme>();
}

ShownWindow::ShownWindow(widgets::Theme& theme) : window(workspace, theme)
{
    window.show();
    window.activateWindow();
    if (!QTest::qWaitForWindowActive(&window))
        qWarning("the window does not become active");
}

ShownWindow::~ShownWindow()
{
    if (qEnvironmentVariableIsSet("TIEOUT_GRABS"))
        window.grab().save(qEnvironmentVariable("TIEOUT_GRABS") + QLatin1Char('/') + QLatin1String(QTest::currentTestFunction()) +
                           QLatin1String(".png"));
}

bool ShownWindow::openSamplePair(const char* right)
{
    return opened::openSamplePair(workspace, right) && settle();
}

bool ShownWindow::settle()
{
    const bool done = opened::waitForResult(workspace);
    QCoreApplication::processEvents();
    return done;
}

void ShownWindow::click(QWidget* widget, const QPoint& at)
{
    QTest::mouseClick(window.windowHandle(), Qt::LeftButton, {}, local(widget->mapToGlobal(at)));
}

void ShownWindow::click(QWidget* widget)
{
    click(widget, widget->rect().center());
}

void ShownWindow::key(Qt::Key key, Qt::KeyboardModifiers modifiers)
{
    QTest::keyClick(window.windowHandle(), key, modifiers);
}

void ShownWindow::type(QLineEdit* line, const QString& text)
{
    click(line);
    line->selectAll();
    QTest::keyClicks(line, text);
    key(Qt::Key_Return);
}

void ShownWindow::press(const QPoint& global)
{
    QTest::mousePress(window.windowHandle(), Qt::LeftButton, {}, local(global));
}

void ShownWindow::move(const QPoint& global)
{
    QTest::mouseMove(window.windowHandle(), local(global));
}

void ShownWindow::release(const QPoint& global)
{
    QTest::mouseRelease(window.windowHandle(), Qt::LeftButton, {}, local(global));
}

void ShownWindow::close(widgets::Banner* banner)
{
    for (auto* button : banner->findChildren<QToolButton*>())
        if (button->accessibleName() == QStringLiteral("Close the message"))
            click(button);
}

void ShownWindow::drop(QWidget* target, const QStringList& paths)
{
    QMimeData files;
    QList<QUrl> urls;
    for (const QString& path : paths)
        urls << QUrl::fromLocalFile(path);
    files.setUrls(urls);
    const QPoint at = target->rect().center();
    QDragEnterEvent enter(at, Qt::CopyAction, &files, Qt::LeftButton, {});
    QApplication::sendEvent(target, &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent event(at, Qt::CopyAction, &files, Qt::LeftButton, {});
    QApplication::sendEvent(target, &event);
    QVERIFY(event.isAccepted());
}

widgets::LayerTree* ShownWindow::tree(app::Side side) const
{
    return window.comparePage()->lists()->pane(side)->tree();
}

widgets::LinkGutter* ShownWindow::gutter() const
{
    return window.comparePage()->lists()->gutter();
}

QPoint ShownWindow::rowOf(app::Side side, const QString& layer) const
{
    const widgets::LayerTree* list = tree(side);
    return list->viewport()->mapToGlobal(QPoint(40, list->layerRect(layer).top() + 8));
}

QString ShownWindow::verdict() const
{
    return window.verdict()->accessibleName();
}
