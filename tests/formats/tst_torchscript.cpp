// SPDX-License-Identifier: GPL-3.0-or-later
#include "torchfixture.h"

using core::Model;
using core::Op;
using namespace torchbytes;
using namespace std::string_literals;

namespace {

/// An archive of a pickled module and source files by their path below code/.
std::string archive(const std::string& value, const Items& code, const std::vector<bytes::Entry>& more = {})
{
    std::vector<bytes::Entry> entries = {{"m/constants.pkl", "\x80\x02)."}};
    for (const auto& [name, source] : code) {
        bytes::seed(source);
        entries.push_back({"m/code/" + name, source});
    }
    entries.insert(entries.end(), more.begin(), more.end());
    return file(value, {{"0", sixFloats}}, entries);
}

/// An object of the archive's code.
std::string object(const std::string& type, const Items& state)
{
    return "c__torch__" + type + "\n)\x81" + dict(state) + "b";
}

const std::string linearClass = "class Linear(Module):\n"
                                "  __parameters__ = [\"weight\", ]\n"
                                "  __buffers__ = []\n"
                                "  weight : Tensor\n"
                                "  in_features : Final[int] = 3\n"
                                "  def forward(self: __torch__.torch.nn.modules.linear.Linear,\n"
                                "    input: Tensor) -> Tensor:\n"
                                "    weight = self.weight\n"
                                "    return torch.linear(input, weight, None)\n";

/// A network "Net" of one nn.Linear "fc", whose forward is `body`.
std::string net(const std::string& body, const Items& state = {}, const std::string& methods = {})
{
    Items all = {{"training", "\x89"},
                 {"fc", object(".torch.nn.modules.linear\nLinear", {{"weight", tensor({.rest = "\x88" + orderedDict})}})}};
    all.insert(all.end(), state.begin(), state.end());
    return archive(object("\nNet", all), {{"__torch__.py", "class Net(Module):\n"
                                                           "  fc : __torch__.torch.nn.modules.linear.Linear\n"
                                                           "  scale : Final[float] = 0.5\n"
                                                           "  def forward(self: __torch__.Net,\n"
                                                           "    x: Tensor) -> Tensor:\n" +
                                                               body + methods},
                                          {"__torch__/torch/nn/modules/linear.py", linearClass}});
}

}

class TestTorchScript : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void modules();
    void graphs_data();
    void graphs();
    void broken_data();
    void broken();
    void noConstants();

private:
    Folder m_folder;
};

void TestTorchScript::modules()
{
    const Model model =
        m_folder.open(net("    return torch.tanh((self.fc).forward(x, ))\n", {{"sizes", "ctorch.jit._pickle\nbuild_intlist\n(](K\x01K\x02"
                                                                                        "etR"},
                                                                              {"table", tensor({.shape = {6}, .strides = {1}})}}));
    QCOMPARE(model.origin.format, "torchscript"s);
    QCOMPARE(model.origin.content, "script"s);
    QVERIFY(model.wired);
    QCOMPARE(model.layers.size(), std::size_t{3});
    QCOMPARE(model.layers[0].name, "fc"s);
    QCOMPARE(model.layers[0].kind, "Linear"s);
    QCOMPARE(model.layers[0].attributes.integer("in_features"), std::int64_t{3});
    QCOMPARE(model.layers[0].parameters, std::vector{"fc.weight"s});
    QCOMPARE(model.parameters.size(), std::size_t{2});
    QCOMPARE(model.parameters[0].role, "kernel"s);
    QCOMPARE(model.parameters[0].trainable, std::optional(true));
    QCOMPARE(values(model.parameters[0]), (std::vector<float>{0, 1, 2, 3, 4, 5}));
    QCOMPARE(model.parameters[1].name, "table"s);
    QCOMPARE(model.parameters[1].trainable, std::optional(false));
    QCOMPARE(model.ops[1].attributes.integer("units"), std::int64_t{2});
}

