// SPDX-License-Identifier: GPL-3.0-or-later
#include "torchfixture.h"

using bytes::little;
using core::Model;
using core::Note;
using core::formats::openModel;
using namespace torchbytes;
using namespace std::string_literals;

class TestTorchTensors : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void goodTensors_data();
    void goodTensors();
    void badTensors_data();
    void badTensors();
    void bitExact();
    void sharedStorage();
    void expandedBomb();

private:
    Folder m_folder;
};

void TestTorchTensors::goodTensors_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QString>("shape");
    QTest::addColumn<QList<float>>("expected");
    const auto row = [](const char* name, const std::string& value, const char* shape, const QList<float>& expected) {
        QTest::newRow(name) << QByteArray::fromStdString(value) << QString(shape) << expected;
    };
    row("plain", tensor({}), "[2,3]", {0, 1, 2, 3, 4, 5});
    row("T09 transposed", tensor({.shape = {3, 2}, .strides = {1, 3}}), "[3,2]", {0, 3, 1, 4, 2, 5});
    row("T09 sliced", tensor({.shape = {2}, .strides = {2}, .offset = 1}), "[2]", {1, 3});
    row("T06 expanded", tensor({.shape = {2, 2}, .strides = {0, 1}, .offset = 4}), "[2,2]", {4, 5, 4, 5});
    row("T10 rank 0", tensor({.shape = {}, .strides = {}, .offset = 2}), "[]", {2});
    row("T10 dim 0", tensor({.shape = {0, 3}, .strides = {3, 1}}), "[0,3]", {});
    row("T14 cuda:0", tensor({.location = "cuda:0"}), "[2,3]", {0, 1, 2, 3, 4, 5});
    row("T14 unknown device", tensor({.storage = "torch.cuda\nFloatStorage", .location = "quantum:7"}), "[2,3]", {0, 1, 2, 3, 4, 5});
    row("old _rebuild_tensor", tensor({.function = "_rebuild_tensor", .rest = ""}), "[2,3]", {0, 1, 2, 3, 4, 5});
    row("_rebuild_tensor_v3",
        tensor({.numel = 24,
                .storage = "torch.storage\nUntypedStorage",
                .function = "_rebuild_tensor_v3",
                .rest = "\x89" + orderedDict + "ctorch\nfloat32\n"}),
        "[2,3]", {0, 1, 2, 3, 4, 5});
    row("_rebuild_parameter", parameter({}), "[2,3]", {0, 1, 2, 3, 4, 5});
    row("_rebuild_from_type_v2",
        "ctorch._tensor\n_rebuild_from_type_v2\n(ctorch._utils\n_rebuild_tensor_v2\nctorch.nn.parameter\nBuffer\n(" + storage({}) +
            integer(0) + tuple({2, 3}) + tuple({3, 1}) + "\x89" + orderedDict + "t}tR",
        "[2,3]", {0, 1, 2, 3, 4, 5});
    row("T12 int16", tensor({.shape = {2}, .strides = {1}, .numel = 12, .storage = "torch\nShortStorage"}), "[2]", {0, 0});
    row("T12 negated", tensor({.rest = "\x89" + orderedDict + dict({{"neg", "\x88"}})}), "[2,3]", {-0.f, -1, -2, -3, -4, -5});
    row("T12 flag that is not set", tensor({.rest = "\x89" + orderedDict + dict({{"neg", "\x89"}})}), "[2,3]", {0, 1, 2, 3, 4, 5});
    row("L05 view of a storage",
        "ctorch._utils\n_rebuild_tensor\n((" + text("storage") + "ctorch\nFloatStorage\n" + text("0") + text("cpu") + integer(6) +
            tuple({1, 2, 4}) + "tQ" + integer(1) + tuple({3}) + tuple({1}) + "tR",
        "[3]", {3, 4, 5});
    row("bare tuple instead of a persistent id",
        "ctorch._utils\n_rebuild_tensor\n((" + text("storage") + "ctorch\nFloatStorage\n" + text("0") + text("cpu") + integer(6) + "t" +
            integer(4) + tuple({2}) + tuple({1}) + "tR",
        "[2]", {4, 5});
    row("a storage by itself", storage({}), "[6]", {0, 1, 2, 3, 4, 5});
    row("torch.Size as shape",
        "ctorch._utils\n_rebuild_tensor_v2\n(" + storage({}) + integer(0) + "ctorch\nSize\n" + tuple({2, 3}) + "\x85R" + tuple({3, 1}) +
            "\x89" + orderedDict + "tR",
        "[2,3]", {0, 1, 2, 3, 4, 5});
}

