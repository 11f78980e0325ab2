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

Axis named(Axis axis, const char* name)
{
    axis.name = name;
    return axis;
}

Axis joined(std::vector<Axis> segments, const std::vector<std::int64_t>& sizes)
{
    Axis result;
    result.segments = std::move(segments);
    for (std::size_t i = 0; i < sizes.size(); ++i)
        result.segments[i].size = sizes[i];
    return result;
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
    void unknownOrders_data();
    void unknownOrders();
    void oneElementNeedsNoOrder();
    void valuesSettleTheOrder();
    void equalAsStored_data();
    void equalAsStored();
    void valuesThatAreAlikeNeedNoOrder();
    void assumedOrders();
    void theIdDecides();
    void joinedMoves();
    void imagesMadeOfFeatures();
    void neutralValues();
    void twoBiases();
    void projectionsOfAttention();
    void narrowedOnce_data();
    void narrowedOnce();
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
    const Axis positions{"i", {{"C", 3}, {"HW", 4}}}; // as a Sequential in an unknown class tells it
    row("flatten of positions whose sizes are not told", parameter({2, 12}, {{"o", {}}, positions}),
        parameter({12, 2}, {flat("HWC", {2, 2, 3}), {"o", {}}}), "flatten-chw->hwc");
    row("the same back", parameter({12, 2}, {flat("HWC", {2, 2, 3}), {"o", {}}}), parameter({2, 12}, {{"o", {}}, positions}),
        "flatten-hwc->chw");
    row("the same against a line", parameter({2, 12}, {{"o", {}}, positions}), parameter({12, 2}, {flat("HWC", {1, 4, 3}), {"o", {}}}),
        "flatten-chw->hwc");
    row("flatten of one pixel", parameter({2, 3}, {{"o", {}}, flat("CHW", {3, 1, 1})}),
        parameter({3, 2}, {flat("HWC", {1, 1, 3}), {"o", {}}}), "transpose");
    row("flatten of one channel", parameter({2, 4}, {{"o", {}}, flat("CHW", {1, 2, 2})}),
        parameter({4, 2}, {flat("HWC", {2, 2, 1}), {"o", {}}}), "transpose");
    row("flattened norm", parameter({12}, {flat("CHW", {3, 2, 2})}), parameter({12}, {flat("HWC", {2, 2, 3})}), "flatten-chw->hwc");
    row("rows and columns of a grey picture", parameter({2, 4}, axesOf("oi")), parameter({4, 2}, {flat("HWC", {2, 2, 1}), {"o", {}}}),
        "transpose");
    row("rows of a picture without channels", parameter({2, 4}, {{"o", {}}, flat("CHW", {1, 2, 2})}),
        parameter({4, 2}, {flat("TF", {2, 2}), {"o", {}}}), "transpose");
    row("both permuted alike", parameter({2, 12}, {{"o", {}}, flat("HWC", {2, 2, 3})}),
        parameter({12, 2}, {flat("HWC", {2, 2, 3}), {"o", {}}}), "transpose");
    row("an image made of features", parameter({12, 5}, {named(flat("CHW", {3, 2, 2}), "o"), {"i", {}}}),
        parameter({5, 12}, {{"i", {}}, named(flat("HWC", {2, 2, 3}), "o")}), "flatten-chw->hwc");
    row("two images joined", parameter({1, 16}, {{"o", {}}, joined({flat("CHW", {3, 2, 2}), flat("CHW", {2, 1, 2})}, {12, 4})}),
        parameter({16, 1}, {joined({flat("HWC", {2, 2, 3}), flat("HWC", {1, 2, 2})}, {12, 4}), {"o", {}}}), "flatten-chw|chw->hwc|hwc");
    row("an image joined with features", parameter({1, 9}, {{"o", {}}, joined({flat("CHW", {2, 1, 2}), {"F", {}}}, {4, 5})}),
        parameter({9, 1}, {joined({flat("HWC", {1, 2, 2}), {"F", {}}}, {4, 5}), {"o", {}}}), "flatten-chw|f->hwc|f");
}

