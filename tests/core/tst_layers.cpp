// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/kind.h"
#include "core/layers/room.h"
#include "core/layers/spec.h"
#include "core/layers/steps.h"
#include "core/layers/window.h"

#include <QTest>

#include <limits>
#include <set>

using namespace core;
namespace L = core::layers;

namespace {

Op window(const char* kind, std::int64_t k, std::int64_t s, std::int64_t d, const char* padding, Ints pads = {})
{
    Op op;
    op.name = "op";
    op.kind = kind;
    op.inputs = {0};
    op.attributes = {{"kernel", Ints{k, k}}, {"stride", Ints{s, s}}, {"dilation", Ints{d, d}}, {"padding", std::string(padding)}};
    if (!pads.empty())
        op.attributes.set("pads", pads);
    return op;
}

std::string shapeOf(const Op& op, const L::Value& input)
{
    return text(L::kind(op.kind)->infer({op, std::vector{&input}}).at(0).shape);
}

/// input -> conv -> flatten -> linear, as PyTorch names and stores them.
Model smallTorchNet(std::int64_t features)
{
    Model model;
    model.framework = Framework::Torch;
    model.wired = true;
    const auto parameter = [&](const char* name, const char* layer, const char* role, Shape shape) {
        Parameter p;
        p.name = name;
        p.layer = layer;
        p.role = role;
        p.source = {DType::Float32, std::move(shape), SharedBytes()};
        model.parameters.push_back(std::move(p));
    };
    parameter("0.weight", "0", "kernel", {2, 1, 3, 3});
    parameter("2.weight", "2", "kernel", {5, features});
    model.layers = {{"0", "Conv2d", {}, {"0.weight"}}, {"1", "Flatten", {}, {}}, {"2", "Linear", {}, {"2.weight"}}};
    model.ops.resize(4);
    model.ops[0] = {"input", "input", "", {}, {}, {}, {}};
    model.ops[1] = window("conv2d", 3, 1, 1, "valid");
    model.ops[1].name = model.ops[1].layer = "0";
    model.ops[1].attributes.set("filters", std::int64_t{2});
    model.ops[1].parameters = {{"kernel", "0.weight"}};
    model.ops[2] = {"1", "flatten", "1", {{"start", std::int64_t{1}}, {"end", std::int64_t{-1}}}, {1}, {}, {}};
    model.ops[3] = {"2", "linear", "2", {{"units", std::int64_t{5}}, {"bias", false}}, {2}, {{"kernel", "2.weight"}}, {}};
    model.outputs = {3};
    return model;
}

}

