// SPDX-License-Identifier: GPL-3.0-or-later
// Conversions carried out with the real workers: what is put in place, what is said of it, and what stays when it fails.
#include "core/engines/engine.h"
#include "tests/convert/cases.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <atomic>
#include <cmath>
#include <csignal>
#include <thread>

using namespace cases;
using convert::Conversion;
using convert::Result;

namespace {

bool holds(const std::vector<Message>& messages, const std::string& id)
{
    return std::any_of(messages.begin(), messages.end(), [&](const Message& message) { return message.id == id; });
}

QByteArray contents(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

}

Q_DECLARE_METATYPE(cases::Case)

class TestConversion : public QObject
{
    Q_OBJECT

private:
    QString target(const char* name = "out.h5") { return m_folder.filePath(name); }
    void putOld()
    {
        QFile file(target());
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("old");
    }
    /// Only what was there is there, as it was.
    bool isUntouched() const
    {
        const QStringList entries = QDir(m_folder.path()).entryList(QDir::AllEntries | QDir::System | QDir::Hidden | QDir::NoDotAndDotDot);
        return entries == QStringList{"out.h5"} && contents(m_folder.filePath("out.h5")) == "old";
    }

    QTemporaryDir m_folder;

private Q_SLOTS:
    void init()
    {
        for (const QString& name : QDir(m_folder.path()).entryList(QDir::Files | QDir::Hidden))
            QFile::remove(m_folder.filePath(name));
    }

    void provesAndReplaces_data();
    void provesAndReplaces();
    void provesOutputsThatAreRenamed();
    void writesWithoutProof();
    void failedProofKeepsTheOldFile();
    void cancelledKeepsTheOldFile();
    void whatIsNotComparedIsNotProved_data();
    void whatIsNotComparedIsNotProved();
    void lostWorkerIsTriedOnceMore();
    void workerThatKeepsDyingProvesNothing();
    void namesPromiseNoOtherKind_data();
    void namesPromiseNoOtherKind();
    void equalConversionsGiveEqualBytes_data();
    void equalConversionsGiveEqualBytes();
};

void TestConversion::provesAndReplaces_data()
{
    QTest::addColumn<Case>("what");
    QTest::newRow("Keras to Keras") << made(dense(Framework::Keras, 1), dense(Framework::Keras, 9));
    QTest::newRow("PyTorch to Keras") << made(dense(Framework::Torch, 1), dense(Framework::Keras, 9));
    QTest::newRow("state dict, layers that only shapes tell apart") << made(
        ModelBuilder(Framework::Torch, {4}).linear("fc1", 4, 3, {}, 1).linear("fc2", 3, 2, {}, 1).stateDict(), dense(Framework::Keras, 9));
    QTest::newRow("state dict, layers linked by hand") << twoAlike(mapping::LinkOrigin::Manual, "0", "1");
    QTest::newRow("state dict, layers of equal names") << twoAlike(mapping::LinkOrigin::Auto, "dense", "dense_1");
}

void TestConversion::provesAndReplaces()
{
    QFETCH(Case, what);
    putOld();
    const Conversion done = convert::convert(what.plan(), target().toStdString(), what.wish());
    for (const auto* messages : {&done.proof->faults, &done.proof->gaps})
        for (const Message& message : *messages)
            qInfo("%s", message.text.c_str());
    QCOMPARE(done.result, Result::Proved);
    QVERIFY(done.proof->reopened && done.proof->bitwise && done.proof->outputsCompared);
    QCOMPARE(done.proof->samples, 8);
    QCOMPARE(done.fileSize, static_cast<std::uint64_t>(contents(target()).size()));
    QVERIFY(contents(target()) != "old" && done.sha256.size() == 64);
}

/// Keras 3 takes no "/" in a layer's name; the outputs still belong to each other by the mapping, not by their order.
void TestConversion::provesOutputsThatAreRenamed()
{
    const auto heads = [](Framework framework, const std::string& a, const std::string& b, const std::vector<std::string>& outputs) {
        const std::string start = framework == Framework::Keras ? "in" : "first";
        return ModelBuilder(framework, {4})
            .linear(start, 4, 3)
            .linear(a, 3, 2, {}, 1)
            .from(start)
            .linear(b, 3, 2, {}, 40)
            .outputs(outputs)
            .model();
    };
    const Case what =
        made(heads(Framework::Torch, "p", "q", {"p", "q"}), heads(Framework::Keras, "block/p", "block/q", {"block/q", "block/p"}));
    const convert::Plan plan = what.plan();
    QVERIFY(holds(plan.warnings, "renamed"));
    const Conversion done = convert::convert(plan, target().toStdString(), what.wish());
    for (const Message& message : done.proof->faults)
        qInfo("%s", message.text.c_str());
    QCOMPARE(done.result, Result::Proved);
}

void TestConversion::writesWithoutProof()
{
    const Conversion done =
        convert::convert(made(dense(Framework::Keras, 1), dense(Framework::Keras, 9)).plan(), target().toStdString(), {});
    QCOMPARE(done.result, Result::Written);
    QVERIFY(!done.proof && !contents(target()).isEmpty());
}

void TestConversion::failedProofKeepsTheOldFile()
{
    putOld();
    const Case what = made(normed(10), normed(1e-3));
    QVERIFY(!what.plan().warnings.empty());
    const Conversion done = convert::convert(what.plan(), target().toStdString(), what.wish());
    QCOMPARE(done.result, Result::Failed);
    QVERIFY(holds(done.proof->faults, "outputs-differ"));
    QVERIFY(done.proof->bitwise && done.sha256.empty());
    QVERIFY(isUntouched());
}

void TestConversion::cancelledKeepsTheOldFile()
{
    putOld();
    const Case what = made(dense(Framework::Torch, 1), dense(Framework::Keras, 9));
    for (int delay = 0; delay < 20; ++delay) {
        const Progress progress;
        std::thread person([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(delay));
            progress.cancel();
        });
        bool isCancelled = false;
        try {
            convert::convert(what.plan(), target().toStdString(), what.wish(), progress);
        } catch (const Cancelled&) {
            isCancelled = true;
        }
        person.join();
        if (!isCancelled)
            putOld();
        QVERIFY(isUntouched());
    }
}

