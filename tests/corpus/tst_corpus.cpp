// SPDX-License-Identifier: GPL-3.0-or-later
// Files by strangers, and what the real frameworks say is in them (tests/data/corpus.json, made by tests/interop/make_corpus.py).
#include "core/base/error.h"
#include "core/files/sha256.h"
#include "core/formats/format.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSet>
#include <QTest>
#include <optional>

namespace {

QString text(std::string_view value)
{
    return QString::fromUtf8(value.data(), static_cast<qsizetype>(value.size()));
}

const QString corpus = QStringLiteral(TIEOUT_SHARED "/corpus/");

QJsonArray table()
{
    QFile file(QStringLiteral(TIEOUT_TEST_DATA "/corpus.json"));
    return file.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(file.readAll()).array() : QJsonArray();
}

core::Shape shapeOf(const QJsonArray& sizes)
{
    core::Shape shape;
    for (const auto& size : sizes)
        shape.push_back(size.toInteger());
    return shape;
}

}

class TestCorpus : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void opens_data();
    void opens();
    void isWhole();
};

void TestCorpus::initTestCase()
{
    QVERIFY2(!table().isEmpty(), "tests/data/corpus.json is missing or broken");
    if (!QDir(corpus).exists())
        QSKIP("skipped: the corpus is not here");
}

void TestCorpus::opens_data()
{
    QTest::addColumn<QJsonObject>("row");
    for (const auto& row : table())
        QTest::newRow(qPrintable(row.toObject()[u"file"].toString())) << row.toObject();
}

void TestCorpus::opens()
{
    QFETCH(const QJsonObject, row);
    const std::string path = (corpus + row[u"file"].toString()).toStdString();
    std::optional<core::Model> model;
    try {
        model = core::formats::openModel(path);
    } catch (const core::Error& error) {
        QVERIFY2(row.contains(u"error"), error.what());
        QCOMPARE(text(error.id()), row[u"error"].toString());
        return;
    }
    QVERIFY2(!row.contains(u"error"), "opened what is no model");
    QCOMPARE(text(model->origin.format), row[u"format"].toString());
    QCOMPARE(text(model->origin.content), row[u"content"].toString());
    QCOMPARE(qint64(core::parametersTotal(*model)), row[u"parameters_total"].toInteger());
    if (!row.contains(u"tensor"))
        return;
    const QJsonObject expected = row[u"tensor"].toObject();
    const core::Parameter* parameter = model->parameter(expected[u"name"].toString().toStdString());
    QVERIFY2(parameter, qPrintable(expected[u"name"].toString()));
    QCOMPARE(text(core::name(parameter->source.dtype)), expected[u"dtype"].toString());
    QCOMPARE(parameter->source.shape, shapeOf(expected[u"shape"].toArray()));
    QCOMPARE(text(core::sha256(core::read(parameter->source).bytes())), expected[u"sha256"].toString());
}

// A file that the table does not know would go untested.
void TestCorpus::isWhole()
{
    QSet<QString> known;
    for (const auto& row : table())
        known.insert(row.toObject()[u"file"].toString());
    for (const QString& folder : {QStringLiteral("pytorch"), QStringLiteral("keras"), QStringLiteral("pairs"), QStringLiteral("hdf5")})
        for (const QString& name : QDir(corpus + folder).entryList(QDir::Files))
            if (!name.endsWith(QStringLiteral(".npy")) && !name.endsWith(QStringLiteral(".json")))
                QVERIFY2(known.contains(folder + u'/' + name), qPrintable(name));
}

QTEST_GUILESS_MAIN(TestCorpus)
#include "core/json/json.h"
#include "tst_corpus.moc"
