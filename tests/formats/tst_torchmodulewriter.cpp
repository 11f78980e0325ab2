// SPDX-License-Identifier: GPL-3.0-or-later
#include "bytes.h"

#include "core/base/names.h"
#include "core/formats/format.h"
#include "core/formats/torch/write/moduleclasses.h"
#include "core/formats/write.h"

#include <QDir>

using bytes::errorOf;
using core::Attributes;
using core::Ints;
using core::Model;
using core::Op;
using core::Shape;
using core::formats::NamedTensors;
using namespace std::string_literals;
namespace L = core::layers;

namespace {

NamedTensors valuesOf(const Model& model)
{
    NamedTensors tensors;
    for (const auto& parameter : model.parameters)
        tensors.emplace_back(parameter.name, read(parameter.source));
    return tensors;
}

void writeModule(const std::string& path, const Model& model)
{
    core::AtomicFile file(path);
    core::formats::writeTorchModule(file, model, valuesOf(model));
    file.commit();
}

Model sample(const char* name)
{
    return core::formats::openModel(std::string(TIEOUT_TEST_DATA) + "/kinds/" + name);
}

/// input, then activations of these names.
Model chainOf(const std::vector<std::string>& names)
{
    Model model;
    model.framework = core::Framework::Torch;
    model.wired = true;
    model.inputShape = Shape{3};
    Op input;
    input.name = input.kind = "input";
    input.attributes = {{"shape", Ints{3}}};
    model.ops = {input};
    for (const std::string& name : names) {
        Op op;
        op.name = op.layer = name;
        op.kind = "relu";
        op.inputs = {core::Input(core::Port(static_cast<int>(model.ops.size()) - 1))};
        model.ops.push_back(op);
        model.layers.push_back({name, "ReLU", {}, {}, true});
    }
    model.outputs = {core::Output(core::Port(static_cast<int>(names.size())))};
    return model;
}

}

class TestTorchModuleWriter : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsBack();
    void constructors_data();
    void constructors();
    void keeps();
    void refusesGraphs();
    void namesAreNoCode_data();
    void namesAreNoCode();
    void sequence();
};

/// Every module among the small files, written and read again: the same network and the same values.
void TestTorchModuleWriter::readsBack()
{
    QTemporaryDir folder;
    int written = 0;
    const QDir kinds(QString(TIEOUT_TEST_DATA) + "/kinds");
    for (const QString& name : kinds.entryList({"*.pt"})) {
        const Model model = core::formats::openModel(kinds.filePath(name).toStdString());
        const std::string path = folder.filePath(name).toStdString();
        if (model.origin.content != "module" || !model.wired)
            continue;
        std::string why;
        const std::string refused = errorOf([&] { writeModule(path, model); }, &why);
        if (!refused.empty()) {
            QVERIFY2(refused == "torch-write-module" || refused == "torch-write-network", (name.toStdString() + ": " + why).c_str());
            QVERIFY(!QFile::exists(QString::fromStdString(path)));
            continue;
        }
        const Model back = core::formats::openModel(path);
        QVERIFY2(back.origin.content == "module" && back.wired, qPrintable(name));
        QCOMPARE(back.ops.size(), model.ops.size());
        for (std::size_t i = 0; i < model.ops.size(); ++i) {
            QCOMPARE(back.ops[i].kind, model.ops[i].kind);
            QVERIFY2(back.ops[i].attributes == model.ops[i].attributes || model.ops[i].kind == "groupnorm", qPrintable(name));
            QCOMPARE(back.ops[i].unsupported, model.ops[i].unsupported);
        }
        for (const auto& parameter : model.parameters) {
            const auto* same = back.parameter(parameter.name);
            QVERIFY2(same && sameBits(read(same->source), read(parameter.source)), qPrintable(name));
        }
        ++written;
    }
    QVERIFY2(written > 10, std::to_string(written).c_str());
}

