// SPDX-License-Identifier: GPL-3.0-or-later
// Shapes and labels behind ops that cannot run.
#include "core/layers/follow.h"

#include <QTest>

using namespace core;
namespace L = core::layers;

namespace {

Op op(const std::string& type, Attributes raw = {})
{
    Op result;
    result.name = result.layer = type;
    result.type = type;
    result.unsupported = "cannot run";
    result.attributes = L::settingsToFollow(type, raw);
    return result;
}

const L::Value torchImage{{1, 3, 4, 2}, axesOf("NCHW")}, kerasImage{{1, 4, 2, 3}, axesOf("NHWC")}, vector{{1, 24}, axesOf("NF")};

std::string text(const std::optional<L::Value>& value)
{
    return value ? core::text(value->shape) + " " + core::text(value->axes) : "unknown";
}

std::optional<L::Value> followed(const Op& op, Framework framework, std::span<const L::Value> inputs)
{
    std::vector<const L::Value*> values;
    for (const L::Value& input : inputs)
        values.push_back(&input);
    return L::followed({op, values}, framework);
}

/// input, then one op after the other; a "linear" makes features of its own.
Model chain(Framework framework, const std::vector<Op>& ops)
{
    Model model;
    model.framework = framework;
    model.wired = true;
    Op input;
    input.name = input.kind = "input";
    model.ops.push_back(input);
    for (Op next : ops) {
        next.inputs = {static_cast<int>(model.ops.size()) - 1};
        model.ops.push_back(std::move(next));
    }
    return model;
}

Op known(const std::string& kind, Attributes attributes = {})
{
    Op result;
    result.name = result.layer = kind;
    result.kind = kind;
    result.attributes = std::move(attributes);
    return result;
}

}

class TestFollow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void classes_data();
    void classes();
    void merged();
    void joined();
    void lostBehindWhatIsNotKnown_data();
    void lostBehindWhatIsNotKnown();
    void convolutionsTakeAxesByPlace();
    void typesInTheOtherFramework();
    void joinedWithWhatIsNotKnown();
    void sumsThatBecomeAnImage();
    void foreignClassesAreNotFollowed();
    void imagesMadeOfFeatures();
};

void TestFollow::classes_data()
{
    QTest::addColumn<Op>("what");
    QTest::addColumn<bool>("isKeras");
    QTest::addColumn<L::Value>("in");
    QTest::addColumn<QString>("out");
    const auto row = [](const char* name, const Op& what, bool isKeras, const L::Value& in, const char* out) {
        QTest::newRow(name) << what << isKeras << in << QString(out);
    };
    row("GELU", op("GELU"), false, torchImage, "[1,3,4,2] N,C,H,W");
    row("SpatialDropout2D", op("SpatialDropout2D"), true, kerasImage, "[1,4,2,3] N,H,W,C");
    row("a custom class", op("Swirl"), false, torchImage, "unknown");
    // numpy: x.transpose(0, 2, 3, 1)
    row("permute", op("permute", {{"dims", Ints{0, 2, 3, 1}}}), false, torchImage, "[1,4,2,3] N,H,W,C");
    row("permute by position", op("permute", {{"argument1", Ints{0, -2, -1, 1}}}), false, torchImage, "[1,4,2,3] N,H,W,C");
    row("permute twice the same", op("permute", {{"dims", Ints{0, 1, 1, 2}}}), false, torchImage, "unknown");
    row("Permute", op("Permute", {{"dims", Ints{3, 1, 2}}}), true, kerasImage, "[1,3,4,2] N,C,H,W");
    row("transpose", op("transpose", {{"dim0", std::int64_t{1}}, {"dim1", std::int64_t{-1}}}), false, torchImage, "[1,2,4,3] N,W,H,C");
    row("view as a vector", op("view", {{"size", Ints{-1, 24}}}), false, torchImage, "[1,24] N,flat(C,H,W)");
    row("Reshape to a vector", op("Reshape", {{"target_shape", Ints{24}}}), true, kerasImage, "[1,24] N,flat(H,W,C)");
    row("Reshape to -1", op("Reshape", {{"target_shape", Ints{-1}}}), true, kerasImage, "[1,24] N,flat(H,W,C)");
    row("Reshape to another image", op("Reshape", {{"target_shape", Ints{2, 4, 3}}}), true, kerasImage, "unknown");
    row("Reshape of rows to a picture", op("Reshape", {{"target_shape", Ints{4, 6, 1}}}), true, {{1, 4, 6}, axesOf("NTF")},
        "[1,4,6,1] N,H,W,C");
    row("Reshape of a vector", op("Reshape", {{"target_shape", Ints{4, 2, 3}}}), true, vector, "[1,4,2,3] N,H,W,C");
    row("view of a vector", op("view", {{"size", Ints{-1, 3, 4, 2}}}), false, vector, "[1,3,4,2] N,C,H,W");
    row("Reshape of another size", op("Reshape", {{"target_shape", Ints{23}}}), true, kerasImage, "unknown");
    row("GlobalMaxPooling2D", op("GlobalMaxPooling2D"), true, kerasImage, "[1,3] N,C");
    // Keras 2.15 and 3.15: np.transpose(x, (0, 2, 3, 1)) whatever the axes mean
    row("Flatten, channels first", op("Flatten", {{"data_format", std::string("channels_first")}}), true, {{1, 3, 4, 2}, axesOf("NCHW")},
        "[1,24] N,flat(H,W,C)");
    row("Flatten, channels first, of H,W,C", op("Flatten", {{"data_format", std::string("channels_first")}}), true, kerasImage,
        "[1,24] N,flat(W,C,H)");
    row("Flatten, channels last, of C,H,W", op("Flatten", {{"data_format", std::string("channels_last")}}), true,
        {{1, 3, 4, 2}, axesOf("NCHW")}, "[1,24] N,flat(C,H,W)");
}

