// SPDX-License-Identifier: GPL-3.0-or-later
#include "bytes.h"

#include "core/formats/format.h"
#include "core/formats/zip/zipdirectory.h"
#include "core/formats/zip/zipwriter.h"

using bytes::End;
using bytes::Entry;
using bytes::errorOf;
using bytes::little;
using core::File;
using core::formats::ZipDirectory;
using namespace std::string_literals;

namespace {

const std::vector<Entry> two = {{"m/a", "hello"}, {"m/b", "world!"}};

std::string contents(const ZipDirectory& directory, const std::string& name)
{
    const auto* entry = directory.find(name);
    if (!entry)
        return "absent";
    const auto bytes = directory.contents(*entry, 1 << 20);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Entry with(Entry entry, const std::function<void(Entry&)>& change)
{
    change(entry);
    return entry;
}

/// A zip64 end record and locator; `position` is where the record will be.
std::string zip64End(std::uint64_t position, std::uint64_t entries, std::uint64_t size, std::uint64_t offset, std::uint64_t disk = 0)
{
    return "PK\6\6" + little(44, 8) + little(45, 2) + little(45, 2) + little(disk, 4) + little(disk, 4) + little(entries, 8) +
           little(entries, 8) + little(size, 8) + little(offset, 8) + "PK\6\7" + little(0, 4) + little(position, 8) + little(1, 4);
}

}

class TestZip : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void reads();
    void broken_data();
    void broken();
    void prefixSweep();
    void crc();
    void deflateBomb();
    void unsupportedMethod();
    void zip64();
    void writerRoundTrip();
    void writerManyEntries();
    void mutations();

private:
    QString path(const std::string& content)
    {
        const QString name = m_folder.filePath("test.zip");
        bytes::write(name, content);
        return name;
    }
    ZipDirectory directory(const std::string& content) { return ZipDirectory::read(File::open(path(content).toStdString())); }

    QTemporaryDir m_folder;
};

