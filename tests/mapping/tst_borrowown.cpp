// SPDX-License-Identifier: GPL-3.0-or-later
// A file without wiring that tells settings, and layers without weights: what it says wins over the model whose wiring it takes.
#include "core/mapping/assumed.h"
#include "core/mapping/pairs.h"
#include "modelbuilder.h"

#include <QTest>

using namespace core;
using namespace std::string_literals;

namespace {

/// As a module of a user's own class tells itself: every layer with its settings, in the order in which they were made.
Model ownClass(Model model)
{
    model.wired = false;
    model.inputShape.reset();
    model.ops.erase(model.ops.begin());
    model.outputs.clear();
    for (Op& op : model.ops)
        op.inputs.clear();
    return model;
}

ModelBuilder torch()
{
    return ModelBuilder(Framework::Torch, {2, 6, 6});
}

ModelBuilder keras()
{
    return ModelBuilder(Framework::Keras, {6, 6, 2});
}

const Attributes padded{{"padding", "explicit"s}, {"pads", Ints{1, 1, 1, 1}}};

/// "ops" of the borrowed model, or the error's text.
std::string borrowed(const Model& own, const Model& twin)
{
    try {
        std::string text;
        for (const Op& op : mapping::borrow(own, twin, mapping::autoMap(own, twin), true).ops)
            text += op.name + " " + op.kind + "\n";
        return text;
    } catch (const Error& error) {
        return error.id() + ": " + error.found();
    }
}

mapping::Mapping mapped(const Model& own, const Model& twin)
{
    const mapping::Mapping mapping = mapping::autoMap(own, twin);
    return mapping::withBorrowed(mapping, mapping::borrow(own, twin, mapping, true), twin, true);
}

bool tells(const mapping::Link& link, const std::string& text)
{
    return std::any_of(link.reasons.begin(), link.reasons.end(),
                       [&](const Message& reason) { return reason.text.find(text) != std::string::npos; });
}

}

class TestBorrowOwn : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void settingsOfTheFileWin();
    void differencesAreReasons();
    void reasonsAreGivenOnce();
    void cannotRunStays();
    void places_data();
    void places();
    void contradictions_data();
    void contradictions();
    void paddingOnce();
    void globalPoolingWithFlatten();
    void flattenIsItsOwn();
    void namesOfKerasWeights();
    void namesInNoOrder_data();
    void namesInNoOrder();
    void weightsWithoutPlace();
    void calledTwice();
    void usedTwiceAgainstTwo();
    void cannotRunOnBothSides();
    void wiringIsTold();
};

void TestBorrowOwn::settingsOfTheFileWin()
{
    const Model own = ownClass(torch().conv("c", 2, 3, 3, {}, padded).batchNorm("n", 3, 1e-5).pool("p", "maxpool2d", 3).model());
    const Model twin =
        keras().conv("conv", 2, 3, 3, {}, {{"padding", "same"s}}).batchNorm("bn", 3, 1e-3).pool("pool", "maxpool2d", 2).model();
    const Model model = mapping::borrow(own, twin, mapping::autoMap(own, twin), true);
    QCOMPARE(model.ops[1].attributes.string("padding"), "explicit"s);
    QCOMPARE(model.ops[1].attributes.integers("pads"), (Ints{1, 1, 1, 1}));
    QCOMPARE(model.ops[2].attributes.real("epsilon"), 1e-5);
    QCOMPARE(model.ops[2].attributes.integer("axis"), std::int64_t{1});
    QCOMPARE(model.ops[3].name, "p"s);
    QCOMPARE(model.ops[3].attributes.integers("kernel"), (Ints{3, 3}));
    QVERIFY(std::none_of(model.notes.begin(), model.notes.end(), [](const Note& note) { return note.message.id == "borrowed-settings"; }));
}

