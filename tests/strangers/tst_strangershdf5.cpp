// SPDX-License-Identifier: GPL-3.0-or-later
// H01: files by strangers, healthy ones and the public malformed ones.
#include "tests/worker/survives.h"

#include <QDir>
#include <QTest>

namespace {

void rows(const QString& folder)
{
    QTest::addColumn<QString>("path");
    for (const auto& entry : QDir(folder).entryInfoList(QDir::Files))
        QTest::newRow(qPrintable(entry.fileName())) << entry.filePath();
}

}

class TestStrangersHdf5 : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void healthy_data() { rows(TIEOUT_SHARED "/corpus/hdf5"); }

    void healthy()
    {
        QFETCH(QString, path);
        const auto error = survives(path.toStdString());
        QVERIFY2(!error, error ? error->what() : "");
    }

    void malformed_data() { rows(qEnvironmentVariable("TIEOUT_CVE_HDF5", "none")); }

    void malformed()
    {
        QFETCH(QString, path);
        survives(path.toStdString());
    }
};

QTEST_GUILESS_MAIN(TestStrangersHdf5)
#include "tst_strangershdf5.moc"
