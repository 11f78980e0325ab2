// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/numpy/npy.h"
#include "tests/cli/program.h"

#include <QFile>
#include <QTemporaryDir>

#include <cmath>

using core::Tensor;

namespace {

const Tensor& tensor(const core::formats::NamedTensors& tensors, const std::string& name)
{
    for (const auto& [key, value] : tensors)
        if (key == name)
            return value;
    throw core::Error("test").expected("an array called " + name);
}

}

/// Files without wiring beside the models that have it, against what the real frameworks compute (tests/interop/make_borrow.py).
class TestBorrowed : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void verdict_data()
    {
        QTest::addColumn<QString>("left");
        QTest::addColumn<QString>("right");
        QTest::addColumn<QString>("input");
        QTest::addColumn<QString>("verdict");
        QTest::newRow("settings agree") << "own_same.pt"
                                        << "bn.h5"
                                        << "bn.npz"
                                        << "ties-out";
        QTest::newRow("epsilon differs") << "own_eps.pt"
                                         << "bn.h5"
                                         << "bn.npz"
                                         << "differs";
        QTest::newRow("activation differs") << "own_tanh.pt"
                                            << "bn.h5"
                                            << "bn.npz"
                                            << "differs";
        QTest::newRow("nested, frozen") << "nested.pt"
                                        << "nested_weights.h5"
                                        << "nested.npz"
                                        << "ties-out";
        QTest::newRow("more than ten of a class") << "numbered.pt"
                                                  << "numbered.weights.h5"
                                                  << "numbered.npz"
                                                  << "ties-out";
    }
    void verdict()
    {
        QFETCH(QString, left);
        QFETCH(QString, right);
        QFETCH(QString, input);
        QFETCH(QString, verdict);
        const Answer answer = tieout(
            {"compare", data("borrow/" + left), data("borrow/" + right), "--input", data("borrow/" + input), "--layout", "nchw", "--json"});
        QVERIFY2(answer.status == (verdict == "ties-out" ? 0 : 1), answer.messages + answer.output.right(3000));
        QCOMPARE(QString::fromStdString(answer.json()["verdict"]), verdict);
    }

    void assumptions_data()
    {
        QTest::addColumn<QString>("left");
        QTest::addColumn<QString>("right");
        QTest::addColumn<QString>("input");
        QTest::addColumn<QString>("side");
        QTest::addColumn<QStringList>("what");
        const auto row = [](const char* name, const QString& left, const QString& right, const QString& input, const QString& side,
                            const QStringList& what) { QTest::newRow(name) << left << right << input << side << what; };
        row("a class that names its layers", "own_same.pt", "bn.h5", "bn.npz", "left", {"order"});
        row("a class that calls functions, others than the twin's", "own_functional.pt", "bn.h5", "bn.npz", "left",
            {"order", "ReLU", "MaxPool2d", "Flatten"});
        row("weights alone", "nested.pt", "nested_weights.h5", "nested.npz", "right", {"order", "Activation"});
    }
    /// What no file tells is in the verdict itself, in every form: it may well be another network that the file was made of.
    void assumptions()
    {
        QFETCH(QString, left);
        QFETCH(QString, right);
        QFETCH(QString, input);
        QTemporaryDir folder;
        const QString page = folder.filePath("a.html"), junit = folder.filePath("a.xml");
        const QStringList arguments{
            "compare", data("borrow/" + left), data("borrow/" + right), "--input", data("borrow/" + input), "--layout", "nchw"};
        const QString words = "TIES OUT as far as the files tell: order";
        const Answer text = tieout(arguments);
        QVERIFY2(text.output.contains(words.toUtf8()), text.output);
        const core::Json json = tieout(arguments + QStringList{"--json", "--report", page, "--junit", junit}).json();
        QCOMPARE(QString::fromStdString(json["summary"]["headline"]), QString("TIES OUT as far as the files tell"));
        QTEST(QString::fromStdString(json["assumed"]["side"]), "side");
        QStringList what;
        for (const core::Json& one : json["assumed"]["what"])
            what << QString::fromStdString(one);
        QTEST(what, "what");
        QFile html(page), xml(junit);
        QVERIFY(html.open(QIODevice::ReadOnly) && xml.open(QIODevice::ReadOnly));
        QVERIFY(html.readAll().contains(("class=\"verdict unsure\">" + words).toUtf8()));
        QVERIFY(xml.readAll().contains("<skipped message=\"order"));
    }

    /// A network whose own code puts the channels last before it flattens: the twin's Flatten is not its own, and no difference is found.
    void assumedOrderIsNoFinding()
    {
        const QString twin = data("orders/gelu.h5");
        QTemporaryDir folder;
        core::formats::NamedTensors weights;
        const auto add = [&](const char* name, const QString& from, const char* stored, const core::Shape& shape, const char* axes) {
            const QString file = folder.filePath("values.npy");
            QCOMPARE(tieout({"info", twin, "--tensor", from, "-o", file}).status, 0);
            const Tensor values = core::formats::readNpyOrNpz(file.toStdString()).front().second;
            weights.emplace_back(name, values.withAxes(core::axesOf(stored)).relabelled(shape, core::axesOf(axes)));
        };
        add("conv.weight", "conv/kernel:0", "HWIO", {3, 2, 3, 3}, "OIHW");
        add("conv.bias", "conv/bias:0", "O", {3}, "O");
        add("dense.weight", "dense/kernel:0", "IO", {5, 24}, "OI");
        add("dense.bias", "dense/bias:0", "O", {5}, "O");
        const QString file = folder.filePath("weights.npz");
        core::formats::writeNpz(file.toStdString(), weights);
        const Answer answer = tieout({"compare", file, twin, "--json"});
        QCOMPARE(answer.status, 2);
        const core::Json json = answer.json();
        QCOMPARE(QString::fromStdString(json["verdict"]), QString("not-compared"));
        QCOMPARE(json["differing"].get<int>(), 0);
        QVERIFY(json["layers"][0]["ties_out"].get<bool>());
        QVERIFY(json["layers"][3]["local_scaled_max"].is_null());
        QVERIFY2(answer.messages.contains("dense ran with its features in an order that is only assumed"), answer.messages);
        const Answer run = tieout({"run", file, "--like", twin, "--random", "1", "--json"});
        QCOMPARE(run.status, 0);
        const core::Json notes = run.json()["notes"];
        QVERIFY(std::any_of(notes.begin(), notes.end(),
                            [](const core::Json& note) { return note["id"] == "order-assumed" && note["where"] == "dense"; }));
    }

    void outputs_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("twin");
        QTest::addColumn<QString>("net");
        QTest::addColumn<QString>("layer");
        const auto row = [](const char* file, const char* ending, const char* twin, const char* net, const char* layer) {
            QTest::newRow(file) << QString(file) + ending << QString(twin) << QString(net) << QString(layer);
        };
        row("own_same", ".pt", "bn.h5", "bn", "fc");
        row("own_eps", ".pt", "bn.h5", "bn", "fc");
        row("own_tanh", ".pt", "bn.h5", "bn", "fc");
        row("nested_weights", ".h5", "nested.pt", "nested", "9"); // Keras' tanh is no layer of the file
        row("numbered.weights", ".h5", "numbered.pt", "numbered", "23");
    }
    /// What the file computes is its own, whoever told the wiring.
    void outputs()
    {
        QFETCH(QString, file);
        QFETCH(QString, twin);
        QFETCH(QString, net);
        QFETCH(QString, layer);
        QTemporaryDir folder;
        const QString golden = data("borrow/" + net + ".npz"), written = folder.filePath("a.npz");
        const Answer answer =
            tieout({"run", data("borrow/" + file), "--like", data("borrow/" + twin), "--input", golden, "--layout", "nchw", "-o", written});
        QVERIFY2(answer.status == 0, answer.messages);
        const auto computed = core::formats::readNpyOrNpz(written.toStdString());
        const auto expected = core::formats::readNpyOrNpz(golden.toStdString());
        const Tensor& mine = tensor(computed, layer.toStdString());
        const Tensor& theirs = tensor(expected, QTest::currentDataTag());
        QCOMPARE(mine.shape(), theirs.shape());
        for (std::size_t i = 0; i < theirs.floats().size(); ++i)
            QVERIFY(std::abs(mine.floats()[i] - theirs.floats()[i]) <= 1e-5F * std::max(1.0F, std::abs(theirs.floats()[i])));
    }
};

QTEST_GUILESS_MAIN(TestBorrowed)
#include "tst_borrowed.moc"
