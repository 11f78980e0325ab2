// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/convert/convert.h"
#include "core/session/session.h"
#include "modelbuilder.h"

#include <QTest>
#include <cstring>

using namespace core;
using formats::kerasH5Writer;
using formats::stateDictWriter;

namespace {

std::shared_ptr<const Model> shared(Model model)
{
    return std::make_shared<const Model>(std::move(model));
}

session::Pair makePair(const Model& left, const Model& right)
{
    return session::makePair(shared(left), shared(right));
}

Model torchNet(double epsilon = 1e-3)
{
    return ModelBuilder(Framework::Torch, {2, 1, 2}).batchNorm("0", 2, epsilon).plain("1", "flatten").linear("2", 4, 1).model();
}

Model kerasNet(double epsilon = 1e-3)
{
    return ModelBuilder(Framework::Keras, {1, 2, 2}).batchNorm("bn", 2, epsilon).plain("flatten", "flatten").linear("dense", 4, 1).model();
}

std::vector<float> floatsOf(const formats::NamedTensors& tensors, const std::string& name)
{
    for (const auto& [candidate, tensor] : tensors)
        if (candidate == name)
            return {tensor.floats().begin(), tensor.floats().end()};
    return {};
}

bool warns(const convert::Plan& plan, const std::string& id)
{
    return std::any_of(plan.warnings.begin(), plan.warnings.end(), [&](const Message& warning) { return warning.id == id; });
}

std::string errorOf(const std::function<void()>& action)
{
    try {
        action();
    } catch (const Error& error) {
        return error.id();
    }
    return {};
}

}

class TestConvert : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void toKeras();
    void toTorch();
    void rowsCoverEveryLayer();
    void settingsThatDifferAreWarnings();
    void missingMate();
    void ambiguousMate();
    void whatIsAskedComesFirst();
    void orderThatOneFileDoesNotTell();
    void unreadable();
    void wrongKind();
    void rounding();
    void neverOverASource();
};

void TestConvert::toKeras()
{
    const session::Pair pair = makePair(torchNet(), kerasNet());
    const convert::Plan plan = convert::plan(pair.left, pair.right, pair.mapping, true, kerasH5Writer);
    QVERIFY(plan.warnings.empty());
    const formats::NamedTensors tensors = convert::convertedTensors(plan);
    QCOMPARE(tensors.size(), std::size_t{6});
    QCOMPARE(tensors[0].first, std::string("bn/gamma:0"));
    // [o=1, flat(C=2, H=1, W=2)] = c0w0 c0w1 c1w0 c1w1 becomes w0c0 w0c1 w1c0 w1c1
    QCOMPARE(floatsOf(tensors, "dense/kernel:0"), (std::vector<float>{0, 2, 1, 3}));
    QCOMPARE(floatsOf(tensors, "bn/moving_variance:0"), (std::vector<float>{4, 5}));
}

void TestConvert::toTorch()
{
    const session::Pair pair = makePair(torchNet(), kerasNet());
    const convert::Plan plan = convert::plan(pair.right, pair.left, pair.mapping, false, stateDictWriter);
    QVERIFY(warns(plan, "kept")); // num_batches_tracked
    QCOMPARE(plan.warnings.size(), std::size_t{1});
    const formats::NamedTensors tensors = convert::convertedTensors(plan);
    QCOMPARE(tensors.size(), std::size_t{7});
    QCOMPARE(floatsOf(tensors, "2.weight"), (std::vector<float>{0, 2, 1, 3})); // its own inverse for two by two
    QCOMPARE(floatsOf(tensors, "0.num_batches_tracked"), std::vector<float>{7});
}

