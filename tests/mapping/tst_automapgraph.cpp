// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/mapping.h"
#include "modelbuilder.h"

#include <QTest>

#include <algorithm>
#include <ctime>

using namespace core;

namespace {

ModelBuilder torchNet(Shape input)
{
    return ModelBuilder(Framework::Torch, std::move(input));
}

ModelBuilder kerasNet(Shape input)
{
    return ModelBuilder(Framework::Keras, std::move(input));
}

/// Links and ambiguities as a set: their order follows the left file's.
std::string sorted(const mapping::Mapping& mapping)
{
    QStringList lines = QString::fromStdString(printed(mapping)).split('\n', Qt::SkipEmptyParts);
    for (QString& line : lines)
        for (const QString& sign : {QStringLiteral(" = "), QStringLiteral(" ? ")})
            if (QStringList sides = line.split(sign); sides.size() == 2) {
                for (QString& side : sides) {
                    QStringList names = side.split('+');
                    names.sort();
                    side = names.join('+');
                }
                line = sides.join(sign);
            }
    lines.sort();
    return lines.join('\n').toStdString();
}

/// x -> c1, c2, c3 beside a shortcut of c3's shape, added up; `first` tells which branch is listed first.
Model block(Framework framework, bool shortcutFirst, const std::vector<std::string>& n, float seed)
{
    const bool torch = framework == Framework::Torch;
    ModelBuilder net(framework, torch ? Shape{4, 8, 8} : Shape{8, 8, 4});
    net.conv(n[0], 4, 4, 1, {}, {}, seed);
    const auto path = [&] {
        net.from(n[0]).conv(n[1], 4, 4, 1, {}, {}, seed + 100).plain(n[2], "relu").conv(n[3], 4, 4, 1, {}, {}, seed + 200);
    };
    const auto shortcut = [&] { net.from(n[0]).conv(n[4], 4, 4, 1, {}, {}, seed + 300); };
    shortcutFirst ? shortcut() : path();
    shortcutFirst ? path() : shortcut();
    return net.merge(n[5], torch ? "add" : "Add", {n[4], n[3]}).linear(n[6], 4, 2).model();
}

/// Two stacks of equal shape over one input, joined in this order.
Model towers(Framework framework, const std::string& join, const std::vector<std::string>& n, float seed)
{
    ModelBuilder net(framework, {6});
    net.linear(n[0], 6, 6, {}, seed).plain(n[1], "relu").linear(n[2], 6, 6, {}, seed + 100);
    net.from("input").linear(n[3], 6, 6, {}, seed + 200).plain(n[4], "relu").linear(n[5], 6, 6, {}, seed + 300);
    return net.merge(n[6], join, {n[2], n[5]}).model();
}

Model heads(Framework framework, const std::vector<std::string>& n, float seed, std::int64_t second)
{
    return ModelBuilder(framework, {6})
        .linear(n[0], 6, 6, {}, seed)
        .plain(n[1], "relu")
        .linear(n[2], 6, 3, {}, seed + 100)
        .from(n[1])
        .linear(n[3], 6, second, {}, seed + 200)
        .outputs({n[2], n[3]})
        .model();
}

}

/// Mapping of graphs with branches: what pairs them, and that listing them otherwise changes nothing.
class TestAutoMapGraph : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void graphs_data();
    void graphs();
    void layerCalledTwice();
    void thousandsOfLayers_data();
    void thousandsOfLayers();
    void flattensOfDifferentSizes();
    void cancelled();
};

