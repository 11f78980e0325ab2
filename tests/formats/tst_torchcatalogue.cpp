// SPDX-License-Identifier: GPL-3.0-or-later
// Bad and odd inputs that concern whole files of PyTorch, by the ids of the project's catalogue. What concerns one reader alone is with its
// tests.
#include "torchfixture.h"

#include <QElapsedTimer>

using bytes::little;
using core::Model;
using namespace torchbytes;
using namespace std::string_literals;

namespace {

/// What a file is to show: "error ID", "note ID", "problem of a" and the like, with words that it has to contain.
enum class Shows { Error, Note, Problem, Values, Bytes, Names, Entry, Kinds, Cut };

const std::string weight = tensor({}), stream = pickle(dict({{"a.weight", weight}}));

std::string archive(const bytes::Entry& storage, const std::vector<bytes::Entry>& more = {})
{
    std::vector<bytes::Entry> entries = {{"m/data.pkl", stream}, storage, {"m/version", "3\n"}};
    entries.insert(entries.end(), more.begin(), more.end());
    return bytes::zip(entries);
}

std::string valueFile(const std::string& value)
{
    return file(value, {{"0", sixFloats}});
}

std::string repeated(const std::string& text, int times)
{
    std::string out;
    out.reserve(text.size() * static_cast<std::size_t>(times));
    for (int i = 0; i < times; ++i)
        out += text;
    return out;
}

std::string hex(const core::Parameter& parameter)
{
    const core::Tensor tensor = read(parameter.source);
    return QByteArray(reinterpret_cast<const char*>(tensor.bytes().data()), static_cast<qsizetype>(tensor.bytes().size()))
        .toHex()
        .toStdString();
}

std::string names(const Model& model)
{
    std::string out;
    for (const core::Parameter& parameter : model.parameters)
        out += parameter.name + " ";
    return out;
}

}

class TestTorchCatalogue : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void shows_data();
    void shows();

private:
    void pickleRows();
    void containerRows();
    void tensorRows();

    Folder m_folder;
};

Q_DECLARE_METATYPE(Shows)

namespace {

void row(const char* name, const std::string& content, Shows what, const std::string& id, const std::string& words = {})
{
    QTest::newRow(name) << QByteArray::fromStdString(content) << what << QByteArray::fromStdString(id) << QByteArray::fromStdString(words);
}

}

