// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compare/compare.h"
#include "modelbuilder.h"

#include <QTest>
#include <cmath>
#include <limits>

using namespace core;
using compare::Verdict;

namespace {

Tensor image(Framework framework, Shape shape, const std::vector<float>& values)
{
    return Tensor::fromFloats(std::move(shape), values, axesOf(framework == Framework::Torch ? "NCHW" : "NHWC"));
}

Tensor row(const std::vector<float>& values)
{
    return Tensor::fromFloats({1, static_cast<std::int64_t>(values.size())}, values, axesOf("NF"));
}

/// relu -> flatten on both sides over C=2, H=1, W=2.
struct Fixture
{
    Model left = ModelBuilder(Framework::Torch, {2, 1, 2}).plain("0", "relu").plain("1", "flatten").model();
    Model right = ModelBuilder(Framework::Keras, {1, 2, 2}).plain("relu", "relu").plain("flatten", "flatten").model();
    mapping::Mapping mapping = mapping::autoMap(left, right);
    std::vector<compare::ParameterResult> parameters;
    engines::Trace leftTrace, rightTrace;

    Fixture()
    {
        const Axis chw = flattened(axesOf("CHW"), {2, 1, 2}), hwc = flattened(axesOf("HWC"), {1, 2, 2});
        leftTrace.values = {image(Framework::Torch, {1, 2, 1, 2}, {1, -2, 3, 4}), image(Framework::Torch, {1, 2, 1, 2}, {1, 0, 3, 4}),
                            Tensor::fromFloats({1, 4}, std::vector<float>{1, 0, 3, 4}, {{"N", {}}, chw})};
        rightTrace.values = {image(Framework::Keras, {1, 1, 2, 2}, {1, 3, -2, 4}), image(Framework::Keras, {1, 1, 2, 2}, {1, 3, 0, 4}),
                             Tensor::fromFloats({1, 4}, std::vector<float>{1, 3, 0, 4}, {{"N", {}}, hwc})};
    }
    compare::Report report(double tolerance = 1e-5) const
    {
        return compare::compareTraces({&left, &leftTrace}, {&right, &rightTrace}, mapping, parameters, tolerance);
    }
};

/// Computes max(x + shift, 0) for op 1 of what it is fed, and keeps what that was.
class ShiftedRelu : public engines::Engine
{
public:
    ShiftedRelu(const Model& model, float shift) : m_model(model), m_shift(shift) {}
    const Model& model() const override { return m_model; }
    engines::Trace run(const engines::Feeds& feeds, const std::vector<Port>& wanted, const Progress&) override
    {
        engines::Trace trace;
        trace.values.resize(m_model.ops.size());
        if (wanted != std::vector<Port>{1} || !feeds.contains(0))
            return trace;
        fed = feeds.at(0);
        std::vector<float> values;
        for (const float value : fed.floats())
            values.push_back(std::max(value + m_shift, 0.0f));
        trace.values[1] = Tensor::fromFloats(fed.shape(), values, fed.axes());
        return trace;
    }

    Tensor fed;

private:
    Model m_model;
    float m_shift;
};

/// 2a + b of ops 2 and 3 for op 4, whatever the order in which it lists them.
class Join : public engines::Engine
{
public:
    explicit Join(const Model& model) : m_model(model) {}
    const Model& model() const override { return m_model; }
    engines::Trace run(const engines::Feeds& feeds, const std::vector<Port>&, const Progress&) override
    {
        engines::Trace trace;
        trace.values.resize(m_model.ops.size());
        if (feeds.contains(2) && feeds.contains(3))
            trace.values[4] = row({2 * feeds.at(2).floats()[0] + feeds.at(3).floats()[0]});
        return trace;
    }

private:
    Model m_model;
};

}

