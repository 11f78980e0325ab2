// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/formats/seed.h"

#include "core/base/error.h"
#include "core/digits/digits.h"
#include "core/formats/numpy/npy.h"

#include <QTemporaryDir>
#include <QTest>

#include <zlib.h>

using namespace core;
using namespace core::digits;

namespace {

QByteArray bigEndian(std::initializer_list<quint32> values)
{
    QByteArray bytes;
    for (const quint32 value : values)
        for (int shift = 24; shift >= 0; shift -= 8)
            bytes.append(static_cast<char>(value >> shift));
    return bytes;
}

QByteArray pixels(int count)
{
    QByteArray bytes(count * 784, '\0');
    for (int i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<char>(i % 251);
    return bytes;
}

QByteArray images(int count)
{
    return bigEndian({0x803, static_cast<quint32>(count), 28, 28}) + pixels(count);
}
QByteArray labels(const QByteArray& values)
{
    return bigEndian({0x801, static_cast<quint32>(values.size())}) + values;
}

QByteArray gzipped(const QByteArray& plain)
{
    z_stream stream{};
    deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    QByteArray packed(static_cast<int>(deflateBound(&stream, static_cast<uLong>(plain.size()))) + 64, '\0');
    QByteArray input = plain;
    stream.next_in = reinterpret_cast<Bytef*>(input.data());
    stream.avail_in = static_cast<uInt>(input.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    deflate(&stream, Z_FINISH);
    packed.resize(static_cast<int>(stream.total_out));
    deflateEnd(&stream);
    return packed;
}

}

class TestIdx : public QObject
{
    Q_OBJECT

private:
    std::string written(const QString& name, const QByteArray& content)
    {
        bytes::seed(content.toStdString());
        QFile file(m_folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("the temporary folder takes no files");
        return file.fileName().toStdString();
    }

    QTemporaryDir m_folder;

private Q_SLOTS:
    void reads_data()
    {
        QTest::addColumn<bool>("zipImages");
        QTest::addColumn<bool>("zipLabels");
        QTest::newRow("plain") << false << false;
        QTest::newRow("gzip") << true << true;
        QTest::newRow("mixed") << true << false;
    }
    void reads()
    {
        QFETCH(bool, zipImages);
        QFETCH(bool, zipLabels);
        const QByteArray digits("\x07\x00\x09", 3);
        const auto set = readIdx(written("i", zipImages ? gzipped(images(3)) : images(3)),
                                 written("l", zipLabels ? gzipped(labels(digits)) : labels(digits)));
        QCOMPARE(set.count(), 3);
        QCOMPARE(set.label(0), std::optional(7));
        QCOMPARE(set.label(2), std::optional(9));
        QCOMPARE(set.picture(1)[5], static_cast<float>((784 + 5) % 251));
    }

    void readsMembersOfGzipInSequence()
    {
        const QByteArray whole = images(2);
        const auto set = readIdx(written("i", gzipped(whole.left(500)) + gzipped(whole.mid(500))), {});
        QCOMPARE(set.count(), 2);
        QVERIFY(!set.label(0));
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("imageBytes");
        QTest::addColumn<QByteArray>("labelBytes");
        QTest::addColumn<QString>("id");
        const QByteArray good = labels(QByteArray(2, '\1'));
        QTest::newRow("M01 empty") << QByteArray() << good << "idx-cut";
        QTest::newRow("M01 magic") << good + QByteArray(16, '\0') << good << "idx-magic";
        QTest::newRow("M01 count lies") << bigEndian({0x803, 3, 28, 28}) + pixels(2) << good << "idx-length";
        QTest::newRow("M01 count of 4 G") << bigEndian({0x803, 0xffffffff, 28, 28}) + pixels(2) << good << "idx-count";
        QTest::newRow("M01 dimensions") << bigEndian({0x803, 2, 14, 56}) + pixels(2) << good << "idx-dimensions";
        QTest::newRow("M01 cut") << images(2).chopped(1) << good << "idx-length";
        QTest::newRow("M01 longer") << images(2) + "x" << good << "idx-length";
        QTest::newRow("M01 gzip cut") << gzipped(images(2)).chopped(40) << good << "gzip-cut";
        QTest::newRow("M01 gzip damaged") << gzipped(images(2)).replace(12, 8, "abcdefgh") << good << "gzip-cut";
        QTest::newRow("M01 fewer labels") << images(2) << labels("\1") << "idx-count";
        QTest::newRow("M02 gzip bomb") << gzipped(bigEndian({0x803, 2, 28, 28}) + QByteArray(64 << 20, '\0')) << good << "idx-length";
        QTest::newRow("M03 label 10") << images(2) << labels("\1\x0a") << "idx-label";
        QTest::newRow("M03 no images") << bigEndian({0x803, 0, 28, 28}) << good << "idx-count";
        QTest::newRow("M03 0x0 images") << bigEndian({0x803, 2, 0, 0}) << good << "idx-dimensions";
    }
    void refuses()
    {
        QFETCH(QByteArray, imageBytes);
        QFETCH(QByteArray, labelBytes);
        QFETCH(QString, id);
        try {
            readIdx(written("i", imageBytes), written("l", labelBytes));
            QFAIL("read without an error");
        } catch (const Error& error) {
            QCOMPARE(QString::fromStdString(error.id()), id);
            QVERIFY(!error.file().empty() && !error.expected().empty() && !error.found().empty());
        }
    }

    void readsFolders_data()
    {
        QTest::addColumn<QString>("imageName");
        QTest::addColumn<QString>("labelName");
        QTest::addColumn<bool>("zip");
        QTest::newRow("hyphens") << "t10k-images-idx3-ubyte"
                                 << "t10k-labels-idx1-ubyte" << false;
        QTest::newRow("dots, gzip") << "t10k-images.idx3-ubyte.gz"
                                    << "t10k-labels.idx1-ubyte.gz" << true;
        QTest::newRow("below MNIST/raw") << "MNIST/raw/t10k-images-idx3-ubyte.gz"
                                         << "MNIST/raw/t10k-labels-idx1-ubyte.gz" << true;
    }
    void readsFolders()
    {
        QFETCH(QString, imageName);
        QFETCH(QString, labelName);
        QFETCH(bool, zip);
        const QString place = QString::fromLatin1(QTest::currentDataTag()).left(3);
        QVERIFY(QDir(m_folder.path()).mkpath(place + "/MNIST/raw"));
        written(place + "/" + imageName, zip ? gzipped(images(2)) : images(2));
        written(place + "/" + labelName, zip ? gzipped(labels("\3\4")) : labels("\3\4"));
        QCOMPARE(readTestSet(m_folder.filePath(place).toStdString()).label(1), std::optional(4));
    }

    void readsNpz()
    {
        std::vector<std::byte> bytes(2 * 784);
        bytes[784] = std::byte{200};
        const auto shared = std::make_shared<const std::vector<std::byte>>(bytes);
        const auto digits = std::make_shared<const std::vector<std::byte>>(std::vector{std::byte{5}, std::byte{8}});
        const std::string path = m_folder.filePath("mnist.npz").toStdString();
        formats::writeNpz(path, {{"x_test", Tensor(DType::UInt8, {2, 28, 28}, shared)}, {"y_test", Tensor(DType::UInt8, {2}, digits)}});
        const DigitSet set = readTestSet(path);
        QCOMPARE(set.count(), 2);
        QCOMPARE(set.label(1), std::optional(8));
        QCOMPARE(set.picture(1)[0], 200.0f);
        QCOMPARE(readTestSet(m_folder.path().toStdString()).count(), 2);
    }

    void saysWhatIsMissing() { QVERIFY_THROWS_EXCEPTION(Error, readTestSet(m_folder.filePath("nowhere").toStdString())); }

    void readsSamples()
    {
        const DigitSet set = readSamples(TIEOUT_SAMPLES);
        QVERIFY(set.count() >= 20);
        std::array<int, 10> classes{};
        for (int i = 0; i < set.count(); ++i)
            ++classes[static_cast<std::size_t>(*set.label(i))];
        QVERIFY(*std::min_element(classes.begin(), classes.end()) >= 2);
    }
};

QTEST_GUILESS_MAIN(TestIdx)
#include "tst_idx.moc"
