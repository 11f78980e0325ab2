// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/numpy/npy.h"
#include "tests/cli/program.h"

#include <QTemporaryDir>

#include <cmath>

using core::Tensor;
using core::formats::NamedTensors;

namespace {

const Tensor* tensor(const NamedTensors& tensors, const std::string& name)
{
    const auto it = std::find_if(tensors.begin(), tensors.end(), [&](const auto& entry) { return entry.first == name; });
    return it == tensors.end() ? nullptr : &it->second;
}

/// max|a-b| / max(1, max|b|).
double scaledMax(const Tensor& a, const Tensor& b)
{
    double difference = 0, scale = 1;
    for (std::size_t i = 0; i < b.floats().size(); ++i) {
        difference = std::max(difference, std::abs(static_cast<double>(a.floats()[i]) - static_cast<double>(b.floats()[i])));
        scale = std::max(scale, std::abs(static_cast<double>(b.floats()[i])));
    }
    return difference / scale;
}

}

/// Every layer's activation against the real frameworks' (tests/interop/make_goldens.py), and what `compare` says of the pairs.
class TestGoldenRuns : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;

private Q_SLOTS:
    void run_data()
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<QString>("golden");
        QTest::addColumn<QString>("side");
        QTest::newRow("lenet5 torch") << sample("lenet5.pt") << data("golden/lenet5.npz") << "torch/";
        QTest::newRow("lenet5 keras") << sample("lenet5.h5") << data("golden/lenet5.npz") << "keras/";
        for (const QString kind : {"deep", "nested", "activations_fused", "avg_pool_same", "conv_same_stride"}) {
            QTest::addRow("%s torch", qPrintable(kind)) << data("kinds/" + kind + ".pt") << data("kinds/" + kind + ".npz") << "torch/";
            QTest::addRow("%s keras", qPrintable(kind)) << data("kinds/" + kind + ".h5") << data("kinds/" + kind + ".npz") << "keras/";
        }
    }
    void run()
    {
        QFETCH(QString, model);
        QFETCH(QString, golden);
        QFETCH(QString, side);
        const QString file = m_folder.filePath("activations.npz");
        const Answer answer = tieout({"run", model, "--input", golden, "--layout", "nchw", "-o", file});
        QVERIFY2(answer.status == 0, answer.messages);
        const auto computed = core::formats::readNpyOrNpz(file.toStdString());
        int compared = 0;
        for (const auto& [name, expected] : core::formats::readNpyOrNpz(golden.toStdString())) {
            if (!name.starts_with(side.toStdString()))
                continue;
            const Tensor* found = tensor(computed, name.substr(6));
            QVERIFY2(found, name.c_str());
            QCOMPARE(found->shape(), expected.shape());
            QVERIFY2(scaledMax(*found, expected) <= 1e-5, qPrintable(QString("%1: %2").arg(name.c_str()).arg(scaledMax(*found, expected))));
            ++compared;
        }
        QVERIFY(compared > 0);
    }

    void compare_data()
    {
        QTest::addColumn<QString>("kind");
        const QDir folder(data("kinds"));
        for (const QString& file : folder.entryList({"*.npz"}))
            if (const QString kind = file.chopped(4); folder.exists(kind + ".pt") && folder.exists(kind + ".h5"))
                QTest::newRow(qPrintable(file)) << kind;
    }
    void compare()
    {
        QFETCH(QString, kind);
        const QString base = data("kinds/" + kind);
        const Answer answer = tieout({"compare", base + ".pt", base + ".h5", "--input", base + ".npz", "--layout", "nchw", "--json"});
        QVERIFY2(answer.status == 0, answer.messages + answer.output.right(3000));
        const core::Json json = answer.json();
        QCOMPARE(QString::fromStdString(json["verdict"]), QString("ties-out"));
        for (const core::Json& parameter : json["parameters"])
            QVERIFY2(parameter["equal"].get<bool>(), parameter.dump().c_str());
    }
};

QTEST_GUILESS_MAIN(TestGoldenRuns)
#include "tst_goldenruns.moc"
