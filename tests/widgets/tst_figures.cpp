// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/colormap.h"
#include "core/report/numbers.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace core::report;

namespace {

constexpr double notANumber = std::numeric_limits<double>::quiet_NaN();
constexpr double endless = std::numeric_limits<double>::infinity();

QString hex(Rgb colour)
{
    return QStringLiteral("%1").arg((colour.red << 16) | (colour.green << 8) | colour.blue, 6, 16, QLatin1Char('0'));
}

}

class TestFigures : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void endsAndMiddle_data()
    {
        QTest::addColumn<int>("map");
        QTest::addColumn<QString>("low");
        QTest::addColumn<QString>("high");
        QTest::newRow("viridis") << int(ColorMap::Values) << "440154"
                                 << "fde725";
        QTest::newRow("difference, light") << int(ColorMap::DifferenceLight) << "0f3d82"
                                           << "7d3f00";
        QTest::newRow("difference, dark") << int(ColorMap::DifferenceDark) << "d6ecff"
                                          << "ffe6bf";
    }
    void endsAndMiddle()
    {
        QFETCH(int, map);
        QFETCH(QString, low);
        QFETCH(QString, high);
        const auto which = static_cast<ColorMap>(map);
        QCOMPARE(hex(color(which, -2.0, -2.0, 3.0)), low);
        QCOMPARE(hex(color(which, 3.0, -2.0, 3.0)), high);
        QCOMPARE(hex(color(which, -99.0, -2.0, 3.0)), low);
        QCOMPARE(hex(color(which, 99.0, -2.0, 3.0)), high);
    }

    void zeroIsNearlyTheGround()
    {
        // Entries 127 and 128 lie on both sides of the middle stop: no more than half a step from it.
        for (const auto& [map, stop] :
             {std::pair{ColorMap::DifferenceLight, Rgb{0xf4, 0xf4, 0xf2}}, std::pair{ColorMap::DifferenceDark, Rgb{0x28, 0x2b, 0x31}}})
            for (const std::size_t entry : {127U, 128U}) {
                const Rgb found = colorTable(map)[entry];
                QVERIFY(std::abs(found.red - stop.red) <= 2 && std::abs(found.green - stop.green) <= 2 &&
                        std::abs(found.blue - stop.blue) <= 2);
            }
    }

    void stopsInBetween()
    {
        // 255 / 8 is no whole number: the entries around a stop enclose it.
        const auto& table = colorTable(ColorMap::Values);
        const Rgb below = table[63], above = table[64]; // the third stop, 3b528b, lies at 63.75
        QVERIFY(below.red >= 0x3b && above.red <= 0x3b);
        QVERIFY(below.green <= 0x52 && above.green >= 0x52);
    }

    void notFinite()
    {
        for (const auto map : {ColorMap::Values, ColorMap::DifferenceLight, ColorMap::DifferenceDark}) {
            QCOMPARE(hex(color(map, notANumber, 0, 1)), QStringLiteral("ff00c8"));
            QCOMPARE(hex(color(map, endless, 0, 1)), QStringLiteral("ff00c8"));
            QCOMPARE(hex(color(map, -endless, 0, 1)), QStringLiteral("ff00c8"));
        }
    }

    void emptyRange() { QCOMPARE(colorIndex(5.0, 1.0, 1.0), std::size_t{128}); }

    void numbers_data()
    {
        QTest::addColumn<QString>("found");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const std::string& found, const char* expected) {
            QTest::newRow(name) << QString::fromStdString(found) << QString::fromLatin1(expected);
        };
        row("tiny", twoDigits(3.84e-7), "3.8e-7");
        row("two exponent digits", twoDigits(-5.96e-12), "-6.0e-12");
        row("tenth", twoDigits(0.1149), "0.11");
        row("just below a tenth", twoDigits(0.0581), "5.8e-2");
        row("one", twoDigits(1.96), "2.0");
        row("rounds up to one", twoDigits(0.998), "1.0");
        row("rounds up to ten", twoDigits(9.97), "10");
        row("tens", twoDigits(31.4), "31");
        row("large", twoDigits(123456), "1.2e5");
        row("zero", twoDigits(0), "0");
        row("nan", twoDigits(notANumber), "nan");
        row("minus infinity", twoDigits(-endless), "-inf");
        row("tolerance", roundNumber(1e-5), "1e-5");
        row("odd tolerance", roundNumber(2.5e-4), "2.5e-4");
        row("tolerance of a tenth", roundNumber(0.1), "0.1");
        row("no negative zero", fixed(-0.001, 2), "0.00");
        row("negative", fixed(-0.41, 2), "-0.41");
        row("tooltip value", precise(1.1636913), "1.163691");
        row("tooltip difference", precise(-1.19e-7), "-1.2e-7");
        row("thousands", thousands(61706), "61,706");
        row("below a thousand", thousands(-600), "-600");
        row("millions", thousands(-1234567), "-1,234,567");
    }
    void numbers()
    {
        QFETCH(QString, found);
        QFETCH(QString, expected);
        QCOMPARE(found, expected);
    }
};

QTEST_GUILESS_MAIN(TestFigures)
#include "tst_figures.moc"
