// SPDX-License-Identifier: GPL-3.0-or-later
// Weights whose architecture lies in a file of its own, found beside them or named.
#include "core/base/error.h"
#include "core/formats/format.h"
#include "core/tensor/stream.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <map>
#include <optional>

using namespace core;
using namespace core::formats;
using namespace std::string_literals;

namespace {

std::string data(const std::string& name)
{
    return TIEOUT_TEST_DATA "/apart/" + name;
}

bool hasNote(const Model& model, const std::string& id)
{
    return std::any_of(model.notes.begin(), model.notes.end(), [&](const Note& note) { return note.message.id == id; });
}

std::optional<Error> errorOf(const std::string& path, const std::string& architecture)
{
    try {
        openModel(path, Progress(), architecture);
    } catch (const Error& error) {
        return error;
    }
    return {};
}

/// The same computation with the same values, whatever the parameters are called.
void compareModels(const Model& model, const Model& whole)
{
    QVERIFY(model.wired);
    QCOMPARE(model.ops.size(), whole.ops.size());
    std::map<std::string, const Parameter*> named, wholeNamed;
    for (const auto& parameter : model.parameters)
        named.emplace(parameter.name, &parameter);
    for (const auto& parameter : whole.parameters)
        wholeNamed.emplace(parameter.name, &parameter);
    for (std::size_t i = 0; i < model.ops.size(); ++i) {
        const Op &op = model.ops[i], &other = whole.ops[i];
        QCOMPARE(op.name, other.name);
        QCOMPARE(op.kind, other.kind);
        QVERIFY2(op.attributes == other.attributes, op.name.c_str());
        QVERIFY(op.unsupported.empty());
        QCOMPARE(op.inputs, other.inputs);
        QCOMPARE(op.parameters.size(), other.parameters.size());
        for (const auto& [role, name] : op.parameters)
            QVERIFY2(sameBits(read(named.at(name)->source), read(wholeNamed.at(other.parameters.at(role))->source)), name.c_str());
    }
    QCOMPARE(model.outputs, whole.outputs);
}

}

class TestKerasApart : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void found_data()
    {
        QTest::addColumn<std::string>("folder");
        QTest::addColumn<std::string>("weights");
        QTest::newRow("Keras 2, store") << "keras2/"s
                                        << "net.weights.h5"s;
        QTest::newRow("Keras 2, groups") << "keras2/"s
                                         << "net_old_weights.h5"s;
        QTest::newRow("Keras 3, store") << "keras3/"s
                                        << "net.weights.h5"s;
    }

    void found()
    {
        QFETCH(const std::string, folder);
        QFETCH(const std::string, weights);
        const Model model = openModel(data(folder + weights));
        QCOMPARE(model.origin.architecture, data(folder + "net.json"));
        QCOMPARE(model.origin.content, "weights"s); // of this file
        QVERIFY(hasNote(model, "keras-config-apart"));
        compareModels(model, openModel(data(folder + "net.h5")));
    }

    void named_data() { found_data(); }

    void named()
    {
        QFETCH(const std::string, folder);
        QFETCH(const std::string, weights);
        QTemporaryDir alone;
        const auto path = alone.filePath("m.weights.h5").toStdString();
        QVERIFY(QFile::copy(QString::fromStdString(data(folder + weights)), QString::fromStdString(path)));
        const Model bare = openModel(path);
        QVERIFY(!bare.wired);
        const Model model = openModel(path, Progress(), data(folder + "net.json"));
        compareModels(model, openModel(data(folder + "net.h5")));
        QCOMPARE(model.origin.architecture, data(folder + "net.json"));
        const auto error = errorOf(path, data(folder + "other.json"));
        QVERIFY(error.has_value());
        QCOMPARE(error->id(), "keras-config-fit"s);
    }

    void twoThatFitAreATie()
    {
        for (const std::string folder : {"keras2/twice/", "keras3/twice/"}) {
            const Model bare = openModel(data(folder + "weights.weights.h5"));
            QVERIFY(!bare.wired);
            QVERIFY(hasNote(bare, "keras-configs-apart"));
            QVERIFY(openModel(data(folder + "weights.weights.h5"), Progress(), data(folder + "second.json")).wired);
        }
    }

    void anotherName() // Keras 3 goes by paths; a configuration that nobody named has to call its layers alike, too
    {
        QTemporaryDir folder;
        QVERIFY(QFile::copy(QString::fromStdString(data("keras3/net.weights.h5")), folder.filePath("net.weights.h5")));
        QFile original(QString::fromStdString(data("keras3/net.json")));
        QVERIFY(original.open(QIODevice::ReadOnly));
        QFile renamed(folder.filePath("net.json"));
        QVERIFY(renamed.open(QIODevice::WriteOnly));
        renamed.write(original.readAll().replace("\"dense\"", "\"head\""));
        renamed.close();
        const auto weights = folder.filePath("net.weights.h5").toStdString();
        QVERIFY(!openModel(weights).wired);
        const Model model = openModel(weights, Progress(), renamed.fileName().toStdString());
        QVERIFY(model.wired);
        QVERIFY(hasNote(model, "keras-config-names"));
    }

    void refusals_data()
    {
        QTest::addColumn<std::string>("file");
        QTest::addColumn<std::string>("architecture");
        QTest::addColumn<std::string>("id");
        QTest::newRow("it has its own") << data("keras2/net.h5") << data("keras2/net.json") << "architecture-given"s;
        QTest::newRow("of PyTorch") << std::string(TIEOUT_SAMPLES "/lenet5.pt") << data("keras2/net.json") << "architecture-given"s;
        QTest::newRow("no JSON") << data("keras2/net.weights.h5") << data("keras2/net.h5") << "json-malformed"s;
        QTest::newRow("no architecture") << data("keras2/net.weights.h5") << std::string(TIEOUT_TEST_DATA "/readers.json")
                                         << "keras-config"s;
        QTest::newRow("absent") << data("keras2/net.weights.h5") << data("keras2/absent.json") << "file-open"s;
    }

    void refusals()
    {
        QFETCH(const std::string, file);
        QFETCH(const std::string, architecture);
        QFETCH(const std::string, id);
        const auto error = errorOf(file, architecture);
        QVERIFY(error.has_value());
        QCOMPARE(error->id(), id);
    }
};

QTEST_GUILESS_MAIN(TestKerasApart)
#include "tst_kerasapart.moc"
