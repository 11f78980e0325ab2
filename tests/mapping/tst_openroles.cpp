// SPDX-License-Identifier: GPL-3.0-or-later
// A parameter of which its file says only that it is one of two: the twin tells which, or nobody does.
#include "core/mapping/openroles.h"
#include "modelbuilder.h"

#include <QTest>

using namespace core;
using namespace std::string_literals;

namespace {

/// A convolution and a BatchNormalization with gamma and beta of these values; empty: without it.
Model network(const std::vector<float>& gamma, const std::vector<float>& beta)
{
    Model model = ModelBuilder(Framework::Keras, {6, 6, 2}).conv("c", 2, 3, 3).batchNorm("n", 3).model();
    for (const auto& [role, setting, values] : {std::tuple("gamma"s, "scale"s, gamma), std::tuple("beta"s, "center"s, beta)}) {
        Op& op = model.ops.back();
        const std::string name = op.parameters.at(role);
        op.attributes.set(setting, !values.empty());
        if (!values.empty()) {
            model = withValues(model, name, values);
            continue;
        }
        op.parameters.erase(role);
        std::erase_if(model.parameters, [&](const Parameter& parameter) { return parameter.name == name; });
        std::erase(model.layers.back().parameters, name);
    }
    return model;
}

/// As a store of numbered arrays tells it.
Model openRole()
{
    Model model = network({2, 3, 4}, {});
    Op& op = model.ops.back();
    const std::string name = op.parameters.at("gamma");
    op.parameters.erase("gamma");
    op.parameters["gamma or beta"] = name;
    for (Parameter& parameter : model.parameters)
        if (parameter.name == name)
            parameter.role = "gamma or beta";
    op.unsupported = "one of two";
    model.layers.back().supported = false;
    model.notes.push_back({{"role-open", {"n"}, ""}, Note::Severity::Warning, "n"});
    return model;
}

}

class TestOpenRoles : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void settled_data();
    void settled();
    void noNeutralMate();
};

void TestOpenRoles::settled_data()
{
    QTest::addColumn<Model>("twin");
    QTest::addColumn<QByteArray>("role");
    const std::vector<float> ones{1, 1, 1}, zeros{0, 0, 0}, some{2, 3, 4};
    QTest::newRow("gamma alone") << network(some, {}) << QByteArray("gamma");
    QTest::newRow("beta alone") << network({}, some) << QByteArray("beta");
    QTest::newRow("a gamma that does nothing") << network(ones, some) << QByteArray("beta");
    QTest::newRow("a beta that does nothing") << network(some, zeros) << QByteArray("gamma");
    QTest::newRow("both do something") << network(some, some) << QByteArray();
    QTest::newRow("neither does anything") << network(ones, zeros) << QByteArray();
    QTest::newRow("neither there") << network({}, {}) << QByteArray();
}

void TestOpenRoles::settled()
{
    QFETCH(Model, twin);
    QFETCH(QByteArray, role);
    const Model open = openRole();
    const mapping::Mapping mapping = mapping::autoMap(open, twin);
    QVERIFY(mapping::linkOfLayer(mapping, open, "n", true));
    const auto model = mapping::withSettledRoles(open, twin, mapping, true);
    QCOMPARE(model.has_value(), !role.isEmpty());
    if (!model)
        return;
    const Op& op = model->ops.back();
    QVERIFY(op.parameters.contains(role.toStdString()));
    QVERIFY(!op.parameters.contains("gamma or beta"));
    QCOMPARE(op.attributes.boolean("scale", true), role == "gamma");
    QCOMPARE(op.attributes.boolean("center", true), role == "beta");
    QVERIFY(op.unsupported.empty() && model->layers.back().supported);
    QCOMPARE(model->notes.size(), std::size_t{1});
    QCOMPARE(model->notes[0].message.id, "borrowed-settings"s);
}

/// What may be a gamma does not stand beside a gamma that is missing.
void TestOpenRoles::noNeutralMate()
{
    const Model open = openRole();
    for (const Model& twin : {network({1, 1, 1}, {0, 0, 0}), network({2, 3, 4}, {2, 3, 4})})
        for (const mapping::Link& link : mapping::autoMap(open, twin).links)
            for (const mapping::ParameterLink& parameters : link.parameters)
                QVERIFY(!parameters.left.empty() && !parameters.right.empty());
}

QTEST_GUILESS_MAIN(TestOpenRoles)
#include "tst_openroles.moc"
