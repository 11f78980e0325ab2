// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/convert/convert.h"
#include "core/digits/digits.h"
#include "core/formats/format.h"
#include "core/session/session.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

using namespace core;

namespace {

std::shared_ptr<const Model> opened(const std::string& path)
{
    return std::make_shared<const Model>(formats::openModel(path));
}

std::string sample(const std::string& file)
{
    return std::string(TIEOUT_SAMPLES) + "/" + file;
}

std::string data(const std::string& file)
{
    return std::string(TIEOUT_TEST_DATA) + "/" + file;
}

const digits::DigitSet& samples()
{
    static const digits::DigitSet set = digits::readSamples(TIEOUT_SAMPLES);
    return set;
}

compare::Report reportOf(const session::Pair& pair, int index)
{
    const auto left = engines::makeEngine(pair.runLeft), right = engines::makeEngine(pair.runRight);
    const session::DigitsInput input{{samples().picture(index)}};
    const session::Traces traces =
        session::runBoth(left.get(), right.get(), session::inputsFor(*pair.runLeft, *pair.runRight, pair.mapping, input, {}, {}));
    compare::Report report = session::runReport(pair, traces, 1e-5);
    compare::addLocalErrors(report, {pair.runLeft.get(), &traces.left}, *right, pair.mapping);
    return report;
}

/// Two samples of values between -1 and 1 in the model's own layout.
Tensor pattern(const Model& model)
{
    layers::Value value = layers::inputValue(model, *model.inputShape);
    value.shape.front() = 2;
    std::vector<float> values(static_cast<std::size_t>(elementCount(value.shape)));
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = static_cast<float>((i * 37 + 11) % 101) / 50 - 1;
    return Tensor::fromFloats(value.shape, values, value.axes);
}

/// Noises enough to move the outputs of networks that squash their input.
convert::ProofWish wishOf(const Model& source)
{
    return {session::inputsFor(source, session::NoiseInput{0, 8}, {}), {}, 1e-5};
}

/// What keeps a proof from being one.
std::string troublesOf(const convert::Proof& proof)
{
    std::string result;
    for (const auto* messages : {&proof.faults, &proof.gaps})
        for (const Message& message : *messages)
            result += message.text + "\n";
    return result;
}

int equalParameters(const session::Pair& pair)
{
    return static_cast<int>(
        std::count_if(pair.parameters.begin(), pair.parameters.end(), [](const compare::ParameterResult& result) { return result.equal; }));
}

}

/// The pairs that come with the program and the small networks of each layer kind, as the real frameworks wrote them.
class TestSamplePair : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tiesOut_data();
    void tiesOut();
    void trainedElsewhereDiffers();
    void kinds_data();
    void kinds();
    void kindsConvert_data() { kinds_data(); }
    void kindsConvert();
    void converts_data();
    void converts();
};

void TestSamplePair::tiesOut_data()
{
    QTest::addColumn<std::string>("left");
    QTest::addColumn<std::string>("right");
    QTest::newRow("module, Keras 2") << sample("lenet5.pt") << sample("lenet5.h5");
    QTest::newRow("state dict") << data("lenet5_state.pt") << sample("lenet5.h5");
    QTest::newRow("checkpoint") << data("lenet5_checkpoint.pt") << sample("lenet5.h5");
    QTest::newRow("Keras 3") << sample("lenet5.pt") << data("lenet5_keras3.h5");
    QTest::newRow("module and its state dict") << sample("lenet5.pt") << data("lenet5_state.pt");
    QTest::newRow("two of Keras") << sample("lenet5.h5") << data("lenet5_keras3.h5");
}

void TestSamplePair::tiesOut()
{
    QFETCH(std::string, left);
    QFETCH(std::string, right);
    const session::Pair pair = session::makePair(opened(left), opened(right));
    QCOMPARE(pair.parameters.size(), std::size_t{10});
    QCOMPARE(equalParameters(pair), 10);
    QVERIFY(pair.mapping.ambiguous.empty());
    QVERIFY2(pair.runLeft && pair.runRight, (pair.cannotRunLeft + pair.cannotRunRight).c_str());
    const compare::Report report = reportOf(pair, 3);
    QCOMPARE(report.verdict, compare::Verdict::TiesOut);
    QVERIFY(report.layers.size() >= 8);
    QVERIFY(report.unmappedLeft.empty() && report.unmappedRight.empty());
    for (const compare::LayerResult& layer : report.layers) {
        QVERIFY2(layer.tiesOut, layer.right.c_str());
        QVERIFY2(layer.localScaledMax && *layer.localScaledMax <= 1e-5, layer.right.c_str());
    }
    QCOMPARE(report.outputs.front().argmaxLeft, report.outputs.front().argmaxRight);
}

void TestSamplePair::trainedElsewhereDiffers()
{
    const session::Pair pair = session::makePair(opened(sample("lenet5.pt")), opened(sample("lenet5_keras.h5")));
    QCOMPARE(pair.mapping.links.size(), std::size_t{8});
    QCOMPARE(pair.parameters.size(), std::size_t{10});
    QCOMPARE(equalParameters(pair), 0);
    const compare::Report report = reportOf(pair, 0);
    QCOMPARE(report.verdict, compare::Verdict::Differs);
    QCOMPARE(report.firstDivergence, 0);
}

