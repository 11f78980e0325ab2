// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/report/sweepparts.h"
#include "core/sweep/labels.h"
#include "core/sweep/verdict.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <random>

namespace sweep = core::sweep;
using core::sweep::SampleResult;
using core::sweep::Sweep;

namespace {

constexpr int classes = 4;
constexpr double tolerance = 1e-5;

/// Samples with ties, NaN, missing answers and outputs that were not compared among them.
std::vector<SampleResult> samples(int count, bool labelled)
{
    std::mt19937 random(7);
    std::vector<SampleResult> result;
    for (int i = 0; i < count; ++i) {
        SampleResult sample;
        sample.index = i;
        if (labelled)
            sample.label = static_cast<int>(random() % classes);
        if (i % 31 != 0)
            sample.left = static_cast<int>(random() % classes);
        if (i % 37 != 0)
            sample.right = static_cast<int>(random() % 3 == 0 ? random() % classes : static_cast<unsigned>(sample.left.value_or(0)));
        if (i % 53 == 5)
            sample.problem = "the output b on the right has no counterpart";
        else
            sample.maxAbs = sample.scaledMax = i % 41 == 0   ? std::nan("")
                                               : i % 43 == 0 ? HUGE_VAL
                                                             : std::pow(10.0, -static_cast<double>(random() % 14)); // many are equal
        sample.over = sample.scaledMax && !(*sample.scaledMax <= tolerance);
        result.push_back(sample);
    }
    return result;
}

Sweep sumOf(const std::vector<SampleResult>& all, std::size_t first, std::size_t end, bool labelled)
{
    Sweep sum = sweep::emptySweep(labelled, classes);
    for (std::size_t i = first; i < end; ++i)
        sweep::add(sum, all[i]);
    return sum;
}

/// The document of a sweep whose head is the least that there is.
core::Json documentOf(const Sweep& sum, const std::optional<sweep::Shard>& shard, std::int64_t total)
{
    const core::Json file{{"path", "a.pt"}, {"sha256", "ab"}, {"framework", "torch"}, {"format", "torch-zip"}};
    core::Json head{{"schema", "tieout.sweep/1"},
                    {"left", file},
                    {"right", file},
                    {"mapping_sha256", "cd"},
                    {"input", {{"source", "mnist"}, {"file", "mnist"}, {"samples", total}, {"labelled", sum.labelled}}},
                    {"tolerance", tolerance},
                    {"parameters", {{"equal", 2}, {"differing", 0}, {"not_compared", 0}}},
                    {"open", nullptr},
                    {"assumed", nullptr},
                    {"notes", core::Json::array()}};
    return core::report::withSweep(std::move(head), sum, shard, {}, [](std::int64_t) { return std::string(); });
}

}

