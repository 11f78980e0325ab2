// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/worker/client.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTest>
#include <array>
#include <csignal>
#include <fcntl.h>
#include <future>
#include <mutex>
#include <optional>
#include <thread>
#include <unistd.h>

using namespace core;
using namespace std::string_literals;
using namespace std::chrono_literals;

namespace {

worker::Options options(std::chrono::milliseconds watchdog = 20s)
{
    worker::Options result;
    result.program = "test-worker";
    result.watchdog = watchdog;
    return result;
}

std::optional<Error> errorOf(worker::Client& client, const Json& head, std::uint64_t limit = 0)
{
    try {
        client.request(head, {}, limit);
    } catch (const Error& error) {
        return error;
    }
    return {};
}

bool works(worker::Client& client)
{
    return client.request({{"request", "echo"}, {"x", 5}}).head.at("x") == 5;
}

/// Whether it is there and has not ended; one that has and whose status nobody took yet is in state Z (proc(5)).
bool isRunning(int pid)
{
    QFile file(QStringLiteral("/proc/%1/stat").arg(pid));
    if (!file.open(QIODevice::ReadOnly))
        return false;
    const QByteArray stat = file.readAll();
    return stat.mid(stat.lastIndexOf(')') + 2).at(0) != 'Z';
}

}

