// SPDX-License-Identifier: GPL-3.0-or-later
// Recurrent layers of both frameworks that compute the same (tests/interop/make_recurrent.py): every weight has its mate, through gate
// order and biases.
#include "core/formats/format.h"
#include "core/layers/sequencekinds.h"
#include "core/mapping/mapping.h"

#include <QTest>
#include <set>

using namespace core;

class TestRecurrent : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void pairs_data();
    void pairs();
    void differences_data();
    void differences();
};

void TestRecurrent::pairs_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("rules");
    QTest::newRow("LSTM, its last step") << "lstm_last"
                                         << "bias-sum same transpose";
    QTest::newRow("LSTM, two layers and directions") << "lstm_stacked"
                                                     << "bias-sum same transpose";
    QTest::newRow("GRU, two layers") << "gru_last"
                                     << "bias-rows flatten-r|z|n->z|r|n same transpose";
    QTest::newRow("GRU, two directions") << "gru_both"
                                         << "bias-rows flatten-r|z|n->z|r|n same transpose";
    QTest::newRow("GRU without biases") << "gru_bare"
                                        << "flatten-r|z|n->z|r|n same transpose";
    QTest::newRow("RNN, relu") << "rnn_relu"
                               << "bias-sum same transpose";
}

void TestRecurrent::pairs()
try {
    QFETCH(QString, name);
    QFETCH(QString, rules);
    const std::string base = QStringLiteral(TIEOUT_TEST_DATA "/kinds/").toStdString() + name.toStdString();
    for (const char* ending : {".pt", ".pt2"}) {
        const Model left = formats::openModel(base + ending), right = formats::openModel(base + ".h5");
        const mapping::Mapping mapped = mapping::autoMap(left, right);
        std::set<std::string> linkedLeft, linkedRight, used;
        for (const mapping::Link& link : mapped.links)
            for (const mapping::ParameterLink& parameters : link.parameters) {
                QVERIFY2(parameters.equal.value_or(false), parameters.rule.c_str());
                linkedLeft.insert(parameters.left.begin(), parameters.left.end());
                linkedRight.insert(parameters.right.begin(), parameters.right.end());
                used.insert(parameters.rule);
            }
        QCOMPARE(linkedLeft.size(), left.parameters.size());
        QCOMPARE(linkedRight.size(), right.parameters.size());
        std::string text;
        for (const std::string& rule : used)
            text += (text.empty() ? "" : " ") + rule;
        QCOMPARE(QString::fromStdString(text), rules);
    }
} catch (const Error& error) {
    QFAIL(error.what());
}

void TestRecurrent::differences_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("setting");
    QTest::addColumn<QString>("difference");
    QTest::newRow("activation") << "lstm"
                                << "activation"
                                << "activation relu against tanh";
    QTest::newRow("gates") << "lstm"
                           << "recurrent_activation"
                           << "recurrent activation relu against sigmoid";
    QTest::newRow("direction") << "rnn"
                               << "reverse"
                               << "reverse yes against no";
    QTest::newRow("reset") << "gru"
                           << "reset_after"
                           << "reset_after no against yes";
}

void TestRecurrent::differences()
{
    QFETCH(QString, kind);
    QFETCH(QString, setting);
    QFETCH(QString, difference);
    Op a;
    a.kind = kind.toStdString();
    a.attributes = {{"units", std::int64_t{4}},
                    {"activation", std::string("tanh")},
                    {"recurrent_activation", std::string("sigmoid")},
                    {"reverse", false},
                    {"reset_after", true}};
    Op b = a;
    const std::string changed = setting.toStdString();
    if (changed.ends_with("activation"))
        a.attributes.set(changed, std::string("relu"));
    else
        a.attributes.set(changed, !a.attributes.boolean(changed));
    const layers::Kind& known = *layers::kind(a.kind);
    QVERIFY(known.difference({b, std::vector<const layers::Value*>{}}, {b, std::vector<const layers::Value*>{}}).empty());
    const std::string found = known.difference({a, std::vector<const layers::Value*>{}}, {b, std::vector<const layers::Value*>{}});
    QVERIFY2(!found.empty() && found.find(difference.section(' ', 0, 0).toStdString()) == 0, found.c_str());
}

QTEST_GUILESS_MAIN(TestRecurrent)
#include "tst_recurrent.moc"
