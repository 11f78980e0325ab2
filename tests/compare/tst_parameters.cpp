// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compare/compare.h"
#include "modelbuilder.h"

#include <QTest>
#include <cmath>
#include <limits>

using namespace core;

class TestParameters : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void metric();
    void cannotBeCompared();
    void areReadOnce();
    void areReadAnewInAnotherOrder();
};

void TestParameters::metric()
{
    const Model left = ModelBuilder(Framework::Torch, {2}).linear("0", 2, 2).model();
    Model right = ModelBuilder(Framework::Keras, {2}).linear("dense", 2, 2).model();
    right = withValues(right, "dense/kernel:0", {0, 2, 1, 3}); // [[0, 1], [2, 3]] transposed
    right = withValues(right, "dense/bias:0", {0, 1.25f});
    const mapping::Mapping mapping = mapping::autoMap(left, right);
    const auto results = compare::compareParameters(layers::withParameterAxes(left, {}), layers::withParameterAxes(right, {}), mapping);
    QCOMPARE(results.size(), std::size_t{2});
    QVERIFY(results[0].equal);
    QVERIFY(!results[1].equal);
    QCOMPARE(results[1].maxAbs, std::optional(0.25));
    QCOMPARE(results[1].link.equal, std::optional(false));
    QCOMPARE(results[1].scaledMax, std::optional(0.2)); // 0.25 against 1.25
    QCOMPARE(results[1].differing, std::int64_t{1});
    QCOMPARE(results[1].worstIndex, std::int64_t{1});
    QVERIFY(compare::differs(results[1], 0.1) && !compare::differs(results[1], 0.2));
}

void TestParameters::cannotBeCompared()
{
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const Model left = withValues(ModelBuilder(Framework::Torch, {2}).linear("0", 2, 2).model(), "0.bias", {0, nan});
    Model right = ModelBuilder(Framework::Torch, {2}).linear("0", 2, 2).model();
    mapping::Mapping mapping = mapping::autoMap(left, right);
    auto results = compare::compareParameters(left, right, mapping);
    QVERIFY(std::isnan(*results[1].scaledMax) && compare::differs(results[1], 1e9));
    QCOMPARE(results[1].nansLeft, std::int64_t{1});
    QCOMPARE(results[1].nansRight, std::int64_t{0});
    right.parameters[0].source = sourceOf({2, 3}, {0, 1, 2, 3, 4, 5});
    right.parameters[1].problem = "its bytes are missing";
    results = compare::compareParameters(left, right, mapping);
    QVERIFY(results[0].shapesDisagree && !results[0].maxAbs && compare::differs(results[0], 1e9));
    QVERIFY(!results[1].shapesDisagree && !results[1].scaledMax && !compare::differs(results[1], 0));
    QVERIFY2(results[1].problem.find("its bytes are missing") != std::string::npos, results[1].problem.c_str());
    QCOMPARE(results[1].link.equal, std::nullopt);
}

void TestParameters::areReadOnce()
{
    const Model left = ModelBuilder(Framework::Torch, {2}).linear("0", 2, 2).linear("1", 2, 2).model();
    const Model changed = withValues(left, "0.bias", {5, 6});
    const mapping::Mapping mapping = mapping::autoMap(left, left);
    compare::KnownParameters known;
    QCOMPARE(compare::compareParameters(left, left, mapping, &known).size(), std::size_t{4});
    QCOMPARE(known.size(), std::size_t{4});
    QVERIFY(compare::compareParameters(left, changed, mapping, &known)[1].equal); // as it was known
    QVERIFY(!compare::compareParameters(left, changed, mapping)[1].equal);
}

/// By the same rule between the same parameters, behind a Concatenate of pictures of other sizes.
void TestParameters::areReadAnewInAnotherOrder()
{
    const auto behind = [](const char* letters, Shape sizes) {
        Axis axis;
        axis.segments = {flattened(axesOf(letters), sizes), {"F", {}}};
        for (Axis& segment : axis.segments)
            segment.size = 4;
        return axis;
    };
    Model left = ModelBuilder(Framework::Torch, {8}).linear("0", 8, 1).model();
    Model right = withValues(ModelBuilder(Framework::Keras, {8}).linear("dense", 8, 1).model(), "dense/kernel:0", {0, 2, 1, 3, 4, 5, 6, 7});
    mapping::Mapping mapping;
    mapping.links.emplace_back();
    mapping.links[0].parameters = {{{"0.weight"}, {"dense/kernel:0"}, "flatten-chw|f->hwc|f", {}}};
    compare::KnownParameters known;
    left.parameters[0].axes = {{"o", {}}, behind("CHW", {2, 2, 1})};
    right.parameters[0].axes = {behind("HWC", {2, 1, 2}), {"o", {}}};
    QVERIFY(compare::compareParameters(left, right, mapping, &known)[0].equal);
    left.parameters[0].axes = {{"o", {}}, behind("CHW", {1, 2, 2})};
    right.parameters[0].axes = {behind("HWC", {2, 2, 1}), {"o", {}}};
    QVERIFY(!compare::compareParameters(left, right, mapping, &known)[0].equal);
}

QTEST_GUILESS_MAIN(TestParameters)
#include "tst_parameters.moc"
