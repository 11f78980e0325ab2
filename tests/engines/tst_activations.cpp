// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engines/reference.h"

#include <QTest>
#include <cmath>
#include <limits>

namespace kernels = core::engines::kernels;
using reference::Floats, reference::Random;

constexpr double tolerance = 2e-6;
constexpr float notANumber = std::numeric_limits<float>::quiet_NaN(), infinity = std::numeric_limits<float>::infinity();

class TestActivations : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void batchNorm();
    void activations();
    void extremes();
    void softmax_data();
    void softmax();
};

void TestActivations::batchNorm()
{
    Random random(3);
    const Floats gamma = random.floats(6), beta = random.floats(6), mean = random.floats(6);
    Floats variance = random.floats(6), scale(6), shift(6);
    for (auto& value : variance)
        value = std::abs(value);
    kernels::foldBatchNorm(6, gamma.data(), beta.data(), mean.data(), variance.data(), 1e-3F, scale.data(), shift.data());
    for (const kernels::Around axis : {kernels::Around{10, 6, 1}, kernels::Around{2, 6, 5}}) {
        const Floats input = random.floats(60, 3);
        Floats expected, output(60);
        for (std::size_t i = 0; i < 60; ++i) {
            const std::size_t c = i / static_cast<std::size_t>(axis.inner) % 6;
            const double normal = (input[i] - mean[c]) / std::sqrt(static_cast<double>(variance[c]) + 1e-3);
            expected.push_back(static_cast<float>(normal * gamma[c] + beta[c]));
        }
        kernels::scaleShift(input.data(), axis, scale.data(), shift.data(), output.data());
        QCOMPARE_LE(reference::scaledDifference(output, expected), tolerance);
    }
    kernels::foldBatchNorm(6, nullptr, nullptr, mean.data(), variance.data(), 1e-3F, scale.data(), shift.data());
    const auto factor = 1 / std::sqrt(static_cast<double>(variance[2]) + 1e-3);
    QCOMPARE_LE(std::abs(static_cast<double>(scale[2]) / factor - 1), tolerance);
    QCOMPARE_LE(std::abs(static_cast<double>(shift[2]) + mean[2] * factor), 10 * tolerance);
}

void TestActivations::activations()
{
    Floats input;
    for (float x = -30; x <= 30; x += 0.00037F)
        input.push_back(x);
    for (float x = 1e-20F; x < 1; x *= 1.7F)
        input.insert(input.end(), {x, -x});
    const auto count = static_cast<std::int64_t>(input.size());
    Floats output(input.size());
    const auto worst = [&](auto function) {
        double most = 0;
        for (std::size_t i = 0; i < input.size(); ++i)
            most = std::max(most, std::abs(static_cast<double>(output[i]) - function(static_cast<double>(input[i]))));
        return most;
    };
    kernels::tanh(input.data(), count, output.data());
    QCOMPARE_LE(worst([](double x) { return std::tanh(x); }), 1e-6);
    kernels::sigmoid(input.data(), count, output.data());
    QCOMPARE_LE(worst([](double x) { return 1 / (1 + std::exp(-x)); }), 1e-6);
    kernels::relu(input.data(), count, output.data());
    QCOMPARE(worst([](double x) { return std::max(x, 0.0); }), 0.0);
}

// NaN stays NaN, infinities have their limits, at each place of a vector register.
void TestActivations::extremes()
{
    for (std::size_t place = 0; place < 19; ++place) {
        const auto of = [&](void (*function)(const float*, std::int64_t, float*), float value) {
            Floats input(19, 0.5F), output(19);
            input[place] = value;
            function(input.data(), 19, output.data());
            return output[place];
        };
        QVERIFY(std::isnan(of(kernels::tanh, notANumber)) && std::isnan(of(kernels::sigmoid, notANumber)) &&
                std::isnan(of(kernels::relu, notANumber)));
        QVERIFY(std::abs(of(kernels::tanh, infinity) - 1) < 1e-6F && std::abs(of(kernels::tanh, -infinity) + 1) < 1e-6F);
        QVERIFY(of(kernels::sigmoid, infinity) == 1 && of(kernels::sigmoid, -infinity) < 1e-30F);
        QVERIFY(of(kernels::relu, infinity) == infinity && of(kernels::relu, -infinity) == 0);

        Floats input(19, 0.5F), output(19);
        input[place] = notANumber;
        kernels::softmax(input.data(), {1, 19, 1}, output.data());
        QVERIFY(std::isnan(output[0]) && std::isnan(output[18]));
        kernels::maxPool(input.data(), {1, {1, 1, 19}, 1}, {{1, 1, 19}, {}, {}, {0, 0, 0}, {0, 0, 0}, {}}, output.data());
        QVERIFY(std::isnan(output[0]));
        input.assign(19, 1000);
        kernels::softmax(input.data(), {1, 19, 1}, output.data());
        QVERIFY(std::abs(output[place] - 1.0F / 19) < 1e-6F);
    }
}

void TestActivations::softmax_data()
{
    QTest::addColumn<unsigned>("seed");
    for (unsigned seed = 1; seed <= 10; ++seed)
        QTest::addRow("seed %u", seed) << seed;
}

void TestActivations::softmax()
{
    QFETCH(unsigned, seed);
    Random random(seed);
    const kernels::Around axis{random.integer(1, 4), random.integer(1, 12), random.integer(1, 5)};
    const auto count = axis.outer * axis.size * axis.inner;
    const Floats input = random.floats(count, 4);
    Floats soft(input.size()), logarithm(input.size()), plain(input.size()), logs(input.size());
    for (std::int64_t o = 0; o < axis.outer; ++o)
        for (std::int64_t i = 0; i < axis.inner; ++i) {
            const auto place = [&](std::int64_t s) { return static_cast<std::size_t>((o * axis.size + s) * axis.inner + i); };
            double sum = 0;
            for (std::int64_t s = 0; s < axis.size; ++s)
                sum += std::exp(static_cast<double>(input[place(s)]));
            for (std::int64_t s = 0; s < axis.size; ++s) {
                soft[place(s)] = static_cast<float>(std::exp(static_cast<double>(input[place(s)])) / sum);
                logarithm[place(s)] = static_cast<float>(input[place(s)] - std::log(sum));
            }
        }
    kernels::softmax(input.data(), axis, plain.data());
    kernels::logSoftmax(input.data(), axis, logs.data());
    QCOMPARE_LE(reference::scaledDifference(plain, soft), tolerance);
    QCOMPARE_LE(reference::scaledDifference(logs, logarithm), tolerance);
}

QTEST_GUILESS_MAIN(TestActivations)
#include "tst_activations.moc"
