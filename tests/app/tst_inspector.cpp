// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/comparepage.h"
#include "app/window/listspart.h"
#include "app/window/tensorpair.h"
#include "core/formats/numpy/npy.h"
#include "shownwindow.h"
#include "widgets/convert/changesmodel.h"
#include "widgets/convert/convertpage.h"
#include "widgets/digit/digitpanel.h"
#include "widgets/file/filepanel.h"
#include "widgets/heatmap/heatmappanel.h"
#include "widgets/lists/layerpane.h"
#include "widgets/lists/layertree.h"
#include "widgets/plots/errorchart.h"
#include "widgets/tensor/planemodel.h"
#include "widgets/tensor/slicingbar.h"
#include "widgets/tensor/statisticspart.h"
#include "widgets/tensor/tensorinspector.h"
#include "widgets/tensor/tilemap.h"
#include "widgets/theme/segmentedswitch.h"
#include "widgets/verdict/banner.h"
#include "widgets/verdict/verdictchip.h"

#include <QActionGroup>
#include <QClipboard>
#include <QGuiApplication>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QSpinBox>
#include <QTableView>

using app::Side;
using namespace opened;
using Lower = app::ComparePage::Lower;

/// The window as an inspector of files, each side by itself.
class TestInspector : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void parameterRowShowsItsValues_data();
    void parameterRowShowsItsValues();
    void savesAndCopies();
    void stateDictAloneIsShown();
    void fileIsDescribed();
    void fileCutWhileOpen();
    void reloadKeepsTheTensor();
    void oneFileIsConvertedAlone_data();
    void oneFileIsConvertedAlone();
    void whatHasNoTwinIsRefusedByName();

private:
    Surroundings m_around;
};

namespace {

app::ComparePage* page(ShownWindow& shown)
{
    return shown.window.comparePage();
}

widgets::TensorInspector* inspectorOf(ShownWindow& shown)
{
    const auto* parameters = page(shown)->parameters();
    return parameters->inspector(parameters->side());
}

/// Opens a layer in its list and clicks on its parameter's row.
void clickParameter(ShownWindow& shown, Side side, const char* layer, const char* parameter)
{
    widgets::LayerTree* tree = shown.tree(side);
    const auto* layers = page(shown)->lists()->pane(side)->layers();
    const auto* rows = static_cast<const QSortFilterProxyModel*>(tree->model());
    tree->expand(rows->mapFromSource(layers->layerIndex(QString::fromLatin1(layer))));
    const QModelIndex row = rows->mapFromSource(layers->parameterIndex(QString::fromLatin1(parameter)));
    tree->scrollTo(row);
    shown.click(tree->viewport(), tree->visualRect(row).center());
}

QString cell(ShownWindow& shown, int row, int column)
{
    return inspectorOf(shown)->plane()->index(row, column).data().toString();
}

bool valuesShown(ShownWindow& shown)
{
    return page(shown)->lower() == Lower::Tensor && QTest::qWaitFor([&] {
               return cell(shown, 0, 0) != QStringLiteral("…") && inspectorOf(shown)->tiles()->hasTiles() &&
                      !inspectorOf(shown)->statistics()->asText().isEmpty();
           });
}

QString bannerOf(ShownWindow& shown, Side side)
{
    const auto* banner = page(shown)->lists()->pane(side)->banner();
    return banner->isVisible() ? banner->details() : QString();
}

/// A whole copy of a sample or test file that a test may harm.
QString copied(const QString& from, const QString& to)
{
    QFile::remove(to);
    return QFile::copy(from, to) && QFile::setPermissions(to, QFile::ReadOwner | QFile::WriteOwner) ? to : QString();
}

}

void TestInspector::parameterRowShowsItsValues_data()
{
    QTest::addColumn<Side>("side");
    QTest::addColumn<QByteArray>("layer");
    QTest::addColumn<QByteArray>("parameter");
    QTest::addColumn<int>("outputAxis");
    // The same kernel in both frameworks' layouts: o,i,h,w and h,w,i,o.
    QTest::newRow("PyTorch") << Side::Left << QByteArray("0") << QByteArray("0.weight") << 0;
    QTest::newRow("Keras, through the worker") << Side::Right << QByteArray("conv2d") << QByteArray("conv2d/kernel:0") << 3;
}

