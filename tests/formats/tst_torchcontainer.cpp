// SPDX-License-Identifier: GPL-3.0-or-later
#include "torchfixture.h"

#include <QElapsedTimer>

using bytes::little;
using core::Model;
using core::Note;
using core::formats::openModel;
using namespace torchbytes;
using namespace std::string_literals;

class TestTorchContainer : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void records_data();
    void records();
    void oddRecords();
    void manyTensors();
    void cutWhileOpen();
    void foreign_data();
    void foreign();
    void mutations();

private:
    Folder m_folder;
};

void TestTorchContainer::records_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QByteArray>("id");
    QTest::addColumn<bool>("isNote");
    const auto row = [](const char* name, const std::string& content, const char* id, bool isNote) {
        QTest::newRow(name) << QByteArray::fromStdString(content) << QByteArray(id) << isNote;
    };
    const std::string value = dict({{"a", tensor({})}}), stream = pickle(value);
    const std::vector<bytes::Entry> least = {{"m/data.pkl", stream}, {"m/data/0", sixFloats}, {"m/version", "3\n"}};
    const auto with = [&](const bytes::Entry& entry) {
        std::vector<bytes::Entry> entries = least;
        entries.push_back(entry);
        return bytes::zip(entries);
    };
    row("Z01 cut in the middle", bytes::zip(least).substr(0, 150), "zip-cut", false);
    row("Z10 wrong CRC of data.pkl",
        bytes::zip({{.name = "m/data.pkl", .data = stream, .crc = 7}, {"m/data/0", sixFloats}, {"m/version", "3"}}), "zip-crc", true);
    row("Z16 two roots", with({"n/data.pkl", stream}), "torch-records", false);
    row("Z16 data.pkl without a folder", bytes::zip({{"data.pkl", stream}, {"m/version", "3"}}), "format-unknown", false);
    row("Z16 data.pkl too deep", bytes::zip({{"m/n/data.pkl", stream}}), "torch-records", false);
    row("Z17 byteorder garbage", with({"m/byteorder", "middle"}), "torch-byteorder", false);
    row("Z17 version no number", bytes::zip({least[0], least[1], {"m/version", "three"}}), "torch-version", true);
    row("Z17 version 11", bytes::zip({least[0], least[1], {"m/version", "11\n"}}), "torch-version", true);
    row("Z17 version missing", bytes::zip({least[0], least[1]}), "torch-version", true);
    row("Z18 unknown record", with({"m/extra/notes.txt", "hello"}), "torch-records", true);
    row("Z18 record outside the folder", with({"__MACOSX/x", "hello"}), "torch-records", true);
    row("P19 bytes after STOP", bytes::zip({{"m/data.pkl", stream + "tail"}, least[1], least[2]}), "pickle-trailing", true);
    row("P06 pickle cut", bytes::zip({{"m/data.pkl", stream.substr(0, stream.size() - 5)}, least[1], least[2]}), "pickle-cut", false);
}

void TestTorchContainer::records()
{
    QFETCH(QByteArray, content);
    QFETCH(QByteArray, id);
    QFETCH(bool, isNote);
    if (!isNote) {
        QCOMPARE(m_folder.errorOf(content.toStdString()), id.toStdString());
        return;
    }
    const Model model = m_folder.open(content.toStdString());
    QVERIFY(noteOf(model, id.toStdString()));
    QCOMPARE(values(model.parameters.at(0)), (std::vector<float>{0, 1, 2, 3, 4, 5}));
}

