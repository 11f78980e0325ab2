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
#include <QSpinBox>
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

using core::convert::Result;

ProofFacts proofFacts(Result result)
{
    core::convert::Proof proof;
    proof.reopened = true;
    proof.bitwise = result != Result::Failed;
    proof.inverse = true;
    proof.tensors = {{"conv2d/kernel:0", proof.bitwise}};
    proof.samples = 20;
    proof.outputsCompared = result == Result::Proved;
    proof.scaledMax = 1.1e-6;
    if (result == Result::Failed)
        proof.faults = {{"tensor-differs", {}, "1 of 1 tensors do not read back as they were written: conv2d/kernel:0"}};
    if (result == Result::NotProved)
        proof.gaps = {{"not-run", {}, "the outputs could not be compared: GELU cannot run"}};
    ProofFacts facts;
    facts.conversion.result = result;
    facts.conversion.path = "/tmp/out.h5";
    facts.conversion.sha256 = result == Result::Failed ? "" : std::string(64, 'a');
    facts.conversion.fileSize = 275760;
    facts.conversion.proof = proof;
    facts.source = QStringLiteral("lenet5.pt");
    facts.twin = QStringLiteral("lenet5.h5");
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
        QCOMPARE(page.choice().writer, &core::formats::kerasH5Writer);
        QCOMPARE(page.targetButtons().front()->text(), QStringLiteral("A file like lenet5.h5"));
        QSignalSpy changed(&page, &ConvertPage::choiceChanged);
        page.directionSwitch()->group()->actions().at(1)->trigger();
        QCOMPARE(changed.count(), 1);
        QVERIFY(!page.choice().leftToRight);
        QCOMPARE(page.choice().writer, &core::formats::stateDictWriter);
        QCOMPARE(page.targetButtons().front()->text(), QStringLiteral("A state dict for a&&b.pt"));
    }

    /// Every row of the writers' table for one file alone; with a twin those of its framework, and a repaired copy of one's own too.
    void whatIsOfferedFollowsTheFiles_data()
    {
        QTest::addColumn<int>("left");
        QTest::addColumn<int>("right");
        QTest::addColumn<bool>("repaired");
        const int none = int(core::Framework::None), torch = int(core::Framework::Torch), keras = int(core::Framework::Keras);
        QTest::newRow("a PyTorch file alone") << torch << none << false;
        QTest::newRow("a Keras file alone") << none << keras << false;
        QTest::newRow("both") << torch << keras << false;
        QTest::newRow("both, a fix tried") << torch << keras << true;
        QTest::newRow("none") << none << none << false;
    }

    void whatIsOfferedFollowsTheFiles()
    {
        QFETCH(int, left);
        QFETCH(int, right);
        QFETCH(bool, repaired);
        const auto side = [&](int framework, const char* name) {
            const auto of = static_cast<core::Framework>(framework);
            return ConvertSide{of, of == core::Framework::None ? QString() : QLatin1String(name), repaired};
        };
        ConvertPage page;
        page.setSides(side(left, "a.pt"), side(right, "b.h5"));
        const bool alone = (left == int(core::Framework::None)) != (right == int(core::Framework::None));
        const bool any = left != int(core::Framework::None) || right != int(core::Framework::None);
        const auto source = left != int(core::Framework::None) ? core::Framework::Torch : core::Framework::Keras;
        qsizetype wanted = any && !alone ? 1 : 0;
        for (const core::formats::Writer* writer : core::formats::writers())
            wanted += any && (alone || repaired || writer->framework != source) ? 1 : 0;
        QCOMPARE(page.targetButtons().size(), wanted);
        QCOMPARE(page.directionSwitch()->isVisibleTo(&page), any && !alone);
        if (!any)
            return;
        QCOMPARE(page.choice().leftToRight, source == core::Framework::Torch);
        QCOMPARE(page.choice().like, !alone);
        QVERIFY(page.choice().writer->framework != source); // into the other framework first
        QSignalSpy changed(&page, &ConvertPage::choiceChanged);
        QRadioButton* const last = page.targetButtons().back();
        last->click();
        QCOMPARE(changed.count(), 1);
        QVERIFY(!page.choice().like);
        int checked = 0;
        for (const QRadioButton* button : page.targetButtons())
            checked += button->isChecked() ? 1 : 0;
        QCOMPARE(checked, 1);
        last->click(); // what is chosen stays chosen
        QVERIFY(last->isChecked());
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

    void samplesOnlyWhereThereAreSome()
    {
        ConvertPage page;
        QCOMPARE(page.choice().samples, 0);
        page.setSamplesAvailable(20);
        QCOMPARE(page.choice().samples, 20);
        auto* number = page.findChild<QSpinBox*>();
        number->setValue(7);
        page.setSamplesAvailable(20);
        QCOMPARE(page.choice().samples, 7); // what was chosen stays
        page.setSamplesAvailable(8, true);
        QCOMPARE(page.choice().samples, 8);
        QVERIFY(!number->isEnabled());
        page.setSamplesAvailable(0);
        QCOMPARE(page.choice().samples, 0);
    }

    void progressCanBeCancelled()
    {
        ConvertPage page;
        page.resize(1280, 700);
        page.show();
        page.setSides({core::Framework::Torch, QStringLiteral("lenet5.pt")}, {core::Framework::Keras, QStringLiteral("lenet5.h5")});
        page.setPath(QStringLiteral("out.h5"));
        page.setPlan(plan());
        const auto placeOf = [&](const QWidget* widget) { return QRect(widget->mapTo(&page, QPoint()), widget->size()); };
        QTest::qWait(0);
        const QRect before = placeOf(page.writeButton());
        page.setProgress(0.4);
        QTest::qWait(0);
        QVERIFY(page.writeButton()->isVisible() && !page.writeButton()->isEnabled());
        QCOMPARE(placeOf(page.writeButton()), before); // a second click meets it again
        page.directionSwitch()->group()->actions().at(1)->trigger();
        page.setDirection(false);
        for (auto* line : page.findChildren<QLineEdit*>())
            QVERIFY(!line->isEnabled());
        QVERIFY(!page.directionSwitch()->isEnabled());
        QSignalSpy cancelled(&page, &ConvertPage::cancelRequested);
        for (auto* button : page.findChildren<QPushButton*>())
            if (button->isVisible() && button->text() == QStringLiteral("Cancel"))
                button->click();
        QCOMPARE(cancelled.count(), 1);
        page.setProgress({});
        QVERIFY(page.writeButton()->isEnabled() && page.directionSwitch()->isEnabled());
    }

    void proofLineByLine()
    {
        ConvertPage page;
        page.setSides({core::Framework::Torch, QStringLiteral("lenet5.pt")}, {core::Framework::Keras, QStringLiteral("lenet5.h5")});
        page.setPlan(plan());
        page.setProof(proofFacts(Result::Proved));
        QCOMPARE(page.proof()->verdict(), QStringLiteral("PROVED"));
        const auto& lines = page.proof()->lines();
        QCOMPARE(lines.size(), std::size_t{4});
        QCOMPARE(lines[0].title, QStringLiteral("out.h5"));
        QCOMPARE(lines[0].detail, QStringLiteral("275,760 bytes, from lenet5.pt"));
        QCOMPARE(lines[1].title, QStringLiteral("1 of 1 tensors bit for bit"));
        QCOMPARE(lines[2].detail, QStringLiteral("max |d| 1.1e-6 ≤ 1e-5"));
        QCOMPARE(lines[3].detail, QStringLiteral("20 of 20"));
        QCOMPARE(page.proof()->openButton()->text(), QStringLiteral("Open it on the right"));
        QSignalSpy opened(page.proof(), &ProofView::openRequested);
        page.proof()->openButton()->click();
        QCOMPARE(opened.count(), 1);
        ProofFacts qualified = proofFacts(Result::Proved);
        qualified.conversion.proof->assumed = core::mapping::Assumption{true, "b.h5", {"order"}};
        page.setProof(qualified);
        QCOMPARE(page.proof()->accessibleName(), QStringLiteral("PROVED as far as the files tell"));
        page.setProof(proofFacts(Result::NotProved));
        QCOMPARE(page.proof()->verdict(), QStringLiteral("WRITTEN, UNPROVED"));
        QVERIFY(!lines.back().holds && lines.back().title.contains(QStringLiteral("GELU")));
        QVERIFY(!page.proof()->openButton()->isHidden());
        page.setProof(proofFacts(Result::Failed));
        QCOMPARE(page.proof()->verdict(), QStringLiteral("THE PROOF FAILED"));
        QVERIFY(!*lines[0].holds && !*lines[1].holds);
        QVERIFY(page.proof()->openButton()->isHidden() && page.proof()->folderButton()->isHidden());
        ProofFacts unproved = proofFacts(Result::Proved);
        unproved.conversion.result = Result::Written;
        unproved.conversion.proof.reset();
        page.setProof(unproved);
        QCOMPARE(page.proof()->verdict(), QStringLiteral("WRITTEN"));
        page.setPending();
        QVERIFY(page.proof()->verdict().isEmpty()); // another choice is not proved
        QVERIFY(!page.writeButton()->isEnabled());
        QVERIFY(page.changes()->index(0, ChangesModel::Proof).data().toString().isEmpty());
    }
};

QTEST_MAIN(TestConvertPage)
#include "tst_convertpage.moc"
