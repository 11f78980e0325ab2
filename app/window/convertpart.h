// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workspace/workspace.h"

namespace widgets {
class ConvertPage;
}

namespace app {

/// Connects the convert page with the workspace: plans for what is chosen, asks before it overwrites, writes, proves, shows.
class ConvertPart final : public QObject
{
    Q_OBJECT

public:
    ConvertPart(Workspace& workspace, widgets::ConvertPage& page, QObject* parent = nullptr);

    /// Nothing while a conversion runs.
    void chooseDirection(bool leftToRight);
    /// What is shown, as an HTML page or, by the name, as the command line's document.
    void saveProof(const QString& path);

Q_SIGNALS:
    void failed(const core::Error& error);

private:
    struct Done
    {
        core::convert::Plan plan;
        core::convert::Conversion conversion;
        bool fromLeft = true;
    };

    void connectPage();
    void showSides();
    bool eventFilter(QObject* watched, QEvent* event) override;
    void makePlan();
    void tellSamples();
    void suggestPath();
    void browse();
    void write();
    void startWriting();
    void finish();
    void showProof(const core::convert::Plan& plan, const core::convert::Conversion& conversion);
    void openWritten();
    void showFolder();
    void chooseWhereToSave();

    Workspace& m_workspace;
    widgets::ConvertPage& m_page;
    std::optional<core::convert::Plan> m_plan;
    std::optional<Done> m_done;
    JobSlot m_planning{JobSlot::Policy::Replace}, m_looking{JobSlot::Policy::Replace};
    bool m_fromLeft = true;                     ///< of what is written
    bool m_running = false, m_outdated = false; ///< sides or mapping changed while it ran
    bool m_due = false;                         ///< they changed while the page was out of sight
    QString m_suggested;
};

}
