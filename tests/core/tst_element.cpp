// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/files/file.h"
#include "core/tensor/box.h"
#include "core/tensor/element.h"

#include <QTemporaryFile>
#include <QTest>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>

using core::Box;
using core::DType;
using core::Shape;
using core::Tensor;
using core::TensorSource;

namespace {

template <typename T>
core::SharedBytes bytesOf(const std::vector<T>& values)
{
    auto bytes = std::make_shared<std::vector<std::byte>>(values.size() * sizeof(T));
    std::memcpy(bytes->data(), values.data(), bytes->size());
    return bytes;
}

template <typename T>
Tensor one(DType dtype, const std::vector<T>& parts)
{
    return Tensor(dtype, {1}, bytesOf(parts));
}

/// 0, 1, 2 ... as int32, so that a value tells where it stood.
std::vector<std::int32_t> counted(std::size_t count)
{
    std::vector<std::int32_t> values(count);
    std::iota(values.begin(), values.end(), 0);
    return values;
}

std::vector<std::int32_t> integers(const Tensor& tensor)
{
    std::vector<std::int32_t> values(static_cast<std::size_t>(tensor.count()));
    if (!values.empty())
        std::memcpy(values.data(), tensor.bytes().data(), tensor.bytes().size());
    return values;
}

using Wanted = std::vector<std::int32_t>;

}

Q_DECLARE_METATYPE(Tensor)

/// One element of any type as text, and parts of tensors wherever they stand.
class TestElement : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void elementsAsText_data();
    void elementsAsText();
    void eightBitFloats_data();
    void eightBitFloats();
    void boxesFromMemory();
    void boxesFromFile();
    void boxesAreChecked();
    void boxesCanBeCancelled();
};

void TestElement::elementsAsText_data()
{
    QTest::addColumn<Tensor>("tensor");
    QTest::addColumn<int>("digits");
    QTest::addColumn<QString>("text");
    const auto row = [](const char* what, const Tensor& tensor, const char* text, int digits = 0) {
        QTest::newRow(what) << tensor << digits << QString::fromLatin1(text);
    };
    row("int64, least", one<std::int64_t>(DType::Int64, {std::numeric_limits<std::int64_t>::min()}), "-9223372036854775808");
    row("uint64, most", one<std::uint64_t>(DType::UInt64, {~std::uint64_t{0}}), "18446744073709551615");
    row("int64 beyond a double, whatever the digits", one<std::int64_t>(DType::Int64, {9007199254740993}), "9007199254740993", 6);
    row("bool", one<std::uint8_t>(DType::Bool, {1}), "true");
    row("float32 of 0.1", one<float>(DType::Float32, {0.1F}), "0.1");
    row("float32, digits", one<float>(DType::Float32, {0.123456789F}), "0.123457", 6);
    row("float64 of 0.1", one<double>(DType::Float64, {0.1}), "0.1");
    row("float16", one<std::uint16_t>(DType::Float16, {0x3555}), "0.33325195"); // numpy: float32(float16) of these bits
    row("bfloat16", one<std::uint16_t>(DType::BFloat16, {0x3dcd}), "0.100097656");
    row("nan", one<float>(DType::Float32, {-std::nanf("")}), "nan");
    row("infinity", one<double>(DType::Float64, {-std::numeric_limits<double>::infinity()}), "-inf");
    row("complex64", one<float>(DType::Complex64, {1.5F, -2}), "1.5-2j");
    row("complex128", one<double>(DType::Complex128, {0, 0.25}), "0+0.25j");
    row("complex32", one<std::uint16_t>(DType::Complex32, {0x3c00, 0xc000}), "1-2j");
    row("quantised", one<std::int8_t>(DType::QInt8, {-7}), "-7");
    row("packed", one<std::uint8_t>(DType::QUInt4x2, {0x3f}), "0x3f");
}

void TestElement::elementsAsText()
{
    QFETCH(Tensor, tensor);
    QFETCH(int, digits);
    QFETCH(QString, text);
    QCOMPARE(QString::fromStdString(core::elementText(tensor, 0, digits)), text);
}

/// The numbers are torch 2.13's for the same bytes.
void TestElement::eightBitFloats_data()
{
    QTest::addColumn<int>("dtype");
    QTest::addColumn<int>("byte");
    QTest::addColumn<double>("value");
    const auto rows = [](const char* name, DType dtype, std::initializer_list<std::pair<int, double>> values) {
        for (const auto& [byte, value] : values)
            QTest::addRow("%s 0x%02x", name, static_cast<unsigned>(byte)) << static_cast<int>(dtype) << byte << value;
    };
    const double nan = std::nan(""), infinity = std::numeric_limits<double>::infinity();
    rows("e4m3", DType::Float8E4M3,
         {{1, 0.001953125}, {7, 0.013671875}, {8, 0.015625}, {0x7b, 352}, {0x7e, 448}, {0x7f, nan}, {0xc5, -3.25}, {0xff, nan}});
    rows("e5m2", DType::Float8E5M2,
         {{1, 1.52587890625e-05}, {7, 0.0001068115234375}, {0x38, 0.5}, {0x7b, 57344}, {0x7c, infinity}, {0x7e, nan}, {0xc5, -5}});
    rows("e4m3fnuz", DType::Float8E4M3Fnuz, {{1, 0.0009765625}, {8, 0.0078125}, {0x7f, 240}, {0x80, nan}, {0xc5, -1.625}});
    rows("e5m2fnuz", DType::Float8E5M2Fnuz, {{1, 7.62939453125e-06}, {0x7f, 57344}, {0x80, nan}, {0xc5, -2.5}});
    rows("e8m0", DType::Float8E8M0, {{0, 5.877471754111438e-39}, {0x7f, 1}, {0x81, 4}, {0xfe, 1.7014118346046923e+38}, {0xff, nan}});
}

