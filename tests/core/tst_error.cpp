// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/base/progress.h"

#include <QTest>

class TestError : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void composesOneSentence()
    {
        const core::Error error =
            core::Error("h5-signature").file("a.h5").expected("an HDF5 signature").found("text").at("offset 0").advice("Look.");
        QCOMPARE(QString::fromUtf8(error.what()), QStringLiteral("a.h5: expected an HDF5 signature, found text (at offset 0). Look."));
        QCOMPARE(QString::fromUtf8(core::Error("only-id").what()), QStringLiteral("only-id"));
    }

    void printableEscapes_data()
    {
        QTest::addColumn<QByteArray>("raw");
        QTest::addColumn<QByteArray>("shown");
        QTest::newRow("plain") << QByteArray("conv2d/kernel:0") << QByteArray("conv2d/kernel:0");
        QTest::newRow("accents stay") << QByteArray("caf\xc3\xa9") << QByteArray("caf\xc3\xa9");
        QTest::newRow("P20 newline") << QByteArray("a\nb") << QByteArray("a\\x0ab");
        QTest::newRow("P20 NUL") << QByteArray("a\0b", 3) << QByteArray("a\\x00b");
        QTest::newRow("P20 right-to-left override") << QByteArray("a\xe2\x80\xae") << QByteArray("a\\xe2\\x80\\xae");
        QTest::newRow("no character") << QByteArray("a\xef\xbf\xbe\xef\xbf\xbf") << QByteArray("a\\xef\\xbf\\xbe\\xef\\xbf\\xbf");
        QTest::newRow("P20 invalid UTF-8") << QByteArray("a\xff") << QByteArray("a\\xff");
        QTest::newRow("overlong form") << QByteArray("\xc0\x80") << QByteArray("\\xc0\\x80");
        QTest::newRow("surrogate") << QByteArray("\xed\xa0\x80") << QByteArray("\\xed\\xa0\\x80");
        QTest::newRow("cut sequence") << QByteArray("\xe2\x80") << QByteArray("\\xe2\\x80");
    }

    void printableEscapes()
    {
        QFETCH(QByteArray, raw);
        QFETCH(QByteArray, shown);
        QCOMPARE(QByteArray::fromStdString(core::printable(raw.toStdString())), shown);
    }

    void printableIsBounded() { QCOMPARE(core::printable(std::string(1000, 'x'), 10), std::string("xxxxxxxxxx...")); }

    void progressThrowsOnceCancelled()
    {
        double seen = -1;
        const core::Progress progress([&](double fraction) { seen = fraction; });
        progress.report(0.5);
        QCOMPARE(seen, 0.5);
        progress.cancel();
        QVERIFY_THROWS_EXCEPTION(core::Cancelled, progress.report(0.6));
        QCOMPARE(seen, 0.5);
    }
};

QTEST_GUILESS_MAIN(TestError)
#include "tst_error.moc"
