// SPDX-License-Identifier: GPL-3.0-or-later
// Ops that take several values, by hand; what the frameworks give is in tests/data/kinds.
#include "tests/engines/models.h"

#include <QTest>
#include <cmath>
#include <limits>

using namespace core;
using core::engines::makeEngine;

Q_DECLARE_METATYPE(core::Framework)

class TestMerging : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase_data();
    void values_data();
    void values();
    void stretched();
    void concatenated();
    void nanWins();
    void refused_data();
    void refused();
    void unknownValueIsNotComputed();
};

namespace {

/// Several inputs, and one op that takes them all.
Model joining(Framework framework, const std::vector<Shape>& shapes, const std::string& kind, Attributes attributes = {})
{
    Model model;
    model.framework = framework;
    model.wired = true;
    Op join;
    for (const Shape& shape : shapes) {
        Op op;
        op.name = "in" + std::to_string(model.ops.size());
        op.kind = "input";
        op.attributes = {{"shape", shape}};
        join.inputs.emplace_back(static_cast<int>(model.ops.size()));
        model.ops.push_back(std::move(op));
    }
    join.name = join.layer = kind;
    join.kind = kind;
    join.attributes = std::move(attributes);
    model.outputs.emplace_back(static_cast<int>(model.ops.size()));
    model.ops.push_back(std::move(join));
    return model;
}

engines::Trace run(const Model& model, const std::vector<Tensor>& values)
{
    engines::Feeds feeds;
    for (std::size_t i = 0; i < values.size(); ++i)
        feeds.emplace(static_cast<int>(i), values[i]);
    return makeEngine(std::make_shared<const Model>(model))->run(feeds);
}

std::vector<float> floatsOf(const std::optional<Tensor>& value)
{
    return value ? std::vector<float>(value->floats().begin(), value->floats().end()) : std::vector<float>();
}

Tensor rows(const Shape& shape, const std::vector<float>& values)
{
    return Tensor::fromFloats(shape, values);
}

}

void TestMerging::initTestCase_data()
{
    QTest::addColumn<core::Framework>("framework");
    QTest::newRow("torch") << Framework::Torch;
    QTest::newRow("keras") << Framework::Keras;
}

void TestMerging::values_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<std::vector<float>>("wanted");
    QTest::newRow("add") << "add" << std::vector<float>{5, -1, 8, 2};
    QTest::newRow("subtract") << "subtract" << std::vector<float>{-3, 5, -2, 6};
    QTest::newRow("multiply") << "multiply" << std::vector<float>{4, -6, 15, -8};
    QTest::newRow("average") << "average" << std::vector<float>{2.5F, -0.5F, 4, 1};
    QTest::newRow("maximum") << "maximum" << std::vector<float>{4, 2, 5, 4};
    QTest::newRow("minimum") << "minimum" << std::vector<float>{1, -3, 3, -2};
}

void TestMerging::values()
{
    QFETCH_GLOBAL(core::Framework, framework);
    QFETCH(QString, kind);
    QFETCH(std::vector<float>, wanted);
    const Model model = joining(framework, {{2}, {2}}, kind.toStdString());
    const auto trace = run(model, {rows({2, 2}, {1, 2, 3, 4}), rows({2, 2}, {4, -3, 5, -2})});
    QCOMPARE(floatsOf(trace.values[2]), wanted);
}

void TestMerging::stretched() // a size of 1 on either side
{
    QFETCH_GLOBAL(core::Framework, framework);
    const Model model = joining(framework, {{1, 2, 1}, {1, 1, 2}, {1, 2, 2}}, "add");
    const auto trace = run(model, {rows({1, 1, 2, 1}, {10, 20}), rows({1, 1, 1, 2}, {1, 2}), rows({1, 1, 2, 2}, {100, 200, 300, 400})});
    QCOMPARE(floatsOf(trace.values[3]), (std::vector<float>{111, 212, 321, 422}));
}

