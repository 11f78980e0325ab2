// SPDX-License-Identifier: GPL-3.0-or-later
// What both engines owe their callers, with networks made by hand.
#include "tests/engines/models.h"

#include <QTest>

using namespace core;
using core::engines::Feeds, core::engines::makeEngine;

Q_DECLARE_METATYPE(core::Framework)

class TestEngines : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase_data();
    void allValues();
    void onlyWanted();
    void partOfTheGraph();
    void batch();
    void bothAgree();
    void unsupportedKind();
    void wrongInput();
    void wrongWeights();
    void unreadableWeights();
    void narrowFloats();
    void tooLarge();
    void nanStaysNan();
    void cancelled();
    void notWired();
};

static std::string idOf(const std::function<void()>& action)
{
    try {
        action();
    } catch (const Error& error) {
        return error.id();
    }
    return "no error";
}

static double difference(const Tensor& a, const Tensor& b)
{
    return a.shape() == b.shape() ? reference::scaledDifference(a.floats(), b.floats()) : 1;
}

void TestEngines::initTestCase_data()
{
    QTest::addColumn<core::Framework>("framework");
    QTest::newRow("torch") << Framework::Torch;
    QTest::newRow("keras") << Framework::Keras;
}

void TestEngines::allValues()
{
    QFETCH_GLOBAL(core::Framework, framework);
    const auto engine = makeEngine(smallNetwork(framework));
    const auto input = smallInput(framework);
    const auto trace = engine->run({{0, input}});
    QVERIFY(trace.problems.empty());
    QCOMPARE(trace.values.size(), 5UL);
    const bool torch = framework == Framework::Torch;
    const std::vector<Shape> shapes{
        input.shape(), torch ? Shape{1, 3, 5, 4} : Shape{1, 5, 4, 3}, torch ? Shape{1, 3, 5, 4} : Shape{1, 5, 4, 3}, {1, 60}, {1, 4}};
    for (std::size_t i = 0; i < shapes.size(); ++i) {
        QVERIFY(trace.values[i]);
        QCOMPARE(trace.values[i]->shape(), shapes[i]);
    }
    QCOMPARE(text(trace.values[1]->axes()), std::string(torch ? "N,C,H,W" : "N,H,W,C"));
    QCOMPARE(text(trace.values[3]->axes()), std::string(torch ? "N,flat(C,H,W)" : "N,flat(H,W,C)"));
    QVERIFY(sameBits(*trace.values[0], input));
    QVERIFY(trace.milliseconds > 0);
}

void TestEngines::onlyWanted()
{
    QFETCH_GLOBAL(core::Framework, framework);
    const auto engine = makeEngine(smallNetwork(framework));
    const Feeds feeds{{0, smallInput(framework)}};
    const auto all = engine->run(feeds);
    for (int round = 0; round < 2; ++round) {
        const auto some = engine->run(feeds, {4, 2});
        for (std::size_t i = 0; i < 5; ++i) {
            QCOMPARE(some.values[i].has_value(), i == 2 || i == 4);
            if (some.values[i])
                QVERIFY(sameBits(*some.values[i], *all.values[i]));
        }
    }
}

void TestEngines::partOfTheGraph()
{
    QFETCH_GLOBAL(core::Framework, framework);
    const auto engine = makeEngine(smallNetwork(framework));
    const auto whole = engine->run({{0, smallInput(framework)}});
    const auto part = engine->run({{2, *whole.values[2]}}, {4});
    QVERIFY(part.problems.empty());
    QVERIFY(part.values[4] && !part.values[3]);
    QVERIFY(sameBits(*part.values[4], *whole.values[4]));

    const auto unfed = engine->run({}, {1});
    QVERIFY(!unfed.values[1]);
    QCOMPARE(unfed.problems.at(0), std::string("it was given no value"));
    QCOMPARE(unfed.problems.at(1), std::string("it needs input0, which was given no value"));
}

