// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workspace/workspace.h"

namespace widgets {
class ConvertPage;
}

namespace app {

/// Connects the convert page with the workspace: plans for what is chosen, writes, proves, shows.
class ConvertPart final : public QObject
{
    Q_OBJECT

public:
    ConvertPart(Workspace& workspace, widgets::ConvertPage& page, QObject* parent = nullptr);

    void chooseDirection(bool leftToRight);

Q_SIGNALS:
    void failed(const core::Error& error);

private:
    void showSides();
    void makePlan();
    void suggestPath();
    void browse();
    void write();
    void showProof(const core::convert::Plan& plan, const core::convert::Proof& proof, const QString& path);

    Workspace& m_workspace;
    widgets::ConvertPage& m_page;
    std::optional<core::convert::Plan> m_plan;
    QString m_suggested;
};

}
