// SPDX-License-Identifier: GPL-3.0-or-later
// No command destroys a file that it reads, or leaves anything but its result.
#include "tests/cli/program.h"

#include <QDir>
#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QThread>
#include <array>
#include <csignal>
#include <sys/stat.h>
#include <unistd.h>

class TestNothingLost : public QObject
{
    Q_OBJECT

private:
    QString path(const QString& name) const { return m_folder.filePath(name); }
    static QByteArray bytesOf(const QString& path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    void put(const QString& name, const QByteArray& bytes)
    {
        QFile::remove(path(name));
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
    }
    QStringList entries() const
    {
        return QDir(m_folder.path()).entryList(QDir::AllEntries | QDir::System | QDir::Hidden | QDir::NoDotAndDotDot, QDir::Name);
    }
    QStringList temporaries() const { return entries().filter(".tieout-"); }

    QTemporaryDir m_folder;

private Q_SLOTS:
    void init()
    {
        for (const QString& name : entries())
            QFile::remove(path(name));
        put("A.pt", bytesOf(sample("lenet5.pt")));
        put("B.h5", bytesOf(sample("lenet5.h5")));
    }

    void noOutputIsAnInput_data()
    {
        QTest::addColumn<QString>("command");
        QTest::addColumn<QString>("named");
        const auto row = [](const char* command, const char* named) { QTest::newRow(command) << command << named; };
        row("compare A.pt B.h5 --report B.h5", "B.h5");
        row("compare A.pt B.h5 --junit A.pt", "A.pt");
        row("compare A.pt B.h5 --report both --junit ./both", "both");
        row("compare A.pt B.h5 --report hard.html", "hard.html");
        row("compare A.pt B.h5 --report symbolic.html", "symbolic.html");
        row("convert A.pt --like B.h5 -o C.h5 --report A.pt", "A.pt");
        row("convert A.pt --like B.h5 -o C.h5 --report C.h5", "C.h5");
        row("convert A.pt --like B.h5 -o B.h5", "B.h5");
        row("convert A.pt -o hard.npz", "hard.npz");
        row("info A.pt --tensor 0.weight -o A.pt", "A.pt");
        row("run A.pt --sample 0 -o A.pt", "A.pt");
        row("map A.pt B.h5 -o A.pt", "A.pt");
        row("run A.pt --sample 0 -o protected.npz", "protected.npz");
    }
    void noOutputIsAnInput()
    {
        QFETCH(QString, command);
        QFETCH(QString, named);
        QVERIFY(QFile::link("B.h5", path("symbolic.html")));
        QCOMPARE(::link(path("B.h5").toUtf8().constData(), path("hard.html").toUtf8().constData()), 0);
        QCOMPARE(::link(path("A.pt").toUtf8().constData(), path("hard.npz").toUtf8().constData()), 0);
        put("protected.npz", "old");
        QCOMPARE(::chmod(path("protected.npz").toUtf8().constData(), 0444), 0);
        const QStringList before = entries();
        const Answer answer = tieout(command.split(' '), m_folder.path());
        QCOMPARE(answer.status, 2);
        QVERIFY2(answer.messages.contains(named.toUtf8()) && answer.messages.count('\n') == 1, answer.messages);
        QCOMPARE(bytesOf(path("A.pt")), bytesOf(sample("lenet5.pt")));
        QCOMPARE(bytesOf(path("B.h5")), bytesOf(sample("lenet5.h5")));
        QCOMPARE(bytesOf(path("protected.npz")), QByteArray("old"));
        QCOMPARE(entries(), before);
    }

    void namesPromiseNoOtherKind_data()
    {
        QTest::addColumn<QString>("command");
        for (const char* command : {"convert A.pt --like B.h5 --to torch -o x.keras", "convert A.pt --like B.h5 -o x.onnx",
                                    "convert A.pt --like B.h5 --as h5 -o x.pt", "convert B.h5 --like A.pt --as state-dict -o x.h5",
                                    "convert A.pt --like B.h5 --as h5 -o x.weights.h5", "convert A.pt --as npz -o x.safetensors",
                                    "convert B.h5 --like A.pt --to torch -o x.h5"})
            QTest::newRow(command) << command;
    }
    void namesPromiseNoOtherKind()
    {
        QFETCH(QString, command);
        const QStringList before = entries();
        const Answer answer = tieout(command.split(' '), m_folder.path());
        QCOMPARE(answer.status, 2);
        QVERIFY2(answer.messages.contains(command.mid(command.lastIndexOf(' ') + 1).toUtf8()), answer.messages);
        QCOMPARE(entries(), before);
    }

    /// Names that are long, hold control or bidi characters, or lead out of a folder: dumped, and dumped back.
    void namesComeBack()
    {
        const QStringList names{QString(500, 'n'), "esc\x1b[2J\n", QString::fromUtf8("bidi\xe2\x80\xae"),
                                "../../x",         "/etc/x",       "..\\x",
                                "looks\\x1b",      "looks%2e%2e",  "plain.weight"};
        core::Json header;
        for (int i = 0; i < names.size(); ++i)
            header[names[i].toStdString()] = {{"dtype", "F32"}, {"shape", {1}}, {"data_offsets", {4 * i, 4 * i + 4}}};
        QByteArray text = QByteArray::fromStdString(core::dumpJson(header, -1)), length(8, '\0');
        text += QByteArray((8 - text.size() % 8) % 8, ' ');
        for (int i = 0; i < 8; ++i)
            length[i] = static_cast<char>(text.size() >> (8 * i) & 0xff);
        put("odd.safetensors", length + text + QByteArray(4 * names.size(), '\1'));
        for (const auto& [from, to] : {std::pair("odd.safetensors", "odd.npz"), std::pair("odd.npz", "back.safetensors")}) {
            const Answer answer = tieout({"convert", from, "-o", to}, m_folder.path());
            QVERIFY2(answer.status == 0, answer.messages);
        }
        for (const QByteArray& unsafe : {QByteArray("../"), QByteArray("\x1b["), QByteArray("/etc")})
            QVERIFY(!bytesOf(path("odd.npz")).contains(unsafe));
        const QByteArray back = bytesOf(path("back.safetensors"));
        const auto size = static_cast<std::size_t>(static_cast<unsigned char>(back[0]) | static_cast<unsigned char>(back[1]) << 8);
        const core::Json read = core::parseJson(std::string_view(back.constData() + 8, size), "header");
        for (const QString& name : names)
            QVERIFY2(read.contains(name.toStdString()), qPrintable(name));
    }

    void fileSizeLimitIsAMessage()
    {
        put("C.h5", "old");
        const QStringList before = entries();
        QProcess shell;
        shell.setWorkingDirectory(m_folder.path());
        shell.start("sh", {"-c", "ulimit -f 16; exec " TIEOUT_PROGRAM " convert A.pt --like B.h5 -o C.h5"});
        QVERIFY(shell.waitForFinished(60000));
        QCOMPARE(shell.exitStatus(), QProcess::NormalExit);
        QCOMPARE(shell.exitCode(), 2);
        const QByteArray said = shell.readAllStandardError();
        QVERIFY2(said.contains("C.h5") && !said.contains(".tieout-"), said);
        QCOMPARE(bytesOf(path("C.h5")), QByteArray("old"));
        QCOMPARE(entries(), before);
    }

    /// Struck at any moment, the target is the old file or the new one, and at most one temporary is left, which the next write takes away.
    void killedAtAnyMoment()
    {
        const QStringList command{"convert", "A.pt", "--like", "B.h5", "-o", "C.h5"};
        put("C.h5", "old");
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(tieout(command, m_folder.path()).status, 0);
        const auto whole = static_cast<int>(timer.elapsed());
        const QByteArray written = bytesOf(path("C.h5"));
        int struck = 0;
        for (int i = 0; i < 200; ++i) {
            const int signal = std::array{SIGKILL, SIGTERM, SIGINT, SIGHUP}[static_cast<std::size_t>(i % 4)];
            put("C.h5", "old");
            QProcess process;
            process.setWorkingDirectory(m_folder.path());
            process.start(TIEOUT_PROGRAM, command);
            QVERIFY(process.waitForStarted());
            QThread::msleep(static_cast<unsigned long>(QRandomGenerator::global()->bounded(whole + 1)));
            ::kill(static_cast<pid_t>(process.processId()), signal);
            QVERIFY(process.waitForFinished(60000));
            struck += process.exitStatus() == QProcess::CrashExit;
            const QByteArray now = bytesOf(path("C.h5"));
            QVERIFY(now == "old" || now == written);
            QVERIFY(temporaries().size() <= (signal == SIGKILL ? 1 : 0));
            if (signal == SIGKILL) {
                QCOMPARE(tieout({"map", "A.pt", "B.h5", "-o", "map.json"}, m_folder.path()).status, 0);
                QCOMPARE(temporaries(), QStringList());
            }
        }
        QVERIFY2(struck > 50, qPrintable(QString::number(struck)));
    }
};

QTEST_GUILESS_MAIN(TestNothingLost)
#include "tst_nothinglost.moc"