void TestElement::eightBitFloats()
{
    QFETCH(int, dtype);
    QFETCH(int, byte);
    QFETCH(double, value);
    const Tensor tensor = one<std::uint8_t>(static_cast<DType>(dtype), {static_cast<std::uint8_t>(byte)});
    for (const double found : {core::elementNumber(tensor, 0), static_cast<double>(tensor.toFloat32().floats()[0])})
        QVERIFY2(found == value || (std::isnan(found) && std::isnan(value)), qPrintable(QString::number(found)));
}

void TestElement::boxesFromMemory()
{
    const TensorSource source{DType::Int32, {2, 3, 4}, bytesOf(counted(24))};
    QCOMPARE(integers(core::readBox(source, {{1, 0, 1}, {1, 3, 2}, {}})), (Wanted{13, 14, 17, 18, 21, 22}));
    QCOMPARE(integers(core::readBox(source, {{0, 0, 0}, {2, 2, 2}, {1, 2, 3}})), (Wanted{0, 3, 8, 11, 12, 15, 20, 23}));
    QCOMPARE(core::readBox(source, {{0, 0, 0}, {2, 0, 4}, {}}).shape(), (Shape{2, 0, 4}));
    const TensorSource scalar{DType::Int32, {}, bytesOf(Wanted{7})};
    QCOMPARE(integers(core::readBox(scalar, {})), Wanted{7});
}

/// A view over several megabytes, read in pieces: transposed, so that neighbours stand far apart.
void TestElement::boxesFromFile()
{
    constexpr std::int64_t rows = 700, columns = 900; // of the view; stored the other way round after one stray value
    QTemporaryFile file;
    QVERIFY(file.open());
    const auto values = counted(static_cast<std::size_t>(rows * columns) + 1);
    file.write(reinterpret_cast<const char*>(values.data()), static_cast<qint64>(values.size() * sizeof(std::int32_t)));
    file.flush();
    const TensorSource source{
        DType::Int32, {rows, columns}, core::FileRegion{core::File::open(file.fileName().toStdString()), 4, {1, rows}}};
    for (const Box& box : {Box{{0, 0}, {rows, columns}, {}}, Box{{3, 100}, {200, 2}, {}}, Box{{1, 2}, {233, 99}, {3, 9}}}) {
        const auto found = integers(core::readBox(source, box));
        std::size_t i = 0;
        for (std::int64_t r = 0; r < box.size[0]; ++r)
            for (std::int64_t c = 0; c < box.size[1]; ++c, ++i) {
                const std::int64_t row = box.start[0] + r * (box.step.empty() ? 1 : box.step[0]);
                const std::int64_t column = box.start[1] + c * (box.step.empty() ? 1 : box.step[1]);
                if (found[i] != 1 + row + column * rows)
                    QFAIL(qPrintable(QStringLiteral("%1,%2 is %3").arg(row).arg(column).arg(found[i])));
            }
        QCOMPARE(i, found.size());
    }
}

void TestElement::boxesAreChecked()
{
    const TensorSource source{DType::Int32, {2, 3}, bytesOf(counted(6))};
    const std::int64_t far = std::numeric_limits<std::int64_t>::max();
    for (const Box& box : {Box{{0, 0}, {2, 4}, {}}, Box{{-1, 0}, {1, 1}, {}}, Box{{2, 0}, {1, 1}, {}}, Box{{0}, {2}, {}},
                           Box{{0, 1}, {1, 2}, {1, 2}}, Box{{0, 0}, {2, 2}, {1, 0}}, Box{{1, 1}, {2, 2}, {far, far}}})
        QVERIFY_THROWS_EXCEPTION(core::Error, core::readBox(source, box));
    QVERIFY_THROWS_EXCEPTION(core::Error, core::readBox(source, {{0, 0}, {2, 3}, {}}, core::Progress(), 23));
}

void TestElement::boxesCanBeCancelled()
{
    const TensorSource source{DType::Int32, {2, 3}, bytesOf(counted(6))};
    const core::Progress progress;
    progress.cancel();
    QVERIFY_THROWS_EXCEPTION(core::Cancelled, core::readBox(source, {{0, 0}, {2, 3}, {}}, progress));
}

QTEST_APPLESS_MAIN(TestElement)
#include "tst_element.moc"
