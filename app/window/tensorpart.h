// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workspace/workspace.h"
#include "core/tensor/slicing.h"

namespace widgets {
class TensorInspector;
}

namespace app {

/// Reads for the tensor inspector what it looks at, in the background, and carries out copy and save.
class TensorPart final : public QObject
{
    Q_OBJECT

public:
    TensorPart(Workspace& workspace, widgets::TensorInspector& inspector, QObject* parent = nullptr);

    /// Shows a parameter of what is open on a side; false when it has no such one.
    bool show(Side side, const QString& parameter);
    /// Lets go of a file that is no longer open.
    void release();
    Side side() const { return m_side; }

    /// What the save dialogs lead to.
    void saveArray(const QString& path);
    void savePicture(const QString& path);

Q_SIGNALS:
    /// The first time that all of a large parameter was read.
    void statisticsRead(app::Side side, const app::ParameterStatistics& statistics);
    void failed(const core::Error& error);
    void told(const QString& text);

private:
    void readCells(const core::Slicing& slicing, const core::Cells& cells);
    void readTiles(const core::Slicing& slicing, const core::Tiling& tiling);
    void readStatistics();
    void copy(const core::Slicing& slicing, const core::Cells& cells);
    void whenReadable(std::function<void()> then);
    void fetch();
    void showError(std::exception_ptr thrown);
    QString suggestedPath(const QString& ending) const;

    Workspace& m_workspace;
    widgets::TensorInspector& m_inspector;
    Side m_side = Side::Left;
    std::shared_ptr<const core::Model> m_file; ///< as opened or repaired, to notice another one
    core::Parameter m_parameter;
    core::Progress m_reading; ///< of the cells; cancelled with the tensor
    std::vector<std::function<void()>> m_waiting;
    JobSlot m_fetch{JobSlot::Policy::Replace}, m_tiles{JobSlot::Policy::Replace}, m_statistics{JobSlot::Policy::Replace};
    JobSlot m_copy{JobSlot::Policy::Replace}, m_save{JobSlot::Policy::Replace};
};

}
