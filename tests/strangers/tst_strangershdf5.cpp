// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/worker/survives.h"

#include <QDir>
#include <QTest>

class TestStrangersHdf5 : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void areRead_data()
    {
        QTest::addColumn<QString>("path");
        for (const auto& entry : QDir(TIEOUT_SHARED "/corpus/hdf5").entryInfoList(QDir::Files))
            QTest::newRow(qPrintable(entry.fileName())) << entry.filePath();
    }

    void areRead()
    {
        QFETCH(QString, path);
        const auto error = survives(path.toStdString());
        QVERIFY2(!error, error ? error->what() : "");
    }
};

QTEST_GUILESS_MAIN(TestStrangersHdf5)
#include "tst_strangershdf5.moc"