void TestBorrowOwn::differencesAreReasons()
{
    const Model own = ownClass(torch().conv("c", 2, 3, 3).batchNorm("n", 3, 1e-5).plain("r", "relu").model());
    const Model twin = keras().conv("conv", 2, 3, 3).batchNorm("bn", 3, 1e-3).plain("t", "tanh").model();
    const mapping::Mapping mapping = mapped(own, twin);
    QCOMPARE(mapping.links.size(), std::size_t{3});
    QVERIFY(!hasReason(mapping.links[0], "settings-differ"));
    QVERIFY(tells(mapping.links[1], "settings differ: epsilon 1e-05 against 0.001"));
    QVERIFY(!hasReason(mapping.links[1], "same-kind-by-shape"));
    QCOMPARE(mapping.links[2].left, std::vector{"r"s});
    QVERIFY(tells(mapping.links[2], "ReLU against"));
}

void TestBorrowOwn::reasonsAreGivenOnce()
{
    const Model own = ownClass(torch().conv("c", 2, 3, 3).batchNorm("n", 3, 1e-5).model());
    const Model twin = keras().conv("conv", 2, 3, 3).batchNorm("bn", 3, 1e-3).model();
    const mapping::Mapping once = mapped(own, twin);
    QCOMPARE(mapping::withBorrowed(once, mapping::borrow(own, twin, once, true), twin, true), once);
}

void TestBorrowOwn::cannotRunStays()
{
    Model own = ownClass(torch().conv("c", 2, 3, 3).model());
    own.ops[0].unsupported = "padding_mode reflect";
    const Model twin = keras().conv("conv", 2, 3, 3).model();
    QCOMPARE(mapping::borrow(own, twin, mapping::autoMap(own, twin), true).ops[1].unsupported, "padding_mode reflect"s);
}

void TestBorrowOwn::places_data()
{
    QTest::addColumn<Model>("own");
    QTest::addColumn<QString>("ops");
    const auto row = [](const char* name, const ModelBuilder& own, const char* ops) {
        QTest::newRow(name) << ownClass(own.model()) << QString("input input\nc conv2d\n") + ops;
    };
    const auto base = [] { return torch().conv("c", 2, 3, 3); };
    row("as used", base().plain("act", "relu").pool("p", "maxpool2d", 2).plain("f", "flatten").linear("fc", 12, 4),
        "act relu\np maxpool2d\nf flatten\nfc linear\n");
    row("a maximum after the activation is one before it", base().pool("p", "maxpool2d", 2).plain("act", "relu").linear("fc", 12, 4),
        "act relu\np maxpool2d\nflatten flatten\nfc linear\n");
    row("made after all that has weights", base().linear("fc", 12, 4).pool("p", "maxpool2d", 2).plain("act", "relu"),
        "act relu\np maxpool2d\nflatten flatten\nfc linear\n");
    row("called as functions", base().linear("fc", 12, 4), "conv/relu relu\npool maxpool2d\nflatten flatten\nfc linear\n");
    row("another activation", base().plain("act", "sigmoid").pool("p", "maxpool2d", 2).linear("fc", 12, 4),
        "act sigmoid\np maxpool2d\nflatten flatten\nfc linear\n");
    row("Dropout has no place and no effect", base().plain("drop", "dropout", {{"rate", 0.5}}).linear("fc", 12, 4),
        "conv/relu relu\npool maxpool2d\nflatten flatten\nfc linear\n");
}

void TestBorrowOwn::places()
{
    QFETCH(Model, own);
    QFETCH(QString, ops);
    const Model twin =
        keras().conv("conv", 2, 3, 3, "relu").pool("pool", "maxpool2d", 2).plain("flatten", "flatten").linear("dense", 12, 4).model();
    QCOMPARE(QString::fromStdString(borrowed(own, twin)), ops);
    const Model model = mapping::borrow(own, twin, mapping::autoMap(own, twin), true);
    for (const Layer& layer : own.layers)
        QVERIFY(model.layer(layer.name));
}