void TestTorchCatalogue::pickleRows()
{
    const std::string object = "c__main__\nOdd\n)}\x92(N" + dict({{"x", "K\7"}}) + "tb";
    row("P04 NEWOBJ_EX and BUILD with slots",
        valueFile(dict({{"a.weight", weight}, {"b", weight}, {"c", weight}, {"d", weight}, {"odd", object}})), Shows::Entry,
        "odd=an object of the class __main__.Odd odd.x=7 ");
    for (const char* opcode : {"R", "b", "s", "Q", "2", "q\1"})
        row(qPrintable(QString("P07 %1 on an empty stack").arg(opcode[0])), valueFile(opcode), Shows::Error, "pickle-stack",
            "a value on the stack");
    row("P08 no MARK", valueFile("t"), Shows::Error, "pickle-mark", "a MARK");
    row("P11 billion laughs by DUP", valueFile("]" + repeated("2\x86", 60)), Shows::Note, "torch-no-tensors");
    row("P11 billion laughs by memo", valueFile("K\1q\0"s + "0" + repeated("h\0h\0\x86q\0"s + "0", 60) + "h\0"s), Shows::Note,
        "torch-no-tensors");
    row("P12 list inside itself", valueFile("]q\1h\1a"), Shows::Note, "torch-no-tensors");
    row("P12 dict inside itself beside a tensor", valueFile("}q\1" + text("me") + "h\1s" + text("w") + weight + "s"), Shows::Names, "w ");
    row("P13 10^6 nested lists", valueFile(std::string(1'000'000, ']') + std::string(999'999, 'a')), Shows::Note, "torch-no-tensors");
    row("P16 40 million instructions", valueFile("N" + repeated("N0", 20'000'001)), Shows::Error, "pickle-limit", "instructions");
    row("P17 frame that lies",
        bytes::zip({{"m/data.pkl", "\x80\x04\x95" + little(1'000'000, 8) + stream.substr(2)}, {"m/data/0", sixFloats}, {"m/version", "3"}}),
        Shows::Note, "pickle-frame", "claims 1000000 bytes");
    row("P21 keys that are no texts, and equal ones",
        valueFile("}(K\3" + weight + "K\1K\2\x86" + weight + text("a") + weight + text("a") + weight + "u"), Shows::Names,
        "3 (1, 2) a a (2) ");
    std::string many = "}(";
    for (int i = 0; i < 100'000; ++i)
        many += text("layer" + std::to_string(i) + ".weight") + tensor({.shape = {1}, .strides = {1}});
    row("P25 10^5 tensors", valueFile(many + "u"), Shows::Values, "0");
    std::string keys = "}(";
    for (int i = 0; i < 1'000'000; ++i)
        keys += text("key" + std::to_string(i)) + "K\1" + (i % 1000 == 999 ? "u(" : "");
    row("P25 10^6 keys", valueFile(keys + "u"), Shows::Note, "torch-entries", "999000 more entries");
}

void TestTorchCatalogue::containerRows()
{
    const bytes::Entry plain{"m/data/0", sixFloats};
    const std::string packed = bytes::deflated(sixFloats);
    row("Z08 record that claims 3 GB",
        archive({.name = "m/data/0", .data = sixFloats, .packed = packed, .method = 8, .size = 3'000'000'000u}), Shows::Problem,
        "claims to inflate to 3000000000");
    row("Z11 name that climbs", archive(plain, {{"../../../tmp/evil", "x"}}), Shows::Note, "torch-records", "outside the folder");
    row("Z11 absolute name", archive(plain, {{"/etc/passwd", "x"}}), Shows::Note, "torch-records", "/etc/passwd");
    row("Z11 NUL in a name", archive(plain, {{"m/a\0b"s, "x"}}), Shows::Note, "torch-records", "m/a\\x00b");
    row("Z11 name of 60 KB", archive(plain, {{"m/" + std::string(60'000, 'n'), "x"}}), Shows::Note, "torch-records", "m/nnn");
    row("Z12 sizes behind the data", archive({.name = "m/data/0", .data = sixFloats, .flags = 8, .sizesInLocal = false}), Shows::Values,
        "012345");
    row("Z13 packed by LZMA", archive({.name = "m/data/0", .data = sixFloats, .method = 14}), Shows::Problem, "method 14");
    row("Z20 record at an odd place", archive({.name = "m/data/0", .data = sixFloats, .extra = "FB"s + little(1, 2) + "Z"}), Shows::Values,
        "012345");
    row("Z22 cut while open", archive(plain), Shows::Cut, "file-changed");
    row("L06 big-endian sys_info",
        "\x80\x02\x8A\x0A\x6C\xFC\x9C\x46\xF9\x20\x6A\xA8\x50\x19.\x80\x02M\xE9\x03." + pickle(dict({{"little_endian", "\x89"}})) + stream +
            pickle("](" + text("0") + "e") + little(6, 8) + sixFloats,
        Shows::Note, "torch-big-endian");
}

void TestTorchCatalogue::tensorRows()
{
    const auto two = [](const Tensor& first, const Tensor& second) {
        return valueFile(dict({{"a.weight", tensor(first)}, {"b.weight", tensor(second)}}));
    };
    row("T03 record longer than declared", valueFile(dict({{"a", tensor({.shape = {5}, .strides = {1}, .numel = 5})}})), Shows::Note,
        "torch-storage", "has 24 bytes where 20 are declared");
    row("T07 one key, two dtypes", two({}, {.storage = "torch\nIntStorage"}), Shows::Note, "torch-storage", "different types or sizes");
    row("T08 one key, two numels", two({}, {.shape = {2}, .strides = {1}, .numel = 5}), Shows::Note, "torch-storage",
        "different types or sizes");
    const std::string odd =
        little(0x7FC00001, 4) + little(0xFF800000, 4) + little(1, 4) + little(0x80000000, 4) + little(0x7F800001, 4) + little(0, 4);
    row("T11 NaN, infinity, denormal, -0", archive({"m/data/0", odd}), Shows::Bytes, "0100c07f000080ff01000000000000800100807f00000000");
    const std::string hooks = "ccollections\nOrderedDict\n)R(K\0c__main__\nhook\nu"s;
    row("T15 hooks of a tensor", valueFile(dict({{"a.weight", tensor({.rest = "\x88" + hooks})}})), Shows::Values, "012345");
    row("T15 a parameter with a gradient",
        valueFile(dict({{"a.weight", "ctorch._utils\n_rebuild_parameter_with_state\n(" + weight + "\x88" + orderedDict +
                                         dict({{"grad", tensor({.key = "lost"})}}) + "tR"}})),
        Shows::Values, "012345");
    const std::string net =
        module("__main__\nNet", {{"fc", linear({}, 3, 2)}}, {}, {{"secret", text("rebuild me")}, {"hidden", integer(5)}});
    row("T16 class with a state of its own", valueFile(net), Shows::Kinds, "fc:linear ");
    row("T16 its attributes", valueFile(net), Shows::Entry, "model=__main__.Net, hidden 5, secret rebuild me ");
}

void TestTorchCatalogue::shows_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<Shows>("what");
    QTest::addColumn<QByteArray>("expected");
    QTest::addColumn<QByteArray>("words");
    pickleRows();
    containerRows();
    tensorRows();
}

void TestTorchCatalogue::shows()
{
    QFETCH(QByteArray, content);
    QFETCH(Shows, what);
    QFETCH(QByteArray, expected);
    const std::string id = expected.toStdString();
    QFETCH(QByteArray, words);
    QElapsedTimer timer;
    const QString path = m_folder.write(content.toStdString());
    Model model;
    std::string message;
    timer.start();
    const std::string error = bytes::errorOf([&] { model = core::formats::openModel(path.toStdString()); }, &message);
    QVERIFY2(timer.elapsed() < 20'000, "an input that takes far too long");
    if (timer.elapsed() > 500)
        qInfo("%lld ms", timer.elapsed());
    QCOMPARE(error, what == Shows::Error ? id : ""s);
    if (what == Shows::Note) {
        QVERIFY(noteOf(model, id));
        message.clear();
        for (const core::Note& note : model.notes)
            message += note.message.id == id ? note.message.text : "";
    } else if (what == Shows::Problem) {
        message = model.parameters.at(0).problem;
        QVERIFY2(message.find(id) != message.npos, message.c_str());
    } else if (what == Shows::Values) {
        std::string found;
        for (const float value : values(model.parameters.at(0)))
            found += std::to_string(static_cast<int>(value));
        QCOMPARE(found, id);
    } else if (what == Shows::Bytes) {
        QCOMPARE(hex(model.parameters.at(0)), id);
    } else if (what == Shows::Names) {
        QCOMPARE(names(model), id);
    } else if (what == Shows::Entry) {
        QCOMPARE(entries(model), id);
    } else if (what == Shows::Kinds) {
        QCOMPARE(kinds(model), id);
    } else if (what == Shows::Cut) {
        QVERIFY(QFile::resize(path, 100));
        QCOMPARE(bytes::errorOf([&] { read(model.parameters.at(0).source); }), id);
    }
    QVERIFY2(message.find(words.toStdString()) != message.npos || words.isEmpty(), message.c_str());
}

QTEST_APPLESS_MAIN(TestTorchCatalogue)
#include "tst_torchcatalogue.moc"
