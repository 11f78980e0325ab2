// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workspace/workspace.h"
#include "widgets/testset/testsetrun.h"

#include <QElapsedTimer>
#include <atomic>

namespace widgets {
class TestSetPage;
}

namespace app {

/// Connects the test set page with the workspace: runs both networks on all digits, keeps what was found as long as it holds.
class TestSetPart final : public QObject
{
    Q_OBJECT

public:
    TestSetPart(Workspace& workspace, widgets::TestSetPage& page, QObject* parent = nullptr);
    ~TestSetPart() override;

    /// Runs the whole set, or the rest of one that was cancelled.
    void run();
    /// What was run so far stays.
    void cancel();
    bool isRunning() const { return m_job.isRunning(); }
    /// As the command line's document, an HTML page or a table (.csv), by the name.
    void save(const QString& path);

Q_SIGNALS:
    void digitOpened();
    void folderWanted();
    void failed(const core::Error& error);

private:
    /// What a run depends on.
    struct Basis
    {
        std::shared_ptr<const core::session::Pair> pair;
        std::shared_ptr<const core::digits::DigitSet> digits;
        core::digits::Preprocess left, right;
        bool holds(const Basis& other) const;
    };
    Basis basis() const;
    QString problem() const;
    void tellState();
    void judge();
    void open(int number);
    void chooseWhereToSave();

    Workspace& m_workspace;
    widgets::TestSetPage& m_page;
    JobSlot m_job{JobSlot::Policy::Replace};
    std::shared_ptr<std::atomic<bool>> m_stop;
    Basis m_basis; ///< of the run that is shown
    std::shared_ptr<const widgets::TestSetRun> m_run;
    QElapsedTimer m_clock;
    int m_first = 0, m_count = 0; ///< of the digits that are being run
    double m_before = 0;          ///< seconds that an earlier part took
};

}
