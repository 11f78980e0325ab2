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

const Attributes padOne{{"padding", std::string("explicit")}, {"pads", Ints{1, 1, 1, 1}}};
const Attributes padSame{{"padding", std::string("same")}};

}

class TestAutoMap : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void lenet();
    void chains_data();
    void chains();
    void equalValuesSettle();
    void valuesAreNotReadWhenNotWanted();
    void rules();
    void differingSettingsAreToldAndCost();
    void zerosInFrontOfMaxPooling();
    void missingBias();
    void otherShapesAreNoMates();
    void oneFramework();
    void unknownKinds();
};

void TestAutoMap::lenet()
{
    const Model left = torchNet({1, 28, 28})
                           .conv("0", 1, 6, 5, {}, {{"padding", std::string("explicit")}, {"pads", Ints{2, 2, 2, 2}}})
                           .plain("1", "tanh")
                           .pool("2", "avgpool2d", 2)
                           .conv("3", 6, 16, 5)
                           .plain("4", "tanh")
                           .pool("5", "avgpool2d", 2)
                           .conv("6", 16, 120, 5)
                           .plain("7", "tanh")
                           .plain("8", "flatten")
                           .linear("9", 120, 84)
                           .plain("10", "tanh")
                           .linear("11", 84, 10)
                           .plain("12", "softmax", {{"axis", std::int64_t{1}}})
                           .model();
    const Model right = kerasNet({28, 28, 1})
                            .conv("conv2d", 1, 6, 5, "tanh", padSame)
                            .pool("average_pooling2d", "avgpool2d", 2)
                            .conv("conv2d_1", 6, 16, 5, "tanh")
                            .pool("average_pooling2d_1", "avgpool2d", 2)
                            .conv("conv2d_2", 16, 120, 5, "tanh")
                            .plain("flatten", "flatten")
                            .linear("dense", 120, 84, "tanh")
                            .linear("dense_1", 84, 10, "softmax")
                            .model();
    const mapping::Mapping mapping = mapping::autoMap(left, right);
    QCOMPARE(printed(mapping), std::string("0+1 = conv2d:conv2d+conv2d\n"
                                           "2 = average_pooling2d\n"
                                           "3+4 = conv2d_1:conv2d+conv2d_1\n"
                                           "5 = average_pooling2d_1\n"
                                           "6+7 = conv2d_2:conv2d+conv2d_2\n"
                                           "8 = flatten\n"
                                           "9+10 = dense:linear+dense\n"
                                           "11+12 = dense_1:linear+dense_1\n"));
    const mapping::Link& first = mapping.links.front();
    QVERIFY(hasReason(first, "same-kind")); // padding 2 is 'same' for a window of 5
    QCOMPARE(first.parameters.size(), std::size_t{2});
    QCOMPARE(first.parameters[0].rule, std::string("oihw->hwio"));
    QCOMPARE(first.parameters[0].left, std::vector<std::string>{"0.weight"});
    QCOMPARE(first.parameters[0].right, std::vector<std::string>{"conv2d/kernel:0"});
    QCOMPARE(first.parameters[1].rule, std::string("same"));
    QCOMPARE(mapping.links[6].parameters[0].rule, std::string("transpose")); // behind a flattened 120 x 1 x 1
    QVERIFY(mapping::unmappedLayers(mapping, left, true).empty());
    QVERIFY(mapping::unmappedLayers(mapping, right, false).empty());
}

