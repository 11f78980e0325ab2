// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workspace/workspace.h"

#include <QUndoCommand>

namespace app {

/// Goes from one set of choices to another and back. Steps with the same merge id (typing a tolerance, one pen stroke) become one.
class ChoicesCommand final : public QUndoCommand
{
public:
    ChoicesCommand(Workspace& workspace, const QString& text, Choices before, Choices after, int mergeId)
        : QUndoCommand(text), m_workspace(workspace), m_before(std::move(before)), m_after(std::move(after)), m_mergeId(mergeId)
    {
    }

    void undo() override { m_workspace.apply(m_before); }
    void redo() override { m_workspace.apply(m_after); }
    bool changesTrials() const { return !m_before.trials.empty() || !m_after.trials.empty(); }
    int id() const override { return m_mergeId; }
    bool mergeWith(const QUndoCommand* next) override
    {
        m_after = static_cast<const ChoicesCommand*>(next)->m_after;
        return true;
    }

private:
    Workspace& m_workspace;
    Choices m_before, m_after;
    int m_mergeId;
};

}
