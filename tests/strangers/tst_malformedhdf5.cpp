// SPDX-License-Identifier: GPL-3.0-or-later
// H01: the public malformed files (HDFGroup/cve_hdf5); TIEOUT_CVE_HDF5 names their folder.
#include "tests/worker/survives.h"

#include <QDir>
#include <QTest>

class TestMalformedHdf5 : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void areSurvived_data()
    {
        QTest::addColumn<QString>("path");
        for (const auto& entry : QDir(qEnvironmentVariable("TIEOUT_CVE_HDF5")).entryInfoList(QDir::Files))
            QTest::newRow(qPrintable("H01 " + entry.fileName())) << entry.filePath();
    }

    void areSurvived()
    {
        QFETCH(QString, path);
        survives(path.toStdString()); // read or refused: a crash or a hang of the worker's library comes out as neither
    }
};

QTEST_GUILESS_MAIN(TestMalformedHdf5)
#include "tst_malformedhdf5.moc"
