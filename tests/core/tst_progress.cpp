// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/base/progress.h"

#include <QElapsedTimer>
#include <QTest>
#include <algorithm>
#include <cmath>
#include <thread>
#include <vector>

using core::Progress;

class TestProgress : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsAtMostTwentyTimesASecond()
    {
        std::vector<double> told;
        const Progress progress([&](double fraction) { told.push_back(fraction); });
        QElapsedTimer timer;
        timer.start();
        int reports = 0;
        for (; timer.elapsed() < 500; ++reports)
            progress.report(0.5 + 0.4 * std::sin(reports)); // forth and back
        progress.report(1);
        QVERIFY(reports > 1000);
        QVERIFY2(told.size() <= 12, qPrintable(QString::number(told.size())));
        QVERIFY(told.size() >= 5);
        QVERIFY(std::is_sorted(told.begin(), told.end()));
        QCOMPARE(told.back(), 1.0); // the end is never held back
    }

    void countsReportsOfManyThreads()
    {
        int calls = 0;
        const Progress progress([&](double) { ++calls; });
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([&] {
                for (int at = 0; at < 10000; ++at)
                    progress.report(at / 20000.0);
            });
        for (std::thread& thread : threads)
            thread.join();
        QVERIFY(calls >= 1 && calls < 100);
    }

    void partsFillTheWhole()
    {
        double told = -1;
        const Progress whole([&](double fraction) { told = fraction; });
        const Progress half = whole.part(0.5, 1), quarter = half.part(0.5, 1);
        quarter.report(0);
        QCOMPARE(told, 0.75);
        quarter.report(1);
        QCOMPARE(told, 1.0);
    }

    void partsAreCancelledWithTheWhole()
    {
        const Progress whole;
        const Progress part = whole.part(0, 0.5);
        part.report(0.1);
        whole.cancel();
        QVERIFY(part.isCancelled());
        QVERIFY_THROWS_EXCEPTION(core::Cancelled, part.report(0.2));
        QVERIFY(!Progress().isCancelled());
    }
};

QTEST_GUILESS_MAIN(TestProgress)
#include "tst_progress.moc"
