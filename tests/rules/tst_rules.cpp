// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/kind.h"
#include "core/rules/equality.h"
#include "core/rules/rules.h"
#include "modelbuilder.h"

#include <QTest>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

using namespace core;

namespace {

Axis flat(const std::string& letters, const Shape& sizes)
{
    return flattened(axesOf(letters), sizes);
}

Parameter parameter(Shape shape, Axes axes, std::vector<float> values = {})
{
    Parameter result;
    if (values.empty())
        for (std::int64_t i = 0; i < elementCount(shape); ++i)
            values.push_back(static_cast<float>(i));
    result.source = sourceOf(std::move(shape), values);
    result.axes = std::move(axes);
    return result;
}

std::vector<float> applied(const Parameter& from, const Parameter& to)
{
    const Tensor moved = rules::applyRule(rules::ruleId(from, to), {read(from.source)}, {&from}, {&to}).front();
    return {moved.floats().begin(), moved.floats().end()};
}

std::uint16_t bits16(float value, DType dtype)
{
    const Tensor tensor = rules::cast(Tensor::fromFloats({1}, std::span(&value, 1)), dtype);
    std::uint16_t bits;
    std::memcpy(&bits, tensor.bytes().data(), sizeof bits);
    return bits;
}

}

class TestRules : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void ids_data();
    void ids();
    void titles();
    void convolutionMoves();
    void denseMoves();
    void flattenMoves();
    void flattenedNormMoves();
    void inverseGivesTheSameBack();
    void shapesThatCannotAgree();
    void toTheTargetsType();
    void halves_data();
    void halves();
    void brains();
    void valueDifferences();
};

void TestRules::ids_data()
{
    QTest::addColumn<Parameter>("from");
    QTest::addColumn<Parameter>("to");
    QTest::addColumn<std::string>("id");
    const auto row = [](const char* what, const Parameter& from, const Parameter& to, const char* id) {
        QTest::newRow(what) << from << to << std::string(id);
    };
    row("convolution", parameter({6, 1, 5, 5}, axesOf("oihw")), parameter({5, 5, 1, 6}, axesOf("hwio")), "oihw->hwio");
    row("convolution back", parameter({5, 5, 1, 6}, axesOf("hwio")), parameter({6, 1, 5, 5}, axesOf("oihw")), "hwio->oihw");
    row("1x1 convolution", parameter({4, 4, 1, 1}, axesOf("oihw")), parameter({1, 1, 4, 4}, axesOf("hwio")), "oihw->hwio");
    row("one framework", parameter({6, 1, 5, 5}, axesOf("oihw")), parameter({6, 1, 5, 5}, axesOf("oihw")), "same");
    row("dense", parameter({10, 84}, axesOf("oi")), parameter({84, 10}, axesOf("io")), "transpose");
    row("square dense", parameter({3, 3}, axesOf("oi")), parameter({3, 3}, axesOf("io")), "transpose");
    row("dense from one input", parameter({3, 1}, axesOf("oi")), parameter({1, 3}, axesOf("io")), "transpose");
    row("bias", parameter({6}, axesOf("o")), parameter({6}, axesOf("o")), "same");
    row("scalar", parameter({}, {}), parameter({}, {}), "same");
    row("flatten", parameter({2, 12}, {{"o", {}}, flat("CHW", {3, 2, 2})}), parameter({12, 2}, {flat("HWC", {2, 2, 3}), {"o", {}}}),
        "flatten-chw->hwc");
    row("flatten back", parameter({12, 2}, {flat("HWC", {2, 2, 3}), {"o", {}}}), parameter({2, 12}, {{"o", {}}, flat("CHW", {3, 2, 2})}),
        "flatten-hwc->chw");
    row("flatten of one pixel", parameter({2, 3}, {{"o", {}}, flat("CHW", {3, 1, 1})}),
        parameter({3, 2}, {flat("HWC", {1, 1, 3}), {"o", {}}}), "transpose");
    row("flatten of one channel", parameter({2, 4}, {{"o", {}}, flat("CHW", {1, 2, 2})}),
        parameter({4, 2}, {flat("HWC", {2, 2, 1}), {"o", {}}}), "transpose");
    row("flattened norm", parameter({12}, {flat("CHW", {3, 2, 2})}), parameter({12}, {flat("HWC", {2, 2, 3})}), "flatten-chw->hwc");
    row("flatten known on one side only", parameter({2, 12}, axesOf("oi")), parameter({12, 2}, {flat("HWC", {2, 2, 3}), {"o", {}}}),
        "transpose");
    row("no labels, one shape", parameter({4, 2}, {}), parameter({4, 2}, {}), "same");
}

