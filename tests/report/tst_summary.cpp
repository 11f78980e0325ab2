// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/page.h"
#include "core/report/summary.h"

#include <QTest>
#include <cmath>

using namespace core;
using namespace core::report;
using compare::Report;
using compare::Verdict;

namespace {

compare::LayerResult layer(const std::string& name, std::optional<double> scaledMax, bool differs)
{
    compare::LayerResult result;
    result.left = result.right = name;
    if (scaledMax)
        result.metrics = compare::Metrics{*scaledMax, *scaledMax, *scaledMax, 1, 0, 0, 0};
    result.differs = differs;
    result.tiesOut = scaledMax && !differs;
    return result;
}

compare::ParameterResult parameter(const std::string& name, double scaledMax)
{
    compare::ParameterResult result;
    result.link.left = result.link.right = {name};
    result.equal = scaledMax == 0;
    result.maxAbs = result.scaledMax = scaledMax;
    result.differing = 1;
    return result;
}

/// Two equal parameters, one layer that ties out.
Report tyingOut()
{
    Report report;
    report.verdict = Verdict::TiesOut;
    report.samples = 1;
    report.layers = {layer("conv", 2.4e-7, false)};
    report.compared = 1;
    report.minimumTolerance = 2.4e-7;
    report.parameters = {parameter("conv.weight", 0), parameter("conv.bias", 0)};
    report.equalParameters = 2;
    return report;
}

Report differing()
{
    Report report = tyingOut();
    report.verdict = Verdict::Differs;
    return report;
}

std::string notes(const Report& report)
{
    std::string result;
    for (const std::string& note : summaryOf(report).notes)
        result += (result.empty() ? "" : "; ") + note;
    return result;
}

}