void TestRules::unknownOrders_data()
{
    QTest::addColumn<Parameter>("from");
    QTest::addColumn<Parameter>("to");
    QTest::addColumn<std::string>("sameFramework");
    const auto row = [](const char* what, const Parameter& from, const Parameter& to, const char* sameFramework) {
        QTest::newRow(what) << from << to << std::string(sameFramework);
    };
    const Axis lost = lostAxis("i", "Tieout cannot follow x");
    row("flatten known on one side only", parameter({2, 12}, axesOf("oi")), parameter({12, 2}, {flat("HWC", {2, 2, 3}), {"o", {}}}),
        "transpose");
    row("unknown against flattened", parameter({2, 12}, {{"o", {}}, lost}), parameter({12, 2}, {flat("HWC", {2, 2, 3}), {"o", {}}}),
        "transpose");
    row("unknown against plain", parameter({2, 12}, {{"o", {}}, lost}), parameter({12, 2}, axesOf("io")), "transpose");
    row("unknown on both sides", parameter({2, 12}, {{"o", {}}, lost}), parameter({12, 2}, {lost, {"o", {}}}), "transpose");
    row("unknown norm", parameter({12}, {named(lost, "o")}), parameter({12}, {named(lost, "o")}), "same");
    row("other parts", parameter({2, 12}, {{"o", {}}, flat("CHW", {3, 2, 2})}), parameter({12, 2}, {flat("HWC", {4, 1, 3}), {"o", {}}}),
        "order-unknown");
    row("parts without names", parameter({2, 4}, {{"o", {}}, {"i", {{"", 2}, {"", 2}}}}),
        parameter({4, 2}, {{"i", {{"", 2}, {"", 2}}}, {"o", {}}}), "transpose");
    row("joined in other places", parameter({1, 8}, {{"o", {}}, joined({flat("CHW", {2, 1, 2}), {"F", {}}}, {4, 4})}),
        parameter({8, 1}, {joined({{"F", {}}, flat("HWC", {1, 2, 2})}, {4, 4}), {"o", {}}}), "order-unknown");
    row("no labels, one shape", parameter({4, 2}, {}), parameter({4, 2}, {}), "same");
}

void TestRules::unknownOrders()
{
    QFETCH(Parameter, from);
    QFETCH(Parameter, to);
    QFETCH(std::string, sameFramework);
    QCOMPARE(rules::ruleId(from, to), std::string(rules::orderUnknownRule));
    QVERIFY(!rules::valueDifference(rules::orderUnknownRule, {&from}, {&to}));
    QVERIFY_THROWS_EXCEPTION(Error, rules::applyRule(rules::orderUnknownRule, {read(from.source)}, {&from}, {&to}));
    QCOMPARE(rules::ruleId(from, to, true), sameFramework);
}

void TestRules::oneElementNeedsNoOrder()
{
    QCOMPARE(rules::ruleId(parameter({2, 1}, {{"o", {}}, lostAxis("i", "x")}), parameter({1, 2}, {lostAxis("i", "x"), {"o", {}}})),
             std::string("transpose"));
}

void TestRules::valuesSettleTheOrder()
{
    const Parameter unknown = parameter({1, 6}, {{"o", {}}, lostAxis("i", "x")});
    const Axes keras{flat("HWC", {1, 3, 2}), {"o", {}}};
    const auto choice = [&](const std::vector<float>& values) {
        return rules::chosenRule(unknown, parameter({6, 1}, keras, values), false);
    };
    QCOMPARE(choice({0, 3, 1, 4, 2, 5}).id, std::string("flatten-chw->hwc"));
    QVERIFY(choice({0, 3, 1, 4, 2, 5}).ground == rules::Choice::Ground::Values);
    QCOMPARE(choice({0, 1, 2, 3, 5, 4}).id, std::string("order-unknown"));
    QVERIFY(choice({0, 1, 2, 3, 5, 4}).ground == rules::Choice::Ground::Labels);
    const Parameter back = parameter({6, 1}, keras, {0, 3, 1, 4, 2, 5});
    QCOMPARE(rules::chosenRule(back, unknown, false).id, std::string("flatten-hwc->chw"));
    QVERIFY(rules::valueDifference(back, unknown)->equal);
}

void TestRules::equalAsStored_data()
{
    QTest::addColumn<Axis>("torch");
    QTest::addColumn<Axis>("keras");
    QTest::addColumn<std::string>("id");
    QTest::addColumn<std::string>("sameFramework");
    const auto row = [](const char* what, const Axis& torch, const Axis& keras, const char* id, const char* sameFramework) {
        QTest::newRow(what) << torch << keras << std::string(id) << std::string(sameFramework);
    };
    const Axis plain{"i", {}}, lost = lostAxis("i", "the file tells no architecture"), image = flat("HWC", {1, 3, 2});
    Axis assumed = flat("CHW", {2, 1, 3}), assumedAlike = image;
    assumed.isAssumed = assumedAlike.isAssumed = true;
    row("not told against an image", lost, image, "order-unknown", "transpose");
    row("an image against what is not told", image, lost, "order-unknown", "transpose");
    row("told by neither", lost, lost, "order-unknown", "transpose");
    row("plain against an image", plain, image, "order-unknown", "transpose");
    row("not told against plain features", lost, plain, "transpose", "transpose");
    row("assumed otherwise", assumed, image, "order-unknown", "transpose");
    row("assumed to be the same", assumedAlike, image, "transpose", "transpose");
}