void TestRules::ids()
{
    QFETCH(Parameter, from);
    QFETCH(Parameter, to);
    QFETCH(std::string, id);
    QCOMPARE(rules::ruleId(from, to), id);
    QVERIFY(rules::isBijective(id));
}

void TestRules::titles()
{
    QCOMPARE(rules::ruleTitle("oihw->hwio"), std::string("OIHW -> HWIO"));
    QCOMPARE(rules::ruleTitle("flatten-chw->hwc"), std::string("C,H,W -> H,W,C"));
    QCOMPARE(rules::ruleTitle("transpose"), std::string("transposed"));
    QCOMPARE(rules::ruleTitle("same"), std::string("same"));
    QVERIFY(!rules::isBijective(rules::keptRule));
}

void TestRules::convolutionMoves()
{
    // [o=2, i=1, h=1, w=3]: filter 0 is 0 1 2, filter 1 is 3 4 5
    const Parameter from = parameter({2, 1, 1, 3}, axesOf("oihw")), to = parameter({1, 3, 1, 2}, axesOf("hwio"));
    QCOMPARE(applied(from, to), (std::vector<float>{0, 3, 1, 4, 2, 5}));
}

void TestRules::denseMoves()
{
    const Parameter from = parameter({2, 3}, axesOf("oi")), to = parameter({3, 2}, axesOf("io"));
    QCOMPARE(applied(from, to), (std::vector<float>{0, 3, 1, 4, 2, 5}));
}

void TestRules::flattenMoves()
{
    // one unit over C=2, H=1, W=3: torch order c0w0 c0w1 c0w2 c1w0 c1w1 c1w2; Keras order w0c0 w0c1 w1c0 ...
    const Parameter from = parameter({1, 6}, {{"o", {}}, flat("CHW", {2, 1, 3})}),
                    to = parameter({6, 1}, {flat("HWC", {1, 3, 2}), {"o", {}}});
    QCOMPARE(applied(from, to), (std::vector<float>{0, 3, 1, 4, 2, 5}));
    const Parameter two = parameter({2, 4}, {{"o", {}}, flat("CHW", {2, 1, 2})}),
                    keras = parameter({4, 2}, {flat("HWC", {1, 2, 2}), {"o", {}}});
    QCOMPARE(applied(two, keras), (std::vector<float>{0, 4, 2, 6, 1, 5, 3, 7}));
}

void TestRules::flattenedNormMoves()
{
    const Parameter from = parameter({4}, {flat("CHW", {2, 1, 2})}), to = parameter({4}, {flat("HWC", {1, 2, 2})});
    QCOMPARE(applied(from, to), (std::vector<float>{0, 2, 1, 3}));
}

void TestRules::inverseGivesTheSameBack()
{
    const Parameter from = parameter({2, 12}, {{"o", {}}, flat("CHW", {3, 2, 2})}),
                    to = parameter({12, 2}, {flat("HWC", {2, 2, 3}), {"o", {}}});
    const Tensor there = rules::applyRule(rules::ruleId(from, to), {read(from.source)}, {&from}, {&to}).front();
    QVERIFY(!std::ranges::equal(there.bytes(), read(from.source).bytes()));
    const Tensor back = rules::applyRule(rules::ruleId(to, from), {there}, {&to}, {&from}).front();
    QVERIFY(sameBits(back, read(from.source)));
}

void TestRules::shapesThatCannotAgree()
{
    QVERIFY_THROWS_EXCEPTION(Error, rules::ruleId(parameter({4, 1, 3, 3}, axesOf("oihw")), parameter({3, 3, 1, 5}, axesOf("hwio"))));
    QVERIFY_THROWS_EXCEPTION(Error, rules::ruleId(parameter({2, 3}, axesOf("oi")), parameter({2, 3}, axesOf("io"))));
}

