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

    void bitsAreCompared()
    {
        const Tensor plus = Tensor::fromFloats({1}, std::vector<float>{0.0f}), minus = Tensor::fromFloats({1}, std::vector<float>{-0.0f});
        QVERIFY(!core::sameBits(plus, minus));
        QVERIFY(core::sameBits(plus, plus.withAxes(core::axesOf("o"))));
    }
};

QTEST_GUILESS_MAIN(TestTensor)
#include "tst_tensor.moc"
