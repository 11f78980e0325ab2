// SPDX-License-Identifier: GPL-3.0-or-later
#include "bytes.h"

#include "core/formats/pickle/globals.h"
#include "core/formats/pickle/pickle.h"

using core::formats::describe;
using core::formats::Pickle;
using core::formats::PickleNode;
using Type = PickleNode::Type;
using bytes::errorOf;
using bytes::little;

using namespace std::string_literals;

namespace {

Pickle readPickle(const std::string& stream)
{
    bytes::seed(stream);
    return Pickle::read(bytes::span(stream), "test.pt", "data.pkl");
}

std::string errorOfStream(const std::string& stream)
{
    return errorOf([&] { readPickle(stream); });
}

}

class TestPickle : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void values_data();
    void values();
    void errors_data();
    void errors();
    void prefixSweep();
    void everyOpcodeOnEmptyStack();
    void stateOfObjects();
    void valuesLeftOver();
    void sorts_data();
    void sorts();
    void calls();
    void equalKeysStay();
    void cycle();
};

void TestPickle::values_data()
{
    QTest::addColumn<QByteArray>("stream");
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char* name, const std::string& stream, const char* text) {
        QTest::newRow(name) << QByteArray::fromStdString(stream) << QByteArray(text);
    };
    row("P01 os.system by GLOBAL and REDUCE", "cos\nsystem\n(S'rm -rf /'\ntR.", "os.system('rm -rf /')");
    row("P02 STACK_GLOBAL through the memo",
        "\x80\x04\x8c\x02os\x94\x8c\x06system\x94"
        "00h\0h\1\x93)R."s,
        "");
    row("P03 INST", "(S'ls'\nios\nsystem\n.", "os.system('ls')");
    row("P03 OBJ", "(cos\nsystem\nS'ls'\no.", "os.system('ls')");
    row("P18 no PROTO", "I5\n.", "5");
    row("P18 protocol 0 text", "(lp0\nI01\naF1.5\naVd\\u00e9j\\u00e0\naS'a\\'\\x41\\101\\n'\naL-7L\na.",
        "[True, 1.5, 'd\xc3\xa9j\xc3\xa0', 'a'AA\\x0a', -7]");
    row("P20 marks in names are escaped", "\x80\x02X\x06\0\0\0a\xE2\x80\xAE\x1B\xFF."s, "'a\\xe2\\x80\\xae\\x1b\\xff'");
    row("integers", "\x80\x02(K\xFFM\xFF\xFFJ\xFF\xFF\xFF\xFF\x8A\x00\x8A\x01\xFF\x8A\x02\xFF\x00\x8A\x09\0\0\0\0\0\0\0\0\x01t."s,
        "(255, 65535, -1, 0, -1, 255, a large integer)");
    row("floats and constants", "\x80\x02(G\x3F\xF8\0\0\0\0\0\0N\x88\x89t."s, "(1.5, None, True, False)");
    row("tuples", "\x80\x02K\x01\x85K\x02K\x03\x86\x86)\x86.", "(((1,), (2, 3)), ())");
    row("dicts", "\x80\x02}K\x01K\x02s(K\x03K\x04u.", "{1: 2, 3: 4}");
    row("dict by DICT", "(I1\nI2\nd.", "{1: 2}");
    row("sets", "\x80\x04\x8f(K\x01K\x02\x90.", "{1, 2}");
    row("frozenset", "\x80\x04(K\x01\x91.", "{1}");
    row("bytes",
        "\x80\x03(C\x02"
        "abB\x01\0\0\0x\x8e\x01\0\0\0\0\0\0\0y\x96\x01\0\0\0\0\0\0\0zt."s,
        "(2 bytes, 1 bytes, 1 bytes, 1 bytes)");
    row("bytes by _codecs",
        "\x80\x02"
        "c_codecs\nencode\nX\x03\0\0\0a\xC3\xBFX\x06\0\0\0latin1\x86R."s,
        "2 bytes");
    row("set by a call",
        "\x80\x02"
        "c__builtin__\nset\n](K\x01K\x02"
        "e\x85R.",
        "{1, 2}");
    row("OrderedDict of pairs",
        "\x80\x02"
        "ccollections\nOrderedDict\n]K\x01K\x02\x86"
        "a\x85R.",
        "{1: 2}");
    row("persistent ids", "\x80\x02K\x01K\x02\x86Q.", "<persistent (1, 2)>");
    row("POP, POP_MARK, DUP",
        "\x80\x02K\x01K\x02"
        "0(K\x03K\x04"
        "1(0"
        "2\x86.",
        "(1, 1)");
    row("memo", "\x80\x02K\x07q\x05r\x00\x01\0\0p900\n0h\5j\x00\x01\0\0g900\n\x87."s, "(7, 7, 7)");
}

void TestPickle::values()
{
    QFETCH(QByteArray, stream);
    QFETCH(QByteArray, text);
    if (text.isEmpty())
        text = "os.system()";
    try {
        const Pickle pickle = readPickle(stream.toStdString());
        QCOMPARE(QByteArray::fromStdString(describe(pickle.root())), text);
        QCOMPARE(pickle.size(), static_cast<std::size_t>(stream.size()));
    } catch (const core::Error& error) {
        QFAIL(error.what());
    }
}