void TestTorchTensors::goodTensors()
{
    QFETCH(QByteArray, value);
    QFETCH(QString, shape);
    QFETCH(QList<float>, expected);
    const Model model = m_folder.openValue(dict({{"fc.weight", value.toStdString()}}));
    QCOMPARE(model.parameters.size(), std::size_t{1});
    const core::Parameter& parameter = model.parameters[0];
    QCOMPARE(parameter.problem, ""s);
    QCOMPARE(core::text(parameter.source.shape), shape.toStdString());
    QCOMPARE(values(parameter), std::vector<float>(expected.begin(), expected.end()));
    QVERIFY(!noteOf(model, "torch-tensor"));
}

void TestTorchTensors::badTensors_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("problem");
    const auto row = [](const char* name, const std::string& value, const char* problem) {
        QTest::newRow(name) << QByteArray::fromStdString(value) << QByteArray(problem);
    };
    const std::string v2 = "ctorch._utils\n_rebuild_tensor_v2\n";
    const std::string sizes = integer(0) + tuple({2, 3}) + tuple({3, 1}) + "\x89" + orderedDict + "tR";
    row("P23 persistent id is a number", v2 + "(K\1Q" + sizes, "no storage");
    row("P23 persistent id too short", v2 + "((" + text("storage") + "ctorch\nFloatStorage\ntQ" + sizes, "no storage");
    row("P23 key of the wrong type", v2 + "((" + text("storage") + "ctorch\nFloatStorage\nK\1" + text("cpu") + integer(6) + "tQ" + sizes,
        "without type or key");
    row("P23 negative numel", tensor({.numel = -1}), "a storage of -1 elements");
    row("P23 unknown storage class", tensor({.storage = "torch\nMagicStorage"}), "unknown type");
    row("P24 too few arguments", v2 + "(" + storage({}) + integer(0) + "tR", "arguments only");
    row("P24 shape of texts", v2 + "(" + storage({}) + integer(0) + "(" + text("2") + "t" + tuple({1}) + "\x89" + orderedDict + "tR",
        "no integer");
    row("P24 shape is a number", v2 + "(" + storage({}) + integer(0) + "K\2" + tuple({1}) + "\x89" + orderedDict + "tR", "no tuple");
    row("P24 parameter of a number", "ctorch._utils\n_rebuild_parameter\n(K\1\x88" + orderedDict + "tR", "no tensor");
    row("P24 no arguments", v2 + ")R", "arguments only");
    row("T01 beyond its storage", tensor({.shape = {2, 4}, .strides = {4, 1}}), "reaches byte 32 of a storage of 24 bytes");
    row("T01 offset beyond its storage", tensor({.offset = 1}), "reaches byte 28");
    row("T02 storage larger than its record", tensor({.numel = 1'000'000}), "should have 4000000 bytes and has 24");
    row("T04 negative size", tensor({.shape = {-2, 3}}), "negative");
    row("T04 negative stride", tensor({.strides = {-3, 1}}), "negative");
    row("T04 negative offset", tensor({.offset = -1}), "negative offset");
    row("T05 product overflows", tensor({.shape = {1LL << 32, 1LL << 32, 16}, .strides = {0, 0, 0}}), "overflow");
    row("T05 stride overflows", tensor({.shape = {3}, .strides = {1LL << 62}}), "overflow");
    row("T05 numel overflows", tensor({.numel = 1LL << 62}), "a storage of");
    row("T06 2^40 elements by stride 0", tensor({.shape = {1LL << 40}, .strides = {0}}), "more than the file can hold");
    row("T10 rank 65", tensor({.shape = std::vector<std::int64_t>(65, 1), .strides = std::vector<std::int64_t>(65, 1)}), "rank 65");
    row("T10 strides of another rank", tensor({.strides = {1}}), "2 sizes with 1 strides");
    row("T12 unknown float8",
        tensor({.numel = 24,
                .storage = "torch.storage\nUntypedStorage",
                .function = "_rebuild_tensor_v3",
                .rest = "\x89" + orderedDict + "ctorch\nfloat3_e1m1\n"}),
        "float3_e1m1");
    row("T12 nested without its sizes", "ctorch._utils\n_rebuild_nested_tensor\n(" + tensor({}) + "tR", "1 arguments only");
    row("T12 unknown kind", "ctorch._utils\n_rebuild_quantum_tensor\n(" + tensor({}) + "tR", "of another kind (_rebuild_quantum_tensor)");
    row("T12 meta without storage",
        "ctorch._utils\n_rebuild_meta_tensor_no_storage\n(ctorch\nfloat16\n" + tuple({2, 3}) + tuple({3, 1}) + "\x89tR", "a meta tensor");
    row("T13 sparse without values", "ctorch._utils\n_rebuild_sparse_tensor\n(ctorch\nsparse_coo\n(" + tensor({}) + "ttR",
        "without its parts");
    row("T13 sparse of an unknown layout",
        "ctorch._utils\n_rebuild_sparse_tensor\n(ctorch\nsparse_xyz\n(" + tensor({}) + tensor({}) + "ttR", "layout sparse_xyz");
    row("T14 meta", tensor({.location = "meta"}), "meta");
    row("storage missing", tensor({.key = "17"}), "is not in the file");
    const auto viewed = [&](const std::string& view) {
        return v2 + "((" + text("storage") + "ctorch\nFloatStorage\n" + text("0") + text("cpu") + integer(6) + view + "tQ" + sizes;
    };
    row("L05 tensor beyond its view", viewed(tuple({1, 2, 3})), "reaches byte 24 of a storage of 12 bytes");
    row("L05 view beyond its storage", viewed(tuple({1, 4, 3})), "a view of 3 elements from element 4 of a storage of 6");
    row("L05 view of a negative size", viewed(tuple({1, 4, -3})), "a view of -3 elements");
    row("L05 view of texts", viewed("(" + text("a") + text("b") + text("c") + "t"), "no integer");
}