void TestZip::reads()
{
    const std::string long1(70'000, 'x');
    std::vector<Entry> entries = two;
    entries.push_back({.name = "m/deflated", .data = long1, .packed = bytes::deflated(long1), .method = 8, .size = long1.size()});
    entries.push_back({.name = "m/descriptor", .data = "later", .flags = 8, .sizesInLocal = false}); // Z12
    entries.push_back({.name = "m/padded", .data = "odd", .extra = "FB"s + little(7, 2) + "ZZZZZZZ"});
    entries.push_back({.name = "../../etc/passwd", .data = "1"}); // Z11: a name is only a name
    entries.push_back({.name = "m/nul\0l"s, .data = "2"});
    entries.push_back({.name = std::string(65'535, 'n'), .data = "3"});
    const ZipDirectory found = directory(bytes::zip(entries, End{.comment = "a comment"}));
    QCOMPARE(found.entries().size(), entries.size());
    for (const Entry& entry : entries)
        QCOMPARE(contents(found, entry.name), entry.data);
    QCOMPARE(contents(found, "m/c"), "absent"s);
}

void TestZip::broken_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QByteArray>("id");
    const auto row = [](const char* name, const std::string& content, const char* id) {
        QTest::newRow(name) << QByteArray::fromStdString(content) << QByteArray(id);
    };
    const std::string whole = bytes::zip(two);
    const std::size_t directorySize = 2 * (46 + 3), directoryOffset = whole.size() - 22 - directorySize;
    row("Z01 empty", "", "zip-cut");
    row("Z01 no end record", "PK\3\4 and nothing more", "zip-cut");
    row("Z01 bytes behind the end", whole + "x", "zip-cut");
    row("Z02 directory offset outside", bytes::zip(two, {.directoryOffset = 1'000'000}), "zip-outside");
    row("Z02 directory size outside", bytes::zip(two, {.directorySize = 1'000'000}), "zip-outside");
    row("Z02 directory ends too early", bytes::zip(two, {.directorySize = 49}), "zip-junk");
    row("Z02 entry outside", bytes::zip({with(two[0], [](Entry& e) { e.headerAt = 5000; })}), "zip-outside");
    row("Z02 entry longer than the file", bytes::zip({with(two[0], [](Entry& e) { e.headerAt = 20; })}), "zip-outside");
    row("Z03 zip64 locator outside", bytes::zip(two, {.before = zip64End(9'999'999, 2, directorySize, directoryOffset)}), "zip-outside");
    row("Z03 zip64 record missing", bytes::zip(two, {.before = zip64End(3, 2, directorySize, directoryOffset)}), "zip-cut");
    row("Z04 fewer entries than told", bytes::zip(two, {.entries = 3}), "zip-count");
    row("Z04 more entries than told", bytes::zip(two, {.entries = 1}), "zip-count");
    row("Z04 zip64 count differs", bytes::zip(two, {.before = zip64End(whole.size() - 22, 3, directorySize, directoryOffset)}),
        "zip-count");
    row("Z05 local name differs", bytes::zip({with(two[0], [](Entry& e) { e.localName = "m/x"; })}), "zip-name");
    row("Z05 local size differs", bytes::zip({two[0]}).replace(18, 4, little(4, 4)), "zip-size");
    row("Z05 local method differs", bytes::zip({two[0]}).replace(8, 2, little(8, 2)), "zip-local");
    row("Z05 no local header", bytes::zip({two[0]}).replace(0, 4, "JUNK"), "zip-local");
    row("Z06 a name twice", bytes::zip({two[0], two[0]}), "zip-name-twice");
    row("Z07 entries overlap", bytes::zip({two[0], with(two[0], [](Entry& e) { e.name = "m/c", e.localName = "m/a", e.headerAt = 0; })}),
        "zip-name");
    const std::string inner = "PK\3\4" + little(20, 2) + little(0, 8) + little(crc32_z(0, reinterpret_cast<const Bytef*>("x"), 1), 4) +
                              little(1, 4) + little(1, 4) + little(3, 2) + little(0, 2) + "m/qx";
    row("Z07 an entry within another (Fifield)", bytes::zip({{"m/a", inner}, {.name = "m/q", .data = "x", .headerAt = 33}}), "zip-overlap");
    row("Z09 encrypted", bytes::zip({with(two[0], [](Entry& e) { e.flags = 1; })}), "zip-encrypted");
    row("Z09 patched", bytes::zip({with(two[0], [](Entry& e) { e.flags = 0x20; })}), "zip-method");
    row("Z09 strongly encrypted", bytes::zip({with(two[0], [](Entry& e) { e.flags = 0x40; })}), "zip-encrypted");
    row("Z14 second disk", bytes::zip(two, {.disk = 1}), "zip-disks");
    row("Z14 entry on another disk", bytes::zip({with(two[0], [](Entry& e) { e.disk = 2; })}), "zip-disks");
    row("Z14 zip64 on another disk", bytes::zip(two, {.before = zip64End(whole.size() - 22, 2, directorySize, directoryOffset, 1)}),
        "zip-disks");
    row("Z15 junk before the archive", "junk" + whole, "zip-junk");
    row("Z15 an end record in the comment", bytes::zip(two, {.comment = "PK\5\6" + std::string(18, 0)}), "zip-ambiguous");
    row("zip64 field missing", bytes::zip({two[0]}).replace(bytes::zip({two[0]}).size() - 22 - 49 + 24, 4, "\xFF\xFF\xFF\xFF"),
        "zip-extra");
    row("zip64 field too short",
        bytes::zip({with(two[0], [](Entry& e) { e.centralExtra = little(1, 2) + little(4, 2) + little(5, 4); })})
            .replace(bytes::zip({two[0]}).size() - 22 - 49 + 24, 4, "\xFF\xFF\xFF\xFF"),
        "zip-extra");
    row("stored sizes differ", bytes::zip({with(two[0], [](Entry& e) { e.size = 6; })}), "zip-size");
    row("directory of something else", bytes::zip(two).replace(directoryOffset, 4, "JUNK"), "zip-directory");
    row("a directory name too long", bytes::zip(two).replace(directoryOffset + 49 + 28, 2, "\xFF\x7F"), "zip-directory");
}

void TestZip::broken()
{
    QFETCH(QByteArray, content);
    QFETCH(QByteArray, id);
    const std::string file = path(content.toStdString()).toStdString();
    std::string text;
    QCOMPARE(errorOf([&] { ZipDirectory::read(File::open(file)); }, &text), id.toStdString());
    QVERIFY2(text.find("test.zip: expected ") != text.npos && text.find(", found ") != text.npos, text.c_str());
}

/// Z01: cut at every byte.
void TestZip::prefixSweep()
{
    const std::string whole = bytes::zip(two);
    for (std::size_t length = 0; length < whole.size(); ++length) {
        const std::string id = errorOf([&] { directory(whole.substr(0, length)); });
        QVERIFY2(id == "zip-cut", fmt::format("{}: {}", length, id).c_str());
    }
}

/// Z10
void TestZip::crc()
{
    const ZipDirectory found = directory(bytes::zip({with(two[0], [](Entry& e) { e.crc = 1; }), two[1]}));
    bool matches = true;
    found.contents(*found.find("m/a"), 100, &matches);
    QVERIFY(!matches);
    found.contents(*found.find("m/b"), 100, &matches);
    QVERIFY(matches);
}

/// Z08: what is declared is checked before it is allocated, and what is inflated never exceeds it.
void TestZip::deflateBomb()
{
    const std::string zeros(10'000'000, '\0'), packed = bytes::deflated(zeros);
    QVERIFY(packed.size() < 20'000);
    const auto claiming = [&](std::uint64_t size) {
        return directory(bytes::zip({{.name = "m/a", .data = zeros, .packed = packed, .method = 8, .size = size}}));
    };
    const auto read = [](const ZipDirectory& found, std::uint64_t limit) {
        return errorOf([&] { found.contents(found.entries()[0], limit); });
    };
    QCOMPARE(read(claiming(zeros.size()), 1'000'000), "zip-large"s);
    QCOMPARE(read(claiming(zeros.size()), 20'000'000), ""s);
    QCOMPARE(read(claiming(1000), 20'000'000), "zip-deflate"s);
    QCOMPARE(read(claiming(zeros.size() + 1), 20'000'000), "zip-deflate"s);
    QCOMPARE(read(claiming(0xFFFFFFFE), std::uint64_t{1} << 40), "zip-deflate"s);
}

/// Z13
void TestZip::unsupportedMethod()
{
    for (const int method : {12, 14, 93, 99}) {
        const ZipDirectory found = directory(bytes::zip({with(two[0], [method](Entry& e) { e.method = method; })}));
        QCOMPARE(errorOf([&] { found.contents(found.entries()[0], 100); }), "zip-method"s);
    }
}

void TestZip::zip64()
{
    const std::string whole = bytes::zip(two);
    const std::size_t directorySize = 2 * (46 + 3), directoryOffset = whole.size() - 22 - directorySize;
    const End end{.entries = 0xFFFF,
                  .directorySize = 0xFFFFFFFF,
                  .directoryOffset = 0xFFFFFFFF,
                  .before = zip64End(whole.size() - 22, 2, directorySize, directoryOffset)};
    QCOMPARE(contents(directory(bytes::zip(two, end)), "m/b"), "world!"s);

    std::string field = bytes::zip({with(two[0], [](Entry& e) { e.centralExtra = little(1, 2) + little(8, 2) + little(5, 8); })});
    field.replace(field.size() - 22 - 49 - 12 + 24, 4, "\xFF\xFF\xFF\xFF");
    QCOMPARE(contents(directory(field), "m/a"), "hello"s);
}

void TestZip::writerRoundTrip()
{
    const std::string name = m_folder.filePath("written.zip").toStdString();
    core::AtomicFile file(name);
    core::formats::ZipWriter writer(file);
    for (const std::size_t length : {0u, 1u, 63u, 64u, 65u, 1000u})
        writer.add(fmt::format("archive/data/{}", length), std::string(length, 'x'));
    writer.finish();
    file.commit();
    const ZipDirectory found = ZipDirectory::read(File::open(name));
    QCOMPARE(found.entries().size(), std::size_t{6});
    for (const auto& entry : found.entries()) {
        bool matches = false;
        found.contents(entry, 1000, &matches);
        QVERIFY(matches);
        QCOMPARE(entry.offset % 64, std::uint64_t{0});
    }
}

/// More entries than sixteen bits can count: the end record is a zip64 one.
void TestZip::writerManyEntries()
{
    const std::string name = m_folder.filePath("many.zip").toStdString();
    core::AtomicFile file(name);
    core::formats::ZipWriter writer(file);
    for (int i = 0; i < 66'000; ++i)
        writer.add(fmt::format("{}", i), "");
    writer.finish();
    file.commit();
    QCOMPARE(ZipDirectory::read(File::open(name)).entries().size(), std::size_t{66'000});
}

/// Any byte changed: a directory or an Error, nothing else.
void TestZip::mutations()
{
    std::vector<Entry> entries = two;
    entries.push_back(
        {.name = "m/z", .data = std::string(500, 'z'), .packed = bytes::deflated(std::string(500, 'z')), .method = 8, .size = 500});
    const std::string whole = bytes::zip(entries);
    std::uint64_t state = 42;
    const auto next = [&state] { return (state = state * 6364136223846793005u + 1442695040888963407u) >> 33; };
    int read = 0;
    for (int round = 0; round < 3000; ++round) {
        std::string changed = whole;
        for (std::uint64_t i = 0; i <= next() % 3; ++i)
            changed[next() % changed.size()] = static_cast<char>(next());
        errorOf([&] {
            const ZipDirectory found = directory(changed);
            for (const auto& entry : found.entries())
                found.contents(entry, 10'000);
            ++read;
        });
    }
    QVERIFY2(read > 100 && read < 2900, fmt::format("{} of 3000 could be read", read).c_str());
}

QTEST_APPLESS_MAIN(TestZip)
#include "tst_zip.moc"