void TestInspector::parameterRowShowsItsValues()
{
    QFETCH(Side, side);
    QFETCH(QByteArray, layer);
    QFETCH(QByteArray, parameter);
    QFETCH(int, outputAxis);
    ShownWindow shown(*m_around.theme);
    QVERIFY(shown.openSamplePair());
    QCOMPARE(page(shown)->lower(), Lower::Outputs);
    clickParameter(shown, side, layer, parameter);
    QVERIFY(valuesShown(shown));
    auto* inspector = inspectorOf(shown);
    QCOMPARE(inspector->plane()->rowCount(), 5);
    QCOMPARE(inspector->plane()->columnCount(), 5);
    // torch.load("lenet5.pt")["0.weight"][0, 0, 0, 0] and [3, 0, 1, 2], rounded to six digits
    QCOMPARE(cell(shown, 0, 0), QStringLiteral("0.0791911"));
    inspector->slicingBar()->place(outputAxis)->setValue(3);
    cell(shown, 1, 2);
    QTRY_COMPARE(cell(shown, 1, 2), QStringLiteral("-0.05262"));
    QVERIFY2(inspector->statistics()->asText().contains(QStringLiteral("count\t150")), qPrintable(inspector->statistics()->asText()));
    QVERIFY(inspector->statistics()->asText().contains(QStringLiteral("min\t-0.5491\n")));
    const auto segment = [&](int place) { // feature maps, values and file stay one click away from each other
        QVERIFY(page(shown)->lowerSwitch()->isVisible());
        page(shown)->lowerSwitch()->group()->actions()[place]->trigger();
    };
    segment(0);
    QCOMPARE(page(shown)->lower(), Lower::Outputs);
    QVERIFY(page(shown)->heatmaps()->isVisible() && page(shown)->chart()->isVisible() && page(shown)->lowerSwitch()->isVisible());
    segment(1);
    QCOMPARE(page(shown)->lower(), Lower::Tensor);
    QVERIFY(page(shown)->chart()->isVisible());
    shown.key(Qt::Key_Escape);
    QCOMPARE(page(shown)->lower(), Lower::Outputs);
    shown.key(Qt::Key_T, Qt::ControlModifier);
    QCOMPARE(page(shown)->lower(), Lower::Tensor);
}

void TestInspector::savesAndCopies()
{
    ShownWindow shown(*m_around.theme);
    QVERIFY(shown.openSamplePair());
    clickParameter(shown, Side::Right, "conv2d", "conv2d/bias:0");
    QVERIFY(valuesShown(shown));
    auto* inspector = inspectorOf(shown);
    QGuiApplication::clipboard()->clear();
    QTest::keyClick(inspector->table(), Qt::Key_C, Qt::ControlModifier);
    QTRY_COMPARE(QGuiApplication::clipboard()->text().count(u'\n'), 6);
    const QString array = m_around.folder.filePath(QStringLiteral("bias.npy")),
                  picture = m_around.folder.filePath(QStringLiteral("bias.png"));
    page(shown)->parameters()->part(page(shown)->parameters()->side())->saveArray(array);
    QTRY_VERIFY(QFile::exists(array));
    const auto saved = core::formats::readNpyOrNpz(array.toStdString());
    QVERIFY(core::sameBits(saved[0].second, core::read(shown.workspace.model(Side::Right)->parameter("conv2d/bias:0")->source)));
    page(shown)->parameters()->part(page(shown)->parameters()->side())->savePicture(picture);
    QVERIFY(!QImage(picture).isNull());
}

void TestInspector::stateDictAloneIsShown()
{
    ShownWindow shown(*m_around.theme);
    shown.workspace.open(data("lenet5_state.pt"));
    QVERIFY(shown.settle());
    QCOMPARE(page(shown)->lower(), Lower::File); // it cannot run: there are no outputs to show
    QVERIFY(!page(shown)->digits()->isVisible());
    const auto first = shown.rowOf(Side::Left, QStringLiteral("0"));
    shown.click(shown.tree(Side::Left)->viewport(), shown.tree(Side::Left)->viewport()->mapFromGlobal(first));
    QVERIFY(valuesShown(shown));
    QCOMPARE(inspectorOf(shown)->parameter().name, std::string("0.weight"));
}

