// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/digits/digits.h"
#include "core/layers/kind.h"

#include <QTest>

using namespace core;
using namespace core::digits;

class TestPreprocess : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void scales_data()
    {
        QTest::addColumn<QString>("spec");
        QTest::addColumn<float>("expected"); // of the grey value 51
        QTest::addColumn<QString>("written");
        QTest::newRow("unit") << "unit" << 0.2f << "unit";
        QTest::newRow("byte") << "byte" << 51.0f << "byte";
        QTest::newRow("symmetric") << "symmetric" << -0.6f << "symmetric";
        QTest::newRow("standard") << "standard" << (0.2f - 0.1307f) / 0.3081f << "standard:0.1307:0.3081";
        QTest::newRow("standard with numbers") << "standard:0.5:0.25" << -1.2f << "standard:0.5:0.25";
        QTest::newRow("invert") << "invert" << 0.8f << "unit,invert";
        QTest::newRow("invert before scale") << "byte,invert" << 204.0f << "byte,invert";
        QTest::newRow("all") << "center,symmetric,invert" << 0.6f << "symmetric,center,invert";
    }
    void scales()
    {
        QFETCH(QString, spec);
        QFETCH(float, expected);
        QFETCH(QString, written);
        const Preprocess preprocess = preprocessFromText(spec.toStdString());
        QVERIFY(std::abs(scaled(51.0f, preprocess) - expected) < 1e-6f);
        QCOMPARE(QString::fromStdString(text(preprocess)), written);
        QCOMPARE(preprocessFromText(text(preprocess)), preprocess);
    }

    void refuses_data()
    {
        QTest::addColumn<QString>("spec");
        for (const char* spec :
             {"", "units", "unit,", "unit,byte", "standard:1", "standard:a:1", "standard:0:0", "standard:0:nan", "standard:1:2:3"})
            QTest::newRow(*spec ? spec : "empty") << spec;
    }
    void refuses()
    {
        QFETCH(QString, spec);
        QVERIFY_THROWS_EXCEPTION(Error, preprocessFromText(spec.toStdString()));
    }

    void guesses()
    {
        Model model;
        model.layers = {{"input_1", "InputLayer", {}, {}}, {"conv2d", "Conv2D", {}, {}}, {"rescaling", "Rescaling", {}, {}}};
        QCOMPARE(guessPreprocess(model).scale, Scale::Unit);
        std::swap(model.layers[1], model.layers[2]);
        QCOMPARE(guessPreprocess(model).scale, Scale::Byte);
    }

    void fillsShapes_data()
    {
        QTest::addColumn<QList<int>>("shape");
        QTest::addColumn<bool>("taken");
        QTest::newRow("1,28,28") << QList<int>{1, 28, 28} << true;
        QTest::newRow("28,28,1") << QList<int>{28, 28, 1} << true;
        QTest::newRow("rows") << QList<int>{28, 28} << true;
        QTest::newRow("flat") << QList<int>{784} << true;
        QTest::newRow("784,1") << QList<int>{784, 1} << true;
        QTest::newRow("16,7,7: not the same picture in both layouts") << QList<int>{16, 7, 7} << false;
        QTest::newRow("3,32,32") << QList<int>{3, 32, 32} << false;
        QTest::newRow("unknown") << QList<int>{-1, 28, 1} << false;
    }
    void fillsShapes()
    {
        QFETCH(QList<int>, shape);
        QFETCH(bool, taken);
        const Shape inputShape(shape.begin(), shape.end());
        Picture picture{};
        picture[29] = 255;
        QCOMPARE(takesDigit(inputShape), taken);
        layers::Value value{{1}, layers::usualAxes(Framework::Keras, inputShape.size() + 1)};
        value.shape.insert(value.shape.end(), inputShape.begin(), inputShape.end());
        if (!taken) {
            QVERIFY_THROWS_EXCEPTION(Error, toInput(picture, {}, value));
            return;
        }
        const Tensor input = toInput(picture, {}, value);
        QCOMPARE(input.shape().size(), inputShape.size() + 1);
        QCOMPARE(input.shape().front(), 1);
        QCOMPARE(input.floats()[29], 1.0f);
        QCOMPARE(input.floats()[28], 0.0f);
    }

    void centresByMass()
    {
        Picture picture{};
        picture[2 * 28 + 3] = picture[2 * 28 + 5] = 100;
        const Picture moved = centred(picture);
        QCOMPARE(moved[14 * 28 + 13], 100.0f);
        QCOMPARE(moved[14 * 28 + 15], 100.0f);
        QCOMPARE(centred(moved), moved);
        QCOMPARE(centred(Picture{}), Picture{});
    }
};

QTEST_GUILESS_MAIN(TestPreprocess)
#include "tst_preprocess.moc"