/// A bad tensor is told as such; the rest of the file stays readable.
void TestTorchTensors::badTensors()
{
    QFETCH(QByteArray, value);
    QFETCH(QByteArray, problem);
    const Model model = m_folder.openValue(dict({{"bad.weight", value.toStdString()}, {"good.weight", tensor({})}}));
    QCOMPARE(model.parameters.size(), std::size_t{2});
    QVERIFY2(model.parameters[0].problem.find(problem.toStdString()) != std::string::npos, model.parameters[0].problem.c_str());
    QVERIFY(count(model.parameters[0]) >= 0);
    QVERIFY(noteOf(model, "torch-tensor"));
    QCOMPARE(noteOf(model, "torch-tensor")->where, "bad.weight"s);
    QCOMPARE(values(model.parameters[1]), (std::vector<float>{0, 1, 2, 3, 4, 5}));
}

/// T11, T12 and Z20: bytes come out as they are in the file, at odd offsets too.
void TestTorchTensors::bitExact()
{
    const std::string odd =
        little(0x7FC00001, 4) + little(0xFF800000, 4) + little(1, 4) + little(0x80000000, 4) + little(0x7F800001, 4) + little(0, 4);
    const std::vector<bytes::Entry> more = {
        {.name = "m/data/h", .data = little(0x3C00, 2) + little(0xFC00, 2), .extra = "FB"s + little(1, 2) + "Z"},
        {.name = "m/data/b", .data = little(0x3F80, 2) + little(0x4000, 2)},
        {.name = "m/data/c", .data = std::string(16, '\1')},
        {.name = "m/data/l", .data = little(7, 8) + little(~std::uint64_t{0}, 8)},
        {.name = "m/data/q", .data = "\1\2"}};
    const auto pair = [](const char* key, const char* storage, std::int64_t numel = 2) {
        return tensor({.key = key, .shape = {numel}, .strides = {1}, .numel = numel, .storage = "torch\n"s + storage});
    };
    const std::string quantised = tensor({.key = "q",
                                          .shape = {2},
                                          .strides = {1},
                                          .numel = 2,
                                          .storage = "torch\nQInt8Storage",
                                          .function = "_rebuild_qtensor",
                                          .rest = "(ctorch\nper_tensor_affine\nG?\xF0\0\0\0\0\0\0K\0t\x89"s + orderedDict});
    const Model model = m_folder.open(file(dict({{"f", tensor({})},
                                                 {"h", pair("h", "HalfStorage")},
                                                 {"b", pair("b", "BFloat16Storage")},
                                                 {"c", pair("c", "ComplexFloatStorage")},
                                                 {"l", pair("l", "LongStorage")},
                                                 {"q", quantised}}),
                                           {{"0", odd}}, more));
    const auto raw = [&](std::size_t i) {
        const auto bytes = read(model.parameters[i].source);
        return std::string(reinterpret_cast<const char*>(bytes.bytes().data()), bytes.bytes().size());
    };
    QCOMPARE(raw(0), odd);
    QCOMPARE(raw(1), more[0].data);
    QCOMPARE(raw(2), more[1].data);
    QCOMPARE(raw(3), more[2].data);
    QCOMPARE(raw(4), more[3].data);
    QCOMPARE(raw(5), more[4].data);
    std::string dtypes;
    for (const core::Parameter& parameter : model.parameters)
        dtypes += std::string(name(parameter.source.dtype)) + " ";
    QCOMPARE(dtypes, "float32 float16 bfloat16 complex64 int64 qint8 "s);
}