void TestConversion::whatIsNotComparedIsNotProved_data()
{
    QTest::addColumn<Case>("what");
    QTest::addColumn<int>("samples");
    QTest::addColumn<QString>("gap");
    const auto pair = [](const Model& source) { return made(source, dense(Framework::Keras, 9)); };
    Model halting = dense(Framework::Keras, 1);
    halting.ops.back().unsupported = "not in this test";
    const float nan = std::nanf("");
    QTest::newRow("a layer that cannot run") << pair(halting) << 8 << "no-output";
    QTest::newRow("one sample") << pair(dense(Framework::Keras, 1)) << 1 << "no-samples";
    QTest::newRow("no sample") << pair(dense(Framework::Keras, 1)) << 0 << "no-samples";
    QTest::newRow("outputs that do not move") << pair(withValues(dense(Framework::Keras, 1), "b/kernel:0", {0, 0, 0, 0, 0, 0})) << 8
                                              << "no-spread";
    QTest::newRow("NaN") << pair(withValues(dense(Framework::Keras, 1), "b/bias:0", {nan, nan})) << 8 << "nan";
    QTest::newRow("features whose order a state dict does not tell")
        << made(ModelBuilder(Framework::Torch, {2, 3, 4}).conv("c", 2, 3, 1).linear("fc", 36, 2).stateDict(),
                ModelBuilder(Framework::Keras, {3, 4, 2})
                    .conv("conv", 2, 3, 1, {}, {}, 9)
                    .plain("flat", "flatten")
                    .linear("dense", 36, 2)
                    .model())
        << 8 << "order-assumed";
    QTest::newRow("weights that went by their place") << twoAlike(mapping::LinkOrigin::Auto, "0", "1") << 8 << "paired-by-order";
}