class TestCompare : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tiesOutThroughLabels();
    void firstDivergence();
    void outputAloneDiffers();
    void nanOnOneSideDiffers();
    void shapesThatCannotAgreeDiffer();
    void orderThatOneSideDoesNotTell();
    void unmappedLayersDoNotCount();
    void withoutOutputNothingIsCompared();
    void softmaxAgainstLogits();
    void logSoftmaxAgainstSoftmax();
    void oneFormIsLeftAsItIs();
    void batches();
    void localErrors();
    void localErrorsOfSeveralInputs();
};

void TestCompare::tiesOutThroughLabels()
{
    const compare::Report report = Fixture().report();
    QCOMPARE(report.verdict, Verdict::TiesOut);
    QCOMPARE(report.layers.size(), std::size_t{2});
    QCOMPARE(report.layers[0].left, std::string("0"));
    QCOMPARE(report.layers[0].right, std::string("relu"));
    QCOMPARE(report.layers[0].shape, (Shape{1, 1, 2, 2}));
    QCOMPARE(report.layers[0].metrics->maxAbs, 0.0);
    QCOMPARE(report.layers[1].metrics->maxAbs, 0.0); // flat(C,H,W) against flat(H,W,C)
    QCOMPARE(report.differing, 0);
    QCOMPARE(report.firstDivergence, -1);
    QCOMPARE(report.outputs.front().argmaxLeft, (std::vector<std::optional<int>>{3}));
    QCOMPARE(std::string(compare::name(report.verdict)), std::string("ties-out"));
}

void TestCompare::firstDivergence()
{
    Fixture fixture;
    fixture.leftTrace.values[1] = image(Framework::Torch, {1, 2, 1, 2}, {1, 0, 3, 5});
    const compare::Report report = fixture.report();
    QCOMPARE(report.verdict, Verdict::Differs);
    QCOMPARE(report.firstDivergence, 0);
    QCOMPARE(report.differing, 1);
    QCOMPARE(report.minimumTolerance, 0.25); // 1 against the right side's greatest, 4
    QCOMPARE(fixture.report(0.25).verdict, Verdict::TiesOut);
}

void TestCompare::outputAloneDiffers()
{
    Fixture fixture;
    fixture.mapping = {};
    fixture.leftTrace.values[2] = Tensor::fromFloats({1, 4}, std::vector<float>{1, 0, 3, 4.5}, fixture.leftTrace.values[2]->axes());
    const compare::Report report = fixture.report();
    QCOMPARE(report.verdict, Verdict::Differs);
    QCOMPARE(report.differing, 0);
    QCOMPARE(report.unmappedLeft, (std::vector<std::string>{"0", "1"}));
}

void TestCompare::nanOnOneSideDiffers()
{
    Fixture fixture;
    const float nan = std::numeric_limits<float>::quiet_NaN();
    fixture.leftTrace.values[1] = image(Framework::Torch, {1, 2, 1, 2}, {1, nan, 3, 4});
    const compare::Report report = fixture.report(1e9);
    QCOMPARE(report.verdict, Verdict::Differs);
    QVERIFY(std::isnan(report.minimumTolerance));
    fixture.rightTrace.values[1] = image(Framework::Keras, {1, 1, 2, 2}, {1, 3, nan, 4});
    QCOMPARE(fixture.report().verdict, Verdict::TiesOut);
}

void TestCompare::shapesThatCannotAgreeDiffer()
{
    Fixture fixture;
    fixture.leftTrace.values[1] = image(Framework::Torch, {1, 3, 1, 2}, {1, 0, 3, 4, 5, 6});
    const compare::Report report = fixture.report();
    QCOMPARE(report.verdict, Verdict::Differs);
    QVERIFY(!report.layers[0].metrics);
    QVERIFY(!report.layers[0].problem.empty());
    QCOMPARE(report.firstDivergence, 0);
    QCOMPARE(report.differing, 1);
}

