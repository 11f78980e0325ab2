// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/session.h"
#include "modelbuilder.h"

#include <QTest>
#include <atomic>

using namespace core;

namespace {

std::shared_ptr<const Model> shared(Model model)
{
    return std::make_shared<const Model>(std::move(model));
}

Model torchNet(float seed = 0)
{
    return ModelBuilder(Framework::Torch, {2, 3, 4})
        .conv("0", 2, 3, 1, {}, {}, seed)
        .plain("1", "relu")
        .plain("2", "flatten")
        .linear("3", 36, 2)
        .model();
}

Model kerasNet()
{
    return ModelBuilder(Framework::Keras, {3, 4, 2})
        .conv("conv2d", 2, 3, 1, "relu")
        .plain("flatten", "flatten")
        .linear("dense", 36, 2)
        .model();
}

Model torchState()
{
    return ModelBuilder(Framework::Torch, {2, 3, 4}).conv("c", 2, 3, 1).linear("fc", 36, 2).stateDict();
}

/// Gives its input back for op 0; throws when told to.
class Echo : public engines::Engine
{
public:
    explicit Echo(bool fails) : m_model(ModelBuilder(Framework::Torch, {2}).plain("0", "relu").model()), m_fails(fails) {}
    const Model& model() const override { return m_model; }
    engines::Trace run(const engines::Feeds& feeds, const std::vector<Port>&, const Progress&) override
    {
        if (m_fails)
            throw Error("worker-died");
        engines::Trace trace;
        trace.values = {feeds.at(0), {}};
        return trace;
    }

private:
    Model m_model;
    bool m_fails;
};

}

class TestSession : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void slots_();
    void inputShapeFromTheTwin();
    void oneSideAlone();
    void stateDictBorrows();
    void stateDictOnTheRight();
    void twoStateDicts();
    void handMadeMappingIsKept();
    void parametersAreCompared();
    void editsReadNothingAgain();
    void preparedGuesses();
    void runsBoth();
    void failuresPassOn();
};

void TestSession::slots_()
{
    QVERIFY(session::swapsSides(kerasNet(), torchNet()));
    QVERIFY(!session::swapsSides(torchNet(), kerasNet()));
    QVERIFY(!session::swapsSides(kerasNet(), kerasNet()));
}

void TestSession::inputShapeFromTheTwin()
{
    Model left = torchNet();
    left.inputShape.reset();
    const session::Pair pair = session::makePair(shared(left), shared(kerasNet()));
    QCOMPARE(*pair.left->inputShape, (Shape{2, 3, 4}));
    QCOMPARE(pair.runLeft, pair.left);
    QCOMPARE(pair.mapping.links.size(), std::size_t{3});
    QCOMPARE(pair.mapping.links[2].parameters[0].rule, std::string("flatten-chw->hwc"));
}

void TestSession::oneSideAlone()
{
    const session::Pair pair = session::makePair(nullptr, shared(kerasNet()));
    QVERIFY(!pair.left && !pair.runLeft);
    QVERIFY(pair.runRight);
    QVERIFY(pair.mapping.links.empty());
    const session::Pair state = session::makePair(shared(torchState()), nullptr);
    QVERIFY(state.left && !state.runLeft);
    QVERIFY(!state.cannotRunLeft.empty());
}

void TestSession::stateDictBorrows()
{
    const session::Pair pair = session::makePair(shared(torchState()), shared(kerasNet()));
    QVERIFY(!pair.left->wired);
    QVERIFY(pair.runLeft && pair.runLeft->wired);
    QVERIFY(pair.cannotRunLeft.empty());
    QCOMPARE(pair.mapping.links.size(), std::size_t{3});
    QCOMPARE(pair.mapping.links[0].left, (std::vector<std::string>{"c", "conv2d/relu"}));
    QCOMPARE(pair.mapping.links[2].parameters[0].rule, std::string("flatten-chw->hwc")); // told by the borrowed wiring
    QCOMPARE(text(pair.left->parameter("fc.weight")->axes), std::string("o,flat(C,H,W)"));
    QVERIFY(mapping::unmappedLayers(pair.mapping, *pair.runLeft, true).empty());
}

void TestSession::stateDictOnTheRight()
{
    const session::Pair pair = session::makePair(shared(torchNet()), shared(torchState()));
    QVERIFY(pair.runRight && pair.runRight->wired);
    QCOMPARE(pair.mapping.links.size(), std::size_t{4}); // conv, relu, flatten, linear: no layer is fused here
    QCOMPARE(pair.mapping.links[3].parameters[0].rule, std::string("same"));
    QCOMPARE(pair.parameters.size(), std::size_t{4});
    for (const auto& parameter : pair.parameters)
        QVERIFY(parameter.equal);
}

