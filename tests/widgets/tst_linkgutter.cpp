// SPDX-License-Identifier: GPL-3.0-or-later
#include "fixtures.h"

#include "widgets/lists/layermodel.h"
#include "widgets/lists/layertree.h"
#include "widgets/lists/linkgutter.h"
#include "widgets/theme/theme.h"

#include <QHBoxLayout>
#include <QSignalSpy>
#include <QTest>
#include <QWindow>

using widgets::LayerTree;
using widgets::LinkGutter;
using widgets::Ribbon;

class TestLinkGutter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_theme = std::make_unique<widgets::Theme>(); }

    void init()
    {
        m_torch = fixtures::torchNet();
        m_keras = fixtures::kerasNet();
        m_window = std::make_unique<QWidget>();
        m_left.setModel(m_torch);
        m_right.setModel(m_keras);
        m_leftTree = new LayerTree(&m_left, m_window.get());
        m_rightTree = new LayerTree(&m_right, m_window.get());
        m_gutter = new LinkGutter(m_leftTree, m_rightTree, m_window.get());
        auto* row = new QHBoxLayout(m_window.get());
        row->setSpacing(0);
        for (QWidget* widget : {static_cast<QWidget*>(m_leftTree), static_cast<QWidget*>(m_gutter), static_cast<QWidget*>(m_rightTree)})
            row->addWidget(widget);
        row->setContentsMargins(0, 32, 0, 0);
        m_window->resize(900, 340);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
        m_gutter->setRibbons(widgets::ribbonsOf(*m_torch, *m_keras, fixtures::mapping(), {}));
    }

    void badgesNameTheRule()
    {
        QStringList badges;
        for (const Ribbon& ribbon : m_gutter->ribbons())
            badges << ribbon.badge;
        QCOMPARE(badges, (QStringList{QStringLiteral("OIHW → HWIO"), QStringLiteral("same"), QStringLiteral("C,H,W → H,W,C"),
                                      QStringLiteral("C,H,W → H,W,C")}));
        QCOMPARE(m_gutter->ribbons()[0].left, (QStringList{QStringLiteral("0"), QStringLiteral("1")}));
        QCOMPARE(m_gutter->ribbons()[0].right, QStringList{QStringLiteral("conv2d")});
    }

    void everyKindHasItsRibbon()
    {
        core::mapping::Mapping mapping = fixtures::mapping();
        mapping.links.erase(mapping.links.begin() + 1);
        mapping.links[0].origin = core::mapping::LinkOrigin::Manual;
        mapping.links[1].right = {"vanished"};
        mapping.ambiguous = {{{"2"}, {"average_pooling2d", "flatten"}, {"tie", {}, "two of equal worth"}}};
        mapping.links.push_back(mapping.links[2]);
        mapping.links.back().left = {"2"};
        mapping.links.back().parameters.clear();
        const QList<Ribbon> ribbons =
            widgets::ribbonsOf(*m_torch, *m_keras, mapping, core::mapping::obstacles(mapping, *m_torch, *m_keras));
        QCOMPARE(ribbons.size(), 5);
        QCOMPARE(ribbons[0].kind, Ribbon::Kind::Manual);
        QCOMPARE(ribbons[1].kind, Ribbon::Kind::Dangling);
        QCOMPARE(ribbons[1].badge, QStringLiteral("vanished"));
        QCOMPARE(ribbons[2].kind, Ribbon::Kind::Auto);
        QCOMPARE(ribbons[3].kind, Ribbon::Kind::Impossible);
        QVERIFY(!ribbons[3].reasons.isEmpty());
        QCOMPARE(ribbons[4].kind, Ribbon::Kind::Ambiguous);
        QCOMPARE(ribbons[4].badge, QStringLiteral("2 candidates"));
        QCOMPARE(ribbons[4].candidatesRight, (QStringList{QStringLiteral("average_pooling2d"), QStringLiteral("flatten")}));
    }

    void tipsEscapeNames()
    {
        Ribbon ribbon;
        ribbon.left = {QStringLiteral("<img src=x>")};
        ribbon.right = {QStringLiteral("conv2d")};
        ribbon.confidence = 0.9;
        ribbon.reasons = {QStringLiteral("a < b")};
        const QString tip = widgets::tipOf(ribbon);
        QVERIFY(!tip.contains(QStringLiteral("<img")));
        QVERIFY(tip.contains(QStringLiteral("0.90")));
        QVERIFY(tip.contains(QStringLiteral("a &lt; b")));
    }

    void choosingMarksBothSides()
    {
        m_gutter->choose(QStringLiteral("1"), true);
        QCOMPARE(m_gutter->chosenRibbon(), 0);
        QCOMPARE(m_leftTree->marked(), (QSet<QString>{QStringLiteral("0"), QStringLiteral("1")}));
        QCOMPARE(m_leftTree->currentLayer(), QStringLiteral("1"));
        QCOMPARE(m_rightTree->currentLayer(), QStringLiteral("conv2d"));
    }

    void clickOnABadgeChoosesItsLink()
    {
        QSignalSpy spy(m_gutter, &LinkGutter::linkSelected);
        QTest::mouseClick(m_gutter, Qt::LeftButton, {}, m_gutter->badgeRect(1).center().toPoint());
        QCOMPARE(spy.size(), 1);
        QCOMPARE(spy[0][0].toString(), QStringLiteral("2"));
        QCOMPARE(spy[0][1].toString(), QStringLiteral("average_pooling2d"));
    }

    void bandsFollowTheirRows()
    {
        const double before = m_gutter->badgeRect(1).center().y();
        m_leftTree->expand(m_leftTree->model()->index(0, 0));
        QTRY_COMPARE(m_gutter->badgeRect(1).center().y(), before + 20);
    }

    void dragsARowOntoItsMate()
    {
        QSignalSpy spy(m_gutter, &LinkGutter::linkRequested);
        drag(m_leftTree, QStringLiteral("2"), m_rightTree, QStringLiteral("average_pooling2d"));
        QCOMPARE(spy.size(), 1);
        QCOMPARE(spy[0][0].toString(), QStringLiteral("2"));
        QCOMPARE(spy[0][1].toString(), QStringLiteral("average_pooling2d"));
        QVERIFY(!QGuiApplication::overrideCursor());
    }

    void dragsFromRightToLeft()
    {
        QSignalSpy spy(m_gutter, &LinkGutter::linkRequested);
        drag(m_rightTree, QStringLiteral("dense"), m_leftTree, QStringLiteral("4"));
        QCOMPARE(spy.size(), 1);
        QCOMPARE(spy[0][0].toString(), QStringLiteral("4"));
        QCOMPARE(spy[0][1].toString(), QStringLiteral("dense"));
    }

    void dragsFromTheGutter()
    {
        QSignalSpy spy(m_gutter, &LinkGutter::linkRequested);
        const QPoint start(4, m_gutter->mapFromGlobal(rowCentre(m_leftTree, QStringLiteral("3"), true)).y());
        dragBetween(m_gutter->mapToGlobal(start), rowCentre(m_rightTree, QStringLiteral("flatten"), true));
        QCOMPARE(spy.size(), 1);
        QCOMPARE(spy[0][0].toString(), QStringLiteral("3"));
    }

    void refusesWithReasonAndCursor()
    {
        m_gutter->setWhyNot([](const QString& left, const QString& right) {
            return left == QLatin1String("2") && right == QLatin1String("dense") ? QStringLiteral("pooling against dense") : QString();
        });
        QSignalSpy spy(m_gutter, &LinkGutter::linkRequested);
        begin(rowCentre(m_leftTree, QStringLiteral("2"), true), rowCentre(m_rightTree, QStringLiteral("dense"), true));
        QVERIFY(QGuiApplication::overrideCursor());
        QCOMPARE(QGuiApplication::overrideCursor()->shape(), Qt::ForbiddenCursor);
        QCOMPARE(m_gutter->findChild<widgets::LinkDrag*>()->reason(), QStringLiteral("pooling against dense"));
        release(rowCentre(m_rightTree, QStringLiteral("dense"), true));
        QCOMPARE(spy.size(), 0);
    }

    void escapeAndEmptyPlacesEndADrag()
    {
        QSignalSpy spy(m_gutter, &LinkGutter::linkRequested);
        m_leftTree->setFocus();
        begin(rowCentre(m_leftTree, QStringLiteral("2"), true), rowCentre(m_rightTree, QStringLiteral("flatten"), true));
        QTest::keyClick(m_leftTree, Qt::Key_Escape);
        QVERIFY(!m_gutter->findChild<widgets::LinkDrag*>()->isActive());
        release(rowCentre(m_rightTree, QStringLiteral("flatten"), true));
        const QPoint nowhere = m_rightTree->viewport()->mapToGlobal(QPoint(30, m_rightTree->viewport()->height() - 4));
        dragBetween(rowCentre(m_leftTree, QStringLiteral("2"), true), nowhere);
        QCOMPARE(spy.size(), 0);
    }

    void aPlainClickStillSelects()
    {
        QSignalSpy chosen(m_leftTree, &LayerTree::chosen);
        QTest::mouseClick(m_window->windowHandle(), Qt::LeftButton, {},
                          m_window->mapFromGlobal(rowCentre(m_leftTree, QStringLiteral("3"), true)));
        QCOMPARE(chosen.size(), 1);
        QCOMPARE(chosen[0][0].toString(), QStringLiteral("3"));
    }

    void deleteUnlinks()
    {
        QSignalSpy spy(m_gutter, &LinkGutter::unlinkRequested);
        m_rightTree->choose(QStringLiteral("flatten"));
        QTest::keyClick(m_rightTree, Qt::Key_Delete);
        m_gutter->choose(QStringLiteral("dense"), false);
        QTest::keyClick(m_gutter, Qt::Key_Delete);
        QCOMPARE(spy.size(), 2);
        QCOMPARE(spy[0][0].toString(), QStringLiteral("3"));
        QCOMPARE(spy[1][0].toString(), QStringLiteral("4"));
    }

    void arrowKeysGoThroughTheLinks()
    {
        m_gutter->choose(QStringLiteral("0"), true);
        QTest::keyClick(m_gutter, Qt::Key_Down);
        QCOMPARE(m_gutter->chosenRibbon(), 1);
        QTest::keyClick(m_gutter, Qt::Key_Up);
        QCOMPARE(m_gutter->chosenRibbon(), 0);
    }