void TestEngines::batch()
{
    QFETCH_GLOBAL(core::Framework, framework);
    const auto engine = makeEngine(smallNetwork(framework));
    const auto input = smallInput(framework, 3);
    const auto together = engine->run({{0, input}}, {4}).values[4];
    QCOMPARE(together->shape(), (Shape{3, 4}));
    for (std::size_t n = 0; n < 3; ++n) {
        auto shape = input.shape();
        shape[0] = 1;
        const auto alone = engine->run({{0, Tensor::fromFloats(shape, input.floats().subspan(n * 40, 40))}}, {4}).values[4];
        QCOMPARE_LE(reference::scaledDifference(alone->floats(), together->floats().subspan(n * 4, 4)), 1e-6);
    }
}

// Two arithmetics, two layouts, one function.
void TestEngines::bothAgree()
{
    QFETCH_GLOBAL(core::Framework, framework);
    if (framework == Framework::Keras)
        return;
    const auto torch = makeEngine(smallNetwork(Framework::Torch))->run({{0, smallInput(Framework::Torch, 2)}});
    const auto keras = makeEngine(smallNetwork(Framework::Keras))->run({{0, smallInput(Framework::Keras, 2)}});
    for (std::size_t op = 1; op < 5; ++op) {
        const auto moved = torch.values[op]->relabelled(keras.values[op]->shape(), keras.values[op]->axes());
        QCOMPARE_LE(difference(moved, *keras.values[op]), 1e-6);
    }
}

void TestEngines::unsupportedKind()
{
    QFETCH_GLOBAL(core::Framework, framework);
    ModelBuilder builder(framework);
    builder.input({3}).op("relu").unsupported("a Lambda has code of its own").op("tanh").op("relu");
    const auto trace = makeEngine(builder.build())->run({{0, randomTensor({1, 3}, 1)}});
    QVERIFY(trace.values[1] && !trace.values[2] && !trace.values[3] && !trace.values[4]);
    QCOMPARE(trace.problems.size(), 3UL);
    QCOMPARE(trace.problems.at(2), std::string("a Lambda has code of its own"));
    QCOMPARE(trace.problems.at(3), std::string("it needs 2, which cannot run"));
    QCOMPARE(trace.problems.at(4), std::string("it needs 2, which cannot run"));
}

// R03
void TestEngines::wrongInput()
{
    QFETCH_GLOBAL(core::Framework, framework);
    const auto engine = makeEngine(smallNetwork(framework));
    QCOMPARE(idOf([&] { engine->run({{0, randomTensor({1, 7, 7, 7}, 1)}}); }), std::string("feed-shape"));
    QCOMPARE(idOf([&] { engine->run({{0, randomTensor({40}, 1)}}); }), std::string("feed-shape"));
    QCOMPARE(idOf([&] { engine->run({{0, Tensor()}}); }), std::string("feed-empty"));
    QCOMPARE(idOf([&] { engine->run({{9, smallInput(framework)}}); }), std::string("feed-empty"));
    QCOMPARE(idOf([&] { engine->run({{0, smallInput(framework)}}, {5}); }), std::string("op-index"));
    const auto narrow = engine->run({{3, randomTensor({1, 59}, 1).withAxes(axesOf("NF"))}}, {4});
    QVERIFY(!narrow.values[4] && narrow.problems.contains(4));
    QVERIFY(engine->run({{0, smallInput(framework)}}).problems.empty());
}

void TestEngines::wrongWeights()
{
    QFETCH_GLOBAL(core::Framework, framework);
    ModelBuilder builder(framework);
    builder.input({3}).op("linear", {{"units", std::int64_t{2}}, {"bias", false}}, {{"kernel", randomTensor({5, 7}, 1)}}).op("relu");
    const auto trace = makeEngine(builder.build())->run({{0, randomTensor({1, 3}, 1)}});
    QVERIFY(!trace.values[1] && !trace.values[2]);
    QVERIFY(trace.problems.at(1).find("[5,7]") != std::string::npos);
    QCOMPARE(trace.problems.at(2), std::string("it needs linear1, which cannot run"));
}