void TestAutoMap::chains_data()
{
    QTest::addColumn<Model>("left");
    QTest::addColumn<Model>("right");
    QTest::addColumn<std::string>("expected");

    QTest::newRow("softmax on one side only") << torchNet({8}).linear("0", 8, 10).model()
                                              << kerasNet({8}).linear("dense", 8, 10, "softmax").model()
                                              << std::string("0 = dense:linear\n");
    QTest::newRow("log-softmax against softmax is left to the outputs")
        << torchNet({8}).linear("0", 8, 10).plain("1", "logsoftmax", {{"axis", std::int64_t{1}}}).model()
        << kerasNet({8}).linear("dense", 8, 10, "softmax").model() << std::string("0 = dense:linear\n");
    QTest::newRow("zero padding in front")
        << torchNet({2, 8, 8}).conv("0", 2, 3, 3, {}, padOne).plain("1", "relu").model()
        << kerasNet({8, 8, 2}).plain("zero_padding2d", "zeropad2d", {{"pads", Ints{1, 1, 1, 1}}}).conv("conv2d", 2, 3, 3, "relu").model()
        << std::string("0+1 = zero_padding2d+conv2d:conv2d+conv2d\n");
    QTest::newRow("zero padding that does not add up")
        << torchNet({2, 8, 8}).conv("0", 2, 3, 3, {}, padOne).model()
        << kerasNet({8, 8, 2}).plain("zero_padding2d", "zeropad2d", {{"pads", Ints{2, 2, 2, 2}}}).conv("conv2d", 2, 3, 3).model()
        << std::string("0 = conv2d\n");
    QTest::newRow("zero padding against 'same'")
        << torchNet({2, 8, 8})
               .plain("0", "zeropad2d", {{"pads", Ints{0, 1, 0, 1}}})
               .conv("1", 2, 3, 3, {}, {{"stride", Ints{2, 2}}})
               .model()
        << kerasNet({8, 8, 2}).conv("conv2d", 2, 3, 3, {}, {{"stride", Ints{2, 2}}, {"padding", std::string("same")}}).model()
        << std::string("0+1 = conv2d\n");
    QTest::newRow("zero padding on both sides")
        << torchNet({2, 8, 8}).plain("0", "zeropad2d", {{"pads", Ints{1, 1, 1, 1}}}).conv("1", 2, 3, 3).model()
        << kerasNet({8, 8, 2}).plain("pad", "zeropad2d", {{"pads", Ints{1, 1, 1, 1}}}).conv("conv2d", 2, 3, 3).model()
        << std::string("0 = pad\n1 = conv2d\n");
    QTest::newRow("global pooling and Flatten against one that drops its axes")
        << torchNet({4, 5, 5}).plain("0", "globalavgpool2d", {{"keepdims", true}}).plain("1", "flatten").linear("2", 4, 2).model()
        << kerasNet({5, 5, 4}).plain("gap", "globalavgpool2d", {{"keepdims", false}}).linear("dense", 4, 2).model()
        << std::string("0+1 = gap\n2 = dense\n");
    QTest::newRow("average pooling over everything is a global one")
        << torchNet({4, 5, 5}).pool("0", "avgpool2d", 5).plain("1", "flatten").model()
        << kerasNet({5, 5, 4}).plain("gap", "globalavgpool2d", {{"keepdims", false}}).model() << std::string("0+1 = gap\n");
    QTest::newRow("a Dropout on one side only")
        << torchNet({8}).linear("0", 8, 8).plain("1", "dropout", {{"rate", 0.5}}).plain("2", "relu").linear("3", 8, 4).model()
        << kerasNet({8}).linear("a", 8, 8, "relu").linear("b", 8, 4).model() << std::string("0+2 = a:linear+a\n3 = b\n");
    QTest::newRow("Dropouts on both sides")
        << torchNet({8}).linear("0", 8, 8).plain("1", "dropout", {{"rate", 0.5}}).linear("2", 8, 4).model()
        << kerasNet({8}).linear("a", 8, 8).plain("dropout", "dropout", {{"rate", 0.5}}).linear("b", 8, 4).model()
        << std::string("0 = a\n1 = dropout\n2 = b\n");
    QTest::newRow("pools of one size in a chain are settled by order")
        << torchNet({1, 8, 8}).pool("0", "maxpool2d", 2).pool("1", "maxpool2d", 2).model()
        << kerasNet({8, 8, 1}).pool("a", "maxpool2d", 2).pool("b", "maxpool2d", 2).model() << std::string("0 = a\n1 = b\n");
    QTest::newRow("another activation in the same place")
        << torchNet({8}).linear("0", 8, 4).plain("1", "tanh").linear("2", 4, 4).model()
        << kerasNet({8}).linear("a", 8, 4, "relu").linear("b", 4, 4).model() << std::string("0+1 = a:linear+a\n2 = b\n");
    QTest::newRow("two equal layers against one")
        << torchNet({10}).linear("0", 10, 10).linear("1", 10, 10, {}, 500).model()
        << kerasNet({10}).linear("dense", 10, 10, {}, 900).model() << std::string("0+1 ? dense\n");
    QTest::newRow("what follows settles two equal layers")
        << torchNet({10}).linear("0", 10, 10).plain("1", "relu").linear("2", 10, 10).model()
        << kerasNet({10}).linear("a", 10, 10).linear("b", 10, 10).model() << std::string("0 = a\n2 = b\n");
}