void TestBorrowOwn::contradictions_data()
{
    QTest::addColumn<Model>("own");
    const auto row = [](const char* name, const ModelBuilder& own) { QTest::newRow(name) << ownClass(own.model()); };
    const auto conv = [](const char* name) { return torch().conv(name, 2, 2, 1); };
    row("fewer than the twin has", conv("a").plain("r", "relu").conv("b", 2, 2, 1, {}, {}, 5));
    row("more than the twin has", conv("a").plain("r", "relu").conv("b", 2, 2, 1, {}, {}, 5).plain("s", "tanh").plain("t", "tanh"));
    row("a sort that the twin has not",
        conv("a").plain("r", "relu").conv("b", 2, 2, 1, {}, {}, 5).plain("s", "tanh").pool("p", "avgpool2d", 2));
    row("in an order that is not told", conv("a").conv("b", 2, 2, 1, {}, {}, 5).plain("s", "tanh").plain("r", "relu"));
    row("at another place", conv("a").conv("b", 2, 2, 1, {}, {}, 5).plain("r", "relu").conv("c", 2, 2, 1).plain("s", "tanh"));
    row("of a class that is not known", conv("a").plain("r", "relu").unknown("g", "GELU").conv("b", 2, 2, 1, {}, {}, 5).plain("s", "tanh"));
}

void TestBorrowOwn::contradictions()
{
    QFETCH(Model, own);
    const Model twin = keras().conv("a", 2, 2, 1, "relu").conv("b", 2, 2, 1, "tanh", {}, 5).model();
    const std::string text = borrowed(own, twin);
    QVERIFY2(text.starts_with("borrow-contradicts: "), text.c_str());
}

void TestBorrowOwn::paddingOnce()
{
    const Model twin = keras().plain("pad", "zeropad2d", {{"pads", Ints{1, 1, 1, 1}}}).conv("conv", 2, 3, 3).model();
    const auto borrowedOf = [&](const Attributes& padding) {
        const Model own = ownClass(torch().conv("c", 2, 3, 3, {}, padding).model());
        return mapping::borrow(own, twin, mapping::autoMap(own, twin), true);
    };
    const Model same = borrowedOf(padded);
    QCOMPARE(same.ops[1].kind, "zeropad2d"s);
    QCOMPARE(same.ops[2].attributes.string("padding"), "valid"s);
    const Model more = borrowedOf({{"padding", "explicit"s}, {"pads", Ints{2, 2, 2, 2}}});
    QCOMPARE(more.ops[1].kind, "identity"s);
    QCOMPARE(more.ops[2].attributes.integers("pads"), (Ints{2, 2, 2, 2}));
}

void TestBorrowOwn::globalPoolingWithFlatten()
{
    const Model own = ownClass(
        torch().conv("c", 2, 3, 3).plain("pool", "globalavgpool2d", {{"keepdims", true}}).plain("f", "flatten").linear("fc", 3, 4).model());
    const Model twin = keras().conv("conv", 2, 3, 3).plain("gap", "globalavgpool2d", {{"keepdims", false}}).linear("dense", 3, 4).model();
    const Model model = mapping::borrow(own, twin, mapping::autoMap(own, twin), true);
    QCOMPARE(model.ops[2].name, "pool"s);
    QVERIFY(!model.ops[2].attributes.boolean("keepdims"));
    QVERIFY(model.layer("f"));
}

/// Keras' Flatten may move the channels first; a flatten that the file tells does what the file says.
void TestBorrowOwn::flattenIsItsOwn()
{
    const Attributes whole{{"start", std::int64_t{1}}, {"end", std::int64_t{-1}}};
    Attributes moving = whole;
    moving.set("channels_first", true);
    const Model own = ownClass(torch().conv("c", 2, 3, 3).plain("f", "flatten", whole).linear("fc", 48, 4).model());
    const Model twin = keras().conv("conv", 2, 3, 3).plain("flatten", "flatten", moving).linear("dense", 48, 4).model();
    const Model model = mapping::borrow(own, twin, mapping::autoMap(own, twin), true);
    QCOMPARE(model.ops[2].name, "f"s);
    QVERIFY(!model.ops[2].attributes.has("channels_first"));
}