void TestMerging::concatenated()
{
    QFETCH_GLOBAL(core::Framework, framework);
    const std::vector<Tensor> values{rows({2, 1, 2}, {1, 2, 3, 4}), rows({2, 2, 2}, {5, 6, 7, 8, 9, 10, 11, 12})};
    const Model model = joining(framework, {{1, 2}, {2, 2}}, "concatenate", {{"axis", std::int64_t{-2}}});
    const auto trace = run(model, values);
    QCOMPARE(trace.values[2]->shape(), (Shape{2, 3, 2}));
    QCOMPARE(floatsOf(trace.values[2]), (std::vector<float>{1, 2, 5, 6, 7, 8, 3, 4, 9, 10, 11, 12}));
}

void TestMerging::nanWins()
{
    QFETCH_GLOBAL(core::Framework, framework);
    const float nan = std::numeric_limits<float>::quiet_NaN();
    for (const char* kind : {"maximum", "minimum"})
        for (const float value :
             floatsOf(run(joining(framework, {{2}, {2}}, kind), {rows({1, 2}, {nan, 1}), rows({1, 2}, {1, nan})}).values[2]))
            QVERIFY2(std::isnan(value), kind);
}

void TestMerging::refused_data()
{
    QTest::addColumn<Model>("model");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* name, Model model, const char* says) { QTest::newRow(name) << std::move(model) << says; };
    row("one value", joining(Framework::None, {{2}}, "add"), "it takes at least 2 inputs, not 1");
    row("three to subtract", joining(Framework::None, {{2}, {2}, {2}}, "subtract"), "it takes 2 inputs, not 3");
    row("two to one that takes one", joining(Framework::None, {{2}, {2}}, "relu"), "it takes one input, not 2");
    Model masked = joining(Framework::None, {{2}, {2}, {2}}, "add");
    masked.ops.back().inputs[2].name = "mask";
    row("a named one", masked, "an input called mask");
    row("sizes that do not fit", joining(Framework::None, {{2}, {3}}, "add"), "[2,2], [2,3]");
    row("ranks", joining(Framework::None, {{2}, {2, 2}}, "maximum"), "[2,2], [2,2,2]");
    row("other sizes", joining(Framework::None, {{2, 2}, {2, 3}}, "concatenate", {{"axis", std::int64_t{1}}}), "[2,2,2], [2,2,3]");
    row("the batch", joining(Framework::None, {{2}, {2}}, "concatenate", {{"axis", std::int64_t{0}}}), "an axis of");
    row("no such axis", joining(Framework::None, {{2}, {2}}, "concatenate", {{"axis", std::int64_t{2}}}), "an axis of");
    row("a far axis", joining(Framework::None, {{2}, {2}}, "concatenate", {{"axis", std::numeric_limits<std::int64_t>::min()}}),
        "an axis of");
}

void TestMerging::refused()
{
    QFETCH_GLOBAL(core::Framework, framework);
    QFETCH(Model, model);
    QFETCH(QString, says);
    model.framework = framework;
    std::vector<Tensor> values;
    for (const Op& op : model.ops)
        if (op.kind == "input") {
            Shape shape = op.attributes.integers("shape");
            shape.insert(shape.begin(), 2);
            values.push_back(randomTensor(shape, 1));
        }
    const auto trace = run(model, values);
    const int last = static_cast<int>(model.ops.size()) - 1;
    QVERIFY(!trace.values[model.ops.size() - 1] && trace.problems.contains(last));
    QVERIFY2(trace.problems.at(last).find(says.toStdString()) != std::string::npos, trace.problems.at(last).c_str());
}

void TestMerging::unknownValueIsNotComputed() // the second output of an op that has one
{
    QFETCH_GLOBAL(core::Framework, framework);
    Model model = joining(framework, {{2}, {2}}, "add");
    model.ops.back().inputs[1].port.output = 1;
    const auto trace = run(model, {rows({1, 2}, {1, 2}), rows({1, 2}, {3, 4})});
    QVERIFY(!trace.values[2] && trace.problems.contains(2));
}

QTEST_GUILESS_MAIN(TestMerging)
#include "tst_merging.moc"
