// SPDX-License-Identifier: GPL-3.0-or-later
#include "torchfixture.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using core::Model;
using core::Op;
using namespace torchbytes;
using namespace std::string_literals;

namespace {

std::string text(const QJsonObject& object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

QJsonArray sizes(const QList<qint64>& numbers)
{
    QJsonArray array;
    for (const qint64 number : numbers)
        array.append(QJsonObject{{"as_int", number}});
    return array;
}

QJsonObject meta(const QList<qint64>& shape, const QList<qint64>& strides)
{
    return {{"dtype", 7},
            {"sizes", sizes(shape)},
            {"strides", sizes(strides)},
            {"storage_offset", QJsonObject{{"as_int", 0}}},
            {"requires_grad", true}};
}

QJsonObject tensor(const char* name)
{
    return {{"as_tensor", QJsonObject{{"name", name}}}};
}

QJsonObject node(const char* target, const QJsonArray& inputs, const char* output, const char* stack)
{
    return {{"target", target},
            {"inputs", inputs},
            {"outputs", QJsonArray{tensor(output)}},
            {"metadata", QJsonObject{{"nn_module_stack", stack}}}};
}

QJsonObject input(const char* name, const QJsonObject& argument)
{
    return {{"name", name}, {"arg", argument}};
}

/// tanh(fc(x)) with fc of 3 inputs and 2 results; `weight` is what the linear takes.
QJsonObject program(const char* weight = "p_fc_weight")
{
    const QJsonArray specs{
        QJsonObject{{"parameter", QJsonObject{{"arg", QJsonObject{{"name", "p_fc_weight"}}}, {"parameter_name", "fc.weight"}}}},
        QJsonObject{{"user_input", QJsonObject{{"arg", tensor("x")}}}}};
    const QJsonArray nodes{node("torch.ops.aten.linear.default", {input("input", tensor("x")), input("weight", tensor(weight))}, "linear",
                                "L__self__,,__main__.Net;L__self__fc,fc,torch.nn.modules.linear.Linear"),
                           node("torch.ops.aten.tanh.default", {input("self", tensor("linear"))}, "tanh", "L__self__,,__main__.Net")};
    const QJsonObject graph{{"nodes", nodes},
                            {"tensor_values", QJsonObject{{"x", meta({1, 3}, {3, 1})}, {"p_fc_weight", meta({2, 3}, {3, 1})}}}};
    const QJsonArray results{QJsonObject{{"user_output", QJsonObject{{"arg", tensor("tanh")}}}}};
    const QJsonObject signature{{"input_specs", specs}, {"output_specs", results}};
    return {{"graph_module", QJsonObject{{"graph", graph}, {"signature", signature}}}, {"torch_version", "2.13.0"}};
}

std::string archive(const std::string& model, const QJsonObject& weightMeta, const std::string& bytes = sixFloats)
{
    const QJsonObject config{
        {"config",
         QJsonObject{{"fc.weight",
                      QJsonObject{{"path_name", "weight_0"}, {"is_param", true}, {"use_pickle", false}, {"tensor_meta", weightMeta}}}}}};
    bytes::seed(model);
    return bytes::zip({{"net/archive_format", "pt2"},
                       {"net/models/model.json", model},
                       {"net/data/weights/weight_0", bytes},
                       {"net/data/weights/model_weights_config.json", text(config)},
                       {"net/archive_version", "0"}});
}

std::string notes(const Model& model)
{
    std::string all;
    for (const core::Note& note : model.notes)
        all += note.message.text + "\n";
    return all;
}

}

class TestPt2 : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void newer();
    void older();
    void brokenGraph_data();
    void brokenGraph();
    void brokenTensor_data();
    void brokenTensor();
    void noProgram();

private:
    Folder m_folder;
};

