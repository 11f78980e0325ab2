// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/testsetpart.h"
#include "core/json/json.h"
#include "shownwindow.h"
#include "widgets/testset/confusionview.h"
#include "widgets/testset/gallery.h"
#include "widgets/testset/testsetfigures.h"
#include "widgets/testset/testsetpage.h"

#include <QPushButton>
#include <QTest>

/// The page that runs a whole test set, as a person uses it; the test set is the sample digits.
class TestTestSet : public QObject
{
    Q_OBJECT

private:
    static constexpr int patience = 60'000;
    Surroundings m_around;
    QString m_digits;

    bool openAndRun(ShownWindow& shown, const char* right)
    {
        if (!shown.openSamplePair(right))
            return false;
        shown.workspace.loadTestSet(m_digits);
        if (!QTest::qWaitFor([&] { return shown.workspace.testSet() != nullptr; }, patience))
            return false;
        shown.key(Qt::Key_2, Qt::ControlModifier);
        auto* page = shown.window.testSetPage();
        if (shown.window.shownPage() != QStringLiteral("testset") || !page->runButton()->isEnabled())
            return false;
        shown.click(page->runButton());
        return QTest::qWaitFor([&] { return page->run() && page->run()->isComplete(); }, patience);
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_digits = m_around.folder.filePath(QStringLiteral("mnist"));
        QVERIFY(QDir().mkpath(m_digits));
        for (const char* part : {"images-idx3", "labels-idx1"})
            QVERIFY(QFile::copy(QStringLiteral(TIEOUT_SAMPLES "/digits-%1-ubyte.gz").arg(QLatin1String(part)),
                                m_digits + QStringLiteral("/t10k-%1-ubyte.gz").arg(QLatin1String(part))));
    }

    void runsATwin()
    {
        ShownWindow shown(*m_around.theme);
        QVERIFY(openAndRun(shown, "lenet5.h5"));
        auto* page = shown.window.testSetPage();
        QVERIFY2(page->figures()->text(widgets::TestSetFigures::Agreement).contains(QStringLiteral("100 % 30 of 30")),
                 qPrintable(page->figures()->text(widgets::TestSetFigures::Agreement)));
        QCOMPARE(page->run()->sweep.over, 0);
        QCOMPARE(page->galleryTitle(), QStringLiteral("30 digits")); // they disagree on none: all, those that differ most first
        QVERIFY(!page->isStale());
    }

    void showsADifferingPair()
    {
        ShownWindow shown(*m_around.theme);
        QVERIFY(openAndRun(shown, "lenet5_keras.h5"));
        auto* page = shown.window.testSetPage();
        const auto& sweep = page->run()->sweep;
        QVERIFY(sweep.over > 0);
        QCOMPARE(page->gallery()->model()->rowCount(), sweep.disagreeing() > 0 ? static_cast<int>(sweep.disagreeing()) : 30);

        auto* matrix = page->confusion(true);
        const widgets::ConfusionView::Cell cell{3, 3};
        shown.click(matrix, matrix->rectOf(cell).center());
        QCOMPARE(matrix->chosen(), std::optional(cell));
        QCOMPARE(page->gallery()->model()->rowCount(), static_cast<int>(matrix->countOf(cell)));
        shown.click(matrix, matrix->rectOf(cell).center());
        QVERIFY(!matrix->chosen());

        shown.workspace.setTolerance(10); // judged anew, nothing is run
        QTRY_COMPARE(page->run()->sweep.over, 0);
        QVERIFY(!page->isStale());
    }

    void goesStale()
    {
        ShownWindow shown(*m_around.theme);
        QVERIFY(openAndRun(shown, "lenet5.h5"));
        auto* page = shown.window.testSetPage();
        core::digits::Preprocess inverted;
        inverted.invert = true;
        shown.workspace.setPreprocess(inverted, inverted);
        QTRY_VERIFY(page->isStale());
        QVERIFY2(page->told().contains(QStringLiteral("run it again")), qPrintable(page->told()));
        shown.workspace.undoStack().undo();
        QTRY_VERIFY(!page->isStale());
        shown.workspace.unlink(QStringLiteral("conv2d"), app::Side::Right);
        QTRY_VERIFY(page->isStale());
    }

    void opensADigit()
    {
        ShownWindow shown(*m_around.theme);
        QVERIFY(openAndRun(shown, "lenet5.h5"));
        auto* gallery = shown.window.testSetPage()->gallery();
        const QModelIndex third = gallery->model()->index(2, 0);
        const auto digit = static_cast<int>(gallery->galleryModel()->sampleAt(2).index);
        shown.click(gallery->viewport(), gallery->visualRect(third).topLeft() + QPoint(20, 20));
        QCOMPARE(shown.window.shownPage(), QStringLiteral("compare"));
        QCOMPARE(shown.workspace.choices().input.index, digit);
        QCOMPARE(shown.workspace.choices().input.kind, app::InputChoice::Kind::Digit);
        QVERIFY(shown.settle());
    }

    void saves()
    {
        ShownWindow shown(*m_around.theme);
        QVERIFY(openAndRun(shown, "lenet5.h5"));
        auto* part = shown.window.findChild<app::TestSetPart*>();
        for (const char* name : {"set.json", "set.html", "set.csv"}) {
            const QString path = m_around.folder.filePath(QLatin1String(name));
            part->save(path);
            QFile file(path);
            QVERIFY(file.open(QIODevice::ReadOnly));
            const QByteArray bytes = file.readAll();
            if (path.endsWith(QLatin1String(".json")))
                QCOMPARE(core::parseJson(bytes.toStdString(), "set.json").at("verdict").get<std::string>(), std::string("ties-out"));
            else
                QVERIFY2(bytes.contains(path.endsWith(QLatin1String(".csv")) ? "\n29," : "TIES OUT"), bytes.left(400));
        }
    }
};

QTEST_MAIN(TestTestSet)
#include "tst_testset.moc"