/// Z17: big-endian storages are swapped. Compressed ones are inflated when they are read.
void TestTorchContainer::oddRecords()
{
    std::string big;
    for (const float value : {0.f, 1.f, 2.f, 3.f, 4.f, 5.f}) {
        const std::string bytes = floats({value});
        big.append(bytes.rbegin(), bytes.rend());
    }
    const std::string stream = pickle(dict({{"a", tensor({})}}));
    const Model swapped =
        m_folder.open(bytes::zip({{"m/data.pkl", stream}, {"m/byteorder", "big"}, {"m/data/0", big}, {"m/version", "3"}}));
    QCOMPARE(values(swapped.parameters[0]), (std::vector<float>{0, 1, 2, 3, 4, 5}));
    const Model packed = m_folder.open(
        bytes::zip({{.name = "m/data.pkl", .data = stream, .packed = bytes::deflated(stream), .method = 8, .size = stream.size()},
                    {.name = "m/data/0", .data = sixFloats, .packed = bytes::deflated(sixFloats), .method = 8, .size = 24},
                    {"m/version", "3"}}));
    QCOMPARE(values(packed.parameters[0]), (std::vector<float>{0, 1, 2, 3, 4, 5}));
    // Z08, Z10: a record that lies about its size, is damaged, or packed by a method that is not read.
    const auto problemOf = [&](const bytes::Entry& record) {
        const Model model = m_folder.open(bytes::zip({{"m/data.pkl", stream}, record, {"m/version", "3"}}));
        if (!model.parameters[0].problem.empty())
            return model.parameters[0].problem;
        return bytes::errorOf([&] { read(model.parameters[0].source); });
    };
    const std::string stored = bytes::deflated(sixFloats);
    QCOMPARE(problemOf({.name = "m/data/0", .data = sixFloats, .packed = stored, .method = 8, .size = 0xFFFFFF00u}),
             fmt::format("its record of {} bytes claims to inflate to 4294967040", stored.size()));
    QCOMPARE(problemOf({.name = "m/data/0", .data = sixFloats, .packed = stored.substr(0, 4), .method = 8, .size = 24}), "zip-deflate"s);
    QCOMPARE(problemOf({.name = "m/data/0", .data = sixFloats, .packed = stored, .method = 14, .size = 24}),
             "its record is packed by method 14, which is not read"s);
}

