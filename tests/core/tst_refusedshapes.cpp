// SPDX-License-Identifier: GPL-3.0-or-later
// Layers given values that they cannot take: refused by name, never computed of something else.
#include "core/layers/spec.h"

#include <QTest>
#include <optional>

using namespace core;
namespace L = core::layers;

namespace {

using Settings = Attributes;
using Parameters = std::map<std::string, Shape>;

/// A layer or operator as PyTorch's readers tell it, which takes inputs of these names.
Op torchOp(const std::string& className, const Settings& raw, const std::vector<std::string>& names = {""},
           const Parameters& parameters = {})
{
    const L::TorchSpec spec{className, raw, parameters};
    Op op;
    op.name = "layer";
    op.kind = L::kindOfTorch(spec)->id;
    if (const auto settings = L::kindOfTorch(spec)->fromTorch)
        op.attributes = settings(spec);
    for (std::size_t i = 0; i < names.size(); ++i)
        op.inputs.push_back({names[i], Port(static_cast<int>(i))});
    return op;
}

Op kerasOp(const std::string& className, const std::string& config, const std::vector<std::string>& names = {""})
{
    const L::KerasSpec spec{className, Json::parse(config), "3.15.1", {}};
    Op op;
    op.name = "layer";
    op.kind = L::kindOfKeras(spec)->id;
    if (const auto settings = L::kindOfKeras(spec)->fromKeras)
        op.attributes = settings(spec);
    for (std::size_t i = 0; i < names.size(); ++i)
        op.inputs.push_back({names[i], Port(static_cast<int>(i))});
    return op;
}

/// One direction of a recurrent layer, as every reader makes it; `time` is the axis of its steps.
Op recurrent(const char* kind, std::int64_t time, const std::vector<std::string>& names = {""}, std::int64_t units = 3)
{
    Op op;
    op.name = "layer";
    op.kind = kind;
    op.attributes = {{"units", units}, {"time", time}};
    for (std::size_t i = 0; i < names.size(); ++i)
        op.inputs.push_back({names[i], Port(static_cast<int>(i))});
    return op;
}

L::Value value(Shape shape, const char* axes)
{
    return {std::move(shape), axesOf(axes)};
}

const std::vector<std::string> two{"", ""}, attended{"", "key", "value"};
const L::Value image = value({1, 4, 5, 6}, "NCHW"), steps = value({1, 5, 6}, "NTF"), vector = value({1, 6}, "NF");

}

class TestRefusedShapes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refused_data();
    void refused();
};

void TestRefusedShapes::refused_data()
{
    QTest::addColumn<Op>("op");
    QTest::addColumn<std::vector<L::Value>>("inputs");
    QTest::addColumn<std::string>("id");
    const auto row = [](const char* id, const char* name, const Op& op, const std::vector<L::Value>& inputs) {
        QTest::newRow(name) << op << inputs << std::string(id);
    };
    row("shape-units", "features of one number", torchOp("Linear", {{"out_features", std::int64_t{3}}}), {value({1}, "N")});
    row("shape-units", "no units", kerasOp("Dense", R"({"units":0})"), {vector});
    row("shape-flatten", "flattened past the last dimension", torchOp("Flatten", {{"end_dim", std::int64_t{4}}}), {image});
    row("shape-reshape", "another number of values", kerasOp("Reshape", R"({"target_shape":[7,-1]})"), {image});
    row("shape-permute", "a dimension twice", kerasOp("Permute", R"({"dims":[1,1,2]})"), {image});
    row("shape-merge", "a sum of other sizes", kerasOp("Add", "{}", two), {steps, value({1, 5, 4}, "NTF")});
    row("shape-concatenate", "joined where others differ", kerasOp("Concatenate", R"({"axis":-1})", two), {steps, value({1, 4, 6}, "NTF")});
    row("shape-product", "a product of other sizes", kerasOp("Dot", R"({"axes":[2,1]})", two), {steps, steps});
    row("shape-bilinear", "other batches", torchOp("Bilinear", {{"out_features", std::int64_t{3}}}, two), {vector, steps});
    row("shape-masking", "a vector masked", kerasOp("Masking", "{}"), {vector});
    row("shape-index", "an index behind the end", torchOp("select", {{"dim", std::int64_t{1}}, {"index", std::int64_t{5}}}), {steps});
    row("shape-slice", "a slice of nothing",
        torchOp("slice", {{"dim", std::int64_t{1}}, {"start", std::int64_t{9}}, {"end", std::int64_t{12}}, {"step", std::int64_t{1}}}),
        {steps});
    row("shape-split", "pieces of nothing", torchOp("split", {{"dim", std::int64_t{1}}, {"sizes", std::int64_t{0}}}), {steps});
    row("shape-split", "pieces that are not all", torchOp("split", {{"dim", std::int64_t{1}}, {"sizes", Ints{2, 2}}}), {steps});
    row("shape-stack", "stacked of other shapes", torchOp("stack", {{"dim", std::int64_t{1}}}, two), {steps, vector});
    row("shape-batch", "stacked before the samples", torchOp("stack", {{"dim", std::int64_t{0}}}, two), {steps, steps});
    row("shape-copies", "copies of an image", kerasOp("RepeatVector", R"({"n":3})"), {steps});
    row("shape-copies", "no copy", kerasOp("RepeatVector", R"({"n":0})"), {vector});
    row("shape-recurrent", "steps of an image", recurrent("lstm", 1), {image});
    row("shape-recurrent", "no unit", recurrent("lstm", 1, {""}, 0), {steps});
    row("shape-recurrent", "the batch elsewhere", recurrent("lstm", 0), {steps});
    row("shape-recurrent", "no step", recurrent("gru", 1), {value({1, 0, 6}, "NTF")});
    row("shape-recurrent", "a state of other units", recurrent("gru", 1, {"", "initial_state"}), {steps, value({1, 4}, "NF")});
    row("shape-recurrent", "one state of two", recurrent("lstm", 1, {"", "initial_state"}), {steps, value({1, 3}, "NF")});
    row("shape-recurrent", "a mask of other steps", recurrent("lstm", 1, {"", "mask"}), {steps, value({1, 4}, "NT")});
    const Op attention = kerasOp("MultiHeadAttention", R"({"num_heads":2,"key_dim":3})", attended);
    row("shape-attention", "attention of vectors", attention, {vector, vector, vector});
    row("shape-attention", "more keys than values", attention, {steps, steps, value({1, 4, 6}, "NTF")});
    L::Value flattened = steps;
    flattened.axes.back().parts = {{"C", 2}, {"W", 3}};
    row("shape-attention", "attention of a flattened image", attention, {flattened, flattened, flattened});
    row("call-input", "attention of a query alone", attention, {steps});
}

void TestRefusedShapes::refused()
{
    QFETCH(Op, op);
    QFETCH(std::vector<L::Value>, inputs);
    QFETCH(std::string, id);
    std::vector<const L::Value*> values;
    for (const L::Value& input : inputs)
        values.push_back(&input);
    op.inputs.resize(values.size());
    std::optional<Error> found;
    try {
        L::kind(op.kind)->infer(L::Call(op, values));
    } catch (const Error& error) {
        found = error;
    }
    QVERIFY(found);
    QCOMPARE(found->id(), id);
    QVERIFY2(!found->expected().empty() && !found->found().empty() && found->at() == "layer", found->what());
}

QTEST_APPLESS_MAIN(TestRefusedShapes)
#include "tst_refusedshapes.moc"