void TestTorchScript::graphs_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char* name, const char* body, const char* expected) {
        QTest::newRow(name) << QByteArray(body) << QByteArray(expected);
    };
    row("in a row", "    return torch.relu((self.fc).forward(x, ))\n", "x:input fc:linear<x relu:relu<fc >relu");
    row("twice", "    y = (self.fc).forward(x, )\n    return torch.add(y, (self.fc).forward(x, ))\n",
        "x:input fc:call1:linear<x fc:linear<x add:add<fc:call1<fc >add");
    row("known branch", "    if torch.gt(self.scale, 0.1):\n      y = torch.relu(x)\n    else:\n      y = torch.tanh(x)\n    return y\n",
        "x:input relu:relu<x >relu");
    row("training is never",
        "    training = self.training\n    if training:\n      y = torch.dropout(x, 0.5, True)\n    else:\n      y = x\n    return "
        "torch.tanh(y)\n",
        "x:input tanh:tanh<x >tanh");
    row("a check that raises",
        "    if torch.ne(torch.dim(x), 4):\n      ops.prim.RaiseException(\"no\", \"builtins.ValueError\")\n    else:\n      pass\n    "
        "return torch.tanh(x)\n",
        "x:input tanh:tanh<x >tanh");
    row("unknown branch",
        "    if bool(torch.gt(torch.prod(x), 0)):\n      y = torch.relu(x)\n    else:\n      y = torch.tanh(x)\n    return "
        "torch.sigmoid(y)\n",
        "x:input prod:?<x gt:?<prod if:?<x sigmoid:sigmoid<if >sigmoid");
    row("loop", "    y = x\n    for i in range(3):\n      y = torch.tanh(y)\n    return y\n",
        "x:input tanh:tanh<x tanh_1:tanh<tanh tanh_2:tanh<tanh_1 >tanh_2");
    row("while", "    i = 0\n    y = x\n    while torch.lt(i, 2):\n      y = torch.relu(y)\n      i = torch.add(i, 1)\n    return y\n",
        "x:input relu:relu<x relu_1:relu<relu >relu_1");
    row("list",
        "    l = annotate(List[Tensor], [])\n    _0 = torch.append(l, torch.tanh(x))\n    _1 = torch.append(l, x)\n    return torch.cat(l, "
        "1)\n",
        "x:input tanh:tanh<x cat:concatenate<tanh<x >cat");
    row("flattening by the batch", "    return torch.view(x, [torch.size(x, 0), -1])\n", "x:input view:flatten<x >view");
    row("flattening by another's batch", "    y = torch.tanh(x)\n    return torch.reshape(y, [torch.size(x, 0), int(6)])\n",
        "x:input tanh:tanh<x reshape:flatten<tanh >reshape");
    row("flattening into a layer", "    return (self.fc).forward(torch.view(x, [-1, 3]), )\n", "x:input view:flatten<x fc:linear<view >fc");
    row("no flattening", "    return torch.view(x, [2, -1, 3])\n", "x:input view:?<x >view");
    row("no flattening for certain", "    return torch.view(torch.tan(x), [-1, 3])\n", "x:input tan:?<x view:flatten!<tan >view");
    row("in place", "    y = torch.tanh(x)\n    _0 = torch.relu_(y)\n    return torch.sigmoid(y)\n",
        "x:input tanh:tanh<x relu:relu<tanh sigmoid:sigmoid<relu >sigmoid");
    row("product", "    w = self.fc\n    _0 = torch.matmul(x, torch.t(w.weight))\n    return _0\n", "x:input matmul:linear<x >matmul");
    row("several results", "    a, b, = torch.split(x, 2, 1)\n    return (torch.tanh(a), torch.tanh(b))\n",
        "x:input split:split<x tanh:tanh<split tanh_1:tanh<split >tanh>tanh_1");
    row("method", "    return (self).twice(x, )\n", "x:input tanh:tanh<x tanh_1:tanh<tanh >tanh_1");
}

void TestTorchScript::graphs()
{
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, expected);
    const std::string twice = "  def twice(self: __torch__.Net,\n    y: Tensor) -> Tensor:\n    return torch.tanh(torch.tanh(y))\n";
    const Model model = m_folder.open(net(body.toStdString(), {}, twice));
    for (const core::Note& note : model.notes)
        QVERIFY2(note.message.id != "script-graph", note.message.text.c_str());
    // "!" marks an operator of a known kind that cannot run here.
    std::string wanted = expected.toStdString();
    for (std::size_t at = wanted.find('!'); at != wanted.npos; at = wanted.find('!')) {
        wanted.erase(at, 1);
        QVERIFY(std::any_of(model.ops.begin(), model.ops.end(), [](const Op& op) { return !op.kind.empty() && !op.unsupported.empty(); }));
    }
    QCOMPARE(graph(model), wanted);
}