void TestInspector::fileIsDescribed()
{
    ShownWindow shown(*m_around.theme);
    QVERIFY(shown.openSamplePair());
    shown.key(Qt::Key_I, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(page(shown)->lower(), Lower::File);
    auto* panel = page(shown)->filePanel();
    panel->setPage(widgets::FilePanel::Origin);
    QVERIFY2(panel->asText().contains(QStringLiteral("Format\tkeras-h5")), qPrintable(panel->asText()));
    QVERIFY(!panel->asText().contains(QStringLiteral("SHA-256")));
    Q_EMIT panel->checksumWanted();
    QTRY_VERIFY(panel->asText().contains(QStringLiteral("SHA-256\t062972cce47240ed255f8e3541ba770c3f655715873b9b3f4a392fa97d655f54")));
    QVERIFY(shown.settle());
    clickParameter(shown, Side::Left, "3", "3.bias");
    QVERIFY(valuesShown(shown));
}

void TestInspector::fileCutWhileOpen() // Z22
{
    const QString path = copied(data("lenet5_state.pt"), m_around.folder.filePath(QStringLiteral("cut_later.pt")));
    ShownWindow shown(*m_around.theme);
    shown.workspace.open(path);
    QVERIFY(shown.settle());
    QVERIFY(QFile::resize(path, 2000));
    clickParameter(shown, Side::Left, "6", "6.weight");
    QTRY_VERIFY2(bannerOf(shown, Side::Left).contains(QStringLiteral("as it was opened")), qPrintable(bannerOf(shown, Side::Left)));
    QVERIFY(!inspectorOf(shown)->tiles()->hasTiles());
    QVERIFY(page(shown)->lists()->pane(Side::Left)->layers()->rowCount() > 0); // what was listed stays
}

void TestInspector::reloadKeepsTheTensor()
{
    const QString path = copied(data("lenet5_state.pt"), m_around.folder.filePath(QStringLiteral("again.pt")));
    ShownWindow shown(*m_around.theme);
    shown.workspace.open(path);
    QVERIFY(shown.settle());
    clickParameter(shown, Side::Left, "6", "6.weight");
    QVERIFY(valuesShown(shown));
    shown.workspace.reload(Side::Left);
    QTRY_VERIFY(valuesShown(shown) && inspectorOf(shown)->parameter().name == "6.weight");
    shown.workspace.closeAll();
    QCOMPARE(shown.window.shownPage(), QStringLiteral("empty"));
}

void TestInspector::oneFileIsConvertedAlone_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("ending");
    QTest::newRow("PyTorch") << sample("lenet5.pt") << QStringLiteral("_from_torch.h5");
    QTest::newRow("Keras") << sample("lenet5.h5") << QStringLiteral("_from_keras.pt");
}

/// An empty other side is no obstacle: the layers are made from the file, and what is written is proved as any other.
void TestInspector::oneFileIsConvertedAlone()
{
    QFETCH(QString, file);
    QFETCH(QString, ending);
    ShownWindow shown(*m_around.theme);
    shown.workspace.setSamples(core::digits::readSamples(TIEOUT_SAMPLES));
    shown.workspace.open(file);
    QVERIFY(shown.settle());
    shown.key(Qt::Key_3, Qt::ControlModifier);
    auto* convert = shown.window.convertPage();
    QTRY_COMPARE(convert->changes()->tensorCount(), 10);
    QVERIFY(!convert->choice().like);
    QVERIFY(!shown.window.verdict()->isVisible()); // nothing is compared
    QVERIFY2(convert->choice().path.endsWith(ending), qPrintable(convert->choice().path));
    const QString path = m_around.folder.filePath(QStringLiteral("alone") + ending);
    convert->setPath(path);
    QVERIFY(convert->writeButton()->isEnabled());
    shown.click(convert->writeButton());
    QVERIFY2(QTest::qWaitFor([&] { return convert->proof()->verdict() == QStringLiteral("PROVED"); }, patience),
             qPrintable(convert->proof()->verdict()));
    for (const auto& line : convert->proof()->lines())
        QVERIFY2(line.holds.value_or(true), qPrintable(line.title));
    shown.click(convert->proof()->openButton()); // beside the one it is made from
    QVERIFY(QTest::qWaitFor([&] { return isCurrent(shown.workspace) && shown.workspace.result()->compared; }, patience));
    QVERIFY(tiesOut(shown.workspace));
}

void TestInspector::whatHasNoTwinIsRefusedByName()
{
    ShownWindow shown(*m_around.theme);
    shown.workspace.open(data("lenet5_state.pt")); // weights without layers
    QVERIFY(shown.settle());
    shown.key(Qt::Key_3, Qt::ControlModifier);
    auto* convert = shown.window.convertPage();
    QTRY_VERIFY(!convert->problem().isEmpty());
    QVERIFY2(convert->problem().contains(QStringLiteral("lenet5_state.pt")), qPrintable(convert->problem()));
    QVERIFY(!convert->writeButton()->isEnabled());
}

QTEST_MAIN(TestInspector)
#include "tst_inspector.moc"
