// SPDX-License-Identifier: GPL-3.0-or-later
// The containers of PyTorch before 1.6, and pickles without a container, built byte by byte.
#include "torchfixture.h"

using bytes::little;
using core::Model;
using core::Note;
using namespace torchbytes;
using namespace std::string_literals;

namespace {

const std::string magic = "\x80\x02\x8A\x0A\x6C\xFC\x9C\x46\xF9\x20\x6A\xA8\x50\x19.", protocol = "\x80\x02M\xE9\x03.",
                  machine = pickle(dict({{"little_endian", "\x88"}}));

std::string keys(const std::vector<std::string>& names)
{
    std::string list = "](";
    for (const std::string& name : names)
        list += text(name);
    return pickle(list + "e");
}

std::string record(std::int64_t count, const std::string& data)
{
    return little(static_cast<std::uint64_t>(count), 8) + data;
}

std::string legacy(const std::string& value, const std::vector<std::string>& names, const std::string& records,
                   const std::string& system = machine)
{
    return magic + protocol + system + pickle(value) + keys(names) + records;
}

std::string member(const std::string& name, const std::string& data, const std::string& size = {})
{
    std::string header(512, '\0');
    header.replace(0, name.size(), name);
    const std::string octal = size.empty() ? fmt::format("{:011o}", data.size()) : size;
    header.replace(124, octal.size(), octal);
    header[156] = '0';
    header.replace(257, 8, "ustar\00000"s);
    return header + data + std::string((512 - data.size() % 512) % 512, '\0');
}

const std::string twoWeights =
                      dict({{"a.weight", tensor({})}, {"b.weight", tensor({.key = "1", .shape = {2}, .strides = {1}, .numel = 2})}}),
                  twoFloats = floats({7, 8});

}

class TestTorchLegacy : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void stream();
    void errors_data();
    void errors();
    void storages_data();
    void storages();
    void sources();
    void tar();
    void tarErrors_data();
    void tarErrors();
    void plainPickles_data();
    void plainPickles();
    void embedded();

private:
    Folder m_folder;
};

void TestTorchLegacy::stream()
{
    const std::string records = record(6, sixFloats) + record(2, twoFloats);
    const Model model = m_folder.open(legacy(twoWeights, {"0", "1"}, records));
    QCOMPARE(model.origin.format, "torch-legacy"s);
    QCOMPARE(model.origin.content, "state-dict"s);
    QCOMPARE(values(model.parameters.at(0)), (std::vector<float>{0, 1, 2, 3, 4, 5}));
    QCOMPARE(values(model.parameters.at(1)), (std::vector<float>{7, 8}));
    // L06: the writer's own order of bytes is told, and the values are little-endian all the same.
    const Model big = m_folder.open(legacy(twoWeights, {"0", "1"}, records, pickle(dict({{"little_endian", "\x89"}}))));
    QVERIFY(noteOf(big, "torch-big-endian"));
    QCOMPARE(values(big.parameters.at(1)), (std::vector<float>{7, 8}));
    // The magic number of pickles of protocols 4 and 1.
    const std::string rest = protocol + machine + pickle(twoWeights) + keys({"0", "1"}) + records;
    QCOMPARE(m_folder.open("\x80\x04\x95\x0D\0\0\0\0\0\0\0"s + magic.substr(2) + rest).parameters.size(), std::size_t{2});
    QCOMPARE(m_folder.open("L119547037146038801333356L\n." + rest).parameters.size(), std::size_t{2});
}