/// T07, T08, T09: several tensors over one storage.
void TestTorchTensors::sharedStorage()
{
    const Model tied = m_folder.openValue(dict({{"a.weight", tensor({})}, {"b.weight", tensor({.shape = {3, 2}, .strides = {1, 3}})}}));
    QCOMPARE(tied.parameters[0].sharedWith, std::vector<std::string>{"b.weight"});
    QCOMPARE(tied.parameters[1].sharedWith, std::vector<std::string>{"a.weight"});
    QVERIFY(!noteOf(tied, "torch-storage"));
    QVERIFY(noteOf(m_folder.openValue(dict({{"a", tensor({})}, {"b", tensor({.storage = "torch\nIntStorage"})}})), "torch-storage"));
    QVERIFY(
        noteOf(m_folder.openValue(dict({{"a", tensor({})}, {"b", tensor({.shape = {2}, .strides = {1}, .numel = 5})}})), "torch-storage"));
    // T03: a record longer than declared can be read, but PyTorch refuses it.
    const Model longer = m_folder.openValue(dict({{"a", tensor({.shape = {5}, .strides = {1}, .numel = 5})}}));
    QCOMPARE(longer.parameters[0].problem, ""s);
    QVERIFY(noteOf(longer, "torch-storage"));
}

/// T06: listed at once, refused when its values are asked for.
void TestTorchTensors::expandedBomb()
{
    const Model model = m_folder.openValue(dict({{"a", tensor({.shape = {1LL << 40}, .strides = {0}})}}));
    QCOMPARE(count(model.parameters[0]), std::int64_t{1} << 40);
    QVERIFY(!model.parameters[0].problem.empty());
}

QTEST_APPLESS_MAIN(TestTorchTensors)
#include "tst_torchtensors.moc"