class TestClient : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void echoesPayload()
    {
        worker::Client client(options());
        std::vector<std::byte> bytes(3'000'000, std::byte{42});
        const std::array<std::span<const std::byte>, 2> pieces{bytes, bytes};
        const auto answer = client.request({{"request", "echo"}}, pieces, 6'000'000);
        QCOMPARE(answer.payload.size(), std::size_t{6'000'000});
        QVERIFY(answer.payload.back() == std::byte{42});
        QVERIFY(answer.head.at("ok") == true);
        QCOMPARE(client.starts(), 1);
    }

    void missingProgram()
    {
        auto wrong = options();
        wrong.program = "there-is-no-such-worker";
        QVERIFY_THROWS_EXCEPTION(Error, worker::Client{wrong});
    }

    void errorsCross()
    {
        worker::Client client(options());
        const auto error = errorOf(client, {{"request", "fail"}});
        QVERIFY(error);
        QCOMPARE(error->id(), "test-failed"s);
        QCOMPARE(error->file() + error->expected() + error->found() + error->at() + error->advice(), "a.h5abcd"s);
        QCOMPARE(errorOf(client, {{"request", "standard-error"}})->found(), "a fault in Tieout's own worker"s);
        QVERIFY(works(client));
        QCOMPARE(client.starts(), 1);
    }

    void deathIsToldAndSurvived_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("found");
        QTest::newRow("SIGSEGV") << QByteArray(R"({"request":"die","signal":11})") << "worker-died"
                                 << "signal 11";
        QTest::newRow("SIGABRT") << QByteArray(R"({"request":"die","signal":6})") << "worker-died"
                                 << "signal 6";
        QTest::newRow("SIGTERM, from outside") << QByteArray(R"({"request":"die","signal":15})") << "worker-killed"
                                               << "signal 15";
        QTest::newRow("exit") << QByteArray(R"({"request":"exit","status":7})") << "worker-died"
                              << "exit status 7";
        QTest::newRow("magic") << QByteArray(R"({"request":"lie","how":"magic"})") << "worker-message"
                               << "";
        QTest::newRow("JSON") << QByteArray(R"({"request":"lie","how":"json"})") << "worker-message"
                              << "";
        QTest::newRow("JSON length") << QByteArray(R"({"request":"lie","how":"json-length"})") << "worker-message"
                                     << "";
        QTest::newRow("payload length") << QByteArray(R"({"request":"lie","how":"payload-length"})") << "worker-message"
                                        << "";
        QTest::newRow("cut") << QByteArray(R"({"request":"lie","how":"cut"})") << "worker-died"
                             << "exit status 0";
        QTest::newRow("more than asked for") << QByteArray(R"({"request":"echo"})") << "worker-message"
                                             << "";
    }

    void deathIsToldAndSurvived()
    {
        QFETCH(QByteArray, request);
        QFETCH(QString, id);
        QFETCH(QString, found);
        worker::Client client(options());
        std::optional<Error> error;
        const std::vector<std::byte> bytes(5);
        const std::array<std::span<const std::byte>, 1> pieces{bytes};
        try {
            client.request(parseJson(request.toStdString(), "test"), pieces, 4);
        } catch (const Error& thrown) {
            error = thrown;
        }
        QVERIFY(error);
        QCOMPARE(QString::fromStdString(error->id()), id);
        QVERIFY2(QString::fromStdString(error->found()).contains(found), error->what());
        QCOMPARE(client.processId(), -1);
        QVERIFY(works(client));
        QCOMPARE(client.starts(), 2);
    }

    void killedInTheMiddle_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::newRow("computing") << QByteArray(R"({"request":"count","steps":100000,"ms":1})");
        QTest::newRow("answering") << QByteArray(R"({"request":"half"})");
    }

    void killedInTheMiddle()
    {
        QFETCH(QByteArray, request);
        worker::Client client(options());
        QVERIFY(works(client));
        std::promise<void> begun;
        std::once_flag once;
        const Progress progress([&](double) { std::call_once(once, [&] { begun.set_value(); }); });
        auto running = std::async(std::launch::async, [&]() -> std::string {
            try {
                client.request(parseJson(request.toStdString(), "test"), {}, 100'000'000, progress);
            } catch (const Error& error) {
                return error.id();
            }
            return "answered";
        });
        begun.get_future().wait();
        std::this_thread::sleep_for(30ms);
        ::kill(client.processId(), SIGKILL);
        QCOMPARE(running.get(), "worker-killed"s);
        QVERIFY(works(client));
        QCOMPARE(client.starts(), 2);
    }

    void killedWhileIdleIsReplacedSilently()
    {
        worker::Client client(options());
        int restarts = 0;
        client.onRestart([&](const worker::Client::Request& request) {
            ++restarts;
            QVERIFY(request({{"request", "echo"}, {"x", 1}}, {}).head.at("x") == 1);
        });
        QVERIFY(works(client));
        QCOMPARE(restarts, 0);
        ::kill(client.processId(), SIGKILL);
        std::this_thread::sleep_for(50ms);
        QVERIFY(works(client));
        QCOMPARE(restarts, 1);
        QCOMPARE(client.starts(), 2);
    }

    void watchdog()
    {
        worker::Client client(options(300ms));
        QElapsedTimer timer;
        timer.start();
        const auto error = errorOf(client, {{"request", "sleep"}, {"ms", 10000}});
        QVERIFY(error);
        QCOMPARE(error->id(), "worker-hung"s);
        QVERIFY2(timer.elapsed() < 3000, qPrintable(QString::number(timer.elapsed())));
        QVERIFY(works(client));
    }

    void oneThatNeverGreetsIsTold()
    {
        worker::Client client(options(6s)); // where it had greeted before it was stopped, the watchdog tells
        ::kill(client.processId(), SIGSTOP);
        QElapsedTimer timer;
        timer.start();
        const auto error = errorOf(client, {{"request", "echo"}});
        if (!error)
            QSKIP("skipped: it had greeted before it was stopped");
        QCOMPARE(error->id(), "worker-hung"s);
        QVERIFY2(timer.elapsed() < 8000, qPrintable(QString::number(timer.elapsed())));
        QVERIFY(works(client));
    }

    void anAnswerThatCannotBeSentIsAnError()
    {
        worker::Client client(options());
        const auto error = errorOf(client, {{"request", "long"}, {"bytes", (std::uint64_t{256} << 20) + 1}});
        QVERIFY(error);
        QCOMPARE(error->id(), "worker-message"s);
        QVERIFY(works(client));
        QCOMPARE(client.starts(), 1);
    }

    void progressFeedsTheWatchdog()
    {
        worker::Client client(options(300ms));
        double last = 0;
        int calls = 0;
        const Progress progress([&](double fraction) {
            last = fraction;
            ++calls;
        });
        const auto answer = client.request({{"request", "count"}, {"steps", 10}, {"ms", 60}}, {}, 0, progress);
        QCOMPARE(answer.head.at("stopped").get<int>(), 10);
        QVERIFY(calls >= 5);
        QVERIFY(last >= 0.7); // two that came close upon each other are told as one
    }

    void cancelIsHeard()
    {
        worker::Client client(options());
        QVERIFY(works(client));
        const int pid = client.processId();
        const Progress progress;
        std::thread later([progress] {
            std::this_thread::sleep_for(100ms);
            progress.cancel();
        });
        QVERIFY_THROWS_EXCEPTION(Cancelled, client.request({{"request", "count"}, {"steps", 100000}, {"ms", 10}}, {}, 0, progress));
        later.join();
        QVERIFY(works(client));
        QCOMPARE(client.processId(), pid);
    }

    void cancelKillsTheDeaf()
    {
        worker::Client client(options());
        const Progress progress;
        std::thread later([progress] {
            std::this_thread::sleep_for(50ms);
            progress.cancel();
        });
        QElapsedTimer timer;
        timer.start();
        QVERIFY_THROWS_EXCEPTION(Cancelled, client.request({{"request", "sleep"}, {"ms", 10000}}, {}, 0, progress));
        later.join();
        QVERIFY2(timer.elapsed() < 2000, qPrintable(QString::number(timer.elapsed())));
        QVERIFY(works(client));
        QCOMPARE(client.starts(), 2);
    }

    void printingReachesNobody()
    {
        worker::Client client(options());
        QVERIFY(client.request({{"request", "print"}}).head.at("ok") == true);
        QVERIFY(works(client));
        QCOMPARE(client.starts(), 1);
    }

    void onlyGivenDescriptorsAreOpen()
    {
        const int stray = ::open("/dev/null", O_RDONLY);
        worker::Client without(options());
        const auto answer = without.request({{"request", "stdin"}});
        QCOMPARE(answer.head.at("open5").get<bool>(), false);
        QCOMPARE(answer.head.at("open6").get<bool>(), false);
        QCOMPARE(answer.head.at("read").get<int>(), 0);
        auto given = options();
        given.inheritedFd = stray;
        worker::Client with(given);
        QCOMPARE(with.request({{"request", "stdin"}}).head.at("open5").get<bool>(), true);
        ::close(stray);
    }

    void memoryIsLimited()
    {
#ifdef TIEOUT_SANITIZED
        QSKIP("skipped: a sanitizer needs the address space");
#endif
        auto limited = options();
        limited.addressSpace = std::uint64_t{512} << 20;
        worker::Client client(limited);
        QCOMPARE(errorOf(client, {{"request", "allocate"}, {"bytes", std::uint64_t{1} << 30}})->id(), "worker-memory"s);
        QVERIFY(!errorOf(client, {{"request", "allocate"}, {"bytes", 1000}}));
    }

    void endsWithItsThreadAliveAndWithItsClient()
    {
        std::unique_ptr<worker::Client> client;
        std::thread([&] { client = std::make_unique<worker::Client>(options()); }).join();
        QVERIFY(works(*client));
        std::this_thread::sleep_for(50ms);
        const int pid = client->processId();
        QVERIFY(isRunning(pid));
        client.reset();
        QTRY_VERIFY(!isRunning(pid));
    }
};

QTEST_GUILESS_MAIN(TestClient)
#include "tst_client.moc"
