// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/runwindow.h"

#include "app/resources.h"
#include "app/window/mainwindow.h"
#include "widgets/empty/emptypage.h"
#include "widgets/theme/theme.h"

#include <QApplication>
#include <QTimer>

namespace app {

namespace {

void openArguments(Workspace& workspace, const QStringList& paths)
{
    if (paths.size() >= 2)
        workspace.openPair(paths[0], paths[1]);
    else if (paths.size() == 1)
        workspace.open(paths[0]);
}

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
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("Tieout"));
    QApplication::setOrganizationName(QStringLiteral("Tieout"));
    QApplication::setApplicationVersion(QStringLiteral(TIEOUT_VERSION));
    widgets::Theme theme;
    Workspace workspace;
    MainWindow window(workspace, theme);
    openArguments(workspace, QApplication::arguments().mid(1));
    window.show();
    QTimer::singleShot(0, &window, [&] { loadInBackground(workspace, window); });
    return QApplication::exec();
}

}
