// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/inputs.h"
#include "core/session/session.h"
#include "modelbuilder.h"

#include <QTest>

using namespace core;

namespace {

/// Inputs of the given names and shapes, each into a relu of its own, so that they can be told apart by links.
Model withInputs(Framework framework, const std::vector<std::pair<std::string, Shape>>& inputs)
{
    Model model;
    model.framework = framework;
    model.origin.path = framework == Framework::Torch ? "left.pt" : "right.h5";
    model.wired = true;
    for (const auto& [name, shape] : inputs) {
        Op op;
        op.name = name;
        op.kind = "input";
        if (!shape.empty())
            op.attributes.set("shape", shape);
        model.ops.push_back(op);
    }
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        Op op;
        op.name = op.layer = "relu_" + inputs[i].first;
        op.kind = "relu";
        op.inputs = {static_cast<int>(i)};
        model.outputs.emplace_back(static_cast<int>(model.ops.size()));
        model.ops.push_back(op);
        Layer layer;
        layer.name = op.layer;
        layer.kind = "ReLU";
        model.layers.push_back(layer);
    }
    if (!inputs.front().second.empty())
        model.inputShape = inputs.front().second;
    return model;
}

Tensor counted(Shape shape)
{
    std::vector<float> values(static_cast<std::size_t>(elementCount(shape)));
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = static_cast<float>(i);
    return Tensor::fromFloats(std::move(shape), values);
}

float firstOf(const engines::Inputs& inputs, const std::string& name)
{
    return inputs.at(name).floats()[0];
}

/// One value of rank 1 for each name.
session::ArraysInput arrays(const std::vector<std::pair<std::string, float>>& values)
{
    session::ArraysInput result{"given.npz", {}, {}};
    for (const auto& [name, value] : values)
        result.arrays.emplace_back(name, Tensor::fromFloats({1, 1}, std::vector<float>{value}));
    return result;
}

std::string errorOf(const std::function<void()>& call)
{
    try {
        call();
    } catch (const Error& error) {
        return error.id() + "|" + error.what();
    }
    return "none";
}

}

Q_DECLARE_METATYPE(core::engines::Inputs)

class TestInputs : public QObject
{
    Q_OBJECT

private:
    const Model torch = withInputs(Framework::Torch, {{"a", {1}}, {"b", {1}}});
    const Model keras = withInputs(Framework::Keras, {{"b", {1}}, {"a", {1}}});

private Q_SLOTS:
    void feedsGoByName()
    {
        const engines::Feeds feeds = engines::feedsFor(keras, {{"a", counted({3, 1})}, {"b", counted({3, 1})}});
        QCOMPARE(feeds.size(), std::size_t{2});
        QCOMPARE(feeds.at(1).shape(), (Shape{3, 1}));
    }

    void feedsAreRefused_data()
    {
        QTest::addColumn<engines::Inputs>("inputs");
        QTest::addColumn<QString>("error");
        QTest::newRow("missing") << engines::Inputs{{"a", counted({1, 1})}}
                                 << "input-missing|left.pt: expected values for a [1], b [1], found none for b";
        QTest::newRow("surplus") << engines::Inputs{{"a", counted({1, 1})}, {"b", counted({1, 1})}, {"c", counted({1, 1})}}
                                 << "input-surplus|left.pt: expected values for a [1], b [1], found also some for c";
        QTest::newRow("wrong shape") << engines::Inputs{{"a", counted({1, 1})}, {"b", counted({1, 2})}}
                                     << "input-shape|left.pt: expected samples of [1], found [1,2] (at b)";
        QTest::newRow("without batch") << engines::Inputs{{"a", counted({1})}, {"b", counted({1, 1})}}
                                       << "input-shape|left.pt: expected samples of [1], found [1] (at a)";
        QTest::newRow("other number of samples") << engines::Inputs{{"a", counted({2, 1})}, {"b", counted({3, 1})}}
                                                 << "input-batch|left.pt: expected values for a [1], b [1], found 2 samples and 3 (at b)";
        QTest::newRow("an op that is no input")
            << engines::Inputs{{"a", counted({1, 1})}, {"b", counted({1, 1})}, {"relu_a", counted({1, 1})}}
            << "input-surplus|left.pt: expected values for a [1], b [1], found also some for relu_a";
    }
    void feedsAreRefused()
    {
        QFETCH(engines::Inputs, inputs);
        QFETCH(QString, error);
        QCOMPARE(QString::fromStdString(errorOf([&] { engines::feedsFor(torch, inputs); })), error);
    }

