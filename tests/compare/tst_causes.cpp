// SPDX-License-Identifier: GPL-3.0-or-later
// Pairs with one deliberate fault each, built in memory and run by the real engine: the cause that is told, and of which layer.
#include "core/compare/causes/causes.h"
#include "core/layers/kind.h"
#include "core/mapping/labelled.h"
#include "modelbuilder.h"

#include <QTest>
#include <algorithm>
#include <functional>
#include <limits>
#include <random>

using namespace core;

using Edit = std::function<Model(const Model&)>;
Q_DECLARE_METATYPE(Edit)

namespace {

Model drawn(Model model, unsigned seed)
{
    std::mt19937 random(seed);
    std::uniform_real_distribution<float> between(-0.6f, 0.6f);
    for (Parameter& parameter : model.parameters) {
        std::vector<float> values(static_cast<std::size_t>(count(parameter)));
        for (float& value : values)
            value = between(random) + (parameter.role == "variance" || parameter.role == "gamma" || parameter.role == "mean" ? 1.2f : 0.0f);
        parameter.source = sourceOf(parameter.source.shape, values);
    }
    model.indexNames();
    return model;
}

/// `without`: a layer that is left out.
Model network(const std::string& without = {})
{
    ModelBuilder builder(Framework::Keras, {8, 8, 3});
    builder.conv("a", 3, 4, 3, "relu").pool("b", "maxpool2d", 2).conv("c", 4, 4, 2);
    if (without != "d")
        builder.batchNorm("d", 4);
    if (without != "e")
        builder.plain("e", "tanh");
    return builder.plain("f", "flatten").linear("g", 16, 16, "tanh").linear("h", 16, 16).linear("i", 16, 3).model();
}

Model changed(const Model& model, const std::string& parameter, const std::function<void(std::vector<float>&)>& change)
{
    std::vector<float> values = valuesOf(model, parameter);
    change(values);
    return withValues(model, parameter, values);
}

Edit transposed(const std::string& parameter, const std::vector<int>& permutation)
{
    return [=](const Model& model) {
        const Tensor moved = read(model.parameter(parameter)->source).transposed(permutation);
        return withValues(model, parameter, {moved.floats().begin(), moved.floats().end()});
    };
}

/// The pieces of that many values in the order that is given.
Edit inPieces(const std::string& parameter, std::size_t length, const std::vector<std::size_t>& order)
{
    return [=](const Model& model) {
        return changed(model, parameter, [&](std::vector<float>& values) {
            const std::vector<float> before = values;
            for (std::size_t i = 0; i < values.size(); ++i) {
                const std::size_t block = i / (length * order.size()), piece = i / length % order.size();
                values[i] = before[block * length * order.size() + order[piece] * length + i % length];
            }
        });
    };
}

Edit swapped(const std::string& one, const std::string& other)
{
    return [=](const Model& model) { return withValues(withValues(model, one, valuesOf(model, other)), other, valuesOf(model, one)); };
}

Edit set(const std::string& op, const std::string& attribute, const Attribute& value)
{
    return [=](const Model& model) {
        Model result = model;
        result.ops[static_cast<std::size_t>(model.opIndex(op))].attributes.set(attribute, value);
        return result;
    };
}

Edit kindOf(const std::string& op, const std::string& kind)
{
    return [=](const Model& model) {
        Model result = model;
        result.ops[static_cast<std::size_t>(model.opIndex(op))].kind = kind;
        return result;
    };
}

Edit both(const Edit& first, const Edit& second)
{
    return [=](const Model& model) { return second(first(model)); };
}

Edit without(const std::string& layer)
{
    return [=](const Model& model) {
        Model result = network(layer);
        for (Parameter& parameter : result.parameters)
            parameter.source = model.parameter(parameter.name)->source;
        return result;
    };
}

std::vector<compare::Cause> causesOf(const Model& left, const Model& right)
{
    const auto a = std::make_shared<const Model>(mapping::labelled(left, left.inputShape).model);
    const auto b = std::make_shared<const Model>(mapping::labelled(right, right.inputShape).model);
    mapping::Mapping mapping = mapping::autoMap(*a, *b);
    std::vector<float> noise(2 * 8 * 8 * 3);
    std::mt19937 random(5);
    std::normal_distribution<float> normal;
    for (float& value : noise)
        value = normal(random);
    const engines::Feeds feeds{{0, Tensor::fromFloats({2, 8, 8, 3}, noise, axesOf("NHWC"))}};
    const auto leftEngine = engines::makeEngine(a), rightEngine = engines::makeEngine(b);
    const engines::Trace leftTrace = leftEngine->run(feeds), rightTrace = rightEngine->run(feeds);
    const compare::Side leftSide{a.get(), &leftTrace}, rightSide{b.get(), &rightTrace};
    compare::Report report = compare::compareTraces(leftSide, rightSide, mapping, compare::compareParameters(*a, *b, mapping), 1e-5);
    compare::addLocalErrors(report, leftSide, *rightEngine, mapping, Progress(), &rightTrace);
    return compare::causesOf(report, leftSide, rightSide, mapping);
}

/// "id layer" of each that is proved.
QStringList printed(const std::vector<compare::Cause>& causes)
{
    QStringList result;
    for (const compare::Cause& cause : causes)
        if (cause.proved)
            result << QString::fromStdString(cause.id + " " + (cause.right.empty() ? cause.left : cause.right));
    result.removeDuplicates();
    return result;
}

}

