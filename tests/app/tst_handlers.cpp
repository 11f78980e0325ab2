// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/comparepage.h"
#include "app/window/listspart.h"
#include "core/formats/write.h"
#include "modelbuilder.h"
#include "shownwindow.h"
#include "tests/handlers.h"
#include "widgets/lists/layerpane.h"
#include "widgets/lists/layertree.h"

#include <QApplication>
#include <QDir>
#include <csignal>

using app::Side;
using app::Workspace;
using namespace opened;

namespace {

using Timed = TimedApplication<QApplication>;

Timed& application()
{
    return *static_cast<Timed*>(QCoreApplication::instance());
}

/// The worker processes that this one has started and that run.
std::vector<pid_t> workers()
{
    std::vector<pid_t> result;
    for (const QString& entry : QDir(QStringLiteral("/proc")).entryList(QDir::Dirs)) {
        QFile file(QStringLiteral("/proc/%1/stat").arg(entry)); // proc(5): "pid (name) state parent ..."
        if (!file.open(QIODevice::ReadOnly))
            continue;
        const QByteArray stat = file.readAll();
        const QList<QByteArray> rest = stat.mid(stat.lastIndexOf(')') + 2).split(' ');
        if (stat.contains("(tieout-worker") && rest.size() > 1 && rest[1].toInt() == ::getpid() && rest[0] != "Z")
            result.push_back(entry.toInt());
    }
    return result;
}

core::formats::NamedTensors valuesOf(const core::Model& model)
{
    core::formats::NamedTensors tensors;
    for (const core::Parameter& parameter : model.parameters)
        tensors.emplace_back(parameter.name, core::read(parameter.source));
    return tensors;
}

}

/// How long the window's thread is in one handler, whatever the workers do and however many layers there are.
class TestHandlers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nobodyWaitsForStoppedWorkers();
    void linksOfManyLayersAreEdited();

private:
    Surroundings m_around;
};

void TestHandlers::nobodyWaitsForStoppedWorkers()
{
    const auto handle = [](auto action) {
        application().handle(action);
        QTest::qWait(100);
    };
    {
        auto workspace = std::make_unique<Workspace>();
        QVERIFY(openSamplePair(*workspace));
        const auto plan = workspace->plan(true, core::formats::kerasH5Writer);
        const std::vector<pid_t> stopped = workers();
        QVERIFY(!stopped.empty()); // LibTorch's; a file's own ends where all of its values lie in one piece
        for (const pid_t worker : stopped)
            QCOMPARE(::kill(worker, SIGSTOP), 0);
        application().restart();
        handle([&] { workspace->chooseInput({app::InputChoice::Kind::Sample, 3, {}}); }); // waits for the worker for ever
        handle([&] { workspace->wantStatistics(Side::Right, {QStringLiteral("conv2d/kernel:0"), QStringLiteral("dense/kernel:0")}); });
        handle([&] { workspace->unlink(QStringLiteral("flatten"), Side::Right); });
        handle([&] { workspace->convert(plan, m_around.folder.filePath("out.h5"), true, 5); });
        handle([&] { workspace->cancelConversion(); });
        handle([&] { workspace->reloadAll(); });
        handle([&] { workspace->close(Side::Left); });
        handle([&] { workspace->openPair(sample("lenet5.pt"), sample("lenet5.h5")); });
        handle([&] { workspace->close(Side::Right); });
        handle([&] { workspace->closeAll(); });
        handle([&] { workspace.reset(); });
        for (const pid_t worker : stopped)
            ::kill(worker, SIGKILL);
    }
    QVERIFY2(application().longest() < 50, qPrintable(QStringLiteral("%1 ms").arg(application().longest())));
}

void TestHandlers::linksOfManyLayersAreEdited()
{
    constexpr int layers = 500;
    ModelBuilder builder(core::Framework::Keras, {8});
    for (int i = 0; i < layers; ++i)
        builder.linear("dense_" + std::to_string(i), 8, 8, {}, static_cast<float>(i) / layers);
    const core::Model net = builder.model();
    const QString left = m_around.folder.filePath("left.h5"), right = m_around.folder.filePath("right.h5");
    for (const QString& path : {left, right})
        core::formats::writeKerasH5(path.toStdString(), net, valuesOf(net));
    ShownWindow shown(*m_around.theme);
    shown.workspace.openPair(left, right);
    QVERIFY(shown.settle());
    QCOMPARE(shown.workspace.pair()->mapping.links.size(), std::size_t{layers});
    widgets::LayerTree* const tree = shown.tree(Side::Right);
    std::vector<double> times; // one may meet a swap or a first use of a font
    for (int run = 0; run < 5; ++run) {
        application().restart();
        application().handle([&] { tree->setCurrentIndex(tree->model()->index(run * 20, 0)); });
        QVERIFY(shown.settle());
        application().handle([&] { shown.workspace.unlink(QStringLiteral("dense_%1").arg(100 + run), Side::Right); });
        QVERIFY(shown.settle());
        QCOMPARE(shown.workspace.pair()->mapping.links.size(), std::size_t{layers - 1});
        application().handle([&] { shown.workspace.undoStack().undo(); });
        QVERIFY(shown.settle());
        times.push_back(application().longest());
    }
    std::sort(times.begin(), times.end());
    QVERIFY2(times[2] < 50, qPrintable(QStringLiteral("%1 ms").arg(times[2])));
}

int main(int argc, char** argv)
{
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    Timed timed(argc, argv);
    TestHandlers test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_handlers.moc"
