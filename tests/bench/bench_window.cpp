// SPDX-License-Identifier: GPL-3.0-or-later
// Starts itself again and again as the window with the sample pair, from the parent's clock to the first frame and to the verdict; then
// draws on the pad and waits after each move of the pen until outputs and heatmaps show it. Fails when a median is over its limit.
#include "app/resources.h"
#include "app/window/comparepage.h"
#include "app/window/mainwindow.h"
#include "app/window/runwindow.h"
#include "widgets/digit/digitpages.h"
#include "widgets/digit/digitpanel.h"
#include "widgets/heatmap/heatmappanel.h"
#include "widgets/heatmap/heatmapview.h"
#include "widgets/theme/theme.h"

#include <QApplication>
#include <QMouseEvent>
#include <QProcess>
#include <QSettings>
#include <QTemporaryDir>
#include <QTimer>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <functional>
#include <vector>

namespace {

/// Nanoseconds of a clock that parent and child share.
qint64 now()
{
    return std::chrono::steady_clock::now().time_since_epoch().count();
}

bool report(const char* what, std::vector<double> times, double limit)
{
    std::sort(times.begin(), times.end());
    const double median = times[times.size() / 2];
    std::printf("%-34s min %7.1f  median %7.1f  max %7.1f ms  (at most %g)\n", what, times.front(), median, times.back(), limit);
    return median <= limit;
}

/// Notes that widgets were painted.
class Painted final : public QObject
{
public:
    void watch(QWidget* widget)
    {
        widget->installEventFilter(this);
        m_waiting.append(widget);
        m_all.append(widget);
    }
    void restart() { m_waiting = m_all; }
    bool all() const { return m_waiting.isEmpty(); }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override
    {
        if (event->type() == QEvent::Paint)
            m_waiting.removeAll(watched);
        return false;
    }

private:
    QList<QObject*> m_all, m_waiting;
};

/// The program as it starts with two files; the rest of its life belongs to the caller.
struct Program
{
    Program() : window(workspace, theme)
    {
        const QString folder = QString::fromStdString(app::samplesFolder());
        workspace.openPair(folder + QStringLiteral("/lenet5.pt"), folder + QStringLiteral("/lenet5.h5"));
        window.show();
        QTimer::singleShot(0, &window, [this] { app::loadInBackground(workspace, window); });
    }

    bool isCurrent() const { return workspace.result() && !workspace.isStale() && workspace.result()->label.has_value(); }

    widgets::Theme theme;
    app::Workspace workspace;
    app::MainWindow window;
};

void waitUntil(const std::function<bool()>& done)
{
    while (!done())
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
}

/// In the child: "first-frame verdict" in milliseconds since `start`.
int timedStart(qint64 start)
{
    Program program;
    Painted painted;
    painted.watch(program.window.centralWidget());
    waitUntil([&] { return painted.all(); });
    const double frame = static_cast<double>(now() - start) / 1e6;
    waitUntil([&] { return program.isCurrent(); });
    std::printf("%f %f\n", frame, static_cast<double>(now() - start) / 1e6);
    return 0;
}

bool measureStart(int runs)
{
    std::vector<double> frames, verdicts;
    for (int run = 0; run < runs; ++run) {
        QProcess child;
        child.start(QCoreApplication::applicationFilePath(), {QStringLiteral("--start"), QString::number(now())});
        child.waitForFinished(60'000);
        const QList<QByteArray> told = child.readAllStandardOutput().trimmed().split(' ');
        if (child.exitCode() != 0 || told.size() != 2) {
            std::fprintf(stderr, "the window did not start\n");
            return false;
        }
        frames.push_back(told[0].toDouble());
        verdicts.push_back(told[1].toDouble());
    }
    const bool first = report("start to the first frame", frames, 150), usable = report("start to the verdict", verdicts, 1000);
    return first && usable;
}

void movePen(QWidget* pad, QEvent::Type type, QPointF at)
{
    const auto button = type == QEvent::MouseMove ? Qt::NoButton : Qt::LeftButton;
    QMouseEvent event(type, at, pad->mapToGlobal(at), button, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(pad, &event);
}

bool measurePen(int moves)
{
    Program program;
    waitUntil([&] { return program.isCurrent(); });
    auto* page = program.window.comparePage();
    program.workspace.chooseInput({app::InputChoice::Kind::Drawing, 0, {}});
    Painted painted;
    for (int place = 0; place < 3; ++place)
        painted.watch(page->heatmaps()->view(place));
    QObject::connect(&program.workspace, &app::Workspace::resultChanged, &painted, [&] { painted.restart(); });
    auto* pad = page->digits()->drawPage()->pad();
    const QPointF middle = pad->rect().center();
    const double radius = pad->width() / 3.0;
    std::vector<double> times;
    movePen(pad, QEvent::MouseButtonPress, middle + QPointF(radius, 0));
    for (int i = 1; i <= moves; ++i) {
        waitUntil([&] { return !program.workspace.isStale() && painted.all(); });
        const double angle = i * 0.05;
        const qint64 begin = now();
        movePen(pad, QEvent::MouseMove, middle + radius * QPointF(std::cos(angle), std::sin(angle)));
        waitUntil([&] { return !program.workspace.isStale() && painted.all(); });
        times.push_back(static_cast<double>(now() - begin) / 1e6);
    }
    movePen(pad, QEvent::MouseButtonRelease, middle);
    return report("pen to outputs and heatmaps", times, 16.7);
}

}

int main(int argc, char** argv)
{
    QTemporaryDir settings;
    QApplication application(argc, argv);
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, settings.path());
    QApplication::setApplicationName(QStringLiteral("Tieout"));
    QApplication::setOrganizationName(QStringLiteral("Tieout"));
    if (argc == 3 && QByteArray(argv[1]) == "--start")
        return timedStart(QByteArray(argv[2]).toLongLong());
    const bool start = measureStart(11), pen = measurePen(200);
    return start && pen ? 0 : 1;
}
