// SPDX-License-Identifier: GPL-3.0-or-later
#include "bytes.h"

#include "core/formats/pickle/pickle.h"

#include <QElapsedTimer>

using core::formats::describe;
using core::formats::Pickle;
using core::formats::PickleNode;
using Type = PickleNode::Type;
using bytes::errorOf;
using bytes::little;

using namespace std::string_literals;

namespace {

Pickle readPickle(const std::string& stream)
{
    bytes::seed(stream);
    return Pickle::read(bytes::span(stream), "test.pt", "data.pkl");
}

std::string errorOfStream(const std::string& stream)
{
    return errorOf([&] { readPickle(stream); });
}

std::string repeated(const std::string& text, std::size_t times)
{
    std::string out;
    for (std::size_t i = 0; i < times; ++i)
        out += text;
    return out;
}

}

class TestPickleLimits : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void deepNesting();
    void billionLaughs();
    void amplification();
    void manyOpcodesCancel();
    void manyKeys();
    void trailingBytesAndFrames();
};

/// P13
void TestPickleLimits::deepNesting()
{
    const std::size_t depth = 1'000'000;
    {
        const Pickle pickle = readPickle(std::string(depth, ']') + std::string(depth - 1, 'a') + ".");
        std::size_t found = 0;
        for (const PickleNode* node = &pickle.root(); node; node = node->items.empty() ? nullptr : node->items[0])
            ++found;
        QCOMPARE(found, depth);
    }
    QCOMPARE(errorOfStream(std::string(2 * depth, ']')), std::string("pickle-depth"));
    QCOMPARE(errorOfStream(std::string(2 * depth, '(')), std::string("pickle-depth"));
}

/// P11
void TestPickleLimits::billionLaughs()
{
    const Pickle byDup = readPickle("\x80\x02)" + repeated("2\x86", 1000) + ".");
    QVERIFY(describe(byDup.root()).size() < 200);
    std::string byMemo = "\x80\x02]q\1";
    for (int i = 0; i < 100; ++i)
        byMemo += "0](h\1h\1h\1h\1"
                  "eq\1";
    QVERIFY(describe(readPickle(byMemo + ".").root()).size() < 200);
}

/// Short streams that would copy remembered values again and again.
void TestPickleLimits::amplification()
{
    const std::string name = "X" + little(1'000'000, 4) + std::string(1'000'000, 'n');
    QCOMPARE(errorOfStream("\x80\x04" + name + "q\1" + repeated("h\1h\1\x93", 1000) + "."), std::string("pickle-limit"));
    QCOMPARE(errorOfStream("\x80\x04](" + std::string(1'000'000, 'N') + "eq\1" + repeated("c__builtin__\nset\nh\1\x85R", 1000) + "."),
             std::string("pickle-limit"));
}

/// P16
void TestPickleLimits::manyOpcodesCancel()
{
    const std::string stream = repeated("N0", 50'000'000);
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(errorOfStream(stream), std::string("pickle-limit"));
    core::Progress progress;
    progress.cancel();
    QVERIFY_THROWS_EXCEPTION(core::Cancelled, Pickle::read(bytes::span(stream), "test.pt", "data.pkl", progress));
}

/// P25: a million keys in the batches in which Python writes them.
void TestPickleLimits::manyKeys()
{
    std::string stream = "\x80\x02}q\1";
    for (int batch = 0; batch < 1000; ++batch) {
        stream += '(';
        for (int i = 0; i < 1000; ++i)
            stream += "X" + little(7, 4) + fmt::format("{:07}", batch * 1000 + i) + "r" +
                      little(static_cast<std::uint64_t>(batch * 1000 + i + 2), 4) + "K\1";
        stream += 'u';
    }
    QElapsedTimer timer;
    timer.start();
    const Pickle pickle = readPickle(stream + ".");
    QCOMPARE(pickle.root().pairs(), std::size_t{1'000'000});
    qInfo("%lld ms", static_cast<long long>(timer.elapsed()));
}

/// P17, P19
void TestPickleLimits::trailingBytesAndFrames()
{
    const Pickle pickle = readPickle("\x80\x04\x95" + little(1'000'000, 8) + "N.after");
    QCOMPARE(pickle.size(), std::size_t{13});
    QCOMPARE(pickle.notes().size(), std::size_t{1});
    QCOMPARE(pickle.notes()[0].message.id, std::string("pickle-frame"));
    QVERIFY(readPickle("\x80\x04\x95" + little(2, 8) + "N.").notes().empty());
}

QTEST_APPLESS_MAIN(TestPickleLimits)
#include "tst_picklelimits.moc"