void TestTorchModuleWriter::constructors_data()
{
    QTest::addColumn<std::string>("className");
    QTest::addColumn<Attributes>("raw");
    QTest::addColumn<Shape>("input");
    QTest::addColumn<Shape>("weight");
    QTest::addColumn<std::string>("text");
    const auto row = [](const char* name, const Attributes& raw, const Shape& input, const Shape& weight, const char* text) {
        QTest::newRow(text) << std::string(name) << raw << input << weight << std::string(text);
    };
    row("Conv2d", {{"out_channels", std::int64_t{6}}, {"kernel_size", Ints{5, 5}}, {"stride", Ints{1, 1}}, {"padding", Ints{2, 2}}},
        {1, 3, 9, 9}, {6, 3, 5, 5}, "nn.Conv2d(3, 6, 5, padding=2, bias=False)");
    row("Conv2d", {{"out_channels", std::int64_t{6}}, {"kernel_size", Ints{3, 2}}, {"stride", Ints{1, 1}}, {"groups", std::int64_t{3}}},
        {1, 3, 9, 9}, {6, 1, 3, 2}, "nn.Conv2d(3, 6, (3, 2), groups=3, bias=False)");
    row("Conv1d", {{"out_channels", std::int64_t{6}}, {"kernel_size", Ints{3}}, {"stride", Ints{1}}, {"padding", "same"s}}, {1, 4, 9},
        {6, 4, 3}, "nn.Conv1d(4, 6, 3, padding=\"same\", bias=False)");
    row("Linear", {{"out_features", std::int64_t{4}}}, {1, 3}, {4, 3}, "nn.Linear(3, 4, bias=False)");
    row("MaxPool2d", {{"kernel_size", Ints{2, 2}}, {"stride", Ints{2, 2}}}, {1, 3, 8, 8}, {}, "nn.MaxPool2d(2)");
    row("MaxPool2d", {{"kernel_size", Ints{3, 3}}, {"stride", Ints{2, 2}}}, {1, 3, 9, 9}, {}, "nn.MaxPool2d(3, stride=2)");
    row("LeakyReLU", {{"negative_slope", 0.2}}, {1, 3}, {}, "nn.LeakyReLU(0.2)");
    row("ReLU", {}, {1, 3}, {}, "nn.ReLU()");
    row("Softmax", {{"dim", std::int64_t{1}}}, {1, 3}, {}, "nn.Softmax(dim=1)");
    row("ZeroPad2d", {{"padding", Ints{1, 2, 0, 0}}}, {1, 3, 8, 8}, {}, "nn.ZeroPad2d((1, 2, 0, 0))");
    row("ZeroPad1d", {{"padding", Ints{1, 2}}}, {1, 3, 8}, {}, "nn.ConstantPad1d((1, 2), 0.0)");
    row("Flatten", {}, {1, 3, 2, 2}, {}, "nn.Flatten()");
    row("Dropout", {{"p", 0.25}}, {1, 3}, {}, "nn.Dropout(0.25)");
    row("AdaptiveAvgPool2d", {{"output_size", Ints{1, 1}}}, {1, 3, 8, 8}, {}, "nn.AdaptiveAvgPool2d(1)");
}

void TestTorchModuleWriter::constructors()
{
    QFETCH(std::string, className);
    QFETCH(Attributes, raw);
    QFETCH(Shape, input);
    QFETCH(Shape, weight);
    QFETCH(std::string, text);
    const L::TorchSpec spec{className, raw,
                            weight.empty() ? std::map<std::string, Shape>{} : std::map<std::string, Shape>{{"weight", weight}}};
    const L::Kind* kind = L::kindOfTorch(spec);
    QVERIFY(kind);
    Op op;
    op.kind = kind->id;
    op.attributes = kind->fromTorch(spec);
    const L::Value value{input, L::usualAxes(core::Framework::Torch, input.size())};
    QCOMPARE(core::formats::constructorText(core::formats::moduleCall(L::Call(op, {&value}), spec.parameters)), text);
}

