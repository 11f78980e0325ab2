// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workspace/workspace.h"

namespace widgets {
class FilePanel;
}

namespace app {

/// Connects the panel about a file with the workspace: what it shows, and the checksum when it is asked for.
class FilePart final : public QObject
{
    Q_OBJECT

public:
    FilePart(Workspace& workspace, widgets::FilePanel& panel, QObject* parent = nullptr);

    void show(Side side);
    Side side() const { return m_side; }

private:
    void refresh();
    void computeChecksum();

    Workspace& m_workspace;
    widgets::FilePanel& m_panel;
    Side m_side = Side::Left;
    JobSlot m_checksum{JobSlot::Policy::Replace};
};

}
