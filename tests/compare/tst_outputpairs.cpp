// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/compare/twoheads.h"

#include <QTest>
#include <cmath>

using namespace core;
using compare::Verdict;

class TestOutputs : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyOneCounts();
    void goByName();
    void goByLinks();
    void goByOrderAtLast();
    void withoutCounterpart();
    void cannotRun();
    void ofOtherShapes();
    void sigmoidIsNoSoftmax();
    void softmaxOnTheSecondHead();
    void worstSample();
};

void TestOutputs::everyOneCounts()
{
    Pair pair;
    pair.mapping = {}; // so that no pair of layers tells it
    pair.leftTrace.values[3] = rows(1, {5, 6.5f});
    const compare::Report report = pair.report();
    QCOMPARE(report.verdict, Verdict::Differs);
    QVERIFY(report.outputs[0].tiesOut && report.outputs[1].differs);
}

void TestOutputs::goByName()
{
    Pair pair;
    pair.mapping = {};
    std::reverse(pair.right.outputs.begin(), pair.right.outputs.end());
    const compare::Report report = pair.report();
    QCOMPARE(report.verdict, Verdict::TiesOut);
    QCOMPARE(report.outputs[1].left, std::string("b"));
    QCOMPARE(report.outputs[1].right, std::string("b"));
}

void TestOutputs::goByLinks()
{
    Pair pair;
    pair.right = twoHeads(Framework::Keras, "left_eye", "right_eye");
    std::reverse(pair.right.outputs.begin(), pair.right.outputs.end());
    pair.mapping = mappingOf({linked("trunk", "trunk"), linked("b", "right_eye"), linked("a", "left_eye")});
    const compare::Report report = pair.report();
    QCOMPARE(report.verdict, Verdict::TiesOut);
    QCOMPARE(report.outputs[0].right, std::string("left_eye"));
}

void TestOutputs::goByOrderAtLast()
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

void TestOutputs::withoutCounterpart()
{
    Pair pair;
    pair.right.outputs.pop_back();
    const compare::Report report = pair.report();
    QCOMPARE(report.verdict, Verdict::NotCompared);
    QCOMPARE(report.reason.text, std::string("the output b on the left has no counterpart"));
    pair.leftTrace.values[2] = rows(1, {3, 9});
    QCOMPARE(pair.report().verdict, Verdict::Differs);
}

void TestOutputs::cannotRun()
{
    Pair pair;
    pair.leftTrace.values[3].reset();
    pair.leftTrace.problems[3] = "it is of a kind that cannot run yet";
    const compare::Report report = pair.report();
    QCOMPARE(report.verdict, Verdict::NotCompared);
    QCOMPARE(report.reason.text, std::string("b (Linear) could not be computed: it is of a kind that cannot run yet"));
    QVERIFY(report.outputs[0].tiesOut);
    QCOMPARE(report.notCompared, 1);
    pair.rightTrace.values[1].reset();
    pair.rightTrace.values[3].reset();
    pair.rightTrace.problems = {{1, "its code is in the file, which is never run"}, {3, "it needs trunk, which cannot run"}};
    pair.leftTrace.values[3] = rows(1, {5, 6});
    QCOMPARE(pair.report().reason.text,
             std::string("b (Dense) could not be computed for want of trunk (ReLU): its code is in the file, which is never run"));
}

void TestOutputs::ofOtherShapes()
{
    Pair pair;
    pair.mapping = {};
    pair.rightTrace.values[3] = rows(1, {5, 6, 7});
    const compare::Report report = pair.report();
    QCOMPARE(report.verdict, Verdict::Differs);
    QVERIFY(report.outputs[1].differs && !report.outputs[1].metrics && !report.outputs[1].problem.empty());
}

void TestOutputs::sigmoidIsNoSoftmax()
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

void TestOutputs::softmaxOnTheSecondHead()
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

void TestOutputs::worstSample()
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

QTEST_GUILESS_MAIN(TestOutputs)
#include "tst_outputpairs.moc"