void TestSession::twoStateDicts()
{
    const session::Pair pair = session::makePair(shared(torchState()), shared(torchState()));
    QVERIFY(!pair.runLeft && !pair.runRight);
    QVERIFY(!pair.cannotRunLeft.empty() && !pair.cannotRunRight.empty());
    QCOMPARE(pair.parameters.size(), std::size_t{4});
    QVERIFY(pair.parameters[0].equal);
}

void TestSession::handMadeMappingIsKept()
{
    const auto left = shared(torchNet()), right = shared(kerasNet());
    const session::Pair first = session::makePair(left, right);
    const mapping::Mapping edited = mapping::unlinked(first.mapping, *left, *right, "flatten", false);
    const session::Pair second = session::makePair(left, right, edited);
    QCOMPARE(second.mapping.links.size(), std::size_t{2});
    const session::Pair borrowed = session::makePair(shared(torchState()), right);
    const mapping::Mapping without = mapping::unlinked(borrowed.mapping, *borrowed.runLeft, *right, "flatten", false);
    const session::Pair again = session::makePair(borrowed.left, right, without);
    QCOMPARE(again.mapping.links.size(), std::size_t{2});
    QVERIFY(again.runLeft);
    const mapping::Mapping byHand =
        mapping::linked(borrowed.mapping, *borrowed.left, *right, "c", "conv2d"); // the file knows no activation
    QCOMPARE(byHand.links[0].left, std::vector<std::string>{"c"});
    const session::Pair relinked = session::makePair(borrowed.left, right, byHand);
    QCOMPARE(relinked.mapping.links[0].left, (std::vector<std::string>{"c", "conv2d/relu"}));
}

void TestSession::parametersAreCompared()
{
    const session::Pair pair = session::makePair(shared(torchNet()), shared(torchNet(5)));
    QCOMPARE(pair.parameters.size(), std::size_t{4});
    QCOMPARE(pair.parameters[0].maxAbs, std::optional(5.0));
    QVERIFY(!pair.parameters[0].equal);
    QCOMPARE(pair.mapping.links[0].parameters[0].equal, std::optional(false));
    QVERIFY(pair.parameters[2].equal);
    QCOMPARE(pair.mapping.links[3].parameters[0].equal, std::optional(true));
}

void TestSession::editsReadNothingAgain()
{
    const auto left = shared(torchNet()), right = shared(kerasNet());
    session::Pair pair = session::makePair(left, right);
    compare::KnownParameters known = *pair.known;
    QCOMPARE(known.size(), std::size_t{4});
    for (auto& [key, result] : known)
        result.maxAbs = 42;
    pair.known = std::make_shared<const compare::KnownParameters>(known);
    QCOMPARE(session::makePair(left, right, pair.mapping, &pair).parameters[0].maxAbs, std::optional(42.0));
    const auto reloaded = shared(*right);
    QVERIFY(session::makePair(left, reloaded, pair.mapping, &pair).parameters[0].maxAbs != std::optional(42.0));
}

void TestSession::preparedGuesses()
{
    Model model = ModelBuilder(Framework::Torch, {1, 28, 28}).conv("0", 1, 2, 5).plain("1", "flatten").linear("2", 1152, 3).model();
    model.inputShape.reset();
    QCOMPARE(*session::prepared(model)->inputShape, (Shape{1, 28, 28}));
    QCOMPARE(text(session::prepared(model)->parameter("2.weight")->axes), std::string("o,flat(C,H,W)"));
    const Shape other{1, 30, 30};
    QCOMPARE(*session::prepared(model, &other)->inputShape, other);
}

void TestSession::runsBoth()
{
    Echo left(false), right(false);
    const std::vector<float> a{1, 2}, b{3, 4};
    const std::string name = engines::inputsOf(left.model())[0].name;
    const session::PairInputs inputs{{{name, Tensor::fromFloats({1, 2}, a)}}, {{name, Tensor::fromFloats({1, 2}, b)}}};
    const session::Traces traces = session::runBoth(&left, &right, inputs);
    QCOMPARE(traces.left.values[0]->floats()[0], 1.0f);
    QCOMPARE(traces.right.values[0]->floats()[1], 4.0f);
    QVERIFY(session::runBoth(nullptr, &right, inputs).left.values.empty());
}

void TestSession::failuresPassOn()
{
    Echo good(false), bad(true);
    const std::vector<float> a{1, 2};
    const engines::Inputs input{{engines::inputsOf(good.model())[0].name, Tensor::fromFloats({1, 2}, a)}};
    QVERIFY_THROWS_EXCEPTION(Error, session::runBoth(&bad, &good, {input, input}));
    QVERIFY_THROWS_EXCEPTION(Error, session::runBoth(&good, &bad, {input, input}));
}

QTEST_GUILESS_MAIN(TestSession)
#include "tst_session.moc"
