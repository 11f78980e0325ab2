// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/pairs.h"
#include "modelbuilder.h"

#include <QTest>

using namespace core;

namespace {

Model kerasTwin()
{
    return ModelBuilder(Framework::Keras, {6, 6, 2})
        .conv("conv2d", 2, 3, 3, "relu", {{"padding", std::string("same")}})
        .batchNorm("bn", 3, 2e-3)
        .pool("pool", "maxpool2d", 2)
        .plain("flatten", "flatten")
        .linear("dense", 27, 4, "softmax")
        .model();
}

Model torchWeights()
{
    return ModelBuilder(Framework::Torch, {2, 6, 6}).conv("c", 2, 3, 3).batchNorm("n", 3).linear("fc", 27, 4).stateDict();
}

}

class TestBorrow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void wiring();
    void labelsComeWithTheWiring();
    void linksOfBorrowedLayers();
    void missingMate();
    void noWiringAtAll();
    void kerasWeightsFromTorch();
    void crossedByValues_data();
    void crossedByValues();
    void crossedThoughOneHasAnOptionalParameterLess();
    void crossedByWhatIsLeft();
    void dimensionsOfTheOtherLayout_data();
    void dimensionsOfTheOtherLayout();
    void parallelLayersMayBeCountedAnyHow();
};

void TestBorrow::wiring()
{
    const Model twin = kerasTwin(), weights = torchWeights();
    const Model model = mapping::borrow(weights, twin, mapping::autoMap(weights, twin), true);
    QVERIFY(model.wired);
    QCOMPARE(model.framework, Framework::Torch);
    QCOMPARE(*model.inputShape, (Shape{2, 6, 6}));
    std::vector<std::string> ops;
    for (const Op& op : model.ops)
        ops.push_back(op.name + " " + op.kind);
    QCOMPARE(ops, (std::vector<std::string>{"input input", "c conv2d", "conv2d/relu relu", "n batchnorm", "pool maxpool2d",
                                            "flatten flatten", "fc linear", "dense/softmax softmax"}));
    QCOMPARE(model.ops[1].attributes.string("padding"), std::string("same"));
    QCOMPARE(model.ops[3].attributes.integer("axis"), std::int64_t{1}); // Keras' -1 of N,H,W,C
    QCOMPARE(model.ops[3].attributes.real("epsilon"), 2e-3);
    QCOMPARE(model.ops[1].parameters.at("kernel"), std::string("c.weight"));
    QCOMPARE(model.outputs, std::vector<Output>{7});
    QCOMPARE(model.layer("pool")->kind, std::string("MaxPool2d"));
    QVERIFY(std::any_of(model.notes.begin(), model.notes.end(), [](const Note& note) { return note.message.id == "borrowed-wiring"; }));
    QVERIFY(std::any_of(model.notes.begin(), model.notes.end(), [](const Note& note) { return note.where == "pool"; }));
}

void TestBorrow::labelsComeWithTheWiring()
{
    const Model twin = kerasTwin(), weights = torchWeights();
    const Model model = mapping::borrow(weights, twin, mapping::autoMap(weights, twin), true);
    QCOMPARE(text(model.parameter("fc.weight")->axes), std::string("o,flat(C,H,W)"));
}

void TestBorrow::linksOfBorrowedLayers()
{
    const Model twin = kerasTwin(), weights = torchWeights();
    const mapping::Mapping own = mapping::autoMap(weights, twin);
    QCOMPARE(own.links.size(), std::size_t{3});
    const Model model = mapping::borrow(weights, twin, own, true);
    const mapping::Mapping mapping = mapping::withBorrowed(own, model, twin, true);
    QCOMPARE(mapping.links.size(), std::size_t{5});
    QCOMPARE(mapping.links[0].left, (std::vector<std::string>{"c", "conv2d/relu"}));
    QCOMPARE(mapping.links[0].right, (std::vector<std::string>{"conv2d:conv2d", "conv2d"}));
    QCOMPARE(mapping.links[2].left, std::vector<std::string>{"pool"});
    QVERIFY(mapping::unmappedLayers(mapping, model, true).empty());
    QVERIFY(mapping::unmappedLayers(mapping, twin, false).empty());
    QCOMPARE(mapping::withBorrowed(mapping, model, twin, true), mapping);
}

void TestBorrow::missingMate()
{
    const Model twin = kerasTwin(), weights = torchWeights();
    const mapping::Mapping mapping = mapping::unlinked(mapping::autoMap(weights, twin), weights, twin, "fc", true);
    try {
        mapping::borrow(weights, twin, mapping, true);
        QFAIL("a twin's layer has no weights");
    } catch (const Error& error) {
        QCOMPARE(error.id(), std::string("borrow-missing"));
        QCOMPARE(error.at(), std::string("dense"));
    }
}

