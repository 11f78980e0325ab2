// SPDX-License-Identifier: GPL-3.0-or-later
// Damaged files and workers that are killed. Rows are named by the cases of the catalogue of bad inputs (H01 ...).
#include "core/formats/hdf5/h5file.h"
#include "core/worker/client.h"
#include "h5fixture.h"
#include "survives.h"

#include <QFile>
#include <QTest>
#include <algorithm>
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
    void addressBehindTheEnd_data() { oneRow("H20 values behind the end"); }

    void addressBehindTheEnd()
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

    void chunkBehindTheEnd_data() { oneRow("H20 a chunk behind the end"); }

    void chunkBehindTheEnd()
    {
        H5Fixture made;
        std::vector<float> values(50'000);
        std::mt19937 random(3);
        for (auto& value : values)
            value = static_cast<float>(random());
        made.dataset("x", H5T_NATIVE_FLOAT, {50'000}, values.data(), H5Fixture::chunked({25'000}, false));
        made.finish();
        const auto good = list(made.path());
        QCOMPARE(read(good.dataset("/x")->source).count(), 50'000);
        auto bytes = contentsOf(QString::fromStdString(made.path()));
        const auto at = bytes.indexOf("TREE", bytes.indexOf("TREE") + 4); // the dataset's index: keys of 32 bytes, then an address each
        QVERIFY(at > 0);
        bytes.replace(at + 24 + 24, 8, QByteArray::fromHex("00000000ff000000"));
        write(QString::fromStdString(made.path()), bytes);
        const auto broken = list(made.path());
        try {
            read(broken.dataset("/x")->source);
            QFAIL("read what is not there");
        } catch (const Error& error) {
            QCOMPARE(error.file(), made.path());
            QVERIFY2(!error.found().empty(), error.what());
        }
    }

    void openElsewhere_data()
    {
        QTest::addColumn<bool>("newest");
        QTest::newRow("H18 locked by another program") << false;
        QTest::newRow("H18 being written") << true;
    }

    void openElsewhere()
    {
        QFETCH(bool, newest);
        H5Fixture made(newest);
        made.dataset("x", H5T_NATIVE_FLOAT, {4}, four.data());
        H5Fflush(made.file, H5F_SCOPE_GLOBAL);
        if (!newest) { // HDF5 itself holds a lock on it now; the formats before 1.10 have no other mark
            QCOMPARE(list(made.path()).datasets.size(), std::size_t{1});
            return;
        }
        const auto isTold = [&] {
            const auto notes = list(made.path()).notes;
            return std::any_of(notes.begin(), notes.end(), [](const Note& note) { return note.message.id == "h5-open-elsewhere"; });
        };
        QVERIFY(isTold());
        made.finish();
        QVERIFY(!isTold());
    }

    void cutAnywhere_data() { oneRow("H02 cut every 512 bytes"); }

    void cutAnywhere()
    {
        const auto whole = contentsOf(TIEOUT_TEST_DATA "/kinds/conv_stride.h5");
        QVERIFY(whole.size() > 4096);
        QTemporaryDir folder;
        const auto path = folder.filePath("cut.h5");
        for (qsizetype length = 512; length < whole.size(); length += 512) {
            write(path, whole.left(length));
            const auto error = survives(path.toStdString());
            QVERIFY2(error, qPrintable(QString::number(length)));
            QVERIFY2(error->file() == path.toStdString() && error->expected() == "a whole HDF5 file", error->what());
            QVERIFY2(error->found().find(std::to_string(length)) != std::string::npos &&
                         error->advice().find("cut short") != std::string::npos,
                     error->what());
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
        for (int attempt = 0; attempt < 50 && met != "worker-killed"; ++attempt) {
            worker::Client client(given);
            auto asked = std::async(std::launch::async, [&] { return ask(client); });
            std::this_thread::sleep_for(std::chrono::milliseconds(10 + 5 * attempt));
            ::kill(client.processId(), SIGKILL);
            met = asked.get();
            QCOMPARE(ask(client), "answered"s);
        }
        QCOMPARE(met, "worker-killed"s);
    }
};

QTEST_GUILESS_MAIN(TestH5Damage)
#include "tst_h5damage.moc"