/// Of features that one side takes from an image and the other from something unknown nothing is said.
void TestCompare::orderThatOneSideDoesNotTell()
{
    Fixture fixture;
    fixture.left.outputs = fixture.right.outputs = {1};
    fixture.leftTrace.values[2] = Tensor::fromFloats({1, 4}, std::vector<float>{1, 0, 3, 4}, {{"N", {}}, lostAxis("F", "x")});
    const compare::Report report = fixture.report();
    QCOMPARE(report.verdict, Verdict::NotCompared);
    QVERIFY(!report.layers[1].differs && !report.layers[1].tiesOut && !report.layers[1].metrics);
    QCOMPARE(report.notCompared, 1);
}

void TestCompare::unmappedLayersDoNotCount()
{
    Fixture fixture;
    fixture.mapping.links.erase(fixture.mapping.links.begin());
    fixture.leftTrace.values[1].reset();
    const compare::Report report = fixture.report();
    QCOMPARE(report.verdict, Verdict::TiesOut);
    QCOMPARE(report.unmappedLeft, std::vector<std::string>{"0"});
    QCOMPARE(report.unmappedRight, std::vector<std::string>{"relu"});
}

void TestCompare::withoutOutputNothingIsCompared()
{
    Fixture fixture;
    fixture.leftTrace.values[2].reset();
    fixture.leftTrace.problems[2] = "it is of a kind that cannot run yet";
    const compare::Report report = fixture.report();
    QCOMPARE(report.verdict, Verdict::NotCompared);
    QVERIFY(!report.outputs.front().metrics);
    QCOMPARE(report.layers[1].problem, std::string("1 (Flatten) could not be computed: it is of a kind that cannot run yet"));
    QVERIFY(report.layers[0].tiesOut);
    QCOMPARE(report.differing, 0);
    QCOMPARE(report.firstDivergence, -1);
}

void TestCompare::softmaxAgainstLogits()
{
    const Model left = ModelBuilder(Framework::Torch, {2}).linear("0", 2, 2).model();
    const Model right = ModelBuilder(Framework::Keras, {2}).linear("dense", 2, 2, "softmax").model();
    engines::Trace a, b;
    a.values = {row({0, 0}), row({7, 7 + std::log(3.0f)})};
    b.values = {row({0, 0}), row({7, 7 + std::log(3.0f)}), row({0.25f, 0.75f})};
    const compare::Report report = compare::compareTraces({&left, &a}, {&right, &b}, mapping::autoMap(left, right), {}, 1e-5);
    QCOMPARE(report.verdict, Verdict::TiesOut);
    QCOMPARE(report.outputs.front().broughtTo, std::string("softmax"));
    QVERIFY(std::fabs(report.outputs.front().leftValue.floats()[1] - 0.75f) < 1e-6f);
    QCOMPARE(report.notes.front().message.id, std::string("softmax-missing"));
    QCOMPARE(report.layers[0].right, std::string("dense:linear"));
}

void TestCompare::logSoftmaxAgainstSoftmax()
{
    const Model left = ModelBuilder(Framework::Torch, {2}).linear("0", 2, 2).plain("1", "logsoftmax", {{"axis", std::int64_t{1}}}).model();
    const Model right = ModelBuilder(Framework::Keras, {2}).linear("dense", 2, 2, "softmax").model();
    engines::Trace a, b;
    a.values = {row({0, 0}), row({1, 1}), row({std::log(0.25f), std::log(0.75f)})};
    b.values = {row({0, 0}), row({1, 1}), row({0.25f, 0.75f})};
    const compare::Report report = compare::compareTraces({&left, &a}, {&right, &b}, mapping::autoMap(left, right), {}, 1e-5);
    QCOMPARE(report.outputs.front().broughtTo, std::string("softmax"));
    QVERIFY(report.outputs.front().metrics->maxAbs < 1e-6);
    QCOMPARE(report.verdict, Verdict::TiesOut);
}