void TestBorrowOwn::namesOfKerasWeights()
{
    Model own = keras().conv("conv2d", 2, 3, 3).linear("dense", 12, 4).stateDict();
    const auto insert = [&](std::size_t at, const char* name, const char* className) {
        own.layers.insert(own.layers.begin() + static_cast<std::ptrdiff_t>(at), Layer{name, className, {}, {}, true});
    };
    insert(1, "max_pooling2d", "MaxPooling2D");
    insert(2, "mine", "");
    const Model twin =
        torch().conv("0", 2, 3, 3).plain("1", "relu").pool("2", "maxpool2d", 2).plain("3", "flatten").linear("4", 12, 4).model();
    QCOMPARE(borrowed(own, twin), "input input\nconv2d conv2d\n1 relu\nmax_pooling2d maxpool2d\n3 flatten\ndense linear\n"s);
    own.layers[1].kind = "AveragePooling2D";
    QVERIFY(borrowed(own, twin).starts_with("borrow-contradicts: "));
    own.layers[1].kind = "LeakyReLU";
    QVERIFY(borrowed(own, twin).starts_with("borrow-contradicts: "));
}

void TestBorrowOwn::namesInNoOrder_data()
{
    QTest::addColumn<int>("at");
    QTest::addColumn<std::string>("className");
    QTest::addColumn<std::string>("ops");
    QTest::newRow("listed as used") << 2 << "Activation"s
                                    << "conv2d conv2d\n1 relu\nconv2d_1 conv2d\nnamed tanh\nconv2d_2 conv2d\n"s;
    QTest::newRow("listed behind all") << 3 << "Activation"s
                                       << "conv2d conv2d\n1 relu\nconv2d_1 conv2d\n3 tanh\nconv2d_2 conv2d\n"s;
    QTest::newRow("listed before all") << 0 << "Activation"s
                                       << "conv2d conv2d\n1 relu\nconv2d_1 conv2d\n3 tanh\nconv2d_2 conv2d\n"s;
    QTest::newRow("the only one of its class") << 3 << "ReLU"s
                                               << "conv2d conv2d\nnamed relu\nconv2d_1 conv2d\n3 tanh\nconv2d_2 conv2d\n"s;
}

/// One of the twin's two activations is fused in a Keras weights file, which tells not which.
void TestBorrowOwn::namesInNoOrder()
{
    QFETCH(const int, at);
    QFETCH(const std::string, className);
    QFETCH(const std::string, ops);
    Model own = keras().conv("conv2d", 2, 3, 1).conv("conv2d_1", 3, 4, 1).conv("conv2d_2", 4, 5, 1).stateDict();
    own.layers.insert(own.layers.begin() + at, Layer{"named", className, {}, {}, true});
    const Model twin = torch().conv("0", 2, 3, 1).plain("1", "relu").conv("2", 3, 4, 1).plain("3", "tanh").conv("4", 4, 5, 1).model();
    QCOMPARE(borrowed(own, twin), "input input\n" + ops);
}

void TestBorrowOwn::weightsWithoutPlace()
{
    const Model own = ownClass(torch().conv("a", 2, 2, 1).conv("b", 2, 7, 1).model());
    const Model twin = keras().conv("a", 2, 2, 1).model();
    QVERIFY(borrowed(own, twin).starts_with("borrow-contradicts: b"));
    Model scaled = ownClass(torch().conv("a", 2, 2, 1).model());
    scaled.layers.push_back({"net", "Net", {}, {"scale"}, false});
    Parameter scale;
    scale.name = scale.role = "scale";
    scale.layer = "net";
    scale.source = sourceOf({1}, {2});
    scaled.parameters.push_back(scale);
    QVERIFY(borrowed(scaled, twin).starts_with("borrow-contradicts: net"));
    scaled.layers.pop_back();
    scaled.layers[0].parameters.push_back("scale");
    scaled.ops[0].parameters["scale"] = "scale";
    QVERIFY(borrowed(scaled, twin).starts_with("borrow-contradicts: scale"));
}

