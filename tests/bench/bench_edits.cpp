// SPDX-License-Identifier: GPL-3.0-or-later
// Chooses rows and edits links of five hundred layers against five hundred in the window: how long it takes until all of the window tells
// of the edit, and how long the longest event handler on the way. Fails when a median is over its limit.
#include "app/window/comparepage.h"
#include "app/window/listspart.h"
#include "app/window/mainwindow.h"
#include "core/formats/write.h"
#include "modelbuilder.h"
#include "report.h"
#include "tests/handlers.h"
#include "widgets/lists/layerpane.h"
#include "widgets/lists/layertree.h"
#include "widgets/theme/theme.h"

#include <QApplication>
#include <QSettings>
#include <QTemporaryDir>
#include <functional>

namespace {

using app::Side;
using core::Framework;
using Timed = TimedApplication<QApplication>;

constexpr int layers = 500, runs = 15;

core::formats::NamedTensors valuesOf(const core::Model& model)
{
    core::formats::NamedTensors tensors;
    for (const core::Parameter& parameter : model.parameters)
        tensors.emplace_back(parameter.name, core::read(parameter.source));
    return tensors;
}

/// Square layers, so that any fits any; each with values of its own.
ModelBuilder chain(Framework framework, const char* name)
{
    ModelBuilder builder(framework, {8});
    for (int i = 0; i < layers; ++i)
        builder.linear(name + std::to_string(i), 8, 8, {}, static_cast<float>(i) / layers);
    return builder;
}

void waitFor(const std::function<bool()>& done)
{
    while (!done())
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    QCoreApplication::processEvents();
}

bool measure(Timed& application, const char* what, const QString& left, const QString& right)
{
    widgets::Theme theme;
    app::Workspace workspace;
    app::MainWindow window(workspace, theme);
    window.show();
    const auto isCurrent = [&] { return workspace.result() && !workspace.isStale() && !workspace.isLoading(); };
    workspace.openPair(left, right);
    waitFor(isCurrent);
    const QString middle = QString::fromStdString(workspace.model(Side::Right)->layers[layers / 2].name);
    std::printf("%s: %zu links\n", what, workspace.pair()->mapping.links.size());

    bool isFast = true;
    const auto step = [&](const char* name, const std::function<void(int)>& action) {
        std::vector<double> whole, longest;
        for (int run = 0; run < runs; ++run) {
            application.restart();
            whole.push_back(bench::timed(1, [&] {
                                application.handle([&] { action(run); });
                                waitFor(isCurrent);
                            }).front());
            longest.push_back(application.longest());
        }
        isFast = bench::report(name, whole, 33) && isFast;
        isFast = bench::report("  longest event handler", longest, 33) && isFast;
    };
    widgets::LayerTree* const tree = window.comparePage()->lists()->pane(Side::Right)->tree();
    step("  choose a row", [&](int run) { tree->setCurrentIndex(tree->model()->index(run * 20, 0)); });
    step("  unlink one, or link it again", [&](int run) {
        if (run % 2 == 0)
            workspace.unlink(middle, Side::Right);
        else
            workspace.undoStack().undo();
    });
    step("  undo and redo", [&](int run) { run % 2 == 0 ? workspace.undoStack().undo() : workspace.undoStack().redo(); });
    return isFast;
}

}

int main(int argc, char** argv)
{
    QTemporaryDir folder;
    Timed application(argc, argv);
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, folder.path());
    QApplication::setApplicationName(QStringLiteral("Tieout"));
    QApplication::setOrganizationName(QStringLiteral("Tieout"));
    const QString state = folder.filePath(QStringLiteral("state.pt")), keras = folder.filePath(QStringLiteral("net.h5")),
                  twin = folder.filePath(QStringLiteral("twin.h5"));
    const core::Model net = chain(Framework::Keras, "dense_").model();
    core::formats::writeKerasH5(keras.toStdString(), net, valuesOf(net));
    core::formats::writeKerasH5(twin.toStdString(), net, valuesOf(net));
    core::formats::writeTorchStateDict(state.toStdString(), valuesOf(chain(Framework::Torch, "fc").stateDict()));
    const bool same = measure(application, "two Keras files", keras, twin);
    const bool borrowed = measure(application, "a state dict that borrows its wiring", state, keras);
    return same && borrowed ? 0 : 1;
}