class TestCauses : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void faults_data();
    void faults();
    void repairUndoes();
    void goodPairs();
    void trainedDifferently();
    void neverTrained();
    void anotherOrder();
    void whatLooksAlike();
    void oneElement();
    void sayHowWeightsDiffer();
    void parametersAlone();
};

void TestCauses::faults_data()
{
    QTest::addColumn<Edit>("edit");
    QTest::addColumn<QStringList>("causes");
    const auto row = [](const char* name, const Edit& edit, const QStringList& causes) { QTest::newRow(name) << edit << causes; };
    row("spatial transpose, first layer", transposed("a/kernel:0", {1, 0, 2, 3}), {"kernel-spatial-transpose a"});
    row("spatial transpose, later layer", transposed("c/kernel:0", {1, 0, 2, 3}), {"kernel-spatial-transpose c"});
    row("turned by 180 degrees", inPieces("a/kernel:0", 12, {8, 7, 6, 5, 4, 3, 2, 1, 0}), {"kernel-flip-180 a"});
    row("mirrored", inPieces("a/kernel:0", 12, {2, 1, 0}), {"kernel-mirrored a"});
    row("channels of the kernel", transposed("c/kernel:0", {0, 1, 3, 2}), {"kernel-channels-swapped c"});
    row("dense not transposed", transposed("h/kernel:0", {1, 0}), {"dense-not-transposed h"});
    row("dense not transposed behind a Flatten", transposed("g/kernel:0", {1, 0}), {"dense-not-transposed g"});
    row("channels of the input", inPieces("a/kernel:0", 4, {2, 1, 0}), {"input-channel-order a"});
    row("flatten order", inPieces("g/kernel:0", 16, {0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15}), {"flatten-order g"});
    row("gamma and beta", swapped("d/gamma:0", "d/beta:0"), {"bn-gamma-beta-swapped d"});
    row("mean and variance", swapped("d/moving_mean:0", "d/moving_variance:0"), {"bn-mean-variance-swapped d"});
    row("bias zeroed",
        [](const Model& model) {
            return changed(model, "a/bias:0", [](std::vector<float>& values) { std::fill(values.begin(), values.end(), 0.0f); });
        },
        {"bias-missing a"});
    row("epsilon", set("d", "epsilon", 0.1), {"bn-epsilon d"});
    row("activation", kindOf("e", "sigmoid"), {"activation-differs e"});
    row("fused activation", kindOf("a", "tanh"), {"activation-differs a"});
    row("activation left out", without("e"), {"activation-differs d"});
    row("pooling", kindOf("b", "avgpool2d"), {"pool-kind b"});
    row("stride", set("b", "stride", Ints{1, 1}), {"stride-differs b"});
    row("layer left out", without("d"), {"layer-missing c"});
    row("two in one layer", both(transposed("a/kernel:0", {1, 0, 2, 3}), kindOf("a", "sigmoid")),
        {"activation-differs a", "kernel-spatial-transpose a"});
    row("two in two layers", both(transposed("a/kernel:0", {1, 0, 2, 3}), set("d", "epsilon", 0.1)),
        {"kernel-spatial-transpose a", "bn-epsilon d"});
    row("multiplied",
        [](const Model& model) {
            return changed(model, "h/kernel:0", [](std::vector<float>& values) {
                for (float& value : values)
                    value *= 1.5f;
            });
        },
        {"weights-differ h"});
}

void TestCauses::faults()
{
    QFETCH(Edit, edit);
    QFETCH(QStringList, causes);
    const Model good = drawn(network(), 3);
    QCOMPARE(printed(causesOf(good, edit(good))), causes);
}

void TestCauses::repairUndoes()
{
    const Model good = drawn(network(), 3);
    const Model wrong = both(transposed("a/kernel:0", {1, 0, 2, 3}), set("d", "epsilon", 0.1))(good);
    Model repaired = wrong;
    for (const compare::Cause& cause : causesOf(good, wrong)) {
        QVERIFY(cause.repair);
        QVERIFY(*cause.errorAfter <= 1e-5 && *cause.errorBefore > 1e-3);
        repaired = compare::repaired(repaired, *cause.repair);
    }
    QCOMPARE(valuesOf(repaired, "a/kernel:0"), valuesOf(good, "a/kernel:0"));
    QVERIFY(causesOf(good, repaired).empty());
}

void TestCauses::goodPairs()
{
    for (unsigned seed = 0; seed < 5; ++seed) {
        const Model good = drawn(network(), seed);
        QVERIFY(causesOf(good, good).empty());
    }
}

