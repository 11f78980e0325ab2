// SPDX-License-Identifier: GPL-3.0-or-later
// What a worker tells of an HDF5 file, when it lies.
#include "tests/formats/seed.h"

#include "core/base/error.h"
#include "core/formats/hdf5/h5file.h"

#include <QTest>

using namespace core;
using namespace core::formats;

class TestH5Answer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // The worker runs a library that damaged files crash: what it says is checked as if it were the file.
    void lies_data()
    {
        QTest::addColumn<QByteArray>("groups");
        QTest::addColumn<QByteArray>("datasets");
        QTest::addColumn<QString>("problem");
        const QByteArray none = "[]", root = R"([{"path":"/","attributes":{}}])";
        const auto row = [&](const char* name, const QByteArray& groups, const QByteArray& datasets, const char* problem = "") {
            QTest::newRow(name) << groups << datasets << problem;
        };
        row("groups no list", "3", none);
        row("group twice", R"([{"path":"/","attributes":{}},{"path":"/","attributes":{}}])", none);
        row("attributes no object", R"([{"path":"/","attributes":[1]}])", none);
        row("path not absolute", R"([{"path":"../x","attributes":{}}])", none);
        row("no path", root, R"([{"dtype":"float32","shape":[2]}])");
        row("no shape", root, R"([{"path":"/x","dtype":"float32"}])");
        row("shape of text", root, R"([{"path":"/x","dtype":"float32","shape":["a"]}])");
        row("shape that is no number", root, R"([{"path":"/x","dtype":"float32","shape":[NaN]}])"); // found by fuzzing
        row("offset that is no whole number", root, R"([{"path":"/x","dtype":"float32","shape":[2],"offset":1e300}])");
        row("negative size", root, R"([{"path":"/x","dtype":"float32","shape":[-1]}])");
        row("overflow", root, R"([{"path":"/x","dtype":"float32","shape":[4294967296,4294967296]}])");
        row("overflow by the type", root, R"([{"path":"/x","dtype":"float64","shape":[2305843009213693952]}])");
        row("rank", root, QByteArray(R"([{"path":"/x","dtype":"float32","shape":[)") + QByteArray("1,").repeated(99) + "1]}]");
        row("unknown type", root, R"([{"path":"/x","dtype":"float31","shape":[2]}])");
        row("dataset twice", root, R"([{"path":"/x","dtype":"int8","shape":[1]},{"path":"/x","dtype":"int8","shape":[1]}])");
        row("offset of text", root, R"([{"path":"/x","dtype":"int8","shape":[1],"offset":"a"}])");
        row("offset outside", root, R"([{"path":"/x","dtype":"int8","shape":[1],"offset":99999999}])", "behind the end");
        row("end outside", root, R"([{"path":"/x","dtype":"int8","shape":[1000000],"offset":8}])", "behind the end");
        row("offset near 2^64", root, R"([{"path":"/x","dtype":"int8","shape":[8],"offset":18446744073709551612}])", "behind the end");
        row("larger than the file", root, R"([{"path":"/x","dtype":"int8","shape":[4611686018427387904]}])", "far larger");
    }

    void lies()
    {
        QFETCH(QByteArray, groups);
        QFETCH(QByteArray, datasets);
        QFETCH(QString, problem);
        const H5Place place(File::open(TIEOUT_TEST_DATA "/kinds/conv_stride.h5"));
        const Json answer{{"groups", parseJson(groups.toStdString(), "test")},
                          {"datasets", parseJson(datasets.toStdString(), "test")},
                          {"links", Json::array()},
                          {"problems", Json::array()}};
        const std::string json = core::dumpJson(answer, -1);
        const auto length = static_cast<std::uint32_t>(json.size());
        bytes::seed("TIEO" + std::string(reinterpret_cast<const char*>(&length), sizeof length) + std::string(8, '\0') + json);
        try {
            const auto contents = checkedH5Contents(answer, place, {});
            QVERIFY2(!problem.isEmpty(), "believed");
            QVERIFY(QString::fromStdString(contents.datasets.at(0).problem).contains(problem));
        } catch (const Error& error) {
            QVERIFY2(problem.isEmpty() && error.file() == place.file->path(), error.what());
            QVERIFY2(error.id() == "worker-answer" || error.id() == "shape-overflow", error.what());
        }
    }
};

QTEST_GUILESS_MAIN(TestH5Answer)
#include "tst_h5answer.moc"
