// SPDX-License-Identifier: GPL-3.0-or-later
// Strange but whole files. Rows are named by the cases of the catalogue of bad inputs (H01 ...).
#include "core/formats/hdf5/h5file.h"
#include "h5fixture.h"

#include <QTest>
#include <algorithm>
#include <array>
#include <map>

using namespace core;
using namespace core::formats;
using namespace std::string_literals;

namespace {

H5Contents list(const std::string& path)
{
    return listH5(File::open(path));
}

std::vector<float> floats(const H5Contents& contents, const char* path)
{
    const auto tensor = read(contents.dataset(path)->source).toFloat32();
    return {tensor.floats().begin(), tensor.floats().end()};
}

bool hasNote(const H5Contents& contents, const std::string& id, const std::string& where)
{
    return std::any_of(contents.notes.begin(), contents.notes.end(),
                       [&](const Note& note) { return note.message.id == id && note.where == where; });
}

const std::array<float, 4> four{1, 2, 3, 4};

}

class TestH5Worker : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr); }

    void regionsAndChunks_data()
    {
        QTest::addColumn<bool>("newest");
        QTest::addColumn<int>("userBlock");
        QTest::newRow("H16 superblock 0") << false << 0;
        QTest::newRow("H16 superblock 3") << true << 0;
        QTest::newRow("H15 user block") << false << 1024;
        QTest::newRow("H15 user block, newest") << true << 512;
    }

    void regionsAndChunks()
    {
        QFETCH(bool, newest);
        QFETCH(int, userBlock);
        H5Fixture made(newest, static_cast<hsize_t>(userBlock));
        const std::array<double, 2> doubles{0.5, -2};
        made.group("a");
        made.dataset("a/plain", H5T_IEEE_F32LE, {2, 2}, four.data());
        made.dataset("a/big", H5T_IEEE_F64BE, {2}, nullptr);
        const hid_t big = H5Dopen2(made.file, "a/big", H5P_DEFAULT);
        H5Dwrite(big, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, doubles.data());
        H5Dclose(big);
        made.dataset("a/zipped", H5T_NATIVE_FLOAT, {4}, four.data(), H5Fixture::chunked({3}, true));
        made.dataset("scalar", H5T_NATIVE_FLOAT, {}, four.data());
        made.finish();

        const auto contents = list(made.path());
        QVERIFY(contents.group("/a"));
        QVERIFY(std::holds_alternative<FileRegion>(contents.dataset("/a/plain")->source.data));
        QVERIFY(std::holds_alternative<FileRegion>(contents.dataset("/a/big")->source.data));
        QVERIFY(std::holds_alternative<WorkerDataset>(contents.dataset("/a/zipped")->source.data));
        QCOMPARE(contents.dataset("/a/plain")->source.shape, (Shape{2, 2}));
        QCOMPARE(floats(contents, "/a/plain"), std::vector<float>(four.begin(), four.end()));
        QCOMPARE(floats(contents, "/a/zipped"), std::vector<float>(four.begin(), four.end()));
        QCOMPARE(floats(contents, "/a/big"), (std::vector<float>{0.5F, -2}));
        QCOMPARE(floats(contents, "/scalar"), std::vector<float>{1});
        QVERIFY(contents.dataset("/scalar")->source.shape.empty());
    }

    void strings_data() { oneRow("H10 strings of every padding"); }

    void strings()
    {
        H5Fixture made;
        const char* vlen = "variable";
        const std::array<const char*, 2> list2{"one", "two"};
        made.attribute("vlen", H5Fixture::text(H5T_VARIABLE, H5T_STR_NULLTERM), -1, &vlen);
        made.attribute("vlens", H5Fixture::text(H5T_VARIABLE, H5T_STR_NULLTERM), 2, list2.data());
        made.attribute("fixed", H5Fixture::text(4, H5T_STR_NULLPAD), 2,
                       "full"
                       "a\0\0\0");
        made.attribute("term", H5Fixture::text(6, H5T_STR_NULLTERM), -1, "ab\0xyz");
        made.attribute("space", H5Fixture::text(6, H5T_STR_SPACEPAD), -1, "ab    ");
        made.attribute("empty", H5T_IEEE_F64LE, 0, nullptr);
        const int seven = 7;
        made.attribute("number", H5T_NATIVE_INT, -1, &seven);
        const hid_t null = H5Screate(H5S_NULL);
        H5Aclose(H5Acreate2(made.file, "null", H5T_NATIVE_INT, null, H5P_DEFAULT, H5P_DEFAULT));
        const hid_t pair = H5Tcreate(H5T_COMPOUND, 8);
        H5Tinsert(pair, "a", 0, H5T_NATIVE_INT);
        made.attribute("compound", pair, -1, nullptr);
        made.finish();

        const auto contents = list(made.path());
        const auto& root = *contents.group("/");
        QCOMPARE(textAttribute(root, "vlen").value(), "variable"s);
        QCOMPARE(textAttribute(root, "term").value(), "ab"s);
        QCOMPARE(textAttribute(root, "space").value(), "ab"s);
        QCOMPARE(namesAttribute(root, "vlens").value(), (std::vector<std::string>{"one", "two"}));
        QCOMPARE(namesAttribute(root, "fixed").value(), (std::vector<std::string>{"full", "a"}));
        QVERIFY(namesAttribute(root, "empty")->empty());
        QVERIFY(namesAttribute(root, "null")->empty());
        QCOMPARE(root.attributes.at("number").get<int>(), 7);
        QVERIFY(hasNote(contents, "h5-problem", "/, compound"));
    }

    void splitNames_data() { oneRow("H12 names in pieces"); }

    void splitNames()
    {
        H5Fixture made;
        made.attribute("layer_names0", H5Fixture::text(1, H5T_STR_NULLPAD), 2, "ab");
        made.attribute("layer_names1", H5Fixture::text(1, H5T_STR_NULLPAD), 1, "c");
        made.finish();
        const auto contents = list(made.path());
        QCOMPARE(namesAttribute(*contents.group("/"), "layer_names").value(), (std::vector<std::string>{"a", "b", "c"}));
        QVERIFY(!namesAttribute(*contents.group("/"), "weight_names"));
    }

    void linksAreNotFollowed_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("id");
        QTest::newRow("H03 external") << "/outside"
                                      << "h5-link";
        QTest::newRow("H04 soft loop") << "/loop"
                                       << "h5-link";
        QTest::newRow("H04 dangling") << "/dangling"
                                      << "h5-link";
        QTest::newRow("H13 cycle of hard links") << "/g/up"
                                                 << "h5-link-again";
        QTest::newRow("H13 a group in itself") << "/g/self"
                                               << "h5-link-again";
    }

    void linksAreNotFollowed()
    {
        QFETCH(QString, path);
        QFETCH(QString, id);
        H5Fixture made;
        H5Gclose(made.group("g"));
        H5Lcreate_external("/etc/passwd", "/x", made.file, "outside", H5P_DEFAULT, H5P_DEFAULT);
        H5Lcreate_soft("/loop", made.file, "loop", H5P_DEFAULT, H5P_DEFAULT);
        H5Lcreate_soft("/nothing", made.file, "dangling", H5P_DEFAULT, H5P_DEFAULT);
        H5Lcreate_hard(made.file, "/", made.file, "g/up", H5P_DEFAULT, H5P_DEFAULT);
        H5Lcreate_hard(made.file, "/g", made.file, "g/self", H5P_DEFAULT, H5P_DEFAULT);
        made.finish();
        const auto contents = list(made.path());
        QCOMPARE(contents.groups.size(), std::size_t{2});
        QVERIFY(hasNote(contents, id.toStdString(), path.toStdString()));
    }

    void refusedDatasets_data()
    {
        QTest::addColumn<QString>("problem");
        QTest::newRow("H05 external storage") << "external storage";
        QTest::newRow("H06 virtual") << "virtual dataset";
        QTest::newRow("H07 bomb, contiguous") << "0 are stored";
        QTest::newRow("H07 bomb, chunked") << "0 are stored";
        QTest::newRow("H08 deflate bomb") << "hardly hold";
        QTest::newRow("H09 unknown filter") << "filter 305";
        QTest::newRow("H14 compound") << "compound";
        QTest::newRow("H14 80-bit float") << "float of an unusual size";
        QTest::newRow("H14 string") << "string";
        QTest::newRow("H14 opaque") << "opaque";
        QTest::newRow("H14 reference") << "reference";
        QTest::newRow("H14 array") << "array";
        QTest::newRow("H10 variable strings") << "string";
        QTest::newRow("H17 null") << "null dataspace";
    }

    void refusedDatasets()
    {
        QFETCH(QString, problem);
        const QString row = QTest::currentDataTag();
        H5Fixture made;
        const hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
        if (row.contains("external")) {
            H5Pset_external(creation, "/etc/passwd", 0, 16);
            made.dataset("x", H5T_NATIVE_FLOAT, {4}, nullptr, creation);
        } else if (row.contains("virtual")) {
            const hsize_t size = 4;
            const hid_t space = H5Screate_simple(1, &size, nullptr);
            H5Pset_virtual(creation, space, "/etc/passwd", "/x", space);
            made.dataset("x", H5T_NATIVE_FLOAT, {4}, nullptr, creation);
        } else if (row.contains("contiguous")) {
            made.dataset("x", H5T_NATIVE_FLOAT, {1 << 30}, nullptr);
        } else if (row.contains("chunked")) {
            made.dataset("x", H5T_NATIVE_FLOAT, {1 << 30}, nullptr, H5Fixture::chunked({1 << 20}, false));
        } else if (row.contains("deflate")) {
            made.dataset("x", H5T_NATIVE_FLOAT, {1 << 28}, nullptr, H5Fixture::chunked({1 << 20}, true));
        } else if (row.contains("filter")) {
            const H5Z_class2_t strange{
                H5Z_CLASS_T_VERS, 305,     1,       1,
                "strange",        nullptr, nullptr, [](unsigned, size_t, const unsigned*, size_t n, size_t*, void**) { return n; }};
            H5Zregister(&strange);
            const hid_t filtered = H5Fixture::chunked({4}, false);
            H5Pset_filter(filtered, 305, 0, 0, nullptr);
            made.dataset("x", H5T_NATIVE_FLOAT, {4}, four.data(), filtered);
        } else if (row.contains("compound")) {
            const hid_t pair = H5Tcreate(H5T_COMPOUND, 8);
            H5Tinsert(pair, "a", 0, H5T_NATIVE_INT);
            made.dataset("x", pair, {2}, four.data());
        } else if (row.contains("80-bit")) {
            const std::array<long double, 2> values{1, 2};
            made.dataset("x", H5T_NATIVE_LDOUBLE, {2}, values.data());
        } else if (row.contains("opaque")) {
            const hid_t opaque = H5Tcreate(H5T_OPAQUE, 8);
            made.dataset("x", opaque, {2}, four.data());
        } else if (row.contains("reference")) {
            hobj_ref_t reference = 0;
            H5Rcreate(&reference, made.file, "/", H5R_OBJECT, -1);
            made.dataset("x", H5T_STD_REF_OBJ, {1}, &reference);
        } else if (row.contains("array")) {
            const hsize_t two = 2;
            made.dataset("x", H5Tarray_create2(H5T_NATIVE_FLOAT, 1, &two), {2}, four.data());
        } else if (row.contains("variable")) {
            const std::array<const char*, 2> texts{"one", "two"};
            made.dataset("x", H5Fixture::text(H5T_VARIABLE, H5T_STR_NULLTERM), {2}, texts.data());
        } else if (row.contains("string")) {
            made.dataset("x", H5Fixture::text(8, H5T_STR_NULLPAD), {2}, four.data());
        } else {
            const hid_t null = H5Screate(H5S_NULL);
            H5Dclose(H5Dcreate2(made.file, "x", H5T_NATIVE_FLOAT, null, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
        }
        made.finish();

        const auto contents = list(made.path());
        QVERIFY(contents.dataset("/x"));
        const auto told = QString::fromStdString(contents.dataset("/x")->problem);
        QVERIFY2(told.contains(problem), qPrintable(told));
        QVERIFY_THROWS_EXCEPTION(Error, read(contents.dataset("/x")->source));
    }

    void types_data() { oneRow("H14 H17 types and spaces"); }

    void types()
    {
        H5Fixture made;
        const std::map<std::string, hid_t> types{
            {"bool", H5Tenum_create(H5T_STD_I8LE)}, {"int64", H5T_STD_I64LE}, {"uint32", H5T_STD_U32LE}, {"float64", H5T_IEEE_F64LE}};
        const signed char no = 0, yes = 1;
        H5Tenum_insert(types.at("bool"), "FALSE", &no);
        H5Tenum_insert(types.at("bool"), "TRUE", &yes);
        const std::array<char, 16> zeros{};
        for (const auto& [name, type] : types)
            made.dataset(name.c_str(), type, {2}, zeros.data());
        made.dataset("nothing", H5T_NATIVE_FLOAT, {0, 3}, nullptr);
        made.dataset("rank32", H5T_NATIVE_FLOAT, std::vector<hsize_t>(32, 1), four.data());
        made.finish();
        const auto contents = list(made.path());
        for (const auto& [typeName, type] : types) {
            QCOMPARE(std::string(name(contents.dataset("/" + typeName)->source.dtype)), typeName);
            QCOMPARE(read(contents.dataset("/" + typeName)->source).count(), 2);
        }
        QCOMPARE(read(contents.dataset("/nothing")->source).count(), 0);
        QCOMPARE(contents.dataset("/rank32")->source.shape.size(), std::size_t{32});
    }

    void sameFileTwice_data() { oneRow("H19 the same file on both sides"); }

    void sameFileTwice()
    {
        const auto file = File::open(TIEOUT_TEST_DATA "/kinds/conv_stride.h5");
        const auto a = listH5(file), b = listH5(file);
        QCOMPARE(a.datasets.size(), b.datasets.size());
    }
};

QTEST_GUILESS_MAIN(TestH5Worker)
#include "tst_h5worker.moc"
