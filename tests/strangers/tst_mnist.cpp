// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/digits/digits.h"
#include "tests/cli/program.h"

#include <numeric>

using namespace core::digits;

class TestMnist : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsTheTestSet()
    {
        const DigitSet set = readTestSet(TIEOUT_SHARED "/mnist");
        QCOMPARE(set.count(), 10000);
        QCOMPARE(set.label(0), std::optional(7));
        QCOMPARE(set.label(42), std::optional(4));
        const Picture picture = set.picture(0);
        QCOMPARE(std::accumulate(picture.begin(), picture.end(), 0.0f), 18454.0f);
    }

    void compareTakesADigit()
    {
        const Answer answer =
            tieout({"compare", sample("lenet5.pt"), sample("lenet5.h5"), "--digit", "42", "--mnist", TIEOUT_SHARED "/mnist", "--json"});
        QVERIFY2(answer.status == 0, answer.messages);
        QCOMPARE(answer.json()["input"]["label"].get<int>(), 4);
        QCOMPARE(answer.json()["input"]["index"].get<int>(), 42);
    }
};

QTEST_GUILESS_MAIN(TestMnist)
#include "tst_mnist.moc"
