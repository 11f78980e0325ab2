// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/json/json.h"
#include "core/mapping/mapping.h"
#include "modelbuilder.h"

#include <QTest>

using namespace core;

class TestSavedMapping : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void roundTrip();
    void oneSidedParameters();
    void otherFileIsRefused();
    void otherNamesAreRefused();
    void anywayKeepsWhatFits();
    void malformed_data();
    void malformed();

private:
    std::string errorOf(const Json& json, bool anyway = false) const;
    Model left, right;
    Json saved;
    mapping::Mapping mapping;
};

void TestSavedMapping::init()
{
    left = ModelBuilder(Framework::Torch, {6}).linear("0", 6, 5).plain("1", "tanh").linear("2", 5, 5).linear("3", 5, 5, {}, 7).model();
    right = ModelBuilder(Framework::Keras, {6}).linear("a", 6, 5, "tanh").linear("b", 5, 5, {}, 9).model();
    left.origin.sha256 = "aa";
    right.origin.sha256 = "bb";
    mapping = mapping::autoMap(left, right);
    QCOMPARE(mapping.ambiguous.size(), std::size_t{1});
    saved = mapping::toJson(mapping, left, right);
}

std::string TestSavedMapping::errorOf(const Json& json, bool anyway) const
{
    try {
        mapping::fromJson(json, left, right, anyway, "map.json");
    } catch (const Error& error) {
        return error.id();
    }
    return {};
}

void TestSavedMapping::roundTrip()
{
    QCOMPARE(saved["schema"].get<std::string>(), std::string("tieout.map/1"));
    QCOMPARE(saved["links"][0]["left"].get<std::vector<std::string>>(), (std::vector<std::string>{"0", "1"}));
    QCOMPARE(saved["links"][0]["right"].get<std::vector<std::string>>(), std::vector<std::string>{"a"});
    QCOMPARE(saved["left"]["sha256"].get<std::string>(), std::string("aa"));
    QCOMPARE(mapping::fromJson(parseJson(dumpJson(saved), "map.json"), left, right, false, "map.json"), mapping);
}

void TestSavedMapping::oneSidedParameters() // a bias that only one side has
{
    const Model bare = ModelBuilder(Framework::Torch, {1, 4, 4}).conv("0", 1, 2, 3, {}, {}, 0, false).model();
    const Model full = ModelBuilder(Framework::Keras, {4, 4, 1}).conv("conv", 1, 2, 3).model();
    const mapping::Mapping made = mapping::autoMap(bare, full);
    QCOMPARE(made.links.at(0).parameters.size(), std::size_t{2});
    QCOMPARE(mapping::fromJson(mapping::toJson(made, bare, full), bare, full, false, "map.json"), made);
}

void TestSavedMapping::otherFileIsRefused()
{
    left.origin.sha256 = "cc";
    QCOMPARE(errorOf(saved), std::string("map-other-files"));
    QCOMPARE(errorOf(saved, true), std::string());
}

void TestSavedMapping::otherNamesAreRefused()
{
    left.origin.sha256.clear();
    left.ops[1].name = "renamed";
    QCOMPARE(errorOf(saved), std::string("map-other-files"));
}

void TestSavedMapping::anywayKeepsWhatFits()
{
    left.ops[1].name = "renamed";
    const mapping::Mapping found = mapping::fromJson(saved, left, right, true, "map.json");
    QCOMPARE(found.links[0].left, std::vector<std::string>{"1"});
}

void TestSavedMapping::malformed_data()
{
    QTest::addColumn<std::string>("path");
    QTest::addColumn<std::string>("value");
    QTest::newRow("schema") << std::string("/schema") << std::string("\"tieout.info/1\"");
    QTest::newRow("links") << std::string("/links") << std::string("[7]");
    QTest::newRow("ops") << std::string("/links/0/ops/left") << std::string("[1]");
    QTest::newRow("no ops") << std::string("/links/0/ops/left") << std::string("[]");
    QTest::newRow("confidence") << std::string("/links/0/confidence") << std::string("2");
    QTest::newRow("parameters") << std::string("/links/0/parameters/0/rule") << std::string("null");
    QTest::newRow("file") << std::string("/left") << std::string("[]");
}

void TestSavedMapping::malformed()
{
    QFETCH(std::string, path);
    QFETCH(std::string, value);
    saved[Json::json_pointer(path)] = parseJson(value, "test");
    QCOMPARE(errorOf(saved), std::string("map-malformed"));
}

QTEST_GUILESS_MAIN(TestSavedMapping)
#include "tst_savedmapping.moc"