void TestTorchScript::broken_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QByteArray>("reason");
    const auto row = [](const char* name, const std::string& content, const char* reason) {
        QTest::newRow(name) << QByteArray::fromStdString(content) << QByteArray(reason);
    };
    const std::string forward = "    return (self.fc).forward(x, )\n";
    row("S01 __setstate__ that reads and prints",
        net(forward, {},
            "  def __setstate__(self: __torch__.Net,\n    state: Tensor) -> NoneType:\n"
            "    print(torch.from_file(\"/etc/passwd\", False, 10))\n    return None\n"),
        "__setstate__");
    row("S05 unknown class", archive(object("\nGone", {{"w", tensor({})}}), {}), "no code");
    row("S06 nested code", net("    return " + std::string(100'000, '(') + "x" + std::string(100'000, ')') + "\n"), "nested");
    row("S06 nested blocks", net([] {
            std::string text;
            for (int depth = 2; depth < 2000; ++depth)
                text += std::string(static_cast<std::size_t>(2 * depth), ' ') + "if x:\n";
            return text;
        }()),
        "nested");
    const std::string small = "class Net(Module):\n  pass\n";
    row("S06 a gigabyte of code",
        archive(object("\nNet", {{"w", tensor({})}}), {},
                {{.name = "m/code/__torch__.py", .data = small, .packed = bytes::deflated(small), .method = 8, .size = 1ULL << 30}}),
        "The graph cannot be told");
    row("cut code", net("    return (self.fc).forward(x"), "closing bracket");
    row("no TorchScript", net("    return x ? y\n"), "TorchScript's source");
    row("a loop without end", net("    while True:\n      pass\n    return x\n"), "too long to follow");
    row("calls itself", net("    return (self).forward(x, )\n"), "call each other");
    row("a name from nowhere", net("    return y\n"), "the name y");
    row("a list out of bounds", net("    l = [1, 2]\n    return l[5]\n"), "an index");
    row("return that depends", net("    if bool(torch.sum(x)):\n      return x\n    else:\n      pass\n    return torch.tanh(x)\n"),
        "depends on the input");
    row("a large loop", net("    for i in range(1000000000):\n      pass\n    return x\n"), "100,000");
    row("a loop without a step", net("    for i in range(0, 5, 0):\n      pass\n    return x\n"), "step is 0");
    row("a loop over all numbers", net("    for i in range(-9223372036854775807, 9223372036854775807, 1):\n      pass\n    return x\n"),
        "100,000");
    row("a loop whose last step overflows",
        net("    for i in range(9223372036854775800, 9223372036854775807, 1000):\n      for j in range(90000):\n        for k in "
            "range(90000):\n"
            "          pass\n    return x\n"),
        "too long");
    row("loops in loops", net("    for i in range(90000):\n      for j in range(90000):\n        pass\n    return x\n"), "too long");
    row("S03 a large debug record",
        archive(object("\nGone", {{"w", tensor({})}}), {}, {{"m/code/__torch__.py.debug_pkl", std::string(1 << 22, 'x')}}), "no code");
}

/// What is wrong with the code costs the graph at most, never the parameters.
void TestTorchScript::broken()
{
    QFETCH(QByteArray, content);
    QFETCH(QByteArray, reason);
    const Model model = m_folder.open(content.toStdString());
    QCOMPARE(model.parameters.size(), std::size_t{1});
    QCOMPARE(values(model.parameters[0]), (std::vector<float>{0, 1, 2, 3, 4, 5}));
    QVERIFY(!model.layers.empty());
    std::string notes;
    for (const core::Note& note : model.notes)
        notes += note.message.text + "\n";
    QVERIFY2(notes.find(reason.toStdString()) != notes.npos, notes.c_str());
}

/// S02, and an archive whose constants are the weights (a frozen module).
void TestTorchScript::noConstants()
{
    const std::string code = "class Net(Module):\n  def forward(self: __torch__.Net,\n    x: Tensor) -> Tensor:\n"
                             "    return torch.linear(x, CONSTANTS.c0)\n";
    const std::vector<bytes::Entry> missing = {{"m/code/__torch__.py", code}};
    const Model without = m_folder.open(file(object("\nNet", {}), {}, missing));
    QCOMPARE(without.origin.format, "torchscript"s);
    QVERIFY(noteOf(without, "script-constants"));
    QVERIFY(!without.wired);
    const std::vector<bytes::Entry> whole = {
        {"m/code/__torch__.py", code}, {"m/constants.pkl", pickle("(" + tensor({}) + "t")}, {"m/constants/0", sixFloats}};
    const Model frozen = m_folder.open(file(object("\nNet", {}), {}, whole));
    QCOMPARE(graph(frozen), "x:input linear:linear<x >linear"s);
    QCOMPARE(frozen.parameters.at(0).name, "CONSTANTS.c0"s);
    QCOMPARE(frozen.parameters[0].layer, "linear"s);
    QCOMPARE(values(frozen.parameters[0]), (std::vector<float>{0, 1, 2, 3, 4, 5}));
}

QTEST_GUILESS_MAIN(TestTorchScript)
#include "tst_torchscript.moc"