class TestSummary : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tiesOut()
    {
        const Summary summary = summaryOf(tyingOut());
        QVERIFY(summary.tone == Tone::Good);
        QCOMPARE(sentence(summary), std::string("TIES OUT  max |d| 2.4e-7 <= 1e-5"));
        QCOMPARE(notes(tyingOut()), std::string("2 of 2 parameters equal"));
    }

    /// Good is what the files tell; what is taken for granted is in the words, and no green.
    void tiesOutAsFarAsTold()
    {
        Report report = tyingOut();
        report.assumed = mapping::Assumption{true, "/models/b.h5", {"order", "ReLU"}};
        report.layers.push_back(layer("relu", 0, false));
        report.layers.back().assumed = true;
        QVERIFY(summaryOf(report).tone == Tone::Qualified);
        QCOMPARE(sentence(summaryOf(report)),
                 std::string("TIES OUT as far as the files tell: order and ReLU taken from b.h5, max |d| 2.4e-7 <= 1e-5"));
        const std::string xml = junitDocument({}, {}, report);
        QVERIFY2(xml.find("failures=\"0\" errors=\"0\" skipped=\"2\"") != std::string::npos, xml.c_str());
        QVERIFY2(xml.find("<system-out>TIES OUT as far") != std::string::npos, xml.c_str());
        report.verdict = Verdict::Differs;
        report.differingParameters = 1;
        QVERIFY(summaryOf(report).tone == Tone::Bad);
        QCOMPARE(notes(report), std::string("order and ReLU taken from b.h5; 2 of 2 parameters equal"));
    }

    void provedAsFarAsTold()
    {
        convert::Conversion conversion;
        conversion.result = convert::Result::Proved;
        conversion.proof.emplace();
        QVERIFY(summaryOf(conversion).tone == Tone::Good);
        QCOMPARE(sentence(summaryOf(conversion)), std::string("PROVED"));
        conversion.proof->assumed = mapping::Assumption{true, "b.h5", {"order", "settings", "A", "B", "C", "D"}};
        QVERIFY(summaryOf(conversion).tone == Tone::Qualified);
        QCOMPARE(sentence(summaryOf(conversion)),
                 std::string("PROVED as far as the files tell: order, settings, A, B and 2 more taken from b.h5"));
        conversion.result = convert::Result::NotProved;
        QVERIFY(summaryOf(conversion).tone == Tone::Unsure);
        conversion.result = convert::Result::Failed;
        QVERIFY(summaryOf(conversion).tone == Tone::Bad);
    }

    void differsInALayer()
    {
        Report report = differing();
        report.layers.push_back(layer("dense", 0.31, true));
        report.differing = 1;
        report.firstDivergence = 1;
        QVERIFY(summaryOf(report).tone == Tone::Bad);
        QCOMPARE(sentence(summaryOf(report)), std::string("DIFFERS from dense on (max |d| 0.31 > 1e-5)"));
        QCOMPARE(notes(report), std::string("1 of 2 layers differ; 2 of 2 parameters equal"));
        report.layers[1].metrics.reset();
        QCOMPARE(summaryOf(report).detail, std::string("shapes disagree"));
    }

    void differsInAnOutput()
    {
        Report report = differing();
        compare::OutputResult good, bad;
        good.right = "digit";
        good.tiesOut = true;
        bad.right = "flag";
        bad.differs = true;
        bad.metrics = compare::Metrics{0.5, 0.5, 0.5, 1, 0, 0, 0};
        report.outputs = {good, bad};
        QCOMPARE(summaryOf(report).headline, std::string("DIFFERS in the output flag"));
        QCOMPARE(notes(report), std::string("1 of 2 outputs tie out; 2 of 2 parameters equal"));
    }

    void differsInAParameter()
    {
        Report report = differing();
        report.parameters[1] = parameter("conv.bias", 0.5);
        report.equalParameters = report.differingParameters = 1;
        QCOMPARE(sentence(summaryOf(report)), std::string("DIFFERS in 1 of 2 parameters (conv.bias: max |d| 0.50 > 1e-5)"));
        report.parameters[1] = parameter("conv.bias", std::nan(""));
        QCOMPARE(summaryOf(report).detail, std::string("conv.bias: NaN on one side"));
    }

    void notCompared()
    {
        Report report = tyingOut();
        report.verdict = Verdict::NotCompared;
        report.reason = {"no-output", {}, "fc (Linear) could not be computed for want of 1 (GELU): GELU cannot run yet"};
        report.layers.push_back(layer("fc", {}, false));
        report.notCompared = 1;
        report.unknownParameters = 1;
        report.ambiguous = {{{"a"}, {"b"}, {}}};
        report.unmappedLeft = {"pad"};
        report.unmappedRight = {"drop"};
        QVERIFY(summaryOf(report).tone == Tone::Unsure);
        QCOMPARE(sentence(summaryOf(report)),
                 std::string("NOT COMPARED: fc (Linear) could not be computed for want of 1 (GELU): GELU cannot run yet"));
        QCOMPARE(notes(report),
                 std::string("1 of 2 layers could run; 2 of 2 parameters equal; 1 parameter could not be compared; 1 pair of "
                             "layers left open; 2 layers unmapped"));
    }

    void samplesAndNans()
    {
        Report report = differing();
        report.samples = 30;
        report.nanRight = compare::NanOrigin{"conv2d", "conv2d/kernel:0"};
        QCOMPARE(notes(report),
                 std::string("the worst of 30 samples; NaN from conv2d on, on the right alone: conv2d/kernel:0 holds it; 2 of 2 "
                             "parameters equal"));
        report.nanLeft = compare::NanOrigin{"0", {}};
        QCOMPARE(summaryOf(report).notes[1], std::string("NaN on the left from 0 on"));
    }

    void layersOfNothingButNan()
    {
        Report report = tyingOut();
        report.layers.push_back(layer("fc", {}, false));
        report.layers[0].shape = report.layers[1].shape = {1, 2};
        report.notCompared = 1;
        QCOMPARE(summaryOf(report).notes[0], std::string("1 of 2 layers could be compared")); // they ran
    }

    /// A build server must not see a failure where nothing was compared, nor a success.
    void junit()
    {
        Report report = tyingOut();
        report.verdict = Verdict::NotCompared;
        report.reason = {"x", {}, "why"};
        report.layers.push_back(layer("fc", {}, false));
        report.layers.back().problem = "fc cannot run";
        const std::string xml = junitDocument({}, {}, report);
        QVERIFY2(xml.find("tests=\"3\" failures=\"0\" errors=\"1\" skipped=\"1\"") != std::string::npos, xml.c_str());
        QVERIFY2(xml.find("<skipped message=\"fc cannot run\"/>") != std::string::npos, xml.c_str());
        report = differing();
        report.parameters[1] = parameter("conv.bias", 0.5);
        const std::string weights = junitDocument({}, {}, report);
        QVERIFY2(weights.find("name=\"conv.bias | conv.bias\"><failure message=\"max |d| 0.50 in 1 element\"/>") != std::string::npos,
                 weights.c_str());
    }
};

QTEST_GUILESS_MAIN(TestSummary)
#include "tst_summary.moc"