void TestConvert::rowsCoverEveryLayer()
{
    const session::Pair pair = makePair(torchNet(), kerasNet());
    const convert::Plan plan = convert::plan(pair.left, pair.right, pair.mapping, true, kerasH5Writer);
    std::vector<std::string> rows;
    for (const convert::Change& change : plan.changes)
        rows.push_back(change.toLayers.front() + " " + change.rule);
    QCOMPARE(rows,
             (std::vector<std::string>{"bn same", "bn same", "bn same", "bn same", "flatten ", "dense flatten-chw->hwc", "dense same"}));
    QCOMPARE(plan.changes[5].fromShapes, std::vector<Shape>{(Shape{1, 4})});
    QCOMPARE(plan.changes[5].toShapes, std::vector<Shape>{(Shape{4, 1})});
    QCOMPARE(plan.changes[5].bytes, std::uint64_t{16});
}

void TestConvert::settingsThatDifferAreWarnings()
{
    const session::Pair pair = makePair(torchNet(1e-5), kerasNet());
    const convert::Plan plan = convert::plan(pair.left, pair.right, pair.mapping, true, kerasH5Writer);
    QCOMPARE(plan.warnings.size(), std::size_t{1});
    QCOMPARE(plan.warnings[0].id, std::string("settings-differ"));
    QCOMPARE(plan.warnings[0].arguments[0], std::string("bn"));
}

void TestConvert::missingMate()
{
    const session::Pair pair = makePair(torchNet(), kerasNet());
    const mapping::Mapping mapping = mapping::unlinked(pair.mapping, *pair.left, *pair.right, "dense", false);
    QCOMPARE(errorOf([&] { convert::plan(pair.left, pair.right, mapping, true, kerasH5Writer); }), std::string("convert-missing"));
}

void TestConvert::ambiguousMate()
{
    const session::Pair pair = makePair(ModelBuilder(Framework::Torch, {4}).linear("p", 4, 4, {}, 10).linear("q", 4, 4, {}, 50).stateDict(),
                                        ModelBuilder(Framework::Keras, {4}).linear("a", 4, 4, {}, 90).linear("b", 4, 4, {}, 500).model());
    try {
        convert::plan(pair.left, pair.right, pair.mapping, true, kerasH5Writer);
        QFAIL("a guess was converted");
    } catch (const Error& error) {
        QVERIFY2(std::string(error.what()).find("a fits several layers equally well: p, q") != std::string::npos, error.what());
    }
}

/// A state dict tells the order of a normalization before its layers no more than that of what is open: but that follows once they are
/// linked.
void TestConvert::whatIsAskedComesFirst()
{
    const Model state =
        ModelBuilder(Framework::Torch, {4}).batchNorm("n", 4).linear("p", 4, 4, {}, 10).linear("q", 4, 4, {}, 50).stateDict();
    const Model twin =
        withValues(ModelBuilder(Framework::Keras, {4}).batchNorm("m", 4).linear("a", 4, 4, {}, 90).linear("b", 4, 4, {}, 500).model(),
                   "m/gamma:0", {9, 8, 7, 6});
    const session::Pair pair = makePair(state, twin);
    try {
        convert::plan(pair.left, pair.right, pair.mapping, true, kerasH5Writer);
        QFAIL("a guess was converted");
    } catch (const Error& error) {
        QVERIFY2(std::string(error.what()).find("a fits several layers equally well: p, q") != std::string::npos, error.what());
    }
    const mapping::Mapping byHand =
        mapping::linked(mapping::linked(pair.mapping, *pair.left, *pair.right, "p", "a"), *pair.left, *pair.right, "q", "b");
    const session::Pair linked = session::makePair(pair.openedLeft, pair.openedRight, byHand);
    QCOMPARE(convert::plan(linked.left, linked.right, linked.mapping, true, kerasH5Writer).changes.size(), std::size_t{8});
}

