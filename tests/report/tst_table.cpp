// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/table.h"

#include <QTest>

using core::report::Table;

class TestTable : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aligns()
    {
        Table table({{"name", false, true}, {"count", true, false}});
        table.add({"a", "1"});
        table.add({"long name", "1,234"});
        QCOMPARE(QString::fromStdString(table.text()), QString("  name       count\n"
                                                               "  a              1\n"
                                                               "  long name  1,234\n"));
    }

    void shortensTheWidestColumnThatMayShrink()
    {
        Table table({{"name", false, true}, {"value", true, false}});
        table.add({std::string(80, 'x'), std::string(30, '1')});
        const QString text = QString::fromStdString(table.text(60));
        for (const QString& line : text.split('\n'))
            QVERIFY2(line.size() <= 60, qPrintable(line));
        QVERIFY(text.contains("x...  " + QString(30, '1')));
    }

    /// Names of nested modules begin alike: what is cut is what they share.
    void cutsNamesWhereTheyAreEqual()
    {
        Table table({{"name", false, true}, {"value", true, false}});
        const std::string shared = "model.encoder.layers.11.attention.self.";
        table.add({shared + "query", std::string(30, '1')});
        table.add({shared + "value", std::string(30, '2')});
        const QString text = QString::fromStdString(table.text(60));
        QVERIFY2(text.contains("...") && text.contains("self.query ") && text.contains("self.value "), qPrintable(text));
    }

    void neverMakesTwoNamesAlike()
    {
        Table table({{"name", false, true}, {"value", true, false}});
        const std::string end = ".attention.output.dense.projection.weight";
        table.add({"layer1" + end, std::string(30, '1')});
        table.add({"layer2" + end, std::string(30, '2')});
        const QString text = QString::fromStdString(table.text(50));
        QVERIFY2(text.contains("layer1") && text.contains("layer2"), qPrintable(text));
    }

    void countsCharactersAndHidesControls()
    {
        Table table({{"name", false, false}, {"x", false, false}});
        table.add({"\xc3\xa4\xc3\xb6", "1"});
        table.add({"\x1b[31m", "2"});
        const QStringList lines = QString::fromStdString(table.text()).split('\n');
        QCOMPARE(lines[1].indexOf('1'), lines[2].indexOf(" 2") + 1);
        QVERIFY(!lines[2].contains(QChar(0x1b)));
    }

    void fillsMissingCells()
    {
        Table table({{"a", false, false}, {"b", false, false}});
        table.add({"only"});
        QCOMPARE(QString::fromStdString(table.text()), QString("  a     b\n  only\n"));
    }
};

QTEST_GUILESS_MAIN(TestTable)
#include "tst_table.moc"
