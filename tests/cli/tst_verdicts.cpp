// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/numpy/npy.h"
#include "tests/cli/program.h"

#include <QTemporaryDir>

#include <cmath>
#include <cstring>

using core::Json;

namespace {

QString text(const Json& json)
{
    return QString::fromStdString(json.get<std::string>());
}

std::vector<double> numbers(const Json& list)
{
    std::vector<double> result;
    for (const Json& row : list)
        for (const Json& value : row)
            result.push_back(value.get<double>());
    return result;
}

double distance(const std::vector<double>& a, const core::Tensor& b)
{
    double largest = a.size() == b.floats().size() ? 0 : HUGE_VAL;
    for (std::size_t i = 0; i < std::min(a.size(), b.floats().size()); ++i)
        largest = std::max(largest, std::abs(a[i] - static_cast<double>(b.floats()[i])));
    return largest;
}

}

/// Pairs that a wrong green word could be said of.
class TestVerdicts : public QObject
{
    Q_OBJECT

private:
    const QString torch = sample("lenet5.pt"), keras = sample("lenet5.h5"), state = data("lenet5_state.pt");
    const QString heads = data("heads/heads.pt"), kerasHeads = data("heads/heads.h5"), arrays = data("heads/heads.npz");
    QTemporaryDir m_folder;

    /// A copy of lenet5.h5 in which one element of a parameter is another; empty when it could not be made.
    QString spoilt(const QString& name, const QString& parameter, std::size_t index, const std::function<float(float)>& change)
    {
        const QString array = m_folder.filePath("array.npy");
        if (tieout({"info", keras, "--tensor", parameter, "-o", array}).status != 0)
            return {};
        const core::Tensor tensor = core::formats::readNpyOrNpz(array.toStdString()).at(0).second;
        QFile source(keras), target(m_folder.filePath(name));
        if (!source.open(QIODevice::ReadOnly) || !target.open(QIODevice::WriteOnly))
            return {};
        QByteArray bytes = source.readAll();
        const auto values = tensor.floats();
        const auto offset =
            bytes.indexOf(QByteArray(reinterpret_cast<const char*>(values.data()), static_cast<qsizetype>(values.size_bytes())));
        if (offset < 0)
            return {};
        const float changed = change(values[index]);
        std::memcpy(bytes.data() + offset + static_cast<qsizetype>(index * sizeof(float)), &changed, sizeof changed);
        target.write(bytes);
        return target.fileName();
    }

private Q_SLOTS:
    void weightThatDoesNotShow()
    {
        const QString wrong = spoilt("wrong.h5", "dense_1/kernel:0", 777, [](float value) { return value + 5e-5f; });
        QVERIFY(!wrong.isEmpty());
        const Answer answer = tieout({"compare", torch, wrong, "--sample", "0", "--json"});
        QCOMPARE(answer.status, 1);
        const Json json = answer.json();
        QCOMPARE(text(json["verdict"]), QString("differs"));
        QCOMPARE(json["differing"].get<int>(), 0);
        QCOMPARE(json["differing_parameters"].get<int>(), 1);
        QVERIFY(json["first_divergence"].is_null());
        const Answer said = tieout({"compare", torch, wrong, "--sample", "0"});
        QVERIFY2(said.output.contains("\nDIFFERS in 1 of 10 parameters (dense_1/kernel:0: max |d| "), said.output);
        QVERIFY2(said.output.contains("max |d| 5.0e-5 in 1 element\n"), said.output);
        QVERIFY(!said.output.contains("TIES OUT"));
        QCOMPARE(tieout({"compare", torch, wrong, "--tolerance", "1e-3"}).status, 0);
    }