void TestCauses::trainedDifferently()
{
    for (unsigned seed = 0; seed < 5; ++seed)
        for (const compare::Cause& cause : causesOf(drawn(network(), seed), drawn(network(), 100 + seed)))
            QCOMPARE(cause.id, std::string("weights-differ"));
}

// A network that was never trained has biases of zero and scales of one: none of them went missing.
void TestCauses::neverTrained()
{
    Model fresh = drawn(network(), 7);
    for (Parameter& parameter : fresh.parameters)
        if (parameter.role != "kernel")
            parameter.source = sourceOf(parameter.source.shape,
                                        std::vector<float>(static_cast<std::size_t>(count(parameter)),
                                                           parameter.role == "gamma" || parameter.role == "variance" ? 1.0f : 0.0f));
    for (const auto& [left, right] : {std::pair(drawn(network(), 3), fresh), std::pair(fresh, drawn(network(), 3))})
        for (const compare::Cause& cause : causesOf(left, right))
            QCOMPARE(cause.id, std::string("weights-differ"));
}

// Both layers are there and compute the same, but one behind the other in another order.
void TestCauses::anotherOrder()
{
    const auto model = [](bool early) {
        ModelBuilder builder(Framework::Keras, {8, 8, 3});
        builder.conv("a", 3, 4, 3);
        if (early)
            builder.plain("e", "relu");
        builder.batchNorm("d", 4);
        if (!early)
            builder.plain("e", "relu");
        return drawn(builder.plain("f", "flatten").linear("i", 144, 3).model(), 3);
    };
    const auto causes = causesOf(model(false), model(true)); // where the activation is linked, and where it is not
    QVERIFY(!causes.empty());
    for (const compare::Cause& cause : causes)
        QVERIFY2(cause.id == "layer-order" || cause.id == "activation-differs", cause.text.c_str());
}

// What an edit leaves as it was explains nothing.
void TestCauses::whatLooksAlike()
{
    const auto constant = [](const Model& model) {
        return changed(model, "a/kernel:0", [](std::vector<float>& values) {
            for (std::size_t i = 0; i < values.size(); ++i)
                values[i] = 0.1f * static_cast<float>(i % 12);
        });
    };
    const Model good = constant(drawn(network(), 3));
    const Model wrong = changed(good, "a/kernel:0", [](std::vector<float>& values) { values[17] += 0.5f; });
    QCOMPARE(printed(causesOf(good, wrong)), QStringList{"weights-differ a"});
}

void TestCauses::oneElement()
{
    const Model good = drawn(network(), 3);
    const Model wrong = changed(good, "c/kernel:0", [](std::vector<float>& values) { values[21] = 2.5f; });
    const auto causes = causesOf(good, wrong);
    QCOMPARE(printed(causes), QStringList{"weights-differ c"});
    QCOMPARE(causes.front().elements.size(), std::size_t{1});
    QCOMPARE(causes.front().elements.front().index, (std::vector<std::int64_t>{0, 1, 1, 1})); // of 2, 2, 4, 4
    QCOMPARE(causes.front().elements.front().right, 2.5);
}

void TestCauses::sayHowWeightsDiffer()
{
    const Model good = drawn(network(), 3);
    const auto told = [&](const std::function<float(float, std::size_t)>& change) {
        const Model wrong = changed(good, "c/kernel:0", [&](std::vector<float>& values) {
            for (std::size_t i = 0; i < values.size(); ++i)
                values[i] = change(values[i], i);
        });
        const auto causes = causesOf(good, wrong);
        return QString::fromStdString(causes.empty() ? std::string() : causes.front().text);
    };
    const auto says = [&](const char* words, const std::function<float(float, std::size_t)>& change) {
        const QString text = told(change);
        return text.contains(QLatin1String(words)) ? QString() : text;
    };
    QCOMPARE(says("kernel multiplied by -3", [](float value, std::size_t) { return -3 * value; }), QString());
    QCOMPARE(says("kernel shifted by 0.5", [](float value, std::size_t) { return value + 0.5F; }), QString());
    QCOMPARE(says("kernel in all of ", [](float value, std::size_t i) { return value + 0.01F * static_cast<float>(1 + i % 5); }),
             QString());
    QVERIFY(
        !told([](float value, std::size_t i) { return i < 5 ? value : value + 0.01F * static_cast<float>(1 + i % 5); }).contains("all of"));
}

void TestCauses::parametersAlone()
{
    const Model good = mapping::labelled(drawn(network(), 3), Shape{8, 8, 3}).model;
    const Model wrong = transposed("c/kernel:0", {1, 0, 2, 3})(good);
    const mapping::Mapping mapping = mapping::autoMap(good, wrong);
    const compare::Report report =
        compare::compareWeights(good, wrong, mapping, compare::compareParameters(good, wrong, mapping), 1e-5, {"not-run", {}, ""});
    const auto causes = compare::causesOfParameters(report, good, wrong, mapping);
    QCOMPARE(printed(causes), QStringList{"kernel-spatial-transpose c"});
    QCOMPARE(causes.front().errorAfter, std::optional(0.0));
}

QTEST_GUILESS_MAIN(TestCauses)
#include "tst_causes.moc"
