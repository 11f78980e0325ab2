// SPDX-License-Identifier: GPL-3.0-or-later
// More than there may be.
#include "core/formats/hdf5/h5file.h"
#include "core/worker/client.h"
#include "h5fixture.h"

#include <QTest>
#include <algorithm>
#include <array>

using namespace core;
using namespace core::formats;
using namespace std::string_literals;

class TestH5Limits : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void longAttribute_data() { oneRow("H10 an attribute of more than its limit"); }

    void longAttribute()
    {
        H5Fixture made(true); // only the newest format stores long attributes outside of the object's header
        const std::vector<char> text((std::size_t{64} << 20) + 1, 'x');
        made.attribute("long", H5Fixture::text(text.size(), H5T_STR_NULLPAD), -1, text.data());
        made.attribute("short", H5Fixture::text(2, H5T_STR_NULLPAD), -1, "ok");
        made.finish();
        const auto contents = listH5(File::open(made.path()));
        QVERIFY(std::any_of(contents.notes.begin(), contents.notes.end(), [](const Note& note) { return note.where == "/, long"; }));
        QCOMPARE(textAttribute(*contents.group("/"), "short").value(), "ok"s);
    }

    void manyNumbersInOneAttribute()
    {
        H5Fixture made(true);
        const std::vector<double> values(8'000'000, 0.1);
        made.attribute("many", H5T_NATIVE_DOUBLE, static_cast<int>(values.size()), values.data());
        made.attribute("few", H5T_NATIVE_DOUBLE, 2, values.data());
        made.finish();
        const auto contents = listH5(File::open(made.path()));
        QCOMPARE(textAttribute(*contents.group("/"), "many").value(), "8000000 numbers"s);
        QCOMPARE(contents.group("/")->attributes.at("few").size(), std::size_t{2});
    }

    void manyAttributes_data()
    {
        QTest::addColumn<bool>("newest");
        QTest::newRow("in the object's header") << false;
        QTest::newRow("in an index") << true;
    }

    void manyAttributes()
    {
        QFETCH(bool, newest);
        H5Fixture made(newest);
        constexpr int count = 3000; // an object's header holds 64 KiB of each, and gets blocks without end
        for (int i = 0; i < count; ++i)
            made.attribute(("a" + std::to_string(i)).c_str(), H5T_NATIVE_INT, -1, &i);
        made.finish();
        const auto contents = listH5(File::open(made.path()));
        QCOMPARE(contents.group("/")->attributes.size(), static_cast<std::size_t>(count));
        QCOMPARE(contents.group("/")->attributes.at("a2999").get<int>(), 2999);
        QVERIFY(contents.notes.empty());
    }

    void manyLinks_data() { oneRow("H13 10^6 links"); }

    void manyLinks()
    {
        const std::array<float, 4> four{1, 2, 3, 4};
        H5Fixture made(true);
        made.dataset("x", H5T_NATIVE_FLOAT, {4}, four.data());
        for (int i = 0; i < 1000; ++i)
            H5Lcreate_hard(made.file, "/x", made.file, ("x" + std::to_string(i)).c_str(), H5P_DEFAULT, H5P_DEFAULT);
        made.finish();
        const auto file = File::open(made.path());
        worker::Options options;
        options.program = "tieout-worker-h5";
        options.inheritedFd = file->descriptor();
        worker::Client client(options);
        const auto all = client.request({{"request", "list"}}).head, some = client.request({{"request", "list"}, {"links", 100}}).head;
        QCOMPARE(all.at("datasets").size(), std::size_t{1001});
        QVERIFY(all.at("problems").empty());
        QCOMPARE(some.at("datasets").size(), std::size_t{100});
        const auto told = some.at("problems").at(0).at("text").get<std::string>();
        QVERIFY2(told.find("at most 100 links") != std::string::npos, told.c_str());
    }
};

QTEST_GUILESS_MAIN(TestH5Limits)
#include "tst_h5limits.moc"
