// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/console.h"

#include <QTest>

class TestConsole : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void escapesAtTheExit_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("shown");
        const auto row = [](const char* name, const QByteArray& text, const QByteArray& shown) { QTest::newRow(name) << text << shown; };
        row("lines and tabs stay", "a\tb\nc\n", "a\tb\nc\n");
        row("our colours stay", "\x1b[1;32mTIES OUT\x1b[0m\n", "\x1b[1;32mTIES OUT\x1b[0m\n");
        row("a name that clears the screen", "conv\x1b[2J\n", "conv\\x1b[2J\n");
        row("a name that moves back", "a\rTIES OUT", "a\\x0dTIES OUT");
        row("C1",
            "a\xc2\x9b"
            "2J",
            "a\\xc2\\x9b2J");
        row("right to left", "a\xe2\x80\xae", "a\\xe2\\x80\\xae");
        row("letters stay", "caf\xc3\xa9 \xce\xb5", "caf\xc3\xa9 \xce\xb5");
        row("long texts stay", QByteArray(10'000, '\x01'), QByteArray("\\x01").repeated(10'000));
    }
    void escapesAtTheExit()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, shown);
        QCOMPARE(QByteArray::fromStdString(app::forTerminal(text.toStdString())), shown);
    }
};

QTEST_GUILESS_MAIN(TestConsole)
#include "tst_console.moc"
