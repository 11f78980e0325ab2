// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engines/reference.h"

#include <QTest>
#include <cmath>
#include <limits>

namespace kernels = core::engines::kernels;
using reference::Floats, reference::Image, reference::Random, reference::Window;

constexpr double tolerance = 2e-6;
constexpr float notANumber = std::numeric_limits<float>::quiet_NaN();

class TestKernels : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void loadedBuild();
    void conv2d_data();
    void conv2d();
    void depthwise();
    void largeConv2d();
    void pooling_data();
    void pooling();
    void globalAverage();
    void zeroPad();
    void dense_data();
    void dense();
};

// ctest runs this program twice, once with the processor's newer instructions hidden from the loader.
void TestKernels::loadedBuild()
{
    if (!qEnvironmentVariableIsSet("TIEOUT_EXPECTED_BUILD"))
        QSKIP("skipped: ctest says which build is expected");
    const bool newer = __builtin_cpu_supports("x86-64-v3") != 0;
    const auto expected = newer ? qgetenv("TIEOUT_EXPECTED_BUILD") : QByteArray("x86-64");
    QCOMPARE(QByteArray(kernels::instructionSet()), expected);
}

static void rows(int count)
{
    QTest::addColumn<unsigned>("seed");
    for (unsigned seed = 1; seed <= static_cast<unsigned>(count); ++seed)
        QTest::addRow("seed %u", seed) << seed;
}

static Image randomImage(Random& random, std::int64_t channels)
{
    const std::int64_t batch = random.integer(1, 3), height = random.integer(1, 12);
    return {batch, {1, height, random.integer(1, 12)}, channels};
}

static void checkConv2d(Random& random, const Image& image, const Window& w, std::int64_t groups, std::int64_t filters, bool biased)
{
    const auto depth = image.channels / groups;
    const Floats input = random.floats(image.batch * image.size.height * image.size.width * image.channels);
    const Floats kernel = random.floats(w.kernel.height * w.kernel.width * depth * filters);
    const Floats bias = random.floats(filters);
    const Floats expected = reference::image(image.batch, w, filters, [&](auto n, auto y, auto x, auto f) {
        double sum = biased ? static_cast<double>(bias[static_cast<std::size_t>(f)]) : 0;
        for (std::int64_t c = 0; c < depth; ++c) {
            const auto from = f / (filters / groups) * depth + c;
            reference::underWindow(input, image, w, n, y, x, from, [&](auto ky, auto kx, double value) {
                sum +=
                    value * static_cast<double>(kernel[static_cast<std::size_t>(((ky * w.kernel.width + kx) * depth + c) * filters + f)]);
            });
        }
        return sum;
    });
    Floats scratch(static_cast<std::size_t>(kernels::convolutionScratch(image, w, groups)) + 1, 7.0F);
    Floats output(expected.size(), notANumber);
    kernels::convolution(input.data(), image, w, kernel.data(), biased ? bias.data() : nullptr, filters, groups, scratch.data(),
                         output.data());
    QCOMPARE_LE(reference::scaledDifference(output, expected), tolerance);
    QCOMPARE(scratch.back(), 7.0F);
}

void TestKernels::conv2d_data()
{
    rows(60);
}

void TestKernels::conv2d()
{
    QFETCH(unsigned, seed);
    Random random(seed);
    const auto groups = random.integer(1, 3);
    const auto image = randomImage(random, groups * random.integer(1, 4));
    checkConv2d(random, image, reference::randomWindow(random, image, 3), groups, groups * random.integer(1, 5), seed % 3 != 0);
    const Window point{{}, {}, {}, {0, 0, 0}, {0, 0, 0}, image.size};
    checkConv2d(random, image, point, 1, random.integer(1, 9), seed % 2 == 0);
}

// One group a channel has a loop of its own: blocks of 32 and 8 channels, single ones, multipliers.
void TestKernels::depthwise()
{
    Random random(3);
    for (const std::int64_t channels : {2, 8, 45, 64})
        for (const std::int64_t multiplier : {1, 3})
            for (int repeat = 0; repeat < 4; ++repeat) {
                const auto image = randomImage(random, channels);
                checkConv2d(random, image, reference::randomWindow(random, image, 3), channels, channels * multiplier, repeat % 2 == 0);
            }
}

// More rows than fit into the scratch space at once.
void TestKernels::largeConv2d()
{
    Random random(1);
    const Image image{2, {1, 40, 40}, 64};
    const Window same{{1, 3, 3}, {}, {}, {0, 1, 1}, {0, 1, 1}, {1, 40, 40}};
    QVERIFY(kernels::convolutionScratch(image, same, 1) < 2 * 40 * 40 * 9 * 64);
    checkConv2d(random, image, same, 1, 3, true);
}

void TestKernels::pooling_data()
{
    rows(40);
}