    void arraysByName()
    {
        const auto inputs = session::inputsFor(torch, keras, {}, arrays({{"b", 2}, {"a", 1}}), {}, {});
        for (const engines::Inputs& side : {inputs.left, inputs.right}) {
            QCOMPARE(firstOf(side, "a"), 1.0f);
            QCOMPARE(firstOf(side, "b"), 2.0f);
        }
    }

    void numberedArraysAreInTheLeftModelsOrder()
    {
        const auto inputs = session::inputsFor(torch, keras, {}, arrays({{"x0", 1}, {"x1", 2}}), {}, {});
        QCOMPARE(firstOf(inputs.left, "a"), 1.0f);
        QCOMPARE(firstOf(inputs.right, "a"), 1.0f);
        QCOMPARE(firstOf(session::inputsFor(keras, arrays({{"x0", 1}, {"x1", 2}}), {}), "b"), 1.0f); // alone: its own order
    }

    /// A traced model may call its inputs x1, x2, x3: names only count when all of them are there.
    void namesThatLookLikeNumbers()
    {
        const Model model = withInputs(Framework::Torch, {{"x1", {1}}, {"x2", {1}}});
        QCOMPARE(firstOf(session::inputsFor(model, arrays({{"x0", 1}, {"x1", 2}}), {}), "x1"), 1.0f);
        QCOMPARE(firstOf(session::inputsFor(model, arrays({{"x2", 1}, {"x1", 2}}), {}), "x1"), 2.0f);
        QVERIFY(errorOf([&] { session::inputsFor(model, arrays({{"x0", 1}, {"x1", 2}, {"x2", 3}}), {}); }).starts_with("input-names"));
    }

    void namesOfTheOtherSide()
    {
        const Model other = withInputs(Framework::Keras, {{"in0", {1}}, {"in1", {1}}});
        const auto inputs = session::inputsFor(torch, other, {}, arrays({{"in0", 1}, {"in1", 2}}), {}, {});
        QCOMPARE(firstOf(inputs.left, "a"), 1.0f);
        QCOMPARE(firstOf(inputs.right, "in1"), 2.0f);
    }

    void inputsGoByWhatTheyFeed()
    {
        const Model other = withInputs(Framework::Keras, {{"in0", {1}}, {"in1", {1}}});
        mapping::Link link;
        link.left = {"relu_a"};
        link.right = {"relu_in1"};
        const auto pairs = mapping::pairedInputs(torch, other, {{link}, {}});
        QCOMPARE(pairs, (mapping::PairedOps{{0, 1}, {1, 0}}));
        QCOMPARE(mapping::pairedInputs(torch, other, {}), (mapping::PairedOps{{0, 0}, {1, 1}}));
    }

    void inputsThatCannotBePaired()
    {
        const Model other = withInputs(Framework::Keras, {{"in0", {1}}});
        QCOMPARE(QString::fromStdString(errorOf([&] { session::inputsFor(torch, other, {}, session::NoiseInput(), {}, {}); })),
                 QString("inputs-differ|right.h5: expected 2 inputs (a, b) as in left.pt, found 1 input (in0)"));
    }

    void inputsOfOtherSizes()
    {
        const Model left = withInputs(Framework::Torch, {{"a", {3, 8, 8}}}), right = withInputs(Framework::Keras, {{"a", {9, 9, 3}}});
        QCOMPARE(QString::fromStdString(errorOf([&] { session::inputsFor(left, right, {}, session::NoiseInput(), {}, {}); })),
                 QString("inputs-differ|right.h5: expected as many values for a as a of left.pt takes, [3,8,8], found [9,9,3]"));
    }

    void arraysAreRefused_data()
    {
        QTest::addColumn<QStringList>("names");
        QTest::newRow("one for two") << QStringList{"x"};
        QTest::newRow("one too many") << QStringList{"x0", "x1", "x2"};
        QTest::newRow("names and numbers") << QStringList{"a", "x1"};
        QTest::newRow("other names") << QStringList{"left", "right"};
    }
    void arraysAreRefused()
    {
        QFETCH(QStringList, names);
        std::vector<std::pair<std::string, float>> values;
        for (const QString& name : names)
            values.emplace_back(name.toStdString(), 1.0f);
        QCOMPARE(QString::fromStdString(errorOf([&] { session::inputsFor(torch, arrays(values), {}); })),
                 "input-names|given.npz: expected an array for each of the 2 inputs a [1], b [1], or x0 ... x1, found " + names.join(", "));
    }