void TestRules::toTheTargetsType()
{
    Parameter to = parameter({2}, axesOf("o"));
    to.source.dtype = DType::Float64;
    const Parameter from = parameter({2}, axesOf("o"), {0.1f, -2});
    const Tensor wide = rules::applyRule("same", {read(from.source)}, {&from}, {&to}).front();
    QCOMPARE(wide.dtype(), DType::Float64);
    double values[2];
    std::memcpy(values, wide.bytes().data(), sizeof values);
    QCOMPARE(values[0], 0.100000001490116119384765625);
    QVERIFY(rules::holdsExactly(DType::Float16, DType::Float32));
    QVERIFY(!rules::holdsExactly(DType::Float64, DType::Float32));
    QVERIFY(!rules::holdsExactly(DType::BFloat16, DType::Float16));
}

void TestRules::halves_data()
{
    QTest::addColumn<float>("value");
    QTest::addColumn<int>("bits");
    QTest::newRow("1") << 1.0f << 0x3c00;
    QTest::newRow("-2") << -2.0f << 0xc000;
    QTest::newRow("greatest") << 65504.0f << 0x7bff;
    QTest::newRow("rounds to infinity") << 65520.0f << 0x7c00;
    QTest::newRow("just below") << 65519.0f << 0x7bff;
    QTest::newRow("tie to even, down") << 1.00048828125f << 0x3c00;
    QTest::newRow("tie to even, up") << 1.00146484375f << 0x3c02;
    QTest::newRow("least normal") << 6.103515625e-05f << 0x0400;
    QTest::newRow("least subnormal") << 5.9604644775390625e-08f << 0x0001;
    QTest::newRow("half of it") << 2.98023223876953125e-08f << 0x0000;
    QTest::newRow("greatest subnormal rounded up") << 6.1020255e-05f << 0x0400;
    QTest::newRow("minus zero") << -0.0f << 0x8000;
    QTest::newRow("infinity") << std::numeric_limits<float>::infinity() << 0x7c00;
}

void TestRules::halves()
{
    QFETCH(float, value);
    QFETCH(int, bits);
    QCOMPARE(static_cast<int>(bits16(value, DType::Float16)), bits);
}

void TestRules::brains()
{
    QCOMPARE(bits16(1.0f, DType::BFloat16), std::uint16_t{0x3f80});
    QCOMPARE(bits16(std::bit_cast<float>(0x3f808000u), DType::BFloat16), std::uint16_t{0x3f80});
    QCOMPARE(bits16(std::bit_cast<float>(0x3f818000u), DType::BFloat16), std::uint16_t{0x3f82});
    QVERIFY((bits16(std::numeric_limits<float>::quiet_NaN(), DType::BFloat16) & 0x7fff) > 0x7f80);
}

void TestRules::valueDifferences()
{
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const Parameter from = parameter({2, 2}, axesOf("oi"), {1, 2, 3, nan});
    QVERIFY(rules::valueDifference(from, parameter({2, 2}, axesOf("io"), {1, 3, 2, nan})).equal);
    const auto moved = rules::valueDifference(from, parameter({2, 2}, axesOf("io"), {1, 2, 3, nan}));
    QVERIFY(!moved.equal);
    QCOMPARE(moved.maxAbs, 1.0);
    QVERIFY(std::isnan(rules::valueDifference(from, parameter({2, 2}, axesOf("io"), {1, 3, 2, 4})).maxAbs));

    Parameter half = parameter({1}, axesOf("o"), {0});
    const Tensor rounded = rules::cast(Tensor::fromFloats({1}, std::vector<float>{0.1f}), DType::Float16);
    half.source = {DType::Float16, {1}, rounded.sharedBytes()};
    const auto rounding = rules::valueDifference(half, parameter({1}, axesOf("o"), {0.1f}));
    QVERIFY(!rounding.equal);
    QVERIFY(rounding.maxAbs > 2e-5 && rounding.maxAbs < 3e-5); // 0.1 is 0.0999755859375 in half precision
}

QTEST_GUILESS_MAIN(TestRules)
#include "tst_rules.moc"