void TestBorrow::noWiringAtAll()
{
    const Model weights = torchWeights();
    QVERIFY_THROWS_EXCEPTION(Error, mapping::borrow(weights, weights, mapping::autoMap(weights, weights), true));
}

void TestBorrow::kerasWeightsFromTorch()
{
    const Model twin = ModelBuilder(Framework::Torch, {2, 6, 6})
                           .conv("0", 2, 3, 3)
                           .plain("1", "relu")
                           .batchNorm("2", 3)
                           .plain("3", "flatten")
                           .linear("4", 48, 4)
                           .model();
    const Model weights =
        ModelBuilder(Framework::Keras, {6, 6, 2}).conv("conv2d", 2, 3, 3).batchNorm("bn", 3).linear("dense", 48, 4).stateDict();
    const Model model = mapping::borrow(weights, twin, mapping::autoMap(twin, weights), false);
    QCOMPARE(*model.inputShape, (Shape{6, 6, 2}));
    QCOMPARE(model.ops[3].attributes.integer("axis"), std::int64_t{3}); // torch's 1 of N,C,H,W
    QCOMPARE(text(model.parameter("dense/kernel:0")->axes), std::string("flat(H,W,C),o"));
}

void TestBorrow::crossedByValues_data()
{
    QTest::addColumn<std::string>("first");
    QTest::addColumn<std::string>("second");
    QTest::addColumn<std::string>("theirFirst");
    QTest::addColumn<std::string>("theirSecond");
    QTest::addColumn<bool>("isRefused");
    const auto row = [](const char* name, const char* first, const char* second, const char* a, const char* b, bool isRefused) {
        QTest::newRow(name) << std::string(first) << std::string(second) << std::string(a) << std::string(b) << isRefused;
    };
    row("names and values agree", "fc1", "fc2", "fc1", "fc2", false);
    row("names say the other way", "key", "query", "query", "key", true);
    row("names agree, counted backwards", "fc2", "fc1", "fc2", "fc1", false);
    row("counted backwards", "layer3", "layer2", "first", "second", true);
    row("counted by a framework backwards", "dense_1", "dense", "1", "3", true);
    row("counted by a list, in the order of its filling", "l.1", "l.0", "dense", "dense_1", false);
    row("counted by the network itself backwards", "2", "0", "dense", "dense_1", true);
    row("counted across ten", "layer9", "layer10", "first", "second", false);
    row("counted from another number on", "dense_4", "dense_5", "dense_5", "dense_6", false);
    row("no names that tell", "left", "right", "first", "second", false);
}

/// The twin computes `theirFirst` from the values of `first`, then `theirSecond` from those of `second`; the layers are alike.
void TestBorrow::crossedByValues()
{
    QFETCH(const std::string, first);
    QFETCH(const std::string, second);
    QFETCH(const std::string, theirFirst);
    QFETCH(const std::string, theirSecond);
    QFETCH(const bool, isRefused);
    const Model weights =
        ModelBuilder(Framework::Keras, {4}).linear(second, 4, 4, {}, 50).linear(first, 4, 4, {}, 10).linear("z", 4, 2).stateDict();
    const Model twin =
        ModelBuilder(Framework::Torch, {4}).linear(theirFirst, 4, 4, {}, 10).linear(theirSecond, 4, 4, {}, 50).linear("z", 4, 2).model();
    const mapping::Mapping mapping = mapping::autoMap(twin, weights);
    try {
        const Model model = mapping::borrow(weights, twin, mapping, false);
        QVERIFY(!isRefused);
        QCOMPARE(model.ops[1].layer, first);
    } catch (const Error& error) {
        QVERIFY2(isRefused, error.what());
        QCOMPARE(error.id(), std::string("borrow-crossed"));
        const mapping::Mapping one = mapping::linked(mapping, twin, weights, theirFirst, first);
        const mapping::Mapping byHand = mapping::linked(one, twin, weights, theirSecond, second);
        QCOMPARE(mapping::borrow(weights, twin, byHand, false).ops[1].layer, first);
    }
}

