// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/convert/changesmodel.h"
#include "widgets/convert/convertpage.h"
#include "widgets/theme/segmentedswitch.h"
#include "widgets/theme/theme.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QActionGroup>
#include <QLineEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QTest>

using namespace widgets;
using core::convert::Change;

namespace {

Change kernel()
{
    Change change;
    change.fromLayers = {"0"};
    change.toLayers = {"conv2d"};
    change.from = {"0.weight"};
    change.to = {"conv2d/kernel:0"};
    change.rule = "same";
    change.fromShapes = {{6, 1, 5, 5}};
    change.toShapes = {{5, 5, 1, 6}};
    change.bytes = 600;
    return change;
}

Change pooling()
{
    Change change;
    change.fromLayers = {"2"};
    change.toLayers = {"average_pooling2d"};
    return change;
}

core::convert::Plan plan()
{
    core::convert::Plan made;
    made.changes = {kernel(), pooling()};
    return made;
}

ProofFacts proofFacts(bool same)
{
    ProofFacts facts;
    facts.path = QStringLiteral("out.h5");
    facts.fileSize = 275760;
    facts.proof.reopened = true;
    facts.proof.bitwise = same;
    facts.proof.inverse = true;
    facts.proof.tensors = {{"conv2d/kernel:0", same}};
    facts.proof.samples = 20;
    facts.proof.outputsCompared = true;
    facts.proof.scaledMax = 1.1e-6;
    return facts;
}

}

class TestConvertPage : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void changesAsRows()
    {
        ChangesModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setChanges({kernel(), pooling()}, QStringLiteral("PyTorch"), QStringLiteral("Keras"));
        const auto text = [&](int row, int column) { return model.index(row, column).data().toString(); };
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(text(0, ChangesModel::From), QStringLiteral("0.weight"));
        QCOMPARE(text(0, ChangesModel::FromShape), QStringLiteral("[6,1,5,5]"));
        QCOMPARE(text(0, ChangesModel::Bytes), QStringLiteral("600"));
        QCOMPARE(text(0, ChangesModel::Proof), QString());
        QCOMPARE(text(1, ChangesModel::Rule), QStringLiteral("no weights"));
        QCOMPARE(text(1, ChangesModel::To), QStringLiteral("average_pooling2d"));
        QCOMPARE(text(1, ChangesModel::Bytes), QString());
        QVERIFY(model.index(1, 0).data(ChangesModel::NoWeightsRole).toBool());
        QCOMPARE(model.tensorCount(), 1);
        QCOMPARE(model.byteCount(), std::uint64_t{600});
        QCOMPARE(model.headerData(ChangesModel::To, Qt::Horizontal, Qt::DisplayRole).toString(), QStringLiteral("Keras"));
        model.setProof({{"conv2d/kernel:0", true}});
        QCOMPARE(text(0, ChangesModel::Proof), QStringLiteral("bit for bit"));
        QVERIFY(!model.index(1, 0).data(ChangesModel::ProvedRole).isValid());
        model.setProof({{"conv2d/kernel:0", false}});
        QCOMPARE(text(0, ChangesModel::Proof), QStringLiteral("differs"));
    }

    void kindFollowsTheTargetsFramework()
    {
        ConvertPage page;
        page.setSides({core::Framework::Torch, QStringLiteral("a&b.pt")}, {core::Framework::Keras, QStringLiteral("lenet5.h5")});
        QCOMPARE(page.choice().kind, core::convert::OutputKind::KerasH5);
        QCOMPARE(page.findChild<QRadioButton*>()->text(), QStringLiteral("A file like lenet5.h5"));
        QSignalSpy changed(&page, &ConvertPage::choiceChanged);
        page.directionSwitch()->group()->actions().at(1)->trigger();
        QCOMPARE(changed.count(), 1);
        QVERIFY(!page.choice().leftToRight);
        QCOMPARE(page.choice().kind, core::convert::OutputKind::StateDict);
        QCOMPARE(page.findChild<QRadioButton*>()->text(), QStringLiteral("A state dict for a&&b.pt"));
    }

    void writesOnlyAPlanWithAPath()
    {
        ConvertPage page;
        page.setSides({core::Framework::Torch, QStringLiteral("lenet5.pt")}, {core::Framework::Keras, QStringLiteral("lenet5.h5")});
        page.setPath(QStringLiteral("out.h5"));
        QVERIFY(!page.writeButton()->isEnabled());
        page.setPlan(plan());
        QVERIFY(page.writeButton()->isEnabled());
        page.setPath(QStringLiteral("  "));
        QVERIFY(!page.writeButton()->isEnabled());
        page.setPath(QStringLiteral("out.h5"));
        QSignalSpy wanted(&page, &ConvertPage::writeRequested);
        page.writeButton()->click();
        QCOMPARE(wanted.count(), 1);
        page.setProblem(QStringLiteral("dense_1 gets no values"));
        QVERIFY(!page.writeButton()->isEnabled());
        QCOMPARE(page.changes()->rowCount(), 0);
    }

    void digitsOnlyWhereThereAreSome()
    {
        ConvertPage page;
        QCOMPARE(page.choice().digits, 0);
        page.setDigitsAvailable(20);
        QCOMPARE(page.choice().digits, 20);
        page.setDigitsAvailable(0);
        QCOMPARE(page.choice().digits, 0);
    }

    void progressCanBeCancelled()
    {
        ConvertPage page;
        page.resize(1280, 700);
        page.show();
        page.setProgress(0.4);
        QVERIFY(!page.writeButton()->isVisible());
        QSignalSpy cancelled(&page, &ConvertPage::cancelRequested);
        for (auto* button : page.findChildren<QPushButton*>())
            if (button->isVisible() && button->text() == QStringLiteral("Cancel"))
                button->click();
        QCOMPARE(cancelled.count(), 1);
        page.setProgress({});
        QVERIFY(page.writeButton()->isVisible());
    }

    void proofLineByLine()
    {
        ConvertPage page;
        page.setSides({core::Framework::Torch, QStringLiteral("lenet5.pt")}, {core::Framework::Keras, QStringLiteral("lenet5.h5")});
        page.setPlan(plan());
        page.setProof(proofFacts(true));
        QCOMPARE(page.proof()->verdict(), QStringLiteral("PROVED"));
        const auto& lines = page.proof()->lines();
        QCOMPARE(lines.size(), std::size_t{4});
        QCOMPARE(lines[0].detail, QStringLiteral("out.h5, 275,760 bytes"));
        QCOMPARE(lines[1].title, QStringLiteral("1 of 1 tensors bit for bit"));
        QCOMPARE(lines[2].detail, QStringLiteral("max |d| 1.1e-6 ≤ 1e-5"));
        QCOMPARE(lines[3].detail, QStringLiteral("20 of 20"));
        page.setProof(proofFacts(false));
        QCOMPARE(page.proof()->verdict(), QStringLiteral("NOT PROVED"));
        QVERIFY(!*page.proof()->lines()[1].holds);
        page.setPlan(plan());
        QVERIFY(page.proof()->verdict().isEmpty());
        QVERIFY(page.changes()->index(0, ChangesModel::Proof).data().toString().isEmpty());
    }
};

QTEST_MAIN(TestConvertPage)
#include "tst_convertpage.moc"
