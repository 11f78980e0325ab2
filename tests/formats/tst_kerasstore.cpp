// SPDX-License-Identifier: GPL-3.0-or-later
// Keras since 2.12: archives, their variables by path and number, shards.
#include "bytes.h"
#include "core/formats/keras/weights/store.h"
#include "kerasfixture.h"
#include "kerasjson.h"

#include <QTest>

using namespace core;
using namespace core::formats;
using namespace std::string_literals;

namespace {

using Tensors = std::vector<std::pair<std::string, Shape>>;

/// A store of Keras 3; every value of the n-th variable is n.
std::string storeBytes(const Tensors& tensors, const std::vector<std::pair<std::string, std::string>>& names = {})
{
    QTemporaryDir folder;
    const auto path = folder.filePath("s.h5");
    H5Image image;
    image.addGroup("/");
    for (const auto& [group, name] : names) {
        image.addGroup(group);
        image.addAttribute("name", name, "utf-8");
    }
    float value = 0;
    for (const auto& [name, shape] : tensors)
        image.addDataset("/" + name, Tensor::fromFloats(shape, std::vector<float>(static_cast<std::size_t>(elementCount(shape)), value++)));
    image.write(path.toStdString());
    return bytes::read(path);
}

constexpr const char* metadata = R"({"keras_version": "3.15.1", "date_saved": "2026-01-01@00:00:00"})";

Model openArchive(const std::vector<bytes::Entry>& entries, const char* name = "m.keras")
{
    QTemporaryDir folder;
    bytes::write(folder.filePath(name), bytes::zip(entries));
    return openModel(folder.filePath(name).toStdString());
}

bytes::Entry deflated(const std::string& name, const std::string& data)
{
    bytes::Entry entry{name, data};
    entry.packed = bytes::deflated(data);
    entry.method = 8;
    return entry;
}

float valueOf(const Model& model, const std::string& parameter)
{
    return read(model.parameter(parameter)->source).floats()[0];
}

const std::string twoDense = R"({"module":"keras","class_name":"Sequential","config":{"name":"s","layers":[)" +
                             layerJson("InputLayer", "in", R"("batch_shape":[null,4])") + "," + layerJson("Dense", "first", "\"units\":3") +
                             "," + layerJson("Dense", "second", R"("units":2,"use_bias":false)") + "]}}";
const Tensors twoDenseStore{{"layers/dense/vars/0", {4, 3}},
                            {"layers/dense/vars/1", {3}},
                            {"layers/dense_1/vars/0", {3, 2}},
                            {"optimizer/vars/0", {}},
                            {"optimizer/vars/10", {3, 2}}};

}

