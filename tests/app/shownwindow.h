// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/window/mainwindow.h"
#include "opened.h"
#include "widgets/theme/theme.h"

#include <QTemporaryDir>

class QLineEdit;

namespace widgets {
class Banner;
class LayerTree;
class LinkGutter;
}

/// Settings and files of their own for a test program, and the theme.
struct Surroundings
{
    Surroundings();

    QTemporaryDir folder;
    std::unique_ptr<widgets::Theme> theme;
};

/// The window as a person has it before them, driven by events at places on it.
class ShownWindow final
{
public:
    explicit ShownWindow(widgets::Theme& theme);
    /// Leaves a picture of itself in the folder TIEOUT_GRABS, if that is set.
    ~ShownWindow();

    bool openSamplePair(const char* right = "lenet5.h5");
    /// Until what is shown belongs to what is chosen, and the events that tell it are done.
    bool settle();

    void click(QWidget* widget, const QPoint& at);
    void click(QWidget* widget);
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = {});
    /// Replaces a line's text and presses Return.
    void type(QLineEdit* line, const QString& text);
    void press(const QPoint& global);
    void move(const QPoint& global);
    void release(const QPoint& global);
    void close(widgets::Banner* banner);
    void drop(QWidget* target, const QStringList& paths);

    widgets::LayerTree* tree(app::Side side) const;
    widgets::LinkGutter* gutter() const;
    /// In the middle of a layer's row, global.
    QPoint rowOf(app::Side side, const QString& layer) const;
    QString verdict() const; ///< as a screen reader tells it

    app::Workspace workspace;
    app::MainWindow window;

private:
    QPoint local(const QPoint& global) const { return window.mapFromGlobal(global); }
};