void TestPt2::newer()
{
    const Model model = m_folder.open(archive(text(program()), meta({2, 3}, {3, 1})));
    QCOMPARE(model.origin.format, "pt2"s);
    QCOMPARE(model.origin.content, "exported-program"s);
    QVERIFY(model.wired);
    QCOMPARE(model.inputShape, std::optional(core::Shape{3}));
    QCOMPARE(model.ops.size(), std::size_t{3});
    QCOMPARE(model.ops[1].name, "fc"s);
    QCOMPARE(model.ops[1].kind, "linear"s);
    QCOMPARE(model.ops[1].inputs, std::vector<core::Input>{0});
    QCOMPARE(model.ops[1].attributes.integer("units"), std::int64_t{2});
    QCOMPARE(model.ops[2].name, "tanh"s);
    QCOMPARE(model.ops[2].inputs, std::vector<core::Input>{1});
    QCOMPARE(model.outputs, std::vector<core::Output>{2});
    QCOMPARE(model.layers.at(0).kind, "Linear"s);
    QCOMPARE(model.parameters.at(0).layer, "fc"s);
    QCOMPARE(model.parameters[0].role, "kernel"s);
    QCOMPARE(model.parameters[0].trainable, std::optional(true));
    QCOMPARE(values(model.parameters[0]), (std::vector<float>{0, 1, 2, 3, 4, 5}));
}

/// PyTorch 2.1 to 2.7: no top folder, the weights in an archive of their own inside.
void TestPt2::older()
{
    const auto archive = [](const std::string& weights) {
        return bytes::zip(
            {{"serialized_exported_program.json", text(program())}, {"serialized_state_dict.pt", weights}, {"version", "8.0"}});
    };
    const Model read = m_folder.open(archive(file(dict({{"fc.weight", tensor(Tensor())}}), {{"0", sixFloats}})));
    QVERIFY2(read.parameters.at(0).problem.empty(), read.parameters[0].problem.c_str());
    const core::Tensor values = core::read(read.parameters[0].source);
    QVERIFY(std::equal(values.bytes().begin(), values.bytes().end(), bytes::span(sixFloats).begin()));

    const Model model = m_folder.open(archive("PK"));
    QCOMPARE(model.origin.format, "pt2"s);
    QVERIFY(model.wired);
    QCOMPARE(model.ops.size(), std::size_t{3});
    QCOMPARE(model.parameters.at(0).name, "fc.weight"s);
    QCOMPARE(model.parameters[0].source.shape, (core::Shape{2, 3}));
    QVERIFY(!model.parameters[0].problem.empty());
    QVERIFY(noteOf(model, "pt2-nested"));
}

void TestPt2::brokenGraph_data()
{
    QTest::addColumn<QByteArray>("model");
    QTest::addColumn<QByteArray>("reason");
    QTest::newRow("a value from nowhere") << QByteArray::fromStdString(text(program("gone"))) << QByteArray("gone");
}

/// What is wrong with the graph costs the graph, never the parameters.
void TestPt2::brokenGraph()
{
    QFETCH(QByteArray, model);
    QFETCH(QByteArray, reason);
    const Model read = m_folder.open(archive(model.toStdString(), meta({2, 3}, {3, 1})));
    QVERIFY(!read.wired);
    QVERIFY2(notes(read).find(reason.toStdString()) != std::string::npos, notes(read).c_str());
    QCOMPARE(values(read.parameters.at(0)), (std::vector<float>{0, 1, 2, 3, 4, 5}));
    QCOMPARE(read.layers.at(0).name, "fc"s);
}

void TestPt2::brokenTensor_data()
{
    QTest::addColumn<QJsonObject>("meta");
    QTest::newRow("more than the record has") << meta({3, 3}, {3, 1});
    QTest::newRow("a negative size") << meta({-2, 3}, {3, 1});
    QTest::newRow("a stride too many") << meta({2, 3}, {3, 1, 1});
    QTest::newRow("a size that overflows") << meta({qint64{1} << 62, 4}, {4, 1});
    QTest::newRow("no sizes") << QJsonObject{{"dtype", 99}};
}

void TestPt2::brokenTensor()
{
    QFETCH(QJsonObject, meta);
    const Model model = m_folder.open(archive(text(program()), meta));
    QCOMPARE(model.parameters.size(), std::size_t{1});
    QVERIFY(!model.parameters[0].problem.empty());
}

void TestPt2::noProgram()
{
    QCOMPARE(m_folder.errorOf(bytes::zip({{"net/archive_format", "pt2"}, {"net/archive_version", "0"}})), "pt2-records"s);
    QVERIFY(m_folder.errorOf(archive("{\"graph_module\": ", meta({2, 3}, {3, 1}))).starts_with("json"));
    QVERIFY(m_folder.errorOf(archive(std::string(100'000, '['), meta({2, 3}, {3, 1}))).starts_with("json"));
    QVERIFY(!m_folder.open(archive("{}", meta({2, 3}, {3, 1}))).parameters.empty());
}

QTEST_GUILESS_MAIN(TestPt2)
#include "tst_pt2.moc"
