// SPDX-License-Identifier: GPL-3.0-or-later
// The LibTorch process dies, is restarted, lies to and is lied to.
#include "core/engines/torch/torchworker.h"
#include "tests/engines/models.h"

#include <QTest>
#include <csignal>
#include <sys/wait.h>
#include <thread>

using namespace core;
using core::engines::makeEngine, core::engines::torchWorkerProcessId, core::engines::TorchWorker;

class TestTorchWorker : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void prestart();
    void version();
    void killedWhileIdle();
    void killedInRun();
    void killedInLoad();
    void severalModelsAfterRestart();
    void largeModel();
    void refusedByLibTorch();
    void badMessages_data();
    void badMessages();
};

static std::string errorOf(const std::function<void()>& action)
{
    try {
        action();
    } catch (const Error& error) {
        return error.id();
    }
    return "no error";
}

/// A network that takes seconds.
static std::shared_ptr<const Model> slowNetwork()
{
    ModelBuilder builder(Framework::Torch);
    builder.input({32, 256, 256});
    for (int i = 0; i < 12; ++i)
        builder.op("conv2d", {{"filters", std::int64_t{32}}, {"kernel", Ints{7, 7}}, {"padding", std::string("same")}},
                   {{"kernel", randomTensor({32, 32, 7, 7}, 1, 0.02F)}});
    return builder.build();
}

/// Kills the idle worker and waits until all its threads are gone; it stays to be reaped.
static void killIdle()
{
    const int pid = torchWorkerProcessId();
    QVERIFY(pid > 0);
    ::kill(pid, SIGKILL);
    siginfo_t info{};
    QCOMPARE(::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT), 0);
}

/// Kills the worker a while after now.
class Killer
{
public:
    explicit Killer(std::chrono::milliseconds after)
        : m_thread([after] {
              std::this_thread::sleep_for(after);
              if (const int pid = torchWorkerProcessId(); pid > 0)
                  ::kill(pid, SIGKILL);
          })
    {
    }
    ~Killer() { m_thread.join(); }

private:
    std::thread m_thread;
};

static bool runsSmallNetwork()
{
    const auto trace = makeEngine(smallNetwork(Framework::Torch))->run({{0, smallInput(Framework::Torch)}});
    return trace.values[4].has_value();
}

void TestTorchWorker::prestart()
{
    QCOMPARE(torchWorkerProcessId(), -1);
    engines::prestartTorch();
    const int pid = torchWorkerProcessId();
    QVERIFY(pid > 0);
    QVERIFY(runsSmallNetwork());
    QCOMPARE(torchWorkerProcessId(), pid);
}

void TestTorchWorker::version()
{
    const auto version = QString::fromStdString(engines::torchVersion());
    QVERIFY2(version.section('.', 0, 0).toInt() >= 1 && version.contains('.'), qPrintable(version));
}

void TestTorchWorker::killedWhileIdle()
{
    const auto engine = makeEngine(smallNetwork(Framework::Torch));
    const auto before = engine->run({{0, smallInput(Framework::Torch)}}).values[4];
    const int pid = torchWorkerProcessId();
    killIdle();
    const auto after = engine->run({{0, smallInput(Framework::Torch)}}).values[4];
    QVERIFY(torchWorkerProcessId() != pid);
    QVERIFY(sameBits(*before, *after));
}

void TestTorchWorker::killedInRun()
{
    const auto engine = makeEngine(slowNetwork());
    const auto small = makeEngine(smallNetwork(Framework::Torch));
    {
        const Killer killer(std::chrono::milliseconds(150));
        QCOMPARE(errorOf([&] { engine->run({{0, randomTensor({1, 32, 256, 256}, 1)}}, {12}); }), std::string("worker-killed"));
    }
    QVERIFY(small->run({{0, smallInput(Framework::Torch)}}).values[4]);
}

// The process is fresh, so that the load waits for LibTorch to start.
void TestTorchWorker::killedInLoad()
{
    killIdle();
    const auto network = smallNetwork(Framework::Torch);
    {
        const Killer killer(std::chrono::milliseconds(60));
        QCOMPARE(errorOf([&] { makeEngine(network); }), std::string("worker-killed"));
    }
    QVERIFY(runsSmallNetwork());
}

void TestTorchWorker::severalModelsAfterRestart()
{
    const auto first = makeEngine(smallNetwork(Framework::Torch));
    ModelBuilder builder(Framework::Torch);
    builder.input({3}).op("relu");
    auto second = makeEngine(builder.build());
    const auto third = makeEngine(builder.build());
    second.reset();
    killIdle();
    QVERIFY(third->run({{0, randomTensor({1, 3}, 1)}}).values[1]);
    QVERIFY(first->run({{0, smallInput(Framework::Torch)}}).values[4]);
}

