// SPDX-License-Identifier: GPL-3.0-or-later
// Parameters that one side lacks and computes as if they had their neutral values.
#include "core/convert/convert.h"
#include "core/rules/rules.h"
#include "core/session/session.h"
#include "modelbuilder.h"

#include <QTest>

using namespace core;
using formats::kerasH5Writer;
using formats::stateDictWriter;

namespace {

std::shared_ptr<const Model> shared(Model model)
{
    return std::make_shared<const Model>(std::move(model));
}

/// Without the parameter of that role, as affine=False, scale=False or bias=False leave it out.
Model without(Model model, const std::string& role)
{
    for (Op& op : model.ops)
        op.parameters.erase(role);
    for (Layer& layer : model.layers)
        std::erase_if(layer.parameters, [&](const std::string& name) { return model.parameter(name)->role == role; });
    std::erase_if(model.parameters, [&](const Parameter& parameter) { return parameter.role == role; });
    return model;
}

Model torchNet()
{
    return ModelBuilder(Framework::Torch, {2, 1, 2}).batchNorm("0", 2).model();
}

Model kerasNet()
{
    return ModelBuilder(Framework::Keras, {1, 2, 2}).batchNorm("bn", 2).model();
}

std::vector<float> floatsOf(const formats::NamedTensors& tensors, const std::string& name)
{
    for (const auto& [candidate, tensor] : tensors)
        if (candidate == name)
            return {tensor.floats().begin(), tensor.floats().end()};
    return {};
}

formats::NamedTensors converted(const Model& from, const Model& twin, bool toKeras)
{
    const session::Pair pair = toKeras ? session::makePair(shared(from), shared(twin)) : session::makePair(shared(twin), shared(from));
    return convert::convertedTensors(convert::plan(toKeras ? pair.left : pair.right, toKeras ? pair.right : pair.left, pair.mapping,
                                                   toKeras, toKeras ? kerasH5Writer : stateDictWriter));
}

}

class TestNeutral : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aMissingGammaIsOne();
    void aMissingBiasIsZero();
    void aGammaOfOnesMayGo();
    void anyOtherGammaHasNoPlace();
    void comparedAsNeutral();
    void stateDictsToo();
    void severalGiveOne();
};

/// Two biases that are added on one side, one on the other, linked as a kind's groups would.
void TestNeutral::severalGiveOne()
{
    Model two = ModelBuilder(Framework::Torch, {4}).linear("fc", 4, 3, {}, 1).model();
    Parameter second = *two.parameter("fc.bias");
    second.name = "fc.second";
    second.role = "second";
    second.source = sourceOf({3}, {10, 11, 12});
    two.layers.back().parameters.push_back(second.name);
    two.ops.back().parameters["second"] = second.name;
    two.parameters.push_back(std::move(second));
    const auto torch = shared(std::move(two));
    const auto keras = shared(ModelBuilder(Framework::Keras, {4}).linear("dense", 4, 3, {}, 7).model());
    const session::Pair pair = session::makePair(torch, keras);
    mapping::Mapping mapping = pair.mapping;
    auto& links = mapping.links.at(0).parameters;
    const auto bias =
        std::find_if(links.begin(), links.end(), [](const auto& link) { return link.left == std::vector<std::string>{"fc.bias"}; });
    QVERIFY(bias != links.end());
    bias->left.emplace_back("fc.second");
    bias->rule = rules::biasSumRule;
    const std::string kerasBias = bias->right.front();
    const auto first = floatsOf({{"fc.bias", read(torch->parameter("fc.bias")->source)}}, "fc.bias");
    const auto there = convert::convertedTensors(convert::plan(pair.left, pair.right, mapping, true, kerasH5Writer));
    QCOMPARE(floatsOf(there, kerasBias), (std::vector<float>{first[0] + 10, first[1] + 11, first[2] + 12}));
    const auto back = convert::convertedTensors(convert::plan(pair.right, pair.left, mapping, false, stateDictWriter));
    QCOMPARE(floatsOf(back, "fc.bias"), floatsOf({{"b", read(keras->parameter(kerasBias)->source)}}, "b"));
    QCOMPARE(floatsOf(back, "fc.second"), (std::vector<float>{0, 0, 0}));
    const auto equal = mapping::withEquality(mapping, *pair.left, *pair.right).links.at(0).parameters;
    QCOMPARE(equal.at(static_cast<std::size_t>(bias - links.begin())).equal, std::optional(false));
}

void TestNeutral::aMissingGammaIsOne()
{
    const auto tensors = converted(without(kerasNet(), "gamma"), torchNet(), false);
    QCOMPARE(floatsOf(tensors, "0.weight"), (std::vector<float>{1, 1}));
    QCOMPARE(floatsOf(tensors, "0.bias"), (std::vector<float>{2, 3}));
    QCOMPARE(floatsOf(converted(without(torchNet(), "beta"), kerasNet(), true), "bn/beta:0"), (std::vector<float>{0, 0}));
}

void TestNeutral::aMissingBiasIsZero()
{
    const Model torch = ModelBuilder(Framework::Torch, {4}).linear("fc", 4, 3, {}, 1).model();
    const Model keras = without(ModelBuilder(Framework::Keras, {4}).linear("dense", 4, 3, {}, 7).model(), "bias");
    const auto tensors = converted(keras, torch, false);
    QCOMPARE(floatsOf(tensors, "fc.bias"), (std::vector<float>{0, 0, 0}));
    QCOMPARE(floatsOf(tensors, "fc.weight").front(), 7.0f);
}

void TestNeutral::aGammaOfOnesMayGo()
{
    const auto tensors = converted(withValues(torchNet(), "0.weight", {1, 1}), without(kerasNet(), "gamma"), true);
    QCOMPARE(tensors.size(), std::size_t{3});
}

void TestNeutral::anyOtherGammaHasNoPlace()
{
    try {
        converted(torchNet(), without(kerasNet(), "gamma"), true); // gamma 1 and 2
        QFAIL("converted");
    } catch (const Error& error) {
        QCOMPARE(error.id(), std::string("convert-no-place"));
        const QString text = QString::fromUtf8(error.what());
        QVERIFY2(text.contains("gamma") && text.contains("0.weight") && text.contains("from 1 to 2") && text.contains("bn"),
                 qPrintable(text));
    }
}

void TestNeutral::comparedAsNeutral()
{
    const auto equalities = [](const Model& torch) {
        const session::Pair pair = session::makePair(shared(torch), shared(without(kerasNet(), "gamma")));
        std::vector<bool> result;
        for (const compare::ParameterResult& parameter : pair.parameters)
            if (parameter.link.rule == "neutral")
                result.push_back(parameter.equal);
        return result;
    };
    QCOMPARE(equalities(withValues(torchNet(), "0.weight", {1, 1})), std::vector<bool>{true});
    QCOMPARE(equalities(torchNet()), std::vector<bool>{false});
}

void TestNeutral::stateDictsToo()
{
    const Model dict = without(ModelBuilder(Framework::Torch, {2, 1, 2}).batchNorm("0", 2).stateDict(), "gamma");
    QCOMPARE(floatsOf(converted(dict, kerasNet(), true), "bn/gamma:0"), (std::vector<float>{1, 1}));
}

QTEST_GUILESS_MAIN(TestNeutral)
#include "tst_neutral.moc"
