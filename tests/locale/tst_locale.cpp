// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/decimal.h"
#include "core/digits/digits.h"
#include "core/json/json.h"
#include "core/layers/spec.h"
#include "core/report/numbers.h"

#include <QTest>
#include <clocale>
#include <limits>

using namespace core;

/// Numbers read and written while the locale that the environment names is in force.
class TestLocale : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void decimals();
    void json();
    void batchNormalization();
    void preprocessing();
    void shownNumbers();
};

void TestLocale::initTestCase()
{
    const QByteArray wanted = qgetenv("LC_ALL");
    QVERIFY2(std::setlocale(LC_ALL, "") != nullptr, wanted.constData());
    QCOMPARE(std::localeconv()->decimal_point, wanted == "C" ? "." : ",");
}

void TestLocale::decimals()
{
    QCOMPARE(roundedDecimal(1.0 - 0.1, 12), 0.9);
    QCOMPARE(roundedDecimal(1.0 - (1.0 - 0.99), 12), 0.99);
    QCOMPARE(roundedDecimal(-123456.0, 2), -120000.0);
    QCOMPARE(shortestDecimal(0.1f), 0.1);
    QCOMPARE(shortestDecimal(-3.75f), -3.75);
    QCOMPARE(shortestDecimal(std::numeric_limits<float>::denorm_min()), 1e-45);
}

void TestLocale::json()
{
    QCOMPARE(jsonNumber(3.75f).get<double>(), 3.75);
    QCOMPARE(dumpJson(jsonNumber(0.1f), -1), std::string("0.1"));
    QCOMPARE(dumpJson(jsonNumber(1234567.5), -1), std::string("1234567.5"));
    QCOMPARE(parseJson(R"({"momentum": 0.9, "epsilon": 1.5e-3})", "test")["momentum"].get<double>(), 0.9);
}

void TestLocale::batchNormalization()
{
    Op op;
    op.kind = "batchnorm";
    op.attributes = {{"momentum", 0.1}, {"epsilon", 1e-5}};
    const Json config = layers::kind("batchnorm")->toKeras(op);
    QCOMPARE(config["momentum"].get<double>(), 0.9);
    QCOMPARE(config["epsilon"].get<double>(), 1e-5);
}

void TestLocale::preprocessing()
{
    QCOMPARE(digits::scaled(255, digits::preprocessFromText("standard:0.1307:0.3081")), (1.0f - 0.1307f) / 0.3081f);
}

void TestLocale::shownNumbers()
{
    QCOMPARE(report::twoDigits(1.96), std::string("2.0"));
    QCOMPARE(report::twoDigits(3.84e-7), std::string("3.8e-7"));
    QCOMPARE(report::twoDigits(-5.96e-12), std::string("-6.0e-12"));
    QCOMPARE(report::twoDigits(1.2e20), std::string("1.2e20"));
}

QTEST_GUILESS_MAIN(TestLocale)
#include "tst_locale.moc"
