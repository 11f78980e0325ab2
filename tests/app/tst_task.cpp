// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/tasks/task.h"

#include <QSemaphore>
#include <QSignalSpy>
#include <QTest>
#include <algorithm>

using app::JobSlot;

/// Background jobs: which results arrive, and in which order.
class TestTask : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void resultNeverComesAtOnce();
    void coalescingKeepsOrderAndTheLast();
    void replacingDropsTheOlder();
    void failureIsToldOnce();
    void cancelledIsNoFailure();
    void slotMayGoWhileItsJobRuns();
};

void TestTask::resultNeverComesAtOnce()
{
    JobSlot slot(JobSlot::Policy::Replace);
    for (int i = 0; i < 200; ++i) {
        bool returned = false, early = false, came = false;
        slot.start([](const core::Progress&) { return 1; },
                   [&](int) {
                       early = !returned;
                       came = true;
                   });
        returned = true;
        QTRY_VERIFY(came);
        QVERIFY(!early);
    }
}

/// Jobs that end before the next line is reached: a result must never overtake the one before.
void TestTask::coalescingKeepsOrderAndTheLast()
{
    JobSlot slot(JobSlot::Policy::Coalesce);
    constexpr int count = 3000;
    std::vector<int> came;
    for (int i = 0; i < count; ++i) {
        slot.start([i](const core::Progress&) { return i; }, [&came](int number) { came.push_back(number); });
        if (i % 3 == 0)
            QCoreApplication::processEvents();
    }
    QTRY_VERIFY(!slot.isRunning());
    QVERIFY(std::is_sorted(came.begin(), came.end(), std::less_equal<int>()));
    QCOMPARE(came.back(), count - 1);
    QVERIFY(came.size() > 1);
}

void TestTask::replacingDropsTheOlder()
{
    JobSlot slot(JobSlot::Policy::Replace);
    auto gate = std::make_shared<QSemaphore>();
    std::vector<int> came;
    slot.start(
        [gate](const core::Progress& progress) {
            gate->acquire();
            return progress.isCancelled() ? 10 : 1;
        },
        [&](int number) { came.push_back(number); });
    slot.start([](const core::Progress&) { return 2; }, [&](int number) { came.push_back(number); });
    gate->release();
    QTRY_VERIFY(!slot.isRunning());
    QVERIFY(QThreadPool::globalInstance()->waitForDone(5000));
    QTest::qWait(20);
    QCOMPARE(came, std::vector<int>{2});
}

void TestTask::failureIsToldOnce()
{
    JobSlot slot(JobSlot::Policy::Coalesce);
    QStringList told;
    connect(&slot, &JobSlot::failed, &slot, [&](std::exception_ptr thrown) {
        try {
            std::rethrow_exception(thrown);
        } catch (const core::Error& error) {
            told << QString::fromStdString(error.id() + ' ' + error.found());
        }
    });
    int done = 0;
    slot.start([](const core::Progress&) -> int { throw core::Error("broken").found("nothing"); }, [&](int) { ++done; });
    slot.start([](const core::Progress&) { return 1; }, [&](int) { ++done; }); // goes on behind a failure
    QTRY_VERIFY(!slot.isRunning());
    QCOMPARE(told, QStringList{QStringLiteral("broken nothing")});
    QCOMPARE(done, 1);
}

void TestTask::cancelledIsNoFailure()
{
    JobSlot slot(JobSlot::Policy::Replace);
    QSignalSpy failed(&slot, &JobSlot::failed), progressed(&slot, &JobSlot::progressed);
    auto started = std::make_shared<QSemaphore>();
    slot.start(
        [started](const core::Progress& progress) {
            started->release();
            for (;;)
                progress.report(0.5);
            return 0;
        },
        [](int) { QFAIL("a cancelled job has no result"); });
    QVERIFY(started->tryAcquire(1, 5000));
    slot.cancel();
    QVERIFY(!slot.isRunning());
    QVERIFY(QThreadPool::globalInstance()->waitForDone(5000));
    QTest::qWait(20);
    QCOMPARE(failed.count(), 0);
    QCOMPARE(progressed.count(), 0); // none of a job that is no longer wanted
}

void TestTask::slotMayGoWhileItsJobRuns()
{
    auto gate = std::make_shared<QSemaphore>();
    auto came = std::make_shared<int>(0);
    {
        JobSlot slot(JobSlot::Policy::Replace);
        slot.start(
            [gate](const core::Progress&) {
                gate->acquire();
                return 1;
            },
            [came](int) { ++*came; });
    }
    gate->release();
    QVERIFY(QThreadPool::globalInstance()->waitForDone(5000));
    QTest::qWait(20);
    QCOMPARE(*came, 0);
}

QTEST_GUILESS_MAIN(TestTask)
#include "tst_task.moc"
