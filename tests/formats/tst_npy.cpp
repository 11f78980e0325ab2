// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/formats/numpy/npy.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace core;
using namespace core::formats;

namespace {

QByteArray npy(const QByteArray& dictionary, const QByteArray& data, int version = 1)
{
    QByteArray bytes("\x93NUMPY", 6);
    bytes.append(static_cast<char>(version));
    bytes.append('\0');
    const QByteArray header = dictionary + "\n";
    for (int i = 0; i < (version == 1 ? 2 : 4); ++i)
        bytes.append(static_cast<char>(header.size() >> (8 * i)));
    return bytes + header + data;
}

Tensor parsed(const QByteArray& bytes)
{
    return readNpy(std::as_bytes(std::span(bytes.constData(), static_cast<std::size_t>(bytes.size()))), "x.npy");
}

}

class TestNpy : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reads_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("shape");
        const QByteArray six("\0\1\2\3\4\5", 6), swapped("\0\3\1\4\2\5", 6);
        QTest::newRow("version 1") << npy("{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), }", six) << "[2,3]";
        QTest::newRow("version 2") << npy("{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), }", six, 2) << "[2,3]";
        QTest::newRow("version 3") << npy("{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), }", six, 3) << "[2,3]";
        QTest::newRow("other order of keys") << npy("{\"shape\":(6,),\"fortran_order\":False,\"descr\":\"|u1\"}", six) << "[6]";
        QTest::newRow("Fortran order") << npy("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }", swapped) << "[2,3]";
        QTest::newRow("Python 2's long") << npy("{'descr': '|u1', 'fortran_order': False, 'shape': (3L, 2L), }", six) << "[3,2]";
    }
    void reads()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, shape);
        const Tensor tensor = parsed(bytes);
        QCOMPARE(QString::fromStdString(text(tensor.shape())), shape);
        for (std::size_t i = 0; i < 6; ++i)
            QCOMPARE(std::to_integer<std::size_t>(tensor.bytes()[i]), i);
    }

    void readsBigEndian()
    {
        const Tensor tensor = parsed(npy("{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }", QByteArray("\x3f\xc0\0\0", 4)));
        QCOMPARE(tensor.dtype(), DType::Float32);
        QCOMPARE(tensor.floats()[0], 1.5f);
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("id");
        const QByteArray four("\0\0\0\0", 4);
        QTest::newRow("empty") << QByteArray() << "npy-magic";
        QTest::newRow("foreign") << QByteArray(64, 'x') << "npy-magic";
        QTest::newRow("version 9") << npy("{}", four, 9) << "npy-version";
        QTest::newRow("header beyond the end") << npy("{'descr': '<f4'", four).left(16) << "npy-cut";
        QTest::newRow("objects") << npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", four) << "npy-dtype";
        QTest::newRow("structured") << npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", four) << "npy-dtype";
        QTest::newRow("no shape") << npy("{'descr': '<f4', 'fortran_order': False, }", four) << "npy-header";
        QTest::newRow("code") << npy("{'descr': __import__('os'), }", four) << "npy-header";
        QTest::newRow("negative size") << npy("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", four) << "npy-header";
        QTest::newRow("overflow") << npy("{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4), }", four)
                                  << "shape-overflow";
        QTest::newRow("too short") << npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", four) << "npy-length";
        QTest::newRow("too long") << npy("{'descr': '<f2', 'fortran_order': False, 'shape': (1,), }", four) << "npy-length";
    }
    void refuses()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, id);
        try {
            parsed(bytes);
            QFAIL("read without an error");
        } catch (const Error& error) {
            QCOMPARE(QString::fromStdString(error.id()), id);
        }
    }

    void writesWhatItReads_data()
    {
        QTest::addColumn<QList<int>>("sizes");
        QTest::newRow("scalar") << QList<int>{};
        QTest::newRow("vector") << QList<int>{3};
        QTest::newRow("none") << QList<int>{0, 4};
        QTest::newRow("rank 4") << QList<int>{2, 1, 3, 2};
    }
    void writesWhatItReads()
    {
        QFETCH(QList<int>, sizes);
        const Shape shape(sizes.begin(), sizes.end());
        std::vector<float> values(static_cast<std::size_t>(elementCount(shape)));
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] = 0.1f * static_cast<float>(i);
        const Tensor tensor = Tensor::fromFloats(shape, values);
        const std::string single = m_folder.filePath("a.npy").toStdString(), several = m_folder.filePath("a.npz").toStdString();
        writeNpy(single, tensor);
        const auto first = readNpyOrNpz(single);
        QCOMPARE(first.size(), std::size_t{1});
        QCOMPARE(QString::fromStdString(first[0].first), QString("x0"));
        QVERIFY(sameBits(first[0].second, tensor));
        writeNpz(several, {{"conv2d/kernel:0", tensor}, {"0", tensor}});
        const auto both = readNpyOrNpz(several);
        QCOMPARE(both.size(), std::size_t{2});
        QCOMPARE(QString::fromStdString(both[0].first), QString("conv2d/kernel:0"));
        QVERIFY(sameBits(both[1].second, tensor));
        const std::vector<std::string> wanted{"0"};
        QCOMPARE(readNpyOrNpz(several, wanted).size(), std::size_t{1});
    }

    void startsTheDataAtMultiplesOf64()
    {
        const std::string path = m_folder.filePath("aligned.npy").toStdString();
        writeNpy(path, Tensor::fromFloats({1}, std::array{1.0f}));
        QCOMPARE(QFileInfo(QString::fromStdString(path)).size() % 64, 4);
    }

    void readsTheGoldens()
    {
        const auto tensors = readNpyOrNpz(TIEOUT_TEST_DATA "/golden/lenet5.npz");
        const auto it = std::find_if(tensors.begin(), tensors.end(), [](const auto& entry) { return entry.first == "x"; });
        QVERIFY(it != tensors.end());
        QCOMPARE(it->second.dtype(), DType::Float32);
        QCOMPARE(it->second.shape(), (Shape{3, 1, 28, 28}));
    }

    void refusesBrokenArchives_data()
    {
        QTest::addColumn<int>("cut");
        QTest::addColumn<int>("flip");
        QTest::newRow("cut") << 40 << -1;
        QTest::newRow("a byte of data changed") << 0 << 200;
    }
    void refusesBrokenArchives()
    {
        QFETCH(int, cut);
        QFETCH(int, flip);
        const QString path = m_folder.filePath("broken.npz");
        writeNpz(path.toStdString(), {{"a", Tensor::fromFloats({64}, std::vector<float>(64, 1.0f))}});
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadWrite));
        QByteArray bytes = file.readAll();
        if (flip >= 0)
            bytes[flip] = static_cast<char>(bytes[flip] ^ 1);
        file.resize(0);
        file.seek(0);
        file.write(bytes.chopped(cut));
        file.close();
        QVERIFY_THROWS_EXCEPTION(Error, readNpyOrNpz(path.toStdString()));
    }

private:
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestNpy)
#include "tst_npy.moc"
