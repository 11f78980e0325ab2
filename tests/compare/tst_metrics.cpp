// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/compare/metrics.h"

#include <QTest>
#include <cmath>
#include <limits>

using namespace core;
using compare::OutputForm;

namespace {

constexpr float notANumber = std::numeric_limits<float>::quiet_NaN(), infinity = std::numeric_limits<float>::infinity();

Tensor row(const std::vector<float>& values)
{
    return Tensor::fromFloats({1, static_cast<std::int64_t>(values.size())}, values, axesOf("NF"));
}

bool close(double a, double b)
{
    return std::fabs(a - b) < 1e-6;
}

}

class TestMetrics : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void plainNumbers();
    void scaleIsTheRightSides();
    void nanOnBothSides();
    void nanOnOneSide();
    void infinities();
    void cosineOfZeros();
    void shapesMustAgree();
    void differences();
    void probabilities();
    void probabilitiesAlongChannels();
};

void TestMetrics::plainNumbers()
{
    const compare::Metrics m = compare::metrics(row({1, 2, 3, 4}), row({1, 2.5, 3, 3}));
    QCOMPARE(m.maxAbs, 1.0);
    QCOMPARE(m.meanAbs, 0.375);
    QVERIFY(close(m.scaledMax, 1.0 / 3));
    QVERIFY(close(m.cosine, 27.0 / std::sqrt(30.0 * 25.25)));
    QCOMPARE(m.worstIndex, std::int64_t{3});
    QCOMPARE(m.nansLeft, std::int64_t{0});
}

void TestMetrics::scaleIsTheRightSides()
{
    QCOMPARE(compare::metrics(row({8}), row({4})).scaledMax, 1.0);
    QCOMPARE(compare::metrics(row({4}), row({8})).scaledMax, 0.5);
    QCOMPARE(compare::metrics(row({0.5}), row({0.25})).scaledMax, 0.25); // never below 1
}

void TestMetrics::nanOnBothSides()
{
    const compare::Metrics m = compare::metrics(row({notANumber, 1}), row({notANumber, 1.5}));
    QCOMPARE(m.maxAbs, 0.5);
    QCOMPARE(m.nansLeft, std::int64_t{1});
    QCOMPARE(m.nansRight, std::int64_t{1});
    QVERIFY(close(m.scaledMax, 1.0 / 3));
}

void TestMetrics::nanOnOneSide()
{
    const compare::Metrics m = compare::metrics(row({0, notANumber, 9}), row({0, 1, 2}));
    QVERIFY(std::isnan(m.maxAbs));
    QVERIFY(std::isnan(m.scaledMax));
    QVERIFY(!(m.scaledMax <= 1e9));
    QCOMPARE(m.nansLeft, std::int64_t{1});
    QCOMPARE(m.nansRight, std::int64_t{0});
    QCOMPARE(m.worstIndex, std::int64_t{1});
}

void TestMetrics::infinities()
{
    QCOMPARE(compare::metrics(row({infinity, -infinity, 1}), row({infinity, -infinity, 1})).scaledMax, 0.0);
    QCOMPARE(compare::metrics(row({infinity}), row({-infinity})).maxAbs, static_cast<double>(infinity));
    QVERIFY(std::isinf(compare::metrics(row({1}), row({infinity})).scaledMax));
    QVERIFY(compare::metrics(row({infinity, 3}), row({infinity, 2})).scaledMax > 0.4); // a shared infinity hides nothing
}

void TestMetrics::cosineOfZeros()
{
    QCOMPARE(compare::metrics(row({0, 0}), row({0, 0})).cosine, 1.0);
    QCOMPARE(compare::metrics(row({0, 0}), row({0, 1})).cosine, 0.0);
    QVERIFY(close(compare::metrics(row({1, 1}), row({-2, -2})).cosine, -1));
}

void TestMetrics::shapesMustAgree()
{
    QVERIFY_THROWS_EXCEPTION(Error, compare::metrics(row({1}), row({1, 2})));
}

void TestMetrics::differences()
{
    const Tensor d = compare::difference(row({3, notANumber, infinity, notANumber}), row({1, notANumber, infinity, 1}));
    QCOMPARE(d.floats()[0], 2.0f);
    QCOMPARE(d.floats()[1], 0.0f);
    QCOMPARE(d.floats()[2], 0.0f);
    QVERIFY(std::isnan(d.floats()[3]));
}

void TestMetrics::probabilities()
{
    // e^0 : e^ln(3) = 1 : 3
    const Tensor fromLogits = compare::toProbabilities(row({5, 5 + std::log(3.0f)}), OutputForm::Logits);
    QVERIFY(close(fromLogits.floats()[0], 0.25) && close(fromLogits.floats()[1], 0.75));
    const Tensor fromLogs = compare::toProbabilities(row({std::log(0.25f), std::log(0.75f)}), OutputForm::LogProbabilities);
    QVERIFY(close(fromLogs.floats()[0], 0.25) && close(fromLogs.floats()[1], 0.75));
    QCOMPARE(compare::toProbabilities(row({1, 2}), OutputForm::Probabilities).floats()[1], 2.0f);
    const Tensor large = compare::toProbabilities(row({1000, 1000}), OutputForm::Logits);
    QVERIFY(close(large.floats()[0], 0.5));
}

void TestMetrics::probabilitiesAlongChannels()
{
    // N=1, C=2, H=1, W=2: the two channels of each pixel add up to 1
    const std::vector<float> values{0, std::log(3.0f), 0, 0};
    const Tensor image = Tensor::fromFloats({1, 2, 1, 2}, values, axesOf("NCHW"));
    const Tensor p = compare::toProbabilities(image, OutputForm::Logits);
    QVERIFY(close(p.floats()[0], 0.5) && close(p.floats()[2], 0.5));
    QVERIFY(close(p.floats()[1], 0.75) && close(p.floats()[3], 0.25));
}

QTEST_GUILESS_MAIN(TestMetrics)
#include "tst_metrics.moc"
