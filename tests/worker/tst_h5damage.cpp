// SPDX-License-Identifier: GPL-3.0-or-later
// Damaged files and workers that are killed. Rows are named by the cases of the catalogue of bad inputs (H01 ...).
#include "core/formats/hdf5/h5file.h"
#include "core/worker/client.h"
#include "h5fixture.h"

#include <QDir>
#include <QFile>
#include <QTest>
#include <array>
#include <csignal>
#include <future>
#include <optional>
#include <random>
#include <thread>

using namespace core;
using namespace core::formats;
using namespace std::string_literals;

namespace {

QByteArray contentsOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void write(const QString& path, const QByteArray& bytes)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(bytes), bytes.size());
}

// Opens what may be broken and reads all that is offered: either works or throws Error.
std::optional<Error> survives(const std::string& path)
{
    try {
        const auto file = File::open(path);
        const auto contents = listH5(file);
        for (const auto& dataset : contents.datasets)
            if (dataset.problem.empty() && elementCount(dataset.source.shape) < 1'000'000)
                read(dataset.source);
    } catch (const Error& error) {
        return error;
    }
    return {};
}

worker::Options options()
{
    worker::Options result;
    result.program = "tieout-worker-h5";
    return result;
}

H5Contents list(const std::string& path)
{
    return listH5(File::open(path));
}

const std::array<float, 4> four{1, 2, 3, 4};

}

class TestH5Damage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void addressBehindTheEnd() // H20
    {
        H5Fixture made;
        made.dataset("x", H5T_NATIVE_FLOAT, {4}, four.data());
        made.finish();
        const auto good = list(made.path());
        const auto offset = std::get<FileRegion>(good.dataset("/x")->source.data).offset;
        auto bytes = contentsOf(QString::fromStdString(made.path()));
        const QByteArray address(reinterpret_cast<const char*>(&offset), 8);
        const auto at = bytes.lastIndexOf(address, bytes.size() - 1);
        QVERIFY(at > 0);
        bytes.replace(at, 8, QByteArray::fromHex("00000000ff000000"));
        write(QString::fromStdString(made.path()), bytes);
        const auto broken = list(made.path());
        QVERIFY(broken.datasets.empty() || !broken.datasets[0].problem.empty());
    }

    void cutAnywhere() // H02
    {
        const auto whole = contentsOf(TIEOUT_TEST_DATA "/kinds/conv_stride.h5");
        QVERIFY(whole.size() > 4096);
        QTemporaryDir folder;
        const auto path = folder.filePath("cut.h5");
        for (qsizetype length = 512; length < whole.size(); length += 512) {
            write(path, whole.left(length));
            const auto error = survives(path.toStdString());
            QVERIFY2(error, qPrintable(QString::number(length)));
            QVERIFY2(error->file() == path.toStdString() && !error->found().empty(), error->what());
        }
    }

    void flippedBytes()
    {
        const auto whole = contentsOf(TIEOUT_TEST_DATA "/kinds/conv_stride.h5");
        QTemporaryDir folder;
        const auto path = folder.filePath("flipped.h5");
        std::mt19937 random(20);
        int refused = 0;
        for (int round = 0; round < 150; ++round) {
            auto bytes = whole;
            for (int i = 0; i < 20; ++i)
                bytes[static_cast<qsizetype>(random() % static_cast<unsigned>(bytes.size()))] = static_cast<char>(random());
            write(path, bytes);
            refused += survives(path.toStdString()) ? 1 : 0;
        }
        QVERIFY(refused > 0);
    }

    void changedWhileOpen()
    {
        H5Fixture made;
        made.dataset("x", H5T_NATIVE_FLOAT, {4}, four.data(), H5Fixture::chunked({2}, true));
        made.finish();
        const auto contents = list(made.path());
        write(QString::fromStdString(made.path()), QByteArray(100, 'x'));
        QVERIFY_THROWS_EXCEPTION(Error, read(contents.dataset("/x")->source));
    }

    void strangersFiles_data()
    {
        QTest::addColumn<QString>("path");
        const QStringList folders{"/corpus/hdf5", "/corpus/cve_hdf5"};
        for (const auto& folder : folders)
            for (const auto& entry : QDir(TIEOUT_SHARED + folder).entryInfoList(QDir::Files))
                QTest::newRow(qPrintable(entry.fileName())) << entry.filePath();
        if (!QDir(TIEOUT_SHARED "/corpus/cve_hdf5").exists())
            QTest::newRow("H01 the public malformed files") << "";
    }

    void strangersFiles()
    {
        QFETCH(QString, path);
        if (path.isEmpty())
            QSKIP("skipped: the folder of malformed files is not here");
        const auto error = survives(path.toStdString());
        if (path.contains("/hdf5/"))
            QVERIFY2(!error, error ? error->what() : "");
    }

    void killedInTheMiddle_data()
    {
        QTest::addColumn<QString>("request");
        QTest::newRow("list") << "list";
        QTest::newRow("read") << "read";
        QTest::newRow("write") << "write";
    }

    void killedInTheMiddle()
    {
        QFETCH(QString, request);
        H5Fixture made;
        if (request == "list")
            for (int i = 0; i < 20000; ++i)
                H5Gclose(made.group(("g" + std::to_string(i)).c_str()));
        constexpr int count = 30'000'000;
        const std::vector<float> values(request == "list" ? 0 : count, 1.5F);
        if (request == "read")
            made.dataset("x", H5T_NATIVE_FLOAT, {count}, values.data(), H5Fixture::chunked({100'000}, true));
        made.finish();

        const auto file = File::open(made.path());
        auto given = options();
        given.inheritedFd = file->descriptor();
        Json head{{"request", request.toStdString()}, {"path", "/x"}};
        head["tree"] = {{"groups", Json::array()}, {"datasets", Json::array({{{"path", "/x"}, {"dtype", "float32"}, {"shape", {count}}}})}};
        const std::array<std::span<const std::byte>, 1> pieces{std::as_bytes(std::span(values))};
        const auto ask = [&](worker::Client& client) -> std::string {
            try {
                client.request(head, request == "write" ? worker::Pieces(pieces) : worker::Pieces(), std::uint64_t{1} << 30);
            } catch (const Error& error) {
                return error.id();
            }
            return "answered";
        };
        // Where the machine is busy the kill may come before the request or after its answer: then once more.
        std::string met;
        for (int attempt = 0; attempt < 50 && met != "worker-died"; ++attempt) {
            worker::Client client(given);
            auto asked = std::async(std::launch::async, [&] { return ask(client); });
            std::this_thread::sleep_for(std::chrono::milliseconds(10 + 5 * attempt));
            ::kill(client.processId(), SIGKILL);
            met = asked.get();
            QCOMPARE(ask(client), "answered"s);
        }
        QCOMPARE(met, "worker-died"s);
    }
};

QTEST_GUILESS_MAIN(TestH5Damage)
#include "tst_h5damage.moc"
