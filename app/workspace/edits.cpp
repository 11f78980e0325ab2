// SPDX-License-Identifier: GPL-3.0-or-later
// What the person can change and undo.
#include "app/workspace/choicescommand.h"
#include "app/workspace/workspace.h"
#include "core/mapping/mapping.h"

namespace app {

namespace {

/// Merge ids of commands that grow while they are made.
enum MergeId { Tolerance = 1, StrokeBase = 1000 };

}

void Workspace::autoMap()
{
    Choices after = m_choices;
    after.handMade = false;
    if (m_choices.handMade)
        edit(tr("Auto-map"), after);
}

void Workspace::link(const QString& leftLayer, const QString& rightLayer)
{
    if (!m_pair || !m_pair->left || !m_pair->right)
        return;
    try {
        Choices after = m_choices;
        after.mapping = core::mapping::linked(m_choices.mapping, *model(Side::Left), *model(Side::Right), leftLayer.toStdString(),
                                              rightLayer.toStdString());
        after.handMade = true;
        edit(tr("Link %1 with %2").arg(leftLayer, rightLayer), after);
    } catch (const core::Error& error) {
        Q_EMIT troubled(error);
    }
}

void Workspace::unlink(const QString& layer, Side side)
{
    if (!m_pair || !m_pair->left || !m_pair->right)
        return;
    Choices after = m_choices;
    after.mapping =
        core::mapping::unlinked(m_choices.mapping, *model(Side::Left), *model(Side::Right), layer.toStdString(), side == Side::Left);
    after.handMade = true;
    if (after.mapping != m_choices.mapping)
        edit(tr("Unlink %1").arg(layer), after);
}

QString Workspace::whyNotLink(const QString& leftLayer, const QString& rightLayer) const
{
    if (!m_pair || !m_pair->left || !m_pair->right)
        return tr("both sides must be open");
    const auto reason =
        core::mapping::impossible(*model(Side::Left), *model(Side::Right), leftLayer.toStdString(), rightLayer.toStdString());
    return reason ? QString::fromStdString(reason->text) : QString();
}

void Workspace::tryRepair(const core::compare::Cause& cause)
{
    if (!m_result || isStale() || !cause.proved || !cause.repair || cause.repair->isEmpty())
        return;
    Choices after = m_choices;
    after.trials.push_back(std::make_shared<const Trial>(Trial{cause, m_result->report.minimumTolerance}));
    edit(tr("Try the fix of %1").arg(QString::fromStdString(core::printable(cause.right.empty() ? cause.left : cause.right))), after);
}

void Workspace::takeBackRepairs()
{
    if (m_choices.trials.empty())
        return;
    Choices after = m_choices;
    after.trials.clear();
    edit(tr("Take back the fixes"), after);
}

void Workspace::setTolerance(double tolerance)
{
    Choices after = m_choices;
    after.tolerance = tolerance;
    if (tolerance != m_choices.tolerance)
        edit(tr("Tolerance %1").arg(tolerance), after, Tolerance);
}

void Workspace::setPreprocess(const core::digits::Preprocess& left, const core::digits::Preprocess& right)
{
    if (left == m_choices.left && right == m_choices.right)
        return;
    Choices after = m_choices;
    after.left = left;
    after.right = right;
    edit(tr("Preprocessing"), after);
}

void Workspace::chooseInput(const InputChoice& input)
{
    const InputChoice& now = m_choices.input;
    if (input.kind == now.kind && input.index == now.index && input.kind != InputChoice::Kind::Drawing)
        return;
    Choices after = m_choices;
    after.input = input;
    edit(input.kind == InputChoice::Kind::Drawing ? tr("Draw") : tr("Digit %1").arg(input.index), after);
}

void Workspace::chooseOther(const OtherInput& input)
{
    if (input == m_choices.other)
        return;
    Choices after = m_choices;
    after.other = input;
    edit(input.file.isEmpty() ? tr("Noise of seed %1").arg(input.seed) : tr("Input from a file"), after);
}

void Workspace::setDrawing(const std::vector<core::digits::Stroke>& strokes)
{
    Choices after = m_choices;
    after.input.kind = InputChoice::Kind::Drawing;
    after.input.strokes = strokes;
    edit(tr("Stroke"), after, StrokeBase + static_cast<int>(strokes.size())); // points of one stroke merge
}

void Workspace::edit(const QString& text, Choices after, int mergeId)
{
    m_undo.push(new ChoicesCommand(*this, text, m_choices, std::move(after), mergeId));
}

}