    void nanInAWeight()
    {
        const QString wrong = spoilt("nan.h5", "conv2d/kernel:0", 3, [](float) { return std::nanf(""); });
        QVERIFY(!wrong.isEmpty());
        const Answer answer = tieout({"compare", torch, wrong, "--sample", "0", "--json"});
        QCOMPARE(answer.status, 1);
        const Json json = answer.json();
        QCOMPARE(text(json["nan"]["right"]["layer"]), QString("conv2d"));
        QCOMPARE(text(json["nan"]["right"]["parameter"]), QString("conv2d/kernel:0"));
        QVERIFY(json["nan"]["left"].is_null());
        QVERIFY(json["outputs"]["argmax"]["right"].is_null());
        QCOMPARE(json["outputs"]["argmax"]["left"].get<int>(), 7);
        const Answer said = tieout({"compare", torch, wrong});
        QVERIFY2(said.output.contains("NaN from conv2d on, on the right alone: conv2d/kernel:0 holds it\n"), said.output);
        QVERIFY2(said.output.contains("no argmax (NaN)"), said.output);
        const Answer both = tieout({"compare", wrong, wrong, "--json"});
        QCOMPARE(both.status, 2); // nothing but NaN was compared
        QCOMPARE(text(both.json()["reason"]), QString("the output dense_1 is NaN throughout on both sides"));
    }

    /// Features of which an image is made lie as each framework lays the image out: compared as they stand they would differ.
    void featuresThatBecomeAnImage()
    {
        const QString left = data("orders/generator.pt"), right = data("orders/generator.h5");
        const Answer answer = tieout({"compare", left, right, "--json"});
        QCOMPARE(answer.status, 0);
        const Json json = answer.json();
        QCOMPARE(text(json["verdict"]), QString("ties-out"));
        QCOMPARE(json["layers"].size(), std::size_t{3});
        QCOMPARE(text(json["layers"][0]["axes"]), QString("N,flat(H,W,C)"));
        for (const Json& layer : json["layers"])
            QVERIFY2(layer["ties_out"].get<bool>() && layer["local_scaled_max"].is_number() && layer["local_scaled_max"] < 1e-5,
                     layer.dump().c_str());
        QCOMPARE(tieout({"compare", left, data("orders/generator.blank.h5"), "--json"}).status, 1);
    }

    void allSamplesAreRun()
    {
        const Answer said = tieout({"compare", torch, keras});
        QVERIFY2(said.output.contains("30 sample digits") && said.output.contains("the worst of 30 samples\n"), said.output);
        const Json noises = tieout({"compare", data("kinds/batch_norm.pt"), data("kinds/batch_norm.h5"), "--json"}).json();
        QCOMPARE(noises["samples"].get<int>(), 8);
        QCOMPARE(noises["layers"][0]["shape"][0].get<int>(), 8);
        const Json differs = tieout({"compare", torch, sample("lenet5_keras.h5"), "--json"}).json();
        const int worst = differs["outputs"]["worst_sample"].get<int>();
        const Json alone = tieout({"compare", torch, sample("lenet5_keras.h5"), "--sample", QString::number(worst), "--json"}).json();
        QVERIFY(std::abs(differs["outputs"]["max_abs"].get<double>() - alone["outputs"]["max_abs"].get<double>()) < 1e-6);
        QVERIFY(
            differs["outputs"]["max_abs"].get<double>() >=
            tieout({"compare", torch, sample("lenet5_keras.h5"), "--sample", "0", "--json"}).json()["outputs"]["max_abs"].get<double>() -
                1e-6);
    }

    void weightsAlone_data()
    {
        QTest::addColumn<QString>("other");
        QTest::newRow("two state dicts") << data("lenet5_checkpoint.pt");
        QTest::newRow("one file twice") << state;
    }
    void weightsAlone()
    {
        QFETCH(QString, other);
        const Answer answer = tieout({"compare", state, other, "--json"});
        QCOMPARE(answer.status, 2);
        const Json json = answer.json();
        QCOMPARE(text(json["verdict"]), QString("not-compared"));
        QVERIFY2(text(json["reason"]).contains("has no architecture"), json.dump().c_str());
        QCOMPARE(json["parameters"].size(), std::size_t{10});
        QCOMPARE(json["samples"].get<int>(), 0);
        const Answer said = tieout({"compare", state, other});
        QVERIFY2(said.output.contains("\nNOT COMPARED: ") && said.output.contains("\n10 of 10 parameters equal\n"), said.output);
    }

