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

QTEST_GUILESS_MAIN(TestAutoMapWeights)
#include "tst_automapweights.moc"
