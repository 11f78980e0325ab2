// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/mapping.h"
#include "modelbuilder.h"

#include <QTest>

using namespace core;

namespace {

ModelBuilder torchNet(Shape input)
{
    return ModelBuilder(Framework::Torch, std::move(input));
}

ModelBuilder kerasNet(Shape input)
{
    return ModelBuilder(Framework::Keras, std::move(input));
}

}

/// Mapping where one side is a state dict.
class TestAutoMapWeights : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void stateDict();
    void stateDictInAnotherOrder();
    void stateDictAmbiguous();
    void fewNumbers_data();
    void fewNumbers();
};

void TestAutoMapWeights::stateDict()
{
    const Model left = torchNet({2, 6, 6}).conv("features.0", 2, 3, 3).plain("f", "flatten").linear("head", 48, 4).stateDict();
    const Model right = kerasNet({6, 6, 2}).conv("conv2d", 2, 3, 3, "relu").plain("flatten", "flatten").linear("dense", 48, 4).model();
    const mapping::Mapping mapping = mapping::autoMap(left, right);
    QCOMPARE(printed(mapping), std::string("features.0 = conv2d:conv2d\nhead = dense\n"));
    QVERIFY(hasReason(mapping.links[0], "only-candidate"));
    QVERIFY(mapping.links[0].confidence < 0.8);
    QCOMPARE(mapping.links[1].parameters[0].rule, std::string("order-unknown")); // nothing tells of a Flatten yet
}

void TestAutoMapWeights::stateDictInAnotherOrder()
{
    const Model left = torchNet({4}).linear("last", 7, 2).linear("first", 4, 5).linear("second", 5, 7).stateDict();
    const Model right = kerasNet({4}).linear("a", 4, 5).linear("b", 5, 7).linear("c", 7, 2).model();
    const mapping::Mapping mapping = mapping::autoMap(left, right);
    QCOMPARE(printed(mapping), std::string("last = c\nfirst = a\nsecond = b\n"));
    QVERIFY(hasReason(mapping.links[0], "only-candidate"));
}

void TestAutoMapWeights::stateDictAmbiguous()
{
    const Model left = torchNet({4}).linear("p", 4, 4).linear("q", 4, 4, {}, 50).stateDict();
    const Model right = kerasNet({4}).linear("a", 4, 4, {}, 90).model();
    const mapping::Mapping mapping = mapping::autoMap(left, right);
    QCOMPARE(printed(mapping), std::string("p+q ? a\n"));
    QCOMPARE(mapping::ambiguityText(mapping, left, right, "a", false), std::string("a fits several layers equally well: p, q"));
    QCOMPARE(mapping::ambiguityText(mapping, left, right, "q", true), std::string("q and others fit a equally well"));
    QVERIFY(!mapping::ambiguityOf(mapping, left, "f", true));
}

void TestAutoMapWeights::fewNumbers_data()
{
    using Values = std::vector<float>;
    QTest::addColumn<Values>("firstMean");
    QTest::addColumn<Values>("firstVariance");
    QTest::addColumn<Values>("secondMean");
    QTest::addColumn<Values>("secondVariance");
    QTest::addColumn<QString>("links");
    const QString paired = "p = a\nq = b\n", open = "p+q ? a+b\n";
    QTest::newRow("two channels") << Values{0.19F, 0.31F} << Values{0.62F, 0.87F} << Values{0.18F, 0.72F} << Values{1.1F, 1.2F} << paired;
    QTest::newRow("one channel") << Values{0.19F} << Values{0.62F} << Values{0.18F} << Values{1.1F} << paired;
    QTest::newRow("as they begin") << Values{0, 0} << Values{1, 1} << Values{0, 0} << Values{1, 1} << open;
    QTest::newRow("one other number each") << Values{0, 0} << Values{0.9F, 0.9F} << Values{0, 0} << Values{0.8F, 0.8F} << open;
    QTest::newRow("the same numbers in both") << Values{0.1F, 0.2F} << Values{1, 1} << Values{0.1F, 0.2F} << Values{1, 1} << open;
}

/// Layers of so few values that none of their parameters tells anything alone; the twin lists them in the same order, which tells nothing.
void TestAutoMapWeights::fewNumbers()
{
    using Values = std::vector<float>;
    QFETCH(const Values, firstMean);
    QFETCH(const Values, firstVariance);
    QFETCH(const Values, secondMean);
    QFETCH(const Values, secondVariance);
    const auto channels = static_cast<std::int64_t>(firstMean.size());
    const auto valued = [&](Model model, const std::string& first, const std::string& second, const std::vector<std::string>& roles) {
        for (const std::string& layer : {first, second}) {
            model = withValues(std::move(model), layer + roles[0], Values(firstMean.size(), 1));
            model = withValues(std::move(model), layer + roles[1], Values(firstMean.size(), 0));
            model = withValues(std::move(model), layer + roles[2], layer == first ? firstMean : secondMean);
            model = withValues(std::move(model), layer + roles[3], layer == first ? firstVariance : secondVariance);
        }
        return model;
    };
    const Model left = valued(torchNet({channels, 4, 4}).batchNorm("p", channels).batchNorm("q", channels).stateDict(), "p", "q",
                              {".weight", ".bias", ".running_mean", ".running_var"});
    const Model right = valued(kerasNet({4, 4, channels}).batchNorm("a", channels).batchNorm("b", channels).model(), "a", "b",
                               {"/gamma:0", "/beta:0", "/moving_mean:0", "/moving_variance:0"});
    QTEST(QString::fromStdString(printed(mapping::autoMap(left, right))), "links");
}

QTEST_GUILESS_MAIN(TestAutoMapWeights)
#include "tst_automapweights.moc"