void TestPickle::errors_data()
{
    QTest::addColumn<QByteArray>("stream");
    QTest::addColumn<QByteArray>("id");
    const auto row = [](const char* name, const std::string& stream, const char* id) {
        QTest::newRow(name) << QByteArray::fromStdString(stream) << QByteArray(id);
    };
    row("P05 EXT1", "\x80\x02\x82\x01.", "pickle-extension");
    row("P05 EXT2", "\x80\x02\x83\x01\0."s, "pickle-extension");
    row("P05 EXT4", "\x80\x02\x84\x01\0\0\0."s, "pickle-extension");
    row("P08 TUPLE without MARK", "\x80\x02K\x01t.", "pickle-mark");
    row("P08 a value below the MARK", "\x80\x02K\x01(\x85.", "pickle-stack");
    row("P09 GET of a huge index",
        "\x80\x02K\x01r\xFF\xFF\xFF\xFF"
        "0j\xFE\xFF\xFF\xFF.",
        "pickle-memo");
    row("P10 GET undefined", "\x80\x02h\x03.", "pickle-memo");
    row("P14 BINUNICODE8 longer than the file",
        "\x80\x04\x8d\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F"
        "abc.",
        "pickle-cut");
    row("P14 BINBYTES8 longer than the file",
        "\x80\x04\x8e\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"
        "abc.",
        "pickle-cut");
    row("P15 LONG4 of 2^31 bytes", "\x80\x02\x8b\xFF\xFF\xFF\x7F."s, "pickle-cut");
    row("P15 LONG4 of negative length", "\x80\x02\x8b\xFF\xFF\xFF\xFF.", "pickle-length");
    row("P15 LONG4 of 5000 bytes", "\x80\x02\x8b" + little(5000, 4) + std::string(5000, '\1') + ".", "pickle-integer");
    row("P15 LONG of a million digits", "L" + std::string(1'000'000, '9') + "L\n.", "pickle-integer");
    row("P18 protocol 6", "\x80\x06N.", "pickle-protocol");
    row("P22 STRING without quotes", "Sabc\n.", "pickle-string");
    row("P22 STRING with one quote", "S'\n.", "pickle-string");
    row("P22 STRING with a bad escape", "S'\\xZZ'\n.", "pickle-string");
    row("P22 negative BINSTRING",
        "T\xFF\xFF\xFF\xFF"
        "abc.",
        "pickle-length");
    row("bad number", "Iabc\n.", "pickle-integer");
    row("unknown opcode", "\x80\x02\xFF.", "pickle-opcode");
    row("SETITEM on a list", "\x80\x02]NNs.", "pickle-dict");
    row("SETITEMS with an odd number", "\x80\x02}(Nu.", "pickle-dict");
    row("APPEND to a dict", "\x80\x02}Na.", "pickle-append");
    row("BUILD on a number", "\x80\x02K\x01}b.", "pickle-build");
    row("REDUCE without a tuple",
        "\x80\x02"
        "cos\nsystem\nNR.",
        "pickle-call");
    row("OrderedDict of no pairs",
        "\x80\x02"
        "ccollections\nOrderedDict\n]Na\x85R.",
        "pickle-dict");
    row("STACK_GLOBAL of numbers", "\x80\x04K\x01K\x02\x93.", "pickle-global");
    row("out-of-band buffer", "\x80\x05\x97.", "pickle-buffer");
    row("empty", "", "pickle-cut");
}

void TestPickle::errors()
{
    QFETCH(QByteArray, stream);
    QFETCH(QByteArray, id);
    std::string text;
    QCOMPARE(errorOf([&] { readPickle(stream.toStdString()); }, &text), id.toStdString());
    QVERIFY2(text.find("test.pt") != text.npos && text.find("byte ") != text.npos, text.c_str());
}

/// P06
void TestPickle::prefixSweep()
{
    const std::string stream = "\x80\x02"
                               "ccollections\nOrderedDict\n)Rq\x01(X" +
                               little(1, 4) + "aK\x05X" + little(1, 4) + "b(K\x01K\x02tu.";
    QCOMPARE(describe(readPickle(stream).root()), std::string("{'a': 5, 'b': (1, 2)}"));
    for (std::size_t length = 0; length < stream.size(); ++length)
        QCOMPARE(errorOfStream(stream.substr(0, length)), std::string("pickle-cut"));
}