void TestCompare::oneFormIsLeftAsItIs()
{
    const Model left = ModelBuilder(Framework::Torch, {2}).linear("0", 2, 2).plain("drop", "dropout", {{"rate", 0.5}}).model();
    const Model right = ModelBuilder(Framework::Keras, {2}).linear("dense", 2, 2).model();
    engines::Trace a, b;
    a.values = {row({0, 0}), row({100, 1}), row({100, 1})};
    b.values = {row({0, 0}), row({101, 1})};
    const compare::Report report = compare::compareTraces({&left, &a}, {&right, &b}, mapping::autoMap(left, right), {}, 1e-5);
    QCOMPARE(report.outputs.front().broughtTo, std::string());
    QCOMPARE(report.outputs.front().metrics->maxAbs, 1.0);
    QVERIFY(report.notes.empty());
}

void TestCompare::batches()
{
    const Model model = ModelBuilder(Framework::Torch, {2}).linear("0", 2, 2).model();
    engines::Trace a, b;
    const std::vector<float> left{0, 1, 5, 1}, right{0, 1, 5, 6};
    a.values = {row({0, 0}), Tensor::fromFloats({2, 2}, left, axesOf("NF"))};
    b.values = {row({0, 0}), Tensor::fromFloats({2, 2}, right, axesOf("NF"))};
    const compare::Report report = compare::compareTraces({&model, &a}, {&model, &b}, mapping::autoMap(model, model), {}, 1e-5);
    QCOMPARE(report.outputs.front().argmaxLeft, (std::vector<std::optional<int>>{1, 0}));
    QCOMPARE(report.outputs.front().argmaxRight, (std::vector<std::optional<int>>{1, 1}));
    QCOMPARE(report.outputs.front().metrics->worstIndex, std::int64_t{3});
}

void TestCompare::localErrors()
{
    Fixture fixture;
    fixture.rightTrace.values[0] = image(Framework::Keras, {1, 1, 2, 2}, {9, 9, 9, 9}); // the right run's own input is not used
    compare::Report report = fixture.report();
    ShiftedRelu engine(fixture.right, 0.5f);
    compare::addLocalErrors(report, {&fixture.left, &fixture.leftTrace}, engine, fixture.mapping);
    QCOMPARE(std::vector<float>(engine.fed.floats().begin(), engine.fed.floats().end()), (std::vector<float>{1, 3, -2, 4}));
    QCOMPARE(*report.layers[0].localScaledMax, 0.5 / 4.5); // 4.5 is the greatest that the right group gave
    QVERIFY(!report.layers[1].localScaledMax);             // the engine did not compute it
}

void TestCompare::localErrorsOfSeveralInputs()
{
    const auto model = [](Framework framework, std::vector<Input> inputs) {
        Model result =
            ModelBuilder(framework, {1}).plain("in", "relu").plain("a", "relu").plain("b", "relu").unknown("join", "Join").model();
        result.ops[3].inputs = {1};
        result.ops[4].inputs = std::move(inputs);
        return result;
    };
    const Model left = model(Framework::Torch, {2, 3}), right = model(Framework::Keras, {3, 2});
    mapping::Mapping mapping;
    for (const char* name : {"a", "b", "join"}) {
        mapping::Link link;
        link.left = link.right = {name};
        mapping.links.push_back(link);
    }
    engines::Trace trace;
    trace.values = {row({1}), row({1}), row({3}), row({10}), row({16})};
    compare::Report report = compare::compareTraces({&left, &trace}, {&right, &trace}, mapping, {}, 1e-5);
    Join engine(right);
    compare::addLocalErrors(report, {&left, &trace}, engine, mapping);
    QCOMPARE(report.layers[2].localScaledMax, std::optional(0.0));
    mapping.links.erase(mapping.links.begin(), mapping.links.begin() + 2); // which input is which is not known any more
    report = compare::compareTraces({&left, &trace}, {&right, &trace}, mapping, {}, 1e-5);
    compare::addLocalErrors(report, {&left, &trace}, engine, mapping);
    QVERIFY(!report.layers[0].localScaledMax);
}

QTEST_GUILESS_MAIN(TestCompare)
#include "tst_compare.moc"
