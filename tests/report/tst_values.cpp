// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/values.h"

#include <QTest>

#include <cmath>

using namespace core;
using namespace core::report;

namespace {

template <typename T>
Tensor tensorOf(DType dtype, Shape shape, std::vector<T> values)
{
    const auto* first = reinterpret_cast<const std::byte*>(values.data());
    return Tensor(dtype, std::move(shape), std::make_shared<const std::vector<std::byte>>(first, first + values.size() * sizeof(T)));
}

}

class TestValues : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nests()
    {
        const Tensor tensor = Tensor::fromFloats({2, 3}, std::array{1.0f, 0.1f, -2.5f, NAN, INFINITY, -INFINITY});
        QCOMPARE(QString::fromStdString(valuesJson(tensor).dump()), QString(R"([[1.0,0.1,-2.5],["nan","inf","-inf"]])"));
        QCOMPARE(QString::fromStdString(valuesText(tensor)), QString("[[1, 0.1, -2.5],\n [nan, inf, -inf]]\n"));
    }

    void readsBackTheSameFloat()
    {
        const float value = 0.1f + 0.2f;
        QCOMPARE(valuesJson(Tensor::fromFloats({1}, std::array{value}))[0].get<float>(), value);
    }

    void keepsIntegers()
    {
        const std::int64_t large = (std::int64_t{1} << 62) + 1;
        QCOMPARE(valuesJson(tensorOf<std::int64_t>(DType::Int64, {}, {large})).get<std::int64_t>(), large);
        QCOMPARE(QString::fromStdString(valuesText(tensorOf<std::uint8_t>(DType::UInt8, {2}, {0, 255}))), QString("[0, 255]\n"));
        QCOMPARE(QString::fromStdString(valuesText(tensorOf<std::uint8_t>(DType::Bool, {2}, {0, 1}))), QString("[false, true]\n"));
    }

    void widensHalves()
    {
        QCOMPARE(QString::fromStdString(valuesText(tensorOf<std::uint16_t>(DType::Float16, {1}, {0x3e00}))), QString("[1.5]\n"));
    }

    void showsWhatIsNoRealNumber()
    {
        const Tensor tensor = tensorOf<double>(DType::Complex128, {1}, {1, -2});
        QCOMPARE(QString::fromStdString(valuesText(tensor)), QString("[1-2j]\n"));
        QCOMPARE(QString::fromStdString(valuesJson(tensor).dump()), QString("[\"1-2j\"]"));
    }

    void leavesOutTheMiddleOfLargeOnes()
    {
        std::vector<std::int32_t> values(4000);
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] = static_cast<std::int32_t>(i);
        const QString text = QString::fromStdString(valuesText(tensorOf<std::int32_t>(DType::Int32, {2, 2000}, values)));
        QCOMPARE(text, QString("[[0, 1, 2, ..., 1997, 1998, 1999],\n [2000, 2001, 2002, ..., 3997, 3998, 3999]]\n"));
    }
};

QTEST_GUILESS_MAIN(TestValues)
#include "tst_values.moc"