    void oneInputTakesOneArray_data()
    {
        QTest::addColumn<std::string>("name");
        for (const char* name : {"input", "x0", "x", "anything"})
            QTest::newRow(name) << std::string(name);
    }
    void oneInputTakesOneArray()
    {
        QFETCH(std::string, name);
        const Model model = ModelBuilder(Framework::Torch, {1}).plain("0", "relu").model();
        QCOMPARE(firstOf(session::inputsFor(model, arrays({{name, 4}}), {}), "input"), 4.0f);
        const auto withLabels = arrays({{name, 4}, {"y", 5}});
        if (name == "anything")
            QVERIFY(errorOf([&] { session::inputsFor(model, withLabels, {}); }).starts_with("input-names"));
        else
            QCOMPARE(firstOf(session::inputsFor(model, withLabels, {}), "input"), 4.0f);
    }

    void eachInputHasItsOwnLayout()
    {
        const Model left = withInputs(Framework::Torch, {{"picture", {2, 3, 4}}, {"vector", {5}}});
        const Model right = withInputs(Framework::Keras, {{"vector", {5}}, {"picture", {3, 4, 2}}});
        const session::ArraysInput given{"given.npz", {{"picture", counted({1, 3, 4, 2})}, {"vector", counted({5})}}, {}};
        const auto inputs = session::inputsFor(left, right, {}, given, {}, {});
        QCOMPARE(inputs.left.at("picture").shape(), (Shape{1, 2, 3, 4}));
        QCOMPARE(inputs.left.at("picture").floats()[1], 2.0f);
        QCOMPARE(inputs.right.at("picture").floats()[1], 1.0f);
        QCOMPARE(inputs.right.at("vector").shape(), (Shape{1, 5}));
    }

    void inputsInAnotherOrderThanTheOps() // as Keras 3 lists its layers by name and its inputs as they were given
    {
        Model model = withInputs(Framework::Keras, {{"b", {4}}, {"a", {4}}});
        model.inputs = {{"a", 1}, {"b", 0}};
        const auto inputs = session::inputsFor(model, model, {}, session::NoiseInput{3, 2}, {}, {});
        for (const char* name : {"a", "b"})
            QVERIFY(sameBits(inputs.left.at(name), inputs.right.at(name)));
        QVERIFY(!sameBits(inputs.left.at("a"), inputs.left.at("b")));
    }

    void noiseForEachInput()
    {
        const auto inputs = session::inputsFor(torch, keras, {}, session::NoiseInput{3, 8}, {}, {});
        QCOMPARE(inputs.left.at("a").shape(), (Shape{8, 1}));
        QVERIFY(sameBits(inputs.left.at("a"), inputs.right.at("a")));
        QVERIFY(sameBits(inputs.left.at("b"), inputs.right.at("b")));
        QVERIFY(firstOf(inputs.left, "a") != firstOf(inputs.left, "b"));
        QCOMPARE(firstOf(inputs.left, "a"), firstOf(session::inputsFor(torch, session::NoiseInput{3, 1}, {}), "a"));
    }

    void oneDigitForSeveralInputsIsRefused()
    {
        const Model model = withInputs(Framework::Torch, {{"a", {784}}, {"b", {784}}});
        QCOMPARE(
            QString::fromStdString(errorOf([&] { session::inputsFor(model, session::DigitsInput{{digits::Picture{}}}, {}); })),
            QString("input-several|left.pt: expected a model with one input for a digit, found 2 inputs: a [784], b [784]. Give an .npz "
                    "with an array for each of them (--input), or noise (--random)."));
    }

    void shapesComeFromTheArrays()
    {
        const Model open = withInputs(Framework::Torch, {{"a", {}}, {"b", {}}});
        const session::ArraysInput given{"given.npz", {{"in1", counted({2, 5})}, {"in0", counted({2, 6})}}, {}};
        const Model other = withInputs(Framework::Keras, {{"in0", {6}}, {"in1", {-1}}});
        const auto inputs = engines::inputsOf(session::withShapesOf(given, open, &other));
        QCOMPARE(inputs[0].shape, std::nullopt); // the other side declares it
        QCOMPARE(inputs[1].shape, std::optional(Shape{5}));
    }

    void shapesComeFromTheTwin()
    {
        const auto left = std::make_shared<const Model>(withInputs(Framework::Torch, {{"a", {}}, {"b", {}}}));
        const auto right = std::make_shared<const Model>(withInputs(Framework::Keras, {{"b", {4, 5, 3}}, {"a", {6}}}));
        const auto inputs = engines::inputsOf(*session::makePair(left, right).runLeft);
        QCOMPARE(inputs[0].shape, std::optional(Shape{6}));
        QCOMPARE(inputs[1].shape, std::optional(Shape{3, 4, 5}));
    }
};

QTEST_GUILESS_MAIN(TestInputs)
#include "tst_inputs.moc"