/// A scale of 1 that one side leaves out makes no other layer of it.
void TestBorrow::crossedThoughOneHasAnOptionalParameterLess()
{
    const Model one = withValues(ModelBuilder(Framework::Torch, {3, 2, 2}).batchNorm("layer2", 3).batchNorm("layer3", 3).stateDict(),
                                 "layer3.weight", {1, 1, 1});
    const Model weights = withValues(withValues(one, "layer3.bias", {7, 8, 9}), "layer3.running_mean", {-7, -8, -9});
    Model twin = ModelBuilder(Framework::Keras, {2, 2, 3}).batchNorm("first", 3).batchNorm("second", 3).model();
    twin = withValues(withValues(twin, "first/beta:0", {7, 8, 9}), "first/moving_mean:0", {-7, -8, -9});
    std::erase_if(twin.parameters, [](const Parameter& parameter) { return parameter.name == "first/gamma:0"; });
    std::erase(twin.layers[0].parameters, "first/gamma:0");
    QCOMPARE(twin.ops[1].parameters.erase("gamma"), std::size_t{1});
    twin.indexNames();
    const mapping::Mapping mapping = mapping::autoMap(weights, twin);
    const std::string links = printed(mapping);
    QVERIFY2(links.find("layer3 = first\n") != links.npos && links.find("layer2 = second\n") != links.npos, links.c_str());
    QVERIFY_THROWS_EXCEPTION(Error, mapping::borrow(weights, twin, mapping, true));
}

/// The values of one layer stand at the other's place; those of the other stand nowhere.
void TestBorrow::crossedByWhatIsLeft()
{
    const Model weights = ModelBuilder(Framework::Torch, {4}).linear("fc1", 4, 4, {}, 80).linear("fc2", 4, 4, {}, 10).stateDict();
    const Model twin = ModelBuilder(Framework::Torch, {4}).linear("first", 4, 4, {}, 10).linear("second", 4, 4, {}, 50).model();
    const mapping::Mapping mapping = mapping::autoMap(weights, twin);
    QCOMPARE(mapping.links.size(), std::size_t{2});
    QVERIFY_THROWS_EXCEPTION(Error, mapping::borrow(weights, twin, mapping, true));
}

void TestBorrow::dimensionsOfTheOtherLayout_data()
{
    QTest::addColumn<Shape>("input");
    QTest::addColumn<std::string>("kind");
    QTest::addColumn<Attributes>("settings");
    QTest::addColumn<bool>("isRefused");
    const auto row = [](const char* name, const Shape& input, const char* kind, const Attributes& settings, bool isRefused) {
        QTest::newRow(name) << input << std::string(kind) << settings << isRefused;
    };
    row("an image permuted", {6, 6, 2}, "permute", {{"order", Ints{0, 3, 1, 2}}}, true);
    row("a part of an image", {6, 6, 2}, "slice", {{"axes", Ints{1, 3}}, {"begin", Ints{0, 1}}, {"end", Ints{6, 2}}, {"step", Ints{1, 1}}},
        true);
    row("a part of an image flattened", {6, 6, 2}, "flatten", {{"start", std::int64_t{2}}, {"end", std::int64_t{-1}}}, true);
    row("an image flattened as if its channels came first", {6, 6, 2}, "flatten", {{"channels_first", true}}, true);
    row("an image flattened", {6, 6, 2}, "flatten", {{"start", std::int64_t{1}}, {"end", std::int64_t{-1}}}, false);
    row("a sequence permuted", {5, 4}, "permute", {{"order", Ints{0, 2, 1}}}, false);
    row("axes of two inputs", {5, 4}, "dot", {{"axes", Ints{2, 1}}}, false);
}

/// The settings of a layer that only the twin has hold in the twin's layout.
void TestBorrow::dimensionsOfTheOtherLayout()
{
    QFETCH(const Shape, input);
    QFETCH(const std::string, kind);
    QFETCH(const Attributes, settings);
    QFETCH(const bool, isRefused);
    const std::int64_t last = input.back();
    const auto first = [&](ModelBuilder builder) {
        return input.size() == 3 ? builder.conv("first", last, last, 3) : builder.linear("first", last, last);
    };
    Model twin = first(ModelBuilder(Framework::Keras, input)).plain("moved", kind).model();
    twin.ops[2].attributes = settings;
    const Model weights = first(ModelBuilder(Framework::Torch, input)).stateDict();
    const Model model = mapping::borrow(weights, twin, mapping::autoMap(weights, twin), true);
    QCOMPARE(!model.ops[2].unsupported.empty(), isRefused);
    QVERIFY(isRefused || model.ops[2].attributes == settings);
}

void TestBorrow::parallelLayersMayBeCountedAnyHow()
{
    const Model weights = ModelBuilder(Framework::Torch, {4}).linear("b1", 4, 4, {}, 50).linear("b2", 4, 4, {}, 10).stateDict();
    const Model twin = ModelBuilder(Framework::Torch, {4})
                           .linear("upper", 4, 4, {}, 10)
                           .from("input")
                           .linear("lower", 4, 4, {}, 50)
                           .outputs({"upper", "lower"})
                           .model();
    QVERIFY(mapping::borrow(weights, twin, mapping::autoMap(weights, twin), true).wired);
}

QTEST_GUILESS_MAIN(TestBorrow)
#include "tst_borrow.moc"