class TestLayers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyKindIsWhole()
    {
        std::set<std::string_view> ids;
        for (const L::Kind* k : L::kinds()) {
            QVERIFY2(ids.insert(k->id).second, k->id.data());
            QVERIFY(L::kind(k->id) == k);
            QVERIFY2(k->difference && (k->id == "input" || k->infer), k->id.data());
            QVERIFY2(k->torchClasses.empty() || k->fromTorch ||
                         L::torchSteps({std::string(k->torchClasses.front()), {{"hidden_size", std::int64_t{2}}}, {}}),
                     k->id.data());
            QVERIFY2(k->kerasClasses.empty() || k->fromKeras || L::isOfSteps(k->kerasClasses.front()), k->id.data());
            QVERIFY2(k->aten.empty() || k->fromTorch, k->id.data());
        }
    }

    void windows_data() // sizes: TensorFlow's 'same', PyTorch's formulas; expected values by hand
    {
        QTest::addColumn<QString>("padding");
        QTest::addColumn<QList<int>>("numbers"); // n, k, s, d
        QTest::addColumn<QList<int>>("wanted");  // top, bottom, result
        QTest::newRow("valid") << "valid" << QList<int>{28, 5, 1, 1} << QList<int>{0, 0, 24};
        QTest::newRow("same odd") << "same" << QList<int>{28, 5, 1, 1} << QList<int>{2, 2, 28};
        QTest::newRow("same stride 2, even") << "same" << QList<int>{6, 3, 2, 1} << QList<int>{0, 1, 3};
        QTest::newRow("same stride 2, odd") << "same" << QList<int>{7, 3, 2, 1} << QList<int>{1, 1, 4};
        QTest::newRow("same even kernel") << "same" << QList<int>{5, 2, 1, 1} << QList<int>{0, 1, 5};
        QTest::newRow("dilated") << "valid" << QList<int>{9, 3, 1, 2} << QList<int>{0, 0, 5};
        QTest::newRow("stride above kernel") << "same" << QList<int>{7, 2, 3, 1} << QList<int>{0, 1, 3};
    }

    void windows()
    {
        QFETCH(QString, padding);
        QFETCH(QList<int>, numbers);
        QFETCH(QList<int>, wanted);
        const Op op = window("maxpool2d", numbers[1], numbers[2], numbers[3], padding.toLatin1().constData());
        const L::Window result = L::windowOf(op, {numbers[0], numbers[0]});
        QCOMPARE(result.pads[0], wanted[0]);
        QCOMPARE(result.pads[1], wanted[1]);
        QCOMPARE(result.result[0], wanted[2]);
    }

    void ceilModeDropsWindowsThatBeginOutside() // torch.nn.MaxPool2d: k=2, s=3, ceil: n=7 -> 3, n=6 -> 2 (the third would begin at 6)
    {
        Op op = window("maxpool2d", 2, 3, 1, "valid");
        op.attributes.set("ceil", true);
        QCOMPARE(L::windowOf(op, {7, 7}).result[0], 3);
        QCOMPARE(L::windowOf(op, {6, 6}).result[0], 2);
        QVERIFY_THROWS_EXCEPTION(Error, L::windowOf(window("maxpool2d", 9, 1, 1, "valid"), {4, 4}));
        QVERIFY_THROWS_EXCEPTION(Error, L::windowOf(window("maxpool2d", 0, 1, 1, "valid"), {4, 4})); // K05
    }

    void shapesFollowTheLabels()
    {
        Op conv = window("conv2d", 3, 1, 1, "same");
        conv.attributes.set("filters", std::int64_t{8});
        QCOMPARE(shapeOf(conv, {{1, 3, 6, 7}, axesOf("NCHW")}), std::string("[1,8,6,7]"));
        QCOMPARE(shapeOf(conv, {{1, 6, 7, 3}, axesOf("NHWC")}), std::string("[1,6,7,8]"));
        conv.attributes.set("groups", std::int64_t{3});
        QVERIFY_THROWS_EXCEPTION(Error, shapeOf(conv, {{1, 3, 6, 7}, axesOf("NCHW")})); // 8 filters in 3 groups
        QVERIFY_THROWS_EXCEPTION(Error, shapeOf(conv, {{1, 3, 6, 7}, axesOf("NCWH")})); // turned before
    }

    void sizesAreGuessedFromTheChain()
    {
        QCOMPARE(*L::guessInputShape(smallTorchNet(2 * 26 * 26)), (Shape{1, 28, 28}));
        QCOMPARE(*L::guessInputShape(smallTorchNet(2 * 10 * 10)), (Shape{1, 12, 12}));
        QVERIFY(!L::guessInputShape(smallTorchNet(7)));
    }

    void declaredSizesAreCheckedFirst()
    {
        const auto problem = [](const Model& model, std::int64_t batch, std::uint64_t limit) {
            try {
                L::checkRoom(model, batch, limit);
            } catch (const Error& error) {
                return error.id();
            }
            return std::string();
        };
        Model net = smallTorchNet(2 * 26 * 26);
        net.inputShape = Shape{1, 28, 28};
        QCOMPARE(problem(net, 1, 1 << 20), std::string());
        QCOMPARE(problem(net, 1000, 1 << 20), std::string("activations-too-large"));
        QCOMPARE(problem(net, 1, 4096), std::string("activations-too-large"));
        net.inputShape = Shape{1, std::int64_t{1} << 31, std::int64_t{1} << 31};
        QCOMPARE(problem(net, 1, L::runLimit()), std::string("activations-too-large"));
        net.inputShape = Shape{3, 3000, 3000};
        QCOMPARE(problem(net, 1, std::uint64_t{1} << 30), std::string("run-shape"));
        net.inputShape = Shape{-1, 28, 28};
        QCOMPARE(problem(net, 1, 1 << 20), std::string());
        net.ops.push_back({"second", "input", "", {{"shape", Ints{1, 100, 100}}}, {}, {}, {}});
        QCOMPARE(problem(net, 1, 1 << 20), std::string());
        QCOMPARE(problem(net, 100, 1 << 20), std::string("activations-too-large"));
    }

    void denseBehindFlattenGetsTheRealAxes()
    {
        Model model = smallTorchNet(2 * 26 * 26);
        const L::Value input = L::inputValue(smallTorchNet(1), {1, 28, 28});
        const auto values = L::inferValues(model, std::span(&input, 1));
        QCOMPARE(text(values[2]->axes), std::string("N,flat(C,H,W)"));
        model = L::withParameterAxes(std::move(model), values);
        QCOMPARE(text(model.parameter("2.weight")->axes), std::string("o,flat(C,H,W)"));
        QCOMPARE(text(model.parameter("0.weight")->axes), std::string("o,i,h,w"));
    }

    void parameterShapesAreChecked() // K06
    {
        std::map<int, std::string> problems;
        const L::Value input = L::inputValue(smallTorchNet(1), {1, 28, 28});
        const auto values = L::inferValues(smallTorchNet(99), std::span(&input, 1), &problems);
        QVERIFY(!values[3]);
        QVERIFY(problems.contains(3));
        QVERIFY(problems[3].find("2.weight") != std::string::npos);
    }

    void torchAndKerasAgreeOnMeaning()
    {
        const L::TorchSpec torch{
            "Conv2d",
            {{"out_channels", std::int64_t{4}}, {"kernel_size", Ints{3, 3}}, {"stride", Ints{2, 2}}, {"padding", Ints{1, 1}}},
            {{"bias", {4}}}};
        const L::KerasSpec keras{"Conv2D", Json::parse(R"({"filters":4,"kernel_size":[3,3],"strides":[2,2],"padding":"same"})")};
        Op a, b;
        a.name = b.name = "op";
        a.kind = b.kind = "conv2d";
        a.attributes = L::kindOfTorch(torch.className)->fromTorch(torch);
        b.attributes = L::kindOfKeras(keras)->fromKeras(keras);
        const auto difference = [&](std::int64_t n) {
            const L::Value left{{1, 2, n, n}, axesOf("NCHW")}, right{{1, n, n, 2}, axesOf("NHWC")};
            return L::kind("conv2d")->difference({a, std::vector{&left}}, {b, std::vector{&right}});
        };
        QCOMPARE(difference(7), std::string());                      // (1,1) on both sides
        QVERIFY(difference(6).find("padding") != std::string::npos); // TensorFlow pads (0,1)
    }

    void poolingsThatReadTheSameAgree() // k=2, s=2, n=7: ceil mode and 'same' both read the last row alone
    {
        Op ceil = window("avgpool2d", 2, 2, 1, "valid");
        ceil.attributes.set("ceil", true);
        ceil.attributes.set("count_pad", true);
        const Op same = window("avgpool2d", 2, 2, 1, "same");
        Op padded = window("avgpool2d", 2, 2, 1, "explicit", {0, 1, 0, 1});
        padded.attributes.set("count_pad", true);
        const L::Value input{{1, 1, 7, 7}, axesOf("NCHW")};
        const auto difference = L::kind("avgpool2d")->difference;
        QCOMPARE(difference({ceil, std::vector{&input}}, {same, std::vector{&input}}), std::string());
        QVERIFY(difference({padded, std::vector{&input}}, {same, std::vector{&input}}).find("padding counted") != std::string::npos);
    }

    void kerasPaddingForms_data()
    {
        QTest::addColumn<QByteArray>("config");
        QTest::addColumn<QByteArray>("pads");
        QTest::newRow("int") << QByteArray(R"({"padding": 2})") << QByteArray("[2,2,2,2]");
        QTest::newRow("pair") << QByteArray(R"({"padding": [1, 3]})") << QByteArray("[1,1,3,3]");
        QTest::newRow("four") << QByteArray(R"({"padding": [[1, 2], [3, 4]]})") << QByteArray("[1,2,3,4]");
        QTest::newRow("tuple") << QByteArray(R"({"padding": {"class_name": "__tuple__", "items": [1, 3]}})") << QByteArray("[1,1,3,3]");
    }

    void kerasPaddingForms()
    {
        QFETCH(QByteArray, config);
        QFETCH(QByteArray, pads);
        const L::KerasSpec spec{"ZeroPadding2D", Json::parse(config.toStdString())};
        QCOMPARE(QByteArray::fromStdString(text(Shape(L::kindOfKeras(spec)->fromKeras(spec).integers("pads")))), pads);
    }

    void whatCannotRunIsSaid_data()
    {
        QTest::addColumn<QByteArray>("className");
        QTest::addColumn<QByteArray>("config");
        QTest::newRow("channels in between") << QByteArray("Conv2D")
                                             << QByteArray(R"({"filters":1,"kernel_size":3,"data_format":"channels_between"})");
        QTest::newRow("causal") << QByteArray("Conv2D") << QByteArray(R"({"filters":1,"kernel_size":3,"padding":"causal"})");
        QTest::newRow("renorm") << QByteArray("BatchNormalization") << QByteArray(R"({"renorm":true})");
        QTest::newRow("no mean") << QByteArray("LayerNormalization") << QByteArray(R"({"rms_scaling":true})");
        QTest::newRow("a bound of words") << QByteArray("ReLU") << QByteArray(R"({"max_value":"six"})");
    }

    void whatCannotRunIsSaid()
    {
        QFETCH(QByteArray, className);
        QFETCH(QByteArray, config);
        const L::KerasSpec spec{className.toStdString(), Json::parse(config.toStdString())};
        QVERIFY_THROWS_EXCEPTION(Error, L::kindOfKeras(spec)->fromKeras(spec));
    }

    void softmaxWithoutDim_data() // torch 2.13: which torch.softmax(x, d) equals nn.Softmax()(x)
    {
        QTest::addColumn<std::size_t>("rank");
        QTest::addColumn<std::int64_t>("axis");
        QTest::newRow("one dimension") << std::size_t{1} << std::int64_t{0};
        QTest::newRow("two") << std::size_t{2} << std::int64_t{1};
        QTest::newRow("three") << std::size_t{3} << std::int64_t{0};
        QTest::newRow("four") << std::size_t{4} << std::int64_t{1};
    }

    void softmaxWithoutDim()
    {
        QFETCH(std::size_t, rank);
        QFETCH(std::int64_t, axis);
        Op op;
        op.attributes = L::kindOfTorch("Softmax")->fromTorch({"Softmax", {}, {}});
        QCOMPARE(L::softmaxAxis(op, rank), axis);
        op.attributes = L::kindOfTorch("Softmax")->fromTorch({"Softmax", {{"dim", std::int64_t{-1}}}, {}});
        QCOMPARE(L::softmaxAxis(op, rank), std::int64_t{-1});
    }

    void numbersThatAreNoIntegers_data()
    {
        QTest::addColumn<double>("value");
        QTest::newRow("nan") << std::numeric_limits<double>::quiet_NaN();
        QTest::newRow("infinity") << std::numeric_limits<double>::infinity();
        QTest::newRow("too large") << 1e300;
        QTest::newRow("a fraction") << 2.5;
    }

    void numbersThatAreNoIntegers()
    {
        QFETCH(double, value);
        QVERIFY_THROWS_EXCEPTION(Error, L::kerasInt(Json{{"units", value}}, "units", 0));
        QCOMPARE(L::kerasInt(Json{{"units", 5.0}}, "units", 0), std::int64_t{5});
    }

    void activationsAreFoundByName()
    {
        const auto kind = [](const char* activation) { return L::kindOfKeras({"Activation", Json{{"activation", activation}}}); };
        QCOMPARE(kind("tanh")->id, std::string_view("tanh"));
        QCOMPARE(kind("linear")->id, std::string_view("identity"));
        QVERIFY(!kind("my_own"));
        QVERIFY(!L::kindOfActivation("linear"));
        QCOMPARE(kind("hard_sigmoid")->id, std::string_view("hardsigmoid"));
        QVERIFY_THROWS_EXCEPTION(Error, kind("hard_sigmoid")->fromKeras({"Activation", Json::object()})); // Keras 2's and Keras 3's differ
        QCOMPARE(kind("silu"), kind("swish"));
        QCOMPARE(L::kindOfActivation("log_softmax")->id, std::string_view("logsoftmax"));
    }
};

QTEST_GUILESS_MAIN(TestLayers)
#include "tst_layers.moc"
