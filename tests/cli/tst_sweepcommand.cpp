// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/numpy/npy.h"
#include "tests/cli/program.h"

#include <QImage>
#include <QStandardPaths>
#include <QTemporaryDir>

#include <random>

using core::Json;

/// A set of samples through both networks, whole and in parts.
class TestSweepCommand : public QObject
{
    Q_OBJECT

private:
    const QString torch = sample("lenet5.pt"), keras = sample("lenet5.h5"), other = sample("lenet5_keras.h5");
    QTemporaryDir m_folder;

    QString path(const QString& name) const { return m_folder.filePath(name); }
    QStringList digits() const { return {"--mnist", path("mnist")}; }

    static core::Tensor noise(const core::Shape& shape)
    {
        std::mt19937 random(5);
        std::vector<float> values(static_cast<std::size_t>(core::elementCount(shape)));
        for (float& value : values)
            value = static_cast<float>(random() % 1000) / 1000.0F;
        return core::Tensor::fromFloats(shape, values);
    }

    bool write(const QString& name, const QByteArray& bytes) const
    {
        QFile file(path(name));
        return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
    }

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_folder.isValid());
        QVERIFY(QDir(m_folder.path()).mkpath("mnist"));
        QVERIFY(QFile::copy(sample("digits-images-idx3-ubyte.gz"), path("mnist/t10k-images-idx3-ubyte.gz")));
        QVERIFY(QFile::copy(sample("digits-labels-idx1-ubyte.gz"), path("mnist/t10k-labels-idx1-ubyte.gz")));
    }

    void tiesOut()
    {
        const Answer answer = tieout(QStringList{"sweep", torch, keras, "--json", "--quiet"} + digits());
        QVERIFY2(answer.status == 0, answer.messages);
        const Json json = answer.json();
        QCOMPARE(json.at("schema").get<std::string>(), std::string("tieout.sweep/1"));
        QCOMPARE(json.at("verdict").get<std::string>(), std::string("ties-out"));
        for (const char* key : {"left", "right", "samples", "shard", "accuracy", "agreement", "worst", "confusion", "disagreements",
                                "images_per_second", "histogram", "worst_samples"})
            QVERIFY2(json.contains(key), key);
        QCOMPARE(json.at("agreement").get<double>(), 1.0);
        QCOMPARE(json.at("confusion").at("left").size(), std::size_t{10});
        QVERIFY(json.at("images_per_second").is_null());
        QCOMPARE(json.at("accuracy").at("left").get<double>(), json.at("accuracy").at("right").get<double>());
    }

    /// The wiring of a state dict is the twin's: no verdict without that word.
    void saysWhatIsAssumed()
    {
        const QStringList command = QStringList{"sweep", data("lenet5_state.pt"), keras, "--quiet"} + digits();
        const Json json = tieout(command + QStringList{"--json"}).json();
        QCOMPARE(json.at("verdict").get<std::string>(), std::string("ties-out"));
        QCOMPARE(json.at("assumed").at("side").get<std::string>(), std::string("left"));
        const Answer text = tieout(command);
        QVERIFY2(text.output.contains("TIES OUT as far as the files tell"), text.output);
    }

    void differs()
    {
        const Answer answer = tieout(QStringList{"sweep", torch, other, "--json", "--timing"} + digits());
        QVERIFY2(answer.status == 1, answer.messages);
        const Json json = answer.json();
        QCOMPARE(json.at("verdict").get<std::string>(), std::string("differs"));
        QVERIFY(json.at("over_tolerance").get<int>() > 0);
        QVERIFY(json.at("images_per_second").get<double>() > 0);
    }

    /// A sample of a sweep is what compare says of that digit alone.
    void agreesWithCompare()
    {
        const Json all = tieout(QStringList{"sweep", torch, other, "--json"} + digits()).json();
        const Json& worst = all.at("worst");
        const Json one =
            tieout(QStringList{"compare", torch, other, "--json", "--digit", QString::number(worst.at("index").get<int>())} + digits())
                .json();
        const double expected = one.at("outputs").at("max_abs").get<double>(), found = worst.at("max_abs").get<double>();
        QVERIFY2(std::abs(expected - found) < 1e-6, qPrintable(QString("%1 %2").arg(expected).arg(found)));
    }

    void mergesToTheByte_data()
    {
        QTest::addColumn<QStringList>("input");
        QTest::addColumn<int>("shards");
        QTest::newRow("digits in 2") << digits() << 2;
        QTest::newRow("digits in 5, byte by byte") << digits() + QStringList{"--preprocess", "byte"} << 5;
        QTest::newRow("noise in 3") << QStringList{"--random", "4", "--limit", "50"} << 3;
    }
    void mergesToTheByte()
    {
        QFETCH(QStringList, input);
        QFETCH(int, shards);
        const QStringList command = QStringList{"sweep", torch, other, "--json"} + input;
        const Answer whole = tieout(command);
        QVERIFY2(whole.status == 1, whole.messages);
        QStringList merge{"merge", "--json"};
        for (int number = shards; number >= 1; --number) {
            const Answer part = tieout(command + QStringList{"--shard", QString("%1/%2").arg(number).arg(shards)});
            QVERIFY2(part.status >= 0 && part.status <= 1, part.messages);
            merge += path(QString("shard%1.json").arg(number));
            QVERIFY(write(QString("shard%1.json").arg(number), part.output));
        }
        const Answer merged = tieout(merge);
        QVERIFY2(merged.status == 0, merged.messages);
        QVERIFY(merged.output == whole.output);
    }

    void runsUnderParallel()
    {
        if (QStandardPaths::findExecutable("parallel").isEmpty())
            QSKIP("skipped: GNU parallel is not installed");
        QProcess process;
        process.setWorkingDirectory(m_folder.path());
        process.start(
            "sh",
            {"-c",
             QString("parallel --will-cite -j 2 '\"%1\" sweep \"%2\" \"%3\" --mnist mnist --shard {}/4 --json > p{}.json' ::: 1 2 3 4;"
                     "\"%1\" merge p*.json --json > merged.json && \"%1\" sweep \"%2\" \"%3\" --mnist mnist --json > whole.json && cmp "
                     "merged.json whole.json")
                 .arg(TIEOUT_PROGRAM, torch, keras)});
        QVERIFY(process.waitForFinished(120000));
        QVERIFY2(process.exitCode() == 0, process.readAllStandardError());
    }

    void takesArraysAndFolders_data()
    {
        QTest::addColumn<QString>("input");
        QTest::addColumn<int>("count");
        QTest::addColumn<bool>("labelled");
        QTest::newRow("a batch") << "batch.npy" << 20 << false;
        QTest::newRow("one sample") << "one.npy" << 1 << false;
        QTest::newRow("x and y") << "labelled.npz" << 20 << true;
        QTest::newRow("a test set beside its training set") << "split.npz" << 20 << true;
        QTest::newRow("other arrays among the inputs") << "more.npz" << 20 << false;
        QTest::newRow("a folder of arrays") << "flat" << 3 << false;
        QTest::newRow("class folders") << "classes" << 4 << true;
    }
    void takesArraysAndFolders()
    {
        QFETCH(QString, input);
        QFETCH(int, count);
        QFETCH(bool, labelled);
        const core::Tensor batch = noise({20, 1, 28, 28}), one = noise({1, 28, 28}), labels = noise({20}); // 0 to 1: not whole numbers
        const core::Tensor whole = core::Tensor::fromFloats({20}, std::vector<float>(20, 3.0F));
        core::formats::writeNpy(path("batch.npy").toStdString(), batch);
        core::formats::writeNpy(path("one.npy").toStdString(), one);
        core::formats::writeNpz(path("labelled.npz").toStdString(), {{"x", batch}, {"y", whole}});
        core::formats::writeNpz(path("split.npz").toStdString(),
                                {{"x_train", labels}, {"y_train", labels}, {"x_test", batch}, {"y_test", whole}});
        core::formats::writeNpz(path("more.npz").toStdString(), {{"ids", noise({5})}, {"x", batch}, {"mean", noise({})}});
        QVERIFY(QDir(m_folder.path()).mkpath("flat"));
        for (const char* name : {"flat/b.npy", "flat/a.npy", "flat/c.npy"})
            core::formats::writeNpy(path(name).toStdString(), one);
        for (const char* name : {"classes/cat", "classes/dog", "classes/.hidden"})
            QVERIFY(QDir(m_folder.path()).mkpath(name));
        QImage image(40, 40, QImage::Format_Grayscale8);
        image.fill(100);
        for (const char* name :
             {"classes/cat/2.png", "classes/cat/1.png", "classes/dog/1.png", "classes/dog/3.PNG", "classes/.hidden/9.png"})
            QVERIFY(image.save(path(name), "PNG"));
        const Answer answer = tieout({"sweep", torch, keras, "--input", path(input), "--json"});
        QVERIFY2(answer.status == 0, answer.messages);
        const Json json = answer.json();
        QCOMPARE(json.at("samples").get<int>(), count);
        QCOMPARE(!json.at("accuracy").at("left").is_null(), labelled);
        if (input == "classes") {
            QCOMPARE(json.at("labels")[0].get<int>(), 2);
            QVERIFY(json.at("input").at("class_names") == Json::array({"cat", "dog"}));
            QCOMPARE(json.at("worst_samples")[0].at("name").get<std::string>(), std::string("cat/1.png"));
        }
    }

    void refuses_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("word");
        QTest::newRow("a shard that is none") << QStringList{"--shard", "3/2"} << "K/N";
        QTest::newRow("more shards than batches") << QStringList{"--limit", "4", "--shard", "1/9"} << "at most 4 parts";
        QTest::newRow("two inputs") << QStringList{"--random", "1"} << "exclude";
        QTest::newRow("a report over a digit file") << QStringList{"--report", path("mnist/t10k-labels-idx1-ubyte.gz")} << "t10k-labels";
    }
    void refuses()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, word);
        const Answer answer = tieout(QStringList{"sweep", torch, keras} + digits() + arguments);
        QCOMPARE(answer.status, 2);
        QVERIFY2(answer.messages.contains(word.toUtf8()), answer.messages);
    }

    void takesTheFirstOfABatch()
    {
        core::formats::writeNpz(path("first.npz").toStdString(),
                                {{"x", noise({20, 1, 28, 28})}, {"y", core::Tensor::fromFloats({20}, std::vector<float>(20, 3.0F))}});
        const Json json = tieout({"sweep", torch, keras, "--input", path("first.npz"), "--limit", "7", "--json"}).json();
        QCOMPARE(json.at("samples").get<int>(), 7);
        QCOMPARE(json.at("labels")[3].get<int>(), 7);
    }

    void refusesPreprocessingOfArrays()
    {
        const Answer answer = tieout({"sweep", torch, keras, "--random", "1", "--limit", "4", "--preprocess", "unit"});
        QCOMPARE(answer.status, 2);
        QVERIFY2(answer.messages.contains("as they are"), answer.messages);
    }

    void refusesLabelsThatAreNoClass()
    {
        core::formats::writeNpz(path("wrong.npz").toStdString(),
                                {{"x", noise({2, 1, 28, 28})}, {"y", core::Tensor::fromFloats({2}, std::vector<float>{3, 10})}});
        const Answer answer = tieout({"sweep", torch, keras, "--input", path("wrong.npz")});
        QCOMPARE(answer.status, 2);
        QVERIFY2(answer.messages.contains("0 to 9"), answer.messages);
    }

    void writesAPage()
    {
        const Answer answer = tieout(QStringList{"sweep", torch, other, "--report", path("report.html")} + digits());
        QCOMPARE(answer.status, 1);
        QFile page(path("report.html"));
        QVERIFY(page.open(QIODevice::ReadOnly));
        const QByteArray html = page.readAll();
        QVERIFY(html.contains("DIFFERS on "));
        QVERIFY(html.contains("<svg"));
        QVERIFY(!html.contains("http"));
    }
};

QTEST_GUILESS_MAIN(TestSweepCommand)
#include "tst_sweepcommand.moc"