void TestAutoMap::chains()
{
    QFETCH(Model, left);
    QFETCH(Model, right);
    QFETCH(std::string, expected);
    QCOMPARE(printed(mapping::autoMap(left, right)), expected);
}

void TestAutoMap::equalValuesSettle()
{
    const Model left = torchNet({2}).linear("0", 2, 2).linear("1", 2, 2, {}, 500).model();
    Model right = kerasNet({2}).linear("dense", 2, 2, {}, 900).model();
    right = withValues(right, "dense/kernel:0", {500, 502, 501, 503}); // [in, out] of [[500, 501], [502, 503]]
    right = withValues(right, "dense/bias:0", {500, 501});
    const mapping::Mapping mapping = mapping::autoMap(left, right);
    QCOMPARE(printed(mapping), std::string("1 = dense\n"));
    QVERIFY(hasReason(mapping.links[0], "same-values"));
    QCOMPARE(mapping.links[0].parameters[0].equal, std::optional(true));
    QCOMPARE(mapping::unmappedLayers(mapping, left, true), std::vector<std::string>{"0"});
}

void TestAutoMap::valuesAreNotReadWhenNotWanted()
{
    Model left = torchNet({10}).linear("0", 10, 10).linear("1", 10, 10).model();
    int reads = 0;
    for (Parameter& parameter : left.parameters)
        parameter.source.data = WorkerDataset{parameter.name, [&]() -> SharedBytes {
                                                  ++reads;
                                                  throw Error("unreadable");
                                              }};
    const Model right = kerasNet({10}).linear("dense", 10, 10).model();
    QCOMPARE(printed(mapping::autoMap(left, right, false)), std::string("0+1 ? dense\n"));
    QCOMPARE(reads, 0);
    QCOMPARE(printed(mapping::autoMap(left, right, true)), std::string("0+1 ? dense\n"));
    QVERIFY(reads > 0);
}

void TestAutoMap::rules()
{
    const Model left = torchNet({2, 3, 4}).plain("0", "flatten").linear("1", 24, 5).model();
    const Model right = kerasNet({3, 4, 2}).plain("flatten", "flatten").linear("dense", 24, 5).model();
    QCOMPARE(mapping::autoMap(left, right).links[1].parameters[0].rule, std::string("flatten-chw->hwc"));
    QCOMPARE(mapping::autoMap(right, left).links[1].parameters[0].rule, std::string("flatten-hwc->chw"));
}

void TestAutoMap::differingSettingsAreToldAndCost()
{
    const Model left = torchNet({1, 9, 9}).conv("0", 1, 2, 3, {}, {{"stride", Ints{2, 2}}}).model();
    const Model right = kerasNet({9, 9, 1}).conv("conv2d", 1, 2, 3).model();
    const mapping::Mapping mapping = mapping::autoMap(left, right);
    QCOMPARE(printed(mapping), std::string("0 = conv2d\n"));
    QVERIFY(hasReason(mapping.links[0], "settings-differ"));
    const Model same = kerasNet({9, 9, 1}).conv("conv2d", 1, 2, 3, {}, {{"stride", Ints{2, 2}}}).model();
    QVERIFY(mapping.links[0].confidence < mapping::autoMap(left, same).links[0].confidence);
}