void TestFollow::classes()
{
    QFETCH(Op, what);
    QFETCH(bool, isKeras);
    QFETCH(L::Value, in);
    QFETCH(QString, out);
    QCOMPARE(QString::fromStdString(text(followed(what, isKeras ? Framework::Keras : Framework::Torch, std::span(&in, 1)))), out);
}

void TestFollow::merged()
{
    const L::Value turned{torchImage.shape, axesOf("NHWC")}, pooled{{1, 24}, axesOf("NC")};
    const std::vector<L::Value> alike{torchImage, torchImage}, unlike{torchImage, kerasImage}, mixed{torchImage, turned},
        features{pooled, vector}, stretched{{{1, 3, 1, 1}, axesOf("NCHW")}, torchImage};
    QCOMPARE(text(followed(op("mul"), Framework::Torch, stretched)), std::string("[1,3,4,2] N,C,H,W"));
    QCOMPARE(text(followed(op("add"), Framework::Torch, alike)), std::string("[1,3,4,2] N,C,H,W"));
    QCOMPARE(text(followed(op("add"), Framework::Torch, unlike)), std::string("unknown"));
    QCOMPARE(text(followed(op("add"), Framework::Torch, mixed)), std::string("[1,3,4,2] N,?,?,?")); // which is which is not known
    QCOMPARE(followed(op("add"), Framework::Torch, mixed)->axes[1].order(), Order::Unknown);
    QCOMPARE(text(followed(op("add"), Framework::Torch, features)), std::string("[1,24] N,C"));
}

void TestFollow::joined()
{
    const L::Value flat{{1, 24}, {{"N", {}}, flattened(axesOf("CHW"), {3, 4, 2})}};
    const std::vector<L::Value> both{flat, vector}, plain{vector, vector}, images{torchImage, torchImage};
    QCOMPARE(text(followed(op("cat", {{"dim", std::int64_t{1}}}), Framework::Torch, both)), std::string("[1,48] N,joined(flat(C,H,W),F)"));
    QCOMPARE(text(followed(op("Concatenate"), Framework::Keras, plain)), std::string("[1,48] N,F"));
    QCOMPARE(text(followed(op("cat", {{"dim", std::int64_t{1}}}), Framework::Torch, images)), std::string("[1,6,4,2] N,C,H,W"));
    QCOMPARE(text(followed(op("cat"), Framework::Torch, plain)), std::string("unknown")); // its dim is not told
}

void TestFollow::lostBehindWhatIsNotKnown_data()
{
    QTest::addColumn<Model>("model");
    QTest::addColumn<QString>("because"); ///< empty: not lost
    const Op dense = known("linear", {{"units", std::int64_t{4}}}), conv = known("conv2d"), flatten = known("flatten");
    const auto row = [](const char* name, const std::vector<Op>& ops, const char* because) {
        QTest::newRow(name) << chain(Framework::Torch, ops) << QString(because);
    };
    row("a custom class", {conv, op("Swirl"), flatten}, "Swirl");
    row("flattened, of no known shape", {conv, flatten}, "flatten");
    row("a Dense ends it", {conv, op("Swirl"), flatten, dense}, "");
    row("what keeps its place passes it on", {conv, op("Swirl"), flatten, op("GELU"), op("Dropout2d")}, "Swirl");
    row("features only", {dense, op("GELU"), dense, op("LayerNorm")}, "");
    row("a custom class between features", {dense, op("Swirl")}, "Swirl");
    row("channels of an image", {conv, op("Swirl"), op("BatchNorm2d"), conv}, "");
    row("a recurrent layer", {op("LSTM")}, "");
}