/// What nn.Conv2d keeps in PyTorch 2.13, with a 'same' padding for which F.pad is told both sides.
void TestTorchModuleWriter::keeps()
{
    Op op;
    op.kind = "conv1d";
    op.attributes = L::kind("conv1d")->fromTorch(
        {"Conv1d", {{"out_channels", std::int64_t{6}}, {"kernel_size", Ints{4}}, {"stride", Ints{1}}, {"padding", "same"s}}, {}});
    const L::Value value{{1, 4, 9}, core::axesOf("NCT")};
    std::string text;
    for (const auto& [name, kept] : core::formats::keptBy(core::formats::moduleCall(L::Call(op, {&value}), {{"weight", {6, 4, 4}}})))
        text += name + "=" + repr(kept) + " ";
    QCOMPARE(text, "in_channels=4 out_channels=6 kernel_size=(4,) stride=(1,) padding=\"same\" dilation=(1,) transposed=False "
                   "output_padding=(0,) groups=1 padding_mode=\"zeros\" _reversed_padding_repeated_twice=[1, 2] "s);
}

void TestTorchModuleWriter::refusesGraphs()
{
    QTemporaryDir folder;
    const std::string path = folder.filePath("x.pt").toStdString();
    Model model = chainOf({"a", "b", "c"});
    model.ops[3].inputs = {core::Input(core::Port(1))};
    std::string why;
    QCOMPARE(errorOf([&] { writeModule(path, model); }, &why), "torch-write-module"s);
    QVERIFY2(why.find("c takes something else") != std::string::npos, why.c_str());
    model.wired = false;
    QCOMPARE(errorOf([&] { writeModule(path, model); }), "torch-write-network"s);
    QVERIFY(!QFile::exists(QString::fromStdString(path)));
}

void TestTorchModuleWriter::namesAreNoCode_data()
{
    QTest::addColumn<std::string>("name");
    QTest::addColumn<std::string>("line");
    const auto row = [](const char* title, const std::string& name, const char* line) {
        QTest::newRow(title) << name << std::string(line);
    };
    row("plain", "conv1", "        self.conv1 = nn.ReLU()\n");
    row("code", "x\"); import os #", "        self._modules[\"x\\\"); import os #\"] = nn.ReLU()\n");
    row("new line", "a\nimport os", "        self._modules[\"a\\u000aimport os\"] = nn.ReLU()\n");
    row("backslash", "a\\", "        self._modules[\"a\\\\\"] = nn.ReLU()\n");
    row("keyword", "lambda", "        self._modules[\"lambda\"] = nn.ReLU()\n");
    row("member", "forward", "        self._modules[\"forward\"] = nn.ReLU()\n");
    row("private", "__class__", "        self._modules[\"__class__\"] = nn.ReLU()\n");
    row("digits", "3d", "        self._modules[\"3d\"] = nn.ReLU()\n");
    row("letters", "d\xC3\xA9j\xC3\xA0", "        self._modules[\"d\\u00e9j\\u00e0\"] = nn.ReLU()\n");
    row("turned around", "a\xE2\x80\xAE", "        self._modules[\"a\\u202e\"] = nn.ReLU()\n");
}

/// The text stays one literal, whatever a file calls a layer.
void TestTorchModuleWriter::namesAreNoCode()
{
    QFETCH(std::string, name);
    QFETCH(std::string, line);
    const std::string text = core::formats::torchSource(chainOf({"first", core::safeName(name)}), "a\nb\".h5", "x.pt");
    QVERIFY2(text.find(line) != std::string::npos, text.c_str());
    QVERIFY2(text.starts_with("# The network of \"a\\u000ab\\\".h5\", written by Tieout. Its weights are in \"x.pt\":\n#\n"), text.c_str());
}

/// A chain whose layers are numbered is an nn.Sequential; its text is all there is.
void TestTorchModuleWriter::sequence()
{
    QCOMPARE(core::formats::torchSource(chainOf({"0", "1"}), "a.h5", "b.pt"),
             R"(# The network of "a.h5", written by Tieout. Its weights are in "b.pt":
#
#     model = Model()
#     model.load_state_dict(torch.load("b.pt", weights_only=True))
#     model.eval()
import torch
from torch import nn


class Model(nn.Sequential):
    def __init__(self):
        super().__init__(
            nn.ReLU(),
            nn.ReLU(),
        )
)"s);
    QVERIFY(core::formats::torchSource(sample("conv_groups.pt"), "a.h5", "b.pt").find("class Model(") != std::string::npos);
}

QTEST_APPLESS_MAIN(TestTorchModuleWriter)
#include "tst_torchmodulewriter.moc"