void TestKernels::pooling()
{
    QFETCH(unsigned, seed);
    Random random(seed);
    const auto image = randomImage(random, random.integer(1, 9));
    auto w = reference::randomWindow(random, image, 1, true);
    const Floats input = random.floats(image.batch * image.size.height * image.size.width * image.channels);
    Floats output(static_cast<std::size_t>(image.batch * w.output.height * w.output.width * image.channels));

    const auto average = [&](bool countPad, std::int64_t divisor) {
        return reference::image(image.batch, w, image.channels, [&](auto n, auto y, auto x, auto c) {
            double sum = 0, inside = 0;
            reference::underWindow(input, image, w, n, y, x, c, [&](auto, auto, double value) {
                sum += value;
                ++inside;
            });
            double padded = 0;
            for (std::int64_t ky = 0; ky < w.kernel.height; ++ky)
                for (std::int64_t kx = 0; kx < w.kernel.width; ++kx)
                    padded += y * w.stride.height + ky < w.before.height + image.size.height + w.after.height &&
                              x * w.stride.width + kx < w.before.width + image.size.width + w.after.width;
            const double by = divisor ? static_cast<double>(divisor) : countPad ? padded : std::max(inside, 1.0);
            return sum / by;
        });
    };
    kernels::averagePool(input.data(), image, w, true, 0, output.data());
    QCOMPARE_LE(reference::scaledDifference(output, average(true, 0)), tolerance);
    kernels::averagePool(input.data(), image, w, false, 0, output.data());
    QCOMPARE_LE(reference::scaledDifference(output, average(false, 0)), tolerance);
    kernels::averagePool(input.data(), image, w, false, 7, output.data());
    QCOMPARE_LE(reference::scaledDifference(output, average(false, 7)), tolerance);

    w = reference::randomWindow(random, image, 2);
    output.resize(static_cast<std::size_t>(image.batch * w.output.height * w.output.width * image.channels));
    const Floats highest = reference::image(image.batch, w, image.channels, [&](auto n, auto y, auto x, auto c) {
        double best = -std::numeric_limits<double>::infinity();
        reference::underWindow(input, image, w, n, y, x, c, [&](auto, auto, double value) { best = std::max(best, value); });
        return best;
    });
    kernels::maxPool(input.data(), image, w, output.data());
    QCOMPARE(output, highest);
}

void TestKernels::globalAverage()
{
    Random random(1);
    const Image image{3, {1, 5, 7}, 11};
    const Window whole{{1, 5, 7}, {}, {}, {0, 0, 0}, {0, 0, 0}, {}};
    const Floats input = random.floats(3 * 5 * 7 * 11);
    const Floats expected = reference::image(3, whole, 11, [&](auto n, auto y, auto x, auto c) {
        double sum = 0;
        reference::underWindow(input, image, whole, n, y, x, c, [&](auto, auto, double value) { sum += value; });
        return sum / 35;
    });
    Floats output(33);
    kernels::globalAveragePool(input.data(), image, output.data());
    QCOMPARE_LE(reference::scaledDifference(output, expected), tolerance);
}

void TestKernels::zeroPad()
{
    Random random(2);
    const Image image{2, {1, 3, 4}, 5};
    const Floats input = random.floats(2 * 3 * 4 * 5);
    const Window padded{{}, {}, {}, {0, 2, 3}, {0, 1, 0}, {1, 6, 7}};
    const Floats expected = reference::image(2, padded, 5, [&](auto n, auto y, auto x, auto c) {
        double inside = 0;
        reference::underWindow(input, image, padded, n, y, x, c, [&](auto, auto, double value) { inside = value; });
        return inside;
    });
    Floats output(expected.size(), notANumber);
    kernels::pad(input.data(), image, padded.before, padded.after, kernels::Beyond::Value, 0, output.data());
    QCOMPARE(output, expected);
}

void TestKernels::dense_data()
{
    rows(20);
}

void TestKernels::dense()
{
    QFETCH(unsigned, seed);
    Random random(seed);
    const auto lines = random.integer(1, 6), depth = random.integer(1, 300), units = random.integer(1, 90);
    const Floats input = random.floats(lines * depth), kernel = random.floats(depth * units), bias = random.floats(units);
    Floats expected, output(static_cast<std::size_t>(lines * units), notANumber);
    for (std::int64_t r = 0; r < lines; ++r)
        for (std::int64_t u = 0; u < units; ++u) {
            double sum = seed % 2 ? static_cast<double>(bias[static_cast<std::size_t>(u)]) : 0;
            for (std::int64_t d = 0; d < depth; ++d)
                sum += static_cast<double>(input[static_cast<std::size_t>(r * depth + d)]) *
                       static_cast<double>(kernel[static_cast<std::size_t>(d * units + u)]);
            expected.push_back(static_cast<float>(sum));
        }
    kernels::dense(input.data(), lines, depth, kernel.data(), seed % 2 ? bias.data() : nullptr, units, output.data());
    QCOMPARE_LE(reference::scaledDifference(output, expected), tolerance);
}

QTEST_GUILESS_MAIN(TestKernels)
#include "tst_kernels.moc"
