// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/worker/protocol.h"

#include <QTest>
#include <array>
#include <csignal>
#include <fcntl.h>
#include <functional>
#include <thread>
#include <unistd.h>

using namespace core;
using namespace std::string_literals;

namespace {

struct Pipe
{
    std::array<int, 2> ends{};
    Pipe() { QVERIFY(::pipe2(ends.data(), O_CLOEXEC) == 0); }
    ~Pipe()
    {
        closeOut();
        closeIn();
    }
    void closeOut() { close(ends[0]); }
    void closeIn() { close(ends[1]); }
    static void close(int& fd)
    {
        if (fd >= 0)
            ::close(fd);
        fd = -1;
    }
};

std::string idOf(const std::function<void()>& act)
{
    try {
        act();
    } catch (const Error& error) {
        return error.id();
    }
    return "nothing thrown";
}

}

class TestProtocol : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { std::signal(SIGPIPE, SIG_IGN); }

    void messageArrivesAsSent()
    {
        Pipe pipe;
        const std::vector<std::byte> a(3, std::byte{1}), b(5, std::byte{2});
        const std::array<std::span<const std::byte>, 3> pieces{a, {}, b};
        worker::send(pipe.ends[1], Json{{"name", "é\n"}, {"list", {1, 2.5, nullptr}}}, pieces);
        const auto message = worker::receive(pipe.ends[0], 8);
        QCOMPARE(QByteArray::fromStdString(dumpJson(message.head, -1)),
                 QByteArray::fromStdString(dumpJson(Json{{"name", "é\n"}, {"list", {1, 2.5, nullptr}}}, -1)));
        QCOMPARE(message.payload.size(), std::size_t{8});
        QVERIFY(message.payload[2] == std::byte{1} && message.payload[3] == std::byte{2});
    }

    void moreThanThePipeHolds()
    {
        Pipe pipe;
        std::vector<std::byte> big(5'000'001);
        for (std::size_t i = 0; i < big.size(); ++i)
            big[i] = static_cast<std::byte>(i * 7);
        const std::array<std::span<const std::byte>, 1> pieces{big};
        std::thread sender([&] { worker::send(pipe.ends[1], Json::object(), pieces); });
        const auto message = worker::receive(pipe.ends[0], big.size());
        sender.join();
        QVERIFY(message.payload == big);
    }

    void nonBlockingDescriptorsWait()
    {
        Pipe pipe;
        ::fcntl(pipe.ends[0], F_SETFL, O_NONBLOCK);
        int waits = 0;
        std::thread sender([&] {
            ::usleep(20'000);
            worker::send(pipe.ends[1], Json{{"x", 1}});
        });
        const auto message = worker::receive(pipe.ends[0], 0, [&](int, short) {
            ++waits;
            ::usleep(1000);
        });
        sender.join();
        QVERIFY(waits > 0);
        QCOMPARE(message.head.at("x").get<int>(), 1);
    }

    void lies_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("id");
        const auto row = [](const char* name, const std::string& bytes, const char* id) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes) << id;
        };
        row("nothing", "", "worker-gone");
        row("half a header", "TIEO\2\0"s, "worker-gone");
        row("wrong magic", "TIEX\2\0\0\0\0\0\0\0\0\0\0\0{}"s, "worker-message");
        row("JSON above the cap", "TIEO\1\0\0\x10\0\0\0\0\0\0\0\0{}"s, "worker-message");
        row("JSON cut", "TIEO\4\0\0\0\0\0\0\0\0\0\0\0{}"s, "worker-gone");
        row("JSON claimed, far beyond what follows", "TIEO\0\0\0\x10\0\0\0\0\0\0\0\0{}"s, "worker-gone"); // found by fuzzing
        row("JSON malformed", "TIEO\2\0\0\0\0\0\0\0\0\0\0\0{{"s, "worker-message");
        row("JSON no object", "TIEO\2\0\0\0\0\0\0\0\0\0\0\0[]"s, "worker-message");
        row("payload above the cap", "TIEO\2\0\0\0\11\0\0\0\0\0\0\0{}123456789"s, "worker-message");
        row("payload cut", "TIEO\2\0\0\0\10\0\0\0\0\0\0\0{}1234"s, "worker-gone");
    }

    void lies()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, id);
        Pipe pipe;
        QCOMPARE(::write(pipe.ends[1], bytes.constData(), static_cast<std::size_t>(bytes.size())), static_cast<ssize_t>(bytes.size()));
        pipe.closeIn();
        QCOMPARE(QString::fromStdString(idOf([&] { worker::receive(pipe.ends[0], 8); })), id);
    }

    void brokenPipe()
    {
        Pipe pipe;
        pipe.closeOut();
        QCOMPARE(idOf([&] { worker::send(pipe.ends[1], Json::object()); }), "worker-gone"s);
    }
};

QTEST_GUILESS_MAIN(TestProtocol)
#include "tst_protocol.moc"