void TestAutoMapGraph::graphs_data()
{
    QTest::addColumn<Model>("left");
    QTest::addColumn<Model>("right");
    QTest::addColumn<std::string>("expected");

    const std::vector<std::string> own{"a", "b", "c", "d", "e", "f", "g"}, theirs{"u", "v", "w", "x", "y", "z", "out"};
    const std::string block1 = "a = u\nb = v\nc = w\nd = x\ne = y\nf = z\ng = out";
    QTest::newRow("a shortcut is not the last convolution")
        << block(Framework::Torch, false, own, 1000) << block(Framework::Keras, false, theirs, 5000) << block1;
    QTest::newRow("a shortcut that is listed first")
        << block(Framework::Torch, true, own, 1000) << block(Framework::Keras, false, theirs, 5000) << block1;
    QTest::newRow("towers that nothing tells apart")
        << towers(Framework::Torch, "add", own, 1000) << towers(Framework::Keras, "Add", theirs, 5000)
        << std::string("a+c+d+f ? u+w+x+z\ng = out");
    QTest::newRow("towers in the order in which they are joined")
        << towers(Framework::Torch, "cat", own, 1000) << towers(Framework::Keras, "Concatenate", theirs, 5000)
        << std::string("a = u\nb = v\nc = w\nd = x\ne = y\nf = z\ng = out");
    QTest::newRow("towers told apart by one name") << towers(Framework::Torch, "add", {"a", "b", "c", "d", "e", "text.out", "g"}, 1000)
                                                   << towers(Framework::Keras, "Add", {"u", "v", "text_out", "x", "y", "z", "out"}, 5000)
                                                   << std::string("a = x\nb = y\nc = z\nd = u\ne = v\ng = out\ntext.out = text_out");
    QTest::newRow("towers told apart by values")
        << towers(Framework::Torch, "add", own, 1000)
        << withValues(towers(Framework::Keras, "Add", theirs, 5000), "z/bias:0", {1100, 1101, 1102, 1103, 1104, 1105})
        << std::string("a = x\nb = y\nc = z\nd = u\ne = v\nf = w\ng = out");
    QTest::newRow("heads of other sizes") << heads(Framework::Torch, own, 1000, 4) << heads(Framework::Keras, theirs, 5000, 4)
                                          << std::string("a = u\nb = v\nc = w\nd = x");
    QTest::newRow("heads of one size") << heads(Framework::Torch, own, 1000, 3) << heads(Framework::Keras, theirs, 5000, 3)
                                       << std::string("a = u\nb = v\nc+d ? w+x");
    QTest::newRow("heads of one size with crossing names")
        << heads(Framework::Torch, {"a", "b", "mean", "spread", ""}, 1000, 3)
        << heads(Framework::Keras, {"u", "v", "Spread", "Mean", ""}, 5000, 3) << std::string("a = u\nb = v\nmean = Mean\nspread = Spread");
    QTest::newRow("names before order") << torchNet({4}).linear("first", 4, 4, {}, 100).linear("second", 4, 4, {}, 200).model()
                                        << kerasNet({4}).linear("second", 4, 4, {}, 300).linear("first", 4, 4, {}, 400).model()
                                        << std::string("first = first\nsecond = second");
    QTest::newRow("values before names") << torchNet({4}).linear("first", 4, 4, {}, 100).linear("second", 4, 4, {}, 200).model()
                                         << kerasNet({4}).linear("second", 4, 4, {}, 100).linear("first", 4, 4, {}, 200).model()
                                         << std::string("first = second\nsecond = first");
    QTest::newRow("counted names do not beat the wiring")
        << kerasNet({4}).linear("dense", 4, 4, {}, 100).linear("dense_1", 4, 4, {}, 200).model()
        << kerasNet({4}).linear("dense_1", 4, 4, {}, 300).linear("dense_2", 4, 4, {}, 400).model()
        << std::string("dense = dense_1\ndense_1 = dense_2");
    QTest::newRow("an operator that cannot run is a step too")
        << torchNet({4}).linear("a", 4, 4, {}, 100).unknown("b", "gelu").linear("c", 4, 4, {}, 200).model()
        << kerasNet({4}).linear("u", 4, 4, {}, 300).unknown("v", "GELU").linear("w", 4, 4, {}, 400).model()
        << std::string("a = u\nb = v\nc = w");
    QTest::newRow("state dicts: names of the norms")
        << torchNet({4, 8, 8}).batchNorm("bn1", 4).batchNorm("bn2", 4).stateDict()
        << kerasNet({8, 8, 4}).batchNorm("bn_2", 4).batchNorm("bn_1", 4).stateDict() << std::string("bn1 = bn_1\nbn2 = bn_2");
    QTest::newRow("state dicts: the same counted names")
        << torchNet({4}).linear("0", 4, 4, {}, 100).linear("2", 4, 4, {}, 200).stateDict()
        << torchNet({4}).linear("2", 4, 4, {}, 300).linear("0", 4, 4, {}, 400).stateDict() << std::string("0 = 0\n2 = 2");
    QTest::newRow("a state dict in the order of another file")
        << torchNet({4}).linear("l.0", 4, 4, {}, 100).linear("l.1", 4, 4, {}, 200).stateDict()
        << kerasNet({4}).linear("dense", 4, 4, {}, 300).linear("dense_1", 4, 4, {}, 400).model() << std::string("l.0+l.1 ? dense+dense_1");
    QTest::newRow("a prefix that one side has throughout")
        << torchNet({4}).linear("module.a", 4, 4, {}, 100).linear("module.b", 4, 4, {}, 200).stateDict()
        << kerasNet({4}).linear("b", 4, 4, {}, 300).linear("a", 4, 4, {}, 400).model() << std::string("module.a = a\nmodule.b = b");
    QTest::newRow("zeros are no values") << withValues(torchNet({2}).linear("p", 2, 2, {}, 9).linear("q", 2, 2, {}, 99).stateDict(),
                                                       "q.bias", {0, 0})
                                         << withValues(kerasNet({2}).linear("u", 2, 2, {}, 999).linear("v", 2, 2, {}, 9999).model(),
                                                       "u/bias:0", {0, 0})
                                         << std::string("p+q ? u+v");
}

