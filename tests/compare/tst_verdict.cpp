// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/compare/twoheads.h"

#include <QTest>
#include <cmath>
#include <limits>

using namespace core;
using compare::Verdict;

namespace {

constexpr float notANumber = std::numeric_limits<float>::quiet_NaN();

}

class TestVerdict : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tiesOut();
    void parameters_data();
    void parameters();
    void everyCall();
    void callsWithActivationsOfTheirOwn();
    void callsInAnotherOrder();
    void oneNoteOfOneFile();
    void layersThatCannotRun();
    void causeOfAnOutputAlone();
    void ambiguous_data();
    void ambiguous();
    void nanThroughout();
    void nanComesFromAParameter();
    void beforeARun();
};

void TestVerdict::tiesOut()
{
    Pair pair;
    pair.addParameter(0);
    const compare::Report report = pair.report();
    QCOMPARE(report.verdict, Verdict::TiesOut);
    pair.addParameter(0); // the same one, of another place in which its layer is used
    QCOMPARE(pair.report().parameters.size(), std::size_t{1});
    QVERIFY(report.reason.id.empty());
    QCOMPARE(report.outputs.size(), std::size_t{2});
    QCOMPARE(report.compared, 3);
    QCOMPARE(report.notCompared, 0);
    QCOMPARE(report.equalParameters, 1);
    QCOMPARE(report.samples, std::int64_t{1});
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

/// A layer that is used twice is compared at both places, and the worse one told.
void TestVerdict::everyCall()
{
    Pair pair;
    for (Model* model : {&pair.left, &pair.right}) {
        model->ops[1].name = "b:call1"; // the trunk is the same layer's first use
        model->ops[1].layer = "b";
        model->indexNames();
    }
    pair.mapping = mappingOf({linked("a", "a"), linked("b", "b")});
    for (auto* names : {&pair.mapping.links[1].left, &pair.mapping.links[1].right})
        names->insert(names->begin(), "b:call1");
    compare::Report report = pair.report();
    QCOMPARE(report.layers.size(), std::size_t{2});
    QCOMPARE(report.layers[1].calls, 2);
    QCOMPARE(report.verdict, Verdict::TiesOut);
    pair.rightTrace.values[1] = rows(1, {1, 2.5});
    report = pair.report();
    QCOMPARE(report.verdict, Verdict::Differs);
    QCOMPARE(report.layers[0].left, std::string("b:call1"));
    QCOMPARE(report.layers[0].calls, 2);
}

/// a, tanh, a, tanh against a layer that fuses the activation: each call is compared where its activation ends.
void TestVerdict::callsWithActivationsOfTheirOwn()
{
    Pair pair;
    pair.left = ModelBuilder(Framework::Torch, {2}).linear("a", 2, 2).plain("t", "tanh").unknown("x", "").plain("u", "tanh").model();
    pair.left.ops[3] = pair.left.ops[1];
    pair.left.ops[3].inputs = {2};
    pair.left.ops[1].name = "a:call1";
    pair.right = ModelBuilder(Framework::Keras, {2}).linear("a", 2, 2, "tanh").unknown("x", "").unknown("y", "").model();
    for (const std::size_t op : {3u, 4u}) {
        pair.right.ops[op] = pair.right.ops[op - 2];
        pair.right.ops[op].inputs = {static_cast<int>(op) - 1};
        pair.right.ops[op - 2].name = op == 3 ? "a:call1:linear" : "a:call1";
    }
    pair.right.outputs = {4};
    pair.left.indexNames();
    pair.right.indexNames();
    mapping::Link link;
    link.left = {"a:call1", "t", "a", "u"};
    link.right = {"a:call1:linear", "a:call1", "a:linear", "a"};
    pair.mapping = mappingOf({link});
    pair.leftTrace.values = {rows(1, {1, 2}), rows(1, {3, 4}), rows(1, {5, 6}), rows(1, {7, 8}), rows(1, {9, 10})};
    pair.rightTrace.values = pair.leftTrace.values;
    compare::Report report = pair.report();
    QCOMPARE(report.layers.size(), std::size_t{1});
    QCOMPARE(report.layers[0].calls, 2);
    QCOMPARE(report.layers[0].left, std::string("u"));
    QCOMPARE(report.verdict, Verdict::TiesOut);
    pair.rightTrace.values[2] = rows(1, {5, 6.5});
    report = pair.report();
    QCOMPARE(report.layers[0].left, std::string("t"));
    QCOMPARE(report.layers[0].right, std::string("a:call1"));
    QCOMPARE(report.verdict, Verdict::Differs);
}

/// One layer over two inputs, which the other file computes in another order: who takes what decides which call is which.
void TestVerdict::callsInAnotherOrder()
{
    const auto shared = [](Framework framework, const std::string& first, const std::string& second) {
        Model model = ModelBuilder(framework, {2}).input(first, {2}).input(second, {2}).unknown("x", "").linear("a", 2, 2).model();
        model.ops.erase(model.ops.begin()); // the builder's own input
        model.ops[2] = model.ops[3];
        model.ops[2].name = "a:call1";
        model.ops[2].inputs = {0};
        model.ops[3].inputs = {1};
        model.outputs = {2, 3};
        model.inputs = {};
        model.indexNames();
        return model;
    };
    Pair pair;
    pair.left = shared(Framework::Torch, "p", "q");
    pair.right = shared(Framework::Keras, "q", "p");
    mapping::Link link = linked("a", "a");
    link.left.insert(link.left.begin(), "a:call1");
    link.right = link.left;
    pair.mapping = mappingOf({link});
    pair.leftTrace.values = {rows(1, {1, 2}), rows(1, {3, 4}), rows(1, {5, 6}), rows(1, {7, 8})};
    pair.rightTrace.values = {rows(1, {3, 4}), rows(1, {1, 2}), rows(1, {7, 8}), rows(1, {5, 6})};
    const compare::Report report = pair.report();
    QCOMPARE(report.layers.size(), std::size_t{1});
    QCOMPARE(report.layers[0].calls, 2);
    QVERIFY2(report.layers[0].tiesOut, report.layers[0].problem.c_str());
}

void TestVerdict::oneNoteOfOneFile()
{
    Pair pair;
    for (Model* model : {&pair.left, &pair.right}) {
        model->origin.path = "same.pt";
        model->notes = {{{"precision", {"said"}, "text"}, Note::Severity::Warning, ""}};
    }
    QCOMPARE(pair.report().notes.size(), std::size_t{1});
    pair.right.origin.path = "other.pt";
    QCOMPARE(pair.report().notes.size(), std::size_t{2});
}

void TestVerdict::layersThatCannotRun()
{
    Pair pair;
    pair.left.outputs = pair.right.outputs = {2}; // b is a branch that nothing needs
    pair.rightTrace.values[3].reset();
    pair.rightTrace.problems[3] = "its kernel cannot be read";
    const compare::Report report = pair.report();
    QCOMPARE(report.verdict, Verdict::NotCompared);
    QCOMPARE(report.compared, 2);
    QCOMPARE(report.notCompared, 1);
    QVERIFY(!report.layers[2].differs && !report.layers[2].tiesOut);
    QCOMPARE(report.reason.text,
             std::string("1 of 3 pairs of layers could not be compared: b (Dense) could not be computed: its kernel cannot be read"));
}

/// A run that was asked for its outputs alone keeps no other values: what failed is told, not the first op without a value.
void TestVerdict::causeOfAnOutputAlone()
{
    Pair pair;
    for (const std::size_t op : {0u, 1u, 2u, 3u})
        pair.leftTrace.values[op].reset();
    pair.leftTrace.problems = {{1, "it cannot run yet"}, {2, "it needs trunk"}, {3, "it needs trunk"}};
    const compare::Report report = pair.report();
    QCOMPARE(report.outputs[0].problem, std::string("a (Linear) could not be computed for want of trunk (ReLU): it cannot run yet"));
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
    QVERIFY(!report.layers[2].tiesOut && !report.layers[2].differs && !report.layers[2].metrics);
    QCOMPARE(report.nanRight->layer, std::string("b"));
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

void TestVerdict::beforeARun()
{
    Pair pair;
    pair.addParameter(0);
    pair.addParameter(0.5);
    pair.parameters[1].link.left = {"b.weight"};
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
