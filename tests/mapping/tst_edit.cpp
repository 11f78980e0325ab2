// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/mapping.h"
#include "modelbuilder.h"

#include <QTest>

using namespace core;

class TestEdit : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void linksByHand();
    void fusedActivationJoins();
    void collidingLinksGo();
    void linkSettlesAnAmbiguity();
    void unlinks();
    void impossible_data();
    void impossible();
    void differingSettingsAreAllowed();
    void danglingNamesAreLayers();

private:
    Model left, right;
    mapping::Mapping automatic;
};

void TestEdit::init()
{
    left = ModelBuilder(Framework::Torch, {6})
               .linear("0", 6, 6)
               .plain("1", "tanh")
               .linear("2", 6, 6, {}, 50)
               .plain("3", "tanh")
               .linear("4", 6, 3)
               .model();
    right = ModelBuilder(Framework::Keras, {6}).linear("a", 6, 6, "tanh").linear("b", 6, 6, "tanh").linear("c", 6, 3).model();
    automatic = mapping::autoMap(left, right);
    QCOMPARE(automatic.links.size(), std::size_t{3});
}

void TestEdit::linksByHand()
{
    const mapping::Mapping edited = mapping::linked({}, left, right, "4", "c");
    QCOMPARE(edited.links.size(), std::size_t{1});
    QCOMPARE(edited.links[0].left, std::vector<std::string>{"4"});
    QCOMPARE(edited.links[0].origin, mapping::LinkOrigin::Manual);
    QCOMPARE(edited.links[0].confidence, 1.0);
    QCOMPARE(edited.links[0].parameters[0].rule, std::string("transpose"));
}

void TestEdit::fusedActivationJoins()
{
    const mapping::Mapping edited = mapping::linked({}, left, right, "0", "a");
    QCOMPARE(edited.links[0].left, (std::vector<std::string>{"0", "1"}));
    QCOMPARE(edited.links[0].right, (std::vector<std::string>{"a:linear", "a"}));
}

void TestEdit::collidingLinksGo()
{
    const mapping::Mapping edited = mapping::linked(automatic, left, right, "2", "a");
    QCOMPARE(edited.links.size(), std::size_t{2});
    QCOMPARE(edited.links[0].left, (std::vector<std::string>{"2", "3"}));
    QCOMPARE(edited.links[0].right, (std::vector<std::string>{"a:linear", "a"}));
    QCOMPARE(edited.links[1].left, std::vector<std::string>{"4"});
    QCOMPARE(automatic.links.size(), std::size_t{3}); // an edit is a new value
}

void TestEdit::linkSettlesAnAmbiguity()
{
    const Model two = ModelBuilder(Framework::Torch, {6}).linear("0", 6, 6).linear("1", 6, 6, {}, 50).model();
    const Model one = ModelBuilder(Framework::Keras, {6}).linear("a", 6, 6, {}, 90).model();
    const mapping::Mapping open = mapping::autoMap(two, one);
    QCOMPARE(open.ambiguous.size(), std::size_t{1});
    const mapping::Mapping settled = mapping::linked(open, two, one, "1", "a");
    QVERIFY(settled.ambiguous.empty());
    QCOMPARE(settled.links.size(), std::size_t{1});
}

void TestEdit::unlinks()
{
    const mapping::Mapping byLeft = mapping::unlinked(automatic, left, right, "1", true); // the activation of the first link
    QCOMPARE(byLeft.links.size(), std::size_t{2});
    QVERIFY(!mapping::linkOfLayer(byLeft, left, "0", true));
    const mapping::Mapping byRight = mapping::unlinked(automatic, left, right, "c", false);
    QCOMPARE(byRight.links.size(), std::size_t{2});
    QVERIFY(mapping::linkOfLayer(byRight, left, "0", true));
    QCOMPARE(mapping::unmappedLayers(byRight, left, true), std::vector<std::string>{"4"});
}

void TestEdit::impossible_data()
{
    QTest::addColumn<std::string>("leftLayer");
    QTest::addColumn<std::string>("rightLayer");
    QTest::addColumn<std::string>("id");
    QTest::newRow("shapes") << std::string("0") << std::string("c") << std::string("shapes-disagree");
    QTest::newRow("shapes, though the activations agree") << std::string("4") << std::string("a") << std::string("shapes-disagree");
    QTest::newRow("no such layer") << std::string("0") << std::string("z") << std::string("no-such-layer");
    QTest::newRow("kinds") << std::string("1") << std::string("c") << std::string("kinds-differ");
    QTest::newRow("possible") << std::string("0") << std::string("b") << std::string();
    QTest::newRow("an activation with a fused one") << std::string("1") << std::string("b") << std::string();
}

void TestEdit::impossible()
{
    QFETCH(std::string, leftLayer);
    QFETCH(std::string, rightLayer);
    QFETCH(std::string, id);
    const auto obstacle = mapping::impossible(left, right, leftLayer, rightLayer);
    QCOMPARE(obstacle ? obstacle->id : std::string(), id);
    if (id.empty()) {
        QVERIFY(!mapping::linked({}, left, right, leftLayer, rightLayer).links.empty());
        return;
    }
    QVERIFY(!obstacle->text.empty());
    QVERIFY_THROWS_EXCEPTION(Error, mapping::linked({}, left, right, leftLayer, rightLayer));
}

void TestEdit::differingSettingsAreAllowed()
{
    const Model a = ModelBuilder(Framework::Torch, {1, 9, 9}).conv("0", 1, 2, 3, {}, {{"stride", Ints{2, 2}}}).model();
    const Model b = ModelBuilder(Framework::Keras, {9, 9, 1}).conv("conv2d", 1, 2, 3).model();
    QVERIFY(!mapping::impossible(a, b, "0", "conv2d"));
    const mapping::Mapping edited = mapping::linked({}, a, b, "0", "conv2d");
    QCOMPARE(edited.links[0].reasons.front().id, std::string("settings-differ"));
}

void TestEdit::danglingNamesAreLayers()
{
    QCOMPARE(mapping::layerNames(left, {"gone:linear", "gone", "0"}), (std::vector<std::string>{"gone", "0"}));
}

QTEST_GUILESS_MAIN(TestEdit)
#include "tst_edit.moc"
