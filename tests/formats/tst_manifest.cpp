// SPDX-License-Identifier: GPL-3.0-or-later
// The files of a folder, and what the real frameworks say is in them: TIEOUT_MANIFEST_FILES and the table TIEOUT_MANIFEST.
#include "core/base/error.h"
#include "core/files/sha256.h"
#include "core/formats/format.h"

#include <QDir>
#include <QDirIterator>
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

const QString folder = QStringLiteral(TIEOUT_MANIFEST_FILES "/");

QJsonArray table()
{
    QFile file(QStringLiteral(TIEOUT_MANIFEST));
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

class TestManifest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void opens_data();
    void opens();
    void isWhole();
};

void TestManifest::initTestCase()
{
    QVERIFY2(!table().isEmpty(), TIEOUT_MANIFEST " is missing or broken");
}

void TestManifest::opens_data()
{
    QTest::addColumn<QJsonObject>("row");
    for (const auto& row : table())
        QTest::newRow(qPrintable(row.toObject()[u"file"].toString())) << row.toObject();
}

void TestManifest::opens()
{
    QFETCH(const QJsonObject, row);
    const std::string path = (folder + row[u"file"].toString()).toStdString();
    std::optional<core::Model> model;
    try {
        model = core::asStored(core::formats::openModel(path)); // a manifest tells what the file holds
    } catch (const core::Error& error) {
        QVERIFY2(row.contains(u"error"), error.what());
        QCOMPARE(text(error.id()), row[u"error"].toString());
        return;
    }
    QVERIFY2(!row.contains(u"error"), "opened what is no model");
    QCOMPARE(text(model->origin.format), row[u"format"].toString());
    if (row.contains(u"content"))
        QCOMPARE(text(model->origin.content), row[u"content"].toString());
    if (row.contains(u"parameters_total"))
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
void TestManifest::isWhole()
{
    QSet<QString> known;
    for (const auto& row : table())
        known.insert(row.toObject()[u"file"].toString());
    for (QDirIterator files(folder, QDir::Files, QDirIterator::Subdirectories); files.hasNext();) {
        const QString name = QDir(folder).relativeFilePath(files.next());
        if (const QString suffix = QFileInfo(name).suffix(); suffix != u"json" && suffix != u"npy" && suffix != u"md")
            QVERIFY2(known.contains(name), qPrintable(name));
    }
}

QTEST_GUILESS_MAIN(TestManifest)
#include "tst_manifest.moc"