/// P07: an opcode that takes values finds none.
void TestPickle::everyOpcodeOnEmptyStack()
{
    const std::string takers = "0"
                               "2"
                               "R"
                               "b"
                               "a"
                               "e"
                               "s"
                               "u"
                               "t"
                               "l"
                               "d"
                               "o"
                               "q\1"
                               "Q\x81\x85\x86\x87\x90\x91\x92\x93\x94"
                               "1.";
    for (const char opcode : takers) {
        if (opcode == '\1')
            continue;
        const std::string stream = std::string("\x80\x04") + opcode + "\1\1\1\1";
        const std::string id = errorOfStream(stream);
        QVERIFY2(id == "pickle-stack" || id == "pickle-mark",
                 fmt::format("opcode {:#x}: {}", static_cast<unsigned char>(opcode), id).c_str());
    }
    QCOMPARE(errorOfStream("(ios\nsystem\n"), std::string("pickle-cut"));
    QCOMPARE(errorOfStream("ios\nsystem\n"), std::string("pickle-mark"));
}

/// P04: states are kept as data.
void TestPickle::stateOfObjects()
{
    const std::string stream = "\x80\x04"
                               "c__main__\nNet\n)}\x92}X" +
                               little(1, 4) +
                               "aK\x01sN\x86"
                               "b.";
    const Pickle pickle = readPickle(stream);
    const PickleNode& node = pickle.root();
    QVERIFY(node.is(Type::Object));
    QVERIFY(node.callable->isGlobal("__main__", "Net"));
    QVERIFY(node.keywords && node.keywords->is(Type::Dict));
    QCOMPARE(describe(*node.state), std::string("({'a': 1}, None)"));
    QCOMPARE(pickle.globals().size(), std::size_t{1});
}

/// Python takes the last value and leaves the others.
void TestPickle::valuesLeftOver()
{
    const Pickle pickle = readPickle("\x80\x02NK\x07.");
    QCOMPARE(describe(pickle.root()), std::string("7"));
    QCOMPARE(pickle.notes().size(), std::size_t{1});
    QCOMPARE(pickle.notes()[0].message.id, std::string("pickle-left-over"));
}

void TestPickle::sorts_data()
{
    QTest::addColumn<QString>("module");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("sort");
    const auto row = [](const char* module, const char* name, const char* sort) {
        QTest::addRow("%s.%s", module, name) << QString(module) << QString(name) << QString(sort);
    };
    for (const char* name : {"Linear", "Sequential"})
        row("torch.nn.modules.linear", name, "usual");
    row("torch.nn.modules.module", "register_module_forward_hook", "foreign");
    row("torch.nn.modules.module", "torch.os.system", "harmful");
    row("torch._utils", "_rebuild_tensor_v2", "usual");
    row("torch", "float32", "usual");
    row("torch", "float8_e4m3fn", "usual");
    row("torch", "FloatStorage", "usual");
    row("torch.cuda", "HalfTensor", "usual");
    row("torch", "from_file", "foreign");
    row("torch", "load", "harmful");
    row("builtins", "set", "usual");
    row("builtins", "list", "foreign");
    row("builtins", "eval", "harmful");
    row("collections", "OrderedDict", "usual");
    row("collections", "defaultdict", "foreign");
    row("numpy.core.multiarray", "scalar", "foreign");
    row("__main__", "Net", "foreign");
    row("uuid", "_get_command_stdout", "harmful");
    row("torch.jit.unsupported_tensor_ops", "execWrapper", "harmful");
    row("torch._inductor.codecache", "compile_file", "harmful");
    row("pathlib", "Path.write_text", "foreign");
    row("os", "system", "harmful");
}

void TestPickle::sorts()
{
    QFETCH(QString, module);
    QFETCH(QString, name);
    QFETCH(QString, sort);
    const auto found = core::formats::sortOfGlobal(module.toStdString(), name.toStdString());
    QCOMPARE(QString::fromStdString(std::string(core::name(found))), sort);
}

/// What is called is told apart from what is only named, and told too where the stream cannot be read to its end.
void TestPickle::calls()
{
    const Pickle pickle = readPickle("\x80\x02(cos\nsystem\ncos\ngetcwd\n)Rt.");
    QVERIFY(pickle.called().contains("os.getcwd"));
    QVERIFY(!pickle.called().contains("os.system"));
    std::string message;
    const std::string id = bytes::errorOf(
        [] {
            readPickle("\x80\x02"
                       "cos\nsystem\n(S'id'\ntR\xff");
        },
        &message);
    QCOMPARE(id, std::string("pickle-opcode"));
    QVERIFY2(message.find("os.system") != std::string::npos, message.c_str());
}

/// P21
void TestPickle::equalKeysStay()
{
    const Pickle pickle = readPickle("\x80\x02}(S'a'\nK\x01S'a'\nK\x02K\x07K\x03u.");
    QCOMPARE(describe(pickle.root()), std::string("{'a': 1, 'a': 2, 7: 3}"));
    QCOMPARE(pickle.root().value("a")->integer, std::int64_t{2});
}

/// P12
void TestPickle::cycle()
{
    const Pickle list = readPickle("\x80\x02]q\1h\1a.");
    QCOMPARE(list.root().items[0], &list.root());
    QVERIFY(describe(list.root()).find("...") != std::string::npos);
    const Pickle dict = readPickle("\x80\x02}q\1K\1h\1s.");
    QCOMPARE(dict.root().items[1], &dict.root());
}

QTEST_APPLESS_MAIN(TestPickle)
#include "tst_pickle.moc"