/// Weights that nobody has moved are equal byte by byte in networks that flatten C,H,W and H,W,C: that they are equal is no evidence.
void TestRules::equalAsStored()
{
    QFETCH(Axis, torch);
    QFETCH(Axis, keras);
    QFETCH(std::string, id);
    QFETCH(std::string, sameFramework);
    const Parameter from = parameter({1, 6}, {{"o", {}}, torch}), to = parameter({6, 1}, {keras, {"o", {}}});
    const rules::Choice choice = rules::chosenRule(from, to, false);
    QCOMPARE(choice.id, id);
    QCOMPARE(choice.ground == rules::Choice::Ground::Stored, id == rules::orderUnknownRule);
    QCOMPARE(rules::chosenRule(to, from, false).id, id);
    QCOMPARE(rules::valueDifference(from, to).has_value(), id != rules::orderUnknownRule);
    QCOMPARE(rules::chosenRule(from, to, true).id, sameFramework);
}

void TestRules::valuesThatAreAlikeNeedNoOrder() // a BatchNorm's ones
{
    const Parameter ones = parameter({4}, {lostAxis("o", "x")}, {1, 1, 1, 1});
    const auto choice = rules::chosenRule(ones, parameter({4}, {flat("HWC", {1, 2, 2})}, {1, 2, 3, 4}), false);
    QCOMPARE(choice.id, std::string("same"));
}

void TestRules::assumedOrders() // of a state dict, whose forward may permute
{
    Axis chw = flat("CHW", {2, 1, 3});
    chw.isAssumed = true;
    const Parameter from = parameter({1, 6}, {{"o", {}}, chw});
    const Axes keras{flat("HWC", {1, 3, 2}), {"o", {}}};
    const auto choice = [&](const std::vector<float>& values) { return rules::chosenRule(from, parameter({6, 1}, keras, values), false); };
    QCOMPARE(choice({0, 0, 0, 0, 0, 0}).id, std::string("flatten-chw->hwc"));
    QVERIFY(choice({0, 0, 0, 0, 0, 0}).ground == rules::Choice::Ground::Assumed);
    QCOMPARE(choice({0, 1, 2, 3, 4, 5}).id, std::string("order-unknown"));
    QCOMPARE(choice({0, 3, 1, 4, 2, 5}).id, std::string("flatten-chw->hwc"));
    QVERIFY(choice({0, 3, 1, 4, 2, 5}).ground == rules::Choice::Ground::Labels);
}

void TestRules::theIdDecides() // not the labels
{
    const Parameter from = parameter({2, 2}, axesOf("oi")), to = parameter({2, 2}, axesOf("io"));
    const auto by = [&](const char* id) {
        const Tensor moved = rules::applyRule(id, {read(from.source)}, {&from}, {&to}).front();
        return std::vector<float>(moved.floats().begin(), moved.floats().end());
    };
    QCOMPARE(by("transpose"), (std::vector<float>{0, 2, 1, 3}));
    QCOMPARE(by("same"), (std::vector<float>{0, 1, 2, 3}));
    QVERIFY_THROWS_EXCEPTION(Error, by("flatten-chw->hwc"));
}

void TestRules::joinedMoves()
{
    const Parameter positions = parameter({1, 4}, {{"o", {}}, Axis{"i", {{"C", 2}, {"HW", 2}}}});
    QCOMPARE(applied(positions, parameter({4, 1}, {flat("HWC", {1, 2, 2}), {"o", {}}})), (std::vector<float>{0, 2, 1, 3}));
    // C=2, H=1, W=2 and then three features: c0w0 c0w1 c1w0 c1w1 f0 f1 f2
    const Parameter from = parameter({1, 7}, {{"o", {}}, joined({flat("CHW", {2, 1, 2}), {"F", {}}}, {4, 3})}),
                    to = parameter({7, 1}, {joined({flat("HWC", {1, 2, 2}), {"F", {}}}, {4, 3}), {"o", {}}});
    QCOMPARE(applied(from, to), (std::vector<float>{0, 2, 1, 3, 4, 5, 6}));
}