private:
    QPoint rowCentre(LayerTree* tree, const QString& layer, bool global) const
    {
        const QPoint centre(40, tree->layerRect(layer).center().y());
        return global ? tree->viewport()->mapToGlobal(centre) : centre;
    }

    void begin(const QPoint& from, const QPoint& to)
    {
        QWindow* window = m_window->windowHandle();
        QTest::mousePress(window, Qt::LeftButton, {}, m_window->mapFromGlobal(from));
        QTest::mouseMove(window, m_window->mapFromGlobal((from + to) / 2));
        QTest::mouseMove(window, m_window->mapFromGlobal(to));
    }

    void release(const QPoint& at) { QTest::mouseRelease(m_window->windowHandle(), Qt::LeftButton, {}, m_window->mapFromGlobal(at)); }

    void dragBetween(const QPoint& from, const QPoint& to)
    {
        begin(from, to);
        release(to);
    }

    void drag(LayerTree* from, const QString& layer, LayerTree* to, const QString& mate)
    {
        dragBetween(rowCentre(from, layer, true), rowCentre(to, mate, true));
    }

    std::unique_ptr<widgets::Theme> m_theme;
    std::shared_ptr<const core::Model> m_torch, m_keras;
    widgets::LayerModel m_left, m_right;
    std::unique_ptr<QWidget> m_window;
    LayerTree *m_leftTree = nullptr, *m_rightTree = nullptr;
    LinkGutter* m_gutter = nullptr;
};

QTEST_MAIN(TestLinkGutter)
#include "tst_linkgutter.moc"
