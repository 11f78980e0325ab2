// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/cli/program.h"

#include <QTemporaryDir>

class TestUsage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void helps_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QStringList>("words");
        QTest::newRow("program") << QStringList{"--help"} << QStringList{"info", "map", "run", "compare", "convert", "--version"};
        QTest::newRow("info") << QStringList{"info", "--help"}
                              << QStringList{"--stats", "--tensor", "--checksum", "--json", "--quiet", "--verbose"};
        QTest::newRow("map") << QStringList{"map", "--help"} << QStringList{"--output", "--map", "--map-anyway", "--json"};
        QTest::newRow("run") << QStringList{"run", "--help"} << QStringList{"--like",   "--digit",  "--sample", "--image",     "--input",
                                                                            "--layout", "--random", "--mnist",  "--preprocess"};
        QTest::newRow("compare") << QStringList{"compare", "--help"}
                                 << QStringList{"--tolerance",        "--report",          "--junit",           "--preprocess-torch",
                                                "--preprocess-keras", "--preprocess-left", "--preprocess-right"};
        QTest::newRow("sweep") << QStringList{"sweep", "--help"}
                               << QStringList{"--mnist", "--input", "--random", "--limit", "--shard", "--timing", "--report"};
        QTest::newRow("merge") << QStringList{"merge", "--help"} << QStringList{"SHARD", "--report"};
        QTest::newRow("convert") << QStringList{"convert", "--help"}
                                 << QStringList{"--to", "--like", "--as", "--verify", "--report", "--output"};
    }
    void helps()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QStringList, words);
        const Answer answer = tieout(arguments);
        QCOMPARE(answer.status, 0);
        QVERIFY2(answer.messages.isEmpty(), answer.messages);
        for (const QString& word : words)
            QVERIFY2(answer.output.contains(word.toUtf8()), qPrintable(word));
    }

    void tellsVersions()
    {
        const Answer answer = tieout({"--version"});
        QCOMPARE(answer.status, 0);
        QVERIFY(answer.output.startsWith("tieout "));
        for (const char* library : {"Qt 6", "LibTorch ", "HDF5 1.", "Eigen 3"})
            QVERIFY2(answer.output.contains(library), answer.output);
        QVERIFY2(!answer.output.contains("not available"), answer.output);
    }

    void refusesWrongUsage_data()
    {
        QTest::addColumn<QStringList>("arguments");
        const QString torch = sample("lenet5.pt"), keras = sample("lenet5.h5");
        QTest::newRow("unknown word") << QStringList{"compre", torch, keras};
        QTest::newRow("word that is like no command") << QStringList{"frobnicate"};
        QTest::newRow("a missing file for the window, without a display") << QStringList{"no-such-file.pt"};
        QTest::newRow("three files for the window") << QStringList{torch, keras, keras};
        QTest::newRow("a window without a display") << QStringList{torch};
        QTest::newRow("unknown option") << QStringList{"--nonsense"};
        QTest::newRow("unknown option of a command") << QStringList{"info", torch, "--nonsense"};
        QTest::newRow("no file") << QStringList{"info"};
        QTest::newRow("one file of two") << QStringList{"compare", torch};
        QTest::newRow("three files of two") << QStringList{"compare", torch, keras, keras};
        QTest::newRow("two inputs") << QStringList{"run", torch, "--sample", "0", "--random", "0"};
        QTest::newRow("no input") << QStringList{"run", torch};
        QTest::newRow("a number that is none") << QStringList{"run", torch, "--sample", "seven"};
        QTest::newRow("layout") << QStringList{"run", torch, "--sample", "0", "--layout", "chwn"};
        QTest::newRow("tolerance below 0") << QStringList{"compare", torch, keras, "--tolerance=-1"};
        QTest::newRow("tolerance nan") << QStringList{"compare", torch, keras, "--tolerance", "nan"};
        QTest::newRow("preprocessing") << QStringList{"compare", torch, keras, "--preprocess", "percent"};
        QTest::newRow("-o without --tensor") << QStringList{"info", torch, "-o", "x.npy"};
        QTest::newRow("a mapping of one file") << QStringList{"convert", torch, "-o", "x.h5", "--map", "map.json"};
        QTest::newRow("convert without -o") << QStringList{"convert", torch, "--like", keras};
        QTest::newRow("a kind of file that is not written") << QStringList{"convert", torch, "--like", keras, "-o", "x.h5", "--as", "onnx"};
        QTest::newRow("a name that tells no kind") << QStringList{"convert", torch, "--like", keras, "-o", "x.bin"};
        QTest::newRow("framework against kind")
            << QStringList{"convert", torch, "--like", keras, "-o", "x.h5", "--to", "torch", "--as", "h5"};
    }
    void refusesWrongUsage()
    {
        QFETCH(QStringList, arguments);
        const QTemporaryDir folder;
        const Answer answer = tieout(arguments, folder.path());
        QCOMPARE(answer.status, 2);
        QVERIFY2(answer.output.isEmpty(), answer.output);
        QVERIFY2(answer.messages.startsWith("tieout: "), answer.messages);
        QCOMPARE(answer.messages.count('\n'), 1);
        QVERIFY(QDir(folder.path()).isEmpty());
    }

    void isQuietWhenTheReaderGoesAway_data()
    {
        QTest::addColumn<QString>("command");
        QTest::newRow("text") << "info '%1' --stats";
        QTest::newRow("document") << "compare '%1' '%2' --json";
        QTest::newRow("values") << "info '%1' --tensor 6.weight";
    }
    void isQuietWhenTheReaderGoesAway()
    {
        QFETCH(QString, command);
        QProcess shell;
        const QString line = command.arg(sample("lenet5.pt")).replace("%2", sample("lenet5.h5"));
        shell.start("bash", {"-c", QString("set -o pipefail; '%1' %2 | head -c 1 > /dev/null").arg(TIEOUT_PROGRAM, line)});
        QVERIFY(shell.waitForFinished(60000));
        QCOMPARE(shell.readAllStandardError(), QByteArray());
        QCOMPARE(shell.exitCode(), 0);
    }

    void saysWhenTheOutputIsFull()
    {
        QProcess shell;
        shell.start("bash", {"-c", QString("'%1' info '%2' > /dev/full").arg(TIEOUT_PROGRAM, sample("lenet5.pt"))});
        QVERIFY(shell.waitForFinished(60000));
        QCOMPARE(shell.exitCode(), 2);
        QVERIFY(shell.readAllStandardError().startsWith("tieout: standard output: "));
    }

    void logsOnlyWhenAsked()
    {
        QVERIFY(tieout({"info", sample("lenet5.h5")}).messages.isEmpty());
        const Answer verbose = tieout({"info", sample("lenet5.h5"), "--verbose"});
        QVERIFY2(verbose.messages.contains("keras-h5"), verbose.messages);
        QCOMPARE(verbose.status, 0);
    }
};

QTEST_GUILESS_MAIN(TestUsage)
#include "tst_usage.moc"
