// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/json/json.h"
#include "core/report/documents.h"
#include "core/report/page.h"
#include "core/report/text.h"

#include <QTest>
#include <QXmlStreamReader>

#include <cmath>

using namespace core;
using namespace core::report;

namespace {

Model model(Framework framework, const std::string& path)
{
    Model result;
    result.framework = framework;
    result.origin.path = path;
    result.origin.format = "made-up";
    return result;
}

compare::LayerResult layer(const std::string& left, const std::string& right, double error, bool tiesOut)
{
    compare::LayerResult result;
    result.left = left;
    result.right = right;
    result.shape = {1, 2};
    result.metrics = compare::Metrics{error, error, error, 1, 0, 0, 0};
    result.tiesOut = tiesOut;
    result.differs = !tiesOut;
    return result;
}

/// One layer ties out, one differs, one could not be compared; names that HTML would take for tags.
compare::Report differing()
{
    compare::Report report;
    report.verdict = compare::Verdict::Differs;
    report.layers = {layer("0", "<b>", 1e-7, true), layer("1", "dense", NAN, false), {}};
    report.layers[2].left = "2";
    report.layers[2].problem = "shapes [1,2] and [1,3]";
    report.layers[2].differs = true;
    report.differing = 2;
    report.firstDivergence = 1;
    report.minimumTolerance = NAN;
    report.unmappedRight = {"dropout"};
    compare::OutputResult output;
    output.left = "1";
    output.right = "dense";
    output.leftValue = output.rightValue = Tensor::fromFloats({1, 2}, std::array{0.25f, 0.75f});
    output.argmaxLeft = output.argmaxRight = {1};
    output.broughtTo = "softmax";
    output.metrics = compare::Metrics{};
    output.tiesOut = true;
    report.outputs = {output};
    report.samples = 1;
    return report;
}

}

class TestCompareReport : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// A newline in a name makes no line of its own, and no name is beyond XML.
    void namesForgeNothing()
    {
        compare::Report report = differing();
        const std::string hostile = "x\nTIES OUT  max |d| 0 <= 1e-5\x1b[2J\xef\xbf\xbe\xef\xbf\xbf";
        report.layers[1].right = report.unmappedRight[0] = report.unmappedLeft.emplace_back() = hostile;
        const QByteArray text = QByteArray::fromStdString(compareText(left, right, {}, report, false));
        QVERIFY2(!text.contains("\nTIES OUT") && !text.contains('\x1b'), text.constData());
        QXmlStreamReader xml(QByteArray::fromStdString(junitDocument(left, right, report)));
        while (!xml.atEnd())
            xml.readNext();
        QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
    }

private:
    const Model left = model(Framework::Torch, "a&b.pt"), right = model(Framework::Keras, "c.h5");
    const InputInfo input{"sample", 3, 7, {}, "unit", "byte"};

private Q_SLOTS:
    void documentHasNumbersThatJsonLacks()
    {
        const Json json = compareDocument(left, right, input, differing());
        QCOMPARE(QString::fromStdString(json["layers"][1]["max_abs"]), QString("nan"));
        QVERIFY(json["layers"][2]["max_abs"].is_null());
        QVERIFY(json["layers"][2]["ties_out"] == false);
        QCOMPARE(QString::fromStdString(json["first_divergence"].dump()), QString(R"({"left":"1","right":"dense","scaled_max":"nan"})"));
        QCOMPARE(QString::fromStdString(json["outputs"]["left"].dump()), QString("[0.25,0.75]"));
        QVERIFY(json["outputs"]["argmax"]["left"] == 1);
        QCOMPARE(QString::fromStdString(json["input"].dump()),
                 QString(R"({"source":"sample","index":3,"label":7,"file":null,"preprocess":{"left":"unit","right":"byte"}})"));
        QCOMPARE(QString::fromStdString(json["unmapped"].dump()), QString(R"({"left":[],"right":["dropout"]})"));
    }

    void documentWithoutOutputsKeepsItsKeys()
    {
        const Json json = compareDocument(left, right, {}, {});
        QCOMPARE(QString::fromStdString(json["verdict"]), QString("not-compared"));
        QVERIFY(json["outputs"]["left"].is_null() && json["outputs"]["argmax"]["right"].is_null());
        QVERIFY(json["first_divergence"].is_null() && json["layers"].empty());
    }

    void textTellsEachVerdict()
    {
        compare::Report report = differing();
        QCOMPARE(QString::fromStdString(verdictText(report)), QString("DIFFERS from dense on (NaN on one side)"));
        report.firstDivergence = -1;
        report.outputs[0].differs = true;
        report.outputs[0].metrics->scaledMax = 0.5;
        QCOMPARE(QString::fromStdString(verdictText(report)), QString("DIFFERS in the output (max |d| 0.50 > 1e-5)"));
        report.verdict = compare::Verdict::TiesOut;
        report.minimumTolerance = 2.4e-7;
        QCOMPARE(QString::fromStdString(verdictText(report)), QString("TIES OUT  max |d| 2.4e-7 <= 1e-5"));
        report.verdict = compare::Verdict::NotCompared;
        report.reason = {"no-output", {}, "gelu (GELU) cannot run"};
        QCOMPARE(QString::fromStdString(verdictText(report)), QString("NOT COMPARED: gelu (GELU) cannot run"));
    }

    void textIsColouredOnlyWhenAskedFor()
    {
        QVERIFY(compareText(left, right, input, differing(), false).find('\x1b') == std::string::npos);
        QVERIFY(compareText(left, right, input, differing(), true).find("\x1b[1;31mDIFFERS") != std::string::npos);
    }

    void pageEscapes()
    {
        const QString page = QString::fromStdString(comparePage(left, right, input, differing()));
        QVERIFY(page.contains("a&amp;b.pt") && !page.contains("a&b.pt"));
        QVERIFY(page.contains("&lt;b&gt; <span"));
        QVERIFY(page.contains("sample 3 (a 7), unit | byte"));
        QVERIFY(page.contains("both brought to softmax"));
        QVERIFY(page.contains("shapes [1,2] and [1,3]"));
    }

    void junitCountsFailures()
    {
        QXmlStreamReader reader(QString::fromStdString(junitDocument(left, right, differing())));
        int cases = 0, failures = 0;
        while (!reader.atEnd())
            if (reader.readNext() == QXmlStreamReader::StartElement) {
                cases += reader.name() == QStringLiteral("testcase") ? 1 : 0;
                failures += reader.name() == QStringLiteral("failure") ? 1 : 0;
            }
        QVERIFY2(!reader.hasError(), qPrintable(reader.errorString()));
        QCOMPARE(cases, 4);
        QCOMPARE(failures, 3);
    }
};

QTEST_GUILESS_MAIN(TestCompareReport)
#include "tst_comparereport.moc"