class TestKerasStore : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void archives_data()
    {
        QTest::addColumn<QByteArray>("prefix");
        QTest::addColumn<bool>("packed");
        QTest::addColumn<QByteArray>("name");
        QTest::newRow("stored") << QByteArray() << false << QByteArray("m.keras");
        QTest::newRow("deflated") << QByteArray() << true << QByteArray("m.keras");
        QTest::newRow("in a folder") << QByteArray("unpacked/") << false << QByteArray("m.keras");
        QTest::newRow("H21 called .h5") << QByteArray() << false << QByteArray("m.h5");
    }

    void archives()
    {
        QFETCH(QByteArray, prefix);
        QFETCH(bool, packed);
        QFETCH(QByteArray, name);
        const auto entry = [&](const std::string& entryName, const std::string& data) {
            const auto whole = prefix.toStdString() + entryName;
            return packed ? deflated(whole, data) : bytes::Entry{whole, data};
        };
        const auto model = openArchive({entry("metadata.json", metadata), entry("config.json", twoDense),
                                        entry("model.weights.h5", storeBytes(twoDenseStore)), entry("assets/x.txt", "hello")},
                                       name.constData());
        QCOMPARE(model.origin.format, "keras-v3"s);
        QCOMPARE(model.origin.content, "model"s);
        QCOMPARE(model.origin.producer, "Keras 3.15.1"s);
        QCOMPARE(opsText(model), "in=input() first=linear(0) second=linear(1) "s);
        QCOMPARE(opOf(model, "first").parameters.at("bias"), "first/bias"s);
        QCOMPARE(opOf(model, "second").parameters.at("kernel"), "second/kernel"s);
        QCOMPARE(valueOf(model, "second/kernel"), 2.0F);
        QCOMPARE(model.parameter("second/kernel")->detail, "layers/dense_1/vars/0"s);
        QCOMPARE(parametersTotal(model), 21);
        QVERIFY(model.notes.empty());
        QVERIFY(std::holds_alternative<FileRegion>(model.parameters[0].source.data));
        const auto has = [&](const std::string& entryName, const std::string& value) {
            return std::any_of(model.entries.begin(), model.entries.end(),
                               [&](const Entry& e) { return e.name == entryName && e.value == value; });
        };
        QVERIFY(has("metadata.keras_version", "3.15.1") && has("optimizer/vars/10", "float32 [3,2]"));
        QVERIFY(has(prefix.toStdString() + "assets/x.txt", "a record of 5 bytes"));
    }

    void broken_data()
    {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("text");
        QTest::newRow("K01 config cut") << "cut"
                                        << "json-malformed"
                                        << "config.json";
        QTest::newRow("K01 metadata no JSON") << "metadata"
                                              << "json-malformed"
                                              << "metadata.json";
        QTest::newRow("H02 weights cut") << "weights"
                                         << "h5-open"
                                         << "of its";
        QTest::newRow("weights no HDF5") << "text"
                                         << "h5-open"
                                         << "no HDF5 signature";
    }

    void broken()
    {
        QFETCH(QString, what);
        QFETCH(QString, id);
        QFETCH(QString, text);
        auto weights = storeBytes(twoDenseStore);
        const auto config = what == "cut" ? twoDense.substr(0, 100) : twoDense;
        if (what == "weights")
            weights.resize(weights.size() / 2);
        std::string told;
        const auto found = bytes::errorOf(
            [&] {
                openArchive({{"metadata.json", what == "metadata" ? "{" : metadata},
                             {"config.json", config},
                             {"model.weights.h5", what == "text" ? std::string(4096, 'x') : weights}});
            },
            &told);
        QCOMPARE(QString::fromStdString(found), id);
        QVERIFY2(QString::fromStdString(told).contains(text) && told.find("m.keras") != std::string::npos, told.c_str());
    }

    void withoutWeights_data()
    {
        QTest::addColumn<int>("row");
        QTest::newRow("K07 an archive without weights") << 0;
    }

    void withoutWeights()
    {
        const auto model = openArchive({{"metadata.json", metadata}, {"config.json", twoDense}});
        QVERIFY(hasNote(model, "keras-no-weights"));
        QVERIFY(opOf(model, "first").unsupported.find("kernel") != std::string::npos);
    }

    void classOfTheUsers()
    {
        const auto model =
            openArchive({{"metadata.json", metadata},
                         {"config.json", R"({"module":"mine","class_name":"MyModel","config":{"size":3}})"},
                         {"model.weights.h5", storeBytes({{"one/vars/0", {4, 3}}, {"one/vars/1", {3}}, {"rnn/cell/vars/0", {3, 8}}})}});
        QVERIFY(!model.wired);
        QCOMPARE(model.origin.content, "weights"s);
        QVERIFY(hasNote(model, "keras-no-layers"));
        QCOMPARE(model.layers.size(), std::size_t{2});
        QCOMPARE(model.layers[1].name, "rnn"s);
        QCOMPARE(model.parameters.size(), std::size_t{3});
    }

    // Numbers follow Keras' own order of the layers (by depth), not the configuration's.
    void numbering()
    {
        const auto config =
            R"({"module":"keras.src.models.functional","class_name":"Functional","config":{"name":"m","layers":[)"s +
            layerJson("Dense", "late", "\"units\":2", call("early")) + "," + layerJson("InputLayer", "x", R"("batch_shape":[null,4])") +
            "," + layerJson("Dense", "early", "\"units\":3", call("x")) + R"(],"input_layers":["x",0,0],"output_layers":["late",0,0]}})";
        const auto model = openArchive({{"metadata.json", metadata},
                                        {"config.json", config},
                                        {"model.weights.h5", storeBytes({{"layers/dense/vars/0", {4, 3}},
                                                                         {"layers/dense/vars/1", {3}},
                                                                         {"layers/dense_1/vars/0", {3, 2}},
                                                                         {"layers/dense_1/vars/1", {2}}})}});
        QCOMPARE(model.parameter("early/kernel")->detail, "layers/dense/vars/0"s);
        QCOMPARE(model.parameter("late/kernel")->detail, "layers/dense_1/vars/0"s);
        QVERIFY(model.notes.empty());
    }

    void keras212_data()
    {
        QTest::addColumn<int>("row");
        QTest::newRow("H21 _layer_checkpoint_dependencies") << 0;
    }

    void keras212()
    {
        const auto model = openArchive({{"metadata.json", R"({"keras_version": "2.13.1"})"},
                                        {"config.json", twoDense},
                                        {"model.weights.h5", storeBytes({{"_layer_checkpoint_dependencies/dense/vars/0", {4, 3}},
                                                                         {"_layer_checkpoint_dependencies/dense/vars/1", {3}},
                                                                         {"_layer_checkpoint_dependencies/dense_2/vars/0", {3, 2}}})}});
        QCOMPARE(model.parameter("second/kernel")->detail, "_layer_checkpoint_dependencies/dense_2/vars/0"s);
        QVERIFY(model.notes.empty());
    }

    /// A Sequential lists all of its layers, so that features are plain where none of them could flatten an image; others need not.
    void featuresOfStoresAlone_data()
    {
        using Names = std::vector<std::pair<std::string, std::string>>;
        QTest::addColumn<QString>("dense");
        QTest::addColumn<Names>("others");
        QTest::addColumn<bool>("isPlain");
        QTest::newRow("nothing but Dense") << "layers/dense" << Names{} << true;
        QTest::newRow("a Dropout") << "layers/dense" << Names{{"/layers/dropout/vars", "d"}} << true;
        QTest::newRow("a Flatten") << "layers/dense" << Names{{"/layers/flatten/vars", "f"}} << false;
        QTest::newRow("a class of one's own") << "layers/dense" << Names{{"/layers/thing/vars", "t"}} << false;
        QTest::newRow("a functional model") << "layers/dense" << Names{{"/layers/input_layer/vars", "image"}} << false;
        QTest::newRow("a model of one's own") << "fc" << Names{} << false;
        QTest::newRow("in another model") << "layers/inner/layers/dense" << Names{} << false;
    }

    void featuresOfStoresAlone()
    {
        using Names = std::vector<std::pair<std::string, std::string>>;
        QFETCH(QString, dense);
        QFETCH(Names, others);
        QFETCH(bool, isPlain);
        QTemporaryDir folder;
        const auto path = folder.filePath("w.weights.h5");
        const std::string kernel = dense.toStdString() + "/vars/0";
        bytes::write(path, storeBytes({{kernel, {12, 3}}, {dense.toStdString() + "/vars/1", {3}}}, others));
        const Model model = openModel(path.toStdString());
        QCOMPARE(text(model.parameter(kernel)->axes), isPlain ? "i,o"s : ""s);
    }

    void storeAlone_data()
    {
        QTest::addColumn<bool>("shards");
        QTest::newRow("H21 .weights.h5") << false;
        QTest::newRow("shards") << true;
    }

    void storeAlone()
    {
        QFETCH(bool, shards);
        QTemporaryDir folder;
        const std::vector<std::pair<std::string, std::string>> names{{"/layers/dense/vars", "first"}, {"/layers/flatten/vars", "f"}};
        auto path = folder.filePath("w.weights.h5");
        if (!shards) {
            bytes::write(path, storeBytes(twoDenseStore, names));
        } else {
            bytes::write(folder.filePath("w_00000.weights.h5"), storeBytes({{"layers/dense/vars/0", {4, 3}}}, names));
            bytes::write(folder.filePath("w_00001.weights.h5"),
                         storeBytes({{"layers/dense/vars/1", {3}}, {"layers/dense_1/vars/0", {3, 2}}}, names));
            path = folder.filePath("w.weights.json");
            bytes::write(path,
                         R"({"metadata":{"total_size":84},"weight_map":{"/layers/dense/vars":["w_00000.weights.h5","w_00001.weights.h5"],)"
                         R"("/layers/dense_1/vars":["w_00001.weights.h5"]}})");
        }
        const auto model = openModel(path.toStdString());
        QCOMPARE(model.origin.format, "keras-v3-weights"s);
        QVERIFY(!model.wired);
        QCOMPARE(opsText(model), "first=linear() dense_1=linear() "s);
        QCOMPARE(model.layers[0].kind, "Dense"s);
        QCOMPARE(model.layers.size(), std::size_t{3});
        QCOMPARE(model.layers[2].name + " " + model.layers[2].kind, "f Flatten"s);
        QCOMPARE(parametersTotal(model), 21);
        QCOMPARE(opOf(model, "first").parameters.at("bias"), "layers/dense/vars/1"s);
        QVERIFY(model.notes.empty());
    }

    void brokenShards_data()
    {
        QTest::addColumn<QByteArray>("map");
        QTest::addColumn<QString>("id");
        QTest::newRow("missing") << QByteArray(R"({"/a/vars":["none.weights.h5"]})") << "file-open";
        QTest::newRow("elsewhere") << QByteArray(R"({"/a/vars":["../../etc/x.weights.h5"]})") << "keras-shard";
        QTest::newRow("no map") << QByteArray(R"(["a.weights.h5"])") << "keras-shard";
        QTest::newRow("numbers") << QByteArray(R"({"/a/vars":[3],"b":"x.weights.h5"})") << "keras-config";
    }

    void brokenShards()
    {
        QFETCH(QByteArray, map);
        QFETCH(QString, id);
        QTemporaryDir folder;
        const auto path = folder.filePath("w.weights.json");
        bytes::write(path, R"({"weight_map":)" + map.toStdString() + "}");
        QCOMPARE(QString::fromStdString(bytes::errorOf([&] { openModel(path.toStdString()); })), id);
    }

    void snakes_data()
    {
        QTest::addColumn<QString>("path");
        // keras.src.utils.naming.to_snake_case
        const std::pair<const char*, const char*> rows[] = {{"Conv2D", "conv2d"},
                                                            {"PReLU", "p_re_lu"},
                                                            {"ReLU", "re_lu"},
                                                            {"LSTM", "lstm"},
                                                            {"BatchNormalization", "batch_normalization"},
                                                            {"GlobalAveragePooling2D", "global_average_pooling2d"},
                                                            {"Conv2DTranspose", "conv2d_transpose"},
                                                            {"ConvLSTM2D", "conv_lstm2d"},
                                                            {"LeakyReLU", "leaky_re_lu"},
                                                            {"MultiHeadAttention", "multi_head_attention"},
                                                            {"TFSMLayer", "tfsm_layer"}};
        for (const auto& [name, path] : rows)
            QTest::newRow(name) << path;
    }

    void snakes()
    {
        QFETCH(QString, path);
        QCOMPARE(QString::fromStdString(snakeCase(QTest::currentDataTag())), path);
    }
};

QTEST_GUILESS_MAIN(TestKerasStore)
#include "tst_kerasstore.moc"