void TestBorrowOwn::calledTwice()
{
    Model twin = keras().conv("c", 2, 2, 1).plain("r", "relu").conv("c", 2, 2, 1).model();
    twin.layers.pop_back();
    twin.parameters.resize(2);
    twin.layers[0].parameters.resize(2);
    twin.ops[1].name = "c:call1";
    const Model own = torch().conv("mine", 2, 2, 1).stateDict();
    const mapping::Mapping byHand = mapping::linked(mapping::autoMap(own, twin), own, twin, "mine", "c");
    const Model model = mapping::borrow(own, twin, byHand, true);
    QCOMPARE(model.ops[1].name, "mine:call1"s);
    QCOMPARE(model.ops[3].name, "mine"s);
    QCOMPARE(model.ops[1].parameters, model.ops[3].parameters);
}

/// One layer for two equal ones: it may be used twice, but its file does not say so.
void TestBorrowOwn::usedTwiceAgainstTwo()
{
    const Model twin = keras().conv("a1", 2, 2, 1).plain("r", "relu").conv("a2", 2, 2, 1).model();
    const Model own = ownClass(torch().conv("mine", 2, 2, 1).model());
    const std::string text = borrowed(own, twin);
    QVERIFY2(text.starts_with("borrow-too-few: only mine, and the file does not tell how often it is used"), text.c_str());
}

void TestBorrowOwn::cannotRunOnBothSides()
{
    const auto withLstm = [](Model model) {
        Parameter kernel;
        kernel.name = "rnn/kernel";
        kernel.layer = "rnn";
        kernel.role = "kernel";
        kernel.source = sourceOf({2, 8}, std::vector<float>(16));
        model.layers.push_back({"rnn", "LSTM", {}, {kernel.name}, false});
        model.parameters.push_back(kernel);
        return model;
    };
    const Model own = withLstm(keras().conv("c", 2, 2, 1).stateDict());
    Model twin = withLstm(keras().conv("c", 2, 2, 1).unknown("rnn", "LSTM").model());
    twin.layers.erase(twin.layers.begin() + 1);
    const Model model = mapping::borrow(own, twin, mapping::autoMap(own, twin), true);
    QCOMPARE(model.ops[1].name, "c"s);
    QVERIFY(!model.ops[2].unsupported.empty());
    QVERIFY(borrowed(own, keras().conv("c", 2, 2, 1).model()).starts_with("borrow-contradicts: rnn"));
    for (const mapping::Link& link : mapped(own, twin).links) // nothing tells that these are each other's
        QVERIFY(std::find(link.right.begin(), link.right.end(), "rnn") == link.right.end());
}

void TestBorrowOwn::wiringIsTold()
{
    const Model own = ownClass(torch().conv("c", 2, 3, 3).linear("fc", 12, 4).model());
    const Model twin =
        keras().conv("conv", 2, 3, 3, "relu").pool("pool", "maxpool2d", 2).plain("flatten", "flatten").linear("dense", 12, 4).model();
    const Model model = mapping::borrow(own, twin, mapping::autoMap(own, twin), true);
    const auto note = std::find_if(model.notes.begin(), model.notes.end(), [](const Note& n) { return n.message.id == "borrowed-wiring"; });
    QVERIFY(note != model.notes.end());
    QCOMPARE(note->message.text,
             "The file does not tell the order of computation, nor any ReLU, MaxPool2d, Flatten: they are taken from right.h5."s);
    const auto assumed = mapping::assumption(model, true);
    QVERIFY(assumed && assumed->onLeft);
    QCOMPARE(mapping::text(*assumed), "order, ReLU, MaxPool2d and Flatten taken from right.h5"s);
    QCOMPARE(mapping::borrowedLayers(model).size(), std::size_t{3});
    QVERIFY(!mapping::assumption(twin, false));
}

QTEST_GUILESS_MAIN(TestBorrowOwn)
#include "tst_borrowown.moc"
