// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/runwindow.h"

#include "app/resources.h"
#include "app/window/mainwindow.h"
#include "widgets/empty/emptypage.h"
#include "widgets/theme/theme.h"

#include <QApplication>
#include <QTimer>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace app {

namespace {

/// While Qt looks for a display: where there is none it would end the program in an abort; one sentence and a status say it better.
class DisplayWatch
{
public:
    DisplayWatch() { s_previous = qInstallMessageHandler(heard); }
    ~DisplayWatch() { end(); }
    void end()
    {
        if (s_previous)
            qInstallMessageHandler(std::exchange(s_previous, nullptr));
    }

private:
    static void heard(QtMsgType type, const QMessageLogContext& context, const QString& text)
    {
        if (type == QtFatalMsg) {
            std::fputs("tieout: the window found no display that it can open: the commands do without one (see tieout --help)\n", stderr);
            std::_Exit(2);
        }
        if (!qstrcmp(context.category, "default"))
            s_previous(type, context, text);
    }

    static inline QtMessageHandler s_previous = nullptr;
};

}

void loadInBackground(Workspace& workspace, MainWindow& window)
{
    core::engines::prestartTorch();
    try {
        workspace.setSamples(core::digits::readSamples(samplesFolder()));
        const core::digits::Picture first = workspace.samples()->picture(0);
        QImage image(28, 28, QImage::Format_Grayscale8);
        for (int i = 0; i < 784; ++i)
            image.scanLine(i / 28)[i % 28] = static_cast<uchar>(first[static_cast<std::size_t>(i)]);
        window.emptyPage()->setSamplePicture(image);
    } catch (const core::Error& error) {
        Q_EMIT workspace.troubled(error);
    }
    workspace.loadTestSet(Settings().mnistFolder());
}

int runWindow(int argc, char** argv)
{
    DisplayWatch watch;
    QApplication application(argc, argv);
    watch.end();
    QApplication::setApplicationName(QStringLiteral("Tieout"));
    QApplication::setOrganizationName(QStringLiteral("Tieout"));
    QApplication::setApplicationVersion(QStringLiteral(TIEOUT_VERSION));
    widgets::Theme theme;
    Workspace workspace;
    MainWindow window(workspace, theme);
    workspace.openDropped(QApplication::arguments().mid(1));
    window.show();
    QTimer::singleShot(0, &window, [&] { loadInBackground(workspace, window); });
    const int status = QApplication::exec();
    core::engines::endTorch();
    return status;
}

}
