// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/empty/droparea.h"
#include "widgets/empty/emptypage.h"
#include "widgets/empty/recentlist.h"
#include "widgets/theme/icons.h"
#include "widgets/theme/segmentedswitch.h"
#include "widgets/theme/theme.h"
#include "widgets/verdict/verdictchip.h"

#include <QActionGroup>
#include <QApplication>
#include <QComboBox>
#include <QDir>
#include <QHeaderView>
#include <QPainter>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableWidget>
#include <QTest>
#include <QVBoxLayout>
#include <QWheelEvent>

#include <cmath>

using widgets::Colours;
using widgets::Theme;
using widgets::VerdictChip;

namespace {

double luminance(const QColor& colour)
{
    const auto linear = [](double c) { return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
}

/// WCAG 2.1's ratio.
double contrast(const QColor& a, const QColor& b)
{
    const double x = luminance(a), y = luminance(b);
    return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

QColor middleOf(QWidget& widget, const QPoint& position)
{
    return widget.grab().toImage().pixelColor(position);
}

}

class TestTheme : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void textCanBeRead_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::newRow("light") << false;
        QTest::newRow("dark") << true;
    }

    void textCanBeRead()
    {
        QFETCH(bool, dark);
        const Colours& c = dark ? widgets::darkColours() : widgets::lightColours();
        for (const QColor& ground : {c.panel, c.win, c.sel, c.hover}) {
            QVERIFY(contrast(c.text, ground) >= 9);
            for (const QColor& colour : {c.text2, c.blue, c.green, c.red, c.amber})
                QVERIFY2(contrast(colour, ground) >= 4.5, qPrintable(colour.name() + QLatin1String(" on ") + ground.name()));
            if (ground != c.hover)
                for (const QColor& mark : {c.torch, c.keras, c.link, c.amberMark})
                    QVERIFY2(contrast(mark, ground) >= 3, qPrintable(mark.name()));
        }
        QVERIFY(contrast(c.chipText, c.chipGreen) >= 4.5);
        QVERIFY(contrast(c.chipText, c.chipRed) >= 4.5);
        QVERIFY(contrast(c.chipAmberText, c.chipAmber) >= 4.5);
        QVERIFY(contrast(c.red, c.redGround) >= 4.5);
        QVERIFY(contrast(c.onBlue, c.blue) >= 4.5);
    }

    void switchesAndTells()
    {
        Theme theme;
        theme.setChoice(Theme::Choice::Light);
        QSignalSpy spy(&theme, &Theme::changed);
        theme.setChoice(Theme::Choice::Dark);
        QVERIFY(theme.isDark());
        QCOMPARE(spy.size(), 1);
        QCOMPARE(&widgets::colours(QApplication::palette()), &widgets::darkColours());
        theme.setChoice(Theme::Choice::Light);
        QCOMPARE(&widgets::colours(QApplication::palette()), &widgets::lightColours());
        QCOMPARE(spy.size(), 2);
    }

    void iconsFollowTheTheme()
    {
        Theme theme;
        theme.setChoice(Theme::Choice::Light);
        const QIcon icon = widgets::icon(QStringLiteral("stop"));
        const auto colour = [&](QIcon::Mode mode) { return icon.pixmap(QSize(96, 96), 1.0, mode).toImage().pixelColor(24, 48); };
        QCOMPARE(colour(QIcon::Normal).name(), widgets::lightColours().text2.name());
        QVERIFY(colour(QIcon::Disabled).alphaF() < 0.5F);
        theme.setChoice(Theme::Choice::Dark);
        QCOMPARE(colour(QIcon::Normal).name(), widgets::darkColours().text2.name());
    }

    void everyIconDraws()
    {
        const QStringList files = QDir(QStringLiteral(":/icons")).entryList({QStringLiteral("*.svg")});
        QVERIFY(files.size() >= 39);
        for (const QString& file : files) {
            QImage image(48, 48, QImage::Format_ARGB32_Premultiplied);
            image.fill(Qt::transparent);
            QPainter painter(&image);
            widgets::paintIcon(painter, image.rect(), file.chopped(4), Qt::black);
            painter.end();
            int inked = 0;
            for (int y = 0; y < 48; ++y)
                for (int x = 0; x < 48; ++x)
                    inked += image.pixelColor(x, y).alpha() > 128;
            QVERIFY2(inked > 8, qPrintable(file));
        }
    }