void TestTorchLegacy::errors_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QByteArray>("id");
    QTest::addColumn<QByteArray>("words");
    const auto row = [](const char* name, const std::string& content, const char* id, const char* words) {
        QTest::newRow(name) << QByteArray::fromStdString(content) << QByteArray(id) << QByteArray(words);
    };
    row("L01 magic number made by a call", pickle("cbuiltins\nint\n(" + text("119547037146038801333356") + "tR") + protocol + machine,
        "pickle-object", "a pickled builtins.int");
    row("L01 magic number with more behind it", magic.substr(0, 14) + "0N." + protocol, "torch-legacy", "found None");
    row("protocol 1002", magic + "\x80\x02M\xEA\x03." + machine, "torch-legacy", "expected protocol 1001, found 1002");
    row("L07 cut in the object", (magic + protocol + machine + pickle(twoWeights)).substr(0, 120), "pickle-cut", "the object");
    row("L07 cut before the keys", magic + protocol + machine + pickle(twoWeights), "pickle-cut", "the list of storages");
    row("L03 keys are no list", magic + protocol + machine + pickle(twoWeights) + pickle("N"), "torch-legacy", "the list of storages");
    row("L03 keys are numbers", magic + protocol + machine + pickle(twoWeights) + pickle("](K\1K\2e"), "torch-legacy",
        "the keys of storages");
}

void TestTorchLegacy::errors()
{
    QFETCH(QByteArray, content);
    QFETCH(QByteArray, id);
    QFETCH(QByteArray, words);
    std::string message;
    QCOMPARE(bytes::errorOf([&] { m_folder.open(content.toStdString()); }, &message), id.toStdString());
    QVERIFY2(message.find(words.toStdString()) != message.npos, message.c_str());
}