void TestFollow::lostBehindWhatIsNotKnown()
{
    QFETCH(Model, model);
    QFETCH(QString, because);
    const auto trails = L::trails(model, {});
    const QString found = QString::fromStdString(trails.back().unknownBecause);
    QVERIFY2(because.isEmpty() ? found.isEmpty() : found.contains(because), qPrintable(found));
}

void TestFollow::convolutionsTakeAxesByPlace() // pictures that come as N,H,W,C and are permuted
{
    Op conv = known("conv2d", {{"filters", std::int64_t{2}}, {"kernel", Ints{1, 1}}});
    const Model model = chain(Framework::Torch, {op("permute", {{"dims", Ints{0, 3, 1, 2}}}), conv});
    std::map<int, std::string> problems;
    const L::Value input{{1, 4, 6, 3}, axesOf("NCHW")};
    const auto values = L::inferValues(model, std::span(&input, 1), &problems);
    QVERIFY(values[1]);
    QVERIFY(!values[2]);
    QVERIFY(problems.empty());
}

void TestFollow::typesInTheOtherFramework()
{
    const auto inTorch = [](const Op& what) { return L::typeIn(Framework::Torch, what, Framework::Keras); };
    QCOMPARE(inTorch(op("LeakyReLU")), std::string("LeakyReLU"));
    QCOMPARE(inTorch(op("Reshape", {{"target_shape", Ints{24}}})), std::string("Flatten"));
    QCOMPARE(inTorch(op("Reshape", {{"target_shape", Ints{4, 2, 3}}})), std::string()); // an image is laid out otherwise there
    QCOMPARE(inTorch(op("Permute", {{"dims", Ints{3, 1, 2}}})), std::string());
    QCOMPARE(text(followed(op("Flatten"), Framework::Torch, std::span(&torchImage, 1))), std::string("[1,24] N,flat(C,H,W)"));
}

void TestFollow::joinedWithWhatIsNotKnown() // flattened features and an LSTM's, whose shape is not computed
{
    Model model = chain(Framework::Torch, {known("flatten"), op("LSTM"), op("cat", {{"dim", std::int64_t{1}}})});
    model.ops[2].inputs = {0};
    model.ops[3].inputs = {2, 1};
    const auto values = L::inferValues(model, std::span(&torchImage, 1));
    QVERIFY(values[1] && !values[2] && !values[3]);
    QVERIFY(!L::trails(model, values)[3].unknownBecause.empty());
}

void TestFollow::sumsThatBecomeAnImage()
{
    Model model = chain(Framework::Keras, {known("linear", {{"units", std::int64_t{24}}}), known("linear", {{"units", std::int64_t{24}}}),
                                           op("Add"), op("Reshape", {{"target_shape", Ints{4, 2, 3}}})});
    model.ops[2].inputs = {0};
    model.ops[3].inputs = {1, 2};
    const L::Value input{{1, 5}, axesOf("NF")};
    const auto later = L::unflattenedLater(model, L::inferValues(model, std::span(&input, 1)));
    for (const std::size_t dense : {std::size_t{1}, std::size_t{2}})
        QCOMPARE(core::text(Axes{later[dense].value_or(Axis())}), std::string("flat(H,W,C)"));
    model.ops[3].type = "Concatenate";
    QVERIFY(L::unflattenedLater(model, {})[2].value_or(Axis()).order() == Order::Unknown);
}

void TestFollow::foreignClassesAreNotFollowed() // a class of the user's own has no type, whatever it is called
{
    Op own = op("GELU");
    own.type.clear();
    QCOMPARE(text(followed(own, Framework::Torch, std::span(&torchImage, 1))), std::string("unknown"));
}

void TestFollow::imagesMadeOfFeatures()
{
    const Model keras = chain(Framework::Keras, {known("linear", {{"units", std::int64_t{24}}}), known("relu"),
                                                 op("Reshape", {{"target_shape", Ints{4, 2, 3}}})});
    const L::Value input{{1, 5}, axesOf("NF")};
    const auto values = L::inferValues(keras, std::span(&input, 1));
    const auto later = L::unflattenedLater(keras, values);
    QCOMPARE(core::text(Axes{later[1].value_or(Axis())}), std::string("flat(H,W,C)"));
    QVERIFY(!later[0]);
    const Model lost = chain(Framework::Keras, {known("linear"), op("Reshape")});
    QCOMPARE(L::unflattenedLater(lost, {})[1].value_or(Axis()).order() == Order::Unknown, true);
}

QTEST_GUILESS_MAIN(TestFollow)
#include "tst_follow.moc"