    void segmentsAreExclusive()
    {
        widgets::SegmentedSwitch pages;
        pages.add(QStringLiteral("Compare"));
        pages.add(QStringLiteral("Convert"));
        QCOMPARE(pages.current(), 0);
        QSignalSpy spy(&pages, &widgets::SegmentedSwitch::currentChanged);
        pages.group()->actions().at(1)->trigger();
        QCOMPARE(pages.current(), 1);
        QCOMPARE(spy.takeFirst()[0].toInt(), 1);
    }

    void theChipSpeaks_data()
    {
        QTest::addColumn<int>("state");
        QTest::addColumn<QString>("spoken");
        QTest::addColumn<QColor>("ground");
        const Colours& c = widgets::lightColours();
        QTest::newRow("ties out") << int(VerdictChip::State::TiesOut) << QStringLiteral("TIES OUT detail, counts") << c.chipGreen;
        QTest::newRow("assumed") << int(VerdictChip::State::Assumed) << QStringLiteral("TIES OUT as far as the files tell detail, counts")
                                 << c.chipAmber;
        QTest::newRow("repaired") << int(VerdictChip::State::Repaired) << QStringLiteral("TIES OUT after 1 repair detail, counts")
                                  << c.panel; // never filled as a verdict of files is
        QTest::newRow("differs") << int(VerdictChip::State::Differs) << QStringLiteral("DIFFERS detail, counts") << c.chipRed;
        QTest::newRow("not compared") << int(VerdictChip::State::NotCompared) << QStringLiteral("NOT COMPARED detail, counts")
                                      << c.chipAmber;
        QTest::newRow("parameters") << int(VerdictChip::State::Parameters) << QStringLiteral("detail, counts") << QColor();
    }

    void theChipSpeaks()
    {
        QFETCH(int, state);
        QFETCH(QColor, ground);
        Theme theme;
        theme.setChoice(Theme::Choice::Light);
        VerdictChip chip;
        chip.setVerdict(static_cast<VerdictChip::State>(state), QStringLiteral("detail"), QStringLiteral("counts"));
        QTEST(chip.accessibleName(), "spoken");
        chip.resize(chip.sizeHint());
        if (ground.isValid()) {
            QCOMPARE(middleOf(chip, QPoint(chip.width() - 5, 16)).name(), ground.name());
            chip.setComputing(true);
            QVERIFY(middleOf(chip, QPoint(chip.width() - 5, 16)).name() != ground.name());
        }
        chip.setComputing(true, QStringLiteral("Comparing, 5 of 8 layers"));
        QVERIFY(chip.accessibleName().startsWith(QStringLiteral("Comparing")));
    }

    /// The ink of a header section and where it is.
    static QRect inkOf(QHeaderView* header, int section)
    {
        const QImage image = header->grab().toImage();
        const int from = header->sectionViewportPosition(section), length = header->sectionSize(section);
        const QRect area = header->orientation() == Qt::Horizontal ? QRect(from, 0, length, header->height() - 1)
                                                                   : QRect(0, from, header->width(), length);
        QRect ink;
        for (int y = area.top(); y <= area.bottom() && y < image.height(); ++y)
            for (int x = area.left(); x <= area.right() && x < image.width(); ++x)
                if (image.pixelColor(x, y).lightness() < 140)
                    ink |= QRect(x, y, 1, 1);
        return ink;
    }

