// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compare/compare.h"
#include "modelbuilder.h"

#include <QTest>
#include <cmath>
#include <limits>

using namespace core;
using compare::Verdict;

namespace {

constexpr float notANumber = std::numeric_limits<float>::quiet_NaN();

Tensor rows(std::int64_t samples, const std::vector<float>& values)
{
    return Tensor::fromFloats({samples, static_cast<std::int64_t>(values.size()) / samples}, values, axesOf("NF"));
}

/// input -> relu -> two heads, `first` and `second`, of two values each; ops 2 and 3.
Model twoHeads(Framework framework, const std::string& first, const std::string& second, const std::string& activation = {})
{
    Model model = ModelBuilder(framework, {2}).plain("trunk", "relu").linear(first, 2, 2).linear(second, 2, 2, activation).model();
    const int head = model.opIndex(activation.empty() ? second : second + ":linear");
    model.ops[static_cast<std::size_t>(head)].inputs = {1};
    model.outputs = {2, static_cast<int>(model.ops.size()) - 1};
    model.indexNames();
    return model;
}

mapping::Link linked(const std::string& left, const std::string& right)
{
    mapping::Link result;
    result.left = {left};
    result.right = {right};
    return result;
}

mapping::Mapping mappingOf(std::vector<mapping::Link> links)
{
    mapping::Mapping result;
    result.links = std::move(links);
    return result;
}

/// Two networks with two heads that tie out; each test spoils one thing.
struct Pair
{
    Model left = twoHeads(Framework::Torch, "a", "b"), right = twoHeads(Framework::Keras, "a", "b");
    mapping::Mapping mapping = mappingOf({linked("trunk", "trunk"), linked("a", "a"), linked("b", "b")});
    std::vector<compare::ParameterResult> parameters;
    engines::Trace leftTrace, rightTrace;

    Pair()
    {
        leftTrace.values = {rows(1, {1, 2}), rows(1, {1, 2}), rows(1, {3, 4}), rows(1, {5, 6})};
        rightTrace.values = leftTrace.values;
    }
    compare::Report report(double tolerance = 1e-5) const
    {
        return compare::compareTraces({&left, &leftTrace}, {&right, &rightTrace}, mapping, parameters, tolerance);
    }
    void addParameter(std::optional<double> scaledMax, const std::string& problem = {})
    {
        compare::ParameterResult parameter;
        parameter.link.left = {"a.weight"};
        parameter.link.right = {"a/kernel:0"};
        parameter.equal = scaledMax && *scaledMax == 0;
        parameter.maxAbs = parameter.scaledMax = scaledMax;
        parameter.problem = problem;
        parameters.push_back(parameter);
    }
};

}

class TestVerdict : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tiesOut();
    void everyOutputCounts();
    void outputsGoByName();
    void outputsGoByLinks();
    void outputsGoByOrderAtLast();
    void outputWithoutCounterpart();
    void outputThatCannotRun();
    void outputsOfOtherShapes();
    void sigmoidIsNoSoftmax();
    void softmaxOnTheSecondHead();
    void parameters_data();
    void parameters();
    void layersThatCannotRun();
    void ambiguous_data();
    void ambiguous();
    void nanThroughout();
    void nanComesFromAParameter();
    void worstSample();
    void beforeARun();
};

void TestVerdict::tiesOut()
{
    Pair pair;
    pair.addParameter(0);
    const compare::Report report = pair.report();
    QCOMPARE(report.verdict, Verdict::TiesOut);
    QVERIFY(report.reason.id.empty());
    QCOMPARE(report.outputs.size(), std::size_t{2});
    QCOMPARE(report.compared, 3);
    QCOMPARE(report.notCompared, 0);
    QCOMPARE(report.equalParameters, 1);
    QCOMPARE(report.samples, std::int64_t{1});
}

void TestVerdict::everyOutputCounts()
{
    Pair pair;
    pair.mapping = {}; // so that no pair of layers tells it
    pair.leftTrace.values[3] = rows(1, {5, 6.5f});
    const compare::Report report = pair.report();
    QCOMPARE(report.verdict, Verdict::Differs);
    QVERIFY(report.outputs[0].tiesOut && report.outputs[1].differs);
}

void TestVerdict::outputsGoByName()
{
    Pair pair;
    pair.mapping = {};
    std::reverse(pair.right.outputs.begin(), pair.right.outputs.end());
    const compare::Report report = pair.report();
    QCOMPARE(report.verdict, Verdict::TiesOut);
    QCOMPARE(report.outputs[1].left, std::string("b"));
    QCOMPARE(report.outputs[1].right, std::string("b"));
}

void TestVerdict::outputsGoByLinks()
{
    Pair pair;
    pair.right = twoHeads(Framework::Keras, "left_eye", "right_eye");
    std::reverse(pair.right.outputs.begin(), pair.right.outputs.end());
    pair.mapping = mappingOf({linked("trunk", "trunk"), linked("b", "right_eye"), linked("a", "left_eye")});
    const compare::Report report = pair.report();
    QCOMPARE(report.verdict, Verdict::TiesOut);
    QCOMPARE(report.outputs[0].right, std::string("left_eye"));
}

