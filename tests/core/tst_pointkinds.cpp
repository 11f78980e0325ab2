// SPDX-License-Identifier: GPL-3.0-or-later
// Points, norms and means: what differs between two layers, what is refused by name, and where weights lie.
#include "core/layers/spec.h"

#include <QTest>
#include <functional>
#include <optional>

using namespace core;
namespace L = core::layers;

namespace {

Op torchOp(const std::string& className, const Attributes& raw, const std::map<std::string, Shape>& parameters = {})
{
    const L::TorchSpec spec{className, raw, parameters};
    Op op;
    op.name = "t";
    op.kind = L::kindOfTorch(spec)->id;
    op.attributes = L::kindOfTorch(spec)->fromTorch(spec);
    op.inputs = {0};
    return op;
}

Op kerasOp(const std::string& className, const std::string& config, const std::string& version = "2.15.0")
{
    const L::KerasSpec spec{className, Json::parse(config), version, {}};
    Op op;
    op.name = "k";
    op.kind = L::kindOfKeras(spec)->id;
    op.attributes = L::kindOfKeras(spec)->fromKeras(spec);
    op.inputs = {0};
    return op;
}

const L::Value torchImage{{1, 4, 5, 6}, axesOf("NCHW")}, kerasImage{{1, 5, 6, 4}, axesOf("NHWC")};

using Ask = std::function<void()>;

}