void TestTorchLegacy::storages_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("first"); ///< problem of a.weight
    QTest::addColumn<QString>("second");
    const auto row = [](const char* name, const std::string& content, const char* first, const char* second) {
        QTest::newRow(name) << QByteArray::fromStdString(content) << QString(first) << QString(second);
    };
    const std::string six = record(6, sixFloats), two = record(2, twoFloats);
    row("L03 key missing", legacy(twoWeights, {"0"}, six), "", "its storage 1 is not in the file");
    row("L03 key that nobody uses", legacy(twoWeights, {"0", "spare", "1"}, six + two + two), "",
        "it lies behind storage spare, which no tensor uses");
    row("L03 count differs", legacy(twoWeights, {"0", "1"}, record(3, sixFloats.substr(0, 12)) + two), "should have 24 bytes and has 12",
        "");
    row("L04 negative count", legacy(twoWeights, {"0", "1"}, record(-1, sixFloats) + two), "storage 0 claims -1 elements",
        "storage 0 claims -1 elements");
    row("L04 count that overflows", legacy(twoWeights, {"0", "1"}, record(std::int64_t{1} << 62, sixFloats)),
        "storage 0 claims 4611686018427387904 elements", "storage 0 claims");
    row("L04 count beyond the file", legacy(twoWeights, {"0", "1"}, record(1'000'000'000, sixFloats) + two), "", "the file ends before it");
    row("L07 cut in the values", legacy(twoWeights, {"0", "1"}, six + two.substr(0, 12)), "", "should have 8 bytes and has 4");
    row("L07 cut in a count", legacy(twoWeights, {"0", "1"}, six + two.substr(0, 5)), "", "the file ends before it");
    row("L07 cut before the storages", legacy(twoWeights, {"0", "1"}, ""), "the file ends before it", "the file ends before it");
}

/// What is wrong with one storage is told by the tensors that need it; the others can be read.
void TestTorchLegacy::storages()
{
    QFETCH(QByteArray, content);
    QFETCH(QString, first);
    QFETCH(QString, second);
    const Model model = m_folder.open(content.toStdString());
    QCOMPARE(model.parameters.size(), std::size_t{2});
    const QString expected[] = {first, second};
    for (std::size_t i = 0; i < 2; ++i) {
        const core::Parameter& parameter = model.parameters[i];
        if (expected[i].isEmpty()) {
            QCOMPARE(parameter.problem, ""s);
            QCOMPARE(read(parameter.source).count(), count(parameter));
        } else {
            QVERIFY2(parameter.problem.find(expected[i].toStdString()) != parameter.problem.npos, parameter.problem.c_str());
        }
    }
}

/// The class of a module is a persistent id with its source text, which is kept to be shown.
void TestTorchLegacy::sources()
{
    const auto withSource = [](const std::string& type, const std::string& source, const std::string& state) {
        return "(" + text("module") + "c" + type + "\n" + text("net.py") + text(source) + "tQ)\x81" + state + "b";
    };
    const std::string fc = withSource("torch.nn.modules.linear\nLinear", "class Linear: ...",
                                      dict({{"_parameters", dict({{"weight", parameter({})}, {"bias", "N"}})},
                                            {"_buffers", dict({})},
                                            {"_modules", dict({})},
                                            {"in_features", integer(3)},
                                            {"out_features", integer(2)}}));
    const std::string net = withSource("__main__\nNet", "class Net(nn.Module):\n    def forward(self, x):\n        return self.fc(x)\n",
                                       dict({{"_parameters", dict({})}, {"_buffers", dict({})}, {"_modules", dict({{"fc", fc}})}}));
    const Model model = m_folder.open(legacy(net, {"0"}, record(6, sixFloats)));
    QCOMPARE(model.origin.content, "module"s);
    QCOMPARE(kinds(model), "fc:linear "s);
    QCOMPARE(model.entries.size(), std::size_t{2});
    QCOMPARE(model.entries[0].value, "__main__.Net"s);
    QCOMPARE(model.entries[1].name, "source of __main__.Net"s);
    QCOMPARE(model.entries[1].value, "class Net(nn.Module):\n    def forward(self, x):\n        return self.fc(x)\n"s);
}

/// L02: two tensors over one storage, the second through a view of it.
void TestTorchLegacy::tar()
{
    const std::string type = "ctorch\nFloatStorage\n";
    const std::string storages = pickle("K\1") + pickle("(" + integer(11) + text("cpu") + type + "t") + record(6, sixFloats) +
                                 pickle("](" + tuple({22, 11, 2, 4}) + "e");
    const auto tensorOf = [&](int key, int storage, const std::vector<std::int64_t>& numbers) {
        std::string out =
            pickle("(" + integer(key) + integer(storage) + "ctorch\nFloatTensor\nt") + little(numbers.size() / 2, 4) + little(0, 4);
        for (const std::int64_t number : numbers)
            out += little(static_cast<std::uint64_t>(number), 8);
        return out;
    };
    const std::string tensors = pickle("K\2") + tensorOf(7, 11, {2, 3, 3, 1, 0}) + tensorOf(8, 22, {2, 2, 1, 2, 0});
    const std::string value = pickle(dict({{"fc.weight", text("7") + "Q"}, {"fc.part", integer(8) + "Q"}, {"fc.lost", integer(9) + "Q"}}));
    const Model model = m_folder.open(member("sys_info", machine) + member("pickle", value) + member("tensors", tensors) +
                                      member("storages", storages) + std::string(1024, '\0'));
    QCOMPARE(model.origin.format, "torch-tar"s);
    QCOMPARE(values(*model.parameter("fc.weight")), (std::vector<float>{0, 1, 2, 3, 4, 5}));
    QCOMPARE(values(*model.parameter("fc.part")), (std::vector<float>{2, 4, 3, 5}));
    QCOMPARE(model.parameter("fc.lost")->problem, "no storage: <persistent 9>"s);
}

void TestTorchLegacy::tarErrors_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QByteArray>("id");
    QTest::addColumn<QByteArray>("words");
    const auto row = [](const char* name, const std::string& content, const char* id, const char* words) {
        QTest::newRow(name) << QByteArray::fromStdString(content) << QByteArray(id) << QByteArray(words);
    };
    const std::string main = member("pickle", pickle(dict({{"a.weight", tensor({})}})));
    const auto storages = [&](const std::string& data) { return main + member("storages", data); };
    const std::string entry = pickle("(" + text("0") + text("cpu") + "ctorch\nFloatStorage\nt");
    row("L02 no storages", main, "torch-tar", "no storages");
    row("L02 member beyond the file", main + member("storages", "", "77777777777"), "torch-tar", "before the end");
    row("L02 size that is no number", main + member("storages", "", "12x45"), "torch-tar", "a size in octal digits");
    row("L02 count is a text", storages(pickle(text("many"))), "torch-tar", "a number of entries");
    row("L02 count beyond the member", storages(pickle("K\5") + entry + record(6, sixFloats)), "pickle-cut", "storages, entry 1");
    row("L04 negative count in a tar", storages(pickle("K\1") + entry + record(-6, sixFloats)), "torch-tar",
        "a number of elements, found -6");
    row("L02 unknown class", storages(pickle("K\1") + pickle("(" + text("0") + text("cpu") + "ctorch\nMagicStorage\nt")), "torch-tar",
        "unknown type");
    row("L05 view beyond its storage in a tar",
        storages(pickle("K\1") + entry + record(6, sixFloats) + pickle("](" + tuple({2, 0, 4, 9}) + "e")), "torch-tar",
        "a view inside storage");
}

void TestTorchLegacy::tarErrors()
{
    errors();
}

void TestTorchLegacy::plainPickles_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QByteArray>("id");
    QTest::addColumn<QByteArray>("words");
    const auto row = [](const char* name, const std::string& content, const char* id, const char* words) {
        QTest::newRow(name) << QByteArray::fromStdString(content) << QByteArray(id) << QByteArray(words);
    };
    row("nothing", "\x80\x04N.", "pickle-object", "a pickle without arrays: None");
    row("a dict of numbers", pickle(dict({{"a", "K\1"}})), "pickle-object", "{'a': 1}");
    row("an estimator", pickle("csklearn.linear_model._base\nLinearRegression\n)\x81" + dict({{"coef_", "K\1"}}) + "b"), "pickle-object",
        "a pickled sklearn.linear_model._base.LinearRegression");
    row("an estimator of protocol 4", "\x80\x04\x8C\x10sklearn.ensemble\x94\x8C\x05Model\x94\x93\x94)\x81\x94."s, "pickle-object",
        "a pickled sklearn.ensemble.Model");
    row("an estimator of joblib",
        "\x80\x03"
        "csklearn.svm\nSVC\nq\0)\x81q\1"s +
            "\xEE\xEE\xEE",
        "pickle-object", "a pickled sklearn.svm.SVC that goes on");
    row("a call", pickle("cos\nsystem\n(" + text("ls") + "tR"), "pickle-object", "a pickled os.system");
    row("P06 cut", "\x80\x02}(", "pickle-cut", "byte 4");
}