/// Behind a layer of one file that Tieout cannot follow: values that were moved tell the order, values that are equal as stored do not.
void TestConvert::orderThatOneFileDoesNotTell()
{
    const Model torch = ModelBuilder(Framework::Torch, {2, 1, 2}).conv("conv", 2, 2, 1).plain("flat", "flatten").linear("fc", 4, 1).model();
    const Model keras = ModelBuilder(Framework::Keras, {1, 2, 2})
                            .conv("conv", 2, 2, 1)
                            .unknown("x", "X")
                            .plain("flat", "flatten")
                            .linear("fc", 4, 1)
                            .model();
    const session::Pair stored = makePair(torch, keras);
    const auto convertStored = [&] { convert::plan(stored.left, stored.right, stored.mapping, true, kerasH5Writer); };
    QCOMPARE(errorOf(convertStored), std::string("convert-order-unknown"));
    const auto kernel = std::find_if(stored.parameters.begin(), stored.parameters.end(),
                                     [](const auto& one) { return one.link.left == std::vector<std::string>{"fc.weight"}; });
    QVERIFY(kernel != stored.parameters.end());
    QVERIFY(!kernel->link.equal && !kernel->equal && !kernel->scaledMax);
    QCOMPARE(kernel->problem, std::string("equal as stored, but in which order fc takes its features is not told"));
    const auto link = std::find_if(stored.mapping.links.begin(), stored.mapping.links.end(),
                                   [](const mapping::Link& one) { return one.left == std::vector<std::string>{"fc"}; });
    QVERIFY(link != stored.mapping.links.end() && hasReason(*link, "order-unknown") && !hasReason(*link, "same-values"));

    const session::Pair moved = makePair(torch, withValues(keras, "fc/kernel:0", {0, 2, 1, 3}));
    const convert::Plan plan = convert::plan(moved.left, moved.right, moved.mapping, true, kerasH5Writer);
    QVERIFY(warns(plan, "values-settle-order"));
    QCOMPARE(floatsOf(convert::convertedTensors(plan), "fc/kernel:0"), (std::vector<float>{0, 2, 1, 3}));
}

void TestConvert::unreadable()
{
    Model left = torchNet();
    left.parameters.back().problem = "its bytes are missing";
    const session::Pair pair = makePair(left, kerasNet());
    QCOMPARE(std::count_if(pair.parameters.begin(), pair.parameters.end(), [](const auto& one) { return !one.link.equal; }),
             std::ptrdiff_t{1});
    const convert::Plan plan = convert::plan(pair.left, pair.right, pair.mapping, true, kerasH5Writer);
    QCOMPARE(errorOf([&] { convert::convertedTensors(plan); }), std::string("convert-unreadable"));
}

void TestConvert::wrongKind()
{
    const session::Pair pair = makePair(torchNet(), kerasNet());
    QCOMPARE(errorOf([&] { convert::plan(pair.left, pair.right, pair.mapping, true, stateDictWriter); }), std::string("convert-kind"));
    QCOMPARE(errorOf([&] { convert::plan(pair.right, pair.left, pair.mapping, false, kerasH5Writer); }), std::string("convert-kind"));
}

void TestConvert::rounding()
{
    Model left = ModelBuilder(Framework::Torch, {2}).linear("0", 2, 1).model();
    const double values[] = {0.1, 0.2};
    auto bytes = std::make_shared<std::vector<std::byte>>(sizeof values);
    std::memcpy(bytes->data(), values, sizeof values);
    left.parameters[0].source = {DType::Float64, {1, 2}, SharedBytes(bytes)};
    const session::Pair pair = makePair(left, ModelBuilder(Framework::Keras, {2}).linear("dense", 2, 1).model());
    const convert::Plan plan = convert::plan(pair.left, pair.right, pair.mapping, true, kerasH5Writer);
    QVERIFY(warns(plan, "rounding"));
    QCOMPARE(floatsOf(convert::convertedTensors(plan), "dense/kernel:0"), (std::vector<float>{0.1f, 0.2f}));
}

void TestConvert::neverOverASource()
{
    const session::Pair pair = makePair(torchNet(), kerasNet());
    const convert::Plan plan = convert::plan(pair.left, pair.right, pair.mapping, true, kerasH5Writer);
    QCOMPARE(errorOf([&] { convert::convert(plan, "left.pt", {}); }), std::string("convert-same-file"));
    QCOMPARE(errorOf([&] { convert::convert(plan, "right.h5", {}); }), std::string("convert-same-file"));
}

QTEST_GUILESS_MAIN(TestConvert)
#include "tst_convert.moc"
