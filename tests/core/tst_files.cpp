// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/files/atomicfile.h"
#include "core/files/file.h"
#include "core/files/sha256.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>
#include <sys/stat.h>
#include <unistd.h>

class TestFiles : public QObject
{
    Q_OBJECT

    QTemporaryDir m_dir;

    std::string path(const char* name) const { return m_dir.filePath(QString::fromLatin1(name)).toStdString(); }

    static void put(const std::string& path, const QByteArray& bytes)
    {
        QFile file(QString::fromStdString(path));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
    }

    static QByteArray contents(const std::string& path)
    {
        QFile file(QString::fromStdString(path));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    int entries() const
    {
        return static_cast<int>(QDir(m_dir.path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot).size());
    }

private Q_SLOTS:
    void refusesWhatIsNoFile() // Z21
    {
        QVERIFY_THROWS_EXCEPTION(core::Error, core::File::open(path("absent")));
        QVERIFY_THROWS_EXCEPTION(core::Error, core::File::open(m_dir.path().toStdString()));
        QVERIFY_THROWS_EXCEPTION(core::Error, core::File::open("/dev/zero"));
        QCOMPARE(::mkfifo(path("pipe").c_str(), 0600), 0);
        QVERIFY_THROWS_EXCEPTION(core::Error, core::File::open(path("pipe"))); // and does not hang
    }

    void noticesChanges() // Z22
    {
        put(path("a"), QByteArray(5000, 'x'));
        const auto file = core::File::open(path("a"));
        QCOMPARE(file->read(4000, 1000).size(), std::size_t{1000});
        QVERIFY_THROWS_EXCEPTION(core::Error, file->read(4000, 1001));
        QVERIFY_THROWS_EXCEPTION(core::Error, file->read(~std::uint64_t{0}, 2));
        QCOMPARE(::truncate(path("a").c_str(), 100), 0);
        QVERIFY_THROWS_EXCEPTION(core::Error, file->read(4000, 1000));
        QVERIFY_THROWS_EXCEPTION(core::Error, file->read(0, 10));
    }

    void replacesAtomically() // X01: without commit nothing changes and nothing is left
    {
        put(path("target"), "old");
        const int before = entries();
        {
            core::AtomicFile file(path("target"));
            file.write(std::string_view("new"));
        }
        QCOMPARE(contents(path("target")), QByteArray("old"));
        QCOMPARE(entries(), before);
        core::AtomicFile file(path("target"));
        file.write(std::string_view("new"));
        QCOMPARE(contents(path("target")), QByteArray("old"));
        file.commit();
        QCOMPARE(contents(path("target")), QByteArray("new"));
        QCOMPARE(entries(), before);
    }

    void writesThroughLinks() // X03
    {
        put(path("real"), "old");
        QCOMPARE(::symlink("real", path("link").c_str()), 0);
        core::AtomicFile file(path("link"));
        file.write(std::string_view("new"));
        file.commit();
        QCOMPARE(contents(path("real")), QByteArray("new"));
        QVERIFY(QFileInfo(QString::fromStdString(path("link"))).isSymLink());
    }

    void keepsTheMode()
    {
        put(path("mode"), "old");
        QCOMPARE(::chmod(path("mode").c_str(), 0640), 0);
        core::AtomicFile file(path("mode"));
        file.commit();
        struct stat status
        {
        };
        QCOMPARE(::stat(path("mode").c_str(), &status), 0);
        QCOMPARE(status.st_mode & 0777, 0640u);
    }

    void refusesTargets() // X02, X06
    {
        QVERIFY_THROWS_EXCEPTION(core::Error, core::AtomicFile(path("no/such/folder")));
        QVERIFY_THROWS_EXCEPTION(core::Error, core::AtomicFile(m_dir.path().toStdString()));
        QVERIFY_THROWS_EXCEPTION(core::Error, core::AtomicFile("/proc/tieout"));
        core::AtomicFile tooLong(path(std::string(256, 'n').c_str()));
        QVERIFY_THROWS_EXCEPTION(core::Error, tooLong.commit());
        core::AtomicFile longest(path(std::string(255, 'n').c_str()));
        longest.commit();
    }

    void saysWhenTheDiskIsFull()
    {
        if (::access("/dev/full", W_OK) != 0)
            QSKIP("skipped: no /dev/full");
        QVERIFY_THROWS_EXCEPTION(core::Error, core::AtomicFile("/dev/full"));
    }

    void hashes() // FIPS 180-4, example "abc"
    {
        put(path("abc"), "abc");
        const std::string wanted = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        QCOMPARE(core::sha256(*core::File::open(path("abc"))), wanted);
        QCOMPARE(core::sha256(std::as_bytes(std::span("abc", 3))), wanted);
    }
};

QTEST_GUILESS_MAIN(TestFiles)
#include "tst_files.moc"
