// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/numpy/npy.h"
#include "tests/cli/program.h"

#include <QImage>
#include <QTemporaryDir>
#include <algorithm>
#include <array>
#include <sys/stat.h>

using core::Tensor;

class TestBadInput : public QObject
{
    Q_OBJECT

private:
    QString written(const QString& name, const QByteArray& bytes)
    {
        QFile file(m_folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("the temporary folder takes no files");
        return file.fileName();
    }

    static QByteArray bytesOf(const QString& path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    /// What C++'s own exceptions say, and the name of a temporary file.
    static bool hasWordsOfALibrary(const QByteArray& message)
    {
        constexpr std::array words = {"vector::", "basic_string", "std::", "map::at", "bad_alloc", "_M_", "json.exception", ".tieout-"};
        return std::any_of(words.begin(), words.end(), [&](const char* word) { return message.contains(word); });
    }

    /// The answer is one message that names the file, what was expected and what was found.
    static bool isRefused(const Answer& answer, const QString& file)
    {
        return answer.status == 2 && answer.output.isEmpty() && answer.messages.startsWith("tieout: ") &&
               answer.messages.contains(file.toUtf8()) && answer.messages.contains("expected ") && answer.messages.contains("found ") &&
               answer.messages.count('\n') == 1 && !hasWordsOfALibrary(answer.messages);
    }

    /// The beginning of a PNG that says how large it is.
    static QByteArray pngHeader(quint32 width, quint32 height)
    {
        QByteArray chunk("IHDR");
        for (const quint32 size : {width, height})
            for (const int shift : {24, 16, 8, 0})
                chunk += static_cast<char>(size >> shift & 0xff);
        chunk += QByteArray("\x08\x06\0\0\0", 5);
        const auto* bytes = reinterpret_cast<const uchar*>(chunk.constData());
        quint32 crc = 0xffffffff;
        for (qsizetype i = 0; i < chunk.size(); ++i) {
            crc ^= bytes[i];
            for (int bit = 0; bit < 8; ++bit)
                crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
        }
        crc = ~crc;
        for (const int shift : {24, 16, 8, 0})
            chunk += static_cast<char>(crc >> shift & 0xff);
        return QByteArray("\x89PNG\r\n\x1a\n\0\0\0\x0d", 12) + chunk + QByteArray("\0\0\0\0IDAT\0\0\0\0\0\0\0\0IEND\0\0\0\0", 24);
    }

    QTemporaryDir m_folder;

private Q_SLOTS:
    void refusesFiles_data()
    {
        QTest::addColumn<QString>("file");
        const QByteArray torch = bytesOf(sample("lenet5.pt")), keras = bytesOf(sample("lenet5.h5"));
        QTest::newRow("missing") << m_folder.filePath("missing.pt");
        QTest::newRow("folder") << m_folder.path();
        QTest::newRow("empty") << written("empty.pt", "");
        QTest::newRow("text") << written("text.h5", "model = Sequential()\n");
        QTest::newRow("web page") << written("page.pt", "<!DOCTYPE html><html>");
        QTest::newRow("half of a .pt") << written("half.pt", torch.left(torch.size() / 2));
        QTest::newRow(".pt without its end") << written("cut.pt", torch.chopped(10));
        QTest::newRow("half of a .h5") << written("half.h5", keras.left(keras.size() / 2));
        QTest::newRow("head of a .h5") << written("head.h5", keras.left(100));
        QTest::newRow("picture") << sample("digits-images-idx3-ubyte.gz");
    }
    void refusesFiles()
    {
        QFETCH(QString, file);
        const Answer info = tieout({"info", file, "--json"});
        QVERIFY2(isRefused(info, file), info.messages);
        const Answer compare = tieout({"compare", sample("lenet5.pt"), file});
        QVERIFY2(isRefused(compare, file), compare.messages);
    }

    void refusesInputs_data()
    {
        QTest::addColumn<QStringList>("input");
        QTest::addColumn<QString>("named");
        const QString small = m_folder.filePath("small.npy"), none = m_folder.filePath("none.npy");
        core::formats::writeNpy(small.toStdString(), Tensor::fromFloats({1, 1, 27, 28}, std::vector<float>(27 * 28)));
        core::formats::writeNpy(none.toStdString(), Tensor::fromFloats({0, 1, 28, 28}, {}));
        const QString text = written("text.npy", "1 2 3"), picture = written("picture.png", "no picture"),
                      map = written("map.json", "{\"links\": [");
        QTest::newRow("R03 array of another shape") << QStringList{"--input", small} << small;
        QTest::newRow("array without samples") << QStringList{"--input", none} << none;
        QTest::newRow("array that is none") << QStringList{"--input", text} << text;
        QTest::newRow("missing array") << QStringList{"--input", "missing.npy"} << "missing.npy";
        QTest::newRow("M04 picture that is none") << QStringList{"--image", picture} << picture;
        const QString drawn = written("drawing.png",
                                      "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9'/></svg>"),
                      pipe = m_folder.filePath("pipe.png"), header = written("huge.png", pngHeader(20000, 20000)),
                      wide = written("wide.png", pngHeader(16000, 16000));
        const QString cut = written("cut.png", pngHeader(20, 20).chopped(24));
        QTest::newRow("M04 picture cut short") << QStringList{"--image", cut} << cut;
        mkfifo(pipe.toUtf8().constData(), 0600);
        QTest::newRow("M04 picture that names other files (SVG)") << QStringList{"--image", drawn} << drawn;
        QTest::newRow("M04 picture that never comes (a pipe)") << QStringList{"--image", pipe} << pipe;
        QTest::newRow("M04 picture of 20000 x 20000") << QStringList{"--image", header} << header;
        QTest::newRow("M04 picture of a gigabyte") << QStringList{"--image", wide} << wide;
        QTest::newRow("sample beyond the last") << QStringList{"--sample", "1000"} << "sample digits";
        QTest::newRow("no MNIST there") << QStringList{"--digit", "0", "--mnist", m_folder.path()} << m_folder.path();
        QTest::newRow("mapping cut short") << QStringList{"--sample", "0", "--map", map} << map;
        QTest::newRow("mapping that is missing") << QStringList{"--sample", "0", "--map", "missing.json"} << "missing.json";
    }
    void refusesInputs()
    {
        QFETCH(QStringList, input);
        QFETCH(QString, named);
        const Answer answer = tieout(QStringList{"compare", sample("lenet5.pt"), sample("lenet5.h5")} + input);
        QVERIFY2(isRefused(answer, named), answer.messages);
    }

    void refusesAMappingOfOtherFiles()
    {
        const QString map = m_folder.filePath("other.json");
        QCOMPARE(tieout({"map", data("kinds/deep.pt"), data("kinds/deep.h5"), "-o", map}).status, 0);
        const Answer answer = tieout({"compare", sample("lenet5.pt"), sample("lenet5.h5"), "--map", map});
        QVERIFY2(isRefused(answer, map), answer.messages);
    }

    void cannotRunAStateDictAlone()
    {
        const Answer answer = tieout({"run", data("lenet5_state.pt"), "--sample", "0"});
        QVERIFY2(isRefused(answer, data("lenet5_state.pt")), answer.messages);
        QVERIFY(answer.messages.contains("--like"));
    }

    void comparesNothingWithoutWiringButPrintsTheDocument()
    {
        const Answer answer = tieout({"compare", data("lenet5_state.pt"), data("lenet5_state.pt"), "--json"});
        QCOMPARE(answer.status, 2);
        const core::Json json = answer.json();
        QCOMPARE(QString::fromStdString(json["verdict"]), QString("not-compared"));
        QCOMPARE(json["parameters"].size(), std::size_t{10});
        for (const auto& parameter : json["parameters"])
            QVERIFY(parameter["equal"].get<bool>());
        QVERIFY(answer.messages.startsWith("tieout: "));
    }

    void writesNothingWhereItCannot_data()
    {
        QTest::addColumn<QString>("target");
        QTest::newRow("X02 no such folder") << m_folder.filePath("nowhere/out.h5");
        QTest::newRow("X02 a folder") << m_folder.filePath("folder.h5");
    }
    void writesNothingWhereItCannot()
    {
        QFETCH(QString, target);
        QDir(m_folder.path()).mkdir("folder.h5");
        const Answer answer = tieout({"convert", sample("lenet5.pt"), "--like", sample("lenet5.h5"), "-o", target});
        QVERIFY2(isRefused(answer, target), answer.messages);
    }

    void neverWritesOverASource()
    {
        const QString torch = written("source.pt", bytesOf(sample("lenet5.pt"))),
                      keras = written("source.h5", bytesOf(sample("lenet5.h5")));
        const QByteArray before = bytesOf(keras);
        const Answer twin = tieout({"convert", torch, "--like", keras, "-o", keras});
        QVERIFY2(isRefused(twin, keras), twin.messages);
        QCOMPARE(bytesOf(keras), before);
        QVERIFY(QFile::link(torch, m_folder.filePath("link.pt")));
        const Answer link = tieout({"convert", keras, "--like", torch, "-o", m_folder.filePath("link.pt")});
        QCOMPARE(link.status, 2);
        QCOMPARE(bytesOf(torch), bytesOf(sample("lenet5.pt")));
    }
};

QTEST_GUILESS_MAIN(TestBadInput)
#include "tst_badinput.moc"