    void headsTieOut_data()
    {
        QTest::addColumn<QStringList>("input");
        QTest::newRow("arrays by name") << QStringList{"--input", arrays};
        QTest::newRow("noise for each") << QStringList{"--random", "4"};
        QTest::newRow("default") << QStringList{};
    }
    void headsTieOut()
    {
        QFETCH(QStringList, input);
        const Answer answer = tieout(QStringList{"compare", heads, kerasHeads, "--json"} + input);
        QVERIFY2(answer.status == 0, answer.messages + answer.output.left(3000));
        const Json json = answer.json();
        QCOMPARE(json["outputs"]["all"].size(), std::size_t{2});
        QCOMPARE(text(json["outputs"]["all"][0]["names"]["right"]), QString("digit"));
        QCOMPARE(text(json["outputs"]["all"][1]["names"]["right"]), QString("flag"));
        if (input.value(0) != "--input")
            return;
        const auto golden = core::formats::readNpyOrNpz(arrays.toStdString());
        for (const auto& [key, index] : {std::pair("torch/0", 0), std::pair("torch/1", 1)}) {
            const auto found =
                std::find_if(golden.begin(), golden.end(), [name = std::string(key)](const auto& entry) { return entry.first == name; });
            QVERIFY(distance(numbers(json["outputs"]["all"][static_cast<std::size_t>(index)]["left"]), found->second) < 1e-6);
            QVERIFY(distance(numbers(json["outputs"]["all"][static_cast<std::size_t>(index)]["right"]), found->second) < 1e-6);
        }
    }

    void secondHeadDiffers()
    {
        const Answer wrong = tieout({"compare", heads, data("heads/heads_wrong.h5"), "--input", arrays, "--json"});
        QCOMPARE(wrong.status, 1);
        const Json json = wrong.json();
        QVERIFY(json["outputs"]["all"][0]["ties_out"] == true);
        QVERIFY(json["outputs"]["all"][1]["ties_out"] == false);
        QVERIFY(json["outputs"]["all"][1]["brought_to"].is_null());
        QCOMPARE(json["differing_parameters"].get<int>(), 0);
        const Answer nan = tieout({"compare", heads, data("heads/heads_nan.h5"), "--random", "0"});
        QCOMPARE(nan.status, 1);
        QVERIFY2(nan.output.contains("NaN from flag on, on the right alone: flag/kernel:0 holds it"), nan.output);
    }

    void severalInputsAreAskedFor_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("said");
        QTest::newRow("a digit") << QStringList{"run", heads, "--sample", "0"} << QByteArray("2 inputs: image");
        QTest::newRow("a digit, compared") << QStringList{"compare", heads, kerasHeads, "--sample", "0"} << QByteArray("2 inputs: image");
        QTest::newRow("one array") << QStringList{"run", kerasHeads, "--input", data("golden/lenet5.npz")}
                                   << QByteArray("an array for each of the 2 inputs");
    }
    void severalInputsAreAskedFor()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, said);
        const Answer answer = tieout(arguments);
        QCOMPARE(answer.status, 2);
        QVERIFY2(answer.messages.contains(said), answer.messages);
        QCOMPARE(answer.messages.count('\n'), 1);
    }

    void runsBothInputs()
    {
        const Answer answer = tieout({"run", kerasHeads, "--input", arrays, "--json"});
        QVERIFY2(answer.status == 0, answer.messages);
        const auto golden = core::formats::readNpyOrNpz(arrays.toStdString());
        for (const auto& [key, output] : {std::pair("keras/digit", "digit"), std::pair("keras/flag", "flag")}) {
            const auto found =
                std::find_if(golden.begin(), golden.end(), [name = std::string(key)](const auto& entry) { return entry.first == name; });
            QVERIFY(distance(numbers(answer.json()["outputs"][output]), found->second) < 1e-6);
        }
    }
};

QTEST_GUILESS_MAIN(TestVerdicts)
#include "tst_verdicts.moc"
