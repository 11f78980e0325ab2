// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/numpy/npy.h"
#include "tests/cli/program.h"

#include <QImage>
#include <QTemporaryDir>
#include <QXmlStreamReader>

using core::Json;

namespace {

/// The keys that a document always has, as the contract lists them.
bool hasKeys(const Json& json, std::initializer_list<const char*> keys)
{
    for (const char* key : keys)
        if (!json.contains(key)) {
            qWarning("no key %s", key);
            return false;
        }
    return true;
}

QString text(const Json& json)
{
    return QString::fromStdString(json.get<std::string>());
}

std::size_t equalParameters(const Json& parameters)
{
    return static_cast<std::size_t>(
        std::count_if(parameters.begin(), parameters.end(), [](const Json& parameter) { return parameter["equal"] == true; }));
}

}

class TestDocuments : public QObject
{
    Q_OBJECT

private:
    const QString torch = sample("lenet5.pt"), keras = sample("lenet5.h5"), other = sample("lenet5_keras.h5");
    QTemporaryDir m_folder;

private Q_SLOTS:
    void info_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("framework");
        QTest::addColumn<QString>("format");
        QTest::addColumn<QString>("content");
        QTest::addColumn<QString>("first");
        QTest::addColumn<QString>("shape");
        QTest::newRow("module") << torch << "torch"
                                << "torch-zip"
                                << "module"
                                << "0.weight"
                                << "[6,1,5,5]";
        QTest::newRow("state dict") << data("lenet5_state.pt") << "torch"
                                    << "torch-zip"
                                    << "state-dict"
                                    << "0.weight"
                                    << "[6,1,5,5]";
        QTest::newRow("checkpoint") << data("lenet5_checkpoint.pt") << "torch"
                                    << "torch-zip"
                                    << "checkpoint"
                                    << "0.weight"
                                    << "[6,1,5,5]";
        QTest::newRow("Keras 2") << keras << "keras"
                                 << "keras-h5"
                                 << "model"
                                 << "conv2d/kernel:0"
                                 << "[5,5,1,6]";
    }
    void info()
    {
        QFETCH(QString, file);
        QFETCH(QString, framework);
        QFETCH(QString, format);
        QFETCH(QString, content);
        QFETCH(QString, first);
        QFETCH(QString, shape);
        const Answer answer = tieout({"info", file, "--json", "--stats", "--checksum"});
        QVERIFY2(answer.status == 0, answer.messages);
        const Json json = answer.json();
        QCOMPARE(QString::fromStdString(json.begin().key()), QString("schema"));
        QCOMPARE(text(json["schema"]), QString("tieout.info/1"));
        QVERIFY(hasKeys(json, {"path", "sha256", "framework", "format", "content", "producer", "parameters_total", "bytes_total", "layers",
                               "parameters", "notes"}));
        QCOMPARE(text(json["path"]), file);
        QCOMPARE(text(json["sha256"]).size(), 64);
        QCOMPARE(text(json["framework"]), framework);
        QCOMPARE(text(json["format"]), format);
        QCOMPARE(text(json["content"]), content);
        QCOMPARE(json["parameters_total"].get<int>(), 61706);
        QCOMPARE(json["bytes_total"].get<int>(), 4 * 61706);
        QCOMPARE(json["parameters"].size(), std::size_t{10});
        const Json& parameter = json["parameters"][0];
        QVERIFY(hasKeys(parameter, {"name", "layer", "role", "dtype", "shape", "count", "bytes", "trainable", "shared_with", "stats"}));
        QCOMPARE(text(parameter["name"]), first);
        QCOMPARE(QString::fromStdString(parameter["shape"].dump()), shape);
        QCOMPARE(text(parameter["dtype"]), QString("float32"));
        QCOMPARE(text(parameter["role"]), QString("kernel"));
        QVERIFY(hasKeys(parameter["stats"], {"min", "max", "mean", "std", "zeros", "nans", "infs"}));
        QVERIFY(parameter["stats"]["min"].get<double>() < parameter["stats"]["max"].get<double>());
        for (const Json& layer : json["layers"])
            QVERIFY(hasKeys(layer, {"name", "kind", "attributes", "inputs", "output_shape", "parameters", "supported"}));
    }

    void infoReadsValuesOnlyWhenAsked()
    {
        const Json json = tieout({"info", torch, "--json"}).json();
        QVERIFY(json["sha256"].is_null());
        QVERIFY(json["parameters"][0]["stats"].is_null());
        QVERIFY(json["layers"][0]["output_shape"].is_null()); // the file does not tell its input's size
        const Json told = tieout({"info", keras, "--json"}).json();
        QVERIFY(std::any_of(told["layers"].begin(), told["layers"].end(),
                            [](const Json& layer) { return layer["output_shape"].dump() == "[null,28,28,6]"; }));
        QCOMPARE(QString::fromStdString(json["layers"][1]["inputs"].dump()), QString("[\"0\"]"));
        const Json two = tieout({"info", data("heads/heads.h5"), "--json"}).json(); // of two inputs
        for (const Json& layer : two["layers"])
            QVERIFY2(!layer["output_shape"].is_null(), layer.dump().c_str());
    }

    void infoShowsATensor()
    {
        const QString file = m_folder.filePath("bias.npy");
        const Answer written = tieout({"info", keras, "--tensor", "dense_1/bias:0", "-o", file});
        QVERIFY2(written.status == 0, written.messages);
        const auto tensor = core::formats::readNpyOrNpz(file.toStdString()).at(0).second;
        QCOMPARE(tensor.shape(), core::Shape{10});
        const Json json = tieout({"info", keras, "--tensor", "dense_1/bias:0", "--json"}).json();
        for (std::size_t i = 0; i < 10; ++i)
            QCOMPARE(json["tensor"]["values"][i].get<float>(), tensor.floats()[i]);
        QVERIFY(tieout({"info", keras, "--tensor", "dense_1/bias:0"}).output.startsWith("["));
        QCOMPARE(tieout({"info", keras, "--tensor", "nothing"}).status, 2);
    }

    void dumpsEveryParameter_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("ending");
        for (const char* ending : {"npz", "safetensors"}) {
            QTest::addRow("PyTorch to %s", ending) << torch << ending;
            QTest::addRow("Keras to %s", ending) << keras << ending;
        }
    }
    void dumpsEveryParameter()
    {
        QFETCH(QString, file);
        QFETCH(QString, ending);
        const QString dump = m_folder.filePath("dump." + ending);
        const Answer answer = tieout({"convert", file, "-o", dump, "--json"});
        QVERIFY2(answer.status == 0, answer.messages);
        QVERIFY(answer.json()["proof"]["bitwise"].get<bool>());
        const Json source = tieout({"info", file, "--json", "--checksum"}).json(),
                   written = tieout({"info", dump, "--json", "--checksum"}).json();
        QCOMPARE(text(written["format"]), ending);
        QCOMPARE(written["parameters"].size(), source["parameters"].size());
        for (const Json& parameter : source["parameters"]) {
            const auto found = std::find_if(written["parameters"].begin(), written["parameters"].end(),
                                            [&](const Json& one) { return one["name"] == parameter["name"]; });
            QVERIFY(found != written["parameters"].end());
            for (const char* key : {"dtype", "shape", "sha256"})
                QCOMPARE(QString::fromStdString((*found)[key].dump()), QString::fromStdString(parameter[key].dump()));
        }
        QCOMPARE(tieout({"convert", dump, "-o", dump}).status, 2);
        QCOMPARE(tieout({"convert", file, "--like", keras, "-o", dump}).status, 2);
    }

    void map()
    {
        const QString file = m_folder.filePath("map.json");
        const Answer answer = tieout({"map", keras, torch, "-o", file, "--json"});
        QVERIFY2(answer.status == 0, answer.messages);
        const Json json = answer.json();
        QCOMPARE(text(json["schema"]), QString("tieout.map/1"));
        QVERIFY(hasKeys(json, {"left", "right", "links", "ambiguous", "unmapped"}));
        QVERIFY(hasKeys(json["left"], {"path", "sha256", "framework", "format"}));
        QCOMPARE(text(json["left"]["path"]), torch);
        QCOMPARE(text(json["left"]["sha256"]).size(), 64);
        QCOMPARE(json["ambiguous"].size(), std::size_t{0});
        std::size_t equal = 0;
        QStringList rules;
        for (const Json& link : json["links"]) {
            QVERIFY(hasKeys(link, {"left", "right", "confidence", "reasons", "origin", "parameters"}));
            QCOMPARE(text(link["origin"]), QString("auto"));
            equal += equalParameters(link["parameters"]);
            for (const Json& parameter : link["parameters"])
                rules << text(parameter["rule"]);
        }
        QCOMPARE(equal, std::size_t{10});
        QCOMPARE(rules.count("oihw->hwio"), 3);
        QCOMPARE(rules.count("transpose"), 2);
        QCOMPARE(rules.count("same"), 5);
        const Answer again = tieout({"compare", torch, keras, "--map", file, "--json"});
        QVERIFY2(again.status == 0, again.messages);
    }

    void hugeFilesAreHashedWhenAskedFor()
    {
        const auto written = [&](const char* name, const QByteArray& entry, qint64 data) {
            const QByteArray header = "{\"a\":" + entry + "}";
            QByteArray length(8, '\0');
            length[0] = static_cast<char>(header.size());
            QFile file(m_folder.filePath(QLatin1String(name)));
            return file.open(QIODevice::WriteOnly) && file.write(length + header) > 0 && file.resize(file.size() + data) ? file.fileName()
                                                                                                                         : QString();
        };
        constexpr qint64 terabyte = qint64{1} << 40;
        const QString sparse = written("sparse.safetensors", R"({"dtype":"F32","shape":[274877906944],"data_offsets":[0,1099511627776]})",
                                       terabyte),
                      small = written("small.safetensors", R"({"dtype":"F32","shape":[2],"data_offsets":[0,8]})", 8);
        if (sparse.isEmpty())
            QSKIP("the file system takes no sparse terabyte");
        const core::Json json = tieout({"map", sparse, small, "--json"}).json();
        QVERIFY(json["left"]["sha256"].is_null());
        QVERIFY(text(json["left"]["sha256_problem"]).contains(QStringLiteral("1099511627")));
        QCOMPARE(text(json["right"]["sha256"]).size(), 64);
        QVERIFY(tieout({"map", sparse, small}).output.contains("not computed: it has 1099511627"));
    }

    void run()
    {
        const Answer answer = tieout({"run", keras, "--sample", "0", "--json"});
        QVERIFY2(answer.status == 0, answer.messages);
        const Json json = answer.json();
        QCOMPARE(text(json["schema"]), QString("tieout.run/1"));
        QVERIFY(hasKeys(json, {"model", "input", "layers", "outputs"}));
        QVERIFY(json["model"]["sha256"].is_null());
        QCOMPARE(json["input"]["label"].get<int>(), 7);
        for (const Json& layer : json["layers"])
            QVERIFY(hasKeys(layer, {"name", "kind", "shape", "axes", "min", "max", "mean", "nans"}));
        const Json& output = json["outputs"]["dense_1"];
        QCOMPARE(output.size(), std::size_t{1});
        QCOMPARE(output[0].size(), std::size_t{10});
        QVERIFY(output[0][7].get<double>() > 0.9);
    }

    void compareTiesOut_data()
    {
        QTest::addColumn<QString>("a");
        QTest::addColumn<QString>("b");
        QTest::addColumn<QStringList>("input");
        QTest::addColumn<QString>("leftFramework");
        QTest::newRow("default") << torch << keras << QStringList{} << "torch";
        QTest::newRow("the other order") << keras << torch << QStringList{"--sample", "3"} << "torch";
        QTest::newRow("noise") << torch << keras << QStringList{"--random", "3"} << "torch";
        QTest::newRow("preprocessing") << torch << keras << QStringList{"--sample", "1", "--preprocess", "symmetric,invert"} << "torch";
        QTest::newRow("state dict") << data("lenet5_state.pt") << keras << QStringList{"--sample", "2"} << "torch";
        QTest::newRow("checkpoint") << data("lenet5_checkpoint.pt") << keras << QStringList{} << "torch";
        QTest::newRow("Keras 3") << torch << data("lenet5_keras3.h5") << QStringList{} << "torch";
        QTest::newRow("itself") << torch << torch << QStringList{} << "torch";
        QTest::newRow("two of Keras") << keras << data("lenet5_keras3.h5") << QStringList{} << "keras";
    }
    void compareTiesOut()
    {
        QFETCH(QString, a);
        QFETCH(QString, b);
        QFETCH(QStringList, input);
        QFETCH(QString, leftFramework);
        const Answer answer = tieout(QStringList{"compare", a, b, "--json"} + input);
        QVERIFY2(answer.status == 0, answer.messages + answer.output.left(2000));
        const Json json = answer.json();
        QCOMPARE(text(json["schema"]), QString("tieout.compare/1"));
        QVERIFY(hasKeys(json, {"left", "right", "input", "tolerance", "verdict", "outputs", "layers", "differing", "first_divergence",
                               "differing_parameters", "samples", "causes", "parameters", "unmapped", "minimum_tolerance", "notes"}));
        QVERIFY(hasKeys(json["input"], {"source", "index", "label", "preprocess"}));
        QVERIFY(hasKeys(json["input"]["preprocess"], {"left", "right"}));
        QVERIFY(hasKeys(json["outputs"], {"left", "right", "argmax", "brought_to"}));
        QCOMPARE(text(json["left"]["framework"]), leftFramework);
        QCOMPARE(text(json["verdict"]), QString("ties-out"));
        QCOMPARE(json["tolerance"].get<double>(), 1e-5);
        QVERIFY(json["minimum_tolerance"].get<double>() <= 1e-5);
        QVERIFY(json["first_divergence"].is_null());
        QCOMPARE(json["differing"].get<int>(), 0);
        QCOMPARE(equalParameters(json["parameters"]), std::size_t{10});
        QVERIFY(json["layers"].size() >= 8);
        for (const Json& layer : json["layers"])
            QVERIFY(hasKeys(layer, {"left", "right", "left_kind", "right_kind", "shape", "axes", "max_abs", "mean_abs", "scaled_max",
                                    "cosine", "local_scaled_max", "nans", "ties_out"}));
        QCOMPARE(json["differing_parameters"].get<int>(), 0);
        const int samples = input.isEmpty() ? 30 : 1;
        QCOMPARE(json["samples"].get<int>(), samples);
        QCOMPARE(json["outputs"]["left"].size(), samples == 1 ? std::size_t{10} : std::size_t{30});
        QVERIFY(json["reason"].is_null());
    }

    void comparePairsAfterTheActivation()
    {
        const Json json = tieout({"compare", torch, keras, "--sample", "0", "--json"}).json();
        QStringList pairs;
        for (const Json& layer : json["layers"])
            pairs << text(layer["left"]) + "=" + text(layer["right"]);
        QCOMPARE(pairs.join(' '),
                 QString("1=conv2d 2=average_pooling2d 4=conv2d_1 5=average_pooling2d_1 7=conv2d_2 8=flatten 10=dense 12=dense_1"));
        QCOMPARE(json["outputs"]["argmax"]["left"].get<int>(), 7);
    }

    void compareDiffers()
    {
        const QString page = m_folder.filePath("report.html"), junit = m_folder.filePath("report.xml");
        const Answer answer = tieout({"compare", torch, other, "--json", "--report", page, "--junit", junit});
        QCOMPARE(answer.status, 1);
        const Json json = answer.json();
        QCOMPARE(text(json["verdict"]), QString("differs"));
        QCOMPARE(text(json["first_divergence"]["left"]), QString("1"));
        QCOMPARE(text(json["first_divergence"]["right"]), QString("conv2d"));
        QVERIFY(json["first_divergence"]["scaled_max"].get<double>() > 1e-5);
        QVERIFY(json["differing"].get<int>() > 0);
        QCOMPARE(equalParameters(json["parameters"]), std::size_t{0});
        QFile html(page);
        QVERIFY(html.open(QIODevice::ReadOnly));
        const QByteArray text = html.readAll();
        QVERIFY(text.contains("DIFFERS from conv2d on") && text.contains("prefers-color-scheme") && text.contains("sha256 "));
        QVERIFY2(!text.contains("http://") && !text.contains("https://") && !text.contains("src="), "the page must stand alone");
        QFile xml(junit);
        QVERIFY(xml.open(QIODevice::ReadOnly));
        QXmlStreamReader reader(&xml);
        int failures = 0;
        while (!reader.atEnd())
            failures += reader.readNext() == QXmlStreamReader::StartElement && reader.name() == QStringLiteral("failure") ? 1 : 0;
        QVERIFY2(!reader.hasError(), qPrintable(reader.errorString()));
        QCOMPARE(failures, json["differing"].get<int>() + json["differing_parameters"].get<int>() + 1);
    }

    void compareFollowsTheTolerance()
    {
        QCOMPARE(tieout({"compare", torch, keras, "--tolerance", "0"}).status, 1);
        QCOMPARE(tieout({"compare", torch, other, "--tolerance", "1000"}).status, 0);
    }

    void compareTakesAPicture()
    {
        QImage image(56, 56, QImage::Format_Grayscale8);
        image.fill(0);
        for (int y = 8; y < 48; ++y)
            for (int x = 26; x < 31; ++x)
                image.setPixelColor(x, y, Qt::white);
        const QString file = m_folder.filePath("one.png");
        QVERIFY(image.save(file));
        const Answer answer = tieout({"compare", torch, keras, "--image", file, "--json"});
        QVERIFY2(answer.status == 0, answer.messages);
        QCOMPARE(answer.json()["outputs"]["argmax"]["right"].get<int>(), 1);
    }

    void textSaysTheVerdict()
    {
        const Answer ties = tieout({"compare", torch, keras}), differs = tieout({"compare", torch, other});
        QVERIFY2(ties.output.contains("\nTIES OUT  max |d| "), ties.output);
        QVERIFY2(differs.output.contains("\nDIFFERS from conv2d on ("), differs.output);
        QVERIFY(ties.output.contains("10 of 10 parameters equal"));
        for (const Answer& answer : {ties, differs, tieout({"map", torch, keras}), tieout({"run", torch, "--sample", "0"})})
            for (const QByteArray& line : answer.output.split('\n'))
                QVERIFY2(line.size() <= 100 || line.contains(TIEOUT_SAMPLES) || line.contains(": weights differ: "), line); // a sentence
    }

    void convert_data()
    {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("like");
        QTest::addColumn<QString>("out");
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("result");
        const auto row = [](const char* title, const QString& from, const QString& like, const char* out, const char* kind,
                            const char* result) { QTest::newRow(title) << from << like << out << kind << result; };
        row("PyTorch to Keras", torch, other, "out.h5", "h5", "proved");
        row("Keras to PyTorch", other, torch, "out.pt", "state-dict", "proved");
        row("state dict to Keras", data("lenet5_state.pt"), other, "state.h5", "h5", "proved");
        row("Keras to a state dict's twin", other, data("lenet5_state.pt"), "state.pt", "state-dict", "proved");
    }
    void convert()
    {
        QFETCH(QString, from);
        QFETCH(QString, like);
        QFETCH(QString, out);
        QFETCH(QString, kind);
        QFETCH(QString, result);
        const QString file = m_folder.filePath(out), page = m_folder.filePath(out + ".html");
        const Answer answer = tieout({"convert", from, "--like", like, "-o", file, "--verify", "--report", page, "--json"});
        QVERIFY2(answer.status == (result == "proved" ? 0 : 1), answer.messages + answer.output);
        const Json json = answer.json();
        QCOMPARE(text(json["schema"]), QString("tieout.convert/1"));
        QVERIFY(hasKeys(json, {"output", "result", "parameters", "layers", "proof", "warnings"}));
        QCOMPARE(text(json["result"]), result);
        QCOMPARE(text(json["output"]["path"]), file);
        QCOMPARE(text(json["output"]["kind"]), kind);
        QCOMPARE(text(json["output"]["sha256"]), text(tieout({"info", file, "--checksum", "--json"}).json()["sha256"]));
        QCOMPARE(json["parameters"].size(), std::size_t{10});
        QVERIFY(hasKeys(json["parameters"][0], {"from", "to", "rule", "from_shapes", "to_shapes"}));
        const Json& proof = json["proof"];
        QVERIFY(hasKeys(proof, {"reopened", "bitwise", "inverse", "samples", "max_abs", "scaled_max", "argmax_agreement"}));
        QVERIFY(proof["reopened"] == true && proof["bitwise"] == true && proof["inverse"] == true);
        QVERIFY(QFile::exists(page));
        const Answer compared = tieout({"compare", from, file, "--json"});
        QVERIFY2(compared.status == 0, compared.messages + compared.output.left(2000));
        QCOMPARE(equalParameters(compared.json()["parameters"]), std::size_t{10});
    }

    /// The size of an input that goes into a file made without a twin is a guess where the source does not tell it, and said to be one.
    void convertTellsAGuessedInput()
    {
        const auto guesses = [&](const QString& source, const QString& name) {
            const Answer answer = tieout({"convert", source, "-o", m_folder.filePath(name), "--json"});
            return answer.status == 0 ? int(answer.output.count("no file tells the size of the input")) : -1;
        };
        QCOMPARE(guesses(data("kinds/conv_stride.pt"), "guessed.h5"), 1);
        QCOMPARE(guesses(keras, "told.pt"), 0);
        const Answer open = tieout({"convert", data("heads/heads.pt"), "-o", m_folder.filePath("open.h5")}); // the second of two inputs
        QCOMPARE(open.status, 2);
        QVERIFY2(open.messages.count("the shape of the input") == 1, open.messages);
    }
};

QTEST_GUILESS_MAIN(TestDocuments)
#include "tst_documents.moc"
