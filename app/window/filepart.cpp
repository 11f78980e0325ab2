// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/filepart.h"

#include "core/files/file.h"
#include "core/files/sha256.h"
#include "widgets/file/filepanel.h"

namespace app {

FilePart::FilePart(Workspace& workspace, widgets::FilePanel& panel, QObject* parent)
    : QObject(parent), m_workspace(workspace), m_panel(panel)
{
    connect(&workspace, &Workspace::sidesChanged, this, &FilePart::refresh);
    connect(&workspace, &Workspace::pairChanged, this, &FilePart::refresh); // its notes say what was borrowed
    connect(&panel, &widgets::FilePanel::checksumWanted, this, &FilePart::computeChecksum);
    connect(&panel, &widgets::FilePanel::checksumCancelled, this, [this] {
        m_checksum.cancel();
        m_panel.setChecksumProgress({});
    });
    connect(&m_checksum, &JobSlot::progressed, this, [this](double fraction) { m_panel.setChecksumProgress(fraction); });
    connect(&m_checksum, &JobSlot::failed, this, [this](std::exception_ptr thrown) {
        m_panel.setChecksumProgress({});
        m_workspace.fail(m_side, toError(thrown));
    });
}

void FilePart::show(Side side)
{
    m_side = side;
    refresh();
}

void FilePart::refresh()
{
    const auto model = m_workspace.model(m_side);
    if (model != m_panel.model())
        m_checksum.cancel();
    const auto frameworkOf = [this](Side side) {
        const auto open = m_workspace.model(side);
        return open ? open->framework : core::Framework::None;
    };
    const auto names = widgets::sideNames(frameworkOf(Side::Left), frameworkOf(Side::Right));
    m_panel.setModel(names[m_side == Side::Left ? 0 : 1], model);
}

void FilePart::computeChecksum()
{
    const auto model = m_workspace.model(m_side);
    if (!model)
        return;
    m_panel.setChecksumProgress(0);
    m_checksum.start(
        [path = model->origin.path](const core::Progress& progress) { return core::sha256(*core::File::open(path), progress); },
        [this](const std::string& digest) { m_panel.setChecksum(QString::fromStdString(digest)); });
}

}
