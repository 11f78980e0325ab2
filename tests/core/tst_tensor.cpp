// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/files/file.h"
#include "core/tensor/source.h"
#include "core/tensor/statistics.h"

#include <QTemporaryFile>
#include <QTest>
#include <cmath>
#include <cstring>
#include <limits>

using core::DType;
using core::Shape;
using core::Tensor;

namespace {

template <typename T>
core::SharedBytes bytesOf(std::initializer_list<T> values)
{
    auto bytes = std::make_shared<std::vector<std::byte>>(values.size() * sizeof(T));
    std::memcpy(bytes->data(), std::data(values), bytes->size());
    return bytes;
}

constexpr float infinity = std::numeric_limits<float>::infinity();

}

class TestTensor : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesWrongSizes()
    {
        QVERIFY_THROWS_EXCEPTION(core::Error, Tensor(DType::Float32, {2}, bytesOf<float>({1})));
        QVERIFY_THROWS_EXCEPTION(core::Error, core::elementCount({std::int64_t{1} << 32, std::int64_t{1} << 32, 16})); // T05
        QVERIFY_THROWS_EXCEPTION(core::Error, core::elementCount({-1, 4}));                                            // T04
        QCOMPARE(core::elementCount({0, std::int64_t{1} << 62, 5}), std::int64_t{0});
        QCOMPARE(core::elementCount({}), std::int64_t{1});
    }

    void halfFloatsWiden() // T11, T12; patterns from IEEE 754-2008, binary16
    {
        const Tensor half(DType::Float16, {7}, bytesOf<std::uint16_t>({0x3c00, 0xc000, 0x0001, 0x7bff, 0x7c00, 0x8000, 0x3555}));
        const Tensor widened = half.toFloat32();
        const auto values = widened.floats();
        const float wanted[] = {1, -2, 5.9604645e-8f, 65504, infinity, -0.0f, 0.33325195f};
        for (std::size_t i = 0; i < 7; ++i)
            QCOMPARE(values[i], wanted[i]);
        QVERIFY(std::signbit(values[5]));
        const Tensor brain(DType::BFloat16, {2}, bytesOf<std::uint16_t>({0x3f80, 0xc040}));
        QCOMPARE(brain.toFloat32().floats()[0], 1.0f);
        QCOMPARE(brain.toFloat32().floats()[1], -3.0f);
        const Tensor nan(DType::Float16, {1}, bytesOf<std::uint16_t>({0x7e00}));
        QVERIFY(std::isnan(nan.toFloat32().floats()[0]));
    }

    void opaqueIsNotNumeric()
    {
        const Tensor complex(DType::Complex64, {1}, bytesOf<float>({1, 2}));
        QVERIFY_THROWS_EXCEPTION(core::Error, complex.toFloat32());
    }

    void viewsAreGathered() // T09: a transposed, offset view
    {
        QTemporaryFile file;
        QVERIFY(file.open());
        const float stored[] = {99, 0, 1, 2, 3, 4, 5};
        file.write(reinterpret_cast<const char*>(stored), sizeof stored);
        file.flush();
        const auto opened = core::File::open(file.fileName().toStdString());
        const core::TensorSource source{DType::Float32, {3, 2}, core::FileRegion{opened, 4, {1, 3}}};
        const Tensor tensor = core::read(source);
        const float wanted[] = {0, 3, 1, 4, 2, 5};
        for (std::size_t i = 0; i < 6; ++i)
            QCOMPARE(tensor.floats()[i], wanted[i]);
        const core::TensorSource expanded{DType::Float32, {2, 2}, core::FileRegion{opened, 4, {0, 1}}};
        QCOMPARE(core::read(expanded).floats()[2], 0.0f);
    }

    void bigEndianIsSwapped()
    {
        QTemporaryFile file;
        QVERIFY(file.open());
        file.write(QByteArray::fromHex("3f800000c0000000"));
        file.flush();
        const auto opened = core::File::open(file.fileName().toStdString());
        const Tensor tensor = core::read({DType::Float32, {2}, core::FileRegion{opened, 0, {1}, true}});
        QCOMPARE(tensor.floats()[0], 1.0f);
        QCOMPARE(tensor.floats()[1], -2.0f);
    }

    void regionsBeyondTheFileAreErrors() // T02, T06
    {
        QTemporaryFile file;
        QVERIFY(file.open());
        file.write("12345678");
        file.flush();
        const auto opened = core::File::open(file.fileName().toStdString());
        QVERIFY_THROWS_EXCEPTION(core::Error, core::read({DType::Float32, {3}, core::FileRegion{opened, 0, {1}}}));
        QVERIFY_THROWS_EXCEPTION(core::Error, core::read({DType::Float32, {std::int64_t{1} << 40}, core::FileRegion{opened, 0, {0}}}));
    }

    void statisticsCountOnlyFiniteValues()
    {
        const float values[] = {-1, 0, 3, infinity, std::numeric_limits<float>::quiet_NaN(), 0};
        const core::Statistics s = core::statistics(Tensor::fromFloats({6}, values));
        QCOMPARE(s.min, -1.0);
        QCOMPARE(s.max, 3.0);
        QCOMPARE(s.mean, 0.5);
        QCOMPARE(s.std, std::sqrt((2.25 + 0.25 + 6.25 + 0.25) / 4));
        QCOMPARE(s.zeros, 2);
        QCOMPARE(s.nans, 1);
        QCOMPARE(s.infs, 1);
        const auto bins = core::histogram(Tensor::fromFloats({6}, values), -1, 3, 4);
        QCOMPARE(bins, (std::vector<std::int64_t>{1, 2, 0, 1}));
    }

    void statisticsOfEveryRealType_data()
    {
        QTest::addColumn<int>("dtype");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<double>("mean");
        QTest::addColumn<double>("std");
        // numpy and torch: array.astype(float64).mean(), .std()
        QTest::newRow("bool") << int(DType::Bool) << QByteArray("\0\1\1\1", 4) << 0.75 << 0.4330127018922193;
        QTest::newRow("int8") << int(DType::Int8) << QByteArray("\x80\x7f", 2) << -0.5 << 127.5;
        QTest::newRow("uint64") << int(DType::UInt64) << QByteArray("\1\0\0\0\0\0\0\0\3\0\0\0\0\0\0\0", 16) << 2.0 << 1.0;
        QTest::newRow("qint32") << int(DType::QInt32) << QByteArray("\xff\xff\xff\xff\3\0\0\0", 8) << 1.0 << 2.0;
        QTest::newRow("float16, one subnormal")
            << int(DType::Float16) << QByteArray("\1\0\0\xc0", 4) << (std::ldexp(1.0, -24) - 2) / 2 << (std::ldexp(1.0, -24) + 2) / 2;
        QTest::newRow("bfloat16") << int(DType::BFloat16) << QByteArray("\x80\x3f\x40\x40", 4) << 2.0 << 1.0;
        QTest::newRow("float8_e4m3fn") << int(DType::Float8E4M3) << QByteArray("\x38\x40", 2) << 1.5 << 0.5;
    }
    void statisticsOfEveryRealType()
    {
        QFETCH(int, dtype);
        QFETCH(QByteArray, bytes);
        const auto* first = reinterpret_cast<const std::byte*>(bytes.constData());
        const auto type = static_cast<DType>(dtype);
        const auto count = static_cast<std::int64_t>(static_cast<std::size_t>(bytes.size()) / core::itemSize(type));
        const Tensor tensor(type, {count}, std::make_shared<const std::vector<std::byte>>(first, first + bytes.size()));
        const core::Statistics s = core::statistics(tensor);
        QTEST(s.mean, "mean");
        QTEST(s.std, "std");
        QVERIFY(!core::hasStatistics(DType::Complex64));
    }

    void statisticsFarFromZero()
    {
        // 1e9 and 1e9 + 64 in turn, a not-a-number in the middle: the naive sum of squares would lose the deviation.
        std::vector<float> values(100001);
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] = i % 2 == 0 ? 1e9f : 1e9f + 64;
        values[50000] = std::numeric_limits<float>::quiet_NaN();
        const core::Statistics s = core::statistics(Tensor::fromFloats({100001}, values));
        QCOMPARE(s.mean, 1e9 + 32);
        QCOMPARE(s.std, 32.0);
        QCOMPARE(s.min, 1e9);
        QCOMPARE(s.max, 1e9 + 64);
        QCOMPARE(s.nans, 1);
        QCOMPARE(s.count, 100001);
    }

    void bitsAreCompared()
    {
        const Tensor plus = Tensor::fromFloats({1}, std::vector<float>{0.0f}), minus = Tensor::fromFloats({1}, std::vector<float>{-0.0f});
        QVERIFY(!core::sameBits(plus, minus));
        QVERIFY(core::sameBits(plus, plus.withAxes(core::axesOf("o"))));
    }
};

QTEST_GUILESS_MAIN(TestTensor)
#include "tst_tensor.moc"