void TestTorchLegacy::plainPickles()
{
    errors();
}

/// A plain pickle of tensors holds each storage as a legacy stream of its own.
void TestTorchLegacy::embedded()
{
    const std::string inner = magic + protocol + machine + pickle(storage({.key = "5"})) + keys({"5"}) + record(6, sixFloats);
    const auto withStorage = [](const std::string& stream) {
        return pickle(
            dict({{"fc.weight", "ctorch._utils\n_rebuild_tensor_v2\n(ctorch.storage\n_load_from_bytes\n(B" + little(stream.size(), 4) +
                                    stream + "tRK\0"s + tuple({3, 2}) + tuple({1, 3}) + "\x89" + orderedDict + "tR"}}));
    };
    const Model model = m_folder.open(withStorage(inner));
    QCOMPARE(model.origin.format, "pickle"s);
    QCOMPARE(model.framework, core::Framework::Torch);
    QCOMPARE(values(model.parameters.at(0)), (std::vector<float>{0, 3, 1, 4, 2, 5}));
    const Model cut = m_folder.open(withStorage(inner.substr(0, inner.size() - 4)));
    QCOMPARE(cut.parameters.at(0).problem, "its storage is cut short"s);
    QVERIFY(m_folder.open(withStorage("garbage")).parameters.at(0).problem.starts_with("its storage cannot be read: "));
}

QTEST_APPLESS_MAIN(TestTorchLegacy)
#include "tst_torchlegacy.moc"
