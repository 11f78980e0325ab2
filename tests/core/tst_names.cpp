// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/base/names.h"

#include <QTest>

class TestNames : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void oneOfSeveral()
    {
        using core::either, core::choices;
        using Names = std::vector<std::string>;
        QCOMPARE(either({}), std::string());
        QCOMPARE(either({"A", "B", "C"}), std::string("A, B or C"));
        for (const Names& names : {Names{"A"}, Names{"A", "B"}, Names{"A", "B", "C"}})
            QCOMPARE(choices(either(names)), names);
    }

    void comeBack_data()
    {
        QTest::addColumn<QByteArray>("raw");
        QTest::addColumn<QByteArray>("safe");
        QTest::addColumn<QByteArray>("entry");
        const auto row = [](const char* title, const QByteArray& raw, const QByteArray& safe, const QByteArray& entry) {
            QTest::newRow(title) << raw << safe << entry;
        };
        row("plain", "conv2d/kernel:0", "conv2d/kernel:0", "conv2d/kernel:0");
        row("letters beyond ASCII", "gewicht.größe", "gewicht.größe", "gewicht.größe");
        row("control", "a\x1b[2Jb\n", "a\\x1b[2Jb\\x0a", "a%1b[2Jb%0a");
        row("bidi",
            "a\xe2\x80\xae"
            "b",
            "a\\xe2\\x80\\xaeb",
            "a\xe2\x80\xae"
            "b");
        row("no UTF-8", "a\xff", "a\\xff", "a\xff");
        row("what looks escaped", "a\\x1b", "a\\x5cx1b", "a%5cx1b");
        row("what looks packed", "a%1b", "a%1b", "a%251b");
        row("out of the folder", "../../x", "../../x", "%2e%2e/%2e%2e/x");
        row("absolute", "/etc/x", "/etc/x", "%2fetc/x");
        row("twice absolute", "//x", "//x", "%2f%2fx");
        row("drive", "C:/x", "C:/x", "C%3a/x");
        row("backslashes", "..\\x", "..\\x", "..%5cx");
        row("dots in words", "a..b/.c/...", "a..b/.c/...", "a..b/.c/...");
        row("empty", "", "", "");
        row("long", QByteArray(5000, 'n'), QByteArray(5000, 'n'), QByteArray(5000, 'n'));
    }
    void comeBack()
    {
        QFETCH(QByteArray, raw);
        QFETCH(QByteArray, safe);
        QFETCH(QByteArray, entry);
        const std::string name = raw.toStdString();
        QCOMPARE(QByteArray::fromStdString(core::safeName(name)), safe);
        QCOMPARE(QByteArray::fromStdString(core::rawName(core::safeName(name))), raw);
        QCOMPARE(QByteArray::fromStdString(core::entryName(name)), entry);
        QCOMPARE(QByteArray::fromStdString(core::nameOfEntry(core::entryName(name))), raw);
        QCOMPARE(core::printable(core::safeName(name), std::string::npos), core::safeName(name));
    }

    void entriesOfOthersStay()
    {
        for (const char* entry : {"a%2eb", "%41", "100%", "%zz", "a%2Fb"})
            QCOMPARE(core::nameOfEntry(entry), std::string(entry));
    }
};

QTEST_GUILESS_MAIN(TestNames)
#include "tst_names.moc"