void TestRules::imagesMadeOfFeatures()
{
    const Parameter from = parameter({4, 1}, {named(flat("CHW", {2, 1, 2}), "o"), {"i", {}}}),
                    to = parameter({1, 4}, {{"i", {}}, named(flat("HWC", {1, 2, 2}), "o")});
    QCOMPARE(applied(from, to), (std::vector<float>{0, 2, 1, 3}));
}

void TestRules::neutralValues()
{
    Parameter gamma = parameter({3}, axesOf("o"), {1, 1, 1}), beta = parameter({3}, axesOf("o"), {0, 0, 0.5f});
    gamma.role = "gamma";
    beta.role = "beta";
    QVERIFY(rules::valueDifference(rules::neutralRule, {}, {&gamma})->equal);
    const auto shifted = rules::valueDifference(rules::neutralRule, {&beta}, {});
    QVERIFY(!shifted->equal);
    QCOMPARE(shifted->maxAbs, 0.5);
    gamma.source.dtype = DType::Float64;
    const Tensor ones = rules::applyRule(rules::neutralRule, {}, {}, {&gamma}).front();
    QCOMPARE(ones.dtype(), DType::Float64);
    QCOMPARE(ones.toFloat32().floats()[2], 1.0f);
    Parameter variance = parameter({3}, axesOf("o"));
    variance.role = "variance";
    QVERIFY_THROWS_EXCEPTION(Error, rules::applyRule(rules::neutralRule, {}, {}, {&variance}));
    QVERIFY(!rules::isBijective(rules::neutralRule));
}

void TestRules::twoBiases()
{
    const Parameter input = parameter({3}, axesOf("o"), {1, 2, 3}), hidden = parameter({3}, axesOf("o"), {0.5f, -2, 4}),
                    one = parameter({3}, axesOf("o"), {1.5f, 0, 7});
    QVERIFY(rules::valueDifference(rules::biasSumRule, {&input, &hidden}, {&one})->equal);
    const auto off = rules::valueDifference(rules::biasSumRule, {&input, &input}, {&one});
    QVERIFY(!off->equal);
    QCOMPARE(off->maxAbs, 4.0); // 4 against 0
    QCOMPARE(off->differing, std::int64_t{3});
    const auto apart = rules::applyRule(rules::biasZeroRule, {read(one.source)}, {&one}, {&input, &hidden});
    QCOMPARE(apart.size(), std::size_t{2});
    QCOMPARE(apart[0].floats()[2], 7.0f);
    QCOMPARE(apart[1].floats()[2], 0.0f);
    const auto worse = rules::valueDifference(rules::biasZeroRule, {&one}, {&input, &hidden});
    QCOMPARE(worse->maxAbs, 4.0);
    QCOMPARE(rules::inverseRule(rules::biasZeroRule), std::string(rules::biasSumRule));
    QCOMPARE(rules::inverseRule(rules::biasSumRule), std::string());
    QCOMPARE(rules::oppositeRule(rules::biasSumRule), std::string(rules::biasZeroRule));
    QCOMPARE(rules::oppositeRule("oihw->hwio"), std::string("hwio->oihw"));
    QVERIFY_THROWS_EXCEPTION(Error, rules::applyRule(rules::biasSumRule, {read(one.source)}, {&one}, {&input}));
    QVERIFY_THROWS_EXCEPTION(Error, rules::valueDifference("same", {&input, &hidden}, {&one}));
}

/// PyTorch's rows of all heads, one head behind the other, against Keras' axes for heads and their features: W[h * 2 + d][i] = K[i][h][d].
void TestRules::projectionsOfAttention()
{
    const Parameter whole = parameter({12, 4}, axesOf("oi")), q = parameter({4, 2, 2}, axesOf("ihd")), k = q, v = q;
    const std::vector<const Parameter*> packed{&whole}, three{&q, &k, &v};
    const auto split = rules::applyRule(rules::headsSplitRule, {read(whole.source)}, packed, three);
    QCOMPARE(split.size(), std::size_t{3});
    for (std::size_t part = 0; part < 3; ++part)
        for (std::size_t i = 0; i < 4; ++i)
            for (std::size_t h = 0; h < 2; ++h)
                for (std::size_t d = 0; d < 2; ++d)
                    QCOMPARE(split[part].floats()[(i * 2 + h) * 2 + d], static_cast<float>((part * 4 + h * 2 + d) * 4 + i));
    QVERIFY(sameBits(rules::applyRule(rules::headsJoinRule, split, three, packed).front(), read(whole.source)));

    const Parameter out = parameter({3, 4}, axesOf("oi")), heads = parameter({2, 2, 3}, axesOf("hdo"));
    const auto apart = rules::applyRule(rules::headsApartRule, {read(out.source)}, {&out}, {&heads});
    QCOMPARE(apart.front().floats()[(1 * 2 + 0) * 3 + 2], 2.0f * 4 + 2); // head 1, feature 0, output 2
    QVERIFY(sameBits(rules::applyRule(rules::headsTogetherRule, apart, {&heads}, {&out}).front(), read(out.source)));

    const Parameter biases = parameter({6}, axesOf("o")), one = parameter({2, 1}, axesOf("hd"));
    const auto parts = rules::applyRule(rules::headsSplitRule, {read(biases.source)}, {&biases}, {&one, &one, &one});
    QCOMPARE(parts[2].floats()[1], 5.0f);
    const Parameter odd = parameter({2, 3, 2}, axesOf("ihd")); // neither 4 inputs nor 3 outputs
    QVERIFY_THROWS_EXCEPTION(Error, rules::applyRule(rules::headsApartRule, {read(out.source)}, {&out}, {&odd}));
    QVERIFY_THROWS_EXCEPTION(Error, rules::applyRule(rules::headsSplitRule, {read(whole.source)}, packed, {&q, &k, &odd}));
    QVERIFY(rules::isOfRoles(rules::headsApartRule));
}

