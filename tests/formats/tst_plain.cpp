// SPDX-License-Identifier: GPL-3.0-or-later
// Files of no framework, built byte by byte: safetensors, .npz and .npy.
#include "core/formats/format.h"
#include "tests/formats/bytes.h"

using namespace core;

namespace {

std::string safetensors(const std::string& header, const std::string& data)
{
    return bytes::little(header.size(), 8) + header + data;
}

std::string npy(const std::string& descr, const std::string& shape, const std::string& data, bool fortran = false)
{
    const std::string header =
        fmt::format("{{'descr': {}, 'fortran_order': {}, 'shape': {}, }}\n", descr, fortran ? "True" : "False", shape);
    return std::string("\x93NUMPY\1\0", 8) + bytes::little(header.size(), 2) + header + data;
}

const std::string two = R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"I16","shape":[1],"data_offsets":[2,4]}})";

}

class TestPlain : public QObject
{
    Q_OBJECT

private:
    Model opened(const std::string& content)
    {
        const QString path = m_folder.filePath("file");
        bytes::write(path, content);
        return formats::openModel(path.toStdString());
    }

    QTemporaryDir m_folder;

private Q_SLOTS:
    void readsSafetensors()
    {
        const Model model = opened(safetensors(
            R"({"__metadata__":{"format":"pt"},"l.10.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},)"
            R"("l.2.weight":{"dtype":"F32","shape":[2,1],"data_offsets":[8,16]},"l.2.bias":{"dtype":"BOOL","shape":[2],"data_offsets":[16,18]}}   )",
            std::string(8, '\1') + std::string("\0\0\x80\x3f\0\0\0\x40\1\1", 10)));
        QCOMPARE(model.origin.format, std::string("safetensors"));
        QCOMPARE(model.framework, Framework::None);
        QVERIFY(!model.wired);
        QCOMPARE(model.entries.at(0).name, std::string("__metadata__.format"));
        QCOMPARE(model.layers.at(0).name, std::string("l.2"));
        QCOMPARE(model.layers.at(0).kind, std::string("Linear"));
        QCOMPARE(model.layers.at(1).name, std::string("l.10"));
        const Parameter& weight = *model.parameter("l.2.weight");
        QCOMPARE(weight.role, std::string("kernel"));
        QCOMPARE(read(weight.source).floats()[1], 2.0f);
        QCOMPARE(model.parameter("l.2.bias")->source.dtype, DType::Bool);
        QCOMPARE(model.layers.at(1).kind, std::string("Linear or Embedding")); // no bias tells
        QCOMPARE(model.notes.size(), std::size_t{1});
        QCOMPARE(model.notes[0].message.id, std::string("guessed-class"));
        QVERIFY2(model.notes[0].message.text.find("l.10 may be Linear or Embedding") != std::string::npos,
                 model.notes[0].message.text.c_str());
    }

    /// The first two bytes of the length are those of a pickle of protocol 1 to 5.
    void headersLikePickles_data()
    {
        QTest::addColumn<int>("length");
        for (const int protocol : {1, 2, 3, 4, 5})
            for (const int pages : {0, 1, 3})
                QTest::addRow("%d", 128 + 256 * protocol + 65536 * pages) << 128 + 256 * protocol + 65536 * pages;
    }
    void headersLikePickles()
    {
        QFETCH(int, length);
        std::string header = two;
        header.resize(static_cast<std::size_t>(length), ' ');
        const Model model = opened(safetensors(header, "\1\2\3\4"));
        QCOMPARE(model.origin.format, std::string("safetensors"));
        QCOMPARE(model.parameters.size(), std::size_t{2});
    }

    void namesTensorFlowCheckpoints_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("index") << "model.index" << QByteArray(100, '\0') + QByteArray("\x57\xfb\x80\x8b\x24\x75\x47\xdb")
                               << QByteArray("index of a TensorFlow");
        QTest::newRow("values") << "model.data-00000-of-00001" << QByteArray(100, '\x3f') << QByteArray("values of a TensorFlow");
        QTest::newRow("list") << "checkpoint" << QByteArray("model_checkpoint_path: \"ckpt-1\"\n") << QByteArray("list of TensorFlow");
    }
    void namesTensorFlowCheckpoints()
    {
        QFETCH(QString, name);
        QFETCH(QByteArray, content);
        QFETCH(QByteArray, expected);
        const QString path = m_folder.filePath(name);
        bytes::write(path, content.toStdString());
        std::string message;
        QCOMPARE(bytes::errorOf([&] { formats::openModel(path.toStdString()); }, &message), std::string("format-unknown"));
        QVERIFY2(message.find(expected.toStdString()) != std::string::npos, message.c_str());
    }

    void tellsNarrowedNumbers()
    {
        const Model model = opened(
            safetensors(R"({"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"b":{"dtype":"BF16","shape":[1],"data_offsets":[8,10]}})",
                        std::string(10, '\1')));
        QCOMPARE(model.notes.size(), std::size_t{1});
        QCOMPARE(model.notes[0].message.id, std::string("precision"));
        QCOMPARE(model.notes[0].message.text, std::string("The file says float64, bfloat16; Tieout computes in float32. 1 of 2 parameters "
                                                          "are rounded to it before anything is computed."));
    }

    void tellsWhatCannotBeRead_data()
    {
        QTest::addColumn<QString>("header");
        QTest::addColumn<int>("size");
        QTest::addColumn<QString>("problem");
        QTest::newRow("type unknown") << R"({"a":{"dtype":"F128","shape":[1],"data_offsets":[0,16]}})" << 16 << "F128";
        QTest::newRow("bytes too few") << R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})" << 4 << "should have 8 bytes";
        QTest::newRow("beyond the end") << R"({"a":{"dtype":"U8","shape":[9],"data_offsets":[0,9]}})" << 4 << "cut short";
        QTest::newRow("falling offsets") << R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[2,0]}})" << 2 << "data_offsets";
        QTest::newRow("no offsets") << R"({"a":{"dtype":"U8","shape":[2]}})" << 2 << "data_offsets";
        QTest::newRow("overflow") << R"({"a":{"dtype":"U8","shape":[4611686018427387904,8],"data_offsets":[0,0]}})" << 0 << "counted";
        QTest::newRow("6 bits") << R"({"a":{"dtype":"F6_E2M3","shape":[4],"data_offsets":[0,3]}})" << 3 << "6 bits";
        QTest::newRow("half a byte") << R"({"a":{"dtype":"F4","shape":[3],"data_offsets":[0,2]}})" << 2 << "whole bytes";
    }
    void tellsWhatCannotBeRead()
    {
        QFETCH(QString, header);
        QFETCH(int, size);
        QFETCH(QString, problem);
        const Model model = opened(safetensors(header.toStdString(), std::string(static_cast<std::size_t>(size), '\1')));
        QCOMPARE(model.parameters.size(), std::size_t{1});
        QVERIFY2(QString::fromStdString(model.parameters[0].problem).contains(problem), model.parameters[0].problem.c_str());
    }

    void notesGaps()
    {
        const Model model = opened(safetensors(two, "\1\2\3\4hidden"));
        QCOMPARE(model.notes.size(), std::size_t{1});
        QCOMPARE(model.notes[0].message.id, std::string("safetensors-gaps"));
        QVERIFY(QString::fromStdString(model.notes[0].message.text).startsWith("6 bytes"));
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* name, const std::string& content, const char* message) {
            QTest::newRow(name) << QByteArray::fromStdString(content) << message;
        };
        row("safetensors: cut in its header", safetensors(two, "").substr(0, 40), "cut short");
        row("safetensors: length of a terabyte", bytes::little(std::uint64_t{1} << 39, 8) + "{\"a\"", "at most 100000000");
        row("safetensors: no JSON", safetensors("{\"a\": nonsense}", ""), "a header in JSON");
        row("safetensors: cut JSON", safetensors(two.substr(0, 40), ""), "a header in JSON");
        row("safetensors: a name twice", safetensors(R"({"a":{"dtype":"U8","shape":[],"data_offsets":[0,1]},"a":{}})", "1"),
            "every name once");
        row("safetensors: bytes shared",
            safetensors(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}})",
                        "123"),
            "share bytes");
        row("safetensors: negative size", safetensors(R"({"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,0]}})", ""),
            "negative number -1");
        row("safetensors: fractional size", safetensors(R"({"a":{"dtype":"U8","shape":[1.5],"data_offsets":[0,0]}})", ""), "1.5");
        row("safetensors: deep", safetensors("{\"a\":" + std::string(100000, '['), ""), "dtype, shape and data_offsets");
        row("npy: cut header", npy("'<f4'", "(1,)", "").substr(0, 30), "a whole header");
        row("npy: cut values", npy("'<f4'", "(2,)", "1234"), "2 elements of float32");
        row("npy: an endless header", std::string("\x93NUMPY\2\0", 8) + bytes::little(0xFFFFFFFF, 4) + "{", "a whole header");
        row("npy: overflow", npy("'<f4'", "(4611686018427387904, 4)", ""), "2^62");
    }
    void refuses()
    {
        QFETCH(QByteArray, content);
        QFETCH(QString, message);
        std::string text;
        QVERIFY(!bytes::errorOf([&] { opened(content.toStdString()); }, &text).empty());
        QVERIFY2(QString::fromStdString(text).contains(message), text.c_str());
    }

    void readsArrays()
    {
        const Model model = opened(npy("'>i2'", "(2, 3)", std::string("\0\1\0\4\0\2\0\5\0\3\0\6", 12), true));
        QCOMPARE(model.origin.format, std::string("npy"));
        const Tensor tensor = read(model.parameters.at(0).source);
        QCOMPARE(tensor.shape(), (Shape{2, 3}));
        for (std::size_t i = 0; i < 6; ++i) {
            QCOMPARE(std::to_integer<int>(tensor.bytes()[2 * i]), static_cast<int>(i + 1));
            QCOMPARE(std::to_integer<int>(tensor.bytes()[2 * i + 1]), 0);
        }
    }

    void readsArchives()
    {
        const std::string array = npy("'|u1'", "(3,)", "abc"), damaged = npy("'|u1'", "(9,)", "abc");
        bytes::Entry deflated{"d.npy", array};
        deflated.packed = bytes::deflated(array);
        deflated.method = 8;
        bytes::Entry wrong = deflated;
        wrong.name = wrong.localName = "wrong.npy";
        wrong.crc = 7;
        const Model model = opened(bytes::zip({{"dense/kernel.npy", array},
                                               deflated,
                                               wrong,
                                               {"damaged.npy", damaged},
                                               {"objects.npy", npy("'|O'", "(1,)", "cos\nsystem\n")},
                                               {"records.npy", npy("[('a', '<f4'), ('b', [('c', 'i4')])]", "(1,)", "12345678")},
                                               {"texts.npy", npy("'<U3'", "(1,)", std::string(12, 'x'))},
                                               {"notes.txt", "text"}}));
        QCOMPARE(model.origin.format, std::string("npz"));
        QCOMPARE(model.parameters.size(), std::size_t{7});
        QCOMPARE(model.layers.at(0).name, std::string("dense"));
        for (const char* name : {"dense/kernel", "d"}) {
            const Tensor tensor = read(model.parameter(name)->source);
            QCOMPARE(std::string(reinterpret_cast<const char*>(tensor.bytes().data()), 3), std::string("abc"));
        }
        QCOMPARE(bytes::errorOf([&] { read(model.parameter("wrong")->source); }), std::string("npz-checksum"));
        const auto problem = [&](const char* name) { return QString::fromStdString(model.parameter(name)->problem); };
        QVERIFY(problem("damaged").contains("9 elements"));
        QVERIFY(problem("objects").contains("not unpickled"));
        QVERIFY(problem("records").contains("('c', 'i4')"));
        QVERIFY(problem("texts").contains("texts"));
        QCOMPARE(model.notes.at(0).message.id, std::string("npz-others"));
    }
};

QTEST_GUILESS_MAIN(TestPlain)
#include "tst_plain.moc"