class TestSweep : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void addsUpHoweverItIsDivided_data()
    {
        QTest::addColumn<int>("count");
        QTest::addColumn<bool>("labelled");
        QTest::addColumn<int>("shards");
        for (const int shards : {1, 2, 3, 7, 16})
            QTest::addRow("%d shards, labelled", shards) << 997 << true << shards;
        QTest::newRow("no labels") << 997 << false << 5;
        QTest::newRow("few samples") << 16 << true << 16;
        QTest::newRow("more disagreements than are kept") << 40000 << true << 4;
    }
    void addsUpHoweverItIsDivided()
    {
        QFETCH(int, count);
        QFETCH(bool, labelled);
        QFETCH(int, shards);
        const auto all = samples(count, labelled);
        const Sweep whole = sumOf(all, 0, all.size(), labelled);
        std::vector<std::pair<std::string, core::Json>> documents;
        std::int64_t next = 0;
        for (int number = 1; number <= shards; ++number) {
            const sweep::Range range = sweep::rangeOf({number, shards}, count);
            QCOMPARE(range.first, next);
            QVERIFY(range.count() > 0);
            next = range.end;
            const Sweep part = sumOf(all, static_cast<std::size_t>(range.first), static_cast<std::size_t>(range.end), labelled);
            const auto parsed = core::parseJson(core::dumpJson(documentOf(part, sweep::Shard{number, shards}, count)), "shard");
            documents.emplace_back("shard" + std::to_string(number), parsed);
        }
        QCOMPARE(next, count);
        std::shuffle(documents.begin(), documents.end(), std::mt19937(3));
        const std::string merged = core::dumpJson(core::report::mergedSweeps(documents));
        QVERIFY(merged == core::dumpJson(documentOf(whole, {}, count)));
    }

    void isCommutativeAndAssociative()
    {
        const auto all = samples(600, true);
        const Sweep a = sumOf(all, 0, 100, true), b = sumOf(all, 100, 350, true), c = sumOf(all, 350, 600, true);
        const auto text = [](const Sweep& sum) { return core::dumpJson(documentOf(sum, {}, 600)); }; // NaN is not equal to itself
        QVERIFY(text(sweep::merged(a, b)) == text(sweep::merged(b, a)));
        QVERIFY(text(sweep::merged(sweep::merged(a, b), c)) == text(sweep::merged(a, sweep::merged(c, b))));
        QVERIFY(text(sweep::merged(a, sweep::emptySweep(true, classes))) == text(a));
        QVERIFY_EXCEPTION_THROWN(sweep::merged(a, sweep::emptySweep(false, classes)), core::Error);
    }

    void counts()
    {
        Sweep sum = sweep::emptySweep(true, classes);
        const auto sample = [](int index, int label, std::optional<int> left, std::optional<int> right, double error) {
            return SampleResult{index, label, left, right, error, error, error > tolerance, {}};
        };
        sweep::add(sum, sample(0, 1, 1, 1, 0));
        sweep::add(sum, sample(1, 1, 1, 2, 0.5));
        sweep::add(sum, sample(2, 3, {}, {}, 1e-7));
        sweep::add(sum, sample(3, 3, 0, 0, 0.5));
        QCOMPARE(sum.samples, 4);
        QCOMPARE(sum.correctLeft, 2);
        QCOMPARE(sum.correctRight, 1);
        QCOMPARE(sum.agreeing, 2); // two NaN agree on nothing
        QCOMPARE(sum.unansweredLeft, 1);
        QCOMPARE(sum.over, 2);
        QCOMPARE(sum.worst.front().index, 1); // of equal errors the first
        QCOMPARE(sum.disagreements.size(), std::size_t{2});
        QCOMPARE(sum.confusionRight[1 * classes + 2], 1);
        QCOMPARE(sum.histogram.zero, 1);
        QCOMPARE(sum.accuracy(true), std::optional(0.5));
    }

    void hasNoFiguresWithoutLabelsOrClasses()
    {
        Sweep sum = sweep::emptySweep(false, 0);
        sweep::add(sum, {0, {}, {}, {}, 1e-7, 1e-7, false, {}});
        QVERIFY(!sum.accuracy(true));
        QVERIFY(!sum.agreement());
        const core::Json json = documentOf(sum, {}, 1);
        QVERIFY(json.at("accuracy").at("left").is_null());
        QVERIFY(json.at("agreement").is_null());
        QVERIFY(json.at("confusion").at("left").is_null());
        QCOMPARE(json.at("verdict").get<std::string>(), std::string("ties-out"));
    }

    void concludes_data()
    {
        QTest::addColumn<double>("error");
        QTest::addColumn<QString>("problem");
        QTest::addColumn<int>("differing");
        QTest::addColumn<QString>("open");
        QTest::addColumn<bool>("assumed");
        QTest::addColumn<QString>("verdict");
        QTest::newRow("within") << 1e-7 << "" << 0 << "" << false << "ties-out";
        QTest::newRow("a sample over") << 1e-3 << "" << 0 << "" << false << "differs";
        QTest::newRow("NaN on one side") << std::nan("") << "" << 0 << "" << false << "differs";
        QTest::newRow("a parameter that differs") << 1e-7 << "" << 1 << "" << false << "differs";
        QTest::newRow("an output without counterpart") << 1e-7 << "no counterpart" << 0 << "" << false << "not-compared";
        QTest::newRow("a parameter that was not compared")
            << 1e-7 << "" << 0 << "which belongs to which is open" << false << "not-compared";
        QTest::newRow("a sample over, by assumed wiring") << 1e-3 << "" << 0 << "" << true << "differs";
        QTest::newRow("a sample over, by an assumed order") << 1e-3 << "" << 0 << "the order is not told" << true << "not-compared";
        QTest::newRow("a sample over, and a weight without order") << 1e-3 << "" << 0 << "the order is not told" << false << "differs";
        QTest::newRow("a parameter that differs, by an assumed order") << 1e-3 << "" << 1 << "the order is not told" << true << "differs";
        QTest::newRow("no output at all") << -1.0 << "cannot run" << 0 << "" << false << "not-compared";
        QTest::newRow("no output, and a parameter that differs") << -1.0 << "cannot run" << 1 << "" << false << "not-compared";
    }
    void concludes()
    {
        QFETCH(double, error);
        QFETCH(QString, problem);
        QFETCH(int, differing);
        QFETCH(QString, open);
        QFETCH(bool, assumed);
        QFETCH(QString, verdict);
        Sweep sum = sweep::emptySweep(false, 0);
        const std::optional<double> value = error < 0 ? std::nullopt : std::optional(error);
        sweep::add(sum, {0, {}, {}, {}, value, value, value && !(*value <= tolerance), problem.toStdString()});
        const auto conclusion = sweep::conclusion(sum, differing, open.toStdString(), assumed);
        QCOMPARE(QString::fromStdString(std::string(name(conclusion.verdict))), verdict);
        QCOMPARE(conclusion.reason.empty(), verdict != "not-compared");
    }

    void refusesWhatIsNoWhole_data()
    {
        QTest::addColumn<QString>("fault");
        QTest::addColumn<QString>("word");
        QTest::newRow("missing") << "missing"
                                 << "missing: 2";
        QTest::newRow("twice") << "twice"
                               << "again";
        QTest::newRow("another file") << "left"
                                      << "left file";
        QTest::newRow("another tolerance") << "tolerance"
                                           << "tolerance";
        QTest::newRow("another input") << "input"
                                       << "input";
        QTest::newRow("another mapping") << "mapping"
                                         << "mapping";
        QTest::newRow("a whole sweep") << "whole"
                                       << "whole set";
        QTest::newRow("other samples than its number says") << "range"
                                                            << "samples";
        QTest::newRow("counts of other classes") << "labels"
                                                 << "4 counts";
        QTest::newRow("no sweep") << "schema"
                                  << "tieout.map/1";
        QTest::newRow("text for a count") << "text"
                                          << "a count";
        QTest::newRow("no object") << "list"
                                   << "no document";
    }
    void refusesWhatIsNoWhole()
    {
        QFETCH(QString, fault);
        QFETCH(QString, word);
        const auto all = samples(64, true);
        std::vector<std::pair<std::string, core::Json>> documents;
        for (int number = 1; number <= 2; ++number) {
            const sweep::Range range = sweep::rangeOf({number, 2}, 64);
            documents.emplace_back("shard" + std::to_string(number),
                                   documentOf(sumOf(all, static_cast<std::size_t>(range.first), static_cast<std::size_t>(range.end), true),
                                              sweep::Shard{number, 2}, 64));
        }
        core::Json& second = documents[1].second;
        if (fault == "missing")
            documents.pop_back();
        else if (fault == "twice")
            documents.push_back(documents[0]);
        else if (fault == "left")
            second["left"]["sha256"] = "ef";
        else if (fault == "tolerance")
            second["tolerance"] = 1e-4;
        else if (fault == "input")
            second["input"]["source"] = "random";
        else if (fault == "mapping")
            second["mapping_sha256"] = "ef";
        else if (fault == "whole")
            second["shard"] = nullptr;
        else if (fault == "range")
            second["shard"]["end"] = 63;
        else if (fault == "labels")
            second["labels"] = core::Json::array({1, 2});
        else if (fault == "schema")
            second["schema"] = "tieout.map/1";
        else if (fault == "text")
            second["measured"] = "many";
        else
            second = core::Json::array();
        try {
            core::report::mergedSweeps(documents);
            QFAIL("merged");
        } catch (const core::Error& error) {
            QVERIFY2(QString::fromUtf8(error.what()).contains(word), error.what());
        }
    }

    void readsLabels_data()
    {
        QTest::addColumn<QList<float>>("values");
        QTest::addColumn<int>("columns");
        QTest::addColumn<QList<int>>("labels"); // empty: refused
        QTest::newRow("numbers") << QList<float>{3, 0, 7} << 0 << QList<int>{3, 0, 7};
        QTest::newRow("a column") << QList<float>{3, 0, 7} << 1 << QList<int>{3, 0, 7};
        QTest::newRow("one-hot") << QList<float>{0, 1, 1, 0, 0, 1} << 2 << QList<int>{1, 0, 1};
        QTest::newRow("a fraction") << QList<float>{3, 0.5F, 7} << 0 << QList<int>{};
        QTest::newRow("negative") << QList<float>{3, -1, 7} << 0 << QList<int>{};
        QTest::newRow("probabilities") << QList<float>{0.2F, 0.8F, 1, 0, 0, 1} << 2 << QList<int>{};
        QTest::newRow("too few") << QList<float>{3, 0} << 0 << QList<int>{};
    }
    void readsLabels()
    {
        QFETCH(QList<float>, values);
        QFETCH(int, columns);
        QFETCH(QList<int>, labels);
        const std::vector<float> floats(values.begin(), values.end());
        core::Shape shape{columns > 0 ? values.size() / columns : values.size()};
        if (columns > 0)
            shape.push_back(columns);
        const core::Tensor array = core::Tensor::fromFloats(shape, floats);
        if (labels.isEmpty()) {
            QVERIFY_EXCEPTION_THROWN(sweep::labelsOf(array, 3, "y.npy"), core::Error);
            return;
        }
        const auto found = sweep::labelsOf(array, 3, "y.npy");
        QCOMPARE(QList<int>(found.begin(), found.end()), labels);
    }

    void readsShards_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("good");
        QTest::newRow("2/8") << "2/8" << true;
        for (const char* text : {"0/8", "9/8", "1", "1/", "/8", "1/8x", "a/b", "-1/8", "1.5/8"})
            QTest::newRow(text) << text << false;
    }
    void readsShards()
    {
        QFETCH(QString, text);
        QFETCH(bool, good);
        if (good)
            QVERIFY((sweep::shardFromText(text.toStdString()) == sweep::Shard{2, 8}));
        else
            QVERIFY_EXCEPTION_THROWN(sweep::shardFromText(text.toStdString()), core::Error);
    }
};

QTEST_APPLESS_MAIN(TestSweep)
#include "tst_sweep.moc"
