// SPDX-License-Identifier: GPL-3.0-or-later
// P06, Z01 to Z20, T, L, H02, K01: healthy files of every container, cut and changed in places drawn from a fixed seed. Whatever is refused
// is refused by one message that names the file; no exception of the standard library comes out, and none of its words.
#include "core/base/error.h"
#include "core/formats/format.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <random>

using namespace core;

namespace {

constexpr int cuts = 12, changes = 24;

QByteArray bytesOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// What is wrong with the way in which a file is opened and its values are read, "" when nothing is.
QString complaint(const QString& path)
{
    QByteArray message;
    try {
        const Model model = formats::openModel(path.toStdString());
        for (const Parameter& parameter : model.parameters)
            if (parameter.problem.empty() && elementCount(parameter.source.shape) < 100'000)
                read(parameter.source);
        return {};
    } catch (const Error& error) {
        message = error.what();
    } catch (const std::exception& error) {
        return QString("not an Error: ") + error.what();
    }
    if (!message.contains(QFileInfo(path).fileName().toUtf8()))
        return "no file named: " + message;
    for (const char* word : {"std::", "vector::", "basic_string", "bad_alloc", "stoi", "stoul", "stod", "map::at", "json.exception", "_M_"})
        if (message.contains(word))
            return "words of a library: " + message;
    return message.contains('\n') ? "more than one line: " + message : QString();
}

}

class TestDamage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isRefusedInWords_data()
    {
        QTest::addColumn<QString>("path");
        for (const QString& folder : {QString(TIEOUT_TEST_DATA "/readers"), QString(TIEOUT_TEST_DATA "/kinds")})
            for (const auto& entry : QDir(folder).entryInfoList(QDir::Files))
                if (entry.suffix() != "npz" && (folder.endsWith("readers") || entry.baseName() == "deep"))
                    QTest::newRow(qPrintable(entry.fileName())) << entry.filePath();
    }

    void isRefusedInWords()
    {
        QFETCH(QString, path);
        const QByteArray whole = bytesOf(path);
        std::mt19937 random(8);
        const auto below = [&random](qsizetype n) { return static_cast<qsizetype>(random() % static_cast<quint64>(n)); };
        for (int i = 0; i < cuts + changes; ++i) {
            QByteArray bytes = whole;
            if (i < cuts)
                bytes.truncate(below(whole.size()));
            else
                for (int k = 0; k < 1 + i % 4; ++k)
                    bytes[below(whole.size())] = static_cast<char>(i % 2 == 0 ? random() : 0);
            const QString damaged = m_folder.filePath("damaged." + QFileInfo(path).suffix());
            QFile file(damaged);
            QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
            file.close();
            const QString found = complaint(damaged);
            QVERIFY2(found.isEmpty(), qPrintable(QString("%1, way %2: %3").arg(path).arg(i).arg(found)));
        }
    }

private:
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestDamage)
#include "tst_damage.moc"
