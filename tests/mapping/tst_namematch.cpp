// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping/names.h"

#include <QTest>

using namespace core::mapping;

class TestNames : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tokens_data();
    void tokens();
    void numbered_data();
    void numbered();
    void classes_data();
    void classes();
};

void TestNames::tokens_data()
{
    QTest::addColumn<std::string>("name");
    QTest::addColumn<QString>("tokens");
    QTest::newRow("a module's path") << std::string("layer1.0.bn_1") << QStringLiteral("layer 1 0 bn 1");
    QTest::newRow("the same with underscores") << std::string("Layer1_0_bn1") << QStringLiteral("layer 1 0 bn 1");
    QTest::newRow("camel case") << std::string("logVar") << QStringLiteral("log var");
    QTest::newRow("an abbreviation in front") << std::string("LSTMCell") << QStringLiteral("lstm cell");
    QTest::newRow("another alphabet") << std::string("слой_2") << QString::fromUtf8("слой 2");
    QTest::newRow("signs alone") << std::string("./_") << QString();
    QTest::newRow("nothing") << std::string() << QString();
}

void TestNames::tokens()
{
    QFETCH(std::string, name);
    QStringList words;
    for (const std::string& token : nameTokens(name))
        words << QString::fromStdString(token);
    QTEST(words.join(' '), "tokens");
}

void TestNames::numbered_data()
{
    QTest::addColumn<std::string>("name");
    QTest::addColumn<std::string>("className");
    QTest::addColumn<bool>("expected");
    QTest::newRow("Sequential") << std::string("0.2") << std::string("Linear") << true;
    QTest::newRow("in a list of its own") << std::string("features.0") << std::string("Conv2d") << false;
    QTest::newRow("Keras' first") << std::string("conv2d") << std::string("Conv2D") << true;
    QTest::newRow("Keras' fourth") << std::string("batch_normalization_3") << std::string("BatchNormalization") << true;
    QTest::newRow("inside a model") << std::string("model/re_lu_1") << std::string("ReLU") << true;
    QTest::newRow("a number that belongs to it") << std::string("conv1") << std::string("Conv2D") << false;
    QTest::newRow("another class's") << std::string("dense_1") << std::string("Linear") << false;
    QTest::newRow("a class that is not told") << std::string("dense_1") << std::string() << false;
}

void TestNames::numbered()
{
    QFETCH(std::string, name);
    QFETCH(std::string, className);
    QTEST(isNumberedName(name, className), "expected");
}

void TestNames::classes_data()
{
    QTest::addColumn<std::string>("one");
    QTest::addColumn<std::string>("other");
    QTest::addColumn<bool>("same");
    const auto row = [](const char* one, const char* other, bool same) {
        QTest::addRow("%s, %s", one, other) << std::string(one) << std::string(other) << same;
    };
    row("LayerNorm", "LayerNormalization", true);
    row("cat", "Concatenate", true);
    row("add_", "Add", true);
    row("ConvTranspose2d", "Conv2DTranspose", true);
    row("LSTM", "LSTM", true);
    row("GELU", "LeakyReLU", false);
    row("cat", "Add", false);
}

void TestNames::classes()
{
    QFETCH(std::string, one);
    QFETCH(std::string, other);
    QTEST(classFamily(one) == classFamily(other), "same");
}

QTEST_GUILESS_MAIN(TestNames)
#include "tst_namematch.moc"