void TestEngines::unreadableWeights()
{
    QFETCH_GLOBAL(core::Framework, framework);
    ModelBuilder builder(framework);
    const Attributes attributes{{"units", std::int64_t{3}}, {"bias", false}};
    builder.input({3}).op("linear", attributes, {{"kernel", randomTensor({3, 3}, 1)}});
    builder.lastParameter().problem = "its storage is too small";
    builder.op("linear", attributes, {{"kernel", randomTensor({3, 3}, 1)}});
    auto& source = builder.lastParameter().source;
    source = {DType::Int8, {3, 3}, std::make_shared<const std::vector<std::byte>>(9)};
    const auto engine = makeEngine(builder.build());
    const auto first = engine->run({{0, randomTensor({1, 3}, 1)}});
    QVERIFY(first.problems.at(1).find("storage is too small") != std::string::npos);
    const auto second = engine->run({{1, randomTensor({1, 3}, 1).withAxes(axesOf("NF"))}}, {2});
    QVERIFY(second.problems.at(2).find("int8") != std::string::npos);
}

// A float16 kernel [[1, 2], [0.5, -1]] in the framework's own orientation.
void TestEngines::narrowFloats()
{
    QFETCH_GLOBAL(core::Framework, framework);
    const std::array<std::uint16_t, 4> halves{0x3C00, 0x4000, 0x3800, 0xBC00};
    const auto bytes = std::as_bytes(std::span(halves));
    const Tensor kernel(DType::Float16, {2, 2}, std::make_shared<const std::vector<std::byte>>(bytes.begin(), bytes.end()));
    ModelBuilder builder(framework);
    builder.input({2}).op("linear", {{"units", std::int64_t{2}}, {"bias", false}}, {{"kernel", kernel}});
    const auto trace = makeEngine(builder.build())->run({{0, Tensor::fromFloats({1, 2}, std::vector<float>{1, 10})}});
    const auto values = trace.values[1]->floats();
    const bool torch = framework == Framework::Torch;
    QCOMPARE(values[0], torch ? 21.0F : 6.0F);
    QCOMPARE(values[1], torch ? -9.5F : -8.0F);
}

// R01: 2^18 x 2^18 floats are never allocated.
void TestEngines::tooLarge()
{
    QFETCH_GLOBAL(core::Framework, framework);
    ModelBuilder builder(framework);
    builder.input({1, 1, 1}).op("zeropad2d", {{"pads", Ints{1 << 17, 1 << 17, 1 << 17, 1 << 17}}});
    const auto network = builder.build();
    QCOMPARE(idOf([&] { makeEngine(network)->run({{0, randomTensor({1, 1, 1, 1}, 1)}}); }), std::string("activations-too-large"));
}

void TestEngines::nanStaysNan()
{
    QFETCH_GLOBAL(core::Framework, framework);
    auto input = smallInput(framework);
    std::vector<float> values(input.floats().begin(), input.floats().end());
    values[7] = std::numeric_limits<float>::quiet_NaN();
    const auto trace = makeEngine(smallNetwork(framework))->run({{0, Tensor::fromFloats(input.shape(), values)}});
    for (const float value : trace.values[4]->floats())
        QVERIFY(std::isnan(value));
}

void TestEngines::cancelled()
{
    QFETCH_GLOBAL(core::Framework, framework);
    const auto engine = makeEngine(smallNetwork(framework));
    const Progress progress;
    progress.cancel();
    QVERIFY_THROWS_EXCEPTION(Cancelled, engine->run({{0, smallInput(framework)}}, {}, progress));
    QVERIFY(engine->run({{0, smallInput(framework)}}).values[4]);
}

void TestEngines::notWired()
{
    QFETCH_GLOBAL(core::Framework, framework);
    auto model = *smallNetwork(framework);
    model.wired = false;
    QCOMPARE(idOf([&] { makeEngine(std::make_shared<const Model>(model)); }), std::string("model-not-wired"));
}

QTEST_GUILESS_MAIN(TestEngines)
#include "tst_engines.moc"
