// SPDX-License-Identifier: GPL-3.0-or-later
// Tensors that are not plain views of a storage: turned signs, sparse, quantised and nested ones, NumPy's arrays.
#include "torchfixture.h"

using bytes::little;
using core::Model;
using namespace torchbytes;
using namespace std::string_literals;

class TestTorchLayouts : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void conjugated();
    void parts_data();
    void parts();
    void numpyArrays();

private:
    Folder m_folder;
};

/// T12: the signs of imaginary parts are turned, bit by bit.
void TestTorchLayouts::conjugated()
{
    const Model model = m_folder.openValue(dict({{"c", tensor({.shape = {3},
                                                               .strides = {1},
                                                               .numel = 3,
                                                               .storage = "torch\nComplexFloatStorage",
                                                               .rest = "\x89" + orderedDict + dict({{"conj", "\x88"}})})}}));
    QCOMPARE(model.parameters[0].problem, ""s);
    const core::Tensor read = core::read(model.parameters[0].source);
    QCOMPARE(std::string(reinterpret_cast<const char*>(read.bytes().data()), read.bytes().size()), floats({0, -1, 2, -3, 4, -5}));
}

void TestTorchLayouts::parts_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QString>("expected"); ///< "name shape detail; " of each parameter
    const auto row = [](const char* name, const std::string& value, const char* expected) {
        QTest::newRow(name) << QByteArray::fromStdString(value) << QString(expected);
    };
    const std::string layout = "ctorch.serialization\n_get_layout\n(", one = tensor({.shape = {6}, .strides = {1}});
    const auto sparse = [&](const std::string& kind, const std::string& data) {
        return "ctorch._utils\n_rebuild_sparse_tensor\n(" + layout + text("torch." + kind) + "tR(" + data + "ctorch\nSize\n(" +
               tuple({9, 9}) + "tRttR";
    };
    row("T13 sparse_coo with indices out of range", sparse("sparse_coo", tensor({}) + one),
        "x.indices [2,3] indices of a sparse_coo tensor [9,9]; x.values [6] values of a sparse_coo tensor [9,9]; ");
    row("T12 sparse_csc", sparse("sparse_csc", one + tensor({}) + one),
        "x.ccol_indices [6] ccol_indices of a sparse_csc tensor [9,9]; x.row_indices [2,3] row_indices of a sparse_csc tensor [9,9]; "
        "x.values [6] values "
        "of a sparse_csc tensor [9,9]; ");
    row("T12 nested", "ctorch._utils\n_rebuild_nested_tensor\n(" + one + tensor({}) + tensor({}) + one + "tR",
        "x.values [6] values of a nested tensor; x.sizes [2,3] sizes of a nested tensor; x.strides [2,3] strides of a nested tensor; "
        "x.offsets [6] "
        "offsets of a nested tensor; ");
    const auto quantised = [&](const std::string& quantiser) {
        return tensor(
            {.numel = 24, .storage = "torch\nQInt8Storage", .function = "_rebuild_qtensor", .rest = quantiser + "\x89" + orderedDict});
    };
    row("T12 quantised", quantised("(ctorch\nper_tensor_affine\nG?\xE0\0\0\0\0\0\0K\7t"s), "x [2,3] scale 0.5, zero point 7; ");
    row("T12 quantised by channel", quantised("(ctorch\nper_channel_affine\n" + one + one + "K\1t"),
        "x [2,3] scales and zero points along axis 1; x.scales [6] scales along axis 1; x.zero_points [6] zero points along axis 1; ");
    row("T12 packed",
        tensor({.shape = {4, 12},
                .strides = {12, 1},
                .numel = 24,
                .storage = "torch\nQUInt4x2Storage",
                .function = "_rebuild_qtensor",
                .rest = "(ctorch\nper_tensor_affine\nK\1K\0t\x89"s + orderedDict}),
        "x [4,6] scale 1, zero point 0, shape [4,12], 2 values in a byte; ");
    row("T12 subclass that wraps two",
        "ctorch._tensor\n_rebuild_from_type_v2\n(ctorch._utils\n_rebuild_wrapper_subclass\nctorchao\nPair\n)" +
            dict({{"low", tensor({})}, {"high", one}}) + "tR",
        "x.low [2,3] low of a Pair; x.high [6] high of a Pair; ");
}

void TestTorchLayouts::parts()
{
    QFETCH(QByteArray, value);
    QFETCH(QString, expected);
    const Model model = m_folder.openValue(dict({{"x", value.toStdString()}, {"y.weight", tensor({})}}));
    std::string found;
    for (const core::Parameter& parameter : model.parameters) {
        QCOMPARE(parameter.problem, ""s);
        if (parameter.name != "y.weight")
            found += fmt::format("{} {} {}; ", parameter.name, core::text(parameter.source.shape), parameter.detail);
        QCOMPARE(read(parameter.source).count(), count(parameter));
    }
    QCOMPARE(found, expected.toStdString());
}

/// As Python 3 pickles them at protocols 2 and 5, and Python 2.
void TestTorchLayouts::numpyArrays()
{
    const std::string shorts = little(1, 2) + little(2, 2) + little(3, 2) + little(4, 2) + little(5, 2) + little(6, 2);
    const auto array = [&](const std::string& core, const std::string& order, bool isFortran, const std::string& bytes) {
        return "cnumpy." + core + ".multiarray\n_reconstruct\n(cnumpy\nndarray\n(K\0tU\1btR(K\1(K\2K\3tcnumpy\ndtype\n(U\2u2K\0K\1tR(K\3"s +
               text(order) + "NNNJ\xFF\xFF\xFF\xFFJ\xFF\xFF\xFF\xFFK\0tb"s + (isFortran ? "\x88" : "\x89") + bytes + "tb";
    };
    const std::string old = "U\x0C"s + shorts, encoded = "c_codecs\nencode\n(" + text(shorts) + text("latin1") + "tR";
    std::string swapped = shorts;
    for (std::size_t i = 0; i < swapped.size(); i += 2)
        std::swap(swapped[i], swapped[i + 1]);
    const Model model = m_folder.openValue(dict({{"a", array("core", "<", false, old)},
                                                 {"b", array("_core", "<", true, encoded)},
                                                 {"c", array("core", ">", false, "C\x0C"s + swapped)},
                                                 {"bad", array("core", "<", false, "U\x02"s + "ab")}}));
    QCOMPARE(model.parameters.size(), std::size_t{4});
    QCOMPARE(values(model.parameters[0]), (std::vector<float>{1, 2, 3, 4, 5, 6}));
    QCOMPARE(values(model.parameters[1]), (std::vector<float>{1, 3, 5, 2, 4, 6}));
    QCOMPARE(values(model.parameters[2]), (std::vector<float>{1, 2, 3, 4, 5, 6}));
    QCOMPARE(model.parameters[3].problem, "2 bytes for shape [2,3]"s);
    // Objects are not unpickled.
    const Model objects = m_folder.openValue(dict(
        {{"x.weight", tensor({})},
         {"o",
          "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(K\0tU\1btR(K\1(K\1tcnumpy\ndtype\n(U\2O8K\0K\1tR(K\3U\1|NNNK\0K\0K?tb\x89]Natb"s}}));
    QCOMPARE(objects.parameters.at(1).problem, "an array of Python objects"s);
}

QTEST_APPLESS_MAIN(TestTorchLayouts)
#include "tst_torchlayouts.moc"