// 320 MiB of parameters: the process is replaced by one that may use more.
void TestTorchWorker::largeModel()
{
    const auto small = makeEngine(smallNetwork(Framework::Torch));
    const int pid = torchWorkerProcessId();
    constexpr std::int64_t width = 9216;
    ModelBuilder builder(Framework::Torch);
    const auto zeros = std::make_shared<const std::vector<std::byte>>(static_cast<std::size_t>(width * width) * sizeof(float));
    builder.input({width}).op("linear", {{"units", width}, {"bias", false}}, {{"kernel", Tensor(DType::Float32, {width, width}, zeros)}});
    const auto large = makeEngine(builder.build());
    QVERIFY(torchWorkerProcessId() != pid);
    QCOMPARE(large->run({{0, randomTensor({1, width}, 1)}}, {1}).values[1]->floats()[5], 0.0F);
    QVERIFY(small->run({{0, smallInput(Framework::Torch)}}).values[4]);
}

// R05: an exception of LibTorch becomes the op's problem; the others run.
void TestTorchWorker::refusedByLibTorch()
{
    ModelBuilder builder(Framework::Torch);
    builder.input({2, 4, 4})
        .op("avgpool2d", {{"kernel", Ints{2, 2}}, {"stride", Ints{2, 2}}, {"divisor", std::int64_t{0}}, {"padding", std::string("valid")}})
        .op("tanh");
    const auto trace = makeEngine(builder.build())->run({{0, randomTensor({1, 2, 4, 4}, 1)}});
    QVERIFY(trace.values[0] && !trace.values[1] && !trace.values[2]);
    QVERIFY2(trace.problems.at(1).starts_with("LibTorch: "), trace.problems.at(1).c_str());
    QCOMPARE(trace.problems.at(2), std::string("it needs avgpool2d1, which cannot run"));
}

void TestTorchWorker::badMessages_data()
{
    QTest::addColumn<QByteArray>("head");
    QTest::addColumn<QByteArray>("error");
    const auto add = [](const char* name, const char* head, const char* error) {
        QTest::newRow(name) << QByteArray(head) << QByteArray(error);
    };
    add("no request", "{}", "graph-message");
    add("unknown handle", R"({"request":"run","handle":99999})", "graph-message");
    add("load nothing", R"({"request":"load","handle":5000})", "graph-message");
    add("too few bytes", R"({"request":"load","handle":5000,"ops":[],"shapes":[[3]]})", "graph-payload");
    add("too many bytes", R"({"request":"load","handle":5000,"ops":[],"shapes":[[1]]})", "graph-payload");
    add("negative shape", R"({"request":"load","handle":5000,"ops":[],"shapes":[[-2]]})", "shape-overflow");
    add("shape overflows", R"({"request":"load","handle":5000,"ops":[],"shapes":[[4294967296,4294967296]]})", "shape-overflow");
    add("input behind",
        R"({"request":"load","handle":5000,"shapes":[[2]],"ops":[{"kind":"tanh","attributes":{},"inputs":[{"name":"","op":0,"output":0}],"parameters":{}}]})",
        "graph-index");
    add("no parameter",
        R"({"request":"load","handle":5000,"shapes":[[2]],"ops":[{"kind":"x","attributes":{},"inputs":[],"parameters":{"a":1}}]})",
        "graph-index");
    add("nested attribute",
        R"({"request":"load","handle":5000,"shapes":[[2]],"ops":[{"kind":"x","attributes":{"a":{}},"inputs":[],"parameters":{}}]})",
        "graph-message");
}

// The worker believes the window no more than a file.
void TestTorchWorker::badMessages()
{
    QFETCH(QByteArray, head);
    QFETCH(QByteArray, error);
    const auto worker = TorchWorker::shared();
    const std::array<float, 2> values{1, 2};
    const std::array payload{std::span<const std::byte>(std::as_bytes(std::span(values)))};
    const auto json = parseJson(std::string_view(head.data(), static_cast<std::size_t>(head.size())), "test");
    QCOMPARE(errorOf([&] { worker->request(json, payload); }), error.toStdString());
    QVERIFY(runsSmallNetwork());
}

QTEST_GUILESS_MAIN(TestTorchWorker)
#include "tst_torchworker.moc"