class TestPointKinds : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void differences_data()
    {
        QTest::addColumn<Op>("torch");
        QTest::addColumn<Op>("keras");
        QTest::addColumn<bool>("differs");
        const auto row = [](const char* name, const Op& torch, const Op& keras, bool differs) {
            QTest::newRow(name) << torch << keras << differs;
        };
        const std::map<std::string, Shape> affine{{"weight", {4}}, {"bias", {4}}};
        const Op groups = torchOp("GroupNorm", {{"num_groups", std::int64_t{2}}, {"eps", 1e-3}}, affine);
        row("groups", groups, kerasOp("GroupNormalization", R"({"groups":2,"axis":-1})"), false);
        row("other groups", groups, kerasOp("GroupNormalization", R"({"groups":4,"axis":-1})"), true);
        row("another epsilon", groups, kerasOp("GroupNormalization", R"({"groups":2,"axis":-1,"epsilon":0.1})"), true);
        row("another axis", groups, kerasOp("GroupNormalization", R"({"groups":2,"axis":2})"), true);
        row("an instance norm", torchOp("InstanceNorm2d", {{"eps", 1e-3}}), kerasOp("GroupNormalization", R"({"groups":-1})"), false);
        row("an instance norm as groups", torchOp("InstanceNorm2d", {{"eps", 1e-3}}), kerasOp("GroupNormalization", R"({"groups":4})"),
            false);
        row("channels", torchOp("BatchNorm2d", {{"eps", 1e-3}}), kerasOp("BatchNormalization", R"({"axis":[3]})"), false);
        row("rows", torchOp("BatchNorm2d", {{"eps", 1e-3}}), kerasOp("BatchNormalization", R"({"axis":1})"), true);
        row("a threshold", torchOp("Threshold", {{"threshold", 0.5}, {"value", 0.0}}), kerasOp("ReLU", R"({"threshold":0.5})"), false);
        row("another threshold", torchOp("Threshold", {{"threshold", 0.5}, {"value", 0.0}}), kerasOp("ReLU", R"({"threshold":1})"), true);
        row("a bound", torchOp("Hardtanh", {{"min_val", 0.0}, {"max_val", 2.0}}), kerasOp("ReLU", R"({"max_value":2})"), false);
        row("another bound", torchOp("Hardtanh", {{"min_val", 0.0}, {"max_val", 2.0}}), kerasOp("ReLU", R"({"max_value":3})"), true);
        const std::string hard = R"({"activation":"hard_sigmoid"})";
        row("hard_sigmoid of Keras 3", torchOp("Hardsigmoid", {}), kerasOp("Activation", hard, "3.15.1"), false);
        row("hard_sigmoid of Keras 2", torchOp("Hardsigmoid", {}), kerasOp("Activation", hard), true);
        row("softmax over channels", torchOp("Softmax2d", {}), kerasOp("Softmax", R"({"axis":-1})"), false);
        row("softmax over rows", torchOp("Softmax2d", {}), kerasOp("Softmax", R"({"axis":1})"), true);
        row("softmin", torchOp("Softmin", {{"dim", std::int64_t{1}}}), kerasOp("Softmax", R"({"axis":-1})"), true);
        row("a scale", torchOp("mul_number", {{"other", 0.5}}), kerasOp("Rescaling", R"({"scale":0.5,"offset":0})"), false);
        row("another offset", torchOp("mul_number", {{"other", 0.5}}), kerasOp("Rescaling", R"({"scale":0.5,"offset":1})"), true);
        row("a scale of each channel", torchOp("mul_number", {{"other", 0.5}}),
            kerasOp("Rescaling", R"({"scale":[0.5,0.5,0.5,1],"offset":0})"), true);
    }

    void differences()
    {
        QFETCH(Op, torch);
        QFETCH(Op, keras);
        QFETCH(bool, differs);
        QCOMPARE(torch.kind, keras.kind);
        const std::string found = L::kind(torch.kind)->difference(L::Call(torch, {&torchImage}), L::Call(keras, {&kerasImage}));
        QVERIFY2(found.empty() != differs, found.c_str());
    }

    void refused_data()
    {
        QTest::addColumn<Ask>("ask");
        QTest::addColumn<std::string>("id");
        const auto row = [](const char* name, const char* id, const Ask& ask) { QTest::newRow(name) << ask << std::string(id); };
        const auto infer = [](const Op& op, const L::Value& in) { L::kind(op.kind)->infer(L::Call(op, {&in})); };
        row("hard_sigmoid of no known version", "layer-unsupported", [] { kerasOp("Activation", R"({"activation":"hard_sigmoid"})", ""); });
        row("hard_sigmoid, written", "layer-no-twin",
            [] { L::kind("hardsigmoid")->toKeras(kerasOp("Activation", R"({"activation":"hard_sigmoid"})")); });
        row("a unit norm of no known version", "layer-unsupported", [] { kerasOp("UnitNormalization", "{}", ""); });
        row("one mean of all that was found", "layer-unsupported", [] { kerasOp("Normalization", R"({"axis":null})"); });
        row("a mean without variance", "layer-unsupported", [] { kerasOp("Normalization", R"({"mean":[1]})"); });
        row("several axes", "layer-unsupported", [] { kerasOp("UnitNormalization", R"({"axis":[1,2]})"); });
        row("running statistics", "layer-unsupported", [] { torchOp("InstanceNorm2d", {{"track_running_stats", true}}); });
        row("the mean of everything", "layer-unsupported", [] { torchOp("mean", {}); });
        row("a rounded quotient", "layer-unsupported", [] {
            torchOp("div_number", {{"other", 2.0}, {"rounding_mode", std::string("floor")}});
        });
        row("channels in other groups", "shape-groups", [=] {
            infer(torchOp("GroupNorm", {{"num_groups", std::int64_t{3}}}), torchImage);
        });
        row("slopes of other channels", "shape-prelu", [=] { infer(torchOp("PReLU", {{"num_parameters", std::int64_t{3}}}), torchImage); });
        row("an odd size, halved", "shape-glu", [=] { infer(torchOp("GLU", {{"dim", std::int64_t{2}}}), torchImage); });
        row("root mean squares of rows", "shape-axis", [=] { infer(kerasOp("RMSNormalization", R"({"axis":1})"), kerasImage); });
        row("a mean over samples", "shape-batch", [=] { infer(torchOp("mean", {{"dim", Ints{0}}}), torchImage); });
        row("as many means as rows", "shape-axis",
            [=] { infer(kerasOp("Normalization", R"({"mean":[1,2,3],"variance":[1,2,3]})"), kerasImage); });
        row("scales of rows", "shape-axis", [=] { infer(kerasOp("Rescaling", R"({"scale":[1,2,3]})"), kerasImage); });
    }

    void refused()
    {
        QFETCH(Ask, ask);
        QFETCH(std::string, id);
        std::optional<std::string> found;
        try {
            ask();
        } catch (const Error& error) {
            found = error.id();
        }
        QVERIFY(found);
        QCOMPARE(*found, id);
    }

    void slopesLieAlongWhatIsNotShared()
    {
        const Op channels = kerasOp("PReLU", R"({"shared_axes":[1,2]})"), all = kerasOp("PReLU", R"({"shared_axes":null})");
        const auto sizes = [](const Op& op) {
            Ints result;
            for (const L::RoleAxis& axis : L::rolesOf(op, Framework::Keras, std::span(&kerasImage, 1))[0].axes)
                result.push_back(axis.size);
            return result;
        };
        QCOMPARE(sizes(channels), (Ints{1, 1, 4}));
        QCOMPARE(sizes(all), (Ints{5, 6, 4}));
        const auto torch = L::rolesOf(torchOp("PReLU", {{"num_parameters", std::int64_t{4}}}), Framework::Torch, std::span(&torchImage, 1));
        QCOMPARE(torch[0].axes.size(), std::size_t{1});
        QCOMPARE(torch[0].axes[0].name, L::rolesOf(channels, Framework::Keras, std::span(&kerasImage, 1))[0].axes[2].name);
    }

    void aMeanRemovesItsAxes()
    {
        const Op op = torchOp("mean", {{"dim", Ints{2, -1}}});
        const std::vector<L::Value> out = L::kind(op.kind)->infer(L::Call(op, {&torchImage}));
        QCOMPARE(out[0].shape, (Shape{1, 4}));
        QCOMPARE(text(out[0].axes), std::string("N,C"));
    }
};

QTEST_GUILESS_MAIN(TestPointKinds)
#include "tst_pointkinds.moc"
