// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/giveninput.h"

#include "widgets/sides/text.h"

#include <QCoreApplication>
#include <QFileInfo>

namespace app {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("app::GivenInput", text);
}

std::shared_ptr<const core::Model> running(const Workspace& workspace, Side side)
{
    const auto pair = workspace.pair();
    return !pair ? nullptr : side == Side::Left ? pair->runLeft : pair->runRight;
}

}

QString otherText(const Workspace& workspace, Side side)
{
    const auto model = running(workspace, side);
    const QString shape = model && model->inputShape ? QString::fromStdString(core::text(*model->inputShape)) : tr("[unknown]");
    const OtherInput& other = workspace.choices().other;
    if (const std::size_t inputs = model ? model->inputOps().size() : 0; inputs > 1)
        return other.file.isEmpty()
                   ? tr("noise for %1 inputs; shown is the first, %2").arg(inputs).arg(shape)
                   : tr("%1 for %2 inputs; shown is the first, %3").arg(QFileInfo(other.file).fileName()).arg(inputs).arg(shape);
    return other.file.isEmpty() ? tr("noise of shape %1").arg(shape) : tr("%1 as %2").arg(QFileInfo(other.file).fileName(), shape);
}

widgets::GivenInput givenInput(const Workspace& workspace)
{
    widgets::GivenInput given;
    const OtherInput& other = workspace.choices().other;
    given.title = otherText(workspace, running(workspace, Side::Left) ? Side::Left : Side::Right);
    given.noise = other.file.isEmpty();
    given.seed = static_cast<int>(other.seed);
    const auto result = workspace.result();
    const bool open[] = {workspace.model(Side::Left) != nullptr, workspace.model(Side::Right) != nullptr};
    for (const std::size_t i : {0u, 1u}) {
        if (result)
            given.values[i] = i == 0 ? result->inputLeft : result->inputRight;
        const std::string& problem = !result ? std::string() : i == 0 ? result->problemLeft : result->problemRight;
        given.problems[i] = !open[i] ? tr("no model") : result ? QString::fromStdString(core::printable(problem, 400)) : tr("preparing …");
    }
    return given;
}

QString inputText(const Workspace& workspace)
{
    if (!workspace.takesDigit()) {
        const OtherInput& other = workspace.choices().other;
        const QString what = givenInput(workspace).title;
        return other.file.isEmpty() ? tr("%1, seed %2").arg(what, widgets::thousands(other.seed)) : what;
    }
    const InputChoice& input = workspace.choices().input;
    if (input.kind == InputChoice::Kind::Drawing)
        return tr("Live");
    const bool digit = input.kind == InputChoice::Kind::Digit;
    const auto set = digit ? workspace.testSet() : workspace.samples();
    return (digit ? tr("Digit %1 of %2") : tr("Sample digit %1 of %2"))
        .arg(widgets::thousands(input.index), widgets::thousands(set ? set->count() : 0));
}

}