void TestVerdict::outputsGoByOrderAtLast()
{
    Pair pair;
    pair.right = twoHeads(Framework::Keras, "left_eye", "right_eye");
    pair.mapping = mappingOf({linked("trunk", "trunk")});
    QCOMPARE(pair.report().verdict, Verdict::TiesOut);
    pair.right.outputs.pop_back(); // then a is not known to be left_eye
    const compare::Report report = pair.report();
    QCOMPARE(report.verdict, Verdict::NotCompared);
    QCOMPARE(report.outputs.size(), std::size_t{3});
}

void TestVerdict::outputWithoutCounterpart()
{
    Pair pair;
    pair.right.outputs.pop_back();
    const compare::Report report = pair.report();
    QCOMPARE(report.verdict, Verdict::NotCompared);
    QCOMPARE(report.reason.text, std::string("the output b on the left has no counterpart"));
    pair.leftTrace.values[2] = rows(1, {3, 9});
    QCOMPARE(pair.report().verdict, Verdict::Differs);
}

void TestVerdict::outputThatCannotRun()
{
    Pair pair;
    pair.leftTrace.values[3].reset();
    pair.leftTrace.problems[3] = "it is of a kind that cannot run yet";
    const compare::Report report = pair.report();
    QCOMPARE(report.verdict, Verdict::NotCompared);
    QCOMPARE(report.reason.text, std::string("b (Linear) could not be computed: it is of a kind that cannot run yet"));
    QVERIFY(report.outputs[0].tiesOut);
    QCOMPARE(report.notCompared, 1);
}

void TestVerdict::outputsOfOtherShapes()
{
    Pair pair;
    pair.mapping = {};
    pair.rightTrace.values[3] = rows(1, {5, 6, 7});
    const compare::Report report = pair.report();
    QCOMPARE(report.verdict, Verdict::Differs);
    QVERIFY(report.outputs[1].differs && !report.outputs[1].metrics && !report.outputs[1].problem.empty());
}

void TestVerdict::sigmoidIsNoSoftmax()
{
    Pair pair;
    pair.left = twoHeads(Framework::Torch, "a", "b", "sigmoid");
    pair.right = twoHeads(Framework::Keras, "a", "b", "softmax");
    pair.mapping = {};
    pair.leftTrace.values.push_back(rows(1, {0.5f, 0.5f})); // of logits 0, 0: softmax gives the same
    pair.rightTrace.values.push_back(rows(1, {0.25f, 0.75f}));
    const compare::Report report = pair.report();
    QCOMPARE(report.verdict, Verdict::Differs);
    QVERIFY(report.outputs[1].broughtTo.empty());
}

void TestVerdict::softmaxOnTheSecondHead()
{
    Pair pair;
    pair.right = twoHeads(Framework::Keras, "a", "b", "softmax");
    pair.mapping = mappingOf({linked("trunk", "trunk"), linked("a", "a"), linked("b", "b:linear")});
    pair.leftTrace.values[3] = rows(1, {5, 5 + std::log(3.0f)});
    pair.rightTrace.values[3] = pair.leftTrace.values[3];
    pair.rightTrace.values.push_back(rows(1, {0.25f, 0.75f}));
    const compare::Report report = pair.report();
    QCOMPARE(report.verdict, Verdict::TiesOut);
    QVERIFY(report.outputs[0].broughtTo.empty());
    QCOMPARE(report.outputs[1].broughtTo, std::string("softmax"));
    QCOMPARE(report.notes.front().message.id, std::string("softmax-missing"));
}

void TestVerdict::parameters_data()
{
    QTest::addColumn<double>("scaledMax");
    QTest::addColumn<Verdict>("verdict");
    QTest::addColumn<int>("differing");
    QTest::newRow("equal") << 0.0 << Verdict::TiesOut << 0;
    QTest::newRow("rounded, within tolerance") << 1e-7 << Verdict::TiesOut << 0;
    QTest::newRow("over tolerance") << 0.5 << Verdict::Differs << 1;
    QTest::newRow("NaN on one side") << std::nan("") << Verdict::Differs << 1;
    QTest::newRow("could not be compared") << -1.0 << Verdict::NotCompared << 0;
}

void TestVerdict::parameters()
{
    QFETCH(double, scaledMax);
    QFETCH(Verdict, verdict);
    QFETCH(int, differing);
    Pair pair;
    if (scaledMax == -1)
        pair.addParameter({}, "the order of its inputs is not known");
    else
        pair.addParameter(scaledMax);
    const compare::Report report = pair.report();
    QCOMPARE(report.verdict, verdict);
    QCOMPARE(report.differingParameters, differing);
    QCOMPARE(report.firstDivergence, -1);
    if (scaledMax == -1)
        QCOMPARE(report.reason.text, std::string("a/kernel:0 could not be compared: the order of its inputs is not known"));
}

