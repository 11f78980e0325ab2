// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/json/json.h"

#include <QTest>
#include <cmath>
#include <limits>

class TestJson : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void acceptsPythonsNumbers()
    {
        const core::Json json = core::parseJson("{\"a\": NaN, \"b\": [-Infinity, Infinity], \"text\": \"NaN \\\" Infinity\"}", "test");
        QVERIFY(std::isnan(json["a"].get<double>()));
        QCOMPARE(json["b"][0].get<double>(), -std::numeric_limits<double>::infinity());
        QCOMPARE(json["b"][1].get<double>(), std::numeric_limits<double>::infinity());
        QCOMPARE(json["text"].get<std::string>(), std::string("NaN \" Infinity"));
    }

    void refusesDepth() // K02
    {
        const std::string deep = std::string(100000, '[') + std::string(100000, ']');
        QVERIFY_THROWS_EXCEPTION(core::Error, core::parseJson(deep, "test"));
        QVERIFY(core::parseJson(std::string(500, '[') + std::string(500, ']'), "test").is_array());
    }

    void refusesMalformed_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("K01 cut") << QByteArray("{\"class_name\": \"Sequ");
        QTest::newRow("K01 UTF-16") << QByteArray("\xff\xfe{\0}\0", 6);
        QTest::newRow("trailing") << QByteArray("{} {}");
        QTest::newRow("empty") << QByteArray();
    }

    void refusesMalformed()
    {
        QFETCH(QByteArray, text);
        try {
            core::parseJson(text.toStdString(), "a.h5, model_config");
            QFAIL("was accepted");
        } catch (const core::Error& error) {
            QCOMPARE(error.file(), std::string("a.h5, model_config"));
        }
    }

    void numbersReadBack()
    {
        for (const float value : {0.1f, 1e-38f, 3.4e38f, -0.0f, 16777217.0f}) {
            const double back = core::parseJson(core::jsonNumber(value).dump(), "test").get<double>();
            QCOMPARE(static_cast<float>(back), value);
        }
        QCOMPARE(core::jsonNumber(std::nan("")).dump(), std::string("\"nan\""));
        QCOMPARE(core::jsonNumber(-std::numeric_limits<float>::infinity()).dump(), std::string("\"-inf\""));
        QCOMPARE(core::jsonNumber(0.1f).dump(), std::string("0.1"));
    }

    /// What a terminal obeys, what turns the direction of text and what is no character is escaped and reads back the same.
    void hiddenCharactersAreEscaped()
    {
        const std::string hostile = "a\x1b[2J\x7f\xc2\x9b\xe2\x80\xae\xef\xbf\xbe\xf0\x9f\xbf\xbf"
                                    "caf\xc3\xa9";
        const std::string text = core::dumpJson(core::Json(hostile));
        QCOMPARE(QByteArray::fromStdString(text), QByteArray("\"a\\u001b[2J\\u007f\\u009b\\u202e\\ufffe\\ud83f\\udfffcaf\xc3\xa9\""));
        QCOMPARE(core::parseJson(text, "text").get<std::string>(), hostile);
    }
    void invalidUtf8IsReplaced() { QVERIFY(core::dumpJson(core::Json("\xff")).find("\xff") == std::string::npos); }
};

QTEST_GUILESS_MAIN(TestJson)
#include "tst_json.moc"