/// P25
void TestTorchContainer::manyTensors()
{
    Items items;
    for (int i = 0; i < 100'000; ++i)
        items.emplace_back(fmt::format("layer{}.weight", i), tensor({.key = fmt::to_string(i), .shape = {1}, .strides = {1}, .numel = 1}));
    std::vector<bytes::Entry> entries;
    const std::string one = floats({1});
    entries.push_back({"m/data.pkl", pickle(dict(items))});
    for (int i = 0; i < 100'000; ++i)
        entries.push_back({fmt::format("m/data/{}", i), one});
    entries.push_back({"m/version", "3"});
    QTemporaryDir folder;
    const QString name = folder.filePath("test.pt");
    // An end record with sixteen bits cannot count these: a zip64 one does.
    std::string content = bytes::zip(entries);
    const std::size_t end = content.size() - 22;
    std::uint64_t directorySize = 0;
    for (const bytes::Entry& entry : entries)
        directorySize += 46 + entry.name.size();
    const std::string record = "PK\6\6" + little(44, 8) + little(45, 2) + little(45, 2) + little(0, 8) + little(entries.size(), 8) +
                               little(entries.size(), 8) + little(directorySize, 8) + little(end - directorySize, 8) + "PK\6\7" +
                               little(0, 4) + little(end, 8) + little(1, 4);
    content.replace(end + 8, 4, "\xFF\xFF\xFF\xFF");
    content.insert(end, record);
    bytes::write(name, content);
    QElapsedTimer timer;
    timer.start();
    const Model model = openModel(name.toStdString());
    qInfo("%lld ms", static_cast<long long>(timer.elapsed()));
    QCOMPARE(model.parameters.size(), std::size_t{100'000});
    QCOMPARE(model.layers.size(), std::size_t{100'000});
    QVERIFY(timer.elapsed() < 30'000);
}

/// Z22
void TestTorchContainer::cutWhileOpen()
{
    const QString name = m_folder.write(file(dict({{"a", tensor({})}}), {{"0", sixFloats}}));
    const Model model = openModel(name.toStdString());
    QVERIFY(QFile::resize(name, 40));
    const std::string id = bytes::errorOf([&] { read(model.parameters[0].source); });
    QVERIFY2(id == "file-changed" || id == "file-short", id.c_str());
}

void TestTorchContainer::foreign_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QByteArray>("what");
    const auto row = [](const char* name, const std::string& content, const char* what) {
        QTest::newRow(name) << QByteArray::fromStdString(content) << QByteArray(what);
    };
    row("Z19 LFS pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:12\nsize 5\n", "Git LFS pointer");
    row("Z19 HTML", "\n<!DOCTYPE html><html><head>", "an HTML page");
    row("Z19 tar", "file.txt" + std::string(249, '\0') + "ustar\0"s + std::string(249, '\0'), "a tar archive");
    row("Z19 gzip", "\x1f\x8b\x08 and more", "a gzip archive");
    row("Z19 7z", "7z\xbc\xaf\x27\x1c...", "a 7z archive");
    row("Z21 empty", "", "an empty file");
    row("ONNX",
        "\x08\x06\x12\x07pytorch\x1a\x05"
        "1.9.0:and more",
        "an ONNX model");
    row("PNG", "\x89PNG\r\n\x1a\n....", "a PNG picture");
    row("JSON", "{\"a\": 1}", "a JSON text");
    row("text", "hello world\n", "a text");
    row("Keras configuration", "{\"class_name\": \"Sequential\", \"config\": {}}", "a Keras configuration without weights");
    row("SavedModel", "\x08\x01\x12\xc2\x02\x0a\x1e\x0a\x10\x41ssignVariableOp"s, "a SavedModel of TensorFlow");
    row("zip with a model", bytes::zip({{"a/sd.pt", "x"}}), "that holds a/sd.pt. Extract it first");
    row("torch.package", bytes::zip({{"p/model/m.pkl", "x"}, {"p/.data/extern_modules", "torch"}}), "a torch.package archive");
    row("zip of something else", bytes::zip({{"hello.txt", "hello"}}), "a zip archive");
    row("empty zip", bytes::zip({}), "an empty zip archive");
    row("zeros", std::string(100, '\0'), "nothing but zeros");
    row("noise", "\xC7\x01\xEE\x9F\x02\x03", "something else");
}

void TestTorchContainer::foreign()
{
    QFETCH(QByteArray, content);
    QFETCH(QByteArray, what);
    std::string text;
    QCOMPARE(bytes::errorOf([&] { m_folder.open(content.toStdString()); }, &text), "format-unknown"s);
    QVERIFY2(text.find(what.toStdString()) != text.npos, text.c_str());
    QVERIFY(bytes::errorOf([&] { openModel(m_folder.path(".").toStdString()); }) == "file-kind"); // Z21
    QVERIFY(bytes::errorOf([&] { openModel(m_folder.path("absent.pt").toStdString()); }) == "file-open");
    QCOMPARE(core::formats::patterns(core::Framework::Torch).substr(0, 10), "*.pt *.pth"s);
}

/// A real file with bytes changed: a model or an Error, nothing else.
void TestTorchContainer::mutations()
{
    const std::string whole = bytes::read(TIEOUT_TEST_DATA "/kinds/batch_norm.pt");
    QVERIFY(whole.size() > 1000);
    std::uint64_t state = 7;
    const auto next = [&state] { return (state = state * 6364136223846793005u + 1442695040888963407u) >> 33; };
    int opened = 0;
    for (int round = 0; round < 3000; ++round) {
        std::string changed = whole;
        for (std::uint64_t i = 0; i <= next() % 4; ++i)
            changed[next() % (round % 2 ? changed.size() : 4000)] = static_cast<char>(next());
        bytes::errorOf([&] {
            const Model model = m_folder.open(changed);
            ++opened;
            for (const core::Parameter& parameter : model.parameters)
                if (parameter.problem.empty())
                    read(parameter.source);
        });
    }
    QVERIFY2(opened > 100 && opened < 2990, fmt::format("{} of 3000 could be opened", opened).c_str());
}

QTEST_APPLESS_MAIN(TestTorchContainer)
#include "tst_torchcontainer.moc"