void TestAutoMapGraph::graphs()
{
    QFETCH(Model, left);
    QFETCH(Model, right);
    QFETCH(std::string, expected);
    QCOMPARE(sorted(mapping::autoMap(left, right)), expected);
    for (unsigned seed = 1; seed <= 20; ++seed)
        QCOMPARE(sorted(mapping::autoMap(shuffled(left, seed), shuffled(right, seed + 100))), expected);
}

void TestAutoMapGraph::layerCalledTwice()
{
    const auto twice = [](ModelBuilder net) {
        Model model = net.linear("a", 4, 4).plain("b", "relu").unknown("c", "Linear").model();
        model.ops[3] = model.ops[1];
        model.ops[3].inputs = {2};
        model.ops[1].name = "a:call1";
        std::erase_if(model.layers, [](const Layer& layer) { return layer.name == "c"; });
        return model;
    };
    const mapping::Mapping mapping = mapping::autoMap(twice(torchNet({4})), twice(kerasNet({4})));
    QCOMPARE(printed(mapping), std::string("a:call1+a = a:call1+a\nb = b\n"));
    QCOMPARE(mapping.links[0].parameters.size(), std::size_t{2});
}

void TestAutoMapGraph::thousandsOfLayers_data()
{
    QTest::addColumn<int>("count");
    QTest::addColumn<int>("others");
    QTest::addColumn<std::size_t>("links");
    QTest::addColumn<std::size_t>("ambiguous");
    QTest::newRow("as many on both sides") << 12500 << 12500 << std::size_t{12500} << std::size_t{0};
    QTest::newRow("one more on one side") << 3001 << 3000 << std::size_t{0} << std::size_t{1};
}

void TestAutoMapGraph::thousandsOfLayers()
{
    QFETCH(int, count);
    QFETCH(int, others);
    const auto chain = [](ModelBuilder net, const char* prefix, int length) {
        for (int i = 0; i < length; ++i)
            net.unknown(prefix + std::to_string(i), "Mystery");
        Model model = net.model();
        for (int i = 0; i < length; ++i) {
            Op& op = model.ops[static_cast<std::size_t>(i) + 1];
            op.kind = "linear";
            op.attributes = {{"units", std::int64_t{1}}, {"bias", false}};
            model.layers[static_cast<std::size_t>(i)].kind = "Linear";
            Parameter kernel;
            kernel.name = op.name + ".kernel";
            kernel.layer = op.layer;
            kernel.role = "kernel";
            kernel.source = sourceOf({1, 1}, {static_cast<float>(i)});
            op.parameters = {{"kernel", kernel.name}};
            model.parameters.push_back(std::move(kernel));
        }
        model.indexNames();
        return model;
    };
    const Model left = chain(torchNet({1}), "a", count), right = chain(kerasNet({1}), "dense_", others);
    const std::clock_t begin = std::clock();
    const mapping::Mapping mapping = mapping::autoMap(left, right, false);
    const auto seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC; // of the processor: the machine may be busy
    QVERIFY2(seconds < 20, qPrintable(QString::number(seconds)));
    QTEST(mapping.ambiguous.size(), "ambiguous");
    QTEST(mapping.links.size(), "links");
}

/// A flatten that leaves its value as it is, and one of what was picked before: a name and a kind make no layer of both.
void TestAutoMapGraph::flattensOfDifferentSizes()
{
    const Model left = torchNet({2, 4, 4})
                           .plain("flatten", "flatten", {{"start", std::int64_t{2}}, {"end", std::int64_t{-1}}})
                           .unknown("pick", "Pick")
                           .linear("fc", 8, 2)
                           .model();
    const Model right = kerasNet({4, 4, 2}).pool("pool", "avgpool2d", 2).plain("flatten", "flatten").linear("fc", 8, 2).model();
    QCOMPARE(sorted(mapping::autoMap(left, right, true)), std::string("fc = fc"));
}

void TestAutoMapGraph::cancelled()
{
    const Model model = torchNet({4}).linear("a", 4, 4).linear("b", 4, 4).model();
    const Progress progress;
    progress.cancel();
    QVERIFY_THROWS_EXCEPTION(Cancelled, mapping::autoMap(model, model, true, progress));
}

QTEST_GUILESS_MAIN(TestAutoMapGraph)
#include "tst_automapgraph.moc"
