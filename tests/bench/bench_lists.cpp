// SPDX-License-Identifier: GPL-3.0-or-later
// Opens large files in a window that has just appeared and waits until their list is painted, each time in a process of its own; then
// scrolls through a hundred thousand rows. Fails when a median is over its limit.
#include "app/window/comparepage.h"
#include "app/window/listspart.h"
#include "app/window/mainwindow.h"
#include "largefiles.h"
#include "report.h"
#include "widgets/lists/layerpane.h"
#include "widgets/lists/layertree.h"
#include "widgets/theme/theme.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QProcess>
#include <QScrollBar>
#include <QSettings>
#include <QTemporaryDir>
#include <functional>

namespace {

using app::Side;

/// The window as it stands empty, and the list that fills.
struct Program
{
    Program() : window(workspace, theme)
    {
        window.show();
        for (int i = 0; i < 20; ++i)
            QCoreApplication::processEvents();
    }

    widgets::LayerTree* tree(Side side) { return window.comparePage()->lists()->pane(side)->tree(); }

    widgets::Theme theme;
    app::Workspace workspace;
    app::MainWindow window;
};

/// Tells when a list with rows was painted.
class Painted final : public QObject
{
public:
    explicit Painted(widgets::LayerTree* tree) : m_tree(tree) { tree->viewport()->installEventFilter(this); }
    bool isDone() const { return m_done; }

protected:
    bool eventFilter(QObject*, QEvent* event) override
    {
        m_done = m_done || (event->type() == QEvent::Paint && m_tree->model()->rowCount() > 0);
        return false;
    }

private:
    widgets::LayerTree* m_tree;
    bool m_done = false;
};

/// From asking for a file to its rows on the screen, and the longest time in which the window did not answer until all was quiet.
int timedListing(const QString& path)
{
    Program program;
    const Painted left(program.tree(Side::Left)), right(program.tree(Side::Right));
    QElapsedTimer timer;
    timer.start();
    program.workspace.open(path);
    qint64 shown = 0, longest = 0;
    QElapsedTimer quiet;
    quiet.start();
    while (shown == 0 || quiet.elapsed() < 1500) {
        const qint64 begin = timer.nsecsElapsed();
        QCoreApplication::processEvents(QEventLoop::AllEvents);
        const qint64 took = timer.nsecsElapsed() - begin;
        longest = std::max(longest, took);
        if (shown == 0 && (left.isDone() || right.isDone())) {
            shown = timer.nsecsElapsed();
            quiet.start();
        }
    }
    std::printf("%f %f\n", static_cast<double>(shown) / 1e6, static_cast<double>(longest) / 1e6);
    return 0;
}

/// The time of each frame while the list is scrolled from its beginning to its end.
int timedScrolling(const QString& path)
{
    Program program;
    widgets::LayerTree* tree = program.tree(Side::Left);
    const Painted painted(tree);
    program.workspace.open(path);
    while (!painted.isDone() || program.workspace.isLoading() || !program.workspace.pair())
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    constexpr int frames = 200;
    QScrollBar* bar = tree->verticalScrollBar();
    for (int frame = 0; frame < frames; ++frame) {
        QElapsedTimer timer;
        timer.start();
        bar->setValue(bar->maximum() / frames * frame + frame % 7);
        tree->window()->repaint(); // all of the window, as after any move of a list beside its links
        QCoreApplication::processEvents();
        std::printf("%f ", static_cast<double>(timer.nsecsElapsed()) / 1e6);
    }
    std::printf("\n");
    return 0;
}

/// What a child told, as numbers.
std::vector<double> childSays(const QStringList& arguments)
{
    QProcess child;
    child.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    child.start(QCoreApplication::applicationFilePath(), arguments);
    child.waitForFinished(20'000);
    std::vector<double> numbers;
    if (child.exitStatus() == QProcess::NormalExit && child.exitCode() == 0)
        for (const QByteArray& word : child.readAllStandardOutput().simplified().split(' '))
            numbers.push_back(word.toDouble());
    return numbers;
}

bool list(const char* what, const QString& path, double limit, int runs)
{
    std::vector<double> times, longest;
    for (int run = 0; run < runs; ++run) {
        const auto told = childSays({QStringLiteral("--list"), path});
        if (told.size() != 2)
            return false;
        times.push_back(told[0]);
        longest.push_back(told[1]);
    }
    const bool isFast = bench::report(what, times, limit);
    bench::report("  longest time without an answer", longest, limit);
    return isFast;
}

}

int main(int argc, char** argv)
{
    QTemporaryDir folder;
    QApplication application(argc, argv);
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, folder.path());
    QApplication::setApplicationName(QStringLiteral("Tieout"));
    QApplication::setOrganizationName(QStringLiteral("Tieout"));
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() == 3 && arguments[1] == QLatin1String("--list"))
        return timedListing(arguments[2]);
    if (arguments.size() == 3 && arguments[1] == QLatin1String("--scroll"))
        return timedScrolling(arguments[2]);

    const auto file = [&](const char* name) { return folder.filePath(QString::fromLatin1(name)); };
    const QString zip = file("zip.pt"), legacy = file("legacy.pt"), hdf5 = file("large.h5"), many = file("many.pt");
    bench::writeLargeZip(zip.toStdString());
    bool isFast = list("window: list a 1 GB torch zip", zip, 100, 5);
    QFile::remove(zip);
    bench::writeLargeLegacy(legacy.toStdString());
    isFast = list("window: list a 1 GB legacy stream", legacy, 100, 5) && isFast;
    QFile::remove(legacy);
    bench::writeLargeHdf5(hdf5.toStdString());
    isFast = list("window: list a 1 GB HDF5 file", hdf5, 100, 5) && isFast;
    QFile::remove(hdf5);
    bench::writeManyTensors(many.toStdString(), 100'000);
    isFast = list("window: list 100,000 tensors", many, 1000, 3) && isFast;
    const auto frames = childSays({QStringLiteral("--scroll"), many});
    return !frames.empty() && bench::report("window: a frame while 100,000 rows scroll", frames, 16.7) && isFast ? 0 : 1;
}