void TestConversion::whatIsNotComparedIsNotProved()
{
    QFETCH(Case, what);
    QFETCH(int, samples);
    QFETCH(QString, gap);
    putOld();
    convert::ProofWish wish = what.wish();
    if (samples == 0)
        wish.inputs.clear();
    for (auto& [name, batch] : wish.inputs) {
        Shape shape = batch.shape();
        const auto one = static_cast<std::size_t>(batch.count() / shape.front());
        shape.front() = samples;
        batch = Tensor::fromFloats(shape, batch.floats().first(static_cast<std::size_t>(samples) * one), batch.axes());
    }
    const Conversion done = convert::convert(what.plan(), target().toStdString(), wish);
    QCOMPARE(done.result, Result::NotProved);
    QVERIFY(done.proof->faults.empty());
    QCOMPARE(done.proof->gaps.size(), std::size_t{1});
    QCOMPARE(QString::fromStdString(done.proof->gaps[0].id), gap);
    QVERIFY(done.proof->bitwise);
    QVERIFY(contents(target()) != "old");
}

void TestConversion::lostWorkerIsTriedOnceMore()
{
    const Case what = made(dense(Framework::Torch, 1), dense(Framework::Keras, 9));
    engines::makeEngine(what.pair.runLeft);
    QVERIFY(engines::torchWorkerProcessId() > 0);
    QCOMPARE(::kill(engines::torchWorkerProcessId(), SIGKILL), 0);
    QCOMPARE(convert::convert(what.plan(), target().toStdString(), what.wish()).result, Result::Proved);
}

void TestConversion::workerThatKeepsDyingProvesNothing()
{
    const Case what = made(dense(Framework::Torch, 1), dense(Framework::Keras, 9));
    std::atomic<bool> ends = false;
    std::thread killer([&] {
        while (!ends) {
            if (const int worker = engines::torchWorkerProcessId(); worker > 0)
                ::kill(worker, SIGKILL);
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    });
    const Conversion done = convert::convert(what.plan(), target().toStdString(), what.wish());
    ends = true;
    killer.join();
    QCOMPARE(done.result, Result::NotProved);
    QVERIFY(holds(done.proof->gaps, "not-run"));
    QVERIFY(done.proof->bitwise && !done.proof->outputsCompared);
    QVERIFY(QFile::exists(target()));
}

void TestConversion::namesPromiseNoOtherKind_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("isRefused");
    for (const char* name : {"x.keras", "x.weights.h5", "x.pt", "x.PTH", "x.pt2", "x.npz", "x.safetensors"})
        QTest::newRow(name) << name << true;
    for (const char* name : {"x.h5", "x.HDF5", "x", "x.bin", "keras", "x.keras.h5"})
        QTest::newRow(name) << name << false;
}

void TestConversion::namesPromiseNoOtherKind()
{
    QFETCH(QString, name);
    QFETCH(bool, isRefused);
    const QString path = m_folder.filePath(name);
    const convert::Plan plan = made(dense(Framework::Keras, 1), dense(Framework::Keras, 9)).plan();
    try {
        convert::convert(plan, path.toStdString(), {});
        QVERIFY(!isRefused);
    } catch (const Error& error) {
        QCOMPARE(error.id(), std::string("convert-ending"));
        QVERIFY(isRefused);
    }
    QCOMPARE(QFile::exists(path), !isRefused);
}

void TestConversion::equalConversionsGiveEqualBytes_data()
{
    QTest::addColumn<bool>("toKeras");
    QTest::newRow("h5") << true;
    QTest::newRow("state dict") << false;
}

void TestConversion::equalConversionsGiveEqualBytes()
{
    QFETCH(bool, toKeras);
    Case what = made(dense(Framework::Torch, 1), dense(toKeras ? Framework::Keras : Framework::Torch, 9));
    what.writer = toKeras ? &kerasH5Writer : &stateDictWriter;
    const QString first = target(toKeras ? "1.h5" : "1.pt"), second = target(toKeras ? "2.h5" : "2.pt");
    const Conversion one = convert::convert(what.plan(), first.toStdString(), {});
    QTest::qWait(1100); // HDF5's object times count seconds
    const Conversion other = convert::convert(what.plan(), second.toStdString(), {});
    QCOMPARE(one.sha256, other.sha256);
    QVERIFY(contents(first) == contents(second));
}

QTEST_GUILESS_MAIN(TestConversion)
#include "tst_conversion.moc"