void TestSamplePair::kinds_data()
{
    QTest::addColumn<std::string>("name");
    const QDir folder(TIEOUT_TEST_DATA "/kinds");
    for (const QString& file : folder.entryList({"*.pt"}))
        if (folder.exists(file.chopped(3) + ".h5"))
            QTest::newRow(qPrintable(file.chopped(3))) << file.chopped(3).toStdString();
    QVERIFY(folder.entryList({"*.pt"}).size() >= 28);
}

void TestSamplePair::kinds()
{
    QFETCH(std::string, name);
    const session::Pair pair = session::makePair(opened(data("kinds/" + name + ".pt")), opened(data("kinds/" + name + ".h5")));
    QVERIFY2(pair.runLeft && pair.runRight, (pair.cannotRunLeft + pair.cannotRunRight).c_str());
    QCOMPARE(equalParameters(pair), static_cast<int>(pair.parameters.size()));
    QVERIFY(pair.mapping.ambiguous.empty());
    const auto left = engines::makeEngine(pair.runLeft), right = engines::makeEngine(pair.runRight);
    const Tensor a = pattern(*pair.runLeft);
    layers::Value to = layers::inputValue(*pair.runRight, *pair.runRight->inputShape);
    to.shape.front() = 2;
    const Tensor b = a.relabelled(to.shape, to.axes);
    const session::PairInputs inputs{{{engines::inputsOf(*pair.runLeft)[0].name, a}}, {{engines::inputsOf(*pair.runRight)[0].name, b}}};
    const compare::Report report = session::runReport(pair, session::runBoth(left.get(), right.get(), inputs), 1e-5);
    std::string worst;
    for (const compare::LayerResult& layer : report.layers)
        if (!layer.tiesOut)
            worst += layer.left + " = " + layer.right + " " + layer.problem + "\n";
    QVERIFY2(report.verdict == compare::Verdict::TiesOut, worst.c_str());
}

/// Into files of their own twins, both ways: the weights must come back bit for bit and give the source's outputs.
void TestSamplePair::kindsConvert()
{
    QFETCH(std::string, name);
    QTemporaryDir folder;
    const session::Pair pair = session::makePair(opened(data("kinds/" + name + ".pt")), opened(data("kinds/" + name + ".h5")));
    for (const bool toKeras : {true, false}) {
        const auto& source = toKeras ? pair.left : pair.right;
        const std::string path = folder.filePath(toKeras ? "out.h5" : "out.pt").toStdString();
        const auto& twin = toKeras ? pair.right : pair.left;
        const auto& kind = toKeras ? formats::kerasH5Writer : formats::stateDictWriter;
        // numbers of a trace that belong to no module have no mate
        if (std::any_of(twin->parameters.begin(), twin->parameters.end(), [](const Parameter& one) { return one.layer == "CONSTANTS"; })) {
            QVERIFY_THROWS_EXCEPTION(Error,
                                     convert::convert(convert::plan(source, twin, pair.mapping, toKeras, kind), path, wishOf(*source)));
            continue;
        }
        const convert::Plan plan = convert::plan(source, twin, pair.mapping, toKeras, kind);
        const convert::Conversion done = convert::convert(plan, path, wishOf(*source));
        const convert::Proof& proof = done.proof.value();
        QVERIFY(proof.reopened && proof.bitwise && proof.inverse.value_or(true));
        QVERIFY2(troublesOf(proof).empty(), troublesOf(proof).c_str());
        QCOMPARE(done.result, convert::Result::Proved);
    }
}

void TestSamplePair::converts_data()
{
    QTest::addColumn<bool>("toKeras");
    QTest::newRow("PyTorch to Keras") << true;
    QTest::newRow("Keras to PyTorch") << false;
}

void TestSamplePair::converts()
{
    QFETCH(bool, toKeras);
    QTemporaryDir folder;
    const session::Pair pair = session::makePair(opened(sample("lenet5.pt")), opened(sample("lenet5_keras.h5")));
    const std::string path = folder.filePath(toKeras ? "out.h5" : "out.pt").toStdString();
    const auto& source = toKeras ? pair.left : pair.right;
    const convert::Plan plan = convert::plan(source, toKeras ? pair.right : pair.left, pair.mapping, toKeras,
                                             toKeras ? formats::kerasH5Writer : formats::stateDictWriter);
    const engines::Inputs inputs = session::inputsFor(*source, session::DigitsInput{{samples().picture(0), samples().picture(7)}}, {});
    const convert::Conversion done = convert::convert(plan, path, convert::ProofWish{inputs, {}, 1e-5});
    const convert::Proof& proof = done.proof.value();
    QVERIFY(proof.reopened);
    QVERIFY(proof.bitwise);
    QCOMPARE(proof.inverse, std::optional(true));
    QCOMPARE(proof.tensors.size(), std::size_t{10});
    QVERIFY2(troublesOf(proof).empty(), troublesOf(proof).c_str());
    QCOMPARE(proof.samples, 2);
    QVERIFY(proof.scaledMax < 1e-5);
    QCOMPARE(done.result, convert::Result::Proved);
}

QTEST_GUILESS_MAIN(TestSamplePair)
#include "tst_samplepair.moc"
