// SPDX-License-Identifier: GPL-3.0-or-later
// Files that are written: never over what is read, and nothing is left behind.
#include "core/base/error.h"
#include "core/files/atomicfile.h"
#include "core/files/outputs.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <csignal>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using core::AtomicFile;

namespace {

std::string errorOf(const std::function<void()>& action)
{
    try {
        action();
    } catch (const core::Error& error) {
        return error.id();
    }
    return {};
}

struct stat statusOf(const std::string& path)
{
    struct stat status
    {
    };
    ::stat(path.c_str(), &status);
    return status;
}

/// How a child that runs `action` ended.
int endOf(const std::function<void()>& action)
{
    const pid_t child = ::fork();
    if (child == 0) {
        action();
        ::_exit(0);
    }
    int status = -1;
    ::waitpid(child, &status, 0);
    return status;
}

constexpr const char* struckOption = "--struck";

/// Writes into `folder` until `signal` ends the program.
void writeAndBeStruck(const std::string& folder, int signal)
{
    const core::Doomed doomed(folder + "/named"); // as where a file system has no O_TMPFILE
    ::close(::open(doomed.path().c_str(), O_CREAT | O_WRONLY, 0600));
    AtomicFile file(folder + "/a");
    file.write(std::string_view("half"));
    ::raise(signal);
}

}

class TestOutputs : public QObject
{
    Q_OBJECT

    QTemporaryDir m_dir;

    std::string path(const QString& name) const { return m_dir.filePath(name).toStdString(); }
    void put(const QString& name, const QByteArray& bytes = "old")
    {
        QFile file(m_dir.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
    }
    QStringList entries() const
    {
        return QDir(m_dir.path()).entryList(QDir::AllEntries | QDir::System | QDir::Hidden | QDir::NoDotAndDotDot);
    }

private Q_SLOTS:
    void init()
    {
        for (const QString& name : entries())
            QFile::remove(m_dir.filePath(name));
    }

    void clashes_data()
    {
        QTest::addColumn<QString>("output");
        QTest::addColumn<bool>("isRefused");
        QTest::newRow("the input's name") << "a" << true;
        QTest::newRow("spelt otherwise") << "./../" + QDir(m_dir.path()).dirName() + "/a" << true;
        QTest::newRow("symbolic link to it") << "symbolic" << true;
        QTest::newRow("hard link to it") << "hard" << true;
        QTest::newRow("another output that is not there yet") << "new" << true;
        QTest::newRow("dangling link to another output") << "dangling" << true;
        QTest::newRow("another file") << "b" << false;
        QTest::newRow("another new file") << "new2" << false;
    }
    void clashes()
    {
        QFETCH(QString, output);
        QFETCH(bool, isRefused);
        put("a");
        put("b");
        QCOMPARE(::symlink("a", path("symbolic").c_str()), 0);
        QCOMPARE(::symlink("new", path("dangling").c_str()), 0);
        QCOMPARE(::link(path("a").c_str(), path("hard").c_str()), 0);
        const QStringList before = entries();
        const std::string id = errorOf([&] {
            core::checkOutputs({{"A", path("a")}, {"none", ""}}, {{"-o", path("new")}, {"--report", path(output)}});
        });
        QCOMPARE(id, std::string(isRefused ? "output-clash" : ""));
        QCOMPARE(entries(), before);
    }

    void neverOverAFileThatIsOpen()
    {
        put("a");
        QCOMPARE(::link(path("a").c_str(), path("hard").c_str()), 0);
        auto open = core::File::open(path("a"));
        QCOMPARE(errorOf([&] { AtomicFile file(path("hard")); }), std::string("file-in-use"));
        open.reset();
        QCOMPARE(errorOf([&] { AtomicFile file(path("hard")); }), std::string());
    }

    void readOnlyTargetsAreRefused()
    {
        put("a");
        QCOMPARE(::chmod(path("a").c_str(), 0444), 0);
        QCOMPARE(errorOf([&] { AtomicFile file(path("a")); }), std::string("file-protected"));
    }

    void keepsOwnerAndMode()
    {
        put("a");
        QCOMPARE(::chmod(path("a").c_str(), 0640), 0);
        if (::geteuid() == 0)
            QCOMPARE(::chown(path("a").c_str(), 12, 34), 0);
        const struct stat before = statusOf(path("a"));
        AtomicFile file(path("a"));
        file.commit();
        const struct stat after = statusOf(path("a"));
        QVERIFY(after.st_ino != before.st_ino);
        QCOMPARE(after.st_mode, before.st_mode);
        QCOMPARE(after.st_uid, before.st_uid);
        QCOMPARE(after.st_gid, before.st_gid);
    }

    void newFilesFollowTheUmask()
    {
        const mode_t mask = ::umask(027);
        AtomicFile file(path("a"));
        file.commit();
        ::umask(mask);
        QCOMPARE(statusOf(path("a")).st_mode & 0777, 0640u);
    }

    void readsBackBeforeItIsPutInPlace()
    {
        AtomicFile file(path("a"));
        file.write(std::string_view("abc"));
        const auto written = file.written();
        QCOMPARE(written->path(), path("a"));
        QCOMPARE(written->size(), std::uint64_t{3});
        QCOMPARE(static_cast<char>(written->read(2, 1).front()), 'c');
        QVERIFY(!QFile::exists(m_dir.filePath("a")));
    }

    void signalsLeaveNothing_data()
    {
        QTest::addColumn<int>("signal");
        QTest::newRow("SIGINT") << SIGINT;
        QTest::newRow("SIGTERM") << SIGTERM;
        QTest::newRow("SIGHUP") << SIGHUP;
    }
    void signalsLeaveNothing()
    {
        QFETCH(int, signal);
        QProcess child; // a program of its own: Qt Test has handlers for these signals
        child.start(QCoreApplication::applicationFilePath(), {struckOption, m_dir.path(), QString::number(signal)});
        QVERIFY(child.waitForFinished());
        QCOMPARE(child.exitStatus(), QProcess::CrashExit);
        QCOMPARE(entries(), QStringList());
    }

    void fileSizeLimitIsAnError()
    {
        const int status = endOf([&] {
            const rlimit limit{4096, 4096};
            ::setrlimit(RLIMIT_FSIZE, &limit);
            const std::string id = errorOf([&] {
                AtomicFile file(path("a"));
                file.write(std::string(100000, 'x'));
                file.commit();
            });
            ::_exit(id == "file-write" ? 42 : 1);
        });
        QVERIFY(WIFEXITED(status));
        QCOMPARE(WEXITSTATUS(status), 42);
        QCOMPARE(entries(), QStringList());
    }

    void sweepsWhatAKilledProgramLeft()
    {
        put(".tieout-abcd1234.tmp");
        put(".tieout-abcd1235.tmp");
        put(".tieout-notes");
        const int living = ::open(path(".tieout-abcd1235.tmp").c_str(), O_RDWR | O_CLOEXEC);
        QCOMPARE(::flock(living, LOCK_EX), 0);
        {
            AtomicFile file(path("a"));
        }
        ::close(living);
        QCOMPARE(entries(), (QStringList{".tieout-abcd1235.tmp", ".tieout-notes"}));
    }
};

int main(int argc, char** argv)
{
    if (argc == 4 && std::string_view(argv[1]) == struckOption) {
        writeAndBeStruck(argv[2], QString(argv[3]).toInt());
        return 1;
    }
    QCoreApplication application(argc, argv);
    TestOutputs tests;
    return QTest::qExec(&tests, argc, argv);
}

#include "tst_outputs.moc"