void TestAutoMap::zerosInFrontOfMaxPooling()
{
    const Attributes pads{{"pads", Ints{1, 1, 1, 1}}};
    Model left = torchNet({1, 8, 8}).pool("0", "maxpool2d", 2).model();
    left.ops[1].attributes.set("padding", std::string("explicit"));
    left.ops[1].attributes.set("pads", Ints{1, 1, 1, 1});
    const Model right = kerasNet({8, 8, 1}).plain("pad", "zeropad2d", pads).pool("pool", "maxpool2d", 2).model();
    const mapping::Mapping mapping = mapping::autoMap(left, right);
    QCOMPARE(printed(mapping), std::string("0 = pad+pool\n"));
    QVERIFY(hasReason(mapping.links[0], "settings-differ")); // PyTorch pads a maximum with nothing, zeros can win
}

void TestAutoMap::missingBias()
{
    const Model left = torchNet({1, 9, 9}).conv("0", 1, 2, 3, {}, {}, 0, false).model();
    const Model right = kerasNet({9, 9, 1}).conv("conv2d", 1, 2, 3).model();
    const mapping::Mapping mapping = mapping::autoMap(left, right);
    QCOMPARE(mapping.links.size(), std::size_t{1});
    QCOMPARE(mapping.links[0].parameters.size(), std::size_t{2});
    QCOMPARE(mapping.links[0].parameters[1].rule, std::string("neutral")); // the bias may be all zeros
    QVERIFY(mapping.links[0].parameters[1].left.empty());
    QVERIFY(hasReason(mapping.links[0], "role-missing"));
}

void TestAutoMap::otherShapesAreNoMates()
{
    const Model left = torchNet({1, 9, 9}).conv("0", 1, 4, 3).model();
    const Model right = kerasNet({9, 9, 1}).conv("conv2d", 1, 5, 3).model();
    const mapping::Mapping mapping = mapping::autoMap(left, right);
    QVERIFY(mapping.links.empty());
    QVERIFY(mapping.ambiguous.empty());
    QCOMPARE(mapping::unmappedLayers(mapping, left, true), std::vector<std::string>{"0"});
    QCOMPARE(mapping::unmappedLayers(mapping, right, false), std::vector<std::string>{"conv2d"});
}

void TestAutoMap::oneFramework()
{
    const Model left = torchNet({4}).linear("a", 4, 4).plain("b", "relu").linear("c", 4, 4).model();
    const mapping::Mapping mapping = mapping::autoMap(left, left);
    QCOMPARE(printed(mapping), std::string("a = a\nb = b\nc = c\n"));
    QCOMPARE(mapping.links[0].parameters[0].rule, std::string("same"));
    QVERIFY(hasReason(mapping.links[0], "same-name"));
    QVERIFY(hasReason(mapping.links[0], "same-values"));
    QCOMPARE(mapping.links[0].confidence, 1.0);
}

void TestAutoMap::unknownKinds()
{
    const Model left = torchNet({4}).linear("a", 4, 4).unknown("b", "GELU").linear("c", 4, 4).model();
    QCOMPARE(printed(mapping::autoMap(left, left)), std::string("a = a\nb = b\nc = c\n"));
    const Model right = kerasNet({4}).linear("x", 4, 4).unknown("y", "GELU").linear("z", 4, 4).model();
    QCOMPARE(printed(mapping::autoMap(left, right)), std::string("a = x\nb = y\nc = z\n"));
    QVERIFY(hasReason(mapping::autoMap(left, right).links[1], "settings-unknown"));
}

QTEST_GUILESS_MAIN(TestAutoMap)
#include "tst_automap.moc"
