// SPDX-License-Identifier: GPL-3.0-or-later
// Tensors as real PyTorch lists them, operators as in the files' code/__torch__.py.
#include "tests/formats/torchfixture.h"

using core::Model;
using core::formats::openModel;
using namespace torchbytes;
using namespace std::string_literals;

class TestStrangersTorch : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void tensors_data();
    void tensors();
    void scripts_data();
    void scripts();
};

void TestStrangersTorch::tensors_data()
{
    QTest::addColumn<QString>("content");
    QTest::addColumn<QString>("parameters"); ///< as real PyTorch lists them
    const auto row = [](const char* name, const char* content, const char* parameters) {
        QTest::newRow(name) << QString(content) << QString(parameters);
    };
    row("lenet.pth", "state-dict",
        "conv1.weight float32[6,1,5,5] conv1.bias float32[6] conv2.weight float32[16,6,5,5] conv2.bias float32[16] fc1.weight "
        "float32[120,256] "
        "fc1.bias float32[120] fc2.weight float32[84,120] fc2.bias float32[84] fc3.weight float32[10,84] fc3.bias float32[10] ");
    row("burn_batch_norm2d.pt", "state-dict",
        "norm1.weight float32[5] norm1.bias float32[5] norm1.running_mean float32[5] norm1.running_var float32[5] "
        "norm1.num_batches_tracked int64[] ");
    row("burn_bfloat16.pt", "state-dict", "tensor bfloat16[3] ");
    row("burn_bool.pt", "state-dict", "tensor bool[5] ");
    row("burn_checkpoint.pt", "checkpoint", "fc1.weight float32[10,5] fc1.bias float32[10] fc2.weight float32[3,10] fc2.bias float32[3] ");
    row("burn_empty.pt", "state-dict", "tensor float32[0] ");
    row("burn_mixed_types.pt", "state-dict", "float32 float32[2] int64 int64[2] bool bool[2] float64 float64[2] ");
    row("burn_parameter.pt", "state-dict", "param float32[3,3] ");
    row("burn_complex_structure.pt", "tensors",
        "state.encoder.layer_0.weight float32[4,3] state.encoder.layer_0.bias float32[4] state.encoder.layer_1.weight float32[2,4] "
        "state.encoder.layer_1.bias float32[2] state.decoder.weight float32[3,2] state.decoder.bias float32[3] ");
}

void TestStrangersTorch::tensors()
{
    QFETCH(QString, content);
    QFETCH(QString, parameters);
    const QString name = QString(TIEOUT_SHARED "/corpus/pytorch/") + QTest::currentDataTag();
    const Model model = openModel(name.toStdString());
    std::string found;
    for (const core::Parameter& parameter : model.parameters) {
        found += fmt::format("{} {}{} ", parameter.name, core::name(parameter.source.dtype), core::text(parameter.source.shape));
        QCOMPARE(parameter.problem, ""s);
        QCOMPARE(read(parameter.source).count(), count(parameter));
    }
    QCOMPARE(found, parameters.toStdString());
    QCOMPARE(model.origin.content, content.toStdString());
}

void TestStrangersTorch::scripts_data()
{
    QTest::addColumn<int>("parameters");
    QTest::addColumn<QByteArray>("operators");
    QTest::newRow("tchrs_torchscript_foo.pt") << 1 << QByteArray("x:input y:input mul:affine<x add:add<mul<y add_1:add<add >add_1");
    QTest::newRow("tchrs_torchscript_foo7.pt") << 0 << QByteArray("torchscriptexample:? ");
}

void TestStrangersTorch::scripts()
{
    const QString path = QStringLiteral(TIEOUT_SHARED "/corpus/pytorch/") + QString::fromLatin1(QTest::currentDataTag());
    QFETCH(int, parameters);
    QFETCH(QByteArray, operators);
    const Model model = core::formats::openModel(path.toStdString());
    QCOMPARE(model.origin.content, "script"s);
    QCOMPARE(static_cast<int>(model.parameters.size()), parameters);
    QCOMPARE(QString::fromStdString(graph(model)), QString::fromUtf8(operators));
}

QTEST_APPLESS_MAIN(TestStrangersTorch)
#include "tst_strangerstorch.moc"