void TestRules::narrowedOnce_data() // numpy 1.26: np.float64(x).astype(np.float16).view(np.uint16)
{
    QTest::addColumn<double>("value");
    QTest::addColumn<int>("half");
    QTest::newRow("above a tie") << 1.0 + 0x1p-11 + 0x1p-40 << 0x3c01; // as a float it is the tie, which goes to even
    QTest::newRow("below a tie") << 1.0 + 3 * 0x1p-11 - 0x1p-40 << 0x3c01;
    QTest::newRow("tie") << 1.0 + 0x1p-11 << 0x3c00;
    QTest::newRow("subnormal above a tie") << 0x1p-25 + 0x1p-60 << 0x0001;
    QTest::newRow("too large") << 1e300 << 0x7c00;
    QTest::newRow("below the step to infinity") << 65520.0 - 0x1p-30 << 0x7bff;
    QTest::newRow("minus") << -1.0 - 0x1p-11 - 0x1p-40 << 0xbc01;
}

void TestRules::narrowedOnce()
{
    QFETCH(double, value);
    QFETCH(int, half);
    auto bytes = std::make_shared<std::vector<std::byte>>(sizeof value);
    std::memcpy(bytes->data(), &value, sizeof value);
    const Tensor narrow = rules::cast(Tensor(DType::Float64, {1}, bytes), DType::Float16);
    std::uint16_t bits;
    std::memcpy(&bits, narrow.bytes().data(), sizeof bits);
    QCOMPARE(static_cast<int>(bits), half);
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
    QCOMPARE(rules::ruleTitle("flatten-chw|f->hwc|f"), std::string("C,H,W + F -> H,W,C + F"));
    QCOMPARE(rules::inverseRule("flatten-chw|f->hwc|f"), std::string("flatten-hwc|f->chw|f"));
    QCOMPARE(rules::inverseRule("oihw->hwio"), std::string("hwio->oihw"));
    QCOMPARE(rules::inverseRule("transpose"), std::string("transpose"));
    QVERIFY(!rules::isBijective(rules::keptRule));
    QVERIFY(!rules::isBijective(rules::orderUnknownRule));
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
    QVERIFY(rules::valueDifference(from, parameter({2, 2}, axesOf("io"), {1, 3, 2, nan}))->equal);
    const auto moved = rules::valueDifference(from, parameter({2, 2}, axesOf("io"), {1, 2, 3, nan})).value();
    QVERIFY(!moved.equal);
    QCOMPARE(moved.maxAbs, 1.0);
    QVERIFY(std::isnan(rules::valueDifference(from, parameter({2, 2}, axesOf("io"), {1, 3, 2, 4}))->maxAbs));

    Parameter half = parameter({1}, axesOf("o"), {0});
    const Tensor rounded = rules::cast(Tensor::fromFloats({1}, std::vector<float>{0.1f}), DType::Float16);
    half.source = {DType::Float16, {1}, rounded.sharedBytes()};
    const auto rounding = rules::valueDifference(half, parameter({1}, axesOf("o"), {0.1f})).value();
    QVERIFY(!rounding.equal);
    QVERIFY(rounding.maxAbs > 2e-5 && rounding.maxAbs < 3e-5); // 0.1 is 0.0999755859375 in half precision
}

QTEST_GUILESS_MAIN(TestRules)
#include "tst_rules.moc"