    void headersShowWholeWords()
    {
        Theme theme;
        theme.setChoice(Theme::Choice::Light);
        QTableWidget table(3, 2);
        table.setHorizontalHeaderLabels({QStringLiteral("Name"), QStringLiteral("Count")});
        table.verticalHeader()->setMinimumSectionSize(20);
        table.verticalHeader()->setDefaultSectionSize(20);
        table.horizontalHeader()->setFixedHeight(22);
        table.setColumnWidth(1, 64);
        table.resize(300, 120);
        table.show();
        QVERIFY(QTest::qWaitForWindowExposed(&table));
        QVERIFY2(inkOf(table.verticalHeader(), 1).height() >= 7, qPrintable(QString::number(inkOf(table.verticalHeader(), 1).height())));
        const QRect plain = inkOf(table.horizontalHeader(), 1);
        table.horizontalHeader()->setSortIndicatorShown(true);
        table.horizontalHeader()->setSortIndicator(1, Qt::AscendingOrder);
        QCoreApplication::processEvents();
        const QRect sorted = inkOf(table.horizontalHeader(), 1);
        QVERIFY2(sorted.width() > plain.width() + 6, "the arrow stands beside the whole word");
        const QImage up = table.horizontalHeader()->grab().toImage();
        table.horizontalHeader()->setSortIndicator(1, Qt::DescendingOrder);
        QCoreApplication::processEvents();
        QVERIFY(table.horizontalHeader()->grab().toImage() != up);
    }

    void wheelTurnsOnlyWhatHasFocus()
    {
        Theme theme;
        QWidget window;
        auto* column = new QVBoxLayout(&window);
        auto* box = new QComboBox;
        box->addItems({QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c")});
        auto* other = new QPushButton;
        column->addWidget(box);
        column->addWidget(other);
        window.show();
        window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        other->setFocus();
        const auto wheel = [&] {
            const QPointF at(box->rect().center());
            QWheelEvent event(at, box->mapToGlobal(at), {}, {0, -120}, Qt::NoButton, {}, Qt::NoScrollPhase, false);
            QCoreApplication::sendEvent(box, &event);
        };
        wheel();
        QCOMPARE(box->currentIndex(), 0);
        box->setFocus();
        wheel();
        QCOMPARE(box->currentIndex(), 1);
    }

    void emptyPageFitsALowWindow()
    {
        Theme theme;
        widgets::EmptyPage page;
        widgets::RecentPair pair;
        pair.left = QStringLiteral("left.pt");
        pair.right = QStringLiteral("right.h5");
        const QList<widgets::RecentPair> pairs(8, pair);
        page.setRecentPairs(pairs);
        page.resize(1280, 608); // 700 without menu, toolbar and status bar
        page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&page));
        const auto rectOf = [&](const QWidget* widget) { return QRect(widget->mapTo(&page, QPoint(0, 0)), widget->size()); };
        QList<QRect> parts;
        for (const auto* area : page.findChildren<widgets::DropArea*>())
            parts << rectOf(area);
        const auto* recent = page.findChild<widgets::RecentList*>();
        for (const QRect& part : parts)
            QVERIFY(!part.intersects(rectOf(recent)));
        QVERIFY(rectOf(recent).bottom() < page.height());
    }

    void theEmptyPageOffersEverything()
    {
        widgets::EmptyPage page;
        page.setRecentPairs({{QStringLiteral("a.pt"),
                              QStringLiteral("a.h5"),
                              QStringLiteral("~"),
                              VerdictChip::State::TiesOut,
                              QStringLiteral("ties out"),
                              {}},
                             {QStringLiteral("b.pt"),
                              QStringLiteral("b.h5"),
                              QStringLiteral("~"),
                              VerdictChip::State::Differs,
                              QStringLiteral("differs"),
                              {}}});
        page.resize(1280, 700);
        page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&page));
        QSignalSpy sample(&page, &widgets::EmptyPage::sampleRequested);
        QSignalSpy left(&page, &widgets::EmptyPage::openLeftRequested);
        QSignalSpy right(&page, &widgets::EmptyPage::openRightRequested);
        for (auto* button : page.findChildren<QPushButton*>())
            QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(sample.size() * 100 + left.size() * 10 + right.size(), 111);
        QSignalSpy recent(&page, &widgets::EmptyPage::recentChosen);
        auto* list = page.findChild<widgets::RecentList*>();
        QTest::mouseClick(list, Qt::LeftButton, {}, QPoint(100, list->height() * 3 / 4));
        QTest::keyClick(list, Qt::Key_Up);
        QTest::keyClick(list, Qt::Key_Return);
        QCOMPARE(recent.size(), 2);
        QCOMPARE(recent[0][0].toInt(), 1);
        QCOMPARE(recent[1][0].toInt(), 0);
    }
};

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"