void TestVerdict::layersThatCannotRun()
{
    Pair pair;
    pair.left.outputs = pair.right.outputs = {2}; // b is a branch that nothing needs
    pair.rightTrace.values[3].reset();
    pair.rightTrace.problems[3] = "it needs gelu (GELU), which cannot run";
    const compare::Report report = pair.report();
    QCOMPARE(report.verdict, Verdict::NotCompared);
    QCOMPARE(report.compared, 2);
    QCOMPARE(report.notCompared, 1);
    QVERIFY(!report.layers[2].differs && !report.layers[2].tiesOut);
    QCOMPARE(report.reason.text,
             std::string(
                 "1 of 3 pairs of layers could not be compared: b (Dense) could not be computed: it needs gelu (GELU), which cannot run"));
}

void TestVerdict::ambiguous_data()
{
    QTest::addColumn<std::string>("op");
    QTest::addColumn<bool>("linked");
    QTest::addColumn<bool>("differs");
    QTest::addColumn<Verdict>("verdict");
    QTest::newRow("with weights, unlinked") << std::string("b") << false << false << Verdict::NotCompared;
    QTest::newRow("with weights, linked all the same") << std::string("b") << true << false << Verdict::TiesOut;
    QTest::newRow("without weights") << std::string("trunk") << false << false << Verdict::TiesOut;
    QTest::newRow("outputs differ") << std::string("b") << false << true << Verdict::Differs;
}

void TestVerdict::ambiguous()
{
    QFETCH(std::string, op);
    QFETCH(bool, linked);
    QFETCH(bool, differs);
    QFETCH(Verdict, verdict);
    Pair pair;
    pair.mapping.ambiguous = {{{op}, {op}, {"same-worth", {}, "equal in every respect"}}};
    if (!linked)
        std::erase_if(pair.mapping.links, [op = op](const mapping::Link& candidate) { return candidate.left.front() == op; });
    if (differs)
        pair.leftTrace.values[2] = rows(1, {3, 9});
    const compare::Report report = pair.report();
    QCOMPARE(report.verdict, verdict);
    if (verdict == Verdict::NotCompared)
        QCOMPARE(report.reason.text, std::string("which of b belongs to which of b is open: equal in every respect"));
}

void TestVerdict::nanThroughout()
{
    Pair pair;
    pair.leftTrace.values[3] = pair.rightTrace.values[3] = rows(1, {notANumber, notANumber});
    const compare::Report report = pair.report();
    QCOMPARE(report.verdict, Verdict::NotCompared);
    QCOMPARE(report.reason.text, std::string("the output b is NaN throughout on both sides"));
    QCOMPARE(report.outputs[1].argmaxLeft, (std::vector<std::optional<int>>{{}}));
    pair.leftTrace.values[3] = pair.rightTrace.values[3] = rows(1, {notANumber, 1});
    QCOMPARE(pair.report().verdict, Verdict::TiesOut); // the same one value is NaN on both sides
}

void TestVerdict::nanComesFromAParameter()
{
    Pair pair;
    pair.left = withValues(std::move(pair.left), "a.bias", {0, notANumber});
    pair.leftTrace.values[2] = rows(1, {3, notANumber});
    const compare::Report report = pair.report();
    QCOMPARE(report.verdict, Verdict::Differs);
    QVERIFY(report.nanLeft && !report.nanRight);
    QCOMPARE(report.nanLeft->layer, std::string("a"));
    QCOMPARE(report.nanLeft->parameter, std::string("a.bias"));
    QVERIFY(!report.outputs[0].argmaxLeft[0] && report.outputs[0].argmaxRight[0] == 1);
}

void TestVerdict::worstSample()
{
    Pair pair;
    for (auto* trace : {&pair.leftTrace, &pair.rightTrace})
        trace->values = {rows(3, {1, 2, 1, 2, 1, 2}), rows(3, {1, 2, 1, 2, 1, 2}), rows(3, {3, 4, 3, 4, 3, 4}),
                         rows(3, {5, 6, 5, 6, 5, 6})};
    pair.leftTrace.values[2] = rows(3, {3, 4, 3.5f, 4, 3, 4.25f});
    const compare::Report report = pair.report();
    QCOMPARE(report.samples, std::int64_t{3});
    QCOMPARE(report.outputs[0].metrics->worstSample, std::int64_t{1});
    QCOMPARE(report.layers[1].metrics->worstSample, std::int64_t{1});
    QCOMPARE(report.outputs[0].argmaxLeft.size(), std::size_t{3});
}

void TestVerdict::beforeARun()
{
    Pair pair;
    pair.addParameter(0);
    pair.addParameter(0.5);
    const compare::Report report =
        compare::compareWeights(pair.left, pair.right, pair.mapping, pair.parameters, 1e-5, {"cannot-run", {}, "no architecture"});
    QCOMPARE(report.verdict, Verdict::NotCompared);
    QCOMPARE(report.reason.text, std::string("no architecture"));
    QCOMPARE(report.equalParameters, 1);
    QCOMPARE(report.differingParameters, 1);
    QCOMPARE(report.samples, std::int64_t{0});
}

QTEST_GUILESS_MAIN(TestVerdict)
#include "tst_verdict.moc"
