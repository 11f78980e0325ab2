// SPDX-License-Identifier: GPL-3.0-or-later
#include "fixtures.h"

#include "widgets/empty/droparea.h"
#include "widgets/lists/layerpane.h"
#include "widgets/lists/layertree.h"
#include "widgets/verdict/banner.h"

#include <QClipboard>
#include <QDropEvent>
#include <QGuiApplication>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using widgets::LayerPane;

namespace {

QToolButton* button(const QWidget& parent, const QString& name)
{
    for (auto* candidate : parent.findChildren<QToolButton*>())
        if (candidate->accessibleName() == name)
            return candidate;
    return nullptr;
}

}

class TestLayerPane : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_pane = std::make_unique<LayerPane>();
        m_pane->setExpected(core::Framework::Keras, {QStringLiteral(".h5")}, QStringLiteral("Ctrl+Shift+O"));
        m_pane->resize(468, 354);
        m_pane->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_pane.get()));
    }

    void anEmptySideAsksForItsFile()
    {
        auto* area = m_pane->findChild<widgets::DropArea*>();
        QVERIFY(area->isVisible());
        QCOMPARE(area->accessibleName(), QStringLiteral("Drop a Keras file here"));
        QSignalSpy spy(m_pane.get(), &LayerPane::openRequested);
        QTest::mouseClick(area->findChild<QPushButton*>(), Qt::LeftButton);
        QCOMPARE(spy.size(), 1);
        QVERIFY(!button(*m_pane, QStringLiteral("Read the file again"))->isVisible());
    }

    void aModelFillsIt()
    {
        m_pane->setModel(fixtures::kerasNet());
        QVERIFY(m_pane->tree()->isVisible());
        QSignalSpy layers(m_pane.get(), &LayerPane::layerSelected);
        QSignalSpy parameters(m_pane.get(), &LayerPane::parameterSelected);
        m_pane->tree()->setCurrentIndex(m_pane->tree()->model()->index(1, 0, m_pane->tree()->model()->index(0, 0)));
        QCOMPARE(layers.takeFirst()[0].toString(), QStringLiteral("conv2d"));
        QCOMPARE(parameters.takeFirst()[0].toString(), QStringLiteral("conv2d/bias:0"));
        m_pane->tree()->choose(QStringLiteral("dense"));
        QCOMPARE(layers.size(), 0);
        QSignalSpy reload(m_pane.get(), &LayerPane::reloadRequested);
        QTest::mouseClick(button(*m_pane, QStringLiteral("Read the file again")), Qt::LeftButton);
        QCOMPARE(reload.size(), 1);
    }

    void theFilterOpensInTheHead()
    {
        m_pane->setModel(fixtures::kerasNet());
        m_pane->showFilter();
        auto* edit = m_pane->findChild<QLineEdit*>();
        QVERIFY(edit->isVisible());
        QTest::keyClicks(edit, QStringLiteral("dense"));
        QCOMPARE(m_pane->tree()->model()->rowCount(), 1);
        QTest::keyClick(edit, Qt::Key_Escape);
        QVERIFY(!edit->isVisible());
        QCOMPARE(m_pane->tree()->model()->rowCount(), 4);
    }

    void copiesTheTable()
    {
        m_pane->setModel(fixtures::kerasNet());
        QTest::keyClick(m_pane->tree(), Qt::Key_C, Qt::ControlModifier);
        const QString text = QGuiApplication::clipboard()->text();
        QVERIFY(text.startsWith(QStringLiteral("Layer\tType\tShape\tCount\n")));
        QVERIFY(text.contains(QStringLiteral("conv2d/kernel:0\tf32\t[5,5,1,6]\t150\n")));
    }

    void takesFiles()
    {
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(QStringLiteral("/models/a.pt")), QUrl(QStringLiteral("https://example.org/b.h5"))});
        QSignalSpy spy(m_pane.get(), &LayerPane::filesDropped);
        QDragEnterEvent enter(QPoint(20, 60), Qt::CopyAction, &data, Qt::LeftButton, {});
        QCoreApplication::sendEvent(m_pane.get(), &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent drop(QPointF(20, 60), Qt::CopyAction, &data, Qt::LeftButton, {});
        QCoreApplication::sendEvent(m_pane.get(), &drop);
        QCOMPARE(spy.size(), 1);
        QCOMPARE(spy[0][0].toStringList(), QStringList{QStringLiteral("/models/a.pt")});
    }

    void aFailureLeavesABannerAndReload()
    {
        core::Error error("h5-signature");
        error.file("/models/broken.h5").expected("an HDF5 signature").found("131 bytes of text").advice("Run git lfs pull");
        m_pane->setFailed(QStringLiteral("/models/broken.h5"));
        m_pane->banner()->present(widgets::Banner::Kind::Error, QStringLiteral("broken.h5 could not be read"),
                                  widgets::Banner::rowsOf(error));
        QVERIFY(m_pane->banner()->isVisible());
        QVERIFY(button(*m_pane, QStringLiteral("Read the file again"))->isVisible());
        for (auto* copy : m_pane->banner()->findChildren<QPushButton*>())
            QTest::mouseClick(copy, Qt::LeftButton);
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("broken.h5 could not be read\nExpected: an HDF5 signature\n"
                                                                      "Found: 131 bytes of text\nWhat to do: Run git lfs pull"));
        QSignalSpy closed(m_pane->banner(), &widgets::Banner::closed);
        QTest::mouseClick(button(*m_pane->banner(), QStringLiteral("Close the message")), Qt::LeftButton);
        QCOMPARE(closed.size(), 1);
        QVERIFY(!m_pane->banner()->isVisible());
    }

private:
    std::unique_ptr<LayerPane> m_pane;
};

QTEST_MAIN(TestLayerPane)
#include "tst_layerpane.moc"
